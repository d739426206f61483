"""Text to vectors, by onnxruntime. Loads no torch.

A long text is cut into overlapping windows, so that a request at the end of a long story is not lost.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from model.base import encoder_folder, run_module
from model.types import UnderstudyError

Vectors = npt.NDArray[np.float32]
TokenVectors = tuple[list[tuple[int, int]], Vectors]
"""Where each token begins and ends in its text, and their vectors, [tokens, dim]."""

ONNX_FILE, TOKENIZER_FILE, META_FILE = "encoder.onnx", "tokenizer.json", "encoder.json"
FORMAT = 1
"""Of the folder: what reads it."""
GRAPH = 4
"""Counts up whenever the same weights come to give other vectors, or more: kept vectors are then made anew."""
TOKENS = "tokens"
"""Output of graphs that give a vector for each token, too."""
BATCH = 16
"""Windows of one run. What a layer works on then stays in the processor's cache: 32 are a tenth slower."""
OVERLAP = 32
"""Tokens that neighbouring windows share."""


class OnnxEncoder:
    """An exported encoder. Thread-safe: nothing changes after loading."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load `encoder.onnx`, `tokenizer.json` and `encoder.json` of `folder`.

        Args:
            threads: batches that run side by side, each on one thread; the vectors are the same with any number.

        Raises:
            UnderstudyError: a file is missing or broken; names the file and what to do.
        """
        meta = read_json(folder / META_FILE)
        if meta.get("format") != FORMAT:
            raise broken(folder / META_FILE, f"format {meta.get('format')!r} instead of {FORMAT}")
        try:
            self.version = str(meta["version"])
            self.dim = int(meta["dim"])
            self._prefix, self._suffix = list(meta["prefix"]), list(meta["suffix"])
            self._room = int(meta["window"]) - len(self._prefix) - len(self._suffix)
            self._pad = int(meta["pad"])
        except (KeyError, TypeError, ValueError) as error:
            raise broken(folder / META_FILE, repr(error)) from None
        self._tokenizer = _tokenizer(folder / TOKENIZER_FILE)
        self._session = _session(folder / ONNX_FILE)
        self._gives_tokens = any(output.name == TOKENS for output in self._session.get_outputs())
        self._threads = threads

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 [n, dim], unit length; of a long text the mean over its windows."""
        vectors, owners = self.windows(texts)
        if len(vectors) == len(texts):
            return vectors
        summed = np.zeros((len(texts), self.dim), np.float32)
        np.add.at(summed, owners, vectors)
        return unit(summed)

    def windows(self, texts: Sequence[str]) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """Every window's vector, float32 [w, dim] of unit length, and the index of its text, [w], rising."""
        pieces, owners = self.pieces(texts)
        vectors = np.empty((len(pieces), self.dim), np.float32)
        # By length, so that a batch holds little padding.
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def run(batch: list[int]) -> None:
            vectors[batch] = self._run([pieces[i] for i in batch])

        self._each(run, batches)
        return vectors, owners

    def _each(self, run: Callable[[list[int]], None], batches: Sequence[list[int]]) -> None:
        """Whole batches side by side: two threads within one small matrix product mostly wait for each other."""
        if self._threads == 1 or len(batches) < 2:
            for batch in batches:
                run(batch)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            # The longest first, so that no thread is left with one at the end.
            list(pool.map(run, reversed(batches)))

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors] | None:
        """What stands where in each text, and what it means there; None where the graph gives no vectors of tokens.

        A text that is longer than a window is read up to the window's end. The vectors are of the last layer but one:
        what a word means in its sentence, and not yet what the sentence means (Zhang et al. 2020, BERTScore).
        """
        if not self._gives_tokens:
            return None
        read = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        result: list[TokenVectors | None] = [None] * len(read)
        order = sorted(range(len(read)), key=lambda index: len(read[index].ids))
        before = len(self._prefix)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            pieces = [self._prefix + read[index].ids[: self._room] + self._suffix for index in batch]
            ids, mask = pad(pieces, self._pad)
            [hidden] = self._session.run([TOKENS], {"input_ids": ids, "attention_mask": mask})
            for index, row in zip(batch, hidden, strict=True):
                spans = read[index].offsets[: self._room]
                result[index] = spans, row[before : before + len(spans)]
        return [one for one in result if one is not None]

    def knows(self, word: str) -> bool:
        """Whether the vocabulary holds a word (in small letters) whole."""
        return any(self._tokenizer.token_to_id(form) is not None for form in (word, f"▁{word}", f"Ġ{word}"))

    def pieces(self, texts: Sequence[str]) -> tuple[list[list[int]], npt.NDArray[np.int64]]:
        """Token ids of every window, special tokens included, and the index of its text."""
        pieces: list[list[int]] = []
        owners: list[int] = []
        for index, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)):
            for window in cut(encoding.ids, self._room):
                pieces.append(self._prefix + window + self._suffix)
                owners.append(index)
        return pieces, np.asarray(owners, np.int64)

    def _run(self, pieces: list[list[int]]) -> Vectors:
        ids, mask = pad(pieces, self._pad)
        result: Vectors = self._session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})[0]
        return result


