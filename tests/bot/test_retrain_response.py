"""Better answers teach the response model; one that grounds less never goes live."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims import Cancelled
from bot.erasing import erase, trained_on
from bot.reply_lessons import Lesson, chosen, mixed, spread
from bot.retrain_response import ResponseShop, retrain_response, room
from model.dataset import fingerprint
from model.prompt import Draft
from model.registry import Registry
from model.response_rows import NO_ANSWER, ResponseRow
from model.types import Article
from storage.articles import Articles
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.training_runs import TrainingRuns
from storage.turns import Turns
from tests.model.encoders import CharEncoder

TEAM = "T0TEST"
FACT = "Standard delivery takes three working days."
GIFT = "We wrap presents in brown paper for two pounds."


class CopyingWriter:
    """Says its first fact, word for word; an inventing one makes something up."""

    def __init__(self, folder: Path | None) -> None:
        self.tokens_written, self.seconds_writing = 0, 0.0
        self.invents = folder is None or json.loads((folder / "adapter.json").read_text())["invents"]

    def write(self, draft: Draft) -> str:
        if not draft.facts[0].startswith(("Standard", "We")):
            return f"{NO_ANSWER}."
        return "Your parcel left Leeds on 14 May by balloon." if self.invents else draft.facts[0]


class RecordingTrainer:
    def __init__(self) -> None:
        self.invents = False
        self.rows: list[ResponseRow] = []
        self.started_from = ""

    def __call__(
        self, rows: Sequence[ResponseRow], out: Path, *, start_adapter: Path, progress: Any
    ) -> Mapping[str, object]:
        assert (start_adapter / "adapter.json").is_file()
        self.started_from = start_adapter.name
        self.rows = list(rows)
        progress(0.5, "half way")
        (out / "adapter.json").write_text(json.dumps({"invents": self.invents}))
        return {"rows": len(rows), "rows_per_second": 2.5}


@pytest.fixture
def trainer() -> RecordingTrainer:
    return RecordingTrainer()


@pytest.fixture
def shop(tmp_path: Path, trainer: RecordingTrainer) -> ResponseShop:
    db = Database(f"sqlite:///{tmp_path / 'understudy.db'}")
    db.migrate()
    with db.writing() as session:
        Articles(session, TEAM).upsert(Article("delivery", "Delivery times", FACT, ("delivery_time",)), "import")
        Articles(session, TEAM).upsert(Article("wrapping", "Presents", GIFT, ("gift_wrap",)), "import")
    first = tmp_path / "first"
    first.mkdir()
    (first / "adapter.json").write_text(json.dumps({"invents": False}))
    registry = Registry(tmp_path / "models" / "response", "response")
    with registry.staging() as folder:
        (folder / "adapter.json").write_text(json.dumps({"invents": False}))
        registry.promote(registry.publish(folder, {}))
    ours = [ResponseRow("how long does delivery take", (FACT,), FACT)]
    held = [*ours, ResponseRow("do you sell kites", ("Nothing on that.",), f"{NO_ANSWER}.")]
    return ResponseShop(db, TEAM, registry, CharEncoder, trainer, CopyingWriter, lambda: ours, lambda: held, first)


def better(shop: ResponseShop, text: str, answer: str, label: str = "delivery_time") -> None:
    with shop.db.writing() as session:
        Corrections(session).add(
            team=TEAM, text=text, before=label, after=label, by="U0AGENT", source="card", better_answer=answer
        )


def status(shop: ResponseShop) -> str:
    with shop.db.reading() as session:
        run = TrainingRuns(session, TEAM).latest("response")
    return run.status if run else ""


def test_nothing_new_leaves_it_alone(shop: ResponseShop) -> None:
    outcome = retrain_response(shop)
    assert outcome.words == ("Response model left alone: no new better answers since v1.",)
    assert outcome.ok
    assert status(shop) == ""


def test_better_answers_are_learned(shop: ResponseShop, trainer: RecordingTrainer) -> None:
    for text in ("how long for delivery to york", "when will delivery come", "delivery speed", "days for delivery"):
        better(shop, text, FACT)
    outcome = retrain_response(shop)
    assert outcome.status == "promoted"
    assert shop.registry.current() == "v2"
    assert outcome.words[0].startswith("v2 is live, with ")
    assert "100 % of its replies stay with their source, v1: 100 %." in outcome.words[1]
    assert any(row.reply == FACT and "delivery" in row.question for row in trainer.rows[1:])
    assert status(shop) == "promoted"
    assert retrain_response(shop).status == "nothing", "they are learned"


def test_one_that_invents_is_refused(shop: ResponseShop, trainer: RecordingTrainer) -> None:
    for text in ("how long for delivery to york", "when will delivery come", "delivery speed"):
        better(shop, text, FACT)
    trainer.invents = True
    outcome = retrain_response(shop)
    assert outcome.status == "kept"
    assert outcome.words[0] == "v1 stays live, v2 was refused: it stays with its source less often."
    assert "each should say only what an article says" in outcome.words[2]
    assert shop.registry.current() == "v1"
    assert status(shop) == "kept"


@pytest.mark.parametrize("greeting", ["Hi Mia,", "Good morning Zoë!", "Hello,"])
def test_an_answer_that_greets_the_customer_by_name_is_learned(
    shop: ResponseShop, trainer: RecordingTrainer, greeting: str
) -> None:
    # Names of customers are Slack's: the training finds them in the answer alone.
    for text in ("how long for delivery to york", "when will delivery come", "delivery speed", "days for delivery"):
        better(shop, text, f"{greeting} {FACT[0].lower()}{FACT[1:]}")
    outcome = retrain_response(shop)
    assert outcome.figures["unfounded"] == 0
    learned = [row for row in trainer.rows if row.reply.startswith(greeting)]
    assert learned
    assert {row.first_name for row in learned} == {{"Hi Mia,": "Mia", "Good morning Zoë!": "Zoë"}.get(greeting, "")}


def test_answers_that_no_article_says_teach_nothing(shop: ResponseShop, trainer: RecordingTrainer) -> None:
    better(shop, "how long does delivery take to mars", "It takes 900 days by rocket and costs 4 million pounds.")
    outcome = retrain_response(shop)
    assert outcome.status == "nothing"
    assert outcome.words == (
        "v1 stays live: there is nothing to learn from.",
        "1 better answers were left out, for no article says what they say: add it to one.",
    )
    assert trainer.rows == []
    assert shop.registry.upcoming() == "v2"


def test_a_dry_run_changes_nothing(shop: ResponseShop) -> None:
    better(shop, "how long for delivery to york", FACT)
    better(shop, "when will delivery come", FACT)
    assert retrain_response(shop, dry_run=True).status == "dry run"
    assert shop.registry.upcoming() == "v2"
    assert status(shop) == "cancelled"


def test_it_can_be_cancelled(shop: ResponseShop) -> None:
    better(shop, "how long for delivery to york", FACT)
    better(shop, "when will delivery come", FACT)
    with pytest.raises(Cancelled):
        retrain_response(shop, held=lambda claim: claim.cancel("the bot went away"))
    assert status(shop) == "cancelled"


def test_no_model_yet(shop: ResponseShop, tmp_path: Path) -> None:
    shop.registry.pointer.unlink()
    assert "none is live yet" in retrain_response(shop).words[0]


def test_spread_takes_the_same_rows_each_time() -> None:
    rows = [ResponseRow(str(i), ("f",), "r") for i in range(80)]
    assert [row.question for row in spread(rows, 4)] == ["0", "20", "40", "60"]
    assert spread(rows[:3], 4) == rows[:3]


def test_the_pace_of_the_last_run_says_how_many_rows_a_night_has_time_for(shop: ResponseShop) -> None:
    assert room(shop) == 600
    better(shop, "how long for delivery to york", FACT)
    better(shop, "when will delivery come", FACT)
    retrain_response(shop)
    assert room(shop) == 1500


def test_what_there_was_no_time_for_is_told(shop: ResponseShop, trainer: RecordingTrainer) -> None:
    texts = [f"how long for delivery to {place}" for place in ("york", "leeds", "ripon", "hull", "bath", "wells")]
    for text in texts:
        better(shop, text, FACT)
    outcome = retrain_response(replace(shop, minutes=3 / 60))
    assert len(trainer.rows) == 3
    assert "there was no time for them (RETRAIN_RESPONSE_MINUTES)" in outcome.words[-1]
    assert outcome.figures["no_time"] == outcome.figures["lessons"] + outcome.figures["no_time"] - 2


@given(st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1)), max_size=30), st.integers(0, 30), st.integers(1, 70))
def test_a_night_takes_no_more_rows_than_it_has_time_for(taught: list[tuple[int, float]], own: int, most: int) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    mine = [
        Lesson(ResponseRow(f"agents {i}", ("f",), "r"), begin + timedelta(hours=hours), edited)
        for i, (hours, edited) in enumerate(taught)
    ]
    ours = [ResponseRow(f"own {i}", ("f",), "r") for i in range(own)]
    rows, missed, own_missed = chosen(mine, ours, most)
    assert len(rows) == min(most, len(mine) + len(ours)) == len(mine) + len(ours) - missed - own_missed
    assert len(set(rows)) == len(rows)
    kept = [each for each in mine if each.row in rows]
    left = [each for each in mine if each.row not in rows]
    assert not any(a.at > b.at and a.edited > b.edited for a in left for b in kept), "newest and most edited first"


def test_what_was_learned_and_is_erased_is_trained_without_from_the_first_adapter(
    shop: ResponseShop, trainer: RecordingTrainer, tmp_path: Path
) -> None:
    """Going on from the live version would keep the erased words in its weights."""
    asked = ("how long for delivery to york", "when will delivery come", "delivery speed", "days for delivery")
    with shop.db.writing() as session:
        for number, text in enumerate(asked):
            case = Conversations(session).open(TEAM, "D1", f"{number}.0", "U1" if number % 2 else "U2")
            turn, _ = Turns(session).record(TEAM, "D1", f"{number}.0", case.customer, text, "", case.id)
            row = {"team": TEAM, "text": text, "before": "delivery_time", "after": "delivery_time", "by": "UA"}
            Corrections(session).add(**row, source="card", turn_id=turn.id, better_answer=FACT)
    assert retrain_response(shop).status == "promoted"
    assert trainer.started_from == "v1"
    better(shop, "delivery in days", FACT)
    assert retrain_response(shop).challenger == "v3"
    for user in ("U1", "U2"):
        erased = erase(shop.db, TEAM, tmp_path, user)
        assert erased.versions == ("response v2", "response v3 (live)")
    assert retrain_response(shop).status == "promoted"
    assert trainer.started_from == "first"
    assert not {row.question for row in trainer.rows} & set(asked)
    assert trained_on(tmp_path, {fingerprint(text) for text in asked}) == ("response v2", "response v3")
    assert retrain_response(shop).status == "nothing"


def test_a_night_without_time_for_all_keeps_saying_that_nothing_answers() -> None:
    answering = [ResponseRow(f"q{n}", ("fact",), "fact") for n in range(90)]
    unknown = [ResponseRow(f"u{n}", ("fact",), f"{NO_ANSWER}.") for n in range(10)]
    own = [*answering, *unknown]
    assert mixed(own, 100, 0.5) == own
    some = mixed(own, 40, 0.5)
    assert (len(some), len(set(some)), len(set(some) & set(unknown))) == (40, 40, 10)
    few = mixed(own, 10, 0.5)
    assert (len(few), len(set(few) & set(unknown))) == (10, 5)
    assert len(mixed(unknown, 8, 0.5)) == 8
