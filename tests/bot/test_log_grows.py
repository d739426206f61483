"""What the bot does all day asks the database for rows by a key, and never for the whole log: plans, not times."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, select

from bot import agents_home, customers
from bot.digest import Digest
from bot.figures import Yardsticks, figures
from bot.gaps import GapDesk
from bot.values import Customer
from storage.database import Database
from storage.tables import turns
from tests.bot.conftest import Office
from tests.bot.fakes import FakeEncoder

GROWING = (
    *("turns", "conversations", "notices", "clicks", "feedback", "attachments", "processed_events", "turn_edits"),
    "corrections",
)
"""Tables that get a row with every message, or nearly."""
WHOLE = "corrections"
"""The one that is read whole, where what agents taught is: it has a row where a person did something."""
PARTIAL = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"


class Asked:
    """Statements by their text, each with one set of its values."""

    def __init__(self) -> None:
        self.statements: dict[str, object] = {}

    def whole(self, db: Database) -> list[str]:
        """The statements that read a growing table from its beginning to its end, with the step that does."""
        found = []
        with db._engine.connect() as connection:
            few = connection.exec_driver_sql(PARTIAL).scalars().all()
            for text, values in self.statements.items():
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()
                steps = [str(row[3]) for row in rows]
                newest = " LIMIT " in text and not any("FOR ORDER BY" in step for step in steps)
                found += [f"{step}: {' '.join(text.split())}" for step in steps if walks(step, few, newest)]
        return found


def walks(step: str, few: Sequence[str], newest: bool) -> bool:
    """Whether a step of a plan meets every row: it scans, or the index that it searches has nothing but the team.

    Args:
        few: names of indexes that hold few rows.
        newest: whether the rows come in the order that is wanted, and end after so many.
    """
    if not re.search(rf"\b({'|'.join(GROWING)})(_\d+)?\b", step) or any(f" {name} " in step for name in few):
        return False
    by_team = step.endswith("(team_id=?)") and WHOLE not in step and not newest
    return step.startswith("SCAN") or by_team


@contextmanager
def listening(db: Database) -> Iterator[Asked]:
    asked = Asked()

    def note(connection: object, cursor: object, statement: str, values: object, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            asked.statements[statement] = values

    event.listen(db._engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db._engine, "before_cursor_execute", note)


def test_a_day(office: Office) -> None:
    with listening(office.kit.db) as asked:
        first = office.ask("where is my parcel")
        office.ask("and my refund?", thread=office.case(first).thread_ts)
        office.ask("thank you")
        called = office.ask("a human please")
        office.cases.take(office.case(called).id, "UAGENT")
        office.ask("parcel", user="UTOM", channel="DTOM")
        office.ask("<@UBOT> parcel", user="UTOM", channel="C1")
        office.cases.resolve(office.case(called).id)
        office.wait(60)
        office.desk.unfinished()
        office.ask("where is my parcel")
        office.intake.deleted("DMIA", office.turn(first).ts)
        customers.requests(office.kit, Customer("T1", "UMIA"))
        customers.kept(office.kit, Customer("T1", "UMIA"))
    found = asked.whole(office.kit.db)
    assert not found, "\n".join(found)


def test_what_agents_look_at(office: Office) -> None:
    office.ask("parcel")
    called = office.ask("a human please", user="UTOM", channel="DTOM")
    office.cases.take(office.case(called).id, "UAGENT")
    kit, weeks = office.kit, timedelta(days=7)
    with listening(kit.db) as asked:
        agents_home.overview(kit, office.understanding, Yardsticks(), None, "UAGENT")
        figures(kit, Yardsticks(), weeks)
        figures(kit, Yardsticks(), weeks, "refund")
        GapDesk(kit, FakeEncoder().encode).count()
        Digest(kit, Yardsticks(), gaps=lambda: 0).lines()
    found = asked.whole(kit.db)
    assert not found, "\n".join(found)


def test_what_agents_do(office: Office) -> None:
    kit, asked_of = office.kit, [office.ask(words).turn_id for words in ("parcel", "the parcel", "parcel?")]
    office.followups.judge(asked_of[0], "UMIA", "bad")
    called = office.ask("a human please", user="UTOM", channel="DTOM")
    with listening(kit.db) as asked:
        done = office.corrections.relabel(asked_of[0], "refund", "UAGENT", "card")
        office.corrections.undo(done.correction.id, "UAGENT")
        office.corrections.alike(asked_of[1])
        office.corrections.confirm(asked_of[1], "UAGENT")
        office.handing.hand(office.case(called).id, "UAGENT", why="a refund")
        office.cases.show(office.case(called).id)
    found = asked.whole(kit.db)
    assert not found, "\n".join(found)


def test_a_walk_is_seen(office: Office) -> None:
    with listening(office.kit.db) as asked, office.kit.db.reading() as session:
        session.execute(select(turns).where(turns.c.text == "parcel"))
        session.execute(select(turns).where(turns.c.team_id == "T1"))
        session.execute(select(turns).where(turns.c.team_id == "T1").order_by(turns.c.text).limit(5))
        session.execute(select(turns).where(turns.c.team_id == "T1").order_by(turns.c.created_at.desc()).limit(5))
        session.execute(select(turns).where(turns.c.conversation_id == 1))
    assert len(asked.whole(office.kit.db)) == 3
