"""Training after intents were renamed, merged, archived or added: nothing that was labelled is lost."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot import intents
from bot.material import gather
from bot.retrain import Workshop, retrain
from model.naming import InTodaysNames
from model.types import OOS, Example, Intent
from storage.intents import Intents
from tests.bot.learners import TEAM, WORDS, NearestTrainer, sentences, shop, workshop
from tests.bot.test_retrain import bring, correct, live

MORE = "subscription plan monthly renew upgrade downgrade membership tier"


@pytest.fixture
def trainer() -> NearestTrainer:
    return NearestTrainer()


@pytest.fixture
def work(tmp_path: Path, trainer: NearestTrainer) -> Workshop:
    """A live v1 that has learned the shop."""
    made = workshop(tmp_path, trainer)
    with made.db.writing() as session:
        for name in WORDS:
            Intents(session, TEAM).upsert(Intent(name, name.replace("_", " ")), "import")
    bring(made, shop())
    assert retrain(made).status == "promoted"
    return made


def do(work: Workshop, action: str, *words: str) -> str:
    return intents.change(work.db, TEAM, "UAGENT", action, words)


def recall(work: Workshop, label: str, rows: Sequence[Example]) -> float:
    said = InTodaysNames(live(work), gather(work.db, TEAM).names).predict([row.text for row in rows])
    return sum(each.label == label for each in said) / len(said)


def test_after_a_rename_the_next_model_knows_the_new_name_with_all_the_old_rows(
    work: Workshop, trainer: NearestTrainer
) -> None:
    correct(work, sentences("gift_card", 12, 71))
    before = [row.text for row in gather(work.db, TEAM).examples if row.label == "gift_card"]
    do(work, "rename", "gift_card", "voucher")
    correct(work, [Example(row.text, "voucher") for row in sentences("gift_card", 5, 72)])
    outcome = retrain(work)
    assert (outcome.status, work.registry.current()) == ("promoted", "v2")
    after = [row.text for row in gather(work.db, TEAM).examples if row.label == "voucher"]
    assert set(before) < set(after)
    assert "gift_card" not in live(work).intents
    assert {"voucher", *WORDS} - {"gift_card"} == set(live(work).intents)
    assert trainer.about["voucher"] == "gift card"
    assert recall(work, "voucher", sentences("gift_card", 40, 73)) > 0.9


def test_a_rename_alone_is_no_loss_and_can_be_taken_back(work: Workshop) -> None:
    do(work, "rename", "gift_card", "voucher")
    outcome = retrain(work, force=True)
    assert outcome.status == "promoted"
    assert outcome.figures["champion"]["macro_f1"] == outcome.figures["challenger"]["macro_f1"]  # type: ignore[index]
    assert "voucher" in live(work).intents
    do(work, "rename", "voucher", "gift_card")
    assert recall(work, "gift_card", sentences("gift_card", 40, 73)) > 0.9, "before any training"
    assert retrain(work, force=True).status == "promoted"
    assert set(live(work).intents) == set(WORDS)


def test_merged_intents_are_one_for_the_live_model_and_the_next(work: Workshop) -> None:
    correct(work, sentences("refund_status", 6, 71), before="cancel_order")
    do(work, "merge", "refund_status", "cancel_order")
    mine = [*sentences("refund_status", 30, 74), *sentences("cancel_order", 30, 74)]
    assert recall(work, "cancel_order", mine) > 0.9
    material = gather(work.db, TEAM)
    assert material.corrected == [], "what was corrected from one to the other says nothing any more"
    assert sum(row.label == "cancel_order" for row in material.examples) == 106
    assert retrain(work).status == "promoted"
    assert set(live(work).intents) == set(WORDS) - {"refund_status"}
    assert recall(work, "cancel_order", mine) > 0.9


def test_an_archived_intent_is_not_trained_on_and_comes_back_whole(work: Workshop, trainer: NearestTrainer) -> None:
    do(work, "archive", "gift_card")
    assert recall(work, OOS, sentences("gift_card", 30, 75)) > 0.9, "the live model still knows it"
    assert retrain(work, force=True).status == "promoted"
    assert "gift_card" not in {row.label for row in trainer.rows}
    do(work, "restore", "gift_card")
    assert retrain(work, force=True).status == "promoted"
    assert recall(work, "gift_card", sentences("gift_card", 30, 75)) > 0.9


def test_a_new_intent_is_learned_from_ten_corrected_messages_and_the_others_keep_theirs(
    work: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORDS, "subscription", MORE)
    new = sentences("subscription", 60, 76)
    others = {label: sentences(label, 60, 77) for label in (*WORDS, OOS) if label != "subscription"}
    before = {label: recall(work, label, rows) for label, rows in others.items()}
    do(work, "add", "subscription", "My subscription")
    correct(work, new[:10], before=OOS)
    assert retrain(work).status == "promoted"
    assert recall(work, "subscription", new[10:]) >= 0.85
    for label, rows in others.items():
        assert recall(work, label, rows) >= before[label], label
