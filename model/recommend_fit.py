"""Learns what customers need next from their visits, and judges it on customers that it was not learned from.

Everything is cross-validated over customers: which of five folds a customer is in is a stable hash, so a case is always
recommended to by what the other folds have taught. The order of visits changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from model.paired import Difference, mean_difference
from model.recommend import (
    MOST,
    PRIOR,
    Habits,
    Learned,
    Mask,
    Mix,
    Nearness,
    Prior,
    Step,
    Vector,
    Visit,
    both,
    counted,
    mixed,
    nearness_of,
)

FOLDS = 5
MARGIN = 0.02
FEWEST_CASES = 40
"""So many times something must have been needed next before anything is measured."""
FEWEST_CUSTOMERS = 10
SHARES = tuple(n / 10 for n in range(11))
HEATS = (0.02, 0.03, 0.05, 0.08, 0.12)
WAYS = ("popularity", "meaning", "log", "mix")


@dataclass(frozen=True, slots=True)
class Point:
    """One moment at which a customer needed something new: what it was, and all that was known before."""

    customer: str
    topics: tuple[str, ...]
    seen: frozenset[str]
    wanted: frozenset[str]
    last: Step


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one way to recommend, on the same cases; fractions."""

    hit: float
    """How often what was needed is among the three."""
    mrr: float
    """Mean of one over the place of what was needed."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How each way did on customers that it did not know."""

    cases: int
    customers: int
    figures: dict[str, Figures]
    """By WAYS; empty where the log is too small to measure."""
    gain: Difference | None
    """Hit rate of the mix minus popularity's, the mean over customers."""

    @property
    def measured(self) -> bool:
        return self.gain is not None

    @property
    def better(self) -> bool:
        """Whether the mix beats popularity by more than chance, and by a little more than that.

        The interval knows by how much customers differ, not by how much the folds' lessons do: on logs of pure chance
        it is above 0 in 7 of 100, above the margin in 4.
        """
        return self.gain is not None and self.gain.low > MARGIN


@dataclass(frozen=True, slots=True)
class Table:
    """Points as arrays over the articles."""

    points: list[Point]
    ids: Sequence[str]
    near: Vector
    free: Mask
    wanted: Mask


def points_of(visits: Sequence[Visit]) -> list[Point]:
    """Every moment of these visits at which something new was needed, in an order that depends on nothing else."""
    found: list[Point] = []
    for visit in ordered(visits):
        seen: set[str] = set()
        for number, step in enumerate(visit.steps):
            wanted = frozenset(step.articles) - seen
            if number and wanted:
                topics = tuple(each.topic for each in visit.steps[:number])
                found.append(Point(visit.customer, topics, frozenset(seen), wanted, visit.steps[number - 1]))
            seen |= set(step.articles)
    return found


def ordered(visits: Sequence[Visit]) -> list[Visit]:
    return sorted(visits, key=lambda visit: (visit.customer, [(s.topic, s.articles, s.question) for s in visit.steps]))


def fold_of(customer: str) -> int:
    """The same for ever."""
    return int(sha256(customer.encode()).hexdigest()[:8], 16) % FOLDS


def count(visits: Sequence[Visit]) -> Habits:
    """What was needed next in these visits, and which recommendations were opened."""
    popular: defaultdict[str, float] = defaultdict(float)
    after: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    after_two: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    shown: defaultdict[str, float] = defaultdict(float)
    clicked: defaultdict[str, float] = defaultdict(float)
    for point in points_of(visits):
        tables = [popular, after[point.topics[-1]]]
        tables += [after_two[both(*point.topics[-2:])]] if len(point.topics) > 1 else []
        for article in sorted(point.wanted):
            for table in tables:
                table[article] += 1 / len(point.wanted)
    for visit in visits:
        for article in visit.shown:
            shown[article] += 1
        for article in visit.clicked:
            clicked[article] += 1
    return Habits(
        dict(popular),
        {topic: dict(counts) for topic, counts in after.items()},
        {topics: dict(counts) for topics, counts in after_two.items()},
        dict(shown),
        dict(clicked),
    )


def tabled(points: Sequence[Point], nearness: Nearness) -> Table:
    """The points whose need an article of `nearness` meets."""
    ids = nearness.ids
    known = set(ids)
    kept = [point for point in points if point.wanted & known]
    # Named, for a desk without articles has none to guess it from.
    shape = (len(kept), len(ids))
    free = np.array([[id not in point.seen for id in ids] for point in kept], dtype=bool).reshape(shape)
    wanted = np.array([[id in point.wanted for id in ids] for point in kept], dtype=bool).reshape(shape)
    near = nearness_of(nearness, [point.last for point in kept]).reshape(shape)
    return Table(kept, ids, near, free, wanted)


