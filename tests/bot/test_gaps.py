"""Questions without an answer, over a real database: grouped, counted, dealt with, and brought back by new ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql

from bot.gap_drafts import draft
from bot.gaps import GapDesk
from bot.importing import Content, store
from bot.values import Customer
from model.gaps import Floats
from model.types import Article, UnderstudyError
from tests.bot.conftest import Office
from tests.model.fakes import FakeEncoder

ENGRAVING = ("do you engrave mugs", "engrave the mugs please", "can you engrave my mugs")
INVOICE = ("can i pay by invoice", "invoice as a way to pay?", "do you take invoice to pay")


class CountingEncoder(FakeEncoder):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.seen += texts
        return super().encode(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def desk(office: Office, encoder: CountingEncoder) -> GapDesk:
    return GapDesk(office.kit, encoder.encode)


def ask(office: Office, *texts: str) -> list[int]:
    """Each by a customer of their own, in a case of their own; gives the turns."""
    made = []
    for words in texts:
        number = next(office.numbers)
        made.append(office.ask(words, user=f"UC{number}", channel=f"DC{number}").turn_id)
    return made


def middles(desk: GapDesk) -> list[list[str]]:
    desk.forget()
    return [sorted(each.text for each in gap.questions) for gap in desk.gaps()]


def test_questions_that_ask_for_the_same_are_one_gap_with_a_name(office: Office, desk: GapDesk) -> None:
    ask(office, *ENGRAVING, *INVOICE[:2], "what is the meaning of life")
    [gap] = desk.gaps()
    assert sorted(each.text for each in gap.questions) == sorted(ENGRAVING)
    assert {"engrave", "mugs"} <= set(gap.terms)
    assert (gap.customers, gap.weeks) == (3, (0, 0, 0, 3))
    assert len(gap.wordings(2)) == 2
    assert len(gap.cases) == 3


def test_how_many_are_shown_is_known_without_grouping_anything(
    office: Office, desk: GapDesk, encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gaps.SHARE", 1e9)
    ask(office, *ENGRAVING)
    assert (desk.shown(), desk.due(), encoder.seen) == (None, True, [])
    assert desk.count() == 1
    seen = len(encoder.seen)
    assert (desk.shown(), desk.due()) == (1, False)
    ask(office, *INVOICE)
    assert (desk.shown(), len(encoder.seen)) == (1, seen), "until somebody groups them again"
    [gap] = desk.gaps(shown=True)
    desk.dismiss(gap.ref, "UAGENT")
    assert desk.shown() == 0, "what is dealt with is gone at once"
    desk.gaps(timedelta(days=7))
    assert (desk.shown(), desk.due()) == (None, True), "of another time"


def test_what_was_dismissed_is_back_at_once_though_somebody_has_looked_meanwhile(
    office: Office, desk: GapDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(office, *ENGRAVING)
    [gap] = desk.gaps()
    monkeypatch.setattr("bot.gaps.SHARE", 1e9)
    deed, _ = desk.dismiss(gap.ref, "UAGENT")
    desk.forget()
    assert desk.count() == 0
    assert desk.restore(deed) == "It is back."
    assert desk.count() == 1


def test_who_asks_for_a_person_or_had_an_answer_asks_nothing_new(office: Office, desk: GapDesk) -> None:
    ask(office, "a human please", "a human please!", "human please", "parcel one", "parcel two", "parcel three")
    assert desk.gaps() == []
    office.ask("parcel three hundred")
    for turn in ask(office, *("parcel lost abroad",) * 3):
        office.followups.judge(turn, f"UC{turn}", "bad")
    assert middles(desk) == [["parcel lost abroad"] * 3]


def test_agents_own_tests_do_not_count(office: Office, desk: GapDesk) -> None:
    for words in ENGRAVING:
        office.ask(words, user="UAGENT", channel="DAGENT")
    assert desk.gaps() == []


def test_a_label_with_an_answer_closes_a_question_and_one_without_does_not(office: Office, desk: GapDesk) -> None:
    turns = ask(office, *ENGRAVING, "engrave mugs")
    for turn in turns:
        office.corrections.relabel(turn, "unanswered", "UAGENT", "card")
    [gap] = desk.gaps()
    assert (len(gap.questions), desk.intents_of(gap)) == (4, ["unanswered"])
    office.corrections.relabel(turns[3], "refund", "UAGENT", "card")
    [gap] = desk.gaps()
    assert len(gap.questions) == 3
    with office.kit.db.writing() as session:
        store(session, "T1", Content(articles=(Article("mugs", "Mugs", "We do.", ("unanswered",)),)))
    assert desk.gaps() == []


def test_what_was_dismissed_stays_away_and_new_questions_bring_it_back_with_their_own_count(
    office: Office, desk: GapDesk
) -> None:
    ask(office, *ENGRAVING)
    [gap] = desk.gaps()
    [late] = ask(office, "engrave one of the mugs")
    deed, said = desk.dismiss(gap.ref, "UAGENT")
    assert "is dismissed" in said
    assert middles(desk) == []
    with pytest.raises(UnderstudyError, match="closed"):
        desk.dismiss(gap.ref, "UAGENT2")
    ask(office, "mugs, engrave them", "engrave two mugs")
    desk.forget()
    [again] = desk.gaps()
    assert len(again.questions) == 3
    assert late in {each.turn_id for each in again.questions}
    assert desk.restore(deed) == "It is back."
    assert desk.restore(deed) == "It is back already."
    [whole] = desk.gaps() if desk.forget() is None else []
    assert len(whole.questions) == 6


def test_what_was_shown_is_found_without_grouping_anew(office: Office, desk: GapDesk, encoder: CountingEncoder) -> None:
    ask(office, *ENGRAVING)
    [gap] = desk.gaps()
    desk._groups = replace(desk._groups, until=float("-inf"))
    ask(office, "engrave mugs")
    seen = len(encoder.seen)
    assert len(desk.find(gap.ref).questions) == 3
    assert len(encoder.seen) == seen
    desk.forget()
    assert len(desk.find(gap.ref).questions) == 3, "after a restart they are grouped again"


def test_what_was_written_is_closed(office: Office, desk: GapDesk) -> None:
    ask(office, *ENGRAVING)
    [gap] = desk.gaps()
    desk.written(gap, "engraving", "UAGENT")
    assert desk.gaps() == []
    with pytest.raises(UnderstudyError):
        desk.find("nonsense")


def test_erased_words_are_gone_at_once_though_the_groups_are_kept(office: Office, desk: GapDesk) -> None:
    turns = ask(office, *ENGRAVING, "engrave mugs")
    [gap] = desk.gaps()
    desk._groups = replace(desk._groups, until=float("inf"))
    customer = next(each.user for each in gap.questions if each.turn_id == turns[3])
    office.privacy.erase(Customer("T1", customer))
    [left] = desk.gaps()
    assert sorted(each.text for each in left.questions) == sorted(ENGRAVING)
    office.privacy.learn(Customer("T1", left.questions[0].user), False)
    assert desk.gaps() == []


def test_only_new_words_are_encoded_and_groups_are_kept(
    office: Office, desk: GapDesk, encoder: CountingEncoder
) -> None:
    ask(office, *ENGRAVING)
    desk.gaps()
    first = len(encoder.seen)
    ask(office, "engrave mugs")
    desk._groups = replace(desk._groups, until=float("-inf"))
    assert len(desk.gaps()[0].questions) == 4
    assert encoder.seen[first:] == ["engrave mugs"]


def test_the_live_model_says_what_is_near_and_a_new_version_is_asked_anew(office: Office) -> None:
    class Live(CountingEncoder):
        version = "v1"

        def embed(self, texts: Sequence[str]) -> Floats:
            return super().encode(texts)

    live, base = Live(), CountingEncoder()
    desk = GapDesk(office.kit, base.encode, lambda: live)
    ask(office, *ENGRAVING)
    assert len(desk.gaps()) == 1
    live.version = "v2"
    desk._groups = replace(desk._groups, until=float("-inf"))
    desk.gaps()
    assert (len(live.seen), base.seen) == (6, [])


def test_weeks_and_the_window(office: Office, desk: GapDesk) -> None:
    turns = ask(office, *ENGRAVING, "engrave mugs", "mugs to engrave")
    with office.kit.db.writing() as session:
        for days, turn in zip((1, 8, 8, 22, 50), turns, strict=True):
            at = datetime.now(UTC) - timedelta(days=days)
            session.execute(sql("update turns set created_at = :at where id = :id"), {"at": at, "id": turn})
    [gap] = desk.gaps()
    assert (len(gap.questions), gap.weeks) == (5, (1, 0, 2, 1))
    [short] = desk.gaps(timedelta(days=10))
    assert (len(short.questions), short.weeks) == (3, (0, 0, 2, 1))
    assert len(desk.find(short.ref).questions) == 3


def test_the_draft_is_what_agents_told_those_who_asked(office: Office, desk: GapDesk) -> None:
    turns = ask(office, *ENGRAVING)
    other = office.ask("is there parking", user="UC90", channel="DC90")
    for number, words in zip(turns, ("Hi Uc1! We engrave mugs.", "Let me check.", ""), strict=True):
        if words:
            turn = office.kit.turn(number)
            assert turn is not None
            office.cases.words.write(turn.conversation_id, "UAGENT", words)
    assert other.case is not None
    office.cases.words.write(other.case.id, "UAGENT", "Parking is behind the house.")
    office.corrections.relabel(turns[2], "unanswered", "UAGENT", "card", better_answer="We engrave mugs in a week.")
    [gap] = desk.gaps()
    made = draft(office.kit, gap, desk.encode)
    assert set(made.body.split("\n\n")) <= {"We engrave mugs.", "We engrave mugs in a week."}
    assert made.body
    assert set(made.questions) == set(ENGRAVING)
    assert made.title.lower() == gap.questions[0].text


def test_without_a_reply_the_draft_is_empty_and_shows_the_questions(office: Office, desk: GapDesk) -> None:
    ask(office, *ENGRAVING)
    [gap] = desk.gaps()
    made = draft(office.kit, gap, desk.encode)
    assert (made.body, len(made.questions)) == ("", 3)
    assert made.name
