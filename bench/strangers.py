"""How in-scope and out-of-scope messages part: the whole curve of one set, and each kind of stranger by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.evaluate import auroc
from model.types import OOS, Example, Prediction

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
KEPT = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model said of a test set with strangers."""

    inside: Floats
    """Out-of-scope scores of the in-scope rows, [n]."""
    right: Bools
    """Whether their intent is the right one, [n]."""
    outside: Floats
    """Scores of the strangers, [m]."""


def judged(test: Sequence[Example], said: Sequence[Prediction]) -> Judged:
    """Of parallel rows and predictions."""
    inside = np.array([row.label != OOS for row in test])
    scores = np.array([p.oos_score for p in said], np.float64)
    right = np.array([p.intent == row.label for p, row in zip(said, test, strict=True)])
    return Judged(scores[inside], right[inside], scores[~inside])


def curve(it: Judged, kept: Sequence[float] = KEPT) -> list[dict[str, float]]:
    """At thresholds that keep these shares of the in-scope rows: right and kept, and strangers told; per cent.

    The thresholds are read on the test rows: it shows what scores can do, and no threshold of it is ever used.
    """
    points = []
    for share in kept:
        limit = np.quantile(it.inside, share, method="higher")
        stays = it.inside <= limit
        found = {
            "kept": stays.mean(),
            "right_and_kept": (it.right & stays).mean(),
            "oos_recall": (it.outside > limit).mean(),
        }
        points.append({name: round(100 * float(value), 2) for name, value in found.items()})
    return points


def kinds_of(file: Path) -> dict[str, str]:
    """The `kind` of the rows of a JSON-lines file that have one, by text."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return {row["text"].strip(): row["kind"] for row in rows if row.get("kind")}


def by_kind(test: Sequence[Example], said: Sequence[Prediction], kinds: Mapping[str, str]) -> Mapping[str, float]:
    """AUROC and recall at the own threshold of each kind of stranger, per cent; empty where there are no kinds."""
    it, found = judged(test, said), {}
    strange = [
        (kinds[row.text], p) for row, p in zip(test, said, strict=True) if row.label == OOS and row.text in kinds
    ]
    for kind in sorted({kind for kind, _ in strange}):
        mine = [p for name, p in strange if name == kind]
        found[f"auroc {kind}"] = round(100 * auroc(it.inside, np.array([p.oos_score for p in mine])), 2)
        found[f"recall {kind}"] = round(100 * sum(p.out_of_scope for p in mine) / len(mine), 2)
    return found


def plot(
    points: Mapping[str, Sequence[Mapping[str, float]]], chosen: Mapping[str, tuple[float, float]], path: Path
) -> None:
    """A curve a seed, and where the product's own threshold lies on it."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), dpi=130, facecolor="white")
    for name, mine in points.items():
        axes.plot([p["right_and_kept"] for p in mine], [p["oos_recall"] for p in mine], marker=".", label=name)
    for right, recall in chosen.values():
        axes.plot(right, recall, marker="*", markersize=14, color="black", linestyle="")
    axes.set_xlabel("in-scope messages understood and kept, %")
    axes.set_ylabel("out-of-scope messages told, %")
    axes.set_title("What a threshold can have (stars: the product's own)")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left")
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
