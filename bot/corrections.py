"""What agents say of a turn: the right label, a better answer. Append-only, and in force from the next message on."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot import along, made_intents, showing, text
from bot.cases import Cases
from bot.drafting import withdrawn
from bot.kit import Kit
from bot.right_answers import to_send
from bot.understanding import Understanding
from model.types import OOS, UnderstudyError
from storage.corrections import Correction, Corrections
from storage.tables import ERASED
from storage.turns import Turn, Turns
from storage.unlabelled import newest

LOOKED_AT = 600
"""So many of the newest turns that nobody has judged are compared with a corrected text: about a second."""
ALIKE = 100
"""So many of them at most get its label at once; their ids fit into a modal."""
OUT_OF_SCOPE_WORDS = frozenset({"oos", "none", "out-of-scope", "out_of_scope", "outofscope"})


class Refused(Exception):
    """Why an agent's correction is not taken, in one line for the agent."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that is in force."""

    correction: Correction
    turn: Turn
    words: str
    """For the agent, one line."""
    changes_answer: bool = False
    """Whether there is another answer to send; a draft that was not sent is made anew instead."""


class CorrectionDesk:
    def __init__(self, kit: Kit, understanding: Understanding, cases: Cases) -> None:
        self._kit, self._understanding, self._cases = kit, understanding, cases
        self.redraft: Callable[[int], object] = lambda turn_id: None
        """Told of a turn whose draft was withdrawn, because it answered something else."""

    def relabel(
        self,
        turn_id: int,
        label: str,
        by: str,
        source: str,
        *,
        better_answer: str = "",
        note: str = "",
        seen: int | None = None,
        also: Sequence[int] = (),
        sends: bool = False,
    ) -> Corrected:
        """Append a correction.

        Args:
            also: turns of nearly the same text that get the label too, those of them that nobody has judged yet.
            seen: id of the latest correction the agent has seen, 0 for none; not given means "whatever stands".
            sends: the better answer is about to be sent, in the place of a draft.

        Raises:
            Refused: unknown turn or intent, or another agent was quicker.
        """
        turn = self.worded(turn_id)
        name = self.label(label)
        words, names = self._kit.words(turn), self._kit.catalogue.names()
        made: Correction | None = None
        parts: list[int] = []
        anew: list[int] = []
        with self._kit.db.writing() as session:
            corrections = Corrections(session)
            latest = corrections.latest(turn_id)
            before = names.of(latest.after if latest else showing.label(turn))
            if (
                latest
                and (names.of(latest.after), latest.by) == (name, by)
                and not (better_answer.strip() or note.strip())
            ):
                made = latest  # a double click says nothing new
            elif seen is None or seen == (latest.id if latest else 0):
                made = corrections.add(
                    team=self._kit.team,
                    text=words,
                    before=before,
                    after=name,
                    by=by,
                    source=source,
                    turn_id=turn_id,
                    better_answer=better_answer.strip() or None,
                    model_version=turn.intent_version or "",
                    note=note.strip(),
                )
                parts = along.give(session, self._kit, made, also)
                if not sends and (before != name or better_answer.strip()):
                    anew = [each for each in (turn_id, *parts) if withdrawn(session, each)]
        if made is None:
            raise Refused(self._overtaken(latest))
        self._follow([turn_id, *parts], anew)
        more = f" {len(parts)} near-identical turns have the label too." if parts else ""
        said = f"Turn {turn_id}: {text.ended(self._change(before, name))}{more}"
        if made.opted_out:
            said += " This customer wants nothing learned from them, so it counts for this turn alone."
        if anew:
            said += " What was drafted for it is drafted anew."
        return Corrected(made, turn, said, self._changes(made, turn, anew))

    def confirm(self, turn_id: int, by: str, source: str = "card", seen: int | None = None) -> Corrected:
        """The label that stands is right."""
        turn = self.turn(turn_id)
        with self._kit.db.reading() as session:
            latest = Corrections(session).latest(turn_id)
        return self.relabel(turn_id, latest.after if latest else showing.label(turn), by, source, seen=seen)

    def undo(self, correction_id: int, by: str, source: str = "card") -> str:
        """Take a correction back by another row, with what came along with it; gives one line for the agent."""
        with self._kit.db.writing() as session:
            corrections, parts, anew = Corrections(session), [], []
            former = corrections.get(correction_id)
            latest = corrections.latest(former.turn_id) if former and former.turn_id else former
            stands = former is not None and latest is not None and latest.id == correction_id
            if latest is not None and stands:
                corrections.undo(correction_id, by, source)
                parts = along.take_back(session, correction_id, by, source)
                anew = [each for each in filter(None, (latest.turn_id, *parts)) if withdrawn(session, each)]
        if former is None or former.team_id != self._kit.team:
            raise Refused("That correction is gone.")
        if not stands:
            raise Refused(f"That correction does not stand any more. {self._overtaken(latest)}")
        self._understanding.memory.remove(correction_id)
        gone = made_intents.put_away(self._kit, correction_id, by)
        self._follow(filter(None, (former.turn_id, *parts)), anew)
        more = f" So are the {len(parts)} that had the label along with it." if parts else ""
        return f"Undone: {text.ended(self._change(former.after, former.before))}{more}{gone}"

    def guard(self, turn_id: int, seen: int, by: str) -> None:
        """Raise Refused where another agent has labelled the turn since `seen`."""
        with self._kit.db.reading() as session:
            latest = Corrections(session).latest(turn_id)
        if seen != (latest.id if latest else 0) and (latest is None or latest.by != by):
            raise Refused(self._overtaken(latest))

    def turn_of(self, correction_id: int) -> int:
        """The turn that a correction is of; 0 for none."""
        with self._kit.db.reading() as session:
            found = Corrections(session).get(correction_id)
        return (found.turn_id or 0) if found is not None and found.team_id == self._kit.team else 0

    def alike(self, turn_id: int) -> list[int]:
        """Turns that nobody has judged yet and that this turn's correction would decide: newest first, at most ALIKE.

        Slow: every text that is not the same is encoded.
        """
        text = self._kit.words(self.turn(turn_id))
        with self._kit.db.reading() as session:
            rows = [row for row in newest(session, self._kit.team, LOOKED_AT) if row[0] != turn_id]
        memory = self._understanding.memory.alike()
        memory.add(turn_id, text, OOS)
        texts = list(dict.fromkeys(words for _, words in rows))
        decided = {words for words, found in zip(texts, memory.lookups(texts), strict=True) if found is not None}
        return [each for each, words in rows if words in decided][:ALIKE]

    def forget(self, turn_id: int) -> None:
        """The turn's text was taken back: no memory of it remains."""
        with self._kit.db.reading() as session:
            ids = [row.id for row in Corrections(session).all(self._kit.team) if row.turn_id == turn_id]
        self._understanding.memory.discard(ids)

    def turn(self, turn_id: int) -> Turn:
        turn = self._kit.turn(turn_id)
        if turn is None:
            raise Refused(f"There is no turn {turn_id} here.")
        return turn

    def worded(self, turn_id: int) -> Turn:
        """The same, of a turn that can be labelled: not where its customer has taken its words back."""
        turn = self.turn(turn_id)
        if self._kit.erased(turn):
            raise Refused("The customer has erased what was written there: there is nothing left to label.")
        return turn

    def find(self, reference: str) -> Turn:
        """The turn that a permalink or a number names.

        Raises:
            Refused: it names none of ours.
        """
        number = re.fullmatch(r"#?(\d{1,18})", reference.strip())
        if number:
            return self.turn(int(number.group(1)))
        link = text.permalink(reference)
        if link is None:
            raise Refused("Expected a link to a message or a turn number. Try `Copy link` in the message's menu.")
        return self.at(link.channel, link.ts)

    def at(self, channel: str, ts: str) -> Turn:
        """The turn of a customer's message, or of the bot's reply to it."""
        with self._kit.db.reading() as session:
            turns = Turns(session)
            turn = turns.by_ts(self._kit.team, channel, ts) or turns.by_reply_ts(self._kit.team, channel, ts)
            # What agents say of one of several messages, they say of all that were read together.
            turn = (turns.get(turn.joined_to) if turn is not None and turn.joined_to else None) or turn
        if turn is None:
            raise Refused("That message is neither a customer's message to me nor an answer of mine.")
        return turn

    def label(self, name: str) -> str:
        """An intent's name of today, or `oos`. A former name is taken too.

        Raises:
            Refused: nobody knows it; names the nearest three.
        """
        wanted = name.strip().lower().replace(" ", "_")
        if wanted in OUT_OF_SCOPE_WORDS:
            return OOS
        for each in map(self._kit.catalogue.names().of, (self._kit.catalogue.whole(name.strip()), wanted)):
            if self._kit.catalogue.has(each):
                return each
        near = self.nearest(wanted)
        hint = f" Did you mean {', '.join(f'`{each}`' for each in near)}?" if near else ""
        raise Refused(f"There is no intent `{text.escaped(name.strip(), 80)}`.{hint}")

    def intent(self, name: str, otherwise: str) -> str:
        """The same, of an intent alone.

        Args:
            otherwise: what to do where out of scope is meant.

        Raises:
            Refused: nobody knows it.
            UnderstudyError: it is out of scope.
        """
        found = self.label(name)
        if found == OOS:
            raise UnderstudyError(f"Expected an intent, found out of scope: {otherwise}")
        return found

    def nearest(self, name: str, limit: int = 3) -> list[str]:
        names = [intent.name for intent in self._kit.catalogue.all()]
        return [found for found, _, _ in process.extract(name, names, limit=limit)]

    def remember(self, turn_id: int) -> None:
        """Bring the override memory to what stands for this turn; nothing of one that was no request."""
        with self._kit.db.reading() as session:
            corrections = Corrections(session)
            standing = corrections.latest(turn_id)
            others = [row.id for row in corrections.all(self._kit.team) if row.turn_id == turn_id]
        self._understanding.memory.discard(each for each in others if standing is None or each != standing.id)
        taught = standing is not None and not (standing.dismissed or standing.opted_out)
        if standing is not None and taught and standing.text not in ("", ERASED):
            self._understanding.memory.add(standing.id, standing.text, standing.after)

    def _changes(self, made: Correction, turn: Turn, anew: Sequence[int]) -> bool:
        """Whether the answer is to be offered that the customer has not had."""
        with self._kit.db.reading() as session:
            other = made.after != self._kit.catalogue.names().of(showing.label(turn))
            return other and turn.id not in anew and to_send(session, made)

    def _follow(self, turn_ids: Iterable[int], anew: Sequence[int]) -> None:
        """Bring memory and cards to what stands, and have those drafted anew whose draft answered something else."""
        for each in turn_ids:
            self.remember(each)
            self._cases.show_of(each)
        for each in anew:
            self.redraft(each)

    def _change(self, before: str, after: str) -> str:
        title = self._kit.catalogue.title
        if before == after:
            return f"*{text.escape(title(after))}* is right"
        old = text.escape(title(before)) if before else "nothing"
        return f"*{old}* → *{text.escape(title(after))}*"

    def _overtaken(self, latest: Correction | None) -> str:
        if latest is None:
            return "The correction was undone meanwhile. Open it again."
        name = self._kit.surface.person(latest.by).name or latest.by
        title = self._kit.catalogue.title(latest.after)
        return f"{name} corrected this to “{title}” meanwhile. Open it again to change that."
