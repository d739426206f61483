"""The desk on Slack: every message leaves here, escaped, with `text` beside its blocks, without unfurling."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import text, wording
from bot.listeners import blocks, cards, home_view
from bot.values import Asked, Card, Kept, Person, Said, Trained

log = logging.getLogger(__name__)
PERSON_SECONDS = 600.0
TICK = "white_check_mark"
SEEN = "eyes"


class SlackSurface:
    """Implements bot.surface.Surface. Thread-safe, as WebClient is."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._people: dict[str, tuple[float, Person]] = {}
        self._links: dict[tuple[str, str], str] = {}
        self._thinking: set[tuple[str, str]] = set()

    def thinking(self, channel: str, thread: str, on: bool) -> None:
        key = (channel, thread)
        with self._lock:
            if on == (key in self._thinking):
                return  # shown already, or a reply has cleared it
            self._thinking.add(key) if on else self._thinking.discard(key)
        try:
            status = wording.THINKING if on else ""
            self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status)
        except Exception as error:
            log.info("no status in %s: %s", channel, error)

    def say(self, channel: str, thread: str, said: Said) -> str:
        posted = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread or None,
            text=blocks.fallback(said),
            blocks=blocks.reply(said),
            metadata=blocks.metadata(said),
            unfurl_links=False,
            unfurl_media=False,
        )
        with self._lock:
            self._thinking.discard((channel, thread))
        return str(posted["ts"])

    def begin(self, channel: str, thread: str, customer: str, customer_team: str, words: str) -> str:
        begun = self._client.chat_startStream(
            channel=channel,
            thread_ts=thread,
            recipient_user_id=customer,
            recipient_team_id=customer_team or None,
            markdown_text=text.escape(words),
        )
        return str(begun["ts"])

    def grow(self, channel: str, ts: str, words: str) -> None:
        self._client.chat_appendStream(channel=channel, ts=ts, markdown_text=text.escape(words))

    def end(self, channel: str, ts: str, said: Said | None, rest: str) -> None:
        self._client.chat_stopStream(
            channel=channel,
            ts=ts,
            markdown_text=text.escape(rest) or None,
            blocks=blocks.beneath(said) if said is not None else None,
            metadata=blocks.metadata(said) if said is not None else None,
        )

    def change(self, channel: str, ts: str, said: Said) -> None:
        self._client.chat_update(
            channel=channel,
            ts=ts,
            text=blocks.fallback(said),
            blocks=blocks.reply(said),
            metadata=blocks.metadata(said),
        )

    def remove(self, channel: str, ts: str) -> None:
        try:
            self._client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if error.response.get("error") != "message_not_found":
                raise

    def find(self, channel: str, thread: str, turn_id: int) -> str:
        return self._kept(channel, thread, blocks.EVENT_TYPE, "turn_id", turn_id)

    def marked(self, channel: str, thread: str, mark: str) -> str:
        return self._kept(channel, thread, blocks.NOTICE_TYPE, "mark", mark)

    def whisper(self, channel: str, user: str, thread: str, words: str) -> None:
        self._private(channel, user, thread, words, None)

    def tick(self, channel: str, ts: str, on: bool = True) -> None:
        self._react(channel, ts, TICK, on)

    def seen(self, channel: str, ts: str) -> None:
        self._react(channel, ts, SEEN, True)

    def _react(self, channel: str, ts: str, name: str, on: bool) -> None:
        change = self._client.reactions_add if on else self._client.reactions_remove
        try:
            change(channel=channel, timestamp=ts, name=name)
        except Exception as error:
            log.info("no %s on %s in %s: %s", name, ts, channel, error)

    def show_mine(self, channel: str, user: str, thread: str, asked: Sequence[Asked], kept: Kept) -> None:
        drawn = home_view.mine(asked, kept)
        if not channel.startswith("D"):
            self._private(channel, user, thread, home_view.MINE, drawn)
            return
        # Nobody else reads direct messages, and there a message stays where an ephemeral one is gone at a reload.
        self._client.chat_postMessage(channel=channel, thread_ts=thread or None, text=home_view.MINE, blocks=drawn)

    def note(self, channel: str, thread: str, words: str, mark: str = "") -> str:
        posted = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread or None,
            # Nobody follows the thread of a card that nobody has taken: in the channel it is seen.
            reply_broadcast=True if mark and thread else None,
            text=words[:3900],
            metadata=blocks.marked(mark) if mark else None,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(posted["ts"])

    def verdict(self, channel: str, thread: str, words: str, trained: Trained) -> str:
        posted = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=words[:3900],
            blocks=blocks.verdict(words, trained),
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(posted["ts"])

    def digest(self, channel: str, lines: Sequence[str], to_review: int) -> None:
        drawn = blocks.digest(lines, to_review)
        words = lines[1] if len(lines) > 1 else lines[0]
        self._client.chat_postMessage(channel=channel, text=words[:3900], blocks=drawn, unfurl_links=False)

    def show_card(self, channel: str, ts: str, card: Card) -> str:
        drawn = cards.card(card)
        try:
            return self._show_card(channel, ts, card, drawn)
        except SlackApiError as error:
            words = [block for block in drawn if block["type"] != "image"]
            if error.response.get("error") != "invalid_blocks" or len(words) == len(drawn):
                raise
        # A picture that was taken back, or that this workspace does not let the bot show: the link is on the card.
        log.info("the card of case %s is shown without its pictures", card.case_id)
        return self._show_card(channel, ts, card, words)

    def _show_card(self, channel: str, ts: str, card: Card, blocks: list[dict[str, Any]]) -> str:
        drawn: dict[str, Any] = {"text": cards.fallback(card), "blocks": blocks}
        if ts:
            try:
                self._client.chat_update(channel=channel, ts=ts, **drawn)
                return ts
            except SlackApiError as error:
                if error.response.get("error") not in ("message_not_found", "channel_not_found"):
                    raise
        posted = self._client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **drawn)
        return str(posted["ts"])

    def ask_takeover(self, channel: str, thread: str, agent: str, case_id: int, customer: str) -> None:
        words = "You have taken this request over. Keep it, or give it back to the bot?"
        self._private(channel, agent, thread, words, blocks.takeover(case_id, customer))

    def offer_sending(self, channel: str, thread: str, agent: str, case_id: int, ts: str) -> None:
        self._private(channel, agent, thread, "This stays among agents.", blocks.sending(case_id, ts))

    def read(self, channel: str, thread: str, ts: str) -> str:
        found = self._client.conversations_replies(
            channel=channel, ts=thread, oldest=ts, latest=ts, inclusive=True, limit=10
        )
        # The thread's root comes with it, whatever was asked for.
        return next((str(it.get("text") or "") for it in found.get("messages") or [] if it.get("ts") == ts), "")

    def offer_answer(
        self, channel: str, thread: str, agent: str, turn_id: int, words: str, correction_id: int = 0
    ) -> None:
        self._private(channel, agent, thread, words, blocks.answer_now(turn_id, words, correction_id))

    def corrected(self, channel: str, thread: str, agent: str, correction_id: int, words: str) -> None:
        self._private(channel, agent, thread, words, blocks.corrected(correction_id, words))

    def hand_file(self, user: str, name: str, content: str, title: str) -> None:
        channel = str(self._client.conversations_open(users=[user])["channel"]["id"])
        self._client.files_upload_v2(channel=channel, content=content, filename=name, title=title)

    def link(self, channel: str, ts: str) -> str:
        key = (channel, ts)
        if key not in self._links:
            try:
                found = str(self._client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
            except SlackApiError as error:
                log.info("no permalink of %s: %s", ts, error.response.get("error"))
                return ""
            with self._lock:
                if len(self._links) > 5000:
                    self._links.clear()
                self._links[key] = found
        return self._links[key]

    def person(self, user: str) -> Person:
        now = time.monotonic()
        kept = self._people.get(user)
        if kept is not None and now - kept[0] < PERSON_SECONDS:
            return kept[1]
        try:
            found = _person(self._client.users_info(user=user)["user"])
        except SlackApiError as error:
            log.info("nothing known of %s: %s", user, error.response.get("error"))
            return Person(user)
        with self._lock:
            if len(self._people) > 5000:
                self._people.clear()
            self._people[user] = (now, found)
        return found

    def members(self, channel: str) -> Sequence[str]:
        found: list[str] = []
        cursor = ""
        for _ in range(50):
            page = self._client.conversations_members(channel=channel, limit=200, cursor=cursor or None)
            found += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return found

    def _kept(self, channel: str, thread: str, event_type: str, key: str, value: object) -> str:
        """The ts of our own message in a thread whose metadata says so, or empty."""
        try:
            found = self._client.conversations_replies(channel=channel, ts=thread, include_all_metadata=True, limit=200)
        except SlackApiError as error:
            log.warning("could not look for %s %s: %s", key, value, error.response.get("error"))
            return ""
        for message in found.get("messages") or []:
            kept = message.get("metadata") or {}
            mine = kept.get("event_type") == event_type and message.get("bot_id")
            if mine and (kept.get("event_payload") or {}).get(key) == value:
                return str(message["ts"])
        return ""

    def _private(self, channel: str, user: str, thread: str, words: str, drawn: list[dict[str, Any]] | None) -> None:
        # An ephemeral message may not arrive anyway; failing to send one must not undo what it tells of.
        try:
            self._client.chat_postEphemeral(
                channel=channel, user=user, thread_ts=thread or None, text=words, blocks=drawn
            )
        except SlackApiError as error:
            log.info("could not tell %s in private: %s", user, error.response.get("error"))


def _person(found: dict[str, Any]) -> Person:
    profile = found.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or found.get("real_name") or found.get("name") or ""
    real = profile.get("real_name") or found.get("real_name") or name
    first = profile.get("first_name") or (real.split() or [""])[0]
    return Person(
        id=str(found.get("id", "")),
        name=text.shorten(real, 80),
        first_name=text.shorten(first, 40),
        team=str(found.get("team_id") or ""),
        admin=bool(found.get("is_admin") or found.get("is_owner")),
        bot=bool(found.get("is_bot")),
    )
