"""Fits the decision trees of the grounding check: some on the dev half of `bench/written/grounding.jsonl`, some on
`bench/written/grounding_far.jsonl`, and their log odds are added.

The few rows of the first were written for what a small model does; the many of the second, by other hands and of 840
pages of other businesses, keep the trees from learning one business by heart. Rows with a reason that is enough alone
teach nothing, and the test half is never read. What is printed is judged by trees that have not seen the row's sources,
once for each pair of limits. `python -m bench.grounding_fit [--without BATCH]` writes `model/doubt.json`; the same rows
make the same file.
"""

import argparse
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.grounding import Row, groups, paged, rows
from model.encoder import base_encoder
from model.grounding import FITTED, Checker
from model.passages import sentences
from model.polarity import opening
from model.response_rows import NO_ANSWER, read_rows
from model.retriever import Encoder

LIMIT = 0.29
"""Doubt above which a sentence is refused that no rule suspects."""
LIMIT_SUSPECTED = 0.2
"""The same for one that a rule suspects: the trees only let it through where they are sure."""
FOLDS = 8
APPROVED = "approved"
WEIGHT = 0.5
"""Of an approved reply of the starter shop beside one of the written rows: they are many, and of one shop."""
STARTER = Path(__file__).parents[1] / "model" / "starter"
_ORDER = re.compile(r"\d{5}")
SETTINGS = {
    "n_estimators": 300,
    "max_depth": 4,
    "learning_rate": 0.06,
    "subsample": 0.7,
    "min_samples_leaf": 10,
    "max_features": 0.4,
    "random_state": 0,
}
FAR_SETTINGS = {**SETTINGS, "min_samples_leaf": 40}
"""The same for the far replies, of which there are ten times as many."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row as the trees see it: a line of measures for each sentence that no rule alone decides."""

    row: Row
    group: str
    measured: tuple[dict[str, float], ...]
    settled: bool
    """Whether a reason that is enough alone was found, so that the trees have no say."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="where the converted base models lie (default: made anew)")
    parser.add_argument("--without", action="append", default=[], help="a batch to leave out, to be measured unseen")
    parser.add_argument("--out", type=Path, default=FITTED)
    args = parser.parse_args()
    found = [row for row in rows("dev") if (row.batch or "none") not in args.without]
    found += approved()
    with tempfile.TemporaryDirectory() as work:
        encoder = base_encoder(args.cache or Path(work))
        judged, judged_far = judge(found, encoder), judge(paged("far"), encoder)
    trees, trees_far = train(judged), train(judged_far, FAR_SETTINGS)
    doubts = cross_validated(judged, trees_far)
    for limit in (0.3, LIMIT, 0.5):
        for suspected in (0.1, LIMIT_SUSPECTED, 0.3):
            print(f"limits {limit}, {suspected}: {summary(judged, refused(judged, doubts, limit, suspected))}")
    doubts_far = cross_validated(judged_far, trees, FAR_SETTINGS)
    print(f"far replies: {summary(judged_far, refused(judged_far, doubts_far, LIMIT, LIMIT_SUSPECTED))}")
    both = fitted([trees, trees_far], next(list(one.measured[0]) for one in judged if one.measured))
    args.out.write_text(json.dumps(both, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"in {args.out}")


def approved() -> list[Row]:
    """The starter shop's approved replies (training rows): short and faithful, as most of what is written is."""
    found = [one for one in read_rows(STARTER / "response.jsonl").rows if not one.reply.startswith(NO_ANSWER)]
    return [
        Row(one.reply, tuple(one.facts), True, APPROVED, one.question, (one.first_name, *_ORDER.findall(one.question)))
        for one in found
    ]


class Remembering:
    """An encoder that reads the same texts once: a page's rows lie together."""

    def __init__(self, encoder: Encoder) -> None:
        self._encode = lru_cache(maxsize=64)(lambda texts: encoder.encode(list(texts)))

    def encode(self, texts: Sequence[str]) -> Any:
        return self._encode(tuple(texts))


def judge(found: Sequence[Row], encoder: Encoder) -> list[Judged]:
    judged = []
    encoder = Remembering(encoder)
    for row, group in zip(found, groups(found), strict=True):
        checker = Checker(row.sources, encoder, allowed=row.allowed, question=row.question)
        open_ones = [one for one in sentences(row.reply) if not checker.sound(one)]
        # A faithful reply may lose its yes or no and be sent.
        looked_at = [opening(one)[1] for one in open_ones] if row.faithful else open_ones
        settled = any(map(checker.certain, looked_at))
        judged.append(Judged(row, group, tuple(checker.measured(one) for one in open_ones), settled))
    return judged


