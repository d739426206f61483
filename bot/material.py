"""What the intent model learns from: the team's utterances and its agents' corrections, oldest first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.erasing import TAKEN_BACK
from bot.naming import names_of
from model.dataset import normalise
from model.naming import Names
from model.self_training import MOST
from model.types import OOS, STARTER, Example
from storage import unlabelled
from storage.corrections import Correction, Corrections
from storage.database import Database
from storage.intents import Intents
from storage.keyvalues import KeyValues
from storage.session import Session
from storage.tables import ERASED
from storage.utterances import Utterance, Utterances


@dataclass(frozen=True, slots=True)
class Material:
    """Everything one training run reads from SQL, read at one moment."""

    examples: list[Example]
    """One a text; the latest label."""
    corrected: list[Example]
    """Messages whose label agents changed."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Rows that are not used, by reason."""
    new_labels: int = 0
    """Labels given since the last run."""
    taken_back: bool = False
    """Whether rows of a version were erased since: it is to be trained without them, new labels or not."""
    unlabelled: list[str] = field(default_factory=list)
    """Messages that nobody has labelled and that were understood as in scope, oldest first."""
    titles: dict[str, str] = field(default_factory=dict)
    """What each intent is called in a customer's words."""
    names: Names = field(default_factory=Names)
    """What labels are called now. The examples speak so already; an older model may not."""


def gather(db: Database, team: str, since: datetime | None = None) -> Material:
    """Read the utterances and the corrections that stand, without agents' own tests.

    Args:
        since: when the last run read them; labels after it are new.
    """
    with db.reading() as session:
        utterances = Utterances(session, team).all()
        corrections = Corrections(session).effective(team)
        known = Intents(session, team).all(archived=True)
        names = names_of(session, team)
        messages = unlabelled.texts(session, team, MOST, without=names.out_of_use())
        erased = taken_back(session, team, since)
    left_out: Counter[str] = Counter()
    usable = [row for row in corrections if _usable(row, left_out)]
    rows = [Example(row.text, names.of(row.label), row.source) for row in utterances]
    rows += [_example(row, names) for row in usable]
    kept = [row for row in _latest(rows, left_out) if not _archived(row, names.archived, left_out)]
    changed = [_example(row, names) for row in usable if _changes(row, names)]
    return Material(
        kept,
        list({normalise(row.text): row for row in changed}.values()),
        left_out,
        new_labels(utterances, usable, since),
        erased,
        messages,
        {row.name: row.title for row in known if row.title and not row.archived},
        names,
    )


def taken_back(session: Session, team: str, since: datetime | None) -> bool:
    """Whether rows that a version learned from were erased after `since`."""
    at = KeyValues(session, team).get(TAKEN_BACK)
    return bool(at) and (since is None or datetime.fromisoformat(at) > since)


def new_labels(utterances: Sequence[Utterance], corrections: Sequence[Correction], since: datetime | None) -> int:
    """How many labels were given after `since`: by agents, or by an import. The starter's do not count."""
    brought = sum(row.source != STARTER and (since is None or row.at > since) for row in utterances)
    return brought + sum(since is None or row.at > since for row in corrections)


def trainable(train: Iterable[Example]) -> tuple[list[Example], list[str]]:
    """Rows of intents with two texts or more, and the names of the intents that wait for a second one."""
    rows = list(train)
    counts = Counter(row.label for row in rows)
    waiting = sorted(label for label, n in counts.items() if n < 2 and label != OOS)
    return [row for row in rows if row.label not in waiting], waiting


def _usable(row: Correction, left_out: Counter[str]) -> bool:
    if row.is_test:
        left_out["an agent's own test"] += 1
    elif not row.text.strip() or row.text == ERASED:
        left_out["text taken back"] += 1
    else:
        return True
    return False


def _example(row: Correction, names: Names) -> Example:
    group = f"case-{row.conversation_id}" if row.conversation_id is not None else ""
    return Example(row.text, names.of(row.after), "correction", group)


def _changes(row: Correction, names: Names) -> bool:
    """Whether it still says another intent than the one before, and one that is in use."""
    return names.of(row.before) != names.of(row.after) and names.of(row.after) not in names.archived


def _latest(rows: Iterable[Example], left_out: Counter[str]) -> list[Example]:
    """One row a text, where it first stood, with the latest label."""
    found: dict[str, Example] = {}
    for row in rows:
        key = normalise(row.text)
        if key in found:
            left_out["an older label of the same text"] += 1
        found[key] = row
    return list(found.values())


def _archived(row: Example, archived: frozenset[str], left_out: Counter[str]) -> bool:
    if row.label in archived:
        left_out["an archived intent"] += 1
    return row.label in archived
