"""The list goes where one's eyes are: to what one has asked for, and nothing is cut off on the way."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_sdk import WebClient

from bot.workspace.server import Server

from .browsing import field, open_page, say, window

pytestmark = pytest.mark.browser
TALL = "\n".join(f"line {number}" for number in range(80))


def test_after_a_tall_answer_the_next_command_has_its_answer_in_sight(page: Page) -> None:
    alex = window(page, "U0AGENT")
    say(alex, f"/support {TALL.replace(chr(10), ' and a good many words more ')}")
    expect(alex.locator(".ephemeral")).to_have_count(1)
    say(alex, "/support once more")
    expect(alex.locator(".ephemeral").last).to_contain_text("You said: once more")
    expect(alex.locator(".ephemeral").last).to_be_in_viewport(ratio=1)
    expect(alex.locator(".pill")).to_be_hidden()
    expect(alex.locator(".place[aria-current] .badge")).to_have_count(0)


def test_what_is_read_aloud_is_what_is_drawn(page: Page, client: WebClient) -> None:
    words = "*Turn 4:* see <https://example.com/a|the case> _of_ <@U0MIA>\nFish &amp; chips"
    client.chat_postMessage(channel="C0AGENTS", text=words)
    spoken = window(page, "U0AGENT").locator("[aria-live=polite].sr")
    expect(spoken).to_have_text("Understudy: Turn 4: see the case of @Mia Chen Fish & chips")


def test_behind_ones_own_tall_message_the_answer_is_in_sight(page: Page) -> None:
    mia = window(page, "U0MIA")
    say(mia, TALL)
    expect(mia.locator(".replies .message")).to_be_in_viewport()
    expect(mia.locator(".pill")).to_be_hidden()


def test_a_tall_message_of_somebody_else_is_read_from_its_beginning(page: Page, client: WebClient) -> None:
    client.chat_postMessage(channel="C0AGENTS", text=f"the beginning\n{TALL}")
    alex = window(page, "U0AGENT")
    expect(alex.locator(".message").last).to_contain_text("line 79")
    message, listed = (alex.locator(part).last.bounding_box() for part in (".message", ".messages"))
    assert message is not None
    assert listed is not None
    assert listed["y"] - 8 <= message["y"] <= listed["y"] + 60


@pytest.mark.parametrize("size", [(1440, 900), (420, 800)], ids=["wide", "narrow"])
def test_the_composer_of_a_window_that_comes_forward_is_whole(
    browser: Browser, ws: Server, size: tuple[int, int]
) -> None:
    page = open_page(browser, ws.url, *size)
    one = page.get_by_role("tab", name="Mia")
    height = field(window(page, "U0MIA")).evaluate("one => one.clientHeight")
    page.get_by_role("tab", name="Tom Okafor").click()
    expect(one).to_have_attribute("aria-selected", "false")
    field_of_tom = field(window(page, "U0TOM"))
    assert field_of_tom.evaluate("one => one.clientHeight") == height
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, 390, 420, 768, 900, 1024])
def test_nothing_of_the_bar_is_out_of_the_screen(browser: Browser, ws: Server, width: int) -> None:
    page = open_page(browser, ws.url, width, 800)
    for shown in page.locator(".bar button:visible").all():
        box = shown.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width, shown.get_attribute("aria-label") or shown.inner_text()
    page.context.close()


def test_what_the_bot_keeps_for_itself_is_not_shown_underneath(page: Page, client: WebClient) -> None:
    say(window(page, "U0MIA"), "where is my parcel??")
    strip = page.locator(".underneath")
    expect(strip).to_contain_text("delivery_status")
    kept = {"event_type": "notice", "event_payload": {"mark": "18-2-taken"}}
    client.chat_postMessage(channel="D0MIA", text="Alex has your request.", metadata=kept)
    expect(window(page, "U0MIA").locator(".message").last).to_contain_text("Alex has your request.")
    expect(strip).to_contain_text("delivery_status")
    expect(strip).not_to_contain_text("18-2-taken")


def test_what_names_a_turn_alone_leaves_underneath_what_stands_there(page: Page, client: WebClient) -> None:
    mia, strip = window(page, "U0MIA"), page.locator(".underneath")
    say(mia, "where is my parcel??")
    expect(strip).to_contain_text("delivery_status")
    kept = {"event_type": "understudy_turn", "event_payload": {"turn_id": 11}}
    client.chat_postMessage(channel="D0MIA", text="Sent by Alex.", metadata=kept)
    expect(mia.locator(".message").last).to_contain_text("Sent by Alex.")
    expect(strip).to_contain_text("delivery_status")
    page.reload()
    expect(strip).to_contain_text("delivery_status")
    window(page, "U0MIA").locator(".message").last.click()
    expect(strip).to_contain_text("11")
    expect(strip).not_to_contain_text("delivery_status")


def test_what_is_said_to_one_alone_stands_on_the_line_of_the_time(page: Page) -> None:
    alex = window(page, "U0AGENT")
    say(alex, "/support status")
    head = alex.locator(".ephemeral .message-head")
    time, alone = (head.locator(part).bounding_box() for part in (".time", ".only-you"))
    assert time is not None
    assert alone is not None
    assert abs(time["y"] + time["height"] - alone["y"] - alone["height"]) <= 1.5


def test_a_click_that_labels_is_a_step_of_the_tour(page: Page, client: WebClient) -> None:
    say(window(page, "U0MIA"), "where is my parcel??")
    current = page.locator(".step[aria-current]")
    expect(current).to_contain_text("Correct")
    button = {"type": "button", "text": {"type": "plain_text", "text": "Right"}, "action_id": "card_right"}
    other = {"type": "button", "text": {"type": "plain_text", "text": "Take it"}, "action_id": "card_take"}
    client.chat_postMessage(
        channel="C0AGENTS", text="a card", blocks=[{"type": "actions", "elements": [other, button]}]
    )
    alex = window(page, "U0AGENT")
    alex.get_by_role("button", name="Take it").click()
    expect(current).to_contain_text("Correct")
    alex.get_by_role("button", name="Right").click()
    expect(current).to_contain_text("See it learn")


def test_the_tour_says_why_the_bot_is_silent_while_a_person_has_mias_request(page: Page, client: WebClient) -> None:
    mia, text = window(page, "U0MIA"), page.locator(".step-text")
    say(mia, "where is my parcel??")
    expect(mia.locator(".replies .message")).to_be_visible()
    why = "A person has Mia's request"
    expect(text).not_to_contain_text(why)
    for said in ("Alex Moreno has your request now and will answer here.", "*Alex Moreno:* It left today."):
        client.chat_postMessage(channel="D0TOM", text=said)
        expect(text).not_to_contain_text(why)
        client.chat_postMessage(channel="D0MIA", text=said)
        expect(text).to_contain_text(why)
        page.reload()
        expect(text).to_contain_text(why)
        client.chat_postMessage(channel="D0MIA", text="I am the bot again: ask me anything, or call a colleague.")
        expect(text).not_to_contain_text(why)


@pytest.mark.parametrize(
    ("action", "form", "counts"),
    [
        ({"do": "submit"}, "relabel", True),
        ({"do": "submit"}, "edit_answer", True),
        ({"do": "submit"}, "narrow_review", False),
        ({"do": "submit"}, "config", False),
        ({"do": "submit"}, "write_to_customer", False),
        ({"do": "click", "action_id": "review_pick_1", "value": "7|refund"}, "", True),
        ({"do": "click", "action_id": "review_skip", "value": "7"}, "", False),
        ({"do": "click", "action_id": "card_more", "value": "oos|7|0"}, "", True),
        ({"do": "click", "action_id": "card_more", "value": "resolve|7"}, "", False),
    ],
)
def test_what_counts_as_a_correction(page: Page, action: dict[str, str], form: str, counts: bool) -> None:
    labels = """async ([action, form]) => (await import("/page/tour.js")).labels(action, form)"""
    assert page.evaluate(labels, [action, form]) is counts


def send(alex: Locator, command: str, title: str) -> None:
    """Fill in the form that a command opens, and send it."""
    say(alex, command)
    modal = alex.get_by_role("dialog", name=title)
    modal.locator(".picker").click()
    alex.page.get_by_role("option", name="refund_status").click()
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_have_count(0)


def test_only_a_form_that_corrects_is_a_step_of_the_tour_and_a_reload_forgets_none(page: Page) -> None:
    say(window(page, "U0MIA"), "where is my parcel??")
    current = page.locator(".step[aria-current]")
    expect(current).to_contain_text("Correct")
    send(window(page, "U0AGENT"), "/support config", "Modes")
    expect(current).to_contain_text("Correct")
    send(window(page, "U0AGENT"), "/support modal", "Correct this answer")
    expect(current).to_contain_text("See it learn")
    page.reload()
    expect(current).to_contain_text("See it learn")
    expect(page.locator(".step.done")).to_have_count(2)
    page.locator(".step", has_text="Ask").click()
    page.reload()
    expect(page.locator(".step.done")).to_have_count(2)
    expect(current).to_contain_text("Ask")


def test_another_workspace_at_the_same_address_begins_at_the_first_step(page: Page) -> None:
    page.evaluate("""localStorage["understudy.tour.done"] = '{"at": 2, "done": [true, true, false, false]}'""")
    page.reload()
    expect(window(page, "U0MIA").locator(".place").first).to_be_visible()
    expect(page.locator(".step.done")).to_have_count(0)
    say(window(page, "U0MIA"), "where is my parcel??")
    expect(page.locator(".step[aria-current]")).to_contain_text("Correct")
    page.reload()
    expect(page.locator(".step.done")).to_have_count(1)


def test_a_deleted_question_leaves_no_nameless_rest(page: Page, client: WebClient) -> None:
    mia = window(page, "U0MIA")
    say(mia, "the one that goes")
    reply = mia.locator(".replies .message")
    expect(reply).to_be_visible()
    mia.locator(".root .message").hover()
    mia.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.keyboard.press("Enter")
    root = mia.locator(".root .message")
    expect(root).to_contain_text("This message was deleted.")
    expect(root).not_to_contain_text("unknown")
    client.chat_delete(channel="D0MIA", ts=str(reply.get_attribute("data-ts")))
    expect(mia.locator(".case")).to_have_count(0)


def test_a_link_in_a_window_that_only_says_something_closes_it(page: Page, client: WebClient) -> None:
    mia = window(page, "U0MIA")
    said = client.chat_postMessage(channel="C0HELP", text="the place that is meant")
    link = client.chat_getPermalink(channel="C0HELP", message_ts=said["ts"])["permalink"]
    say(mia, f"/support window {link}")
    dialog = mia.get_by_role("dialog", name="Done")
    dialog.get_by_role("link", name="there").click()
    expect(dialog).to_have_count(0)
    expect(mia.locator(".message", has_text="the place that is meant")).to_be_in_viewport()
