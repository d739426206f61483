"""Writes a BERT as an int8 ONNX graph, node by node. Loads onnx and numpy, and no torch.

What serves is small: a message has some fifteen tokens, so that a traced graph spends a good part of its time in
the hundreds of nodes that compute shapes. Here are only the nodes that compute the vector, already fused as
onnxruntime's kernels want them; decision 0007 has the figures. Weights are int8 with a scale for each output, and each
matrix product quantises its input by itself (dynamic, uint8).
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.encoder import TOKENS

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]

OPSET, IR_VERSION = 17, 8
MASKED = 10_000.0
"""Taken off the attention to padding: the soft-max of what is left is exactly 0 in float32."""
CONTRIB = "com.microsoft"
"""onnxruntime's own operators; part of every build of it."""


def write_bert(
    weights: Mapping[str, Floats],
    divisors: Mapping[str, Floats],
    *,
    heads: int,
    epsilon: float,
    words: float,
    file: Path,
) -> None:
    """Write the graph: `input_ids` and `attention_mask`, int64 [n, tokens], to unit `vectors`, float32 [n, dim], and to
    `tokens`, float32 [n, tokens, dim], what the last layer but one makes of each.

    Args:
        weights: a BertModel's state, without its pooler.
        divisors: what the input of a linear map is divided by before it is quantised, by the map's name; see
            model.outliers. Its weights make up for it.
        epsilon: of the layer normalisations.
        words: what the mean of the embeddings counts beside that of the last layer; see model.export.Pooler.
    """
    graph = _Graph()
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
    embedded = hidden = _embeddings(graph, weights, epsilon)
    mask = graph.add("Unsqueeze", graph.add("Cast", "attention_mask", to=TensorProto.FLOAT), graph.ints([1]))
    # 0 where a token is, -MASKED where padding is; [n, 1, 1, tokens].
    far = graph.add("Mul", graph.add("Sub", mask, graph.scalar(1.0)), graph.scalar(MASKED))
    far = graph.add("Unsqueeze", far, graph.ints([1]))
    for number in range(layers):
        prefix = f"encoder.layer.{number}."
        mine, wide = _below(weights, prefix), _below(divisors, prefix)
        name = TOKENS if number == max(layers - 2, 0) else ""
        hidden = _layer(graph, mine, wide, hidden, far, heads, epsilon, out=name)
    vectors = _direction(graph, mask, hidden)
    if words:
        length = math.sqrt(1 + words**2)
        meaning = graph.add("Mul", vectors, graph.scalar(1 / length))
        used = graph.add("Mul", _direction(graph, mask, embedded), graph.scalar(words / length))
        vectors = graph.add("Concat", meaning, used, axis=-1)
    graph.add("Identity", vectors, out="vectors")
    graph.save(file)


def _direction(graph: "_Graph", mask: str, hidden: str) -> str:
    """The sum over the tokens points where their mean does, and only the direction is kept; [n, dim]."""
    summed = graph.add("Squeeze", graph.add("MatMul", mask, hidden), graph.ints([1]))
    return graph.add("LpNormalization", summed, axis=-1, p=2)


def _embeddings(graph: "_Graph", weights: Mapping[str, Floats], epsilon: float) -> str:
    """Word and position; every token is of the first type, whose vector is added to the positions once and for all."""
    table, scale = quantised(weights["embeddings.word_embeddings.weight"].T)
    rows = graph.add("Gather", graph.keep(table.T), "input_ids")
    scales = graph.add("Gather", graph.keep(scale[:, None]), "input_ids")
    words = graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT), scales)
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    count = graph.add("Shape", "input_ids", start=1, end=2)
    first = graph.add("Slice", graph.keep(places), graph.ints([0]), count, graph.ints([0]))
    return _norm(graph, weights, "embeddings.LayerNorm", graph.add("Add", words, first), epsilon)


def _layer(
    graph: "_Graph",
    weights: Mapping[str, Floats],
    wide: Mapping[str, Floats],
    hidden: str,
    far: str,
    heads: int,
    epsilon: float,
    *,
    out: str,
) -> str:
    def product(name: str, value: str) -> str:
        matrix, bias = _linear(weights, name)
        if name in wide and (wide[name] > 1).any():
            value = graph.add("Mul", value, graph.keep(1 / wide[name]))
            matrix = matrix * wide[name][:, None]
        return graph.product(value, matrix, bias)

    mixed = product("attention.output.dense", _attention(graph, weights, hidden, far, heads))
    hidden = _norm(graph, weights, "attention.output.LayerNorm", graph.add("Add", mixed, hidden), epsilon)
    inner = graph.add("Gelu", product("intermediate.dense", hidden), domain=CONTRIB)
    summed = graph.add("Add", product("output.dense", inner), hidden)
    return _norm(graph, weights, "output.LayerNorm", summed, epsilon, out=out)


