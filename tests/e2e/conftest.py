"""A real bot in a real local workspace, over real sockets; once for each module."""

import json
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bot, build
from bot.models import Models
from bot.settings import Settings
from bot.workspace.hands import Hands
from bot.workspace.server import Server
from storage.conversations import Conversations
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

    def faults(self, **chosen: Any) -> None:
        """Switch faults of the workspace on or off."""
        asked = urllib.request.Request(
            f"{self.server.url}/ui/faults", json.dumps(chosen).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert answer.status == 200

    def heard(self, who: Hands) -> Callable[[], list[str]]:
        """What this person alone is told from now on."""
        before = len(who.ephemerals())
        return lambda: [one["text"] for one in who.ephemerals()[before:]]

    def settle(self) -> None:
        """Wait until the workers have nothing left to do."""
        assert self.bot.services.workers.drain(10)


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for what no event of the workspace tells."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def shown(message: dict[str, Any]) -> str:
    """Everything that a message or view shows."""
    return json.dumps(message.get("blocks", []), ensure_ascii=False)


def element(message: dict[str, Any], action_id: str) -> dict[str, Any]:
    """The interactive element of that id, wherever it stands."""
    for block in message["blocks"]:
        for each in [*block.get("elements", []), block.get("accessory") or {}]:
            if each.get("action_id") == action_id:
                return dict(each)
    raise AssertionError(f"no {action_id} in {shown(message)}")


def options(message: dict[str, Any], action_id: str) -> list[str]:
    """Values of a menu, or of the two feedback buttons, in their order."""
    found = element(message, action_id)
    if found["type"] == "feedback_buttons":
        return [found["positive_button"]["value"], found["negative_button"]["value"]]
    return [each["value"] for each in found["options"]]


@pytest.fixture(autouse=True)
def fresh_cases(house: House) -> Iterator[None]:
    """No case of an earlier test waits for a person: in direct messages a new message would join it."""
    yield
    with house.bot.services.kit.db.writing() as session:
        cases = Conversations(session)
        for case in cases.in_state({"waiting", "human"}):
            cases.move(case.id, expected={"waiting", "human"}, to="closed")


def settings_for(server: Server, home: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=server.bot_token,  # type: ignore[arg-type]
        slack_app_token=server.app_token,  # type: ignore[arg-type]
        slack_api_url=server.api_url,
        data_dir=home,
        burst_seconds=0,  # unless a test asks for them: tests send messages faster than people do
    )


def seed(bot: Bot) -> None:
    with bot.services.kit.db.writing() as session:
        for intent in INTENTS:
            Intents(session, bot.identity.team).upsert(intent, "starter")
    bot.services.kit.catalogue.forget()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("house")) as made:
        yield made


@contextmanager
def a_house(
    home: Path, known: Callable[[Settings, Models], Models] = lambda _, models: models, **more: object
) -> Iterator[House]:
    """Workspace, bot and people.

    Args:
        known: gives the models other parts, such as a knowledge base.
        more: settings of the bot other than the defaults.
    """
    models, classifier = fake_models()
    with Server(port=0, manifest=MANIFEST) as server:
        settings = settings_for(server, home).model_copy(update=more)
        bot = build(settings, models=known(settings, models), lease_seconds=1.0, sweep_seconds=0.5)
        seed(bot)
        bot.start()
        try:
            with Hands(server, "U0MIA") as mia, Hands(server, "U0TOM") as tom, Hands(server, "U0AGENT") as alex:
                yield House(server, bot, classifier, mia, tom, alex)
        finally:
            bot.close()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a first version, trained once; not to be changed."""
    from tests.e2e.small_shop import first_version

    data = tmp_path_factory.mktemp("trained")
    first_version(data, tmp_path_factory.getbasetemp().parent / "base-encoder")
    return data


@pytest.fixture(scope="module")
def small_shop(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it for one module."""
    return shutil.copytree(trained, tmp_path_factory.mktemp("shop") / "data", symlinks=True)
