"""A whole training run on a real database and real folders, with a trainer that takes milliseconds."""

import json
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.claims import Busy, Cancelled, Claim, claimed
from bot.erasing import erase
from bot.ledger import made_of
from bot.retrain import Outcome, Workshop, retrain
from model.dataset import fingerprint, normalise
from model.memory import OverrideMemory
from model.release import release
from model.types import OOS, Example, Intent, UnderstudyError
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.intents import Intents
from storage.training_runs import TrainingRun, TrainingRuns
from storage.turns import Turns
from storage.utterances import Utterances
from tests.bot.learners import TEAM, WORDS, NearestClassifier, NearestTrainer, sentences, shop, workshop
from tests.model.encoders import CharEncoder


@pytest.fixture
def trainer() -> NearestTrainer:
    return NearestTrainer()


@pytest.fixture
def work(tmp_path: Path, trainer: NearestTrainer) -> Workshop:
    return workshop(tmp_path, trainer)


def bring(work: Workshop, rows: Sequence[Example], source: str = "import") -> None:
    with work.db.writing() as session:
        Utterances(session, TEAM).add(rows, source)


def correct(work: Workshop, rows: Sequence[Example], before: str = "order_status", test: bool = False) -> None:
    """Customers' messages, each in its own conversation, and agents' corrections of them."""
    with work.db.writing() as session:
        for i, row in enumerate(rows):
            ts = f"{fingerprint(row.text)[:8]}.{i}"
            case = Conversations(session).open(TEAM, "D1", ts, "U1", is_test=test)
            turn, _ = Turns(session).record(TEAM, "D1", ts, "U1", row.text, f"Ev{ts}", case.id)
            Corrections(session).add(
                team=TEAM, text=row.text, before=before, after=row.label, by="UAGENT", source="card", turn_id=turn.id
            )


def latest(work: Workshop) -> TrainingRun:
    with work.db.reading() as session:
        run = TrainingRuns(session, TEAM).latest()
    assert run is not None
    return run


def live(work: Workshop) -> NearestClassifier:
    return NearestClassifier(work.registry.current_path())


def test_the_first_run_makes_the_first_version(work: Workshop) -> None:
    bring(work, shop(), "starter")
    told: list[float] = []
    outcome = retrain(work, progress=lambda share, what: told.append(share))
    assert outcome.status == "promoted"
    assert work.registry.current() == "v1"
    assert outcome.words[0].startswith("v1 is live. Of the ")
    assert told == sorted(told)
    assert told[-1] == 1.0
    run = latest(work)
    assert (run.status, run.challenger, run.rows) == ("promoted", "v1", outcome.rows)
    assert run.verdict.startswith("v1 is live.")
    manifest = work.registry.versions()[0].manifest
    assert manifest["promoted"] is True
    assert manifest["evaluation"]["n"] > 90  # type: ignore[index]
    assert manifest["data"]["train"]["rows"] == outcome.rows  # type: ignore[index]


def test_a_version_names_its_rows_without_their_words(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, shop())
    retrain(work)
    folder = work.registry.current_path()
    rows = [json.loads(line) for line in (folder / "dataset.jsonl").read_text().splitlines()]
    assert {fingerprint(row.text) for row in trainer.rows} == {r["fingerprint"] for r in rows if r["side"] == "train"}
    for file in (*folder.iterdir(), work.sides):
        assert b"tracking" not in file.read_bytes()


def test_nothing_new_trains_only_when_forced(work: Workshop) -> None:
    bring(work, shop())
    retrain(work)
    outcome = retrain(work)
    assert outcome.status == "nothing"
    assert outcome.words == ("No new labels since v1 was trained: v1 stays live.",)
    assert work.registry.upcoming() == "v2"
    assert retrain(work, force=True).status == "promoted"
    assert work.registry.current() == "v2"
    correct(work, sentences("gift_card", 3, 99))
    assert retrain(work).challenger == "v3"


def test_nothing_to_train_on(work: Workshop) -> None:
    with pytest.raises(UnderstudyError, match="understudy import"):
        retrain(work)


def test_a_dry_run_changes_nothing(work: Workshop) -> None:
    bring(work, shop())
    outcome = retrain(work, dry_run=True)
    assert outcome.status == "dry run"
    assert outcome.words[0] == "A dry run, nothing changes. The verdict would be:"
    assert work.registry.versions() == []
    assert latest(work).status == "cancelled"
    assert retrain(work).status == "promoted", "its labels are still new"


def test_300_good_corrections_are_promoted(work: Workshop) -> None:
    first = [row for row in shop(30) if row.label != "gift_card"]
    bring(work, [*first, *sentences("gift_card", 2, 1)])
    retrain(work)
    good = [row for label in WORDS for row in sentences(label, 50, 7)]
    assert len(good) == 300
    correct(work, good)
    outcome = retrain(work)
    assert outcome.status == "promoted"
    assert work.registry.current() == "v2"
    assert outcome.words[0].startswith("v2 is live. Of the 2")
    assert "messages you corrected it now gets" in outcome.words[0]


