"""What a text means: an agent's correction of the same or a near-same text first, else the live classifier."""

import logging
from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from model.memory import OverrideMemory
from model.release import Standing, release
from model.types import OOS, Classifier, Prediction, Ranked

log = logging.getLogger(__name__)


class Understanding:
    """Predicts one text. Thread-safe; never called inside a database session."""

    def __init__(self, classifier: Callable[[], Classifier], memory: OverrideMemory) -> None:
        self._classifier = classifier
        self.memory = memory

    @property
    def version(self) -> str:
        return self._classifier().version

    @property
    def classifier(self) -> Classifier:
        """The live one."""
        return self._classifier()

    def predict(self, text: str) -> Prediction:
        prediction = self._classifier().predict([text])[0]
        found = self.memory.lookup(text)
        return prediction if found is None else overridden(prediction, found.label)

    def reload(self, corrections: Sequence[Standing], tested: Container[str] = ()) -> int:
        """Remember the corrections that the live model, by itself, does not get right yet; release the others.

        Args:
            tested: fingerprints of test texts; a correction of one is never trained on, so it stays remembered.

        Returns:
            How many are remembered.
        """
        kept = release(self.memory, self._classifier(), corrections, tested)
        log.info(
            "%d of %d corrections are answered from memory, the model has learned the others", kept, len(corrections)
        )
        return kept


def overridden(prediction: Prediction, label: str) -> Prediction:
    """The same prediction with an agent's label; the model's own ranking follows it."""
    if label == OOS:
        return replace(prediction, out_of_scope=True, source="memory")
    rest = tuple(ranked for ranked in prediction.ranking if ranked.intent != label)
    return replace(
        prediction,
        intent=label,
        confidence=1.0,
        ranking=(Ranked(label, 1.0), *rest)[:5],
        out_of_scope=False,
        source="memory",
    )
