"""Every builder, with any text, gives blocks that Slack's own validators and size rules accept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import intents as intent_rows
from bot import text
from bot.agents_home import Overview, Waiting
from bot.corrections import ALIKE
from bot.gap_drafts import ArticleDraft
from bot.gaps import KnowledgeGap
from bot.knowledge import Listed as Article
from bot.listeners import (
    agents_home_view,
    blocks,
    cards,
    config_blocks,
    gaps_blocks,
    home_view,
    ids,
    intents_blocks,
    knowledge_blocks,
    modals,
    model_blocks,
    relabel_blocks,
    review_blocks,
    stats_blocks,
)
from bot.listeners.relabel_blocks import Typed
from bot.modes import Mode, Rule
from bot.reviewing import FORMS, SKIPPED, UNDO, Walk
from bot.training import TrainingState
from bot.values import Asked, Card, Case, Fix, Guess, Judged, Kept, Said, Trained
from model.types import Intent, Passage
from storage.gaps import Question

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
    done=st.booleans(),
    person_words=words,
    rate=st.one_of(st.none(), st.integers(0, 5)),
    notice=words,
    also=st.lists(st.tuples(st.sampled_from(["a", "a" * 200]), words), max_size=4).map(tuple),
    sources=st.lists(words, max_size=4).map(tuple),
)
judged = st.lists(st.builds(Judged, st.just("U1"), words, words, st.booleans()), max_size=5).map(tuple)
fixes = st.one_of(
    st.none(), st.builds(Fix, st.integers(1, 9), words, words, st.just("U1"), st.booleans(), words, words)
)
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
    erased=st.booleans(),
    said_before=st.lists(words, max_size=4).map(tuple),
    said_since=st.lists(words, max_size=4).map(tuple),
    language=words,
    unread=st.booleans(),
    guesses=guesses,
    out_of_scope=st.booleans(),
    taught=st.booleans(),
    further=guesses,
    in_context=st.booleans(),
    judged=judged,
    reply=words,
    draft=st.booleans(),
    replaced=st.booleans(),
    answered=st.booleans(),
    versions=words,
    link=st.sampled_from(["", "https://x.example/archives/C1/p1"]),
    is_test=st.booleans(),
    fix=fixes,
    seen=st.integers(0, 99),
    dismissed_by=st.sampled_from(["", "U3"]),
)
asked = st.builds(
    Asked,
    st.sampled_from(["bot", "waiting", "human", "closed"]),
    words,
    words,
    st.sampled_from(["", "https://x.example/archives/C1/p1"]),
    st.just(NOW),
)
kept = st.builds(Kept, st.integers(0, 10**6), st.sampled_from([None, NOW]), st.booleans())
reasons = st.lists(words, max_size=4).map(tuple)
cases = st.builds(
    Case, st.integers(1, 99), words, guesses, st.booleans(), words, st.integers(0, 9), reasons, judged, st.booleans()
)
LONG = tuple(range(10**8, 10**8 + SKIPPED))
WALK = Walk(LONG, LONG[:UNDO], 500, 500, "i" * 200, 0.55, "2026-01-01T00:00:00+00:00", 10**8, 10**8, "1234d")
"""As much as one walk can have to remember."""


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


@given(words, st.builds(Trained, st.integers(1, 99), words, words, st.integers(0, 9)))
@settings(max_examples=60, deadline=None)
def test_verdict(said: str, trained: Trained) -> None:
    accepted(blocks.verdict(text.escape(said), trained))
    buttons = [each["action_id"] for each in walk(blocks.verdict(said, trained)) if each.get("type") == "button"]
    assert (ids.GO_BACK in buttons, ids.CHANGED in buttons) == (bool(trained.live), bool(trained.changed))


def test_a_verdict_of_blank_lines_or_of_many_paragraphs_is_within_slacks_limits() -> None:
    for said in ("\n" * 120, "a\n\n" * 120, ""):
        accepted(blocks.verdict(said, Trained(1, "v2", "v1", 3)))


@given(shown)
@settings(max_examples=60, deadline=None)
def test_card(card: Card) -> None:
    accepted(cards.card(card))
    assert len(cards.fallback(card)) < 4000


def test_a_card_shows_the_links_of_an_answer_as_the_customer_sees_them() -> None:
    link = "[Follow your parcel](https://track.example/1)"
    shown = str(cards.card(Card(1, "bot", "", "U1", "Not helpful", NOW, NOW, 1, "where?", reply=f"**Soon** & {link}")))
    assert ">*Soon* &amp; <https://track.example/1|Follow your parcel>" in shown
    assert "just opened" in shown


@given(st.integers(0, 300), st.sampled_from(["a& ", "x", "\n> y"]))
@settings(max_examples=60, deadline=None)
def test_no_link_of_a_quoted_answer_is_cut_in_two(fill: int, filling: str) -> None:
    made = text.quoted_markdown(f"{filling * fill}[a label of a link](https://track.example/1) and so on", 300)
    assert len(made) <= 300 + 25
    assert made.count("<") == made.count("<https://track.example/1|a label of a link>")
    assert all(line.startswith(">") and not line.startswith(">>") for line in made.splitlines())


@given(cases, st.lists(intents, min_size=1, max_size=140, unique_by=lambda i: i.name), words)
@settings(max_examples=30, deadline=None)
def test_modals(case: Case, known: list[Intent], last: str) -> None:
    kept = {"turn": 10**9, "seen": 10**9, "channel": "C0123456789", "source": "review", "review": "V0123456789"}
    kept |= {"also": list(range(10**9, 10**9 + ALIKE)), "walk": WALK.packed()}
    accepted_view(relabel_blocks.relabel(case, known, kept, new=True, typed=Typed("refund", last, last)))
    accepted_view(relabel_blocks.relabel(case, known, {"turn": 1}))
    accepted_view(modals.edit_answer(case))
    accepted_view(modals.why(1, "C1", "1.0"))
    accepted_view(modals.setup("C1", ["U1"], "draft"))
    accepted_view(modals.setup("", [], ""))
    accepted_view(modals.message("Hm", last or "x"))


walks = st.one_of(
    st.just(WALK),
    st.builds(
        Walk,
        undo=st.lists(st.integers(1, 10**8), max_size=2).map(tuple),
        done=st.integers(0, 9),
        n=st.sampled_from([0, 5, 7]),
        below=st.sampled_from([None, 0.0, 0.6, 0.123456, 1.0]),
        within=st.sampled_from(["", "7d", "14d", "3660d", "1h"]),
    ),
)


@given(cases, walks, st.one_of(st.none(), intents, st.builds(Intent, st.just("i" * 200), words)), words)
@settings(max_examples=60, deadline=None)
def test_review(case: Case, walk: Walk, about: Intent | None, last: str) -> None:
    accepted_view(review_blocks.review(case, 3, walk, last, about))
    accepted_view(review_blocks.review(None, 0, walk, last, about))
    accepted_view(review_blocks.narrow(walk, "V0123456789", about))


@given(walks)
@settings(max_examples=60, deadline=None)
def test_the_filters_form_says_again_what_is_on(walk: Walk) -> None:
    about = Intent(walk.intent[:150], "") if walk.intent else None
    form = review_blocks.narrow(walk, "V1", about)
    state = {
        block["block_id"]: {block["element"]["action_id"]: {"selected_option": block["element"]["initial_option"]}}
        for block in form["blocks"]
    }
    on = {name: value[:150] for name, value in walk.asked.items()}
    assert review_blocks.words(state) == [f"{name}={on[name]}" for name in FORMS if name in on]


def test_a_review_says_what_it_is_narrowed_to_and_how_many_are_left() -> None:
    walk = Walk(undo=(7,), intent="refund", below=0.6, within="7d")
    case, refund = Case(1, "hm", (), False, "", 0), Intent("refund", "Refunds & more")
    built = review_blocks.review(case, 3, walk, "", refund)["blocks"]
    first = built[0]["elements"][0]["text"]
    assert first == "3 left · only *Refunds &amp; more* · less than 60% sure · the last 7 days"
    assert [each["action_id"] for each in built[-1]["elements"]] == [
        ids.REVIEW_UNDO,
        ids.REVIEW_NARROW,
        ids.REVIEW_ALL,
    ]
    assert "Nothing like this waits for review." in str(review_blocks.review(None, 0, walk))
    assert ids.REVIEW_ALL in str(review_blocks.review(None, 0, walk)), "nothing fits, and the others are a click away"
    assert ids.REVIEW_NARROW not in str(review_blocks.review(None, 0, Walk()))
    assert ids.REVIEW_ALL not in str(review_blocks.review(case, 3, Walk()))


@given(st.lists(intents, max_size=10, unique_by=lambda i: i.name), st.lists(asked, max_size=7), kept, words)
@settings(max_examples=30, deadline=None)
def test_the_home_of_a_customer(topics: list[Intent], asked: list[Asked], kept: Kept, notice: str) -> None:
    accepted_view(home_view.customer(topics, asked, kept, notice))
    accepted(home_view.mine(asked, kept))
    accepted_view(modals.message("My data", home_view.see(kept)))
    for block in walk(home_view.mine(asked, kept)):
        if block.get("type") == "button" and "confirm" in block:
            assert len(block["confirm"]["text"]["text"]) <= 300


@given(st.lists(intents, max_size=140, unique_by=lambda i: i.name), st.sampled_from(Mode), words)
@settings(max_examples=20, deadline=None)
def test_config(known: list[Intent], mode: Mode, said: str) -> None:
    accepted_view(config_blocks.form("C1", mode, Rule(mode), True, known, text.escape(said)))
    accepted_view(config_blocks.form("", mode, Rule(), False, known, text.escape(said)))
    accepted_view(config_blocks.seen(text.escape(said)))


overviews = st.builds(
    Overview,
    now=st.just(NOW),
    waiting=st.lists(st.builds(Waiting, shown, st.just(NOW)), max_size=10).map(tuple),
    more_wait=st.integers(0, 5),
    mine=st.lists(shown, max_size=10).map(tuple),
    to_review=st.integers(0, 9999),
    corrected=st.integers(0, 99),
    learned=st.integers(0, 99),
    model=st.lists(words, max_size=8).map(tuple),
    refusals=st.lists(words, max_size=3).map(tuple),
    offers=st.lists(st.tuples(names, words.map(lambda each: text.escaped(each, 900))), max_size=7).map(tuple),
)


@given(overviews, words)
@settings(max_examples=20, deadline=None)
def test_the_home_of_an_agent(found: Overview, notice: str) -> None:
    accepted_view(agents_home_view.agent(found, "draft"))
    accepted_view(agents_home_view.not_set_up(notice or "x"))


@given(st.lists(words.map(lambda each: text.escaped(each, 300)), min_size=1, max_size=12), st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_figures(lines: list[str], to_review: int) -> None:
    accepted(blocks.digest(lines, to_review))
    accepted_view(stats_blocks.view(lines, [(f"intent_{n}", each) for n, each in enumerate(lines)], last=lines[0]))


listed = st.builds(
    intent_rows.Listed,
    names,
    words,
    st.integers(0, 9999),
    st.booleans(),
    st.lists(names, max_size=9).map(tuple),
    st.one_of(st.none(), st.just(NOW)),
    words,
)
long = st.builds(lambda each: replace(each, name="n" * 200), listed)


@given(st.lists(st.one_of(listed, long), max_size=6), words)
@settings(max_examples=20, deadline=None)
def test_intents(found: list[intent_rows.Listed], last: str) -> None:
    accepted_view(intents_blocks.page(found, text.escaped(last, 500)))
    for each in (
        intents_blocks.merge("n" * 200, "V1"),
        intents_blocks.rename("n" * 200, "V1"),
        intents_blocks.add("V1"),
    ):
        accepted_view(each)


articles = st.builds(
    Article,
    st.just("a" * 150),
    words,
    st.integers(1, 99),
    st.just(NOW.date()),
    words,
    st.lists(words, max_size=3).map(tuple),
)


@given(
    st.lists(articles, max_size=6),
    words,
    st.lists(st.builds(Passage, words, words, words, st.floats(0, 1)), max_size=5),
)
@settings(max_examples=20, deadline=None)
def test_articles_and_search(found: list[Article], query: str, passages: list[Passage]) -> None:
    accepted_view(knowledge_blocks.listed(found))
    accepted_view(knowledge_blocks.search())
    accepted_view(knowledge_blocks.search(query[:300], passages, "Nothing was found."))


def test_long_lists_are_cut_to_what_a_view_holds() -> None:
    plain = intent_rows.Listed("refund", "Refund", 3, False, (), None, "", "")
    article = Article("wool", "Care for wool", 1, NOW.date(), "UAGENT", ())
    short = [intents_blocks.page([plain] * 60), knowledge_blocks.listed([article] * 60)]
    assert [accepted_rows(each) for each in short] == [40, 40]
    longer = replace(plain, title="T" * 300), replace(article, stale=("old " * 300,))
    long = [intents_blocks.page([longer[0]] * 60), knowledge_blocks.listed([longer[1]] * 60)]
    assert all(5 < accepted_rows(each) < 40 for each in long)


def accepted_rows(view: dict[str, Any]) -> int:
    """Sections with something to press, in a view that is accepted and says how many there are beside them."""
    accepted_view(view)
    rows = sum("accessory" in block for block in view["blocks"])
    assert f"and {60 - rows} more" in str(view["blocks"][-1])
    return rows


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 120), words)
@settings(max_examples=20, deadline=None)
def test_the_page_of_the_model(running: bool, rests: bool, scheduled: bool, versions: int, said: str) -> None:
    known = tuple(f"v{n}" for n in range(versions, 0, -1))
    for live in {*known[:2], *known[-1:], ""}:
        state = TrainingState(running, rests, scheduled, known, live)
        for picked in ("", "v1", "v999"):
            accepted_view(model_blocks.page(state, said, said, said, picked))
    accepted_view(model_blocks.absent("Training is not part of this process."))


questions = st.builds(
    Question,
    st.integers(1, 10**9),
    st.integers(1, 99),
    st.just("U1"),
    words,
    names,
    st.just("OFFER"),
    st.just(NOW),
)
gaps = st.builds(
    KnowledgeGap,
    st.lists(words, max_size=3).map(tuple),
    st.lists(questions, min_size=1, max_size=5).map(tuple),
    st.tuples(*[st.integers(0, 10**4)] * 4),
    st.just("1000000000|1000000000|1440"),
)
drafts = st.builds(
    ArticleDraft, st.just("1|2|3"), words, words, st.lists(words, min_size=1, max_size=8).map(tuple), names
)


@given(st.lists(gaps, max_size=20), words, st.sampled_from(["", "0123456789abcdef"]), st.integers(1, 3660))
@settings(max_examples=60, deadline=None)
def test_knowledge_gaps(found: list[KnowledgeGap], last: str, deed: str, days: int) -> None:
    accepted_view(gaps_blocks.page(found, days, text.escape(last)[:2900], deed))
    accepted_view(gaps_blocks.looking())


@given(drafts, st.lists(names, max_size=3), st.lists(intents, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_form_of_a_missing_article(draft: ArticleDraft, given: list[str], known: list[Intent]) -> None:
    accepted_view(gaps_blocks.article(draft, given, known, "V0123456789"))


def test_bars_are_as_high_as_their_share() -> None:
    assert gaps_blocks.bars((0, 6, 14, 1)) == "▁▄█▁"
    assert gaps_blocks.bars((0, 0, 0, 0)) == "▁▁▁▁"


def test_small_blocks() -> None:
    accepted(blocks.takeover(1, "U1"))
    accepted(blocks.answer_now(1, "Done.", 3))
    accepted(blocks.corrected(3, "Done."))
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
