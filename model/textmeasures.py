"""Similarity of a written reply to an approved one: chrF (Popovic 2015) and ROUGE-L (Lin 2004). No torch."""

from collections import Counter
from collections.abc import Sequence

from model.words import tokens

ORDER = 6
BETA = 2.0


def chrf(written: str, approved: str) -> float:
    """Character n-gram F-score (n = 1 to 6, beta 2, blanks left out), 0 to 1."""
    a, b = "".join(written.split()), "".join(approved.split())
    precision, recall = [], []
    for size in range(1, ORDER + 1):
        mine, theirs = _grams(a, size), _grams(b, size)
        if not mine or not theirs:
            continue
        shared = sum((mine & theirs).values())
        precision.append(shared / sum(mine.values()))
        recall.append(shared / sum(theirs.values()))
    if not precision:
        return float(a == b)
    return _f(sum(precision) / len(precision), sum(recall) / len(recall), BETA)


def rouge_l(written: str, approved: str) -> float:
    """F1 of the longest common subsequence of words, 0 to 1."""
    a, b = tokens(written), tokens(approved)
    if not a or not b:
        return float(a == b)
    common = _longest_common(a, b)
    return _f(common / len(a), common / len(b), 1.0)


def _grams(text: str, size: int) -> Counter[str]:
    return Counter(text[start : start + size] for start in range(len(text) - size + 1))


def _longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    row = [0] * (len(b) + 1)
    for word in a:
        before = 0
        for column, other in enumerate(b, 1):
            before, row[column] = row[column], before + 1 if word == other else max(row[column], row[column - 1])
    return row[-1]


def _f(precision: float, recall: float, beta: float) -> float:
    if not precision or not recall:
        return 0.0
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
