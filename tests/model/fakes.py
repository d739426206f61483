"""Stand-ins that the tests of model/ share."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.words import content


class FakeEncoder:
    """Words hashed into 384 places: texts that share words are near. Deterministic."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content(text) or ["-"]:
                vectors[row, sum(ord(c) * 31**n for n, c in enumerate(word)) % 384] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
