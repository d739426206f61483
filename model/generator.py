"""Writes replies with a small causal model: adapter merged, 8 bits, greedy, one sentence after another.

Loads no torch where the model is a Llama. Knows nothing of grounding: who sends what it writes must check it first
(`responder.py`).
"""

import ctypes
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from tokenizers import Tokenizer

from model import serving_file
from model.placeholders import Braced
from model.prompt import MARK, Draft, render
from model.responder import GeneratorUnavailable
from model.sentence_stream import complete
from model.serving_file import ADAPTER_FILE
from model.types import UnderstudyError

WISH = 12
"""Tokens that are read to see which placeholder is meant."""


class GeneratorBusy(GeneratorUnavailable):
    """Others wait for their reply already, or one was being written for longer than this one may wait."""


class Runtime(Protocol):
    """A loaded model: greedy tokens after a prompt's."""

    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Where writing stops."""

    sentences: int = 4
    tokens: int = 110
    seconds: float = 12.0
    """From the moment that writing begins."""
    wait: float = 6.0
    """Seconds to wait for another reply to be finished."""
    queue: int = 1
    """Callers that may wait: each holds a worker. Whoever comes after them is better served by the approved text."""


class ResponseGenerator:
    """One loaded model. One reply at a time; further callers wait, though not for long."""

    def __init__(self, model: Runtime, tokenizer: Tokenizer, version: str = "", limits: Limits | None = None) -> None:
        self.version = version
        self.limits = limits or Limits()
        self.tokens_written = 0
        self.seconds_writing = 0.0
        self._model = model
        self._tokenizer = tokenizer
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(1 + self.limits.queue)

    @classmethod
    def load(
        cls, folder: Path | None, base_folder: Path, *, threads: int = 1, limits: Limits | None = None
    ) -> "ResponseGenerator":
        """The base model of `base_folder` with the adapter of `folder` merged into it (None: untuned), as 8 bits.

        Args:
            threads: that compute a reply; torch's for the whole process where it has to be loaded.

        Raises:
            UnderstudyError: a folder is incomplete or broken.
        """
        try:
            tokenizer = Tokenizer.from_file(str(base_folder / "tokenizer.json"))
            model = _model(folder, base_folder, tokenizer, threads)
        except Exception as error:
            where = folder or base_folder
            said = (str(error).splitlines() or [""])[0][:120]
            raise UnderstudyError(
                f"expected a complete response model in {where}, found {type(error).__name__}: {said} "
                "Train it again, or roll back."
            ) from None
        _give_back_memory()
        return cls(model, tokenizer, _version(folder), limits)

    def stream(self, draft: Draft) -> Iterator[str]:
        """The reply's sentences, each as soon as it is complete.

        Raises:
            GeneratorBusy: `limits.queue` others wait already, or another reply took longer than `limits.wait`.
        """
        if not self._room.acquire(blocking=False):
            raise GeneratorBusy(f"{self.limits.queue} wait already")
        try:
            if not self._lock.acquire(timeout=self.limits.wait):
                raise GeneratorBusy(f"no turn within {self.limits.wait:g} s")
            try:
                yield from complete(self._texts(draft), self.limits.sentences)
            finally:
                self._lock.release()
        finally:
            self._room.release()

    def write(self, draft: Draft) -> str:
        """The whole reply at once."""
        return " ".join(self.stream(draft))

    def _texts(self, draft: Draft) -> Iterator[tuple[str, bool]]:
        """What is written so far, after each token that may end a sentence; and whether writing is over.

        In the place of a placeholder that the draft does not have comes the one that is meant. Where there is none, it
        stays, for the check to refuse.
        """
        prompt, braced = _encode(self._tokenizer, draft), Braced((draft.question, *draft.facts))
        begun, ids, text = time.monotonic(), list[int](), ""
        while True:
            coming = self._tokens([*prompt, *ids], self.limits.tokens - len(ids), begun)
            for token in coming:
                ids = [*ids, token]
                longer = self._decoded(ids)
                if braced.begun(longer) is None:
                    break
                text = longer
                if repeats(ids):
                    return
                yield text.lstrip(), False
            else:
                yield text.strip(), True
                return
            ids = self._mended(text.removesuffix(braced.begun(text) or ""), ids, coming, braced)
            text = self._decoded(ids)
            yield text.lstrip(), False

    def _mended(self, before: str, ids: list[int], coming: Iterator[int], braced: Braced) -> list[int]:
        """The tokens with the right placeholder after `before`, or with what was to be written there."""
        said = self._decoded(ids)
        for _ in range(WISH):
            token = None if said.endswith("}") else next(coming, None)
            if token is None:
                break
            ids = [*ids, token]
            said = self._decoded(ids)
        text = braced.mended(before, said[len(before) :])
        if text is None:
            braced.tolerate(said)
            return ids
        ids = self._reaching(ids, before)
        return [*ids, *self._tokenizer.encode(text[len(self._decoded(ids)) :], add_special_tokens=False).ids]

    def _reaching(self, ids: Sequence[int], text: str) -> list[int]:
        """As many of the tokens as lie within a text that they begin with."""
        return next(list(ids[:n]) for n in range(len(ids), -1, -1) if text.startswith(self._decoded(ids[:n])))

    def _decoded(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True))

    def _tokens(self, ids: Sequence[int], limit: int, begun: float) -> Iterator[int]:
        """Greedy tokens, until the end mark or a limit."""
        came = time.monotonic()
        count = 0
        try:
            for token in self._model.tokens(ids, limit):
                count += 1
                yield token
                if time.monotonic() - begun > self.limits.seconds:
                    return
        finally:
            self.tokens_written += count
            self.seconds_writing += time.monotonic() - came


def repeats(ids: Sequence[int], longest: int = 24) -> bool:
    """Whether the last tokens are one run, written over and over: 3 times, or 8 times where it is very short."""
    for size in range(1, longest + 1):
        times = 3 if size >= 4 else 8
        if len(ids) >= size * times and all(ids[-size:] == ids[-size * (n + 1) : -size * n] for n in range(1, times)):
            return True
    return False


def beginning(tokenizer: Tokenizer) -> list[int]:
    """The tokens with which every prompt begins."""
    prompts = [_encode(tokenizer, Draft("?", (fact,))) for fact in ("A", "1")]
    return [one for one, other in takewhile(lambda pair: pair[0] == pair[1], zip(*prompts, strict=False))]


def _model(folder: Path | None, base_folder: Path, tokenizer: Tokenizer, threads: int) -> Runtime:
    if folder is not None and not (folder / ADAPTER_FILE).is_file():
        raise FileNotFoundError(f"no {ADAPTER_FILE}.")
    made = serving_file.load(base_folder, folder, beginning(tokenizer), threads)
    if made is None:
        from model.causal import Causal  # torch, transformers

        return Causal.load(base_folder, folder, threads)
    return made


def _encode(tokenizer: Tokenizer, draft: Draft) -> list[int]:
    prompt = render(draft, chat=tokenizer.token_to_id(MARK) is not None)
    ids: list[int] = tokenizer.encode(prompt, add_special_tokens=False).ids
    return ids


def _version(folder: Path | None) -> str:
    """The manifest's version; a folder without one is named after itself."""
    if folder is None:
        return "untuned"
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest.get("version") or folder.name)
    except (OSError, ValueError):
        return folder.name


def _give_back_memory() -> None:
    """The heap keeps the full-size weights' pages otherwise; only glibc has this call."""
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return
