"""What a text means: an agent's correction of the same or a near-same text first, else the live classifier.

A message may hold several requests, and may lean on the ones before it. The memory knows plain texts: a correction of
"and the blue one?" holds for those words, whatever went before them. The model and the memory may still say former
names of intents: everything is read in today's (model/naming.py).
"""

import logging
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from model import context, requests
from model.memory import OverrideMemory
from model.naming import InTodaysNames, Names
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
        names: what labels are called now, and which are archived.
    """

    def __init__(
        self,
        classifier: Callable[[], Classifier],
        memory: OverrideMemory,
        aside: Callable[[], Container[str]] = frozenset,
        names: Callable[[], Names] = Names,
    ) -> None:
        self._classifier = classifier
        self.memory = memory
        self._aside = aside
        self._names = names
        self._by_itself: tuple[str, dict[str, str]] = ("", {})

    @property
    def version(self) -> str:
        return self._classifier().version

    @property
    def classifier(self) -> Classifier:
        """The live one, which may speak in former names."""
        return self._classifier()

    def predict(self, text: str, earlier: Earlier = tuple, own: str = "") -> Prediction:
        """What the text means. Of one that stands alone `earlier` is not even asked, so nothing there can change it.

        Args:
            own: the beginning of `text` that the customer wrote, where what was read in a picture follows it.
        """
        if own and own != text:
            return self._with_picture(text, own, earlier)
        classifier, aside = self._todays(), self._aside()
        read = requests.read(classifier.predict([text])[0], classifier.predict, aside)
        label = self._remembered(text)
        if label is not None:
            return overridden(read, label)
        if read.requests:
            return self._each_remembered(read)
        return self._going_on(read, classifier, earlier, aside)

    def going_on(self, alone: Prediction, own: str, earlier: Earlier) -> Prediction:
        """What was read by itself before, read again with the customer's messages before it, where it leans on them.

        Args:
            own: as for `predict`.
        """
        if own and own != alone.text:
            return self.predict(alone.text, earlier, own)
        if alone.source == "memory" or alone.requests:
            return alone
        return self._going_on(alone, self._todays(), earlier, self._aside())

    def _going_on(
        self, alone: Prediction, classifier: Classifier, earlier: Earlier, aside: Container[str]
    ) -> Prediction:
        believed = context.believed_from(alone.text)
        if believed and (alone.out_of_scope or alone.confidence < believed):
            return self._in_context(alone, classifier, earlier()[-MOST_EARLIER:], aside)
        return alone

    def learned(self, corrections: Sequence[tuple[str, str]]) -> int:
        """How many of these (text, label) the live model gets right by itself, with the memory off.

        Each text is asked once a version: what was answered is kept until another one serves.
        """
        classifier, names = self._todays(), self._names()
        version = classifier.version
        if self._by_itself[0] != version:
            self._by_itself = (version, {})
        known = self._by_itself[1]
        new = [text for text in dict.fromkeys(text for text, _ in corrections) if text not in known]
        known.update((each.text, each.label) for each in (classifier.predict(new) if new else []))
        return sum(names.of(known[text]) == names.of(label) for text, label in corrections)

    def _with_picture(self, text: str, own: str, earlier: Earlier) -> Prediction:
        """The customer's own words where they are clear: no picture talks them over. Else the surest reading."""
        alone = self.predict(own, earlier)
        clear = not alone.out_of_scope and alone.confidence >= context.CLEAR and alone.intent not in self._aside()
        if clear or alone.source == "memory":
            return replace(alone, text=text)
        whole = self.predict(text)
        picture = self.predict(text[len(own) :].strip())
        read = [whole, replace(picture, text=text, requests=()), replace(alone, text=text)]
        remembered = [each for each in read if each.source == "memory"]
        known = [each for each in read[:2] if not each.out_of_scope and each.intent not in self._aside()]
        return (remembered or sorted(known, key=lambda each: -each.confidence) or read[:1])[0]

    def reload(self, corrections: Sequence[Standing], tested: Container[str] = ()) -> int:
        """Remember the corrections that the live model, by itself, does not get right yet; release the others.

        Args:
            tested: fingerprints of test texts; a correction of one is never trained on, so it stays remembered.

        Returns:
            How many are remembered.
        """
        names = self._names()
        todays = [_Standing(row.id, row.text, names.of(row.after)) for row in corrections]
        kept = release(self.memory, self._todays(), todays, tested)
        log.info(
            "%d of %d corrections are answered from memory, the model has learned the others", kept, len(corrections)
        )
        return kept

    def _todays(self) -> Classifier:
        """The live classifier in today's names."""
        return InTodaysNames(self._classifier(), self._names())

    def _remembered(self, text: str) -> str | None:
        """What agents said of a text, in today's names; `oos` where that intent is archived."""
        found = self.memory.lookup(text)
        return None if found is None else self._names().served(found.label)

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
        label = self._remembered(topic) if together.intent == before.intent else None
        return read if label in (None, OOS) else overridden(read, label)

    def _each_remembered(self, read: Prediction) -> Prediction:
        """Several requests, each by what agents said of the same words alone."""
        kept: dict[str, Request] = {}
        main = read.intent
        for request in read.requests:
            found = self._remembered(request.words(read.text))
            label = found or request.intent
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


@dataclass(frozen=True, slots=True)
class _Standing:
    """A correction in force, in today's names."""

    id: int
    text: str
    after: str


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
