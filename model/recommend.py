"""What a customer may also need: from what similar customers needed next, and from nearness of meaning.

Customers' visits are sequences of topics. What came next is counted after the last topic and after the last two; each
count backs off to the shorter one, down to what is needed next at all, by Dirichlet priors (MacKay & Peto 1995: a
hierarchical Dirichlet language model), so that three visits do not outvote three hundred. Meaning is how near an
article is to the last question and its answer. The two are mixed as probabilities; the weight is learned from the log
(model/recommend_fit.py). Knows neither torch nor SQL; what it has learned is plain JSON.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from model.types import UnderstudyError

Vector = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Counts = Mapping[str, float]

MOST = 3
"""Articles that are recommended at once, at most."""
FORMAT = 1
BESIDE_NOTHING = 20.0
"""So many showings of an article without a click count as much as what is known of all articles together."""
STRICT = 0.5
"""Nearness from which an article is recommended by meaning alone; chosen on the first half of bench/written/next.jsonl:
42 % of those are what is needed next, of the three nearest 25 %."""
PROBABLE = 0.1
"""Probability from which an article is recommended by what was learned."""
LEAST = 0.5
"""An article that nobody clicks keeps this share of its probability: not to click is a weak sign."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a customer needed."""

    topic: str
    """The intent, or the article where there was none."""
    articles: tuple[str, ...]
    """Ids of the articles that answer it."""
    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one customer needed, oldest first, without a long pause."""

    customer: str
    steps: tuple[Step, ...]
    shown: tuple[str, ...] = ()
    """Articles that were recommended meanwhile."""
    clicked: tuple[str, ...] = ()
    """Those of them that the customer opened; they are steps too."""


@dataclass(frozen=True, slots=True)
class Prior:
    """How many visits each back-off weighs; chosen on SGD's dialogues (docs/benchmarks.md)."""

    two: float = 2.0
    one: float = 2.0
    none: float = 5.0


PRIOR = Prior()


@dataclass(frozen=True, slots=True)
class Mix:
    """How what came next and meaning are put together."""

    meaning: float = 1.0
    """Share of meaning, 0 to 1."""
    heat: float = 0.05
    """The lower, the more the nearest article stands out."""


