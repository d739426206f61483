"""Fits the decision trees of the grounding check: three forests, whose log odds are added.

The first learns from the dev half of `bench/written/grounding.jsonl`, written for what a small model does, with the
starter shop's approved replies and a little of `grounding_real.jsonl`; the second from the many replies of
`grounding_far.jsonl`, by other hands and of 840 pages of other businesses, which keep the trees from learning one
business by heart; the third from `grounding_near.jsonl`, near to the words of their sources. Rows with a reason that
is enough alone teach nothing, and the test half is never read. What is printed is judged by trees that have not seen
the row's sources in any writing, once for each pair of limits. `python -m bench.grounding_fit [--without BATCH]`
writes `model/doubt.json`; the same rows make the same file.
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

from bench.grounding import PAGED, Row, groups, paged, rows
from model.encoder import OnnxEncoder, base_encoder
from model.grounding import FITTED, Checker
from model.passages import sentences
from model.polarity import opening
from model.response_rows import NO_ANSWER, read_rows
from model.sendable import LIMIT as SENDABLE

LIMIT = 0.29
"""Doubt above which a sentence is refused that no rule suspects."""
LIMIT_SUSPECTED = 0.2
"""The same for one that a rule suspects: the trees only let it through where they are sure."""
FOLDS = 8
APPROVED = "approved"
WEIGHTS = {APPROVED: 0.5, "real": 0.1}
"""Of a row beside one of the written ones: the approved replies are many, and of one shop; the real sentences are
nearer to their sources, and at full weight more of the written faithful rows are refused."""
STARTER = Path(__file__).parents[1] / "model" / "starter"
_ORDER = re.compile(r"\d{5}")
SETTINGS = {
    "n_estimators": 300,
    "max_depth": 4,
    "learning_rate": 0.06,
    "subsample": 0.7,
    "max_features": 0.4,
    "random_state": 0,
}


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees that learn from some of the writings."""

    writings: tuple[str, ...]
    weight: float = 1.0
    """What their log odds count."""
    leaf: int = 10
    """Least rows in a leaf: more where there are more rows."""

    def fit(self, judged: Sequence["Judged"]) -> Any:
        """A model of log odds that a sentence is unfaithful."""
        from sklearn.ensemble import GradientBoostingClassifier

        found = [one for one in judged if one.writing in self.writings and not one.settled]
        lines = [(list(measured.values()), one) for one in found for measured in one.measured]
        weights = [WEIGHTS.get(one.row.kind, WEIGHTS.get(one.writing, 1.0)) for _, one in lines]
        model = GradientBoostingClassifier(**SETTINGS, min_samples_leaf=self.leaf)
        unfaithful = [not one.row.faithful for _, one in lines]
        return model.fit(np.array([values for values, _ in lines]), unfaithful, sample_weight=weights)


FORESTS = (Forest(("dev", "real")), Forest(("far",), leaf=40), Forest(("near",), weight=0.5, leaf=20))


@dataclass(frozen=True, slots=True)
class Judged:
    """A row as the trees see it: a line of measures for each sentence that no rule alone decides."""

    row: Row
    writing: str
    group: str
    measured: tuple[dict[str, float], ...]
    certain: tuple[bool, ...]
    """Whether a reason that is enough alone was found in each, so that the trees have no say."""
    restorable: tuple[bool, ...] = ()
    """Whether a source's own sentence can be sent in the place of each."""

    @property
    def settled(self) -> bool:
        return any(self.certain)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="where the converted base models lie (default: made anew)")
    parser.add_argument("--without", action="append", default=[], help="a batch to leave out, to be measured unseen")
    parser.add_argument("--out", type=Path, default=FITTED)
    args = parser.parse_args()
    written = [row for row in rows("dev") if (row.batch or "none") not in args.without]
    found = {"dev": written + approved(), **{name: paged(name) for name in PAGED}}
    found["real"] = [row for row in found["real"] if row.faithful or not opening(row.reply)[0]]
    with tempfile.TemporaryDirectory() as work:
        judged = judge(found, base_encoder(args.cache or Path(work)))
    doubts = cross_validated(judged)
    for limit in (LIMIT - 0.05, LIMIT, LIMIT + 0.05):
        for suspected in (LIMIT_SUSPECTED - 0.05, LIMIT_SUSPECTED, LIMIT_SUSPECTED + 0.05):
            print(f"limits {limit:.2f}, {suspected:.2f}: {summary(judged, refused(judged, doubts, limit, suspected))}")
    print(f"as sent: {summary(judged, not_sent(judged, doubts))}")
    models = [forest.fit(judged) for forest in FORESTS]
    both = fitted(models, next(list(one.measured[0]) for one in judged if one.measured))
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

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._encode = lru_cache(maxsize=64)(lambda texts: encoder.encode(list(texts)))
        self._tokens = lru_cache(maxsize=64)(lambda texts: encoder.tokens(list(texts)))

    def encode(self, texts: Sequence[str]) -> Any:
        return self._encode(tuple(texts))

    def tokens(self, texts: Sequence[str]) -> Any:
        return self._tokens(tuple(texts))


