"""The measures of a classifier on labelled rows. Loads no torch."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from model.calibration import expected_calibration_error
from model.types import OOS, Classifier, Evaluation, Example, Prediction, UnderstudyError

TIMED = 200
"""Messages that are timed one by one."""
WARM_UP = 10
Bools = npt.NDArray[np.bool_]


def evaluate(classifier: Classifier, examples: Sequence[Example], timed: int = TIMED) -> Evaluation:
    """Measure.

    Where rows are labelled `oos`, being refused is the right answer for them and a wrong one for the others. A set
    without such rows measures intents alone: then the intent counts, refused or not, and `in_scope_kept` tells apart
    how many would have been refused.

    Raises:
        UnderstudyError: no rows.
    """
    if not examples:
        raise UnderstudyError("expected rows to evaluate on, found none: check the data file.")
    predictions = classifier.predict([row.text for row in examples])
    truth = [row.label for row in examples]
    inside = np.array([label != OOS for label in truth])
    with_oos = bool((~inside).any())
    said = [p.label if with_oos else p.intent for p in predictions]
    per_intent = by_intent(truth, said)
    intent_right = np.array([p.intent == label for p, label in zip(predictions, truth, strict=True)])[inside]
    refused = np.array([p.out_of_scope for p in predictions])
    answered = np.array([not p.out_of_scope and p.confidence >= p.answer_from for p in predictions])
    confidence = np.array([p.confidence for p in predictions])[inside]
    return Evaluation(
        version=classifier.version,
        n=len(examples),
        accuracy=_mean([a == b for a, b in zip(said, truth, strict=True)]),
        macro_precision=_mean([row["precision"] for row in per_intent.values()]),
        macro_recall=_mean([row["recall"] for row in per_intent.values()]),
        macro_f1=_mean([row["f1"] for row in per_intent.values()]),
        in_scope_accuracy=_mean(intent_right),
        in_scope_kept=_mean(~refused[inside]),
        oos_recall=_mean(refused[~inside]) if with_oos else None,
        **_ranks(predictions, inside),
        answered=_mean(answered),
        answered_wrong=_mean([p.intent != label for p, label in zip(predictions, truth, strict=True)], answered),
        ece=expected_calibration_error(confidence, intent_right),
        per_intent=per_intent,
        latency_ms=latency(lambda text: classifier.predict([text]), [row.text for row in examples[:timed]]),
    )


def to_json(evaluation: Evaluation) -> dict[str, object]:
    """The object that `understudy evaluate --json` prints; fractions with five digits."""
    return {field.name: _rounded(getattr(evaluation, field.name)) for field in fields(evaluation)}


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    return value


def by_intent(truth: Sequence[str], said: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and rows of every label that occurs in `truth` (scikit-learn's, with 0 for 0/0)."""
    result = {}
    for label in sorted(set(truth)):
        hits = sum(a == label == b for a, b in zip(truth, said, strict=True))
        rows, claimed = sum(a == label for a in truth), sum(b == label for b in said)
        precision, recall = hits / claimed if claimed else 0.0, hits / rows
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        result[label] = {"precision": precision, "recall": recall, "f1": f1, "n": rows}
    return result


def _ranks(predictions: Sequence[Prediction], inside: Bools) -> dict[str, float | None]:
    scores = np.array([p.oos_score for p in predictions])
    if inside.all() or not inside.any():
        return {"oos_auroc": None, "oos_fpr95": None}
    return {"oos_auroc": auroc(scores[inside], scores[~inside]), "oos_fpr95": fpr95(scores[inside], scores[~inside])}


def auroc(low: npt.NDArray[np.floating], high: npt.NDArray[np.floating]) -> float:
    """Chance that one of `high` scores above one of `low`; ties count half."""
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / 2 / len(low))


def fpr95(inside: npt.NDArray[np.floating], outside: npt.NDArray[np.floating]) -> float:
    """Share of out-of-scope rows taken for in scope when 95 % of the in-scope rows are kept."""
    return float((outside <= np.quantile(inside, 0.95, method="higher")).mean())


def latency(answer: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """p50 and p95 in milliseconds of one message at a time, whatever `answer` does with it included."""
    for text in texts[:WARM_UP]:
        answer(text)
    taken = []
    for text in texts:
        start = time.perf_counter()
        answer(text)
        taken.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(taken, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}


def _mean(values: Sequence[float] | Bools, among: Bools | None = None) -> float:
    """0 where there are none."""
    chosen = np.asarray(values, float)[slice(None) if among is None else among]
    return float(np.mean(chosen)) if len(chosen) else 0.0
