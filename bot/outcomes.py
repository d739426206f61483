"""What is said to a turn, with the route that it took: decided by bot/replies.py, posted by whoever asked."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from bot import showing, wording
from bot.courtesy import SMALL_TALK
from bot.kit import Kit
from bot.languages import Phrases
from bot.naming import titles
from bot.routing import Route
from bot.showing import DRAFT
from bot.values import OrderChoice, Said
from model.types import Intent, Prediction, Reply
from storage.turns import Turn

BY_AGENT = "agent"
"""Source of a label or an answer that an agent has given."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be said, before it is."""

    route: Route | None
    kind: str
    words: str
    reply: Reply | None = None
    prediction: Prediction | None = None
    choices: tuple[Intent, ...] = ()
    orders: tuple[OrderChoice, ...] = ()
    sources: tuple[str, ...] = ()
    card: str = ""
    """Why agents are shown a card; empty for none."""
    person_words: str = ""
    """On the button that calls a person, in the customer's language."""
    done: bool = False
    """Whether the customer may say at a click that they are all set; below every answer they may."""
    aside: str = ""
    """Small print beside what is said."""
    also: tuple[tuple[str, str], ...] = ()
    """(article, title) of what is recommended below."""

    def said(self, case_id: int, turn_id: int, notice: str, facts: Mapping[str, object]) -> Said:
        answered = self.route is Route.ANSWER and self.kind not in (DRAFT, SMALL_TALK)
        return Said(
            self.words,
            case_id,
            turn_id,
            choices=self.choices,
            orders=self.orders,
            feedback=answered,
            done=self.done,
            person=self.route is not Route.HANDOFF and self.kind != DRAFT,
            person_words=self.person_words,
            notice=notice,
            sources=self.sources,
            also=self.also,
            facts=facts,
        )


def unread(chosen: Route, prediction: Prediction, fixed: Phrases) -> Outcome:
    """Said to a customer whose language the model does not read."""
    if chosen is Route.HANDOFF:
        return Outcome(chosen, "handoff", fixed.handoff, prediction=prediction, card="Needs a person")
    return Outcome(chosen, "offer", fixed.offer, prediction=prediction, person_words=fixed.person)


def facts(outcome: Outcome, began: float) -> dict[str, object]:
    """What a message's metadata says of how it was made; `began`: by `time.perf_counter`."""
    found = outcome.prediction
    if found is None:
        return {}
    several = {"also_asks": [f"{each.intent} {each.confidence:.2f}" for each in found.further]}
    return {
        "intent": found.label,
        "confidence": round(found.confidence, 3),
        "route": outcome.route.value if outcome.route else "",
        "intent_version": found.version,
        "response_version": outcome.reply.version if outcome.reply is not None else "",
        "source": found.source,
        **(several if found.further else {}),
        **({"in_context": True} if found.in_context else {}),
        "ms": round((time.perf_counter() - began) * 1000),
    }


def facts_sent(turn: Turn, label: str, version: str = "", *, worded: bool = False) -> dict[str, object]:
    """The same of what an agent has sent.

    Args:
        label: what it answers, by an agent or, where that is the same, by the model.
        version: of the response model; empty where none took part.
        worded: whether the words are the agent's.
    """
    guessed = label == showing.label(turn)
    return {
        "intent": label,
        **({"confidence": round(turn.confidence or 0.0, 3)} if guessed else {}),
        "route": Route.ANSWER.value,
        "intent_version": turn.intent_version or "",
        "response_version": version,
        "source": (turn.prediction_source or "model") if guessed and not worded else BY_AGENT,
    }


def answered(kit: Kit, reply: Reply, prediction: Prediction | None) -> Outcome:
    """What is said where there is an answer; below a generated one, what it was written from."""
    with kit.db.reading() as session:
        sources = titles(session, kit.team, reply.sources[:3]) if reply.kind == "generated" else ()
    return Outcome(Route.ANSWER, reply.kind, reply.text, reply, prediction, sources=sources)


def drafted(reply: Reply, prediction: Prediction | None) -> Outcome:
    """What is said where an agent is to send the answer."""
    return Outcome(Route.ANSWER, DRAFT, wording.DRAFTED, reply, prediction, card="Draft to send")