def cross_validated(
    judged: Sequence[Judged], besides: Any, settings: Mapping[str, Any] = SETTINGS
) -> list[list[float]]:
    """The doubt about each sentence of each row, by trees that have not seen a row of its sources.

    Args:
        besides: a model of other rows, whose log odds are added.
    """
    names = sorted({one.group for one in judged})
    order = dict(zip(np.random.default_rng(0).permutation(names).tolist(), range(len(names)), strict=True))
    doubts: list[list[float]] = [[] for _ in judged]
    for fold in range(FOLDS):
        inside = [place for place, one in enumerate(judged) if order[one.group] % FOLDS == fold]
        model = train([one for one in judged if order[one.group] % FOLDS != fold], settings)
        for place in inside:
            doubts[place] = doubt([model, besides], judged[place])
    return doubts


def train(judged: Sequence[Judged], settings: Mapping[str, Any] = SETTINGS) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    lines = [(measured, one.row.faithful) for one in judged if not one.settled for measured in one.measured]
    inputs = np.array([list(measured.values()) for measured, _ in lines])
    weights = [WEIGHT if one.row.kind == APPROVED else 1.0 for one in judged if not one.settled for _ in one.measured]
    unfaithful = [not faithful for _, faithful in lines]
    return GradientBoostingClassifier(**settings).fit(inputs, unfaithful, sample_weight=weights)


def doubt(models: Sequence[Any], one: Judged) -> list[float]:
    if not one.measured:
        return []
    inputs = np.array([list(each.values()) for each in one.measured])
    log_odds = sum(model.decision_function(inputs) for model in models)
    return [float(value) for value in 1 / (1 + np.exp(-log_odds))]


def refused(
    judged: Sequence[Judged], doubts: Sequence[Sequence[float]], limit: float, suspected: float
) -> npt.NDArray[np.bool_]:
    """Whether each row is refused, by a reason that is enough alone or by a sentence in too much doubt: [n]."""
    return np.array(
        [
            one.settled
            or any(
                value > (suspected if of["suspected"] else limit) for value, of in zip(found, one.measured, strict=True)
            )
            for one, found in zip(judged, doubts, strict=True)
        ]
    )


def summary(judged: Sequence[Judged], no: npt.NDArray[np.bool_]) -> str:
    """Shares caught and refused by batch, and how many of the starter shop's approved replies are refused."""
    batches: dict[str, list[tuple[bool, bool]]] = {}
    for one, is_no in zip(judged, no, strict=True):
        batches.setdefault(one.row.kind if one.row.kind == APPROVED else one.row.batch or "none", []).append(
            (one.row.faithful, bool(is_no))
        )
    return ", ".join(
        f"{name} {share(found, faithful=False)} caught {share(found, faithful=True)} refused"
        for name, found in batches.items()
    )


def share(found: Sequence[tuple[bool, bool]], *, faithful: bool) -> str:
    judged = [no for is_faithful, no in found if is_faithful == faithful]
    return f"{sum(judged) / len(judged):.1%}" if judged else "-"


def fitted(models: Sequence[Any], measures: Sequence[str]) -> dict[str, Any]:
    """What `model.trees.read` reads."""
    priors = [float(model.init_.class_prior_[1]) for model in models]
    trees = [tree[0].tree_ for model in models for tree in model.estimators_]
    return {
        "made by": "python -m bench.grounding_fit",
        "measures": measures,
        "start": round(sum(float(np.log(prior / (1 - prior))) for prior in priors), 5),
        "limit": LIMIT,
        "limit suspected": LIMIT_SUSPECTED,
        "trees": [[node(tree, place) for place in range(tree.node_count)] for tree in trees],
    }


def node(tree: Any, place: int) -> list[float | int]:
    low = int(tree.children_left[place])
    if low < 0:
        return [-1, round(float(tree.value[place][0][0]) * SETTINGS["learning_rate"], 5), 0, 0]
    return [int(tree.feature[place]), round(float(tree.threshold[place]), 5), low, int(tree.children_right[place])]


if __name__ == "__main__":
    main()
