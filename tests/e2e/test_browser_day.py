"""The whole of a day in a real browser: asked, unsure, refused, a person, corrected, trained again, understood.

Everything is clicked and typed in the page; the bot, its model and the training are real.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot import wording
from tests.e2e.in_browser import in_browser
from tests.e2e.small_shop import ANSWER, LESSONS, TAUGHT, TRAINING, learned, questions
from tests.workspace.browsing import say, window

pytestmark = [pytest.mark.weights, pytest.mark.browser]
TORN = ("is my voucher on its way", "my voucher", "thanks, and the card?")
"""Messages between two of the three intents; the first that the model is torn about is used."""
SECONDS = 20_000
EDITED = "It left us this morning."
BETTER = "Two years on everything we sell."


@pytest.fixture(autouse=True)
def fresh_cases() -> None:
    """Not the house of the other modules."""


@pytest.fixture
def page(small_shop: Path) -> Iterator[Page]:
    with in_browser(small_shop, SECONDS) as one:
        yield one


def ask(customer: Locator, text: str) -> Locator:
    """A new message, and the last thing that the bot says in its thread."""
    say(customer, text)
    replies = customer.locator(".case").filter(has_text=text).last.locator(".replies .message:not(.streaming)")
    expect(replies.first).to_be_visible(timeout=SECONDS)
    return replies.last


def fact(page: Page, name: str) -> Locator:
    """What the strip at the bottom says of the newest answer."""
    return page.locator(f'.underneath [data-fact="{name}"] .fact-value')


def front(page: Page, name: str) -> Locator:
    page.get_by_role("tab", name=re.compile(name)).click()
    return window(page, {"Mia": "U0MIA", "Tom": "U0TOM", "Alex": "U0AGENT"}[name])


def test_a_day(page: Page) -> None:
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    began = time.monotonic()
    is_answered(page, mia)
    is_torn(mia)
    is_not_helped(mia, alex)
    is_refused_and_calls_a_person(mia)
    an_agent_takes_over(mia, alex)
    an_agent_corrects(mia, alex)
    others_ask_the_same(page, alex)
    it_is_trained_again(alex)
    the_next_customer_is_understood(page)
    print(f"a day took {time.monotonic() - began:.0f} s")


def is_answered(page: Page, mia: Locator) -> None:
    answer = ask(mia, "where is my parcel??")
    expect(answer).to_contain_text("on its way")
    expect(fact(page, "intent")).to_have_text("order_status")
    expect(fact(page, "intent_version")).to_have_text("v1")
    answer.get_by_role("button", name="This answer helped").click()
    expect(mia.locator(".ephemeral").last).to_contain_text(wording.THANKS)
    expect(page.locator(".step.done")).to_have_count(1)


def is_torn(mia: Locator) -> None:
    for text in TORN:
        reply = ask(mia, text)
        if reply.get_by_role("button", name="None of these").count():
            expect(reply).to_contain_text("Did you mean")
            reply.get_by_role("button", name="Where is my order?").click()
            expect(reply.get_by_role("button", name="None of these")).to_have_count(0)
            expect(reply).to_contain_text("on its way")
            return
    raise AssertionError(f"sure of all of {TORN}")


def is_not_helped(mia: Locator, alex: Locator) -> None:
    """She says why, and an agent puts other words where the answer stands.

    The message is one that the model has learned from: what is learned from the edit changes nothing for the training.
    """
    reply = ask(mia, learned())
    expect(reply).to_contain_text("on its way")
    reply.get_by_role("button", name="This answer did not help").click()
    why = mia.get_by_role("dialog", name="What went wrong?")
    why.get_by_label("It is out of date").check()
    why.get_by_role("button", name="Send").click()
    card = alex.locator(".message", has_text="It is out of date").last
    card.get_by_role("button", name="Edit answer").click()
    modal = alex.get_by_role("dialog", name="Edit the answer")
    expect(modal).to_contain_text("It is out of date")
    modal.get_by_label("Answer", exact=True).fill(EDITED)
    modal.get_by_role("button", name="Send").click()
    answer = mia.locator(".case").last.locator(".replies .message").first
    expect(answer).to_contain_text(EDITED)
    expect(answer).not_to_contain_text("on its way")


def is_refused_and_calls_a_person(mia: Locator) -> None:
    reply = ask(mia, questions()[0])
    expect(reply).to_contain_text(wording.OFFER)
    reply.get_by_role("button", name="Talk to a person").click()
    expect(mia.locator(".case").last).to_contain_text(wording.HANDOFF)


def an_agent_takes_over(mia: Locator, alex: Locator) -> None:
    card = alex.locator(".message", has_text=questions()[0]).last
    card.get_by_role("button", name="Take it").click()
    expect(mia.locator(".case").last).to_contain_text("Alex Reed has your request now")
    expect(card).to_contain_text("taken by @Alex Reed")
    card.get_by_role("button", name="Write to customer").click()
    modal = alex.get_by_role("dialog", name="Write to the customer")
    modal.get_by_label("Your words").fill("I look it up, one moment.")
    modal.get_by_role("button", name="Send").click()
    expect(mia.locator(".case").last).to_contain_text("Alex Reed: I look it up, one moment.")
    expect(modal).to_have_count(0)


def an_agent_corrects(mia: Locator, alex: Locator) -> None:
    card = alex.locator(".message", has_text=questions()[0]).last
    card.get_by_role("button", name="Correct label").click()
    modal = alex.get_by_role("dialog", name="Correct this answer")
    modal.locator(".picker").click()
    alex.page.keyboard.type(TAUGHT)
    expect(alex.page.get_by_role("option")).to_have_count(1)
    alex.page.keyboard.press("Enter")
    modal.get_by_label("A better answer").fill(BETTER)
    modal.get_by_role("button", name="Correct", exact=True).click()
    expect(modal).to_have_count(0)
    expect(card).to_contain_text(TAUGHT)
    expect(card.get_by_role("button", name="Edit answer")).to_have_count(0)
    corrected = alex.locator(".ephemeral").last
    expect(corrected).to_contain_text("Warranty")
    corrected.get_by_role("button", name="Reply with the right answer now").click()
    expect(mia.locator(".case").last).to_contain_text(BETTER)

    card.get_by_role("button", name="More choices").click()
    alex.page.get_by_role("menuitem", name="Resolve").click()
    expect(mia.locator(".case").last).to_contain_text(wording.RESOLVED)
    expect(card).to_contain_text("resolved")


def others_ask_the_same(page: Page, alex: Locator) -> None:
    tom, turn = front(page, "Tom"), ""
    for text in questions()[1:LESSONS]:
        ask(tom, text).locator(".author").click()
        expect(fact(page, "turn_id")).not_to_have_text(turn)
        turn = fact(page, "turn_id").inner_text()
        say(alex, f"/relabel {turn} {TAUGHT}")
        expect(alex.locator(".ephemeral", has_text=f"Turn {turn}:")).to_contain_text("Warranty")


def it_is_trained_again(alex: Locator) -> None:
    say(alex, "/support train now")
    expect(alex.locator(".message", has_text="v2 is live.").first).to_be_visible(timeout=TRAINING * 1000)


def the_next_customer_is_understood(page: Page) -> None:
    """In words that nobody has corrected: it is the new model that understands, not the memory."""
    tom, seen = front(page, "Tom"), []
    for text in questions()[LESSONS:]:
        answer = ask(tom, text)
        answer.locator(".author").click()
        expect(fact(page, "intent_version")).to_have_text("v2")
        seen.append([fact(page, name).inner_text() for name in ("intent", "route")])
        if seen[-1] == [TAUGHT, "ANSWER"]:
            expect(answer).to_contain_text(ANSWER)
            return
    raise AssertionError(f"understood none of them: {seen}")
