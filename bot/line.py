"""The place in the line, where a customer was told it: it follows as others are served.

The message that told it is edited and none is posted, so that nobody is called for a number. The housekeeping does it,
a few at each look and the foremost first.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot import wording
from bot.kit import Kit
from bot.languages import phrases
from bot.values import Said
from storage.conversations import Conversation, Conversations
from storage.keyvalues import KeyValues
from storage.session import Session
from storage.tables import ERASED

AT_ONCE = 5
"""So many messages are edited at one look: with fifty in line, one who is served changes fifty places."""
TRIES = 3
"""How often the same edit is tried: a message that somebody has deleted never takes it."""
_KEY = "line:"
"""Key of what was told of a case's place; its id follows."""


class Line:
    """Args:
    language: the code of a case's customer's language where the model does not read it: (case, turn).
    """

    def __init__(self, kit: Kit, language: Callable[[int, int], str]) -> None:
        self._kit, self._language = kit, language

    def told(self, case_id: int, said: Said, ts: str) -> None:
        """Keep where a message has told the place, if it has; what is in the log of it is not kept twice."""
        case, code = self._kit.case(case_id), self._language(case_id, said.turn_id)
        before, _, after = (phrases(code).line if code else wording.IN_LINE).partition("{number}")
        found = re.search(rf"(?<={re.escape(before)})\d+(?={re.escape(after)})", said.text)
        if case is None or found is None:
            return
        head, tail = said.text[: found.start()], said.text[found.end() :]
        turn = self._kit.turn(said.turn_id) if said.turn_id else None
        # Answered beside the hand-off: those words are erased in the log, and must be gone here as well.
        logged = turn is not None and bool(turn.reply_text) and head.startswith(turn.reply_text)
        kept = {
            "wait": case.moves,
            "number": int(found.group()),
            "tries": 0,
            "ts": ts,
            "logged": logged,
            "head": head[len(turn.reply_text) :] if turn is not None and logged else head,
            "tail": tail,
            "turn": said.turn_id,
            "notice": said.notice,
            "facts": dict(said.facts),
            "mark": said.mark,
        }
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).set(f"{_KEY}{case_id}", kept)

    def due(self, session: Session, waiting: Sequence[Conversation]) -> list[int]:
        """Ids of cases whose place is another by now, and of those that wait no longer.

        Args:
            waiting: all cases that wait, the longest wait first.
        """
        kept = KeyValues(session, self._kit.team).under(_KEY)
        told = {int(key.removeprefix(_KEY)): value for key, value in kept.items()}
        moved, standing = [], set()
        for case, number in _places(waiting):
            here = told.get(case.id)
            if here is not None and here["wait"] == case.moves:
                standing.add(case.id)
                if here["number"] != number and here["tries"] < TRIES:
                    moved.append(case.id)
        return [*moved[:AT_ONCE], *(each for each in told if each not in standing)]

    def follow(self, case: Conversation) -> None:
        """Bring what its customer was told to the place that it has at this moment."""
        key = f"{_KEY}{case.id}"
        with self._kit.db.writing() as session:
            values = KeyValues(session, self._kit.team)
            kept = values.get(key)
            if kept is None:
                return
            if case.state != "waiting" or kept["wait"] != case.moves:
                values.delete(key)
                return
            number = Conversations(session).place(case)
            if number == kept["number"] or kept["tries"] >= TRIES:
                return
            values.set(key, {**kept, "tries": kept["tries"] + 1})
        self._change(case, kept, number)
        with self._kit.db.writing() as session:
            KeyValues(session, self._kit.team).set(key, {**kept, "number": number, "tries": 0})

    def _change(self, case: Conversation, kept: Mapping[str, Any], number: int) -> None:
        turn = self._kit.turn(kept["turn"]) if kept["logged"] else None
        answered = turn.reply_text if turn is not None else ""
        if answered == ERASED:
            return
        words = f"{answered}{kept['head']}{number}{kept['tail']}"
        said = Said(words, case.id, kept["turn"], notice=kept["notice"], facts=kept["facts"], mark=kept["mark"])
        self._kit.surface.change(case.channel, kept["ts"], said)


def _places(waiting: Sequence[Conversation]) -> Iterator[tuple[Conversation, int]]:
    """Each case that waits for a person, with its place; agents' tests stand in nobody's way."""
    ahead = 0
    for case in waiting:
        if case.state == "waiting":
            yield case, ahead + 1
            ahead += not case.is_test
