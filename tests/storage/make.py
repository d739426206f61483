"""Rows that tests begin from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage import revisions
from storage.conversations import Conversation, Conversations
from storage.database import Database
from storage.session import Session
from storage.turns import Turn, Turns

TEAM = "T1"


@contextmanager
def at_revision(db: Database, revision: str) -> Iterator[Connection]:
    """An empty database brought up to a revision of before; what is done within is committed."""
    if db.path:
        db.path.touch()
    with db.engine.execution_options(writing=True).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(revisions.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection


@dataclass(frozen=True)
class Ranked:
    intent: str
    probability: float


@dataclass(frozen=True)
class Asked:
    intent: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class FakePrediction:
    intent: str = "refund"
    confidence: float = 0.9
    oos_score: float = 0.1
    out_of_scope: bool = False
    ranking: tuple[Ranked, ...] = field(default=(Ranked("refund", 0.9), Ranked("delivery", 0.1)))
    source: str = "model"
    version: str = "v1"
    requests: tuple[Asked, ...] = ()
    in_context: bool = False


def a_case(session: Session, ts: str = "1.0", customer: str = "U1", is_test: bool = False) -> Conversation:
    return Conversations(session).open(TEAM, "D1", ts, customer, is_test=is_test)


def a_turn(
    session: Session, ts: str = "1.0", text: str = "where is it", user: str = "U1", is_test: bool = False
) -> Turn:
    case = a_case(session, ts, user, is_test)
    return Turns(session).record(TEAM, "D1", ts, user, text, f"E{ts}", case.id)[0]


def a_done_turn(
    session: Session, ts: str, prediction: FakePrediction | None = None, is_test: bool = False, total_ms: float = 100
) -> Turn:
    turn = a_turn(session, ts, f"text {ts}", is_test=is_test)
    turns = Turns(session)
    turns.claim(turn.id, 30)
    turns.predicted(turn.id, prediction or FakePrediction())
    turns.routed(turn.id, "ANSWER")
    turns.finish(turn.id, "reply", f"r{ts}", "verbatim", timings={"total": total_ms})
    done = turns.get(turn.id)
    assert done is not None
    return done
