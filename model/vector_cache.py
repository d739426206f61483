"""Vectors that were made before are not made again: an edit to one article does not encode the others anew."""

import threading
from collections.abc import Sequence

import numpy as np

from model.retriever import Encoder, Vectors


class RememberingEncoder:
    """Keeps the vector of every text that it was asked for, until `forget_others`. Thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: dict[str, Vectors] = {}
        self._asked: set[str] = set()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 [n, d]; only new texts are encoded."""
        with self._lock:
            new = list(dict.fromkeys(text for text in texts if text not in self._kept))
            if new:
                self._kept.update(zip(new, self._encoder.encode(new), strict=True))
            self._asked.update(texts)
            return np.stack([self._kept[text] for text in texts]) if texts else self._encoder.encode([])

    def forget_others(self) -> None:
        """Keep only what was asked for since the last call."""
        with self._lock:
            self._kept = {text: vector for text, vector in self._kept.items() if text in self._asked}
            self._asked = set()
