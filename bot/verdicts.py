"""What people read of a training run: the verdict in plain words, and the figures under it."""

from collections.abc import Iterable, Mapping

from bot import text
from bot.material import Material
from bot.values import Trained
from model.dataset import fingerprint
from model.registry import Registry
from storage.training_runs import TrainingRun

MOST_SHOWN = 10
MOST_WRONG, MOST_RIGHT, MOST_OTHER = 8, 8, 4
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
            lines.append(f"{words:<20}{text.percent(old.get(name)):>9}{text.percent(new.get(name)):>9}")
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


def changed(run: TrainingRun) -> list[str]:
    """Fingerprints of the messages that the two versions understand differently; older runs kept the turned ones."""
    kept = run.figures
    return list(dict.fromkeys(key for name in ("now_wrong", "now_right", "changed") for key in kept.get(name) or ()))


def offered(run: TrainingRun, registry: Registry) -> Trained | None:
    """What agents may do about a run; none where it changed nothing."""
    former = registry.earlier() or ""
    live = run.challenger if run.status == "promoted" and registry.current() == run.challenger and former else ""
    n = len(changed(run))
    return Trained(run.id, live, former if live else "", n) if live or n else None


def changes(run: TrainingRun, material: Material) -> str:
    """Those messages with both labels, escaped: what got worse, what got better, and what is wrong otherwise."""
    wrong, right = (list(run.figures.get(name) or ()) for name in ("now_wrong", "now_right"))
    turned = {*wrong, *right}
    other = [key for key in changed(run) if key not in turned]
    texts = {fingerprint(row.text): row.text for row in (*material.examples, *material.corrected)}
    said = run.figures.get("changed") or {}

    def line(key: str) -> str:
        labels = " → ".join(text.escaped(material.names.of(each), 40) for each in said.get(key, ()))
        return f"• {text.escaped(text.shorten(texts[key], 100), 120)}" + (f" ({labels})" if labels else "")

    parts = []
    for title, keys, most in (
        ("Right before, wrong now", wrong, MOST_WRONG),
        ("Wrong before, right now", right, MOST_RIGHT),
        ("Wrong before and wrong now", other, MOST_OTHER),
    ):
        known = [key for key in keys if key in texts]
        rest = [f"and {len(known) - most} more"] if len(known) > most else []
        if len(known) < len(keys):
            rest.append(f"{len(keys) - len(known)} not shown, for what was said is not kept any more")
        if keys:
            parts.append("\n".join([f"*{title}: {len(keys)}*", *map(line, known[:most]), *rest]))
    return "\n\n".join(parts) or "Both versions understand every message alike."
