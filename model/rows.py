"""Which training rows a version's neighbours are: by fingerprint, never by text. Loads no torch.

A model's folder outlives what people have erased, so their words must not lie in it. Whoever has the rows (the log, the
file that was trained on) finds a row again by `model.dataset.fingerprint`; an erased one is found no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.dataset import fingerprint
from model.types import OOS

KEYS, LABELS = "row_keys", "row_labels"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training row near to a text."""

    key: str
    """Fingerprint of its text."""
    label: str
    similarity: float
    """Cosine in the version's own encoder."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Fingerprint and label of each row of the banks, in scope first. Empty for folders made before it was kept."""

    keys: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], names: Sequence[str], rows: int) -> "Rows":
        """Of head.npz; nothing where it has none, or not one for each of `rows`."""
        if KEYS not in arrays or len(arrays[KEYS]) != rows or len(arrays[LABELS]) != rows:
            return cls()
        labels = tuple(names[number] if number >= 0 else OOS for number in arrays[LABELS].tolist())
        return cls(tuple(key.decode("ascii") for key in arrays[KEYS].tolist()), labels)


def arrays(texts: Sequence[str], labels: Sequence[int]) -> dict[str, Any]:
    """For head.npz: fingerprints as bytes [n], and numbers of classes [n], -1 for out of scope."""
    keys = np.array([fingerprint(text).encode("ascii") for text in texts], dtype="S32")
    return {KEYS: keys, LABELS: np.asarray(labels, np.int32)}