class Nearness(Protocol):
    """Articles by meaning; `model.retriever.Retriever` is one."""

    @property
    def ids(self) -> Sequence[str]: ...

    def near(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """[texts, articles], in the order of `ids`; at most 1."""
        ...


@dataclass(frozen=True, slots=True)
class Habits:
    """What was needed next, counted."""

    popular: Counts = field(default_factory=dict)
    """Article -> how often it was needed next, after whatever."""
    after: Mapping[str, Counts] = field(default_factory=dict)
    """The same after a topic."""
    after_two: Mapping[str, Counts] = field(default_factory=dict)
    """The same after two topics, joined by `both`."""
    shown: Counts = field(default_factory=dict)
    clicked: Counts = field(default_factory=dict)

    def probabilities(
        self, topics: Sequence[str], ids: Sequence[str], prior: Prior = Prior(), order: int = 2
    ) -> Vector:
        """One probability an article; `topics` are what the customer needed so far, `order` how many of them count."""
        found = backed_off(self.popular, ids, np.full(len(ids), 1 / max(1, len(ids))), prior.none)
        if order > 0 and topics:
            found = backed_off(self.after.get(topics[-1], {}), ids, found, prior.one)
        if order > 1 and len(topics) > 1:
            found = backed_off(self.after_two.get(both(topics[-2], topics[-1]), {}), ids, found, prior.two)
        return found

    def appeal(self, ids: Sequence[str]) -> Vector:
        """From LEAST to 1: how much less often than others an article is opened where it is shown."""
        usual = (sum(self.clicked.values()) + 1) / (sum(self.shown.values()) + BESIDE_NOTHING)
        clicked = counted(self.clicked, ids) + BESIDE_NOTHING * usual
        return np.clip(clicked / (counted(self.shown, ids) + BESIDE_NOTHING) / usual, LEAST, 1.0)


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that a training learned; what the running bot recommends by."""

    habits: Habits
    mix: Mix
    cases: int = 0
    """How often something was needed next in the log it was learned from."""

    @property
    def version(self) -> str:
        """The same for the same content."""
        return f"next-{sha256(json.dumps(self._content(), sort_keys=True).encode()).hexdigest()[:10]}"

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "version": self.version, **self._content()}

    def _content(self) -> dict[str, Any]:
        return {"habits": asdict(self.habits), "mix": asdict(self.mix), "cases": self.cases}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Learned":
        """What `to_json` gave.

        Raises:
            UnderstudyError: it is of another format, or damaged.
        """
        try:
            if kept["format"] != FORMAT:
                raise ValueError(f"format {kept['format']}")
            made = cls(Habits(**kept["habits"]), Mix(**kept["mix"]), int(kept["cases"]))
            if made.version != kept["version"]:
                raise ValueError("content that is not its version's")
            return made
        except (KeyError, TypeError, ValueError) as error:
            raise UnderstudyError(
                f"expected recommendations of format {FORMAT}, found {error}. The next training makes them anew."
            ) from None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that the customer may need next, and why."""

    article: str
    score: float
    """0 to 1: a probability where the log was learned from, else the nearness."""
    habit: float
    """Probability by what came next in the log; 0 where nothing was learned."""
    near: float
    """Nearness of meaning to the last question and its answer, 0 to 1."""


class Recommender:
    """Recommends. Immutable, so thread-safe.

    Args:
        learned: none: by meaning alone.
        never: articles that are never recommended.
    """

    def __init__(self, nearness: Nearness, learned: Learned | None, never: Collection[str] = ()) -> None:
        self._nearness, self._learned, self._never = nearness, learned, frozenset(never)

    @property
    def version(self) -> str:
        """Of what was learned; `meaning` for meaning alone."""
        return self._learned.version if self._learned is not None else "meaning"

    def after(self, steps: Sequence[Step], seen: Collection[str] = (), most: int = MOST) -> list[Suggestion]:
        """What may be needed after these steps, best first, at most MOST; nothing that answers one of them.

        Args:
            seen: further articles not to be recommended.
        """
        ids = self._nearness.ids
        known = self._never | frozenset(seen) | {each for step in steps for each in step.articles}
        free = np.array([id not in known for id in ids], dtype=bool)
        if not steps or not free.any():
            return []
        near = nearness_of(self._nearness, [steps[-1]])[0]
        habit = np.zeros(len(ids))
        scores = near.clip(0, 1)
        if self._learned is not None:
            habit = self._learned.habits.probabilities([step.topic for step in steps], ids)
            scores = self._scores(habit, near, free, self._learned)
        best = [int(n) for n in np.argsort(-np.where(free, scores, -1.0), kind="stable") if free[n]]
        best = [n for n in best[: min(most, MOST)] if scores[n] >= (STRICT if self._learned is None else PROBABLE)]
        return [Suggestion(ids[n], float(scores[n]), float(habit[n]), float(near[n].clip(0, 1))) for n in best]

    def _scores(self, habit: Vector, near: Vector, free: Mask, learned: Learned) -> Vector:
        mix, appeal = learned.mix, learned.habits.appeal(self._nearness.ids)
        # What was needed already, or may not be shown, keeps its share: the rest is no likelier for that.
        left = (1 - mix.meaning) * habit[free].sum() + mix.meaning
        return np.asarray(mixed(habit, near, free, mix, appeal) * left)


def nearness_of(nearness: Nearness, steps: Sequence[Step]) -> Vector:
    """[steps, articles]: how near each article is to the question and the answer of each step, half and half."""
    texts = list(dict.fromkeys(text for step in steps for text in _texts(step)))
    place = {text: number for number, text in enumerate(texts)}
    found = np.asarray(nearness.near(texts), dtype=np.float64) if texts else np.zeros((0, len(nearness.ids)))
    nothing = np.zeros(len(nearness.ids))
    rows = [[found[place[text]] for text in _texts(step)] for step in steps]
    return np.array([np.mean(row, axis=0) if row else nothing for row in rows])


def _texts(step: Step) -> list[str]:
    return [text for text in (step.question, step.answer) if text.strip()]


def mixed(habit: Vector, near: Vector, free: Mask, mix: Mix, appeal: Vector | float = 1.0) -> Vector:
    """Probabilities over the free articles, the last axis; 0 for the others."""
    lifted = np.where(free, near, -np.inf)
    by_meaning = shared(np.exp((lifted - lifted.max(axis=-1, keepdims=True)) / mix.heat), free)
    return shared(((1 - mix.meaning) * shared(habit, free) + mix.meaning * by_meaning) * appeal, free)


def shared(weights: Vector, free: Mask) -> Vector:
    """The same weights over the free articles alone, with the sum 1 where there are any."""
    kept = np.where(free, weights, 0.0)
    return np.asarray(kept / np.maximum(kept.sum(axis=-1, keepdims=True), 1e-12))


def backed_off(counts: Counts, ids: Sequence[str], otherwise: Vector, prior: float) -> Vector:
    """Shares of these counts, filled up by `prior` observations of what is known otherwise."""
    if not counts:
        return otherwise
    found = counted(counts, ids)
    return np.asarray((found + prior * otherwise) / (found.sum() + prior))


def counted(counts: Counts, ids: Sequence[str]) -> Vector:
    return np.array([counts.get(id, 0.0) for id in ids], dtype=np.float64)


def both(first: str, second: str) -> str:
    """Two topics as one key."""
    return f"{first} > {second}"
