"""Runs a Llama-like model with torch's int8 kernels, one reply at a time: what served before onnxruntime did.

The first tokens of a Llama have activations a thousand times larger than the rest; one int8 scale over a whole prompt
then leaves nothing of the other tokens. So the prompt's fixed beginning goes through the full-precision weights once,
while they are loaded, and only its keys and values are kept.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import linear, rms_norm, scaled_dot_product_attention, silu

from model.llama import Shape, common, shape_of
from model.serving_file import Weights as Arrays


class Weights:
    """The base model's tensors with the adapter's added."""

    def __init__(self, base: Path, adapter: Path | None) -> None:
        self._arrays = Arrays(base, adapter)
        self.head = self._arrays.head

    def get(self, name: str) -> Tensor:
        return torch.from_numpy(self._arrays.get(name))


class Int8:
    """A linear layer: int8 weights with a scale for each output, activations quantised as they come."""

    __slots__ = ("_packed",)

    def __init__(self, weight: Tensor) -> None:
        scales = weight.abs().amax(1).clamp_min(1e-8).to(torch.float64) / 127
        zeros = torch.zeros(len(weight), dtype=torch.int64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch announces a successor that is not faster here yet
            quantised = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(quantised, None)

    def __call__(self, x: Tensor) -> Tensor:
        # reduce_range keeps processors without VNNI from overflowing.
        out: Tensor = torch.ops.quantized.linear_dynamic(x, self._packed, reduce_range=True)
        return out


@dataclass(frozen=True, slots=True)
class _Layer:
    before: Tensor
    qkv: Int8
    out: Int8
    after: Tensor
    gate_up: Int8
    down: Int8


class Cache:
    """Keys and values of one text, [layers, kv_heads, room, head_dim] each."""

    def __init__(self, shape: Shape, room: int) -> None:
        size = (shape.layers, shape.kv_heads, room, shape.head_dim)
        self.keys, self.values = torch.empty(size), torch.empty(size)
        self.length = 0

    def start_with(self, other: "Cache", length: int) -> None:
        """Take over another text's first tokens."""
        self.keys[:, :, :length] = other.keys[:, :, :length]
        self.values[:, :, :length] = other.values[:, :, :length]
        self.length = length


class Llama:
    """One loaded model."""

    def __init__(self, shape: Shape, weights: Weights, prefix: Sequence[int]) -> None:
        """
        Args:
            prefix: the tokens with which every prompt begins; at least one.
        """
        self.shape = shape
        self._prefix = list(prefix)
        self._start = Cache(shape, len(self._prefix))
        self._embedding = weights.get("model.embed_tokens").to(torch.bfloat16)
        self._layers: list[_Layer] = []
        x = self._embedded(self._prefix)
        for number in range(shape.layers):
            layer, x = self._read_layer(weights, number, x)
            self._layers.append(layer)
        self._start.length = len(self._prefix)
        self._norm = weights.get("model.norm")
        self._head = Int8(weights.get(weights.head))

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        """Greedy tokens after `ids`, at most `limit`, the end mark excluded."""
        known = common(ids, self._prefix, len(ids) - 1)
        cache = Cache(self.shape, len(ids) + limit)
        cache.start_with(self._start, known)
        new = list(ids[known:])
        for _ in range(limit):
            token = int(self._forward(new, cache).argmax())
            if token in self.shape.eos:
                return
            yield token
            new = [token]

    def _forward(self, ids: Sequence[int], cache: Cache) -> Tensor:
        """Logits after the last of `ids`, [vocabulary]; the cache grows by them."""
        x = self._embedded(ids)
        rope = self._rope(cache.length, len(ids))
        for number, layer in enumerate(self._layers):
            qkv = layer.qkv(rms_norm(x, x.shape[-1:], layer.before, self.shape.eps))
            x = x + layer.out(self._attend(qkv, number, cache, rope))
            gate, up = layer.gate_up(rms_norm(x, x.shape[-1:], layer.after, self.shape.eps)).chunk(2, -1)
            x = x + layer.down(silu(gate) * up)
        cache.length += len(ids)
        return self._head(rms_norm(x[-1:], x.shape[-1:], self._norm, self.shape.eps))[0]

    def _read_layer(self, weights: Weights, number: int, x: Tensor) -> tuple[_Layer, Tensor]:
        """The layer as int8, and the prefix as it leaves the layer in full precision."""
        name = f"model.layers.{number}"

        def joined(*parts: str) -> Tensor:
            return torch.cat([weights.get(f"{name}.{part}") for part in parts])

        before = weights.get(f"{name}.input_layernorm")
        after = weights.get(f"{name}.post_attention_layernorm")
        qkv = joined("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
        out, down = joined("self_attn.o_proj"), joined("mlp.down_proj")
        gate_up = joined("mlp.gate_proj", "mlp.up_proj")
        rope = self._rope(0, len(x))
        normed = rms_norm(x, x.shape[-1:], before, self.shape.eps)
        x = x + linear(self._attend(linear(normed, qkv), number, self._start, rope), out)
        gate, up = linear(rms_norm(x, x.shape[-1:], after, self.shape.eps), gate_up).chunk(2, -1)
        x = x + linear(silu(gate) * up, down)
        return _Layer(before, Int8(qkv), Int8(out), after, Int8(gate_up), Int8(down)), x

    def _attend(self, qkv: Tensor, number: int, cache: Cache, rope: tuple[Tensor, Tensor]) -> Tensor:
        """[n, heads * head_dim]; stores the new keys and values at the cache's end."""
        shape, n, begin = self.shape, len(qkv), cache.length
        end = begin + n
        parts = qkv.view(n, shape.heads + 2 * shape.kv_heads, shape.head_dim).transpose(0, 1)
        turned = _turn(parts[: shape.heads + shape.kv_heads], rope)
        cache.keys[number, :, begin:end] = turned[shape.heads :]
        cache.values[number, :, begin:end] = parts[shape.heads + shape.kv_heads :]
        mask = None
        if n > 1:
            mask = torch.ones(n, end, dtype=torch.bool).tril(begin)
        keys, values = cache.keys[number, :, :end], cache.values[number, :, :end]
        seen = scaled_dot_product_attention(
            turned[None, : shape.heads], keys[None], values[None], attn_mask=mask, enable_gqa=True
        )
        return seen[0].transpose(0, 1).reshape(n, -1)

    def _embedded(self, ids: Sequence[int]) -> Tensor:
        return self._embedding[torch.tensor(ids)].to(torch.float32)

    def _rope(self, begin: int, count: int) -> tuple[Tensor, Tensor]:
        """Cosines and sines of the positions, [count, head_dim] each."""
        half = torch.arange(0, self.shape.head_dim, 2, dtype=torch.float32) / self.shape.head_dim
        angles = torch.outer(torch.arange(begin, begin + count, dtype=torch.float32), self.shape.theta**-half)
        angles = torch.cat((angles, angles), -1)
        return angles.cos(), angles.sin()


def load(base: Path, adapter: Path | None, prefix: Sequence[int]) -> Llama | None:
    """The model of a folder; None where it is built in a way that this module does not know."""
    shape = shape_of(base)
    if shape is None:
        return None
    with torch.inference_mode():
        return Llama(shape, Weights(base, adapter), prefix)


def _turn(x: Tensor, rope: tuple[Tensor, Tensor]) -> Tensor:
    first, second = x.chunk(2, -1)
    return x * rope[0] + torch.cat((-second, first), -1) * rope[1]
