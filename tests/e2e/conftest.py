"""A real bot in a real local workspace, over real sockets; once for each module."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bot, build
from bot.settings import Settings
from bot.workspace.hands import Hands
from bot.workspace.server import Server
from storage.intents import Intents
from tests.bot.fakes import INTENTS, FakeClassifier, fake_models

MANIFEST = Path(__file__).parents[2] / "manifest.json"


@dataclass
class House:
    """The workspace, the bot in it, and what its people do."""

    server: Server
    bot: Bot
    classifier: FakeClassifier
    mia: Hands
    tom: Hands
    alex: Hands

    def ask(self, who: Hands, text: str, thread_ts: str | None = None) -> str:
        return who.say(who.dm, text, thread_ts)

    def answer(self, who: Hands, text: str) -> dict[str, Any]:
        """Ask in a new thread of the direct messages; gives the reply."""
        return who.wait_reply(who.dm, self.ask(who, text))

    def card(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return self.alex.wait_message(lambda one: one["channel"] == "C0AGENTS" and "bot_id" in one and holds(one))

    def settle(self) -> None:
        """Wait until the workers have nothing left to do."""
        assert self.bot.services.workers.drain(10)


def settings_for(server: Server, home: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=server.bot_token,  # type: ignore[arg-type]
        slack_app_token=server.app_token,  # type: ignore[arg-type]
        slack_api_url=server.api_url,
        data_dir=home,
    )


def seed(bot: Bot) -> None:
    with bot.services.kit.db.writing() as session:
        for intent in INTENTS:
            Intents(session, bot.identity.team).upsert(intent, "starter")
    bot.services.kit.catalogue.forget()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    models, classifier = fake_models()
    with Server(port=0, manifest=MANIFEST) as server:
        bot = build(settings_for(server, home), models=models, lease_seconds=1.0, sweep_seconds=0.5)
        seed(bot)
        bot.start()
        try:
            with Hands(server, "U0MIA") as mia, Hands(server, "U0TOM") as tom, Hands(server, "U0AGENT") as alex:
                yield House(server, bot, classifier, mia, tom, alex)
        finally:
            bot.close()
