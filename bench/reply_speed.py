"""The generator's speed in several runtimes: same model, same prompts, one thread each, side by side in one run.

Each way is a process of its own; they take turns prompt by prompt, and of three rounds the best counts. A way that
cannot run here says why. llama.cpp needs an interpreter of another environment (`--llama-python`), which has
xllamacpp: nothing else needs it. `python -m bench.reply --speed`
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO, Any

from tokenizers import Tokenizer

from bench import reply_runtimes
from bench.machine import table
from model import starter
from model.prompt import Draft, render
from model.response_rows import NO_ANSWER, read_rows
from model.textmeasures import chrf

PROMPTS, LIMIT, ROUNDS = 3, 40, 3
REFERENCE, SERVES = "torch, our layers, full precision", "ours, 8 bits in blocks of 32"
LLAMA_CPP = "llama.cpp, Q4_1 as it comes, untuned"
HEAD = [
    "tokens a second",
    "times ours",
    "first token ms",
    "40 tokens ms",
    "memory MB",
    "loading s",
    "chrF to full precision",
]


@dataclass
class Way:
    """A runtime in a process of its own."""

    name: str
    process: "subprocess.Popen[str]"
    said: IO[str]
    """What it wrote into its log."""
    loading: float = 0.0
    memory: int = 0
    best: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By prompt."""
    failed: str = ""

    def begin(self) -> None:
        self.loading = float(self._read().get("loading_s", 0))

    def ask(self, number: int, prompt: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(prompt) + "\n")
            self.process.stdin.flush()
        except OSError:
            self.failed = self.failed or "its process ended"
            return
        found = self._read()
        if not found:
            return
        self.memory = max(self.memory, found["rss_mb"])
        known = self.best.get(number)
        if known is None or found["whole"][1] < known["whole"][1]:
            self.best[number] = found

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.said.seek(0)
        said = self.said.read().strip().splitlines() or ["it said nothing"]
        self.failed = said[-1][:120]
        return {}

    def figures(self, of: int = 1) -> dict[str, float]:
        """By the wall's clock (0) or the processor's (1): tokens a second after the first, ms until the first."""
        longer = [each for each in self.best.values() if len(each["written"]) > 1]
        tokens = sum(len(each["written"]) - 1 for each in longer)
        rate = tokens / sum(each["whole"][of] - each["first"][of] for each in longer) if tokens else 0.0
        return {"rate": rate, "first": median(1000 * each["first"][of] for each in self.best.values())}


def measure(base: Path, llama_python: str = "", only: Sequence[str] = ()) -> dict[str, Any]:
    """Print the table; gives what stands in it."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    asked = prompts(tokenizer)
    ways: list[Way] = []
    try:
        for name in [*reply_runtimes.WAYS, LLAMA_CPP]:
            if only and name not in (*only, SERVES, REFERENCE):
                continue
            way = started(name, base, llama_python)
            ways.append(way)
            if not way.failed:
                way.begin()
        for _ in range(ROUNDS):
            for number, prompt in enumerate(asked):
                for way in ways:
                    if not way.failed:
                        way.ask(number, prompt)
    finally:
        for way in ways:
            way.end()
    rows = told(ways, tokenizer)
    print(table(["", *HEAD], [[name, *row] for name, row in rows.items()]))
    return {name: dict(zip(HEAD, row, strict=False)) for name, row in rows.items()}


def prompts(tokenizer: Tokenizer) -> list[dict[str, Any]]:
    """Held-out rows whose facts answer, evenly over their file."""
    rows = [
        row for row in read_rows(starter.folder() / "response_test.jsonl").rows if not row.reply.startswith(NO_ANSWER)
    ]
    texts = [
        render(Draft(row.question, row.facts, row.first_name), chat=True)
        for row in (rows[n * len(rows) // PROMPTS] for n in range(PROMPTS))
    ]
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    return [{"ids": each, "text": text, "limit": LIMIT} for each, text in zip(ids, texts, strict=True)]


def started(name: str, base: Path, llama_python: str) -> Way:
    words = [sys.executable, "-m", "bench.reply_runtimes", name, str(base)]
    if name == LLAMA_CPP:
        file = Path(__file__).with_name("reply_llamacpp.py")
        words = [llama_python or sys.executable, str(file), str(weights_file())]
    env = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    pipe, said = subprocess.PIPE, tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed with the process)
    process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=said, text=True, env=env)
    way = Way(name, process, said)
    if name == LLAMA_CPP and not llama_python:
        way.failed = "no --llama-python given"
    return way


def weights_file() -> Path:
    from model import base

    return next(iter(sorted(base._wheel(base.GENERATOR_WHEEL).glob("*.gguf"))))


def told(ways: Sequence[Way], tokenizer: Tokenizer) -> dict[str, list[object]]:
    """The table's rows. Speeds are by the processor's clock; with one thread a quiet machine's wall says the same."""
    done = {way.name: way for way in ways if not way.failed and way.best}
    ours = done[SERVES].figures()["rate"] if SERVES in done else 0.0
    rows: dict[str, list[object]] = {}
    for way in ways:
        if way.name not in done:
            rows[way.name] = [f"does not run: {way.failed}", *["-"] * (len(HEAD) - 1)]
            continue
        found = way.figures()
        times = f"{found['rate'] / ours:.2f}" if ours else "-"
        reply = found["first"] + 39_000 / found["rate"] if found["rate"] else 0
        like = likeness(way, done.get(REFERENCE), tokenizer)
        rows[way.name] = [
            f"{found['rate']:.0f}",
            times,
            f"{found['first']:.0f}",
            f"{reply:.0f}",
            way.memory,
            way.loading,
            like,
        ]
    return rows


def likeness(way: Way, reference: Way | None, tokenizer: Tokenizer) -> str:
    """How like its replies are to those in full precision, 0 to 1."""
    if reference is None or way.name == LLAMA_CPP:
        return "-"
    pairs = [(way.best[n]["written"], reference.best[n]["written"]) for n in way.best if n in reference.best]
    decoded = [(tokenizer.decode(a), tokenizer.decode(b)) for a, b in pairs]
    return f"{sum(chrf(a, b) for a, b in decoded) / len(decoded):.2f}"
