"""A process that only classifies, for bench.serving: `python -m bench.serving_child KIND FOLDER TEXTS TIMED REPEATS`.

Its first line is written after its first prediction; the second holds the figures. Loads torch for KIND torch alone.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.clock import one_by_one, peak_mb, together
from model.classifier import IntentClassifier
from model.encoder import OnnxEncoder, Vectors, pad


def main(kind: str, folder: Path, texts: Sequence[str], timed: int, repeats: int) -> None:
    load = torch_classifier if kind == "torch" else IntentClassifier.load
    classifier = load(folder, 1)
    classifier.predict([texts[0]])
    print("ready", flush=True)
    found: dict[str, Any] = one_by_one(classifier.predict, spread(texts, timed))
    found["peak_one_mb"] = peak_mb()
    del classifier
    found |= together(load(folder, 2).predict, texts, repeats)
    print(json.dumps({**found, "peak_mb": peak_mb(), "torch": "torch" in sys.modules}), flush=True)


def spread(texts: Sequence[str], count: int) -> Sequence[str]:
    """So many of them, evenly over the file: its rows stand by intent."""
    return texts[:: max(1, len(texts) // count)][:count]


def torch_classifier(folder: Path, threads: int) -> IntentClassifier:
    """The same head over the encoder in torch, float32.

    A version folder holds no torch weights, so these are the base model's: as quick, though of no use.
    """
    import torch

    from model.base import encoder_folder
    from model.export import WORDS, load_pooler

    torch.set_num_threads(threads)
    pooler = load_pooler(encoder_folder())
    pooler.words = WORDS if OnnxEncoder(folder).dim > pooler.dim else 0.0

    class TorchEncoder(OnnxEncoder):
        def _run(self, pieces: list[list[int]]) -> Vectors:
            ids, mask = pad(pieces, self._pad)
            with torch.inference_mode():
                vectors: Vectors = pooler(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
            return vectors

    classifier = IntentClassifier.load(folder)
    classifier._encoder = TorchEncoder(folder)
    return classifier


if __name__ == "__main__":
    _kind, _folder, _texts, _timed, _repeats = sys.argv[1:]
    main(_kind, Path(_folder), json.loads(Path(_texts).read_text()), int(_timed), int(_repeats))
