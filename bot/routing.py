"""Route = ANSWER | CLARIFY | OFFER | HANDOFF, from a prediction, thresholds and what went before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.modes import Handling, Rules, handling
from model.types import Intent, Prediction


class Route(StrEnum):
    """What is done with a turn."""

    ANSWER = "ANSWER"
    CLARIFY = "CLARIFY"
    """Torn between a few intents: the customer is asked."""
    OFFER = "OFFER"
    """Out of scope: said so, with a button for a person; the bot stays."""
    HANDOFF = "HANDOFF"
    """A person is called, and the bot keeps silent in this case."""


UNSURE = frozenset({Route.CLARIFY, Route.OFFER})
SURE = frozenset({Route.ANSWER, Route.HANDOFF})
MAX_STRIKES = 2
"""So many unsure routes in a row, this one included, call a person."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    answer: float | None = None
    """Calibrated confidence from which an intent is answered; none: what the model's version says."""
    margin: float = 0.15
    """Top-1 minus top-2 below which the customer is asked."""

    def of(self, handled: Handling) -> "Thresholds":
        """The same, with the confidence that was set for this intent."""
        return self if handled.threshold is None else replace(self, answer=handled.threshold)


def route(
    prediction: Prediction, intent: Intent | None, strikes: int, thresholds: Thresholds, *, foreign: bool = False
) -> Route:
    """Decide.

    Args:
        intent: what the desk knows of `prediction.intent`; none for an intent nobody described.
        strikes: unsure routes in a row before this turn, in this case.
        foreign: whether the message is in a language that the model does not read; what an agent said of it counts.
    """
    unread = foreign and prediction.source != "memory"
    plain = Route.OFFER if unread else _alone(prediction, intent, thresholds)
    return escalated(plain, strikes)


def together(main: Route, further: Sequence[Intent], *, sure: bool = True) -> Route:
    """The route of a message with several requests: where one of them is for a person, a person is called, and nobody
    who asks for one is asked what else was meant.

    Args:
        sure: whether each further request is as certain as was set for its intent.
    """
    if main not in (Route.ANSWER, Route.CLARIFY):
        return main
    if any(intent.handoff for intent in further):
        return Route.HANDOFF
    return main if sure else Route.CLARIFY


def asked(prediction: Prediction) -> list[str]:
    """The intents of a message, the main one first; none where it is out of scope."""
    if prediction.out_of_scope:
        return []
    return [prediction.intent, *(request.intent for request in prediction.further)]


def unsure(channel: str, prediction: Prediction, rules: Rules) -> set[str]:
    """The further requests that are less certain than was set for their intents."""
    least = {each.intent: handling(rules, channel, [each.intent]).threshold or 0.0 for each in prediction.further}
    return {each.intent for each in prediction.further if each.confidence < least[each.intent]}


def escalated(plain: Route, strikes: int) -> Route:
    """The same, or HANDOFF where the bot has been unsure too often in a row."""
    if plain in UNSURE and strikes + 1 >= MAX_STRIKES:
        return Route.HANDOFF
    return plain


def _alone(prediction: Prediction, intent: Intent | None, thresholds: Thresholds) -> Route:
    if prediction.out_of_scope:
        return Route.OFFER
    enough = prediction.answer_from if thresholds.answer is None else thresholds.answer
    sure = prediction.source == "memory" or (
        prediction.confidence >= enough and margin(prediction) >= thresholds.margin
    )
    if not sure:
        return Route.CLARIFY
    return Route.HANDOFF if intent is not None and intent.handoff else Route.ANSWER


def margin(prediction: Prediction) -> float:
    """Top-1 minus top-2 of the ranking; 1 where there is no second."""
    others = [ranked.probability for ranked in prediction.ranking if ranked.intent != prediction.intent]
    return prediction.confidence - max(others) if others else 1.0
