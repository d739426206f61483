"""What people read of a training run: the verdict in plain words, and the figures under it."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot import text
from bot.material import Material
from model.dataset import fingerprint
from storage.training_runs import TrainingRun

MOST_SHOWN = 10
ROWS = {
    "accuracy": "Accuracy",
    "macro_precision": "Macro precision",
    "macro_recall": "Macro recall",
    "macro_f1": "Macro F1",
    "oos_recall": "Out-of-scope recall",
    "ece": "Calibration error",
    "grounded": "Stays with source",
    "refused_right": "Rightly unsure",
}


def headline(run: TrainingRun) -> str:
    """One or two sentences: what is live, and what changed for the better and for the worse."""
    if run.status in ("promoted", "kept"):
        mark = "✅" if run.status == "promoted" else "✋"
        name = "" if run.kind == "intent" else "Response model: "
        return f"{mark} {name}{run.verdict.splitlines()[0] if run.verdict else run.status}"
    stays = f" {run.champion} stays live." if run.champion else " Nothing changed."
    return f"⚠️ The training of the {run.kind} model ended without a verdict: {run.error or run.status}.{stays}"


def details(run: TrainingRun, wrong: Iterable[str] = ()) -> str:
    """The other sentences, the table, and messages that were right and are now wrong."""
    parts = ["\n".join(run.verdict.splitlines()[1:]), table(run)]
    shown = list(wrong)
    if shown:
        lines = [f"• {text.escaped(each, 200)}" for each in shown[:MOST_SHOWN]]
        rest = [f"and {len(shown) - MOST_SHOWN} more"] if len(shown) > MOST_SHOWN else []
        parts.append("\n".join(["*Right before, wrong now:*", *lines, *rest]))
    return "\n\n".join(part for part in parts if part)


def table(run: TrainingRun) -> str:
    """Champion and challenger side by side, in a fixed width; empty where nothing was measured."""
    new, old = run.figures.get("challenger"), run.figures.get("champion") or {}
    if not isinstance(new, Mapping):
        return ""
    lines = [f"{'':<20}{run.champion or '-':>9}{run.challenger or 'new':>9}"]
    for name, words in ROWS.items():
        if new.get(name) is not None:
            lines.append(f"{words:<20}{_percent(old.get(name)):>9}{_percent(new.get(name)):>9}")
    data = run.figures.get("data")
    if isinstance(data, Mapping):
        train, test = data.get("train", {}), data.get("test", {})
        lines.append(f"{train.get('rows', 0)} rows trained on, {test.get('rows', 0)} tested on")
        left_out = data.get("left_out") or {}
        lines += [f"left out: {n} × {why}" for why, n in left_out.items()]
    return "```\n" + "\n".join(lines) + "\n```"


def now_wrong(run: TrainingRun, material: Material) -> list[str]:
    """Texts that the live version got right and the new one gets wrong."""
    wanted = run.figures.get("now_wrong") or ()
    texts = {fingerprint(row.text): row.text for row in (*material.examples, *material.corrected)}
    return [texts[key] for key in wanted if key in texts]


def _percent(value: Any) -> str:
    return "-" if value is None else f"{100 * float(value):.1f} %"
