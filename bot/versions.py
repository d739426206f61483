"""What agents are told of the versions of a model. Loads no torch."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from bot import text
from model.registry import Registry, VersionInfo
from model.types import UnderstudyError

MOST = 10
MOST_APART = 5
LEAST = 0.02
"""Intents whose F1 differs by less are not worth a line."""
MEASURES = {
    "accuracy": "accuracy",
    "macro_precision": "macro precision",
    "macro_recall": "macro recall",
    "macro_f1": "macro F1",
    "oos_recall": "out-of-scope recall",
    "oos_auroc": "out-of-scope AUROC",
    "ece": "calibration error",
    "answered": "answered at once",
    "answered_wrong": "of those wrong",
}
_WAS_LIVE = re.compile(r"(v\d+) (is|stays) live\b")
"""How a verdict begins."""
Clock = Callable[[datetime], str]
"""A time as the desk's clock shows it."""


def live(registry: Registry, at: Clock) -> str:
    """Which version of the model serves, and which one served before it."""
    info = next((each for each in registry.versions() if each.live), None)
    if info is None:
        return f"The {registry.kind} model: none is live."
    made = _made(info, at)
    age = f", made {made}" if made else ""
    former = registry.previous()
    return f"The {registry.kind} model: *{info.version}* is live{age}" + (f"; before it {former}." if former else ".")


def history(registry: Registry, at: Clock) -> str:
    """The versions, the newest first: when, how good, and the verdict."""
    newest, serves = registry.versions()[::-1][:MOST], registry.current()
    return "\n".join(_line(each, at, serves) for each in newest) or "There is no version yet."


def since(verdict: str, serves: str | None) -> str:
    """A verdict of some time ago, read now that `serves` is live: what it says is live may not be so any more."""
    found = _WAS_LIVE.match(verdict)
    if found is None or found[1] == serves:
        return verdict
    return f"{found[1]} {'went' if found[2] == 'is' else 'stayed'} live{verdict[found.end() :]}"


def compared(registry: Registry, one: str, other: str, at: Clock) -> str:
    """Two versions side by side: what each measured when it was made, and the intents that differ most.

    Raises:
        UnderstudyError: there is no such version, or it is the same one twice.
    """
    # Asked for by path first: it says which versions there are.
    for version in (one, other):
        registry.path(version)
    if one == other:
        raise UnderstudyError(f"expected two versions to compare, found {one} twice.")
    found = {each.version: each for each in registry.versions()}
    pair = [found[one], found[other]]
    measured = [_mapping(each.manifest.get("evaluation")) for each in pair]
    rows = [("", *(_short(each) for each in pair)), ("made", *(_made(each, at)[:10] or "-" for each in pair))]
    rows += [(words, *(text.percent(each.get(name)) for each in measured)) for name, words in MEASURES.items()]
    rows += [("ms a message (p95)", *(_number(_mapping(each.get("latency_ms")).get("p95")) for each in measured))]
    rows += [("test messages", *(_number(each.get("n")) for each in measured))]
    rows += [("rows trained on", *(_number(_trained(each).get("rows")) for each in pair))]
    shown = [row for row in rows if set(row[1:]) != {"-"}]
    lines = [f"{name:<20}{left:>12}{right:>12}" for name, left, right in (*shown, *_apart(*measured))]
    return "\n".join(["```", *lines, "```", _fair(pair, measured)])


def _fair(pair: list[VersionInfo], measured: list[Mapping[str, object]]) -> str:
    """How far the two columns may be held against each other."""
    if not all(measured):
        without = " and ".join(i.version for i, each in zip(pair, measured, strict=True) if not each)
        return f"Of {without} no figures are kept: there were no test messages when it was made."
    one, other = (_mapping(_mapping(each.manifest.get("data")).get("test")) for each in pair)
    if one and one == other:
        return "Both were measured on the same test messages."
    return "Each was measured on the test messages of its own time, which grow: a point or two says nothing."


def _apart(one: Mapping[str, object], other: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """F1 of the intents that differ most, what both have measured."""
    left, right = _mapping(one.get("per_intent")), _mapping(other.get("per_intent"))
    both = [(name, _f1(left[name]), _f1(right[name])) for name in left if name in right]
    both = sorted(((n, a, b) for n, a, b in both if abs(a - b) >= LEAST), key=lambda row: -abs(row[1] - row[2]))
    return [(text.shorten(name, 19), text.percent(a), text.percent(b)) for name, a, b in both[:MOST_APART]]


def _f1(measured: object) -> float:
    value = _mapping(measured).get("f1")
    return float(value) if isinstance(value, int | float) else 0.0


def pinned(registry: Registry, version: str, wanted: bool) -> str:
    """Pin or unpin, in words."""
    changed = registry.pin(version, wanted)
    if wanted:
        return f"{version} is pinned{'' if changed else ' already'}: it is kept, however many versions follow."
    if not changed:
        return f"{version} is not pinned."
    return f"{version} is pinned no more: it goes when newer versions have taken its place."


def _line(info: VersionInfo, at: Clock, serves: str | None) -> str:
    measured, verdict = info.manifest.get("evaluation"), info.manifest.get("verdict")
    f1 = measured.get("macro_f1") if isinstance(measured, dict) else None
    good = f"macro-F1 {f1:.1%}" if isinstance(f1, float) else ""
    state = "*live*" if info.live else "before it" if info.previous else ""
    kept = "pinned" if info.pinned else ""
    said = since(str(verdict[0]), serves) if isinstance(verdict, list) and verdict else ""
    return " · ".join(filter(None, (f"*{info.version}*", state, kept, _made(info, at), good, said)))


def _made(info: VersionInfo, at: Clock) -> str:
    created = info.manifest.get("created")
    return at(datetime.fromisoformat(created)) if isinstance(created, str) else ""


def _short(info: VersionInfo) -> str:
    return f"{info.version} (live)" if info.live else info.version


def _trained(info: VersionInfo) -> Mapping[str, object]:
    return _mapping(_mapping(info.manifest.get("data")).get("train"))


def _mapping(found: object) -> Mapping[str, object]:
    return found if isinstance(found, Mapping) else {}


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else "-"
