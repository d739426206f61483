"""What the intent model learns from: the team's utterances and its agents' corrections, oldest first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from model.dataset import normalise
from model.types import OOS, Example
from storage import unlabelled
from storage.corrections import Correction, Corrections
from storage.database import Database
from storage.intents import Intents
from storage.tables import ERASED
from storage.utterances import Utterance, Utterances

MESSAGES = 10_000
"""Messages without a label that are read, the newest."""


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
    unlabelled: list[str] = field(default_factory=list)
    """Messages that nobody has labelled and that were understood as in scope, oldest first."""
    titles: dict[str, str] = field(default_factory=dict)
    """What each intent is called in a customer's words."""


def gather(db: Database, team: str, since: datetime | None = None) -> Material:
    """Read the utterances and the corrections that stand, without agents' own tests.

    Args:
        since: when the last run read them; labels after it are new.
    """
    with db.reading() as session:
        utterances = Utterances(session, team).all()
        corrections = Corrections(session).effective(team)
        known = Intents(session, team).all(archived=True)
        messages = unlabelled.texts(session, team, MESSAGES)
    archived = {row.name for row in known if row.archived}
    left_out: Counter[str] = Counter()
    usable = [row for row in corrections if _usable(row, left_out)]
    rows = [Example(row.text, row.label, row.source) for row in utterances]
    rows += [_example(row) for row in usable]
    kept = [row for row in _latest(rows, left_out) if not _archived(row, archived, left_out)]
    changed = [_example(row) for row in usable if row.before != row.after and row.after not in archived]
    return Material(
        kept,
        list({normalise(row.text): row for row in changed}.values()),
        left_out,
        new_labels(utterances, usable, since),
        messages,
        {row.name: row.title for row in known if row.title and not row.archived},
    )


def new_labels(utterances: Sequence[Utterance], corrections: Sequence[Correction], since: datetime | None) -> int:
    """How many labels were given after `since`: by agents, or by an import. The starter's do not count."""
    brought = sum(row.source != "starter" and (since is None or row.at > since) for row in utterances)
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


def _example(row: Correction) -> Example:
    group = f"case-{row.conversation_id}" if row.conversation_id is not None else ""
    return Example(row.text, row.after, "correction", group)


def _latest(rows: Iterable[Example], left_out: Counter[str]) -> list[Example]:
    """One row a text, where it first stood, with the latest label."""
    found: dict[str, Example] = {}
    for row in rows:
        key = normalise(row.text)
        if key in found:
            left_out["an older label of the same text"] += 1
        found[key] = row
    return list(found.values())


def _archived(row: Example, archived: set[str], left_out: Counter[str]) -> bool:
    if row.label in archived:
        left_out["an archived intent"] += 1
    return row.label in archived
