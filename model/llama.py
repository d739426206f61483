"""Runs a Llama-like model in onnxruntime, one reply at a time: a key-value cache, greedy. Loads no torch.

The graph has its weights in blocks of 8 bits and quantises what comes in block by block (`llama_graph.py`), so that its
replies are those of full precision: the first tokens of a Llama have activations a thousand times larger than the
rest, and one int8 scale over a whole prompt leaves nothing of the other tokens. Weights are read and merged with the
adapter one at a time (docs/decisions/0005-how-replies-are-written.md).
"""

import hashlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model import prompt_lookup
from model.base import run_module

Floats = npt.NDArray[np.float32]

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
BLOCK = 32
"""Weights that share a scale."""
ROOM = 256
"""The cache grows by so many tokens."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shape:
    """What config.json says of the model."""

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    eps: float
    theta: float
    eos: tuple[int, ...]
    longest: int
    """Tokens of the longest text."""

    @classmethod
    def read(cls, config: dict[str, Any]) -> "Shape | None":
        """None where the model is built in another way than this module knows."""
        rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
        known = (
            config.get("model_type") == "llama"
            and config.get("hidden_act", "silu") == "silu"
            and not config.get("attention_bias")
            and not config.get("mlp_bias")
            and rope.get("rope_type", "default") == "default"
            and not any(int(config.get(name) or 0) % BLOCK for name in ("hidden_size", "intermediate_size"))
        )
        if not known:
            return None
        heads = int(config["num_attention_heads"])
        eos = config.get("eos_token_id")
        return cls(
            layers=int(config["num_hidden_layers"]),
            heads=heads,
            kv_heads=int(config.get("num_key_value_heads") or heads),
            head_dim=int(config.get("head_dim") or config["hidden_size"] // heads),
            eps=float(config.get("rms_norm_eps", 1e-6)),
            theta=float(rope.get("rope_theta") or config.get("rope_theta") or 10_000),
            eos=tuple(eos) if isinstance(eos, list) else (int(eos),) if eos is not None else (),
            longest=int(config.get("max_position_embeddings") or 2048),
        )


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


class Llama:
    """One loaded model. Not thread-safe by itself: `ResponseGenerator` has the lock.

    Keys and values of the last text stay, and what the next one begins with as well is not computed again: at least
    the prompt's fixed beginning.
    """

    def __init__(self, shape: Shape, session: Any) -> None:
        self.shape = shape
        self._session = session
        self._known: list[int] = []
        """The tokens whose keys and values the cache holds."""
        self._room = 0
        self._cache: dict[str, Any] = {}

    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        """Greedy tokens after `ids`, at most `limit`, the end mark excluded."""
        limit = min(limit, self.shape.longest - len(ids))
        self._make_room(len(ids) + limit)
        known = common(ids, self._known, len(ids) - 1)
        self._known = self._known[:known]
        text, end = list(ids), len(ids) + limit
        while len(text) < end:
            for token in self._next(text, end - len(text)):
                if token in self.shape.eos:
                    return
                text.append(token)
                yield token

    def _next(self, text: Sequence[int], most: int) -> list[int]:
        """The next tokens of `text`, one or more: what a guess had right, and the one after it."""
        new, guessed = list(text[len(self._known) :]), prompt_lookup.guess(text, most - 1)
        told = self._step([*new, *guessed], 1 + len(guessed))
        right = common(guessed, told, len(guessed))
        # What was guessed wrong lies in the cache behind the known tokens, where the next step writes.
        self._known += [*new, *guessed[:right]]
        return told[: right + 1]

    def _step(self, new: Sequence[int], asked: int) -> list[int]:
        """The likeliest tokens after each of the last `asked` of `new`, which comes after the known ones."""
        total = len(self._known) + len(new)
        binding = self._session.io_binding()
        binding.bind_cpu_input("ids", np.asarray([new], np.int64))
        binding.bind_cpu_input("last", np.asarray([total - 1], np.int32))
        binding.bind_cpu_input("total", np.asarray(total, np.int32))
        binding.bind_cpu_input("asked", np.arange(len(new) - asked, len(new), dtype=np.int64))
        for name, value in self._cache.items():
            # One buffer for both: the step writes at the end of what it reads.
            binding.bind_ortvalue_input(f"past_{name}", value)
            binding.bind_ortvalue_output(f"present_{name}", value)
        binding.bind_output("tokens")
        self._session.run_with_iobinding(binding)
        told: list[int] = binding.get_outputs()[-1].numpy().ravel().tolist()
        return told

    def _make_room(self, tokens: int) -> None:
        if tokens <= self._room:
            return
        from onnxruntime import OrtValue

        self._room = -(-tokens // ROOM) * ROOM
        self._known = []
        size = (1, self.shape.kv_heads, self._room, self.shape.head_dim)
        names = [f"{what}_{number}" for number in range(self.shape.layers) for what in ("key", "value")]
        self._cache = {name: OrtValue.ortvalue_from_numpy(np.zeros(size, np.float32)) for name in names}


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


def shape_of(base: Path) -> Shape | None:
    """The shape of a folder's model; None where this module does not know its build or cannot read its weights."""
    if not any(base.glob("*.safetensors")):
        return None
    return Shape.read(json.loads((base / "config.json").read_text(encoding="utf-8")))


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
    run_module("model.llama", str(base), str(adapter or ""), str(file))


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


def session(file: Path, threads: int) -> Any:
    """An onnxruntime session of a graph that llama_graph wrote."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def common(a: Sequence[int], b: Sequence[int], longest: int) -> int:
    """How many tokens both begin with."""
    count = 0
    for one, other in zip(a[:longest], b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _scale(adapter: Path) -> float:
    config = json.loads((adapter / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    rank = float(config["r"])
    return float(config["lora_alpha"]) / (rank**0.5 if config.get("use_rslora") else rank)


if __name__ == "__main__":
    write_serving_file(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None, Path(sys.argv[3]))
