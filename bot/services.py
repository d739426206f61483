"""The parts of a running bot, as the listeners use them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bot.cases import Cases
from bot.configuring import Configuring
from bot.corrections import CorrectionDesk
from bot.desk import SupportDesk
from bot.dismissing import Dismissing
from bot.explaining import Explaining
from bot.figures import Yardsticks
from bot.followups import FollowUps
from bot.gaps import GapDesk
from bot.handing import Handing
from bot.homes import Homes
from bot.intake import Intake
from bot.kit import Kit
from bot.knowledge import KnowledgeDesk
from bot.privacy import PrivacyDesk
from bot.recommending import Recommending
from bot.requesting import Requesting
from bot.training import Training
from bot.understanding import Understanding
from bot.waits import Waits
from bot.workers import Workers
from model.picture_reader import PictureReader


@dataclass(frozen=True, slots=True)
class Services:
    kit: Kit
    intake: Intake
    desk: SupportDesk
    cases: Cases
    corrections: CorrectionDesk
    followups: FollowUps
    understanding: Understanding
    workers: Workers
    homes: Homes
    explaining: Explaining
    knowledge: KnowledgeDesk
    recommending: Recommending
    waits: Waits
    privacy: PrivacyDesk
    gaps: GapDesk
    pictures: PictureReader | None = None
    training: Training | None = None
    commands: tuple[str, str, str] = ("/support", "/relabel", "/ask")
    """Names of the agents' command, of the relabel command and of the customers' command."""
    yardsticks: Yardsticks = field(default_factory=Yardsticks)
    """What the owner has set for the statistics."""

    @property
    def configuring(self) -> Configuring:
        """How the desk answers; made where it is asked for, for it keeps nothing."""
        return Configuring(self.kit, self.corrections)

    @property
    def handing(self) -> Handing:
        """Cases from agent to agent."""
        return Handing(self.kit, self.cases, self.corrections)

    @property
    def requesting(self) -> Requesting:
        """Messages that agents make requests."""
        return Requesting(self.kit, self.intake, self.handing)

    @property
    def dismissing(self) -> Dismissing:
        """What was no request."""
        return Dismissing(self.kit, self.cases, self.corrections)

    def work(self, case_id: int) -> None:
        """Have everything unfinished of a conversation worked, behind what already runs there."""
        self.workers.submit(case_id, lambda: self.desk.work(case_id), "work")

    def work_after(self, case_id: int, seconds: float) -> None:
        """The same after a while. Should this process die before, the next one finds it unfinished."""
        if seconds:
            self.workers.submit_after(seconds, case_id, lambda: self.desk.work(case_id), "work")
        else:
            self.work(case_id)

    def work_unfinished(self) -> None:
        """Have the turns worked that nobody works any more."""
        for case_id in self.desk.unfinished():
            self.work(case_id)

    def watch_waits(self) -> None:
        """Have said what is due of cases that wait, each in its conversation's turn."""
        for case_id in self.waits.due():
            self.workers.submit(case_id, partial(self.waits.work, case_id), "waits")

    def with_training(self, training: Training) -> "Services":
        return replace(self, training=training)

    def later(self, case_id: int, job: Any) -> None:
        """Run a job in its conversation's turn."""
        self.workers.submit(case_id, job)

    def later_of(self, turn_id: int, job: Callable[[int], object]) -> None:
        """Run a job of a turn in its conversation's turn."""
        turn = self.kit.turn(turn_id)
        if turn is not None:
            self.later(turn.conversation_id, partial(job, turn_id))
