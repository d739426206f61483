"""Why the model understood a message as it did, in words for agents.

A version names the rows it learned from by fingerprint alone (model/rows.py). Their words are looked up here, in SQL,
at the moment they are shown: what was erased since is gone from the explanation too.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot import showing, text
from bot.corrections import CorrectionDesk, Refused
from bot.history import earlier
from bot.kit import Kit
from bot.recommending import Recommending
from bot.understanding import Understanding
from model.dataset import fingerprint
from model.explain import Explanation, Word, explain
from model.rows import Neighbour
from model.types import OOS
from storage.corrections import Corrections
from storage.session import Session
from storage.tables import ERASED, utcnow
from storage.turns import Turn
from storage.utterances import Utterances

GONE = "_its words are not in the log any more_"
_NAMES = re.compile(r"\s*(#?\d+\s*$|<?https?://)")
"""What names a turn, rightly or not."""
MARKED = 8
"""Words that are named beside the marked text."""


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A row of the log that a model may have learned from."""

    id: str
    """`utterance 12` or `correction 7`."""
    text: str


def read_rows(session: Session, team: str) -> list[TrainingRow]:
    """Every utterance and correction that still has words."""
    rows = [TrainingRow(f"utterance {row.id}", row.text) for row in Utterances(session, team).all()]
    rows += [TrainingRow(f"correction {row.id}", row.text) for row in Corrections(session).effective(team)]
    return [row for row in rows if row.text.strip() and row.text != ERASED]


def by_fingerprint(rows: Iterable[TrainingRow]) -> dict[str, TrainingRow]:
    """Of one text the latest."""
    return {fingerprint(row.text): row for row in rows}


class Explaining:
    """Explains turns of one workspace."""

    def __init__(
        self,
        kit: Kit,
        understanding: Understanding,
        corrections: CorrectionDesk,
        recommending: Recommending | None = None,
    ) -> None:
        self._kit, self._understanding, self._corrections = kit, understanding, corrections
        self._recommending = recommending

    def of_reference(self, reference: str) -> str:
        """Of the turn that a permalink or a number names, or of a text as it would be understood now.

        Raises:
            Refused: it names none of ours, or there is nothing to explain.
        """
        if _NAMES.match(reference):
            return self.of_turn(self._corrections.find(reference).id)
        if not text.has_words(reference):
            raise Refused("Expected a link to a message, a turn number, or what a customer might write.")
        made = self._made(reference)
        first = f"*How is “{_short(reference)}” understood?* Version {text.escaped(made.prediction.version, 60)}:"
        return "\n".join([first, *self._remembered(reference), *self._lines(made)])

    def of_turn(self, turn_id: int) -> str:
        """What an agent reads, escaped.

        Raises:
            Refused: there is no such turn, or nothing to explain.
        """
        turn = self._corrections.turn(turn_id)
        words = self._kit.words(turn)
        if words == ERASED or not text.has_words(words):
            raise Refused(f"Turn {turn_id} has no words to explain.")
        made = self._made(words)
        why = [*self._decided(turn, words, made), *self._before(turn), *self._lines(made)]
        return "\n".join([*why, *(self._recommending.why(turn_id) if self._recommending is not None else [])])

    def _made(self, words: str) -> Explanation:
        from model.classifier import IntentClassifier

        classifier = self._understanding.classifier
        if not isinstance(classifier, IntentClassifier):
            raise Refused(f"The live model ({classifier.version}) cannot be explained.")
        return explain(classifier, words)

    def _lines(self, made: Explanation) -> list[str]:
        with self._kit.db.reading() as session:
            rows = by_fingerprint(read_rows(session, self._kit.team))
        return lines(made, rows, self._kit.catalogue.title)

    def _before(self, turn: Turn) -> list[str]:
        """The customer's last case, in a line."""
        case = self._kit.case(turn.conversation_id)
        found = earlier(self._kit, case) if case is not None else None
        return [f"Before, this customer asked: {text.escaped(found.line(utcnow()), 200)}."] if found else []

    def _decided(self, turn: Turn, words: str, made: Explanation) -> list[str]:
        """What decided at the time, where that was not the model that is explained."""
        first = [f"*Why turn {turn.id}?* Version {text.escaped(made.prediction.version, 60)}:"]
        first += self._remembered(words)
        if turn.intent_version and turn.intent_version != made.prediction.version:
            title = text.escape(self._kit.catalogue.title(showing.label(turn)))
            first.append(f"At the time version {text.escaped(turn.intent_version, 60)} said: *{title}*.")
        return first

    def _remembered(self, words: str) -> list[str]:
        """The correction that decides such a message before any model does, in a line."""
        found = self._understanding.memory.lookup(words)
        if found is None:
            return []
        title = text.escape(self._kit.catalogue.title(found.label))
        return [f"An agent's correction of “{_short(found.text)}” decides this message: *{title}*."]


