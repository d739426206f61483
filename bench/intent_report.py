"""The table of bench.intent, what a peer does better, and the picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.machine import table

Peers = Mapping[str, Mapping[str, Any]]
MEASURES = {
    "accuracy": ("accuracy %", 100, 1, True),
    "auroc": ("OOS AUROC", 1, 3, True),
    "ece": ("ECE", 1, 3, False),
    "training_s": ("training s", 1, 1, False),
    "p50_ms": ("ms a message", 1, 2, False),
    "serving_mb": ("serving MB", 1, 0, False),
    "training_mb": ("training MB", 1, 0, False),
}
"""Heading, factor, digits, and whether more is better."""
DRAWN = ("accuracy", "auroc", "training_s", "p50_ms")
OURS, OTHERS = "#0b7285", "#adb5bd"


def report(result: Mapping[str, Any]) -> str:
    rows = [
        [peer["title"], *(shown(peer, name) for name in MEASURES), remark(peer)] for peer in result["peers"].values()
    ]
    head = f"{result['set']}: {result['train']} rows to train on, {result['test'] - result['oos']} in scope and "
    head += f"{result['oos']} out of scope to test; one message at a time on one thread, p50.\n\n"
    return head + table(["", *(heading for heading, *_ in MEASURES.values()), ""], rows)


def shown(peer: Mapping[str, Any], name: str) -> str:
    _, factor, digits, _ = MEASURES[name]
    return "-" if peer.get(name) is None else f"{factor * peer[name]:.{digits}f}"


def remark(peer: Mapping[str, Any]) -> str:
    return "; ".join(part for part in (peer["note"], peer["came_to"]) if part)


def better(peers: Peers) -> list[str]:
    """A line for each peer that beats ours at something."""
    if "ours" not in peers:
        return []
    lines = []
    for name, peer in peers.items():
        won = [measure for measure in MEASURES if name != "ours" and beats(peer, peers["ours"], measure)]
        if won:
            words = (f"{MEASURES[each][0]} {shown(peer, each)} against {shown(peers['ours'], each)}" for each in won)
            lines.append(f"{peer['title']} is better at: {', '.join(words)}.")
    return lines or ["No peer is better at anything measured."]


def beats(peer: Mapping[str, Any], ours: Mapping[str, Any], measure: str) -> bool:
    if peer.get(measure) is None or ours.get(measure) is None:
        return False
    more = MEASURES[measure][3]
    return bool(peer[measure] > ours[measure] if more else peer[measure] < ours[measure])


def draw(result: Mapping[str, Any], path: Path) -> None:
    """A panel a measure, a bar a peer; what spans orders of magnitude on a logarithmic axis."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    peers = list(result["peers"].items())[::-1]
    height = 1.1 + 0.42 * len(peers)
    # White behind everything, so that it reads on a dark page too.
    figure, panels = pyplot.subplots(1, len(DRAWN), figsize=(11, height), dpi=130, facecolor="white", sharey=True)
    for axes, measure in zip(panels, DRAWN, strict=True):
        _panel(axes, peers, measure)
    figure.suptitle(f"Intent recognition side by side: {result['set']}, {result['train']} rows", fontsize=11)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)


def _panel(axes: Any, peers: list[tuple[str, Mapping[str, Any]]], measure: str) -> None:
    heading, factor, _, more = MEASURES[measure]
    values = [factor * (peer.get(measure) or 0) for _, peer in peers]
    colours = [OURS if name == "ours" else OTHERS for name, _ in peers]
    bars = axes.barh([peer["title"] for _, peer in peers], values, color=colours)
    axes.bar_label(bars, [shown(peer, measure) for _, peer in peers], padding=3, fontsize=8)
    axes.set_title(heading + (", more is better" if more else ", less is better"), fontsize=9)
    if more:
        # From nothing on: a cut axis would make small differences look large.
        axes.set_xlim(0, 1.25 * max([*values, 1e-9]))
    else:
        axes.set_xscale("log")
        axes.set_xlim(0.5 * min(value for value in [*values, 1e9] if value), 6 * max([*values, 1e-3]))
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
