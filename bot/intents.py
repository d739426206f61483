"""List, add, rename, merge, archive and restore a team's intents: the same for Slack and the command line.

Each change is one appended event; rows, corrections and predictions keep the labels they were written with, and are
read in today's names (model/naming.py). A name that was given up goes on meaning its successor, so it is not given
again to something else; it may be taken back.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import process

from bot.corrections import OUT_OF_SCOPE_WORDS
from bot.importing import TITLE, title_of
from bot.material import gather
from bot.naming import names_of
from bot.text import counted
from model.naming import Names
from model.types import Intent, UnderstudyError
from storage.database import Database
from storage.intent_events import IntentEvent, IntentEvents, Kind
from storage.intents import IntentRow, Intents
from storage.session import Session

ACTIONS: dict[str, tuple[str, ...]] = {
    "list": (),
    "add": ("NAME", "TITLE"),
    "rename": ("OLD", "NEW"),
    "merge": ("FROM", "INTO"),
    "archive": ("NAME",),
    "restore": ("NAME",),
}
"""Each with the words it takes; a title may be left out."""
AGENT = "agent"
"""Source of the intents that agents have made."""
_NAME = re.compile(r"[\w.+/-]{1,200}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One intent as `list` shows it."""

    name: str
    title: str
    rows: int
    """Labelled texts that the next training reads; none of an archived intent."""
    archived: bool
    former: tuple[str, ...]
    """Names that mean it too."""
    changed: datetime | None
    change: str
    """What was done last; empty where nothing was."""
    by: str = ""
    """By whom: a Slack user, or `command line`."""


def listed(db: Database, team: str) -> list[Listed]:
    """Every intent by name, archived ones last; merged ones are part of theirs."""
    rows = Counter(example.label for example in gather(db, team).examples)
    with db.reading() as session:
        known = Intents(session, team).all(archived=True)
        events, names = IntentEvents(session, team).all(), names_of(session, team)
    last = {name: event for event in events for name in (names.of(event.name), names.of(event.into or event.name))}
    found = [_listed(row, rows[row.name], names, last.get(row.name)) for row in known if names.of(row.name) == row.name]
    return sorted(found, key=lambda each: (each.archived, each.name))


def change(db: Database, team: str, by: str, action: str, words: Sequence[str]) -> str:
    """Do one of ACTIONS but `list`; gives one line.

    Args:
        by: who asks: a Slack user, or `command line`.

    Raises:
        UnderstudyError: what was expected, what was found, and the nearest name.
    """
    wanted = ACTIONS.get(action)
    if not wanted or not (len(wanted) - (action == "add") <= len(words) <= len(wanted)):
        form = " ".join((action, *wanted)) if wanted else " | ".join(ACTIONS)
        raise UnderstudyError(f"expected `intents {form}`, found {' '.join((action, *words))[:80]!r}.")
    with db.writing() as session:
        return str(getattr(_Change(session, team, by), action)(*words))


