"""Why the intent model said what it said: the words that moved it, and the training rows nearest to the text.

Words by occlusion (Zeiler & Fergus 2014; Li et al. 2016): the text is classified again without each word, through the
very model that serves, all in one batch. Loads no torch.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.calibration import softmax
from model.classifier import IntentClassifier, parts
from model.rows import Neighbour
from model.types import Prediction, Ranked

MOST_VARIANTS = 63
"""Texts beside the whole one; where there are more words, several neighbouring ones are left out together."""
MOVED = 0.2
"""Share of the strongest word's weight from which a word counts as one that moved the decision."""
_WORD = re.compile(r"\S+")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, or a few in a row."""

    text: str
    start: int
    end: int
    """Where it stands in `Explanation.text`."""
    weight: float
    """How much the winning intent's log-odds fall without it; negative where it spoke against that intent."""
    fall: float
    """The same as a fall of the probability."""
    doubt: float
    """How much the out-of-scope score falls without it: above 0 it made the text look strange."""


@dataclass(frozen=True, slots=True)
class Explanation:
    prediction: Prediction
    """What the model says of the whole text."""
    top: tuple[Ranked, ...]
    """The three most probable intents."""
    text: str
    """The text, or of a long one the part that speaks most clearly for the intent."""
    words: tuple[Word, ...]
    """In the order of the text."""
    neighbours: tuple[Neighbour, ...]
    """The nearest training rows, best first; none for a version made before they were kept."""
    threshold: float
    """`prediction.oos_score` above which a text is out of scope."""
    milliseconds: float

    def moved(self) -> list[Word]:
        """The words that count, strongest first: for the intent, or of an out-of-scope text those that made it so."""
        weights = [(word.doubt if self.prediction.out_of_scope else word.weight, word) for word in self.words]
        strongest = max((weight for weight, _ in weights), default=0.0)
        if strongest <= 0:
            return []
        chosen = [pair for pair in weights if pair[0] >= MOVED * strongest]
        return [word for _, word in sorted(chosen, key=lambda pair: -pair[0])]


def explain(classifier: IntentClassifier, text: str, neighbours: int = 5) -> Explanation:
    """Explain one prediction; some milliseconds for a short text."""
    started = time.perf_counter()
    prediction = classifier.predict([text])[0]
    winner = list(classifier.intents).index(prediction.ranking[0].intent)
    part = _deciding(classifier, text, winner)
    return Explanation(
        prediction=prediction,
        top=prediction.ranking[:3],
        text=part,
        words=tuple(_occluded(classifier, part, winner)),
        neighbours=tuple(classifier.neighbours(part, neighbours)),
        threshold=classifier.threshold,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
    )


def _deciding(classifier: IntentClassifier, text: str, winner: int) -> str:
    """Of a long text the part that speaks most clearly for the winner, as the classifier itself chooses it."""
    whole, *pieces = parts(text)
    if not pieces:
        return whole
    logits, _ = classifier.judge(pieces)
    return pieces[int(logits[:, winner].argmax())]


def _occluded(classifier: IntentClassifier, text: str, winner: int) -> list[Word]:
    spans = _spans(text)
    if not spans:
        return []
    without = [f"{text[:start]} {text[end:]}".strip() for start, end in spans]
    logits, scores = classifier.judge([text, *without])
    chances = softmax(logits / classifier.temperature)[:, winner]
    odds = _log_odds(chances)
    return [
        Word(
            text[start:end],
            start,
            end,
            weight=float(odds[0] - odds[i]),
            fall=float(chances[0] - chances[i]),
            doubt=float(scores[0] - scores[i]),
        )
        for i, (start, end) in enumerate(spans, 1)
    ]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the words stand; of long texts several words together, so that there are at most `MOST_VARIANTS`."""
    found = [match.span() for match in _WORD.finditer(text) if any(c.isalnum() for c in match.group())]
    size = -(-len(found) // MOST_VARIANTS)
    return [_joined(found[i : i + size]) for i in range(0, len(found), size)] if found else []


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return spans[0][0], spans[-1][1]


def _log_odds(chances: Floats) -> Floats:
    safe = np.clip(chances, 1e-6, 1 - 1e-6)
    result: Floats = np.log(safe / (1 - safe))
    return result
