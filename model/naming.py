"""Labels that were renamed, merged or archived since they were written. Pure; loads no torch.

What was written stays as it is: rows, corrections, predictions, a live model's own labels. Who reads a label asks here
what it is called now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from model.types import OOS, Classifier, Prediction, Ranked, Request


@dataclass(frozen=True, slots=True)
class Names:
    """What labels are called now."""

    successors: Mapping[str, str] = field(default_factory=dict)
    """Former name -> the name of today. A name of today is never a key, so one look is enough."""
    archived: frozenset[str] = frozenset()
    """Names of today that are out of use."""

    def of(self, label: str) -> str:
        """Today's name of a label; that of a label nobody changed is its own."""
        return self.successors.get(label, label)

    def served(self, label: str) -> str:
        """The same, or `oos` for an intent that is archived: the bot has no answer to it."""
        name = self.of(label)
        return OOS if name in self.archived else name

    def out_of_use(self) -> frozenset[str]:
        """Every name, former ones too, whose intent is archived."""
        former = (name for name, now in self.successors.items() if now in self.archived)
        return self.archived.union(former)


def resolved(changes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Former names and their successors, from renames and merges in the order they were made.

    The later change wins: all that meant `old` means `new` from then on, and `new` means itself, also where it was
    given up before. So renaming back works, there are no cycles, and a successor has no successor.

    Args:
        changes: (old, new), oldest first.
    """
    now: dict[str, str] = {}
    for old, new in changes:
        meant = now.get(old, old)
        for name, successor in now.items():
            if successor == meant:
                now[name] = new
        now[meant] = now[old] = now[new] = new
    return {name: successor for name, successor in now.items() if name != successor}


def renamed(prediction: Prediction, names: Names) -> Prediction:
    """What a model said, in today's names.

    Probabilities of intents that are one now are added. An archived intent is left out of the ranking; where it was the
    most probable, the message is out of scope: the next best was never what the customer meant.
    """
    if not names.successors and not names.archived:
        return prediction
    sums: dict[str, float] = {}
    for ranked in prediction.ranking or (Ranked(prediction.intent, prediction.confidence),):
        name = names.of(ranked.intent)
        sums[name] = sums.get(name, 0.0) + ranked.probability
    first = max(sums, key=lambda name: sums[name])
    left = sorted(((name, p) for name, p in sums.items() if name not in names.archived), key=lambda each: -each[1])
    intent, confidence = left[0] if left else (first, 0.0)
    return replace(
        prediction,
        intent=intent,
        confidence=min(confidence, 1.0),
        ranking=tuple(Ranked(name, min(p, 1.0)) for name, p in left),
        out_of_scope=prediction.out_of_scope or first in names.archived,
        requests=_requests(prediction.requests, names),
    )


class InTodaysNames:
    """A classifier that was trained under former names, and speaks in today's."""

    def __init__(self, classifier: Classifier, names: Names) -> None:
        self._classifier, self._names = classifier, names

    @property
    def version(self) -> str:
        return self._classifier.version

    @property
    def intents(self) -> Sequence[str]:
        """Without archived ones."""
        served = (self._names.served(intent) for intent in self._classifier.intents)
        return [name for name in dict.fromkeys(served) if name != OOS]

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [renamed(prediction, self._names) for prediction in self._classifier.predict(texts)]


def _requests(requests: Sequence[Request], names: Names) -> tuple[Request, ...]:
    """Requests that are one intent now are one request; a single one is none beside the main."""
    kept: dict[str, Request] = {}
    for request in requests:
        name = names.served(request.intent)
        if name != OOS:
            kept.setdefault(name, replace(request, intent=name))
    return tuple(kept.values()) if len(kept) > 1 else ()
