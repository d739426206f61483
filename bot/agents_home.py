"""What an agent sees at a glance: who waits, whose cases are mine, what my corrections taught, how the model stands."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot import figures, reviewing, showing
from bot.figures import Yardsticks
from bot.kit import Kit
from bot.training import Training
from bot.understanding import Understanding
from bot.values import Card
from storage.conversations import Conversation, Conversations
from storage.corrections import Corrections
from storage.training_runs import TrainingRuns

WEEK = timedelta(days=7)
CASES = 10
"""Cases shown of each kind."""
REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a person or for its draft to be sent, and since when."""

    card: Card
    since: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    now: datetime
    waiting: tuple[Waiting, ...]
    """The one that waits longest first."""
    more_wait: int
    """How many wait beside those."""
    mine: tuple[Card, ...]
    to_review: int
    corrected: int
    """Messages that this agent labelled in the last seven days."""
    learned: int
    """Those of them that the live model gets right by itself, with the override memory off."""
    model: tuple[str, ...]
    """How the models stand, a line each."""
    refusals: tuple[str, ...]
    """Trainings whose version was not promoted, and why, the newest first."""
    offers: tuple[tuple[str, str], ...] = ()
    """(intent, why) of those that the bot may answer by itself; for owners."""
    owner: bool = False
    trains: bool = False
    """Whether a training can be started here."""
    former: str = ""
    """The earlier version that was live before."""


def overview(
    kit: Kit, understanding: Understanding, yard: Yardsticks, training: Training | None, agent: str
) -> Overview:
    """Everything that an agent's Home shows."""
    with kit.db.reading() as session:
        cases = Conversations(session)
        waiting = [case for case in cases.waiting(kit.team) if not case.is_test]
        mine = [case for case in cases.in_state({"human"}, kit.team) if case.holder == agent]
        refused = TrainingRuns(session, kit.team).refused(REFUSALS)
        week = datetime.now(UTC) - WEEK
        given = [row for row in Corrections(session).effective(kit.team, week) if row.by == agent]
    owner = kit.people.may_set_up(agent)
    offers = figures.ripe(kit, yard) if owner else []
    return Overview(
        datetime.now(UTC),
        tuple(Waiting(_card(kit, case), case.waits_since) for case in waiting[:CASES]),
        max(len(waiting) - CASES, 0),
        tuple(_card(kit, case) for case in mine[:CASES]),
        reviewing.waiting(kit),
        len(given),
        understanding.learned([(row.text, row.after) for row in given]),
        tuple(training.status().splitlines()) if training else (f"Intent model {understanding.version}.",),
        tuple(f"{run.started_at:%Y-%m-%d}: {' '.join(run.verdict.splitlines()[:2])}" for run in refused),
        tuple((each.intent, figures.offer(each)) for each in offers),
        owner,
        training is not None,
        training.former() if training else "",
    )


def _card(kit: Kit, case: Conversation) -> Card:
    """A case whose link leads to its card: there it is taken, and nobody but the customer can open direct messages."""
    made = showing.card(kit, case)
    return replace(made, link=kit.surface.link(case.card_channel, case.card_ts)) if case.card_ts else made