class _Change:
    """One change, in one transaction."""

    def __init__(self, session: Session, team: str, by: str) -> None:
        self._by = by
        self._intents, self._events = Intents(session, team), IntentEvents(session, team)
        self._names = names_of(session, team)

    def add(self, name: str, title: str = "") -> str:
        self._free(name, again=True)
        title = title.strip() or title_of(name)
        if len(title) > TITLE:
            raise UnderstudyError(f"expected a title of at most {TITLE} characters, found {len(title)}: shorten it.")
        same = next((row.name for row in self._all() if not row.archived and _same(row.title, title)), "")
        if same:
            raise UnderstudyError(f"expected a title of its own, found {title!r}, which {same} has: take that intent.")
        self._intents.upsert(Intent(name, title), AGENT)
        self._append("add", name)
        return f"{name} (“{title}”) is there. Correct messages to it: from ten the next training learns it."

    def rename(self, old: str, new: str) -> str:
        self._known(old)
        self._free(new, of=old)
        self._intents.rename(old, new)
        self._append("rename", old, new)
        return f"{old} is called {new} now, for everything that was labelled so and for the live model."

    def merge(self, old: str, into: str) -> str:
        self._known(old)
        self._known(into)
        if old == into:
            raise UnderstudyError(f"expected two intents to merge, found {old!r} twice: name another.")
        if self._intents.get(old).archived or self._intents.get(into).archived:  # type: ignore[union-attr]
            raise UnderstudyError("expected two intents in use to merge, found an archived one: restore it first.")
        self._intents.archive(old)
        self._append("merge", old, into)
        return f"{old} is part of {into} now: its rows and corrections count as {into}, with the answer of {into}."

    def archive(self, name: str) -> str:
        if self._known(name).archived:
            raise UnderstudyError(f"expected an intent in use, found {name!r} archived already.")
        self._intents.archive(name)
        self._append("archive", name)
        return f"{name} is archived: not offered, not answered, not trained on. Its rows wait for a restore."

    def restore(self, name: str) -> str:
        if not self._known(name).archived:
            raise UnderstudyError(f"expected an archived intent, found {name!r} in use.")
        self._intents.restore(name)
        self._append("restore", name)
        return f"{name} is back, with everything that was labelled so."

    def _append(self, kind: Kind, name: str, into: str = "") -> None:
        self._events.add(kind, name, self._by, into)

    def _known(self, name: str) -> IntentRow:
        """The intent of that name of today."""
        now = self._names.of(name)
        if now != name:
            raise UnderstudyError(f"expected an intent's name of today, found {name!r}, which is {now} now: say {now}.")
        found = self._intents.get(name)
        if found is None:
            near = process.extract(name, [row.name for row in self._all()], limit=1)
            cure = f"did you mean {near[0][0]}?" if near else "add it first."
            raise UnderstudyError(f"expected the name of an intent, found {name!r}: {cure}")
        return found

    def _free(self, name: str, of: str = "", *, again: bool = False) -> None:
        """Raise UnderstudyError unless a name may be given: it means nothing yet, or is a former one of `of`.

        Args:
            again: so may that of an archived intent that agents have made and nobody has given an answer.
        """
        if name.lower() in OUT_OF_SCOPE_WORDS:
            raise UnderstudyError(f"expected a name, found {name!r}, which says that no intent fits: choose another.")
        if not _NAME.fullmatch(name) or not any(map(str.isalpha, name)):
            raise UnderstudyError(f"expected a name of letters, digits and _ . + / -, found {name[:80]!r}: word it so.")
        known = self._intents.get(name)
        if known is not None and self._names.of(name) == name:
            if again and known.archived and known.source == AGENT and not known.answer:
                return
            cure = "archived: restore it" if known.archived else "an intent: merge"
            raise UnderstudyError(f"expected a new name, found {name!r}, which is {cure}, or choose another.")
        if known is not None or self._names.of(name) not in (name, of):
            now = self._names.of(name)
            raise UnderstudyError(f"expected a new name, found {name!r}, which means {now} now: choose another.")

    def _all(self) -> list[IntentRow]:
        return [row for row in self._intents.all(archived=True) if self._names.of(row.name) == row.name]


def _listed(row: IntentRow, rows: int, names: Names, last: IntentEvent | None) -> Listed:
    former = tuple(sorted(name for name, now in names.successors.items() if now == row.name))
    at, by = (last.at, last.by) if last else (None, "")
    return Listed(row.name, row.title, rows, row.archived, former, at, _told(last) if last else "", by)


def _same(one: str, other: str) -> bool:
    """Whether two titles are told apart by nothing that people notice."""
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", other.casefold())


def _told(event: IntentEvent) -> str:
    done = {"add": "added", "rename": "renamed from {0}", "merge": "{0} merged into it", "archive": "archived"}
    return done.get(event.kind, "restored").format(event.name)


def line(each: Listed, name: Callable[[str], str] = str) -> str:
    """One intent in one line, for the command line and for Slack; `name` tells what somebody is called."""
    told = [f"{each.name} “{each.title}”", "archived" if each.archived else counted(each.rows, "row")]
    told += [f"also {', '.join(each.former)}"] if each.former else []
    told += [f"{each.change} by {name(each.by)}, {each.changed:%Y-%m-%d %H:%M} UTC"] if each.changed else []
    return " · ".join(told)
