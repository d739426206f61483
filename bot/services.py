"""The parts of a running bot, as the listeners use them."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.cases import Cases
from bot.corrections import CorrectionDesk
from bot.desk import SupportDesk
from bot.explaining import Explaining
from bot.followups import FollowUps
from bot.intake import Intake
from bot.kit import Kit
from bot.knowledge import KnowledgeDesk
from bot.training import Training
from bot.understanding import Understanding
from bot.waits import Waits
from bot.workers import Workers


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
    explaining: Explaining
    knowledge: KnowledgeDesk
    waits: Waits
    training: Training | None = None
    commands: tuple[str, str, str] = ("/support", "/relabel", "/ask")
    """Names of the agents' command, of the relabel command and of the customers' command."""

    def work(self, case_id: int) -> None:
        """Have everything unfinished of a conversation worked, behind what already runs there."""
        self.workers.submit(case_id, lambda: self.desk.work(case_id), "work")

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
