"""bench.loop's tables and its plot."""

from pathlib import Path
from statistics import mean, stdev
from typing import Any

from bench.machine import table

Result = dict[str, Any]
ROUTES = ("ANSWER", "CLARIFY", "OFFER", "HANDOFF")


def tables(result: Result) -> str:
    """Accuracy against labels, then what happened in each round, then the verdicts; Markdown."""
    return "\n\n".join([accuracy(result), rounds(result), verdicts(result)]) + "\n"


def accuracy(result: Result) -> str:
    seeds = result["seeds"]
    rows: list[list[object]] = []
    for step in range(len(seeds[0]["accuracy"])):
        found = [100 * seed["accuracy"][step]["accuracy"] for seed in seeds]
        spread = f" ± {stdev(found):.2f}" if len(found) > 1 else ""
        labels = [seed["labels"][step] for seed in seeds]
        trained = [seed["trainings"][step]["rows"] for seed in seeds]
        each = " · ".join(f"{value:.2f}" for value in found)
        when = "start" if step == 0 else f"after round {step}"
        rows.append([when, f"{mean(labels):.0f}", f"{mean(trained):.0f}", f"{mean(found):.2f}{spread}", each])
    return table(["", "labels spent", "rows trained on", "test accuracy %, mean", "each seed"], rows)


def rounds(result: Result) -> str:
    rows: list[list[object]] = []
    for seed in result["seeds"]:
        for number, each in enumerate(seed["rounds"], 1):
            n = each["messages"]
            shares = [f"{100 * each['routes'].get(route, 0) / n:.1f}" for route in ROUTES]
            corrected = each["corrected"]
            labels = (f"{corrected['command']} / {corrected['card']}", each["confirmed"], each["mistaken"])
            understood = f"{100 * each['right'] / n:.1f}"
            rows.append([seed["seed"], number, n, understood, *shares, each["from_memory"], *labels])
    head = ["seed", "round", "messages", "understood %", "answered %", "clarified %", "offered %", "handed over %"]
    head += ["from memory", "corrected by command / card", "confirmed", "corrections that were wrong"]
    return table(head, rows)


def verdicts(result: Result) -> str:
    rows: list[list[object]] = []
    for seed in result["seeds"]:
        for number, each in enumerate(seed["trainings"]):
            words = (each["verdict"] or "").splitlines()
            rows.append([seed["seed"], number, each["seconds"], each["status"], words[0] if words else ""])
    return table(["seed", "training", "seconds", "verdict", "in words"], rows)


def plot(result: Result, path: Path) -> None:
    """Test accuracy against labels spent: each seed thin, the mean thick."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    seeds = result["seeds"]
    figure, axes = pyplot.subplots(figsize=(7, 4.2), dpi=130, facecolor="white")
    for seed in seeds:
        points = [100 * each["accuracy"] for each in seed["accuracy"]]
        axes.plot(seed["labels"], points, marker="o", linewidth=1, alpha=0.55, label=f"seed {seed['seed']}")
    if len(seeds) > 1:
        labels = [mean(step) for step in zip(*(seed["labels"] for seed in seeds), strict=True)]
        steps = zip(*(seed["accuracy"] for seed in seeds), strict=True)
        means = [mean(100 * each["accuracy"] for each in step) for step in steps]
        axes.plot(labels, means, color="black", linewidth=2.5, marker="o", label="mean")
        for x, y in zip(labels, means, strict=True):
            axes.annotate(f"{y:.1f}", (x, y), textcoords="offset points", xytext=(0, 9), ha="center")
    axes.set_xlabel("labels spent (agents' corrections, 5 % of them wrong)")
    axes.set_ylabel("accuracy on BANKING77's test file, %")
    axes.set_title(f"From {seeds[0]['start_rows']} utterances on: what agents' corrections bring")
    axes.grid(alpha=0.3)
    axes.margins(y=0.15)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