def base_encoder(cache: Path, base: str = "", threads: int = 1) -> OnnxEncoder:
    """The untuned encoder, exported once into `cache` by a child process (a few seconds).

    Its `version` changes with the base model's weights and with GRAPH: vectors of different versions must not be
    compared.
    """
    folder = encoder_folder(base)
    version = f"{GRAPH}-{_weights_hash(folder)}"
    out = cache / f"encoder-{version}"
    if not out.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{out.name}.lock"):
            if not out.exists():
                run_module("model.export", "encoder", str(folder), str(out), version)
    return OnnxEncoder(out, threads)


def cut(ids: list[int], room: int) -> list[list[int]]:
    """Overlapping windows of at most `room` ids; the last one ends with the text. At least one, perhaps empty."""
    if len(ids) <= room:
        return [ids]
    step = max(1, room - min(OVERLAP, room // 2))
    starts = list(range(0, len(ids) - room, step))
    return [ids[start : start + room] for start in [*starts, len(ids) - room]]


def pad(pieces: list[list[int]], filler: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ids and mask, both int64 [n, longest]."""
    longest = max(map(len, pieces))
    ids = np.full((len(pieces), longest), filler, np.int64)
    mask = np.zeros_like(ids)
    for row, piece in enumerate(pieces):
        ids[row, : len(piece)] = piece
        mask[row, : len(piece)] = 1
    return ids, mask


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object, or UnderstudyError in one line."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken(file, type(error).__name__) from None
    if not isinstance(value, dict):
        raise broken(file, f"a {type(value).__name__} instead of an object")
    return value


def broken(file: Path, found: str) -> UnderstudyError:
    """The error for a model folder that cannot be used."""
    return UnderstudyError(
        f"expected a complete model folder, found {file} unusable ({found}): train again, or roll back."
    )


def _tokenizer(file: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:
        raise broken(file, str(error).splitlines()[0][:100]) from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _session(file: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The fused kernel takes 0.8 ms where addition and normalisation, one after the other, take 0.15.
    slower = ["SkipLayerNormFusion"]
    try:
        return onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=slower
        )
    except Exception as error:
        raise broken(file, str(error).splitlines()[0][:100]) from None


def _weights_hash(folder: Path) -> str:
    """Of the sizes and both ends of the files that make a model: quick, and another for other weights."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.iterdir() if path.suffix in {".json", ".safetensors", ".bin"}):
        size = file.stat().st_size
        digest.update(f"{file.name} {size}".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(1 << 20))
            stream.seek(max(0, size - (1 << 20)))
            digest.update(stream.read(1 << 20))
    return digest.hexdigest()[:12]
