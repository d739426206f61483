"""Takes a person's words out of everything that this deployment holds, and says what is not reached.

The command line and the bot's Home both call `erase`. A bot that runs meanwhile, also in another process, sees by the
mark in SQL that its memory, its search index and its cards have to follow (bot/privacy.py).
"""

from dataclasses import dataclass
from pathlib import Path

from bot.home import registry_of
from bot.ledger import made_of
from model.dataset import fingerprint
from storage import redaction
from storage.database import Database
from storage.keyvalues import KeyValues
from storage.redaction import Erased
from storage.session import Session
from storage.tables import utcnow
from storage.training_runs import TrainingRuns

KINDS = ("intent", "response")
CHANGED = "privacy_changed"
"""Key of the moment of the last change that a running bot has to follow."""
REDRAW = "redraw:"
"""Before the id of a case whose card still shows erased words."""
REWRITE = "rewrite:"
"""Before `channel:ts` of a message of the bot's own that still repeats erased words."""
TAKEN_BACK = "rows_taken_back"
"""Key of the moment from which trained rows are gone: a training after it is wanted, new labels or not."""
NOT_REACHED = (
    "Not reached: backups made before now; and what stands in Slack itself, where whoever wrote a message can delete "
    "it. User ids, labels, scores and times stay."
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, and what it came from."""

    rows: Erased
    versions: tuple[str, ...]
    """Model versions that were trained on erased rows, such as `intent v3 (live)`."""
    training: bool
    """Whether a training runs at this moment, which may have read the rows."""

    @property
    def count(self) -> str:
        """How much it was, of each kind that there was."""
        it = self.rows
        kinds = (
            (it.turns, "message with its reply", "messages with their replies"),
            (it.edits, "edit", "edits"),
            (it.comments, "feedback comment", "feedback comments"),
            (it.corrections, "correction", "corrections"),
            (it.searches, "search", "searches"),
            (it.replies, "reply of an agent", "replies of agents"),
        )
        counted = [f"{number} {one if number == 1 else many}" for number, one, many in kinds if number]
        *most, last = counted or ["nothing"]
        return f"{', '.join(most)} and {last}" if most else last

    @property
    def weights(self) -> str:
        """Which models have learned from it."""
        if self.versions:
            known = f"Learned from it, and not changed by erasing: {', '.join(self.versions)}."
            return f"{known} A training without these rows is asked for, and comes at the next scheduled time."
        if self.training:
            return "A training runs and may have read these rows; the next one leaves them out, and is asked for."
        return "No model version has learned from it."


def erase(db: Database, team: str, home: Path, user: str, customer_team: str = "") -> Erasure:
    """Replace every word of this person in the log, and leave marks for running bots and the next training.

    Args:
        home: the deployment's data folder, where the models are.
        customer_team: only as a customer of this team; empty for every team's.
    """
    with db.reading() as session:
        texts = redaction.texts_of_user(session, team, user, customer_team)
    versions = trained_on(home, {fingerprint(text) for text in texts})
    with db.writing() as session:
        cases = redaction.cases_of_user(session, team, user, customer_team)
        repeated = redaction.repeated_of_user(session, team, user, customer_team)
        rows = redaction.erase_user(session, team, user, customer_team)
        training = bool(texts) and TrainingRuns(session, team).active() is not None
        values = KeyValues(session, team)
        for case_id in cases:
            values.set(f"{REDRAW}{case_id}", True)
        for channel, ts in repeated:
            values.set(f"{REWRITE}{channel}:{ts}", True)
        if versions or training:
            values.set(TAKEN_BACK, utcnow().isoformat())
        mark(session, team)
    db.scrub()
    return Erasure(rows, versions, training)


def mark(session: Session, team: str) -> None:
    """Tell running bots to bring what they hold in memory to what stands in SQL."""
    KeyValues(session, team).set(CHANGED, utcnow().isoformat())


def trained_on(home: Path, fingerprints: set[str]) -> tuple[str, ...]:
    """Versions still on this machine that learned from, or were tested on, messages of these fingerprints."""
    found: list[str] = []
    for kind in KINDS:
        for info in registry_of(home, kind).versions():
            if made_of(info.path, fingerprints):
                found.append(f"{kind} {info.version}{' (live)' if info.live else ''}")
    return tuple(found)