def lines(made: Explanation, rows: Mapping[str, TrainingRow], title: Callable[[str], str]) -> list[str]:
    """Three intents, the words that moved the decision, the score, and the nearest rows; each escaped."""
    found = made.prediction
    told = [f"`{text.bar(r.probability)}` {r.probability:.0%} {text.escaped(title(r.intent), 100)}" for r in made.top]
    verdict = "refused as out of scope" if found.out_of_scope else "taken as known"
    told.append(f"Strangeness {found.oos_score:.2f}, out of scope above {made.threshold:.2f}: {verdict}.")
    told += [f">{line}" for line in marked(made).splitlines()[:12]]
    moved = made.moved()
    if moved:
        what = "What makes it strange" if found.out_of_scope else "What speaks for it"
        named = [f"{_short(word.text)} ({_strength(word, found.out_of_scope)})" for word in moved[:MARKED]]
        told.append(f"{what}, by what changes without it: " + ", ".join(named))
    told.append("Nearest of the messages it learned from:" if made.neighbours else _NO_ROWS)
    told += [f"• {_neighbour(near, rows.get(near.key), title)}" for near in made.neighbours]
    return [*told, f"_{made.milliseconds:.0f} ms_"]


_NO_ROWS = "This version was made before the rows it learned from were kept; the next training keeps them."


def marked(made: Explanation, limit: int = 600) -> str:
    """The text with the words that count in bold, escaped, cut at about `limit` characters."""
    pieces: list[str] = []
    last = 0
    for word in sorted(made.moved(), key=lambda each: each.start):
        if word.start > limit:
            break
        # A sign of mrkdwn in the word itself would break the bold.
        own = text.escape(word.text)
        pieces += [text.escape(made.text[last : word.start]), own if set("*_~`\n") & set(own) else f"*{own}*"]
        last = word.end
    rest = made.text[last:]
    pieces.append(text.escape(text.shorten(rest, max(20, limit - last))))
    return "".join(pieces)


def _strength(word: Word, strange: bool) -> str:
    return f"{word.doubt:+.2f}" if strange else f"{-word.fall:+.0%}"


def _neighbour(near: Neighbour, row: TrainingRow | None, title: Callable[[str], str]) -> str:
    label = "out of scope" if near.label == OOS else text.escaped(title(near.label), 100)
    said = f"“{_short(row.text)}”" if row is not None else GONE
    return f"{near.similarity:.2f} {said} → *{label}* ({row.id if row is not None else near.key[:8]})"


def _short(words: str) -> str:
    return text.escaped(text.shorten(" ".join(words.split()), 120), 200)


def as_json(made: Explanation, rows: Mapping[str, TrainingRow]) -> dict[str, object]:
    """For `understudy explain --json`."""
    found = made.prediction
    return {
        "text": found.text,
        "intent": found.intent,
        "confidence": round(found.confidence, 4),
        "out_of_scope": found.out_of_scope,
        "oos_score": round(found.oos_score, 4),
        "threshold": round(made.threshold, 4),
        "top": [{"intent": ranked.intent, "probability": round(ranked.probability, 4)} for ranked in made.top],
        "read": made.text,
        "words": [_word(word, made.moved()) for word in made.words],
        "neighbours": [_row(near, rows.get(near.key)) for near in made.neighbours],
        "version": found.version,
        "milliseconds": made.milliseconds,
    }


def _word(word: Word, moved: Sequence[Word]) -> dict[str, object]:
    return {
        "text": word.text,
        "start": word.start,
        "end": word.end,
        "weight": round(word.weight, 4),
        "fall": round(word.fall, 4),
        "doubt": round(word.doubt, 4),
        "moved": word in moved,
    }


def _row(near: Neighbour, row: TrainingRow | None) -> dict[str, object]:
    return {
        "id": near.key,
        "row": row.id if row is not None else None,
        "text": row.text if row is not None else None,
        "label": near.label,
        "similarity": round(near.similarity, 4),
    }
