"""The page's manners in a real browser: what a new message draws, names, contrast."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.workspace.server import Server

from .browsing import open_page, say, window
from .small_app import small_app

pytestmark = pytest.mark.browser


APPEND = """() => {
  const socket = sockets.find((one) => one.url.includes("U0MIA"));
  for (let n = 0; n < 30; n += 1) {
    const ts = `${Math.floor(Date.now() / 1000)}.${900000 + n}`;
    const text = { type: "mrkdwn", text: "An *answer* with <https://x.example|a link>" };
    const blocks = [{ type: "section", block_id: "s", text }];
    const message = { type: "message", ts, user: "U0BOT", bot_id: "B0BOT", text: "x", blocks };
    socket.onmessage({ data: JSON.stringify({ type: "message", channel: "D0MIA", message }) });
  }
}"""
OLD = """() => { window.old = [...document.querySelectorAll('.client[data-user="U0MIA"] .message')]; }"""


def test_a_new_message_draws_none_of_500_again(browser: Browser, ws: Server, client: WebClient) -> None:
    for number in range(500):
        client.chat_postMessage(channel="D0MIA", text=f"message *{number}* with `code` and <https://x.example|a link>")
    page = open_page(browser, ws.url)
    messages = window(page, "U0MIA").locator(".message")
    expect(messages).to_have_count(500)
    page.evaluate(OLD)
    page.evaluate(APPEND)
    expect(messages).to_have_count(530)
    assert page.evaluate("old.every((node) => node.isConnected)"), "the list was drawn again"
    page.context.close()


NAMELESS = """() => [...document.querySelectorAll("button, a, input, textarea, select, [role=tab], [role=region], img")]
  .filter((node) => node.offsetParent && !node.getAttribute("aria-label") && !node.getAttribute("aria-labelledby")
    && !node.labels?.length && !node.textContent.trim() && !node.alt).map((node) => node.outerHTML.slice(0, 200))"""

CONTRAST = """() => {
  const light = (text) => {
    const linear = (x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = text.match(/[\\d.]+/g).map((x) => linear(Number(x) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (/^rgb\\(/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.offsetParent || node.closest("[inert], :disabled, .sr, svg")) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.className} ${node.textContent.slice(0, 40)}`);
  }
  return [...new Set(poor)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_has_a_name_and_enough_contrast(
    browser: Browser, ws: Server, client: WebClient, connected: Callable[[App], SocketModeHandler], scheme: str
) -> None:
    connected(small_app(client))
    page = open_page(browser, ws.url, scheme=scheme)
    mia, alex = window(page, "U0MIA"), window(page, "U0AGENT")
    say(mia, "hello `code` <@U0BOT>")
    mia.locator(".replies").get_by_role("button", name="Talk to a person").click()
    alex.get_by_role("button", name="Correct label").click()
    expect(alex.get_by_role("dialog")).to_be_visible()
    time.sleep(0.4)  # until what fades in has done so
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(CONTRAST) == []
    page.context.close()
