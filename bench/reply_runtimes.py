"""One way to run the generator, in a process of its own: reads a prompt a line, writes what it took as JSON.

Started by bench.reply_speed, so that each way's memory is its own. `python -m bench.reply_runtimes NAME BASE`
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.llama_graph import write_llama
from bench.memory import of
from model import starter

Tokens = Callable[[Sequence[int], int], Iterator[int]]
ROOM = 1024


def main() -> None:
    name, base = sys.argv[1], Path(sys.argv[2])
    import os

    begun = time.perf_counter()
    tokens = WAYS[name](base, starter.folder() / "adapter")
    print(json.dumps({"loading_s": round(time.perf_counter() - begun, 1)}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(timed(tokens, asked["ids"], asked["limit"]) | of(os.getpid())), flush=True)


def timed(tokens: Tokens, ids: Sequence[int], limit: int) -> dict[str, Any]:
    """What one reply took: seconds by the wall's clock and of the processor, the first token's apart."""
    wall, processor = time.perf_counter(), time.process_time()
    first: tuple[float, float] = (0.0, 0.0)
    written: list[int] = []
    for token in tokens(ids, limit):
        if not written:
            first = time.perf_counter() - wall, time.process_time() - processor
        written.append(token)
    whole = time.perf_counter() - wall, time.process_time() - processor
    return {"written": written, "first": first, "whole": whole}


def ours(base: Path, adapter: Path) -> Tokens:
    from model import generator, llama

    made = generator.ResponseGenerator.load(adapter, base, threads=1)
    runtime = made._model
    assert isinstance(runtime, llama.Llama)
    return runtime.tokens


def ours_full(base: Path, adapter: Path) -> Tokens:
    """Our runtime with its linear maps left as they are."""
    from torch.nn.functional import linear

    from model import llama

    class Full:
        def __init__(self, weight: Any) -> None:
            self._weight = weight.clone()

        def __call__(self, x: Any) -> Any:
            return linear(x, self._weight)

    with patch.object(llama, "Int8", Full):
        return ours(base, adapter)


def transformers(kind: str) -> Callable[[Path, Path], Tokens]:
    """As most people run it; `kind` float32, bfloat16 or int8 (torch's dynamic quantisation), or torchao's."""

    def load(base: Path, adapter: Path) -> Tokens:
        import torch

        from model.causal import Causal

        torch.set_num_threads(1)
        made = Causal.load(base, adapter)
        if kind == "bfloat16":
            made._model = made._model.to(torch.bfloat16)
        elif kind == "int8":
            made._model = torch.ao.quantization.quantize_dynamic(made._model, {torch.nn.Linear}, dtype=torch.qint8)
        elif kind.startswith("torchao"):
            from torchao.quantization import (
                Int8DynamicActivationInt8WeightConfig,
                Int8WeightOnlyConfig,
                quantize_,
            )

            config = Int8WeightOnlyConfig if kind.endswith("weights") else Int8DynamicActivationInt8WeightConfig
            quantize_(made._model, config())
        return made.tokens

    return load


def onnxruntime(kind: str) -> Callable[[Path, Path], Tokens]:
    """A graph of one step; keys and values stay where they are."""

    def load(base: Path, adapter: Path) -> Tokens:
        import onnxruntime as ort

        from model.llama import Shape, Weights

        shape = Shape.read(json.loads((base / "config.json").read_text(encoding="utf-8")))
        assert shape is not None
        weights = Weights(base, adapter)
        head = "lm_head" if weights.has("lm_head") else "model.embed_tokens"
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        with tempfile.TemporaryDirectory() as work:
            file = Path(work) / "llama.onnx"
            write_llama(lambda name: weights.get(name).numpy(), shape, head, kind, ROOM, file)
            session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        return Steps(session, shape.layers, shape.kv_heads, shape.head_dim, shape.eos).tokens

    return load


class Steps:
    """Greedy tokens from a graph of bench.llama_graph."""

    def __init__(self, session: Any, layers: int, heads: int, width: int, eos: Sequence[int]) -> None:
        import numpy as np
        import onnxruntime as ort

        self._session, self._eos, self._ort, self._np = session, set(eos), ort, np
        names = [f"{what}_{number}" for number in range(layers) for what in ("key", "value")]
        shape = (1, heads, ROOM, width)
        self._cache = {name: ort.OrtValue.ortvalue_from_numpy(np.zeros(shape, np.float32)) for name in names}

    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        new, total = list(ids), 0
        for _ in range(limit):
            total += len(new)
            token = self._step(new, total)
            if token in self._eos:
                return
            yield token
            new = [token]

    def _step(self, new: Sequence[int], total: int) -> int:
        np, binding = self._np, self._session.io_binding()
        binding.bind_cpu_input("ids", np.asarray([new], np.int64))
        binding.bind_cpu_input("last", np.asarray([total - 1], np.int32))
        binding.bind_cpu_input("total", np.asarray(total, np.int32))
        for name, value in self._cache.items():
            binding.bind_ortvalue_input(f"past_{name}", value)
            binding.bind_ortvalue_output(f"present_{name}", value)
        binding.bind_output("token")
        self._session.run_with_iobinding(binding)
        return int(binding.get_outputs()[-1].numpy().ravel()[0])


WAYS: dict[str, Callable[[Path, Path], Tokens]] = {
    "ours, int8": ours,
    "ours, full precision": ours_full,
    "transformers, float32": transformers("float32"),
    "transformers, bfloat16": transformers("bfloat16"),
    "transformers, dynamic int8": transformers("int8"),
    "transformers, torchao int8 weights": transformers("torchao int8 weights"),
    "transformers, torchao dynamic int8": transformers("torchao dynamic int8"),
    "onnxruntime, fp32": onnxruntime("fp32"),
    "onnxruntime, dynamic int8": onnxruntime("int8"),
    "onnxruntime, 8 bits in blocks of 32": onnxruntime("8 bits"),
    "onnxruntime, 4 bits in blocks of 32": onnxruntime("4 bits"),
}


if __name__ == "__main__":
    main()
