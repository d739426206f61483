"""Hand-written stand-ins: quick, honest about their interface, and told what to do by the texts themselves."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bot.attachments import FileRefused
from bot.models import Models
from bot.values import Asked, Card, Kept, Person, Said, Trained
from model import slots
from model.memory import OverrideMemory
from model.picture_reader import Line, Reading
from model.types import Article, Intent, OnSentence, Passage, Prediction, Ranked, Reply, ReplyRequest, unheard
from storage.attachments import Arrived

INTENTS = (
    Intent("order_status", "Where is my order?", answer="Hello {first_name}, it is on its way."),
    Intent("return_how", "How do I return something?", answer="Use the label & the box."),
    Intent("refund", "Where is my refund?", answer="Five working days."),
    Intent("person", "Talk to a person", handoff=True),
    Intent("unanswered", "Nothing known"),
    Intent("thanks", "Thank you", answer="You are welcome.", small_talk=True),
)
WORDS = {
    "parcel": "order_status",
    "return": "return_how",
    "refund": "refund",
    "human": "person",
    "mystery": "unanswered",
    "thanks": "thanks",
}


class FakeEncoder:
    """The same text, the same vector; others lie far apart."""

    def encode(self, texts: Sequence[str]) -> Any:
        rows = []
        for text in texts:
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
            row = np.random.default_rng(seed).normal(size=64)
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, dtype=np.float32).reshape(len(texts), 64)


class FakeClassifier:
    """Finds an intent by one of WORDS; is unsure where `hm` stands; takes all else as out of scope."""

    version = "v1"
    intents = tuple(intent.name for intent in INTENTS)

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        assert self.gate.wait(20)
        self.seen += texts
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Prediction:
        if "boom" in text:
            raise RuntimeError("the model fell over")
        found = next((name for word, name in WORDS.items() if word in text.lower()), "")
        unsure = "hm" in text.lower().split()
        top = found or "order_status"
        sure = 0.9 if found else 0.3
        others = [name for name in self.intents if name != top]
        ranking = (
            Ranked(top, 0.34 if unsure else sure),
            Ranked(others[0], 0.31 if unsure else 0.05),
            Ranked(others[1], 0.02),
        )
        return Prediction(text, top, ranking[0].probability, ranking, 0.1, not found and not unsure, self.version)


class FakeResponder:
    version = "r1"

    def respond(self, request: ReplyRequest, on_sentence: OnSentence = unheard) -> Reply | None:
        text = slots.chosen(request.intent.answer, request.slots) if request.intent and request.intent.answer else None
        return Reply(slots.fill(text, {"first_name": "there", **request.slots}), "verbatim", (), "") if text else None

    def respond_from(self, article_id: str, request: ReplyRequest) -> Reply | None:
        return None

    def search(self, query: str, limit: int = 5) -> list[Passage]:
        return []

    def titled(self, text: str) -> Article | None:
        return None


def fake_models() -> tuple[Models, FakeClassifier]:
    classifier, responder = FakeClassifier(), FakeResponder()
    return Models(lambda: classifier, lambda: responder, OverrideMemory(FakeEncoder())), classifier


@dataclass
class FakeClock:
    """Stands still until it is set; begins on a Monday at ten."""

    now: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class FakeFiles:
    """The platform's files, by address and by id."""

    kept: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, list[Arrived]] = field(default_factory=dict)
    """What is said of a file, each time it is asked; the last goes on."""

    def fetch(self, url: str, most: int) -> bytes:
        if url not in self.kept:
            raise FileRefused("expected the file, found none")
        return self.kept[url]

    def find(self, file_id: str) -> Arrived | None:
        said = self.known.get(file_id, [])
        return (said.pop(0) if len(said) > 1 else said[0]) if said else None


@dataclass
class FakeReader:
    """Finds the words that a file consists of, a line each; raises what it is told to."""

    error: Exception | None = None
    seen: list[bytes] = field(default_factory=list)

    def read(self, data: bytes) -> Reading:
        self.seen.append(data)
        if self.error is not None:
            raise self.error
        texts = data.decode().splitlines()
        return Reading(
            tuple(
                Line(t, 0.8, ((0, 30 * n), (90, 30 * n), (90, 30 * n + 20), (0, 30 * n + 20)))
                for n, t in enumerate(texts)
            ),
            5,
        )