def test_shuffled_labels_are_refused(work: Workshop) -> None:
    bring(work, shop())
    retrain(work)
    rng = np.random.default_rng(3)
    labels = [*WORDS, OOS]
    correct(work, [Example(r.text, str(rng.choice(labels)), "correction") for r in shop(250, 250, seed=5)])
    outcome = retrain(work)
    assert outcome.status == "kept"
    assert not outcome.ok
    assert work.registry.current() == "v1"
    assert outcome.words[0].startswith("v1 stays live, v2 was refused: ")
    assert "/support review" in outcome.words[0]
    assert [info.version for info in work.registry.versions()] == ["v1", "v2"], "kept to be looked at"
    assert (latest(work).status, latest(work).champion, latest(work).challenger) == ("kept", "v1", "v2")


def test_one_poisoned_intent_is_refused_by_name(work: Workshop) -> None:
    bring(work, shop(60), "starter")
    retrain(work)
    poison = sentences("refund_status", 150, 9)
    correct(work, [Example(row.text, "gift_card", "correction") for row in poison], before="refund_status")
    outcome = retrain(work)
    assert outcome.status == "kept"
    assert "refund_status falls from" in outcome.words[0]
    assert "taken for gift_card" in outcome.words[0]
    assert "Look at the corrections of refund_status: /support review" in outcome.words[0]
    assert work.registry.current() == "v1"


def test_200_corrected_messages_of_a_week_are_all_right_after_the_promotion(work: Workshop) -> None:
    bring(work, shop(20))
    retrain(work)
    memory = OverrideMemory(CharEncoder())
    week = [row for label in (*WORDS, OOS) for row in sentences(label, 26, 11, words=3)]
    rng = np.random.default_rng(2)
    # Agents are no machines: some corrections are whims that no model learns.
    week = [row if rng.random() > 0.1 else Example(row.text, str(rng.choice(list(WORDS)))) for row in week][:200]
    by_text = {normalise(row.text): row for row in week}
    correct(work, list(by_text.values()))
    with work.db.reading() as session:
        standing = Corrections(session).effective(TEAM)
    memory.rebuild([(row.id, row.text, row.after) for row in standing])
    assert retrain(work).status == "promoted"
    tested = {key for key, side in json.loads(work.sides.read_text()).items() if side == "test"}
    kept = release(memory, live(work), standing, tested)
    assert kept < len(standing) / 2, "most of them the model has learned"
    for row in by_text.values():
        found = memory.lookup(row.text)
        assert (found.label if found else live(work).predict([row.text])[0].label) == row.label


def test_test_rows_are_never_trained_on_whatever_is_corrected(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, shop(40), "starter")
    retrain(work)
    tested = {key for key, side in json.loads(work.sides.read_text()).items() if side == "test"}
    chosen = [row for row in shop(40) if fingerprint(row.text) in tested][:30]
    correct(work, [Example(row.text.upper() + "?", "gift_card") for row in chosen])
    correct(work, sentences("gift_card", 40, 21))
    for _ in range(2):
        retrain(work, force=True)
        assert not {fingerprint(row.text) for row in trainer.rows} & tested


def test_agents_own_tests_train_nothing(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, shop())
    correct(work, sentences("gift_card", 10, 5), test=True)
    retrain(work)
    assert all(row.source != "correction" for row in trainer.rows)


def test_messages_without_a_label_and_titles_reach_the_trainer(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, shop())
    retrain(work)
    tested = next(key for key, side in json.loads(work.sides.read_text()).items() if side == "test")
    texts = [row.text for row in shop()]
    known = next(text for text in texts if fingerprint(text) == tested)
    with work.db.writing() as session:
        Intents(session, TEAM).upsert(Intent("gift_card", "Gift cards"), "import")
        for i, text in enumerate(["is my voucher still good", known]):
            case = Conversations(session).open(TEAM, "D1", f"{i}.5", "U1")
            turn, _ = Turns(session).record(TEAM, "D1", f"{i}.5", "U1", text, f"Ev{i}", case.id)
            Turns(session).predicted(turn.id, NearestClassifier(work.registry.current_path()).predict([texts[0]])[0])
    retrain(work, force=True)
    assert trainer.unlabelled == ["is my voucher still good"]
    assert trainer.about == {"gift_card": "Gift cards"}


def test_messages_without_a_label_stand_among_the_rows_of_a_version(work: Workshop) -> None:
    bring(work, shop())
    retrain(work)
    with work.db.writing() as session:
        case = Conversations(session).open(TEAM, "D1", "1.5", "U1")
        turn, _ = Turns(session).record(TEAM, "D1", "1.5", "U1", "is my voucher still good", "Ev1", case.id)
        Turns(session).predicted(turn.id, NearestClassifier(work.registry.current_path()).predict(["voucher"])[0])
    retrain(work, force=True)
    assert made_of(work.registry.path("v2"), {fingerprint("is my voucher still good")})
    assert not made_of(work.registry.path("v1"), {fingerprint("is my voucher still good")})


