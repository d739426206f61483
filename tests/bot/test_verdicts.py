"""What agents read of a run."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from bot.material import Material
from bot.verdicts import changed, changes, details, headline, now_wrong
from model.dataset import fingerprint
from model.types import Example
from storage.training_runs import TrainingRun

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RUN = TrainingRun(
    id=1,
    team_id="T1",
    kind="intent",
    status="promoted",
    claimed_by="here:1",
    heartbeat_at=NOW,
    started_at=NOW,
    finished_at=NOW,
    champion="v17",
    challenger="v18",
    rows=900,
    figures={
        "champion": {"accuracy": 0.9, "macro_f1": 0.88, "oos_recall": None},
        "challenger": {"accuracy": 0.925, "macro_f1": 0.9, "oos_recall": None},
        "data": {"train": {"rows": 900}, "test": {"rows": 300}, "left_out": {"an agent's own test": 2}},
        "now_wrong": [fingerprint("where is <it>"), fingerprint("gone since")],
    },
    verdict="v18 is live. Of the 31 messages you corrected it now gets 27 right, v17 got 12.\nOn 300 test messages.",
    error="",
)


def test_plain_words_first_figures_under_them() -> None:
    assert headline(RUN) == ("✅ v18 is live. Of the 31 messages you corrected it now gets 27 right, v17 got 12.")
    said = details(RUN, ["where is <it>"])
    assert said.startswith("On 300 test messages.\n\n```")
    assert "Accuracy               90.0 %   92.5 %" in said
    assert "Out-of-scope" not in said, "a set without such rows has no such figure"
    assert "left out: 2 × an agent's own test" in said
    assert said.endswith("*Right before, wrong now:*\n• where is &lt;it&gt;")


def test_many_wrong_ones_are_counted() -> None:
    assert details(RUN, [f"text {i}" for i in range(14)]).endswith("and 4 more")


def test_refused_failed_and_of_the_other_model() -> None:
    kept = replace(RUN, status="kept", kind="response", verdict="v1 stays live, v2 was refused: it invents.")
    assert headline(kept) == "✋ Response model: v1 stays live, v2 was refused: it invents."
    failed = replace(RUN, status="failed", verdict="", error="RuntimeError: no memory", figures={})
    assert headline(failed) == (
        "⚠️ The training of the intent model ended without a verdict: RuntimeError: no memory. v17 stays live."
    )
    assert details(failed) == ""


def test_texts_come_from_the_database_as_it_is_now() -> None:
    material = Material([Example("Where is <it>?", "a")], [], Counter())
    assert now_wrong(RUN, material) == ["Where is <it>?"], "one that was taken back is not shown"


def test_changed_predictions_the_worse_first_with_both_labels() -> None:
    lost, found, still, gone = "where is <it>", "my parcel", "hm", "taken back"
    figures = {
        "now_wrong": [fingerprint(lost)],
        "now_right": [fingerprint(found), fingerprint(gone)],
        "changed": {
            fingerprint(lost): ["a", "b"],
            fingerprint(found): ["b", "a"],
            fingerprint(gone): ["b", "a"],
            fingerprint(still): ["b", "c"],
        },
    }
    run = replace(RUN, figures=figures)
    material = Material([Example(each, "a") for each in (lost, found, still)], [], Counter())
    assert len(changed(run)) == 4
    assert changes(run, material).split("\n\n") == [
        "*Right before, wrong now: 1*\n• where is &lt;it&gt; (a → b)",
        "*Wrong before, right now: 2*\n• my parcel (b → a)\n1 not shown, for what was said is not kept any more",
        "*Wrong before and wrong now: 1*\n• hm (b → c)",
    ]


def test_some_twenty_changed_predictions_at_most_and_an_older_run_without_labels() -> None:
    texts = [f"message {i}" for i in range(60)]
    keys = [fingerprint(each) for each in texts]
    material = Material([Example(each, "a") for each in texts], [], Counter())
    run = replace(RUN, figures={"now_wrong": keys[:30], "now_right": keys[30:]})
    said = changes(run, material)
    assert said.count("•") <= 20
    assert said.count("and 22 more") == 2
    assert "• message 0\n" in said
    assert changes(replace(RUN, figures={}), material) == "Both versions understand every message alike."
