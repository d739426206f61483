"""A desk over a real database, with a surface that only keeps what was said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot import wording
from bot.addressing import Incoming
from bot.attachments import AttachmentDesk
from bot.bursts import Bursts
from bot.cases import Cases
from bot.catalogue import Catalogue
from bot.corrections import CorrectionDesk
from bot.desk import SupportDesk
from bot.followups import FollowUps
from bot.handing import Handing
from bot.hours import ALWAYS, Hours
from bot.intake import Accepted, Intake
from bot.introductions import Introductions
from bot.kit import Kit
from bot.languages import Languages
from bot.lookup import OwnOrders
from bot.models import Knowledge
from bot.people import People
from bot.privacy import PrivacyDesk
from bot.recommending import Recommending
from bot.redrafting import Redrafting
from bot.replies import Replies
from bot.routing import Thresholds
from bot.understanding import Understanding
from bot.waits import Patience, Waits
from storage.attachments import Arrived
from storage.conversations import Conversation
from storage.database import Database
from storage.intents import Intents
from storage.turns import Turn, Turns
from tests.bot.fakes import INTENTS, FakeClassifier, FakeClock, FakeFiles, FakeReader, FakeSurface, fake_models

FIRST = " " + wording.IN_LINE.format(number=1)
CALLED = wording.HANDOFF + FIRST
"""What the first in the line is told when a person is called."""


@dataclass
class Office:
    kit: Kit
    surface: FakeSurface
    classifier: FakeClassifier
    intake: Intake
    desk: SupportDesk
    cases: Cases
    corrections: CorrectionDesk
    followups: FollowUps
    understanding: Understanding
    waits: Waits
    clock: FakeClock
    privacy: PrivacyDesk
    forgotten: list[str]
    """A word each time that search was told to read anew."""
    files: FakeFiles
    reader: FakeReader
    recommending: Recommending
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def handing(self) -> Handing:
        return Handing(self.kit, self.cases, self.corrections)

    def hear(self, text: str, *files: Arrived, user: str = "UMIA", channel: str = "DMIA", thread: str = "") -> Accepted:
        """A message comes in and is written down; nothing is answered yet."""
        ts = f"{next(self.numbers)}.000100"
        return self.intake.accept(Incoming(channel, ts, user, text, thread, files=files), f"Ev{ts}")

    def ask(self, text: str, *files: Arrived, **where: str) -> Accepted:
        """The same, and worked."""
        accepted = self.hear(text, *files, **where)
        if accepted.case is not None and accepted.turn_id:
            self.desk.work(accepted.case.id)
        return accepted

    def turn(self, accepted: Accepted) -> Turn:
        found = self.kit.turn(accepted.turn_id)
        assert found is not None
        return found

    def case(self, accepted: Accepted) -> Conversation:
        assert accepted.case is not None
        found = self.kit.case(accepted.case.id)
        assert found is not None
        return found

    def quiet(self, seconds: float) -> None:
        """Time passes without a message, and what is due by then is worked."""
        self.clock.now += timedelta(seconds=seconds)
        for case_id in self.desk.unfinished():
            self.desk.work(case_id)

    def wait(self, minutes: float) -> None:
        """Time passes, and the housekeeping does what is due."""
        self.clock.now += timedelta(minutes=minutes)
        for case_id in self.waits.due():
            self.waits.work(case_id)

    def work(self, case_id: int) -> None:
        """As the workers do; with `later` the part of Services that listeners of messages need."""
        self.desk.work(case_id)

    def later(self, case_id: int, job: Callable[[], object]) -> None:
        job()

    def crash(self, accepted: Accepted) -> None:
        """Somebody has claimed the turn and died; the lease has run out."""
        with self.kit.db.writing() as session:
            assert Turns(session).claim(accepted.turn_id, -1.0) is not None


def made(
    db: Database,
    mode: str = "automatic",
    languages: Languages | None = None,
    hours: Hours = ALWAYS,
    patience: Patience | None = None,
    surface: FakeSurface | None = None,
    orders: OwnOrders | None = None,
    knowledge: Knowledge | None = None,
    quiet: float = 0.0,
) -> Office:
    """Bursts are off unless `quiet` says otherwise: tests send messages faster than people do."""
    surface, clock = surface or FakeSurface(), FakeClock()
    forgotten: list[str] = []
    home = db.path.parent if db.path else Path()
    files, reader = FakeFiles(), FakeReader()
    people = People(db, "T1", surface, bot="UBOT", mode=mode)
    people.set_up("CAGENTS", ["UAGENT"])
    kit = Kit(
        db,
        "T1",
        "UBOT",
        surface,
        people,
        Catalogue(db, "T1"),
        languages or Languages(),
        hours,
        clock,
        orders or OwnOrders(),
    )
    models, classifier = fake_models()
    if knowledge is not None:
        models = replace(models, responder=knowledge.responder, recommender=knowledge.recommender)
    understanding = Understanding(models.classifier, models.memory, kit.catalogue.small_talk, kit.catalogue.names)
    replies = Replies(kit, models.responder, Thresholds())
    cases = Cases(kit)
    corrections = CorrectionDesk(kit, understanding, cases)
    corrections.redraft = Redrafting(kit, replies, cases).anew
    attached = AttachmentDesk(kit, files, reader, most_bytes=5000, pause=0)
    followups = FollowUps(kit, understanding, replies, cases, corrections)
    joined = followups.joined
    bursts = Bursts(kit, understanding, replies, attached, cases, joined, timedelta(seconds=quiet))
    greet, also = Introductions(kit), Recommending(kit, models.recommender, models.responder)
    return Office(
        kit,
        surface,
        classifier,
        Intake(kit, timedelta(seconds=quiet)),
        SupportDesk(kit, bursts, replies, cases, greet, also, lease_seconds=30),
        cases,
        corrections,
        followups,
        understanding,
        Waits(kit, cases, patience or Patience()),
        clock,
        PrivacyDesk(kit, cases, models.memory, home, lambda: forgotten.append("search")),
        forgotten,
        files,
        reader,
        also,
    )


def database(folder: Path) -> Database:
    db = Database(f"sqlite:///{folder / 'desk.db'}")
    db.migrate()
    with db.writing() as session:
        for intent in INTENTS:
            Intents(session, "T1").upsert(intent, "starter")
    return db


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    db = database(tmp_path)
    yield made(db)
    db.close()


@pytest.fixture
def drafting(tmp_path: Path) -> Iterator[Office]:
    db = database(tmp_path)
    yield made(db, "draft")
    db.close()