def test_erased_rows_are_trained_without_though_no_label_is_new(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, shop())
    correct(work, [*sentences("gift_card", 2, 99), Example("my zebra voucher", "gift_card")])
    retrain(work)
    home = work.registry.root.parents[1]
    erased = erase(work.db, TEAM, home, "U1")
    assert erased.versions == ("intent v1 (live)",)
    assert retrain(work).status == "promoted"
    assert "my zebra voucher" not in [row.text for row in trainer.rows]
    assert retrain(work).status == "nothing"
    assert erase(work.db, TEAM, home, "U1").versions == ()


def test_the_latest_label_of_a_text_counts(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, shop())
    retrain(work)
    row = next(r for r in trainer.rows if r.label == "order_status")
    correct(work, [Example(f"{row.text}!", "gift_card")])
    retrain(work)
    assert {r.label for r in trainer.rows if normalise(r.text) == normalise(row.text)} == {"gift_card"}


def test_an_intent_with_one_message_waits(work: Workshop, trainer: NearestTrainer) -> None:
    bring(work, [*shop(), Example("a unicorn wants stroking", "unicorn")])
    outcome = retrain(work)
    assert outcome.status == "promoted"
    assert "unicorn" not in {row.label for row in trainer.rows} or any("unicorn" in words for words in outcome.words)


def test_a_broken_live_model_is_no_bar(work: Workshop) -> None:
    bring(work, shop())
    retrain(work)
    (work.registry.current_path() / "labels.json").unlink()

    def load(folder: Path) -> NearestClassifier:
        if not (folder / "labels.json").is_file():
            raise UnderstudyError("expected labels.json, found none")
        return NearestClassifier(folder)

    broken = Workshop(work.db, TEAM, work.registry, CharEncoder, work.train, load)
    assert retrain(broken, force=True).status == "promoted"
    assert work.registry.current() == "v2"


def test_two_runs_never_train_at_once(work: Workshop) -> None:
    bring(work, shop())
    inside, go = threading.Event(), threading.Event()

    def slow(train: Sequence[Example], out: Path, **more: object) -> object:
        inside.set()
        assert go.wait(20)
        return NearestTrainer()(train, out, **more)  # type: ignore[arg-type]

    first = Workshop(work.db, TEAM, work.registry, CharEncoder, slow, NearestClassifier)  # type: ignore[arg-type]
    ended: list[Outcome] = []
    thread = threading.Thread(target=lambda: ended.append(retrain(first)))
    thread.start()
    assert inside.wait(20)
    with pytest.raises(Busy) as caught:
        retrain(work, force=True)
    assert caught.value.run is not None
    go.set()
    thread.join(20)
    assert ended[0].status == "promoted"
    assert retrain(work, force=True).status == "promoted", "the claim was given back"


def stopped(work: Workshop, how: Callable[[Claim], object]) -> None:
    bring(work, shop())
    with pytest.raises(Cancelled):
        retrain(work, held=how)
    assert work.registry.versions() == []
    assert list(work.registry.root.glob(".staging*")) == []


def test_a_cancelled_run_leaves_nothing(work: Workshop) -> None:
    stopped(work, lambda claim: claim.cancel("the bot went away"))
    assert (latest(work).status, latest(work).error) == ("cancelled", "the bot went away")
    assert retrain(work).status == "promoted"


def test_ended_from_elsewhere_it_publishes_nothing_though_no_heartbeat_came_between(work: Workshop) -> None:
    def end(claim: Claim) -> None:
        with work.db.writing() as session:
            assert TrainingRuns(session, TEAM).finish(claim.run.id, "cancelled", error="<@U1> ended it")

    stopped(work, end)
    assert (latest(work).status, latest(work).error) == ("cancelled", "<@U1> ended it")
    assert work.registry.current() is None


def test_a_failing_trainer_is_written_down(work: Workshop) -> None:
    bring(work, shop())

    def fail(*args: object, **more: object) -> object:
        raise RuntimeError("out of memory")

    bad = Workshop(work.db, TEAM, work.registry, CharEncoder, fail, NearestClassifier)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="out of memory"):
        retrain(bad)
    assert (latest(work).status, latest(work).error) == ("failed", "RuntimeError: out of memory")


def test_a_lost_claim_ends_the_run(work: Workshop) -> None:
    with claimed(work.db, TEAM, "intent", heartbeat=0.02) as claim:
        later = datetime.now(UTC) + timedelta(minutes=3)
        with work.db.writing() as session:
            assert TrainingRuns(session, TEAM).claim("intent", "elsewhere", now=later) is not None
        for _ in range(200):
            try:
                claim.check()
            except Cancelled:
                break
            threading.Event().wait(0.02)
        with pytest.raises(Cancelled, match="lost"):
            claim.check()


def test_heartbeats_keep_the_claim(work: Workshop) -> None:
    with claimed(work.db, TEAM, "intent", heartbeat=0.02) as claim:
        threading.Event().wait(0.3)
        with work.db.reading() as session:
            run = TrainingRuns(session, TEAM).get(claim.run.id)
        assert run is not None
        assert run.heartbeat_at > claim.run.heartbeat_at
        claim.check()
        assert claim.finish("kept")
