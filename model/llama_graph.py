"""Writes a Llama as an ONNX graph of one step with a key-value cache, node by node. Loads onnx and numpy, and no torch.

The nodes are onnxruntime's own fused ones (GroupQueryAttention turns, stores and attends). A linear map is float32,
int8 as dynamic quantisation makes it, or blocks of 8 or 4 bits whose input is quantised block by block.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.int8_graph import CONTRIB, IR_VERSION, OPSET, Array, Floats
from model.llama import BLOCK, Shape

LINEAR = ("fp32", "int8", "8 bits", "4 bits")


def write_llama(
    get: Callable[[str], Floats], shape: Shape, head: str, kind: str, file: Path, note: Mapping[str, str] | None = None
) -> None:
    """Write the graph: `ids` int64 [1, n], `last` and `total` int32, keys and values, `asked` int64 [m], to `tokens`.

    `tokens` [1, m] are the likeliest ones after each of those `ids` whose places `asked` names.

    Args:
        get: one weight by its name, float32.
        head: the name of the output's weight.
        kind: one of LINEAR.
        note: goes into the file's metadata.
    """
    graph = _Graph(kind)
    x = graph.add("Gather", graph.keep(get("model.embed_tokens").astype(np.float16)), "ids")
    x = graph.add("Cast", x, to=TensorProto.FLOAT)
    turns = [graph.keep(each) for each in rotations(shape)]
    more = ""
    for number in range(shape.layers):
        x, more = _layer(graph, get, shape, number, x, more, turns)
    x, _ = _norm(graph, shape, x, more, get("model.norm"))
    x = graph.add("Gather", x, "asked", axis=1)
    graph.add("ArgMax", graph.linear(x, get(head)), out="tokens", axis=-1, keepdims=0)
    graph.save(file, shape, note or {})


def rotations(shape: Shape) -> list[Floats]:
    """Cosines and sines, [longest, head_dim / 2] each."""
    half = np.arange(0, shape.head_dim, 2, dtype=np.float32) / shape.head_dim
    angles = np.outer(np.arange(shape.longest, dtype=np.float32), shape.theta**-half)
    return [np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)]


def _layer(
    graph: "_Graph",
    get: Callable[[str], Floats],
    shape: Shape,
    number: int,
    x: str,
    more: str,
    turns: list[str],
) -> tuple[str, str]:
    """The residual and what is still to be added to it."""
    name = f"model.layers.{number}"

    def joined(*parts: str) -> Floats:
        return np.concatenate([get(f"{name}.{part}") for part in parts])

    normed, x = _norm(graph, shape, x, more, get(f"{name}.input_layernorm"))
    qkv = graph.linear(normed, joined("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"))
    past, present = ([f"{when}_{what}_{number}" for what in ("key", "value")] for when in ("past", "present"))
    inputs = [qkv, "", "", *past, "last", "total", *turns]
    attributes = {"num_heads": shape.heads, "kv_num_heads": shape.kv_heads, "do_rotary": 1}
    seen = f"seen_{number}"
    graph.node("GroupQueryAttention", inputs, [seen, *present], CONTRIB, attributes)
    normed, x = _norm(
        graph, shape, x, graph.linear(seen, joined("self_attn.o_proj")), get(f"{name}.post_attention_layernorm")
    )
    gate = graph.linear(normed, joined("mlp.gate_proj"))
    up = graph.linear(normed, joined("mlp.up_proj"))
    silu = graph.add("QuickGelu", gate, domain=CONTRIB, alpha=1.0)
    return x, graph.linear(graph.add("Mul", silu, up), joined("mlp.down_proj"))


def _norm(graph: "_Graph", shape: Shape, x: str, more: str, weight: Floats) -> tuple[str, str]:
    """The normalised sum of both, and the sum."""
    kept = graph.keep(weight)
    if not more:
        return graph.add("SimplifiedLayerNormalization", x, kept, axis=-1, epsilon=shape.eps), x
    out, total = graph.name(), graph.name()
    kind = "SkipSimplifiedLayerNormalization"
    graph.node(kind, [x, more, kept], [out, "", "", total], CONTRIB, {"epsilon": shape.eps})
    return out, total


class _Graph:
    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._count = 0

    def name(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def keep(self, value: Array) -> str:
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, out: str = "", domain: str = "", **attributes: Any) -> str:
        out = out or self.name()
        self.node(kind, list(inputs), [out], domain, attributes)
        return out

    def node(self, kind: str, inputs: list[str], names: list[str], domain: str, attributes: dict[str, Any]) -> None:
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))

    def linear(self, x: str, weight: Floats) -> str:
        """`x` times a weight [out, in]."""
        if self._kind == "fp32":
            return self.add("MatMul", x, self.keep(weight.T))
        if self._kind == "int8":
            return self._int8(x, weight)
        bits = 8 if self._kind == "8 bits" else 4
        packed, scales = blocks(weight, bits)
        sizes = {"K": weight.shape[1], "N": weight.shape[0], "bits": bits, "block_size": BLOCK, "accuracy_level": 4}
        return self.add("MatMulNBits", x, self.keep(packed), self.keep(scales), domain=CONTRIB, **sizes)

    def _int8(self, x: str, weight: Floats) -> str:
        scale = np.maximum(np.abs(weight).max(1), 1e-8).astype(np.float32) / 127
        matrix = np.round(weight / scale[:, None]).astype(np.int8).T
        value, spread, zero = self.name(), self.name(), self.name()
        self.node("DynamicQuantizeLinear", [x], [value, spread, zero], "", {})
        zeros = self.keep(np.zeros(len(scale), np.int8))
        inputs = [value, self.keep(matrix), spread, self.keep(scale), zero, zeros]
        return self.add("MatMulIntegerToFloat", *inputs, domain=CONTRIB)

    def save(self, file: Path, shape: Shape, note: Mapping[str, str]) -> None:
        cache = ["batch", shape.kv_heads, "room", shape.head_dim]
        names = [f"{what}_{number}" for number in range(shape.layers) for what in ("key", "value")]
        inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "n"])]
        inputs.append(helper.make_tensor_value_info("last", TensorProto.INT32, ["batch"]))
        inputs.append(helper.make_tensor_value_info("total", TensorProto.INT32, []))
        inputs.append(helper.make_tensor_value_info("asked", TensorProto.INT64, ["m"]))
        inputs += [helper.make_tensor_value_info(f"past_{name}", TensorProto.FLOAT, cache) for name in names]
        outputs = [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["batch", "m"])]
        outputs += [helper.make_tensor_value_info(f"present_{name}", TensorProto.FLOAT, cache) for name in names]
        graph = helper.make_graph(self._nodes, "llama", inputs, outputs)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="understudy")
        while self._constants:  # moved rather than copied: all of them are a large model's weights
            model.graph.initializer.append(self._constants.pop(0))
        helper.set_model_props(model, dict(note))
        onnx.save(model, str(file))


def blocks(weight: Floats, bits: int) -> tuple[Array, Floats]:
    """A weight [out, in] in blocks of BLOCK along its input: packed [out, blocks, bytes] and scales [out, blocks]."""
    out, size = weight.shape
    parts = weight.reshape(out, size // BLOCK, BLOCK)
    half = 1 << (bits - 1)
    above, below = parts.max(-1), parts.min(-1)
    furthest = np.where(above > -below, above, below)
    # The furthest value becomes -half, which the signed range has and +half it has not.
    scales = np.where(furthest == 0, 1.0, furthest / -half).astype(np.float32)
    values = parts / scales[..., None]
    np.rint(values, out=values)
    values += half
    coded = np.clip(values, 0, 2 * half - 1, out=values).astype(np.uint8)
    packed = coded if bits == 8 else coded[..., ::2] | (coded[..., 1::2] << 4)
    return packed, scales
