"""Knowledge gaps: what customers asked lately and nobody has written an answer to, grouped by what they ask.

The groups are kept for a while as numbers of turns; the words are read from SQL at every look, so that what was erased,
answered or dealt with meanwhile is gone at once.
"""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import numpy as np

from bot import text
from bot.kit import Kit
from model.gaps import FEWEST, MOST, Floats, find_gaps, terms
from model.likeness import key_of
from model.types import OOS, UnderstudyError
from storage.articles import Articles
from storage.gaps import Gaps, Question
from storage.tables import utcnow

LATELY = timedelta(days=60)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
WEEKS = 4
KEPT, SHARE = 60.0, 100.0
"""Seconds that groups are kept at most; where grouping is quick, so many times as long as it took."""
OTHERS = 2
"""Questions that stand beside the middle one."""
SHOWN = 8
"""Questions that an article's form shows, and teaches."""
GONE = "That gap is closed, or its questions are gone: open the list again."


@dataclass(frozen=True, slots=True)
class KnowledgeGap:
    """Questions that ask for the same and have no answer."""

    terms: tuple[str, ...]
    """The words that mark it."""
    questions: tuple[Question, ...]
    """The one nearest to the middle first."""
    weeks: tuple[int, ...]
    """How many came in each of the last weeks, the oldest first."""
    ref: str
    """Finds it again: the middle question, the newest one that was shown, and the hours that were looked back."""

    @property
    def name(self) -> str:
        return " · ".join(self.terms) or "unnamed"

    @property
    def customers(self) -> int:
        return len({each.user for each in self.questions})

    @property
    def cases(self) -> list[int]:
        """Ids of the cases that they were asked in."""
        return list(dict.fromkeys(each.conversation_id for each in self.questions))

    def wordings(self, most: int) -> list[Question]:
        """The first questions that are worded differently."""
        found: dict[str, Question] = {}
        for each in self.questions:
            found.setdefault(key_of(each.text), each)
        return list(found.values())[:most]


@dataclass(frozen=True, slots=True)
class _Groups:
    until: float
    """On the monotonic clock."""
    window: timedelta
    turns: tuple[tuple[int, ...], ...] = ()


@runtime_checkable
class Sight(Protocol):
    """Says where texts lie, in a space of its version."""

    @property
    def version(self) -> str: ...
    def embed(self, texts: Sequence[str]) -> Floats: ...


