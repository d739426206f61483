"""Every builder, with any text, gives blocks that Slack's own validators and size rules accept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.listeners import blocks, cards, home_view, modals
from bot.values import Card, Case, Fix, Guess, Said
from model.types import Intent

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
words = st.one_of(st.text(max_size=60), st.text(alphabet="a&<>*_`|\n ", max_size=40).map(lambda each: each * 120))
names = st.from_regex(r"[a-z][a-z_]{0,30}", fullmatch=True)
intents = st.builds(Intent, name=names, title=words)
guesses = st.lists(st.builds(Guess, names, words, st.floats(0, 1)), max_size=5, unique_by=lambda g: g.name).map(tuple)
saids = st.builds(
    Said,
    text=words,
    case_id=st.integers(1, 10**9),
    turn_id=st.integers(0, 10**9),
    choices=st.lists(intents, max_size=3, unique_by=lambda i: i.name).map(tuple),
    feedback=st.booleans(),
    person=st.booleans(),
    person_words=words,
    notice=words,
    sources=st.lists(words, max_size=4).map(tuple),
)
fixes = st.one_of(st.none(), st.builds(Fix, st.integers(1, 9), words, words, st.just("U1"), st.booleans()))
shown = st.builds(
    Card,
    case_id=st.integers(1, 99),
    state=st.sampled_from(["bot", "waiting", "human", "closed"]),
    holder=st.sampled_from(["", "U2"]),
    customer=st.just("U1"),
    reason=words,
    opened_at=st.just(NOW),
    now=st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda passed: NOW + passed),
    turn_id=st.integers(0, 99),
    text=words,
    language=words,
    unread=st.booleans(),
    guesses=guesses,
    out_of_scope=st.booleans(),
    further=guesses,
    in_context=st.booleans(),
    reply=words,
    draft=st.booleans(),
    versions=words,
    link=st.sampled_from(["", "https://x.example/archives/C1/p1"]),
    is_test=st.booleans(),
    fix=fixes,
)
cases = st.builds(Case, st.integers(1, 99), words, guesses, st.booleans(), words, st.integers(0, 9))


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each)


def accepted(built: list[dict[str, Any]], limit: int = 50) -> None:
    assert 0 < len(built) <= limit
    for each in built:
        parsed = Block.parse(each)
        assert parsed is not None
        parsed.validate_json()
        inside = [found["action_id"] for found in walk(each) if "action_id" in found]
        assert len(inside) == len(set(inside)), "action ids are unique within a block"
    for each in walk(built):
        if each.get("type") == "button":
            assert 0 < len(each["text"]["text"]) <= 75
            assert 0 < len(each["value"]) <= 2000
        if each.get("type") in ("mrkdwn", "plain_text"):
            assert 0 < len(each["text"]) <= 3000
            assert "<!" not in each["text"] or each["type"] == "plain_text"
        assert len(str(each.get("action_id", ""))) <= 255
        assert len(str(each.get("block_id", ""))) <= 255
    assert sum(len(each["text"]) for each in walk(built) if isinstance(each.get("text"), str)) < 13_000


def accepted_view(view: dict[str, Any]) -> None:
    assert len(view.get("private_metadata", "")) <= 3000
    accepted(view["blocks"], 100)
    View(**view).validate_json()


@given(saids)
@settings(max_examples=60, deadline=None)
def test_reply(said: Said) -> None:
    accepted(blocks.reply(said))
    assert len(blocks.fallback(said)) < 4000


@given(shown)
@settings(max_examples=60, deadline=None)
def test_card(card: Card) -> None:
    accepted(cards.card(card))
    assert len(cards.fallback(card)) < 4000


@given(cases, st.lists(intents, min_size=1, max_size=140, unique_by=lambda i: i.name), words)
@settings(max_examples=30, deadline=None)
def test_modals(case: Case, known: list[Intent], last: str) -> None:
    accepted_view(modals.relabel(case, known, "C1"))
    accepted_view(modals.edit_answer(case))
    accepted_view(modals.why(1, "C1", "1.0"))
    accepted_view(modals.review(case, 3, {"skipped": list(range(100)), "undo": 1}, last))
    accepted_view(modals.review(None, 0, {}, last))
    accepted_view(modals.setup("C1", ["U1"], "draft"))
    accepted_view(modals.setup("", [], ""))
    accepted_view(modals.message("Hm", last or "x"))


@given(st.lists(shown, max_size=12), st.lists(intents, max_size=10, unique_by=lambda i: i.name), words)
@settings(max_examples=20, deadline=None)
def test_home(waiting: list[Card], topics: list[Intent], notice: str) -> None:
    accepted_view(home_view.customer(topics, notice))
    accepted_view(home_view.agent(waiting, 3, notice, notice))


def test_small_blocks() -> None:
    accepted(blocks.takeover(1, "U1"))
    accepted(blocks.answer_now(1, "Done."))
    accepted(blocks.sending(1, "1700000000.000100"))


def test_no_personal_data_in_metadata() -> None:
    made = blocks.metadata(Said("Dear Mia", 1, turn_id=7, facts={"intent": "refund", "ms": 12}))
    assert made == {"event_type": "understudy_turn", "event_payload": {"turn_id": 7, "intent": "refund", "ms": 12}}
    assert blocks.metadata(Said("x", 1)) is None


def test_probable_intents_come_first_and_out_of_scope_after_them() -> None:
    known = [Intent(f"i{n}", f"Intent {n}") for n in range(10)]
    menu = modals.intent_menu(known, ["i7", "i3"], "i7")
    assert [each["value"] for each in menu["options"]][:4] == ["i7", "i3", "oos", "i0"]
    assert menu["initial_option"]["value"] == "i7"
    many = [Intent(f"i{n}", f"Intent {n}") for n in range(100)]
    assert modals.intent_menu(many, ["i1"])["type"] == "external_select"