def learn(visits: Sequence[Visit], nearness: Nearness, prior: Prior = PRIOR) -> Learned:
    """Count, and choose how much of the mix is meaning: the likelier one on customers that were not counted."""
    table = tabled(points_of(visits), nearness)
    return Learned(count(visits), choose(visits, table, prior), len(table.points))


def choose(visits: Sequence[Visit], table: Table, prior: Prior = PRIOR) -> Mix:
    """The mix under which what was needed was likeliest, each point by the habits of the other folds' customers."""
    if not table.points:
        return Mix()
    habit = cross_habits(visits, table, prior)
    return max(
        (Mix(share, heat) for share in SHARES for heat in HEATS),
        key=lambda mix: (round(likelihood(habit, table, mix), 9), mix.meaning),
    )


def cross_habits(visits: Sequence[Visit], table: Table, prior: Prior, order: int = 2) -> Vector:
    """[points, articles]: the habits' probabilities, each by the other folds."""
    made = {fold: count([visit for visit in visits if fold_of(visit.customer) != fold]) for fold in range(FOLDS)}
    rows = [made[fold_of(p.customer)].probabilities(p.topics, table.ids, prior, order) for p in table.points]
    return np.array(rows).reshape(len(rows), len(table.ids))


def likelihood(habit: Vector, table: Table, mix: Mix) -> float:
    """Mean logarithm of the probability of what was needed."""
    met = np.where(table.wanted, mixed(habit, table.near, table.free, mix), 0.0).sum(axis=1)
    return float(np.log(np.maximum(met, 1e-9)).mean())


def judge(visits: Sequence[Visit], nearness: Nearness, prior: Prior = PRIOR) -> Judged:
    """Each way on every customer, by what was learned from the other folds, the mix's weight included."""
    points = points_of(visits)
    table = tabled(points, nearness)
    customers = sorted({point.customer for point in table.points})
    if len(table.points) < FEWEST_CASES or len(customers) < FEWEST_CUSTOMERS:
        return Judged(len(table.points), len(customers), {}, None)
    found: dict[str, Vector] = {way: np.zeros((len(table.points), 2)) for way in WAYS}
    for fold in range(FOLDS):
        rows = [number for number, point in enumerate(table.points) if fold_of(point.customer) == fold]
        others = [visit for visit in visits if fold_of(visit.customer) != fold]
        for way, scored in scorers(learn(others, nearness, prior), table, prior).items():
            found[way][rows] = [met(scored(number), table, number) for number in rows]
    figures = {way: figures_of(each) for way, each in found.items()}
    gain = mean_difference(by_customer(table, found["popularity"]), by_customer(table, found["mix"]))
    return Judged(len(table.points), len(customers), figures, gain)


def scorers(learned: Learned, table: Table, prior: Prior = PRIOR) -> dict[str, Callable[[int], Vector]]:
    """The ways to recommend: each gives the scores of the articles for the point of that number."""
    ids, habits = table.ids, learned.habits
    popular, appeal = counted(habits.popular, ids), habits.appeal(ids)

    def by_log(number: int) -> Vector:
        return habits.probabilities(table.points[number].topics, ids, prior)

    def by_mix(number: int) -> Vector:
        return mixed(by_log(number), table.near[number], table.free[number], learned.mix, appeal)

    return {"popularity": lambda _: popular, "meaning": lambda n: table.near[n], "log": by_log, "mix": by_mix}


def met(scores: Vector, table: Table, number: int) -> tuple[float, float]:
    """Whether what was needed is among the three that are shown, and one over its place.

    Of equal scores any order is as good: the mean over all of them counts, or who knows nothing would seem to know.
    """
    free, wanted = table.free[number], table.wanted[number]
    best = scores[wanted].max()
    others = scores[free & ~wanted]
    before, tied = int((others > best).sum()), int((others == best).sum())
    places = np.arange(before + 1, before + tied + 2)
    return float((places <= MOST).mean()), float((1 / places).mean())


def figures_of(found: Vector) -> Figures:
    """Of rows of `met`."""
    return Figures(*(float(value) for value in found.mean(axis=0)))


def by_customer(table: Table, found: Vector) -> list[float]:
    """The mean hit of each customer, by their names: what one customer does says little of another."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for point, hit in zip(table.points, found[:, 0], strict=True):
        groups[point.customer].append(float(hit))
    return [float(np.mean(groups[customer])) for customer in sorted(groups)]
