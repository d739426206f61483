"""Ties trainings to a running bot: the schedule, `/support train`, and the verdict in the agents' channel."""

import logging

from bot.control import TrainingControl
from bot.digest import Digest
from bot.kit import Kit
from bot.scheduler import Scheduler
from bot.services import Services
from bot.settings import Settings
from bot.values import Trained

log = logging.getLogger(__name__)


class Learning:
    """Made with the bot, started with it and ended with it.

    Raises:
        UnderstudyError: RETRAIN_CRON, DIGEST_TIME or TIMEZONE cannot be read.
    """

    def __init__(self, settings: Settings, services: Services) -> None:
        self.control = TrainingControl(settings, services.kit.db, services.kit.team, notify=Verdicts(services.kit))
        digest = Digest(services.kit, services.yardsticks, gaps=services.gaps.count)
        self._scheduler = Scheduler(settings, self.control, digest.post)

    def start(self) -> None:
        self._scheduler.start()

    def close(self) -> None:
        """Ends a training that runs; it gives its claim back."""
        self._scheduler.close()
        self.control.close()


class Verdicts:
    """Posts to the agents' channel: plain words first, the figures in the thread under them."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    def __call__(self, words: str, details: str, trained: Trained | None = None) -> None:
        channel = self._kit.people.channel()
        if not channel:
            log.info("nobody to tell, for there is no agents' channel yet: %s", words)
            return
        ts = self._kit.surface.note(channel, "", words)
        if trained is not None:
            self._kit.surface.verdict(channel, ts, details, trained)
        elif details:
            self._kit.surface.note(channel, ts, details)
