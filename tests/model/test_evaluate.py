import json

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from model.evaluate import auroc, by_intent, evaluate, fpr95, to_json
from model.types import Example, Prediction, Ranked, UnderstudyError

KEYS = {"n", "accuracy", "macro_precision", "macro_recall", "macro_f1", "in_scope_accuracy", "oos_recall"}
KEYS |= {"oos_auroc", "oos_fpr95", "ece", "per_intent", "latency_ms"}


class FakeClassifier:
    """Says what its table says: text -> intent, confidence, out-of-scope score (above 0: out of scope)."""

    version = "v1"
    intents = ("a", "b")

    def __init__(self, table: dict[str, tuple[str, float, float]]) -> None:
        self.table = table

    def predict(self, texts: list[str]) -> list[Prediction]:
        return [self._one(text, *self.table[text]) for text in texts]

    def _one(self, text: str, intent: str, confidence: float, score: float) -> Prediction:
        return Prediction(text, intent, confidence, (Ranked(intent, confidence),), score, score > 0, "v1")


def test_refusing_is_right_where_the_set_has_out_of_scope_rows() -> None:
    fake = FakeClassifier({"1": ("a", 0.9, -1), "2": ("a", 0.6, -1), "3": ("b", 0.8, 1), "4": ("b", 0.5, 2)})
    rows = [Example("1", "a"), Example("2", "b"), Example("3", "b"), Example("4", "oos")]
    result = evaluate(fake, rows)
    assert (result.accuracy, result.oos_recall, result.in_scope_kept) == (0.5, 1.0, pytest.approx(2 / 3))
    assert result.in_scope_accuracy == pytest.approx(2 / 3)
    assert (result.answered, result.answered_wrong) == (0.5, 0.5)
    assert result.oos_auroc == 1
    assert set(result.per_intent) == {"a", "b", "oos"}


def test_without_such_rows_the_intent_counts_and_their_measures_are_null() -> None:
    fake = FakeClassifier({"1": ("a", 0.9, -1), "3": ("b", 0.8, 1)})
    shown = json.loads(json.dumps(to_json(evaluate(fake, [Example("1", "a"), Example("3", "b")]))))
    assert set(shown) >= KEYS
    assert shown["accuracy"] == shown["macro_f1"] == 1
    assert shown["oos_recall"] is shown["oos_auroc"] is shown["oos_fpr95"] is None
    assert set(shown["latency_ms"]) == {"p50", "p95"}
    assert shown["per_intent"]["b"] == {"precision": 1, "recall": 1, "f1": 1, "n": 1}


def test_no_rows_are_refused() -> None:
    with pytest.raises(UnderstudyError, match="found none"):
        evaluate(FakeClassifier({}), [])


def test_the_measures_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    truth, said = (list(rng.choice(["a", "b", "c", "d"], 300)) for _ in range(2))
    ours = by_intent(truth, said)
    p, r, f, _ = precision_recall_fscore_support(truth, said, labels=list(ours), zero_division=0)
    np.testing.assert_allclose([[row["precision"], row["recall"], row["f1"]] for row in ours.values()], np.c_[p, r, f])
    low, high = rng.normal(size=100).round(1), rng.normal(1, 1, 50).round(1)
    assert auroc(low, high) == pytest.approx(roc_auc_score([0] * 100 + [1] * 50, [*low, *high]))
    assert fpr95(np.arange(100.0), np.arange(90.0, 110.0)) == pytest.approx(0.3)