@dataclass
class FakeSurface:
    """Keeps what was said instead of sending it."""

    said: list[tuple[str, str, str, Said]] = field(default_factory=list)
    """(ts, channel, thread, what), oldest first; changed in place."""
    cards: dict[str, Card] = field(default_factory=dict)
    drawn: int = 0
    """How often a card was drawn."""
    whispers: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """(ts, channel, thread, words, mark), oldest first."""
    offers: list[tuple[str, int, str]] = field(default_factory=list)
    """(agent, case, ts) of messages whose author may send them to the customer."""
    written: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """What people wrote, by (channel, thread, ts), for those who read it again."""
    ticked: set[tuple[str, str]] = field(default_factory=set)
    looked_at: list[tuple[str, str]] = field(default_factory=list)
    """(channel, ts) of messages marked as seen, oldest first."""
    mine: list[tuple[str, Sequence[Asked], Kept]] = field(default_factory=list)
    digests: list[list[str]] = field(default_factory=list)
    trained: list[Trained] = field(default_factory=list)
    growing: dict[str, list[str]] = field(default_factory=dict)
    """What was shown of messages that grow, by ts."""
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    handed: list[tuple[str, str, str]] = field(default_factory=list)
    """(user, name, content) of files."""
    broken: bool = False
    staff: tuple[str, ...] = ("UAGENT", "UAGENT2")
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def _ts(self) -> str:
        with self._lock:
            self._count += 1
            return f"9{self._count:09d}.000000"

    def thinking(self, channel: str, thread: str, on: bool) -> None: ...

    def say(self, channel: str, thread: str, said: Said) -> str:
        if self.broken:
            raise ConnectionError("no network")
        ts = self._ts()
        self.said.append((ts, channel, thread, said))
        return ts

    def begin(self, channel: str, thread: str, customer: str, customer_team: str, words: str) -> str:
        if self.broken:
            raise ConnectionError("the network is gone")
        self.growing[ts := self._ts()] = [words]
        self.places[ts] = (channel, thread)
        return ts

    def grow(self, channel: str, ts: str, words: str) -> None:
        if self.broken:
            raise ConnectionError("the network is gone")
        self.growing[ts].append(words)

    def end(self, channel: str, ts: str, said: Said | None, rest: str) -> None:
        if self.broken:
            raise ConnectionError("the network is gone")
        shown = "".join(self.growing[ts]) + rest
        channel, thread = self.places[ts]
        self.said.append((ts, channel, thread, said or Said(shown, 0)))
        assert said is None or said.text == shown

    def change(self, channel: str, ts: str, said: Said) -> None:
        self.said = [(t, c, th, said if t == ts else old) for t, c, th, old in self.said]

    def remove(self, channel: str, ts: str) -> None:
        self.removed.append(ts)

    def find(self, channel: str, thread: str, turn_id: int) -> str:
        return next((ts for ts, _, _, said in self.said if said.turn_id == turn_id), "")

    def whisper(self, channel: str, user: str, thread: str, words: str) -> None:
        self.whispers.append((user, words))

    def tick(self, channel: str, ts: str, on: bool = True) -> None:
        (self.ticked.add if on else self.ticked.discard)((channel, ts))

    def seen(self, channel: str, ts: str) -> None:
        self.looked_at.append((channel, ts))

    def show_mine(self, channel: str, user: str, thread: str, asked: Sequence[Asked], kept: Kept) -> None:
        self.mine.append((user, asked, kept))

    def marked(self, channel: str, thread: str, mark: str) -> str:
        said = ((ts, c, th, it.mark) for ts, c, th, it in self.said)
        noted = ((ts, c, th, it) for ts, c, th, _, it in self.notes)
        return next((ts for ts, *place, it in (*said, *noted) if place == [channel, thread] and it == mark), "")

    def note(self, channel: str, thread: str, words: str, mark: str = "") -> str:
        if self.broken:
            raise ConnectionError("no network")
        ts = self._ts()
        self.notes.append((ts, channel, thread, words, mark))
        return ts

    def verdict(self, channel: str, thread: str, words: str, trained: Trained) -> str:
        self.trained.append(trained)
        return self.note(channel, thread, words)

    def digest(self, channel: str, lines: Sequence[str], to_review: int) -> None:
        self.digests.append(list(lines))

    def show_card(self, channel: str, ts: str, card: Card) -> str:
        ts = ts or self._ts()
        self.cards[ts] = card
        self.drawn += 1
        return ts

    def ask_takeover(self, channel: str, thread: str, agent: str, case_id: int, customer: str) -> None:
        self.whispers.append((agent, "take over?"))

    def offer_sending(self, channel: str, thread: str, agent: str, case_id: int, ts: str) -> None:
        self.offers.append((agent, case_id, ts))

    def read(self, channel: str, thread: str, ts: str) -> str:
        return self.written.get((channel, thread, ts), "")

    def offer_answer(
        self, channel: str, thread: str, agent: str, turn_id: int, words: str, correction_id: int = 0
    ) -> None:
        self.whispers.append((agent, words))

    def corrected(self, channel: str, thread: str, agent: str, correction_id: int, words: str) -> None:
        self.whispers.append((agent, words))

    def hand_file(self, user: str, name: str, content: str, title: str) -> None:
        if self.broken:
            raise ConnectionError("the network is gone")
        self.handed.append((user, name, content))

    def link(self, channel: str, ts: str) -> str:
        return ""

    def person(self, user: str) -> Person:
        return Person(user, f"{user} Smith", user.capitalize(), "T1", admin=user == "UADMIN")

    def members(self, channel: str) -> Sequence[str]:
        return self.staff

    def texts(self) -> list[str]:
        return [said.text for _, _, _, said in self.said]
