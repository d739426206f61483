"""A workspace that nobody has set up: the bot answers nobody, tells an admin, and is set up in a modal."""

import time

from bot.listeners import ids
from bot.people import AGENTS_CHANNEL, OWNERS
from storage.keyvalues import KeyValues
from tests.e2e.conftest import House


def test_from_silence_to_answers(house: House) -> None:
    people = house.bot.services.kit.people
    with house.bot.services.kit.db.writing() as session:
        values = KeyValues(session, house.bot.identity.team)
        values.delete(AGENTS_CHANNEL)
        values.delete(OWNERS)
    people.forget()
    house.ask(house.mia, "where is my parcel")
    asked = house.ask(house.alex, "hello")
    told = house.alex.wait_reply(house.alex.dm, asked)
    assert "/support setup" in told["text"]
    time.sleep(0.2)
    assert all("bot_id" not in one for one in house.mia.messages(house.mia.dm))

    heard = house.heard(house.mia)
    house.mia.command("/support setup")
    house.mia.wait(lambda: any("Only workspace admins" in text for text in heard()), 10, "a refusal")

    house.alex.command("/support setup")
    view = house.alex.wait_view(callback_id=ids.SETUP_VIEW)
    values = {ids.CHANNEL_BLOCK: "C0HELP", ids.OWNERS_BLOCK: ["U0AGENT"], ids.MODE_BLOCK: "automatic"}
    assert "private" in house.alex.submit(view, values)["errors"][ids.CHANNEL_BLOCK]
    assert house.alex.submit(view, values | {ids.CHANNEL_BLOCK: "C0AGENTS"})["action"] == "close"
    house.card(lambda one: "has set me up" in one["text"])
    assert people.owners() == ("U0AGENT",)
    assert "on its way" in house.answer(house.mia, "where is my parcel")["text"]