def _attention(graph: "_Graph", weights: Mapping[str, Floats], hidden: str, far: str, heads: int) -> str:
    dim = weights["attention.self.query.weight"].shape[0]
    parts = {}
    coded = graph.coded(hidden)
    for name in ("query", "key", "value"):
        matrix, bias = _linear(weights, f"attention.self.{name}")
        if name == "query":
            # Once here instead of on every score; a scale of a whole matrix costs the quantisation nothing.
            root = math.sqrt(dim / heads)
            matrix, bias = matrix / root, bias / root
        whole = graph.product_of_coded(coded, matrix, bias)
        split = graph.add("Reshape", whole, graph.ints([0, 0, heads, dim // heads]))
        parts[name] = graph.add("Transpose", split, perm=[0, 2, 3, 1] if name == "key" else [0, 2, 1, 3])
    scores = graph.add("Add", graph.add("MatMul", parts["query"], parts["key"]), far)
    seen = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), parts["value"])
    return graph.add("Reshape", graph.add("Transpose", seen, perm=[0, 2, 1, 3]), graph.ints([0, 0, dim]))


def _below(values: Mapping[str, Floats], prefix: str) -> dict[str, Floats]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def _linear(weights: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    """The matrix as it is multiplied from the right, [in, out], and the bias, [out]."""
    return weights[f"{name}.weight"].T, weights[f"{name}.bias"]


def _norm(
    graph: "_Graph", weights: Mapping[str, Floats], name: str, value: str, epsilon: float, *, out: str = ""
) -> str:
    scale, bias = graph.keep(weights[f"{name}.weight"]), graph.keep(weights[f"{name}.bias"])
    return graph.add("LayerNormalization", value, scale, bias, out=out, axis=-1, epsilon=epsilon)


def quantised(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """[in, out] to int8 and the scale of each column, [out]: `matrix` is about `int8 * scale`."""
    scale = np.maximum(np.abs(matrix).max(0), 1e-12).astype(np.float32) / np.float32(127)
    return np.round(matrix / scale).astype(np.int8), scale


class _Graph:
    """Nodes and constants in the making; every value has a name."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._known: dict[tuple[int, ...], str] = {}

    def add(self, kind: str, *inputs: str, out: str = "", domain: str = "", **attributes: Any) -> str:
        """A node of one output; the output's name."""
        [name] = self._node(kind, inputs, [out or f"v{len(self._nodes)}"], domain, attributes)
        return name

    def coded(self, value: str) -> tuple[str, str, str]:
        """A float value in uint8, its scale and its zero point."""
        names = [f"v{len(self._nodes)}{part}" for part in ("", "s", "z")]
        first, scale, zero = self._node("DynamicQuantizeLinear", [value], names, "", {})
        return first, scale, zero

    def product(self, value: str, matrix: Floats, bias: Floats) -> str:
        """value @ matrix + bias; quantises the value on the way."""
        whole, scale = quantised(matrix)
        inputs = value, self.keep(whole), self.keep(scale), "", self.keep(bias)
        return self.add("DynamicQuantizeMatMul", *inputs, domain=CONTRIB)

    def product_of_coded(self, coded: tuple[str, str, str], matrix: Floats, bias: Floats) -> str:
        """The same of a value that several products share."""
        value, value_scale, zero = coded
        whole, scale = quantised(matrix)
        inputs = value, self.keep(whole), value_scale, self.keep(scale), zero, "", self.keep(bias)
        return self.add("MatMulIntegerToFloat", *inputs, domain=CONTRIB)

    def keep(self, value: Array) -> str:
        """A constant."""
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def ints(self, values: Sequence[int]) -> str:
        key = tuple(values)
        if key not in self._known:
            self._known[key] = self.keep(np.asarray(values, np.int64))
        return self._known[key]

    def scalar(self, value: float) -> str:
        return self.keep(np.asarray(value, np.float32))

    def save(self, file: Path) -> None:
        ids = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "dim"])
        tokens = helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, ["batch", "tokens", "inner"])
        graph = helper.make_graph(self._nodes, "encoder", ids, [vectors, tokens], self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="understudy")
        onnx.save(model, str(file))

    def _node(
        self, kind: str, inputs: Sequence[str], names: list[str], domain: str, attributes: Mapping[str, Any]
    ) -> list[str]:
        self._nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names
