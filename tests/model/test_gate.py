"""A gate that can say no, and says why by name."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from model.dataset import fingerprint
from model.gate import Answers, decide
from model.types import OOS, Evaluation, Example, UnderstudyError, Verdict

INTENTS = [f"intent_{i}" for i in range(20)]


def rows(each: int = 17, oos: int = 80) -> list[Example]:
    made = [Example(f"{name} text {i}", name, "starter") for name in INTENTS for i in range(each)]
    return [*made, *(Example(f"elsewhere {i}", OOS, "starter") for i in range(oos))]


def noisy(examples: Sequence[Example], share: float = 0.08, seed: int = 1) -> list[str]:
    rng = np.random.default_rng(seed)
    return [r.label if rng.random() >= share else str(rng.choice(INTENTS)) for r in examples]


def measured(version: str, examples: Sequence[Example], said: Sequence[str]) -> Evaluation:
    truth = [r.label for r in examples]
    labels = sorted(set(truth))
    options = {"labels": labels, "average": "macro", "zero_division": 0}
    outside = [a for a, b in zip(said, truth, strict=True) if b == OOS]
    return Evaluation(
        version=version,
        n=len(truth),
        accuracy=float(accuracy_score(truth, said)),
        macro_precision=float(precision_score(truth, said, **options)),
        macro_recall=float(recall_score(truth, said, **options)),
        macro_f1=float(f1_score(truth, said, **options)),
        in_scope_accuracy=0.9,
        in_scope_kept=0.95,
        oos_recall=sum(a == OOS for a in outside) / len(outside) if outside else None,
        oos_auroc=None,
        oos_fpr95=None,
        answered=0.9,
        answered_wrong=0.04,
        ece=0.02,
        per_intent={},
        latency_ms={"p50": 1.0, "p95": 2.0},
    )


def judged(examples: Sequence[Example], before: Sequence[str], after: Sequence[str], **more: Answers) -> Verdict:
    old, new = measured("v17", examples, before), measured("v18", examples, after)
    verdict = decide(old, new, before, after, examples, **more)
    json.dumps(verdict.figures, allow_nan=False)
    return verdict


def test_plain_words_come_first() -> None:
    test = rows()
    before = noisy(test)
    after = list(before)
    for i in range(3):
        after[i], before[i] = "intent_9", test[i].label
    mine = [Example(f"corrected {i}", "intent_3", "correction") for i in range(31)]
    corrected = Answers(mine, ["intent_3"] * 12 + [OOS] * 19, ["intent_3"] * 27 + [OOS] * 4)
    verdict = judged(test, before, after, corrected=corrected)
    assert verdict.promoted
    assert verdict.reasons[0] == (
        "v18 is live. Of the 31 messages you corrected it now gets 27 right, v17 got 12. "
        "15 that were wrong are now right, 3 that were right are now wrong."
    )
    assert verdict.reasons[1].startswith("On 420 test messages: accuracy 9")
    assert "(v17: 9" in verdict.reasons[1]
    assert verdict.figures["corrected"] == {"n": 31, "champion": 12, "challenger": 27}


def test_a_good_challenger_goes_live_over_many_seeds() -> None:
    test = rows()
    promoted = [judged(test, noisy(test, seed=2 * s), noisy(test, seed=2 * s + 1)).promoted for s in range(12)]
    assert sum(promoted) >= 10, "as good as the champion: seldom refused by chance"
    better = [judged(test, noisy(test, 0.15, 2 * s), noisy(test, 0.05, 2 * s + 1)).promoted for s in range(8)]
    assert sum(better) == 8


def test_shuffled_labels_are_refused() -> None:
    test = rows()
    rng = np.random.default_rng(5)
    verdict = judged(test, noisy(test), [str(rng.choice([*INTENTS, OOS])) for _ in test])
    assert not verdict.promoted
    assert verdict.reasons[0].startswith("v17 stays live, v18 was refused: over all intents it is worse: macro-F1 -8")
    assert "/support review" in verdict.reasons[0]
    assert len(verdict.reasons) < 10


def test_one_poisoned_intent_is_refused_by_name() -> None:
    test = rows()
    before, after = noisy(test, seed=1), noisy(test, 0.04, seed=2)
    for i, row in enumerate(test):
        if row.label == "intent_7" and i % 2:
            after[i] = "intent_11"
    verdict = judged(test, before, after)
    assert not verdict.promoted
    assert "intent_7 falls from 1" in verdict.reasons[0]
    assert "taken for intent_11" in verdict.reasons[0]
    assert "Look at the corrections of intent_7: /support review" in verdict.reasons[0]
    assert verdict.figures["failed"] == ["intent:intent_7"]


def test_more_messages_that_turn_wrong_than_right_are_a_reason_though_no_measure_falls_alone() -> None:
    test = rows()
    before = [r.label for r in test]
    after = list(before)
    after[0] = "intent_19"
    after[-2:] = ["intent_1"] * 2
    mine = [Example(f"corrected {i}", "intent_3", "correction") for i in range(20)]
    corrected = Answers(mine, ["intent_3"] * 20, ["intent_3"] * 16 + [OOS] * 4)
    verdict = judged(test, before, after, corrected=corrected)
    assert not verdict.promoted
    assert verdict.figures["failed"] == ["balance"]
    assert "7 messages that the live model gets right would turn wrong, and only 0 the other way" in verdict.reasons[0]


def test_a_small_fall_within_chance_is_no_reason() -> None:
    test = rows(each=12)
    before = [r.label for r in test]
    after = list(before)
    after[0] = after[1] = "intent_5"
    assert judged(test, before, after).promoted, "2 of 12 are 17 points, and chance"


def test_many_rows_a_fall_of_ten_points_is_allowed() -> None:
    test = [Example(f"a {i}", "a") for i in range(200)] + [Example(f"b {i}", "b") for i in range(3000)]
    before = [r.label for r in test]
    assert judged(test, before, ["b"] * 10 + before[10:]).figures["failed"] == ["macro_f1"]
    assert "intent:a" in judged(test, before, ["b"] * 21 + before[21:]).figures["failed"]


def test_out_of_scope_recall_may_not_fall() -> None:
    test = rows()
    before = noisy(test, 0.05)
    after = [s if r.label != OOS or i % 3 else "intent_0" for i, (r, s) in enumerate(zip(test, before, strict=True))]
    verdict = judged(test, before, after)
    assert not verdict.promoted
    assert "oos_recall" in verdict.figures["failed"]
    assert any("out-of-scope recall -" in reason for reason in verdict.reasons)


def test_small_intents_are_pooled_and_the_verdict_says_so() -> None:
    test = [*rows(), *(Example(f"rare {i}", f"rare_{i % 4}") for i in range(20))]
    before = noisy(test, 0.02)
    verdict = judged(test, before, before)
    assert verdict.promoted
    assert "Too few to tell one by one (under 10 test messages): rare_0, rare_1, rare_2, rare_3." in verdict.reasons
    after = [OOS if r.label.startswith("rare") else s for r, s in zip(test, before, strict=True)]
    verdict = judged(test, before, after)
    assert not verdict.promoted
    assert any("the 4 smallest intents together" in reason for reason in verdict.reasons)


def test_corrected_messages_may_not_get_worse() -> None:
    test = rows()
    said = noisy(test)
    mine = [Example(f"corrected {i}", "intent_3", "correction") for i in range(20)]
    verdict = judged(test, said, said, corrected=Answers(mine, ["intent_3"] * 20, ["intent_3"] * 12 + [OOS] * 8))
    assert not verdict.promoted
    assert verdict.reasons[0].startswith(
        "v17 stays live, v18 was refused: of the 20 messages you corrected it gets 12 right, the live one 20."
    )


def test_a_broken_challenger_is_refused() -> None:
    test = rows()
    verdict = judged(test, noisy(test), ["intent_0"] * len(test))
    assert verdict.reasons[0] == (
        "v17 stays live, v18 was refused: the new model is broken: it says intent_0 to all 420 rows."
    )
    said = noisy(test)
    broken = replace(measured("v18", test, said), macro_f1=math.nan)
    verdict = decide(measured("v17", test, said), broken, said, said, test)
    assert not verdict.promoted
    assert "no numbers" in verdict.reasons[0]
    json.dumps(verdict.figures, allow_nan=False)


def test_the_first_model_goes_live_when_it_is_sane() -> None:
    test = rows()
    said = noisy(test)
    verdict = decide(None, measured("v1", test, said), None, said, test)
    assert verdict.promoted
    assert verdict.reasons[0].startswith("v1 is live. Of the 420 test messages it now gets 3")
    rng = np.random.default_rng(5)
    said = [str(rng.choice([*INTENTS, OOS])) for _ in test]
    verdict = decide(None, measured("v1", test, said), None, said, test)
    assert not verdict.promoted
    assert "always answering oos gets 80" in verdict.reasons[0]


def test_no_test_rows_yet() -> None:
    verdict = decide(None, measured("v1", rows(1), noisy(rows(1))), None, [], [])
    assert verdict.promoted
    assert verdict.reasons[0] == "v1 is live."
    assert any("no test rows" in reason for reason in verdict.reasons)


def test_no_test_rows_yet_but_a_champion() -> None:
    nothing = measured("v17", rows(1), noisy(rows(1)))
    mine = [Example(f"corrected {i}", "intent_3", "correction") for i in range(20)]
    good = Answers(mine, [OOS] * 20, ["intent_3"] * 20)
    verdict = decide(nothing, replace(nothing, version="v18"), [], [], [], corrected=good)
    assert verdict.promoted
    assert any("no test rows yet" in reason for reason in verdict.reasons)
    bad = Answers(mine, ["intent_3"] * 20, [OOS] * 20)
    assert not decide(nothing, replace(nothing, version="v18"), [], [], [], corrected=bad).promoted


def test_verdict_holds_no_customers_text() -> None:
    test = rows()
    before = noisy(test, seed=1)
    assert "text 3" not in json.dumps(judged(test, before, noisy(test, seed=2)).figures)


def test_every_row_whose_label_changed_is_kept_with_both() -> None:
    test = [Example(f"text {i}", "a") for i in range(6)]
    figures = judged(test, ["a", "a", "b", "b", "b", "a"], ["a", "b", "a", "c", "b", "a"]).figures
    assert figures["changed"] == {
        fingerprint("text 1"): ["a", "b"],
        fingerprint("text 2"): ["b", "a"],
        fingerprint("text 3"): ["b", "c"],
    }
    assert (figures["now_wrong"], figures["now_right"]) == ([fingerprint("text 1")], [fingerprint("text 2")])


def test_lengths_must_agree() -> None:
    test = rows()
    with pytest.raises(UnderstudyError, match="predictions to compare"):
        Answers(test, None, ["intent_0"])


def test_one_corrected_message_is_spoken_of_as_one() -> None:
    test = rows()
    said = noisy(test)
    one = Answers([Example("corrected", "intent_3", "correction")], [OOS], ["intent_3"])
    verdict = judged(test, said, said, corrected=one)
    assert verdict.reasons[0] == "v18 is live. It gets the one message you corrected right, which v17 got wrong."
