"""`understudy train intent|response`: fine-tune a model from files, outside the retrain loop."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from model.types import Adaptation, UnderstudyError


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "train",
        help="fine-tune the intent or the response model on files",
        description="Fine-tune a model. Without --data: on the starter shop. Without --out: as a new version, which "
        "goes live only where none was live.",
    )
    parser.add_argument("kind", choices=("intent", "response"), help="which model")
    parser.add_argument(
        "--data",
        type=Path,
        help="rows, JSONL or CSV (default: the starter shop's). For the response model: question, facts and reply, or "
        "text and response, each then written from the responses to the questions nearest to it",
    )
    parser.add_argument("--unlabelled", type=Path, help="messages that nobody labelled, to learn from as well")
    parser.add_argument("--test", type=Path, help="evaluate on this file afterwards")
    parser.add_argument("--out", type=Path, help="folder for the model (default: a new version in the data folder)")
    parser.add_argument("--seed", type=int, default=7, help="of everything random (default 7)")
    parser.add_argument(
        "--adapt",
        choices=get_args(Adaptation),
        default="full",
        help="what of the intent encoder is trained: all of it (default), LoRA adapters, its upper half, or all of one "
        "pruned to 3 layers",
    )
    parser.add_argument("--minutes", type=float, default=15, help="budget of the response model (default 15)")
    parser.add_argument("--start", type=Path, help="a response model's folder to go on from (default: the base model)")
    parser.add_argument("--json", action="store_true", help="print one JSON object: folder, seconds, figures")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.home import registry_of
    from bot.settings import load
    from model.dataset import read_texts

    settings = load()
    if args.kind == "response":
        from bot.commands.train_response import run_response

        return run_response(args, settings)
    examples, data = read_data(args.data)
    test = read_data(args.test)[0] if args.test else None
    unlabelled = read_texts(args.unlabelled) if args.unlabelled else []
    manifest = {"command": " ".join(["understudy", *sys.argv[1:]]), "seed": args.seed, "data": data}
    beside = args.out.with_name(f".{args.out.name}.training") if args.out else None

    def fill(folder: Path) -> dict[str, Any]:
        from model.finetune_intent import train_intent

        with progress_bar(quiet=args.json) as tell:
            figures = train_intent(
                examples,
                folder,
                base=settings.intent_base,
                seed=args.seed,
                progress=tell,
                how=args.adapt,
                unfinished=beside or registry_of(settings.home, "intent").unfinished,
                unlabelled=unlabelled,
            )
        return figures | ({"test": measure(folder, test)} if test else {})

    result = to_folder(args.out, fill, manifest) if args.out else to_registry(settings.home, "intent", fill, manifest)
    report(result, as_json=args.json)
    return 0


def read_data(path: Path | None) -> tuple[list[Any], dict[str, object]]:
    """Rows and what the manifest says of them; refused lines go to standard error."""
    from model.dataset import manifest, read_examples
    from model.starter import utterances

    if path is None:
        rows = utterances()
        return rows, {"file": "starter shop", **manifest(rows)}
    result = read_examples(path)
    for line, why in result.refused[:20]:
        print(f"{path}:{line}: left out: {why}", file=sys.stderr)
    if len(result.refused) > 20:
        print(f"{path}: {len(result.refused) - 20} more lines left out", file=sys.stderr)
    return result.examples, {"file": path.name, **manifest(result.examples)}


def measure(folder: Path, test: list[Any]) -> dict[str, object]:
    """Evaluation figures without the table of intents."""
    from model.classifier import IntentClassifier
    from model.evaluate import evaluate, to_json

    figures = to_json(evaluate(IntentClassifier.load(folder), test))
    del figures["per_intent"]
    return figures


def to_folder(
    out: Path, fill: Callable[[Path], dict[str, Any]], manifest: Mapping[str, object], kind: str = "intent"
) -> dict[str, Any]:
    """Train beside `out` and take its place at the end: killed at any moment, what was there before still works."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / "manifest.json").exists())):
        raise UnderstudyError(f"expected a new folder or a model's for --out, found {out}: choose another.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as work:
        staging = Path(work) / out.name
        figures = fill(staging)
        facts = {"version": out.name, "kind": kind, "created": datetime.now(UTC).isoformat(), **manifest}
        text = json.dumps({**facts, "figures": figures}, indent=1, ensure_ascii=False)
        (staging / "manifest.json").write_text(text + "\n", encoding="utf-8")
        if out.exists():
            out.rename(Path(work) / "old")
        staging.rename(out)
    return {"folder": str(out), "version": out.name, **figures}


def to_registry(
    home: Path, kind: str, fill: Callable[[Path], dict[str, Any]], manifest: Mapping[str, object]
) -> dict[str, Any]:
    """Publish as a new version; promote it where none is live, for a first model cannot be worse than none."""
    from bot.home import registry_of

    registry = registry_of(home, kind)
    with registry.staging() as staging:
        figures = fill(staging)
        version = registry.publish(staging, {**manifest, "figures": figures})
    live = registry.current() is None
    if live:
        registry.promote(version)
    return {"folder": str(registry.path(version)), "version": version, "live": live, **figures}


def report(result: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result))
        return
    print(f"{result['version']} is in {result['folder']}, trained in {result['seconds']:.0f} s.")
    for name, value in result.items():
        if name not in {"version", "folder", "seconds"}:
            print(f"  {name}: {value}")


class progress_bar:
    """A bar on standard error; silent with --json where nobody watches."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet and not sys.stderr.isatty()

    def __enter__(self) -> Callable[[float, str], None]:
        from tqdm import tqdm

        self._bar = tqdm(
            total=100,
            disable=self._quiet,
            file=sys.stderr,
            mininterval=0.5,
            bar_format="{desc:<24}{percentage:3.0f}% |{bar:30}| {elapsed}",
        )
        return self._tell

    def _tell(self, share: float, text: str) -> None:
        self._bar.set_description_str(text, refresh=False)
        self._bar.update(max(0.0, 100 * share - self._bar.n))

    def __exit__(self, *_: object) -> None:
        self._bar.close()
