"""Runs a Llama-like model, one reply at a time: int8 weights, a key-value cache, greedy. No transformers needed.

Two things make it what it is. The first tokens of a Llama have activations a thousand times larger than the rest; one
int8 scale over a whole prompt then leaves nothing of the other tokens (loss on approved replies 0.63 instead of 0.39).
So the prompt's fixed beginning goes through the full-precision weights once, while they are loaded, and only its keys
and values are kept. And weights are read, merged with the adapter and quantised layer by layer, so that the full model
is never in memory (docs/decisions/0005-how-replies-are-written.md).
"""

import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear, rms_norm, scaled_dot_product_attention, silu

ADAPTER_FILE, ADAPTER_CONFIG = "adapter_model.safetensors", "adapter_config.json"


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
        )


class Weights:
    """The base model's tensors with the adapter's added, read one at a time in float32."""

    def __init__(self, base: Path, adapter: Path | None) -> None:
        from safetensors import safe_open

        self._base: list[Any] = [safe_open(file, "pt") for file in sorted(base.glob("*.safetensors"))]
        self._at = {name: part for part in self._base for name in part.keys()}  # noqa: SIM118
        opened: Any = safe_open(adapter / ADAPTER_FILE, "pt") if adapter else None
        self._adapter = opened
        self._added: set[str] = set(opened.keys()) if adapter else set()
        self._scale = _scale(adapter) if adapter else 0.0

    def get(self, name: str) -> Tensor:
        """One weight, float32."""
        weight = self._at[f"{name}.weight"].get_tensor(f"{name}.weight").to(torch.float32, copy=True)
        a, b = (f"base_model.model.{name}.lora_{side}.weight" for side in "AB")
        if a in self._added:
            down, up = (self._adapter.get_tensor(part).to(torch.float32) for part in (a, b))
            weight = torch.addmm(weight, up, down, alpha=self._scale)
        return weight

    def has(self, name: str) -> bool:
        return f"{name}.weight" in self._at


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
    """One loaded model. Not thread-safe by itself: `ResponseGenerator` has the lock."""

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
        self._head = Int8(weights.get("lm_head" if weights.has("lm_head") else "model.embed_tokens"))

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        """Greedy tokens after `ids`, at most `limit`, the end mark excluded."""
        known = _common(ids, self._prefix, len(ids) - 1)
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
    shape = Shape.read(json.loads((base / "config.json").read_text(encoding="utf-8")))
    if shape is None:
        return None
    with torch.inference_mode():
        return Llama(shape, Weights(base, adapter), prefix)


def _turn(x: Tensor, rope: tuple[Tensor, Tensor]) -> Tensor:
    first, second = x.chunk(2, -1)
    return x * rope[0] + torch.cat((-second, first), -1) * rope[1]


def _common(a: Sequence[int], b: Sequence[int], longest: int) -> int:
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
