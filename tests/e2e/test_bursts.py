"""A request in pieces, through sockets."""

from collections.abc import Iterator

import pytest

from bot import wording
from tests.e2e.conftest import House, a_house, shown, until
from tests.e2e.test_day import turn_of

SAID = ("hi", "i have a question", "about the mugs", "10042", "has it come", "??", "the parcel i mean")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("bursts"), burst_seconds=2.0) as made:
        yield made


def test_a_clear_message_is_not_held(house: House) -> None:
    """Were it held, what follows it at once would have joined it: they would have one answer."""
    parcel, refund = house.ask(house.mia, "where is my parcel?"), house.ask(house.mia, "where is my refund?")
    assert "on its way" in house.mia.wait_reply(house.mia.dm, parcel)["text"]
    assert "Five working days" in house.mia.wait_reply(house.mia.dm, refund)["text"]


def test_seven_messages_have_one_reply_and_agents_see_all_words(house: House) -> None:
    sent = [house.ask(house.tom, words) for words in SAID]
    # Deliveries overtake each other now and then: the first that arrives has the answer.
    reply = house.tom.wait_message(lambda one: one.get("thread_ts") in sent and "bot_id" in one)
    assert "on its way" in reply["text"]
    services = house.bot.services
    until(lambda: services.desk.unfinished() == [])
    said = [one for ts in sent for one in house.tom.messages(house.tom.dm, ts) if "bot_id" in one]
    assert [one["ts"] for one in said] == [reply["ts"]]
    first = turn_of(house, house.tom.dm, reply["thread_ts"])
    assert sorted(services.kit.words(first).splitlines()) == sorted(SAID)
    services.followups.person(first.conversation_id, first.id, "U0TOM")
    card = house.card(lambda one: "the parcel i mean" in shown(one))
    assert all(words in shown(card) for words in SAID)


def test_what_says_little_is_answered_after_the_quiet_time(house: House) -> None:
    sent = house.ask(house.alex, "breakfast")
    assert wording.OFFER in house.alex.wait_reply(house.alex.dm, sent)["text"]