class GapDesk:
    """Thread-safe.

    Args:
        encode: texts to unit vectors in the base encoder's space.
        live: the model that serves; where it is a `Sight`, questions are grouped in its space.
        fewest: questions that make a gap.
    """

    def __init__(
        self,
        kit: Kit,
        encode: Callable[[Sequence[str]], Floats],
        live: Callable[[], object] = lambda: None,
        *,
        fewest: int = FEWEST,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        self._kit, self.encode, self._live, self._fewest, self._now = kit, encode, live, fewest, now
        self._lock = threading.Lock()
        self._groups = _Groups(float("-inf"), timedelta())
        self._vectors: dict[int, tuple[int, Floats]] = {}
        """By turn, with the hash of the words and the version; no words."""

    def gaps(self, window: timedelta = LATELY, *, shown: bool = False) -> list[KnowledgeGap]:
        """What there is, the most asked first.

        Args:
            shown: by the groups that were shown last, however old: quick enough for what must be answered at once.
        """
        known = {each.turn_id: each for each in self._questions(window)}
        groups = [[known[id] for id in turns if id in known] for turns in self._grouped(known, window, shown)]
        groups = [members for members in groups if len(members) >= self._fewest]
        marks = terms([[each.text for each in members] for members in groups])
        found = [self._gap(members, words, window) for members, words in zip(groups, marks, strict=True)]
        return sorted(found, key=lambda gap: -len(gap.questions))

    def count(self) -> int:
        """How many there are. Slow where many were asked: their words are encoded and grouped."""
        return len(self.gaps())

    def shown(self) -> int | None:
        """How many of the groups found last are still open, at once; None where they have not been found yet."""
        groups = self._groups
        if groups.window != LATELY:
            return None
        known = {each.turn_id for each in self._questions(LATELY)}
        return sum(sum(each in known for each in turns) >= self._fewest for turns in groups.turns)

    def due(self) -> bool:
        """Whether the groups found last are old."""
        return self._groups.window != LATELY or time.monotonic() >= self._groups.until

    def find(self, ref: str) -> KnowledgeGap:
        """The gap that was shown under `ref`, without questions that came later.

        Raises:
            UnderstudyError: it is gone.
        """
        middle, newest, hours = (int(part) if part.isdigit() else 0 for part in f"{ref}||".split("|")[:3])
        window = timedelta(hours=hours) or LATELY
        for gap in self.gaps(window, shown=True):
            mine = [each for each in gap.questions if each.turn_id <= newest]
            if any(each.turn_id == middle for each in mine):
                return self._gap(mine, gap.terms, window)
        raise UnderstudyError(GONE)

    def dismiss(self, ref: str, by: str) -> tuple[str, str]:
        """Put a gap's questions away; gives the deed, by which they come back, and a line for the agent.

        Raises:
            UnderstudyError: it is gone.
        """
        gap, deed = self.find(ref), secrets.token_hex(8)
        with self._kit.db.writing() as session:
            turns = [each.turn_id for each in gap.questions]
            done = Gaps(session, self._kit.team).mark(turns, "dismissed", by, deed)
        if not done:
            raise UnderstudyError(GONE)
        return deed, f"“{text.shorten(gap.questions[0].text, 80)}” is dismissed. New questions of its kind show again."

    def restore(self, deed: str) -> str:
        """Take a dismissal back; gives a line for the agent."""
        with self._kit.db.writing() as session:
            done = Gaps(session, self._kit.team).undo(deed)
        with self._lock:
            # Whoever has looked meanwhile has seen groups without these.
            self._groups = replace(self._groups, until=float("-inf"))
        return "It is back." if done else "It is back already."

    def written(self, gap: KnowledgeGap, article: str, by: str) -> None:
        """An article answers these questions now."""
        with self._kit.db.writing() as session:
            turns = [each.turn_id for each in gap.questions]
            Gaps(session, self._kit.team).mark(turns, "written", by, secrets.token_hex(8), article)

    def forget(self) -> None:
        """Keep nothing that came of anybody's words."""
        with self._lock:
            self._groups, self._vectors = _Groups(float("-inf"), timedelta()), {}

    def intents_of(self, gap: KnowledgeGap) -> list[str]:
        """The intents that agents said the questions mean, the most frequent first."""
        names = self._kit.catalogue.names()
        given = [names.of(each.label) for each in gap.questions if each.label not in ("", OOS)]
        known = [name for name in given if self._kit.catalogue.has(name)]
        return sorted(set(known), key=lambda name: (-known.count(name), name))

    def _questions(self, window: timedelta) -> list[Question]:
        with self._kit.db.reading() as session:
            found = Gaps(session, self._kit.team).unanswered(self._now() - window, MOST)
            written = {name for row in Articles(session, self._kit.team).all(bodies=False) for name in row.intents}
        names = self._kit.catalogue.names()
        known = {intent.name: intent for intent in self._kit.catalogue.all()}
        # Who asks for a person, or thanks, asks nothing that could be written down.
        aside = {each.name for each in known.values() if each.small_talk or each.handoff}
        answered = {each.name for each in known.values() if each.answer} | set(map(names.of, written)) | aside
        return [
            each
            for each in found
            if text.has_words(each.text)
            and not (each.route in ("ANSWER", "HANDOFF") and names.of(each.intent) in aside)
            and names.of(each.label) not in answered
        ]

    def _grouped(self, known: dict[int, Question], window: timedelta, shown: bool) -> tuple[tuple[int, ...], ...]:
        with self._lock:
            began = time.monotonic()
            if window == self._groups.window and (shown or began < self._groups.until):
                return self._groups.turns
            # An article in the shop's language answers none of another.
            ours = [each for each in known.values() if not self._kit.languages.foreign(each.text)]
            texts = [key_of(each.text) for each in ours]
            found = find_gaps(texts, self._encoded(ours, texts), fewest=self._fewest)
            groups = tuple(tuple(ours[i].turn_id for i in gap.members) for gap in found)
            now = time.monotonic()
            self._groups = _Groups(now + min(KEPT, SHARE * (now - began)), window, groups)
            return groups

    def _encoded(self, ours: Sequence[Question], texts: Sequence[str]) -> Floats:
        """Vectors, [n, d]; made only of words that are new to the version."""
        live = self._live()
        version, encode = (live.version, live.embed) if isinstance(live, Sight) else ("", self.encode)
        known = {each.turn_id: hash((version, words)) for each, words in zip(ours, texts, strict=True)}
        kept = {id: self._vectors[id] for id, key in known.items() if self._vectors.get(id, (None,))[0] == key}
        new = [(each.turn_id, words) for each, words in zip(ours, texts, strict=True) if each.turn_id not in kept]
        made = encode([words for _, words in new]) if new else ()
        kept |= {id: (known[id], vector) for (id, _), vector in zip(new, made, strict=True)}
        self._vectors = kept
        return np.stack([kept[each.turn_id][1] for each in ours]) if ours else np.zeros((0, 1), np.float32)

    def _gap(self, members: Sequence[Question], words: Sequence[str], window: timedelta) -> KnowledgeGap:
        weeks, now = [0] * WEEKS, self._now()
        for each in members:
            ago = int((now - each.at) / WEEK)
            if 0 <= ago < WEEKS:
                weeks[WEEKS - 1 - ago] += 1
        ref = f"{members[0].turn_id}|{max(each.turn_id for each in members)}|{window // HOUR}"
        return KnowledgeGap(tuple(words), tuple(members), tuple(weeks), ref)
