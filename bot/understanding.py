"""What a text means: an agent's correction of the same or a near-same text first, else the live classifier.

A message may hold several requests, and may lean on the ones before it. The memory knows plain texts: a correction of
"and the blue one?" holds for those words, whatever went before them.
"""

import logging
from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from model import context, requests
from model.memory import OverrideMemory
from model.release import Standing, release
from model.types import OOS, Classifier, Prediction, Ranked, Request

log = logging.getLogger(__name__)
MOST_EARLIER = 4
"""Messages before one that leans on them which are looked at."""

Earlier = Callable[[], Sequence[str]]
"""The customer's words before a message, oldest first; asked only for a message that leans on them."""


class Understanding:
    """Predicts one text. Thread-safe; never called inside a database session.

    Args:
        aside: names of the intents that are small talk, and so never a request beside another.
    """

    def __init__(
        self,
        classifier: Callable[[], Classifier],
        memory: OverrideMemory,
        aside: Callable[[], Container[str]] = frozenset,
    ) -> None:
        self._classifier = classifier
        self.memory = memory
        self._aside = aside

    @property
    def version(self) -> str:
        return self._classifier().version

    @property
    def classifier(self) -> Classifier:
        """The live one."""
        return self._classifier()

    def predict(self, text: str, earlier: Earlier = tuple) -> Prediction:
        """What the text means. Of one that stands alone `earlier` is not even asked, so nothing there can change it."""
        classifier, aside = self._classifier(), self._aside()
        read = requests.read(classifier.predict([text])[0], classifier.predict, aside)
        found = self.memory.lookup(text)
        if found is not None:
            return overridden(read, found.label)
        if read.requests:
            return self._each_remembered(read)
        believed = context.believed_from(text)
        if believed and (read.out_of_scope or read.confidence < believed):
            return self._in_context(read, classifier, earlier()[-MOST_EARLIER:], aside)
        return read

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

    def _in_context(
        self, alone: Prediction, classifier: Classifier, earlier: Sequence[str], aside: Container[str]
    ) -> Prediction:
        """The text read with the topic before it; as it stands where there is none, or nothing clear comes of it."""
        topic = context.topic(classifier.predict(earlier), aside) if earlier else ""
        if not topic:
            return alone
        before, together = classifier.predict([topic, f"{topic} {alone.text}"])
        if together.out_of_scope or together.confidence < context.CLEAR:
            return alone
        read = replace(together, text=alone.text, in_context=True)
        # Where the text goes on with the topic, a correction of the topic holds for it too.
        found = self.memory.lookup(topic) if together.intent == before.intent else None
        return read if found is None or found.label == OOS else overridden(read, found.label)

    def _each_remembered(self, read: Prediction) -> Prediction:
        """Several requests, each by what agents said of the same words alone."""
        kept: dict[str, Request] = {}
        main = read.intent
        for request in read.requests:
            found = self.memory.lookup(request.words(read.text))
            label = request.intent if found is None else found.label
            if request.intent == read.intent:
                main = label
            if label != OOS:
                kept.setdefault(label, replace(request, intent=label, confidence=1.0 if found else request.confidence))
        main = next(iter(kept), OOS) if main == OOS else main
        left = replace(read, requests=())
        return replace(
            left if main == read.intent else overridden(left, main),
            requests=tuple(kept.values()) if len(kept) > 1 else (),
        )


def overridden(prediction: Prediction, label: str) -> Prediction:
    """The same prediction with an agent's label; the model's own ranking follows it, and further requests stay."""
    if label == OOS:
        return replace(prediction, out_of_scope=True, source="memory", requests=())
    rest = tuple(ranked for ranked in prediction.ranking if ranked.intent != label)
    further = [request for request in prediction.further if request.intent != label]
    main = [replace(r, intent=label, confidence=1.0) for r in prediction.requests if r.intent == prediction.intent]
    return replace(
        prediction,
        intent=label,
        confidence=1.0,
        ranking=(Ranked(label, 1.0), *rest)[:5],
        out_of_scope=False,
        source="memory",
        requests=tuple(sorted([*main, *further], key=lambda request: request.start)) if further else (),
    )
