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

from bench.memory import of
from model import starter

Tokens = Callable[[Sequence[int], int], Iterator[int]]


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


def in_torch(kind: str) -> Callable[[Path, Path], Tokens]:
    """Our own layers in torch; `kind` int8 or full precision."""

    def load(base: Path, adapter: Path) -> Tokens:
        import torch
        from tokenizers import Tokenizer
        from torch.nn.functional import linear

        from bench import llama_torch
        from model.generator import beginning

        torch.set_num_threads(1)

        class Full:
            def __init__(self, weight: Any) -> None:
                self._weight = weight.clone()

            def __call__(self, x: Any) -> Any:
                return linear(x, self._weight)

        prefix = beginning(Tokenizer.from_file(str(base / "tokenizer.json")))
        with patch.object(llama_torch, "Int8", llama_torch.Int8 if kind == "int8" else Full):
            made = llama_torch.load(base, adapter, prefix)
        assert made is not None
        tokens: Tokens = made.tokens
        return tokens

    return load


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
        tokens: Tokens = made.tokens
        return tokens

    return load


def onnxruntime(kind: str) -> Callable[[Path, Path], Tokens]:
    """The graph that serves with its linear maps in another form."""

    def load(base: Path, adapter: Path) -> Tokens:
        from model import llama, serving_file
        from model.llama_graph import write_llama

        shape = llama.shape_of(base)
        assert shape is not None
        weights = serving_file.Weights(base, adapter)
        with tempfile.TemporaryDirectory() as work:
            file = Path(work) / serving_file.SERVING_FILE
            write_llama(weights.get, shape, weights.head, kind, file)
            return llama.Llama(shape, llama.session(file, 1)).tokens

    return load


WAYS: dict[str, Callable[[Path, Path], Tokens]] = {
    "ours, 8 bits in blocks of 32": ours,
    "torch, our layers, int8": in_torch("int8"),
    "torch, our layers, full precision": in_torch("full"),
    "transformers, float32": transformers("float32"),
    "transformers, bfloat16": transformers("bfloat16"),
    "transformers, dynamic int8": transformers("int8"),
    "transformers, torchao int8 weights": transformers("torchao int8 weights"),
    "transformers, torchao dynamic int8": transformers("torchao dynamic int8"),
    "onnxruntime, fp32": onnxruntime("fp32"),
    "onnxruntime, dynamic int8": onnxruntime("int8"),
    "onnxruntime, 4 bits in blocks of 32": onnxruntime("4 bits"),
}


if __name__ == "__main__":
    main()
