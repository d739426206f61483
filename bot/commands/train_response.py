"""The response half of `understudy train`: rows of question, facts and reply in, an adapter out."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.train import progress_bar, report, to_folder, to_registry

if TYPE_CHECKING:
    from bot.settings import Settings
    from model.response_rows import ResponseRow


def run_response(args: argparse.Namespace, settings: "Settings") -> int:
    """Train, and measure on the held-out rows: --test, or the starter shop's where its rows were trained on."""
    from model.base import generator_folder
    from model.serving_file import ADAPTER_FILE
    from model.starter import folder

    data = args.data or folder() / "response.jsonl"
    test = args.test or (folder() / "response_test.jsonl" if args.data is None else None)
    cache = settings.home / "cache"
    rows, held_out = read(data, cache), read(test, cache) if test else ()
    facts = {"file": data.name, "rows": len(rows), "sha256": hashlib.sha256(data.read_bytes()).hexdigest()}
    start = adapter_of(args.start)
    manifest = {"command": " ".join(["understudy", *sys.argv[1:]]), "seed": args.seed, "data": facts}
    if start:
        manifest["start"] = hashlib.sha256((start / ADAPTER_FILE).read_bytes()).hexdigest()

    def fill(out: Path) -> dict[str, Any]:
        from model.finetune_response import train_response

        base = generator_folder(settings.response_base, cache)
        with progress_bar(quiet=args.json) as tell:
            figures = train_response(
                rows, out, base_folder=base, minutes=args.minutes, seed=args.seed, progress=tell, start_adapter=start
            )
        return figures | ({"test": measure(out, base, held_out, cache)} if held_out else {})

    if args.out:
        result = to_folder(args.out, fill, manifest, "response")
    else:
        result = to_registry(settings.home, "response", fill, manifest)
    report(result, as_json=args.json)
    return 0


def adapter_of(folder: Path | None) -> Path | None:
    """The folder, if one is given and holds an adapter.

    Raises:
        UnderstudyError: it holds none.
    """
    from model.serving_file import ADAPTER_FILE
    from model.types import UnderstudyError

    if folder is not None and not (folder / ADAPTER_FILE).is_file():
        raise UnderstudyError(
            f"--start: expected {ADAPTER_FILE} in {folder}, found none: name a response model's folder."
        )
    return folder


def read(path: Path, cache: Path) -> tuple["ResponseRow", ...]:
    """The file's rows; refused lines go to standard error. Rows of `text` and `response` are to be written from the
    approved replies of the questions nearest to each."""
    from model import reply_rows
    from model.response_rows import read_rows

    if reply_rows.looks_like(path):
        from model.encoder import base_encoder
        from model.retriever import Retriever

        encoder = base_encoder(cache)
        return tuple(reply_rows.of_others(reply_rows.read(path), lambda found: Retriever(encoder, found)))
    result = read_rows(path)
    for line, why in result.refused[:20]:
        print(f"{path}:{line}: left out: {why}", file=sys.stderr)
    return result.rows


def measure(folder: Path, base: Path, rows: Sequence["ResponseRow"], cache: Path) -> dict[str, Any]:
    """Figures of the adapter as it serves."""
    from model.encoder import base_encoder
    from model.evaluate_response import evaluate_response
    from model.generator import ResponseGenerator

    return evaluate_response(ResponseGenerator.load(folder, base, threads=2), rows, base_encoder(cache))
