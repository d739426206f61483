"""Fits the decision trees that say whether a yes or no may open a sentence, by how likely the answer is yes.

Rows: faithful replies that open with yes or no, of the dev half and of the far and near writings of `bench.grounding`,
the starter shop's approved replies, and the real sentences of a small model, labelled by hand. A question whose answer
is known so lends it to sentences of its sources, too: a small model says them after a yes or no, whatever they say.
A real sentence's label is of the whole sentence; where that is false, the other verdict is taken for the right one,
unless a faithful reply has answered that question. Printed is what stays by trees that have not seen the row's
sources: for written rows the verdict as written and turned, for real ones as the model said it.
`python -m bench.verdict_fit` writes `model/verdict.json`; the same rows make the same file.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.grounding import Row, groups, paged, rows
from bench.grounding_fit import FOLDS, approved, folds, nodes
from bench.machine import table
from model.encoder import base_encoder
from model.grounding import Checker
from model.passages import sentences
from model.polarity import opening
from model.retriever import Encoder
from model.verdict_signs import FITTED, opposed

LIMIT = 0.65
"""How likely the verdict must be before it may stand."""
SOURCE, SHOP, WRITTEN = 0.3, 0.5, 1.0
"""Weights: a source sentence, an approved reply of the one shop, a written reply or a real sentence."""
SETTINGS = {
    "n_estimators": 150,
    "max_depth": 3,
    "learning_rate": 0.08,
    "subsample": 0.7,
    "min_samples_leaf": 20,
    "max_features": 0.3,
    "random_state": 0,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said to a question, as the trees see it, and whether the answer is yes."""

    writing: str
    group: str
    says_yes: bool
    """The verdict as it stands; that of a source sentence is the answer."""
    is_yes: bool
    right: bool
    measured: dict[str, float]
    weight: float
    judged: bool = True
    """Whether it is counted in what is printed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="where the converted base models lie (default: made anew)")
    parser.add_argument("--out", type=Path, default=FITTED)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        judged = judge(base_encoder(args.cache or Path(work)))
    print(summary(judged, cross_validated(judged)))
    args.out.write_text(json.dumps(fitted(train(judged), list(judged[0].measured)), separators=(",", ":")) + "\n")
    print(f"in {args.out}")


def judge(encoder: Encoder) -> list[Judged]:
    writings = {"dev": rows("dev"), **{name: paged(name) for name in ("far", "near", "real")}, "shop": approved()}
    found = [(name, row) for name, of in writings.items() for row in of]
    named = [
        (name, row, group)
        for (name, row), group in zip(found, groups([row for _, row in found]), strict=True)
        if row.question and (row.faithful or name == "real") and verdict(row)[1]
    ]
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, row, group in named:
        if name != "real":
            answers[group, row.question].add(verdict(row)[0])
    judged = []
    for name, row, group in named:
        word, sentence = verdict(row)
        checker = Checker(row.sources, encoder, allowed=row.allowed, question=row.question)
        known = answers[group, row.question]
        is_yes = (word == "yes") == row.faithful
        if not row.faithful and len(known) == 1:
            is_yes = known == {"yes"}
        weight = SHOP if name == "shop" else WRITTEN
        measured = checker.verdict_measured(sentence)
        judged.append(Judged(name, group, word == "yes", is_yes, row.faithful, measured, weight))
        if name != "real" and len(known) == 1:
            judged += [
                Judged(name, group, is_yes, is_yes, True, checker.verdict_measured(one), SOURCE, judged=False)
                for one in near(row, encoder)
            ]
    return judged


def verdict(row: Row) -> tuple[str, str]:
    """The yes or no that opens a reply, and its first sentence, empty where there is no verdict or nothing after it."""
    first = next(iter(sentences(row.reply)), "")
    word, rest = opening(first)
    return (word, first) if word in ("yes", "no") and rest.strip() else ("", "")


def near(row: Row, encoder: Encoder) -> list[str]:
    """The two source sentences nearest to the question, and one that is further off."""
    texts = [one for source in row.sources for one in sentences(source)]
    question, *vectors = encoder.encode([row.question, *texts])
    order = sorted(range(len(texts)), key=lambda place: -float(question @ vectors[place]))
    return [texts[place] for place in [*order[:2], *order[3:4]]]


def cross_validated(judged: Sequence[Judged]) -> npt.NDArray[np.float64]:
    """How likely each answer is yes, by trees that have not seen a row of its sources: [n]."""
    fold_of = folds([one.group for one in judged])
    likely = np.zeros(len(judged))
    for fold in range(FOLDS):
        model = train([one for one, other in zip(judged, fold_of, strict=True) if other != fold])
        inside = np.flatnonzero(fold_of == fold).tolist()
        likely[inside] = model.predict_proba([list(judged[place].measured.values()) for place in inside])[:, 1]
    return likely


def train(judged: Sequence[Judged]) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    inputs = np.array([list(one.measured.values()) for one in judged])
    is_yes = np.array([one.is_yes for one in judged])
    weights = np.array([one.weight for one in judged])
    weights[is_yes] *= weights[~is_yes].sum() / weights[is_yes].sum()  # a no is no likelier before anything is read
    return GradientBoostingClassifier(**SETTINGS).fit(inputs, is_yes, sample_weight=weights)


def summary(judged: Sequence[Judged], likely: npt.NDArray[np.float64]) -> str:
    kept: dict[str, dict[bool, list[bool]]] = {}
    for one, yes in zip(judged, likely, strict=True):
        if not one.judged:
            continue
        of = kept.setdefault(one.writing, {True: [], False: []})
        of[one.right].append(stands(one, float(yes), says_yes=one.says_yes))
        if one.writing != "real":
            of[False].append(stands(one, float(yes), says_yes=not one.says_yes))
    lines = [
        [name, f"{np.mean(of[True]):.1%}", f"{np.mean(of[False]):.1%}", f"{share(of):.1%}"] for name, of in kept.items()
    ]
    return table(["writing", "right ones kept", "wrong ones kept", "right among the kept"], lines)


def stands(one: Judged, yes: float, *, says_yes: bool) -> bool:
    return not opposed("yes" if says_yes else "no", one.measured) and (yes if says_yes else 1 - yes) >= LIMIT


def share(kept: dict[bool, list[bool]]) -> float:
    return sum(kept[True]) / max(sum(kept[True]) + sum(kept[False]), 1)


def fitted(model: Any, measures: Sequence[str]) -> dict[str, Any]:
    """What `model.trees.read` reads."""
    prior = float(model.init_.class_prior_[1])
    return {
        "made by": "python -m bench.verdict_fit",
        "measures": measures,
        "start": round(float(np.log(prior / (1 - prior))), 5),
        "limit": LIMIT,
        "limit suspected": LIMIT,
        "trees": [nodes(tree[0].tree_, SETTINGS["learning_rate"], digits=4) for tree in model.estimators_],
    }


if __name__ == "__main__":
    main()
