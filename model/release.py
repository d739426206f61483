"""Lets go of the corrections that the live model has learned. Loads no torch."""

from collections.abc import Container, Sequence
from typing import Protocol

from model.dataset import fingerprint
from model.memory import OverrideMemory
from model.types import Classifier

_BATCH = 64


class Standing(Protocol):
    """A correction in force, as storage gives it."""

    @property
    def id(self) -> int: ...

    @property
    def text(self) -> str: ...

    @property
    def after(self) -> str:
        """The right label, an intent or `oos`."""
        ...


def release(
    memory: OverrideMemory, classifier: Classifier, corrections: Sequence[Standing], tested: Container[str] = ()
) -> int:
    """Remember the corrections that still need it, and only those. Afterwards each text is answered as corrected.

    A correction is released when the model, by itself, gives its label. It stays all the same when its text is a test
    row (nothing ever trains on it), or when without it a near neighbour in the memory would decide it otherwise.

    Args:
        corrections: all that stand, oldest first; the latest of a text counts. Entries of the memory that are none of
            these came meanwhile and stay.
        tested: fingerprints of test texts.

    Returns:
        How many of `corrections` are remembered.
    """
    latest = {fingerprint(row.text): row for row in corrections if row.text.strip()}
    rows = list(latest.items())
    said: list[str] = []
    for start in range(0, len(rows), _BATCH):
        said.extend(p.label for p in classifier.predict([row.text for _, row in rows[start : start + _BATCH]]))
    needed = {key for (key, row), label in zip(rows, said, strict=True) if label != row.after or key in tested}
    trial = memory.alike()
    # Each round remembers more, so it ends; two rounds are the rule.
    while True:
        kept = [(row.id, row.text, row.after) for key, row in rows if key in needed]
        trial.rebuild(kept)
        misled = {
            key
            for key, row in rows
            if key not in needed and (found := trial.lookup(row.text)) is not None and found.label != row.after
        }
        if not misled:
            break
        needed |= misled
    memory.settle([row.id for row in corrections], kept)
    return len(kept)
