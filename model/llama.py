"""Runs a Llama-like model in onnxruntime, one reply at a time: a key-value cache, greedy. Loads no torch.

The graph has its weights in blocks of 8 bits and quantises what comes in block by block (`llama_graph.py`), so that its
replies are those of full precision: the first tokens of a Llama have activations a thousand times larger than the
rest, and one int8 scale over a whole prompt leaves nothing of the other tokens. `serving_file.py` has it written.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model import prompt_lookup

Floats = npt.NDArray[np.float32]
BLOCK = 32
"""Weights that share a scale."""
ROOM = 256
"""The cache grows by so many tokens."""


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


def shape_of(base: Path) -> Shape | None:
    """The shape of a folder's model; None where this module does not know its build or cannot read its weights."""
    if not any(base.glob("*.safetensors")):
        return None
    return Shape.read(json.loads((base / "config.json").read_text(encoding="utf-8")))


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
