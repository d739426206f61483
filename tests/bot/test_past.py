"""What the bot has just asked, and for how long a message is the answer to it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import wording
from bot.past import ANSWERED_WITHIN
from storage.tables import turns, utcnow
from tests.bot.conftest import Office
from tests.bot.shop import a_shop

TOM = {"user": "UTOM", "channel": "DTOM"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Office]:
    office = a_shop(tmp_path)
    yield office
    office.kit.db.close()


def ago(shop: Office, passed: timedelta) -> None:
    """All that was written so far was written so much earlier."""
    shop.clock.now = utcnow()
    with shop.kit.db.writing() as session:
        for turn in session.execute(turns.select()).all():
            session.execute(update(turns).where(turns.c.id == turn.id).values(created_at=turn.created_at - passed))


@pytest.mark.parametrize(
    ("question", "asked", "answer"),
    [("where is my parcel?", wording.WHICH_ORDER, "the lamp one"), ("what is love", wording.OFFER, "yes please")],
)
@pytest.mark.parametrize("late", [False, True])
def test_beside_its_thread_a_question_is_answered_for_half_an_hour(
    shop: Office, question: str, asked: str, answer: str, late: bool
) -> None:
    shop.ask(question, **TOM)
    assert shop.surface.texts() == [asked]
    ago(shop, ANSWERED_WITHIN + timedelta(seconds=1 if late else -60))
    assert (shop.turn(shop.ask(answer, **TOM)).route in ("ANSWER", "HANDOFF")) is not late


@pytest.mark.parametrize("answer", ["the lamp one", "yes please"])
def test_nobody_answers_what_was_asked_elsewhere(shop: Office, answer: str) -> None:
    shop.ask("where is my parcel?", user="UTOM", channel="DOTHER")
    shop.ask("what is love", user="UTOM", channel="DOTHER")
    assert shop.turn(shop.ask(answer, **TOM)).route not in ("ANSWER", "HANDOFF")
