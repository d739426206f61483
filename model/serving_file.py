"""The file that serves a response model: base and adapter in one graph, quantised. Loads no torch.

Weights are read and merged one at a time (docs/decisions/0005-how-replies-are-written.md). What is measured is what
serves, so the file is written once, beside the adapter; a note in it says what it was made of.
"""

import hashlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.base import run_module
from model.llama import Floats, Llama, session, shape_of

ADAPTER_FILE, ADAPTER_CONFIG = "adapter_model.safetensors", "adapter_config.json"
SERVING_FILE = "generator.onnx"
"""Base and adapter in one, quantised: what is measured is what serves."""
HEAD, EMBEDDING = "lm_head", "model.embed_tokens"
MADE_OF, FORMAT = "made_of", b"8 bits, 2"
"""The note in a serving file; what else its content depends on: raise it when the graph changes."""
TAIL = 512
"""Bytes at a serving file's end in which the note stands."""
SAMPLES, SAMPLE = 64, 4096
"""Places of a file of weights that are read to know it again, and bytes at each."""
log = logging.getLogger(__name__)


class Weights:
    """The base model's tensors with the adapter's added, read one at a time in float32."""

    def __init__(self, base: Path, adapter: Path | None) -> None:
        import ml_dtypes  # noqa: F401 (numpy knows bfloat16 from here on)
        from safetensors import safe_open

        self._base: list[Any] = [safe_open(file, "np") for file in sorted(base.glob("*.safetensors"))]
        self._at = {name: part for part in self._base for name in part.keys()}  # noqa: SIM118
        opened: Any = safe_open(adapter / ADAPTER_FILE, "np") if adapter else None
        self._adapter = opened
        self._added: set[str] = set(opened.keys()) if adapter else set()
        self._scale = _scale(adapter) if adapter else 0.0

    def get(self, name: str) -> Floats:
        """One weight."""
        weight: Floats = self._at[f"{name}.weight"].get_tensor(f"{name}.weight").astype(np.float32)
        a, b = (f"base_model.model.{name}.lora_{side}.weight" for side in "AB")
        if a in self._added:
            down, up = (self._adapter.get_tensor(part).astype(np.float32) for part in (a, b))
            weight = weight + np.float32(self._scale) * (up @ down)
        return weight

    @property
    def head(self) -> str:
        """The name of the output's weight."""
        return HEAD if f"{HEAD}.weight" in self._at else EMBEDDING


def load(base: Path, adapter: Path | None, prefix: Sequence[int], threads: int = 1) -> Llama | None:
    """The model of a folder; None where it is built in a way that this module does not know.

    Takes the serving file beside the adapter where it was made of these very weights; else it makes one for itself.

    Args:
        prefix: the tokens with which every prompt begins: computed here.
    """
    shape = shape_of(base)
    if shape is None:
        return None
    kept = _kept(adapter / SERVING_FILE, base, adapter, threads) if adapter else None
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="understudy-") as work:
            file = Path(work) / SERVING_FILE
            _make(base, adapter, file)
            kept = session(file, threads)
    made = Llama(shape, kept)
    list(made.tokens([*prefix, 0], 1))
    return made


def write_serving_file(base: Path, adapter: Path | None, file: Path) -> bool:
    """Base and adapter in one graph; False where the model is built in a way that this module does not know."""
    from model.llama_graph import write_llama

    shape = shape_of(base)
    if shape is None:
        return False
    weights = Weights(base, adapter)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    write_llama(weights.get, shape, weights.head, "8 bits", part, note={MADE_OF: fingerprint(base, adapter)})
    part.replace(file)
    return True


def fingerprint(base: Path, adapter: Path | None) -> str:
    """Of what a serving file is made of. Of the base's weights, half a gigabyte, it reads samples."""
    found = hashlib.sha256(FORMAT)
    found.update((base / "config.json").read_bytes())
    for name in (ADAPTER_FILE, ADAPTER_CONFIG) if adapter else ():
        found.update((adapter / name).read_bytes())  # type: ignore[operator]
    for file in sorted(base.glob("*.safetensors")):
        size = file.stat().st_size
        found.update(f"{file.name} {size}".encode())
        with file.open("rb") as weights:
            for number in range(SAMPLES):
                weights.seek(number * size // SAMPLES)
                found.update(weights.read(SAMPLE))
    return found.hexdigest()


def bring_serving_file(base: Path, adapter: Path) -> None:
    """Have a serving file beside a version's adapter: from an earlier release, or a backup, it has none."""
    if shape_of(base) and not _made_of(adapter / SERVING_FILE, fingerprint(base, adapter)):
        _make(base, adapter, adapter / SERVING_FILE)


def _make(base: Path, adapter: Path | None, file: Path) -> None:
    """In a process of its own, which takes its memory back with it."""
    run_module("model.serving_file", str(base), str(adapter or ""), str(file))


def _made_of(file: Path, what: str) -> bool:
    """Whether a serving file is whole and bears this note: the last thing in it, so that it need not be loaded."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - TAIL))
        return what.encode() in opened.read()


def _kept(file: Path, base: Path, adapter: Path, threads: int) -> Any:
    """A session of a serving file; none where it is missing, broken or made of other weights."""
    if not file.is_file():
        return None
    try:
        found = session(file, threads)
    except Exception as error:
        log.warning("expected a serving file in %s, found %s: it is made anew.", file, type(error).__name__)
        return None
    return found if found.get_modelmeta().custom_metadata_map.get(MADE_OF) == fingerprint(base, adapter) else None


def _scale(adapter: Path) -> float:
    config = json.loads((adapter / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    rank = float(config["r"])
    return float(config["lora_alpha"]) / (rank**0.5 if config.get("use_rslora") else rank)


if __name__ == "__main__":
    write_serving_file(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None, Path(sys.argv[3]))
