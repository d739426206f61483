"""What agents do from a message's menu, through the socket, with a small model that is really trained."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import wording
from bot.manifest import EXPLAIN_SHORTCUT
from model.classifier import IntentClassifier
from tests.bot.test_explaining import folder  # noqa: F401
from tests.e2e.conftest import House, a_house, shown
from tests.model.conftest import tiny_base  # noqa: F401


@pytest.fixture(scope="module")
def house(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:  # noqa: F811
    live = IntentClassifier.load(folder)
    known = lambda _, models: replace(models, classifier=lambda: live)  # noqa: E731
    with a_house(tmp_path_factory.mktemp("house"), known) as made:
        yield made


def test_why_an_answer_is_told_from_the_menu_of_the_answer_and_of_the_question(house: House) -> None:
    ts = house.tom.say("C0HELP", "@Understudy where is my parcel")
    reply = house.tom.wait_reply("C0HELP", ts)
    for each in (reply["ts"], ts):
        house.alex.shortcut(EXPLAIN_SHORTCUT, "C0HELP", each)
        view = house.alex.wait(lambda: next((v for v in house.alex.views if "Why turn" in shown(v)), None), 10, "why")
        assert "Version v2" in shown(view)
        assert "Nearest of the messages it learned from" in shown(view)
        house.alex.close_view(view)
    house.tom.shortcut(EXPLAIN_SHORTCUT, "C0HELP", reply["ts"])
    view = house.tom.wait_view()
    assert wording.ONLY_AGENTS in shown(view)
    house.tom.close_view(view)