def judge(found: Mapping[str, Sequence[Row]], encoder: OnnxEncoder) -> list[Judged]:
    """Every row of every writing, by its name. A wrong yes or no says nothing of the rest, so such real sentences must
    not be among them."""
    judged = []
    remembering = Remembering(encoder)
    lines = [(writing, row) for writing, of in found.items() for row in of]
    for (writing, row), group in zip(lines, groups([row for _, row in lines]), strict=True):
        checker = Checker(row.sources, remembering, allowed=row.allowed, question=row.question)
        open_ones = [one for one in sentences(row.reply) if not checker.sound(one)]
        # A faithful reply may lose its yes or no and be sent.
        looked_at = [opening(one)[1] for one in open_ones] if row.faithful else open_ones
        judged.append(
            Judged(
                row,
                writing,
                group,
                tuple(checker.measured(one) for one in open_ones),
                tuple(bool(checker.certain(one)) for one in looked_at),
                tuple(checker.restored(one) is not None for one in open_ones),
            )
        )
    return judged


def cross_validated(judged: Sequence[Judged]) -> list[list[float]]:
    """The doubt about each sentence of each row, by forests that have not seen a row of its sources."""
    fold_of = folds([one.group for one in judged])
    doubts: list[list[float]] = [[] for _ in judged]
    for fold in range(FOLDS):
        seen = [one for one, other in zip(judged, fold_of, strict=True) if other != fold]
        models = [forest.fit(seen) for forest in FORESTS]
        for place in np.flatnonzero(fold_of == fold).tolist():
            doubts[place] = doubt(models, judged[place])
    return doubts


def folds(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Which fold each row is in, [n]; rows of a group are never parted."""
    names = sorted(set(groups))
    order = dict(zip(np.random.default_rng(0).permutation(names).tolist(), range(len(names)), strict=True))
    return np.array([order[group] % FOLDS for group in groups])


def doubt(models: Sequence[Any], one: Judged) -> list[float]:
    if not one.measured:
        return []
    inputs = np.array([list(each.values()) for each in one.measured])
    log_odds = sum(
        forest.weight * model.decision_function(inputs) for forest, model in zip(FORESTS, models, strict=True)
    )
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


def not_sent(judged: Sequence[Judged], doubts: Sequence[Sequence[float]]) -> npt.NDArray[np.bool_]:
    """Whether each row does not go out: a faithful one where a sentence of it cannot be sent, an unfaithful one where
    it is not sent as it stands; see model.sendable."""

    def lost(one: Judged, found: Sequence[float]) -> bool:
        unsafe = [certain or value > SENDABLE for certain, value in zip(one.certain, found, strict=True)]
        if not one.row.faithful:
            return any(unsafe)
        return any(bad and not saved for bad, saved in zip(unsafe, one.restorable, strict=True))

    return np.array([lost(one, found) for one, found in zip(judged, doubts, strict=True)])


def summary(judged: Sequence[Judged], no: npt.NDArray[np.bool_]) -> str:
    """Shares caught and refused by writing and batch, and how many of the starter's approved replies are refused."""
    batches: dict[str, list[tuple[bool, bool]]] = {}
    for one, is_no in zip(judged, no, strict=True):
        name = APPROVED if one.row.kind == APPROVED else one.row.batch or one.writing
        batches.setdefault(name, []).append((one.row.faithful, bool(is_no)))
    return ", ".join(
        f"{name} {share(found, faithful=False)} caught {share(found, faithful=True)} refused"
        for name, found in batches.items()
    )


def share(found: Sequence[tuple[bool, bool]], *, faithful: bool) -> str:
    judged = [no for is_faithful, no in found if is_faithful == faithful]
    return f"{sum(judged) / len(judged):.1%}" if judged else "-"


def fitted(models: Sequence[Any], measures: Sequence[str]) -> dict[str, Any]:
    """What `model.trees.read` reads."""
    forests = list(zip(FORESTS, models, strict=True))
    priors = [(forest.weight, float(model.init_.class_prior_[1])) for forest, model in forests]
    trees = [(forest.weight, tree[0].tree_) for forest, model in forests for tree in model.estimators_]
    return {
        "made by": "python -m bench.grounding_fit",
        "measures": measures,
        "start": round(sum(weight * float(np.log(prior / (1 - prior))) for weight, prior in priors), 5),
        "limit": LIMIT,
        "limit suspected": LIMIT_SUSPECTED,
        "trees": [nodes(tree, weight * SETTINGS["learning_rate"], digits=5) for weight, tree in trees],
    }


def nodes(tree: Any, factor: float, digits: int) -> list[list[float | int]]:
    """A tree of scikit-learn's as `model.trees` reads it, its leaves times `factor`."""
    return [_node(tree, place, factor, digits) for place in range(tree.node_count)]


def _node(tree: Any, place: int, factor: float, digits: int) -> list[float | int]:
    low = int(tree.children_left[place])
    if low < 0:
        return [-1, round(float(tree.value[place][0][0]) * factor, digits), 0, 0]
    return [int(tree.feature[place]), round(float(tree.threshold[place]), digits), low, int(tree.children_right[place])]


if __name__ == "__main__":
    main()
