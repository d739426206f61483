"""The tour of the page, played as a stranger plays it: whatever it offers is pressed, and it keeps what it promises.

With the first model of the whole starter shop, really trained: what it is sure of is what newcomers see. The sentences
are read from the page, so this fails where the model no longer doubts the one by which the tour shows learning.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.in_browser import in_browser
from tests.e2e.starter_shop import prepared
from tests.workspace.browsing import field, window

pytestmark = [pytest.mark.weights, pytest.mark.browser, pytest.mark.timeout(900)]
SECONDS = 20_000
MEANT = "My item arrived damaged"
"""Title of the intent that the mug in three pieces is about."""


@pytest.fixture(autouse=True)
def fresh_cases() -> None:
    """Not the house of the other modules."""


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Page]:
    shared = tmp_path_factory.getbasetemp().parent
    data = shutil.copytree(prepared(shared, shared / "base-encoder"), tmp_path / "data", symlinks=True)
    with in_browser(data, SECONDS) as one:
        yield one


def offered(page: Page) -> tuple[list[str], list[str]]:
    """What the step at hand offers to ask as a customer, and to write as the agent."""
    texts = page.locator(".step-tries .prompt").all_inner_texts()
    return [each for each in texts if not each.startswith("/")], [each for each in texts if each.startswith("/")]


def press(page: Page, who: Locator, text: str) -> None:
    """Press what the tour offers, and send what it has put into the composer."""
    page.locator(".step-tries").get_by_role("button", name=text, exact=True).click()
    expect(field(who)).to_have_value(text)
    field(who).press("Enter")


def ask(page: Page, mia: Locator, text: str) -> Locator:
    """The same, and the reply; the strip at the bottom tells of it."""
    press(page, mia, text)
    reply = mia.locator(".case").filter(has_text=text).last.locator(".replies .message:not(.streaming)").last
    expect(reply).to_be_visible(timeout=SECONDS)
    reply.locator(".author").click()
    return reply


def facts(page: Page, *names: str) -> list[str]:
    """What the strip says of the chosen message."""
    return [page.locator(f'.underneath [data-fact="{name}"] .fact-value').inner_text() for name in names]


def current(page: Page, title: str) -> None:
    expect(page.locator(".step[aria-current]")).to_contain_text(title)


def test_the_tour_keeps_what_it_promises(page: Page) -> None:
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    current(page, "Ask")
    *questions, strange = offered(page)[0]
    for text in questions:
        ask(page, mia, text)
        assert facts(page, "route") == ["ANSWER"], text
        page.locator(".step", has_text="Ask").click()
    ask(page, mia, strange)
    assert facts(page, "route") == ["OFFER"], "out of scope, and a person is offered"

    page.locator(".step", has_text="Correct").click()
    [unsure], [review] = offered(page)
    ask(page, mia, unsure)
    assert facts(page, "route")[0] in ("CLARIFY", "OFFER"), f"the tour needs another sentence: it is sure of {unsure!r}"
    label(page, alex, review, unsure)

    current(page, "See it learn")
    [again], [train] = offered(page)
    answer = ask(page, mia, again)
    assert facts(page, "route", "intent", "source") == ["ANSWER", "damaged_item", "memory"]
    expect(answer).to_contain_text("photo of the damage")
    current(page, "More")
    page.locator(".step", has_text="See it learn").click()
    press(page, alex, train)
    expect(alex.locator(".ephemeral").last).to_contain_text("Training starts with 1 new label")
    field(alex).fill("/support train cancel")
    field(alex).press("Enter")
    expect(alex.locator(".ephemeral").last).to_contain_text("nothing of it goes live")

    page.locator(".step", has_text="More").click()
    (named, last), [gaps] = offered(page)
    expect(ask(page, mia, named)).to_contain_text("order 10031")
    expect(ask(page, mia, last)).to_contain_text("order 10042")
    press(page, alex, gaps)
    expect(alex.get_by_role("dialog", name="Knowledge gaps")).to_be_visible()
    expect(page.locator(".step.done")).to_have_count(3)


def label(page: Page, alex: Locator, review: str, unsure: str) -> None:
    """Say in the review what was meant; it stands among the first, for it is the most useful one."""
    press(page, alex, review)
    modal = alex.get_by_role("dialog", name="Review")
    expect(modal).to_be_visible()
    # The window opens before its first turn is read, and a pressed button changes before the next one is there: the
    # quoted message alone says which turn it is.
    quoted = modal.locator("blockquote").first
    for _ in range(3):
        expect(quoted).to_be_visible()
        before = quoted.inner_text()
        if unsure in before:
            break
        modal.get_by_role("button", name="Skip").click()
        expect(quoted).not_to_have_text(before)
    expect(quoted).to_contain_text(unsure)
    guesses = modal.get_by_role("button", name=MEANT)
    if guesses.count():
        guesses.first.click()
    else:
        modal.get_by_role("button", name="Other…").click()
        form = alex.get_by_role("dialog", name="Correct this answer")
        form.locator(".picker").click()
        page.keyboard.type(MEANT)
        page.keyboard.press("Enter")
        form.get_by_role("button", name="Correct", exact=True).click()
    expect(modal).not_to_contain_text(unsure)
    expect(modal).to_contain_text(MEANT)
    page.keyboard.press("Escape")
