"""What agents are told of the versions of a model. Loads no torch."""

from collections.abc import Callable
from datetime import datetime

from model.registry import Registry, VersionInfo

MOST = 10
Clock = Callable[[datetime], str]
"""A time as the desk's clock shows it."""


def live(registry: Registry, at: Clock) -> str:
    """Which version of the model serves, and which one served before it."""
    info = next((each for each in registry.versions() if each.live), None)
    if info is None:
        return f"The {registry.kind} model: none is live."
    made = _made(info, at)
    since = f", made {made}" if made else ""
    former = registry.previous()
    return f"The {registry.kind} model: *{info.version}* is live{since}" + (f"; before it {former}." if former else ".")


def history(registry: Registry, at: Clock) -> str:
    """The versions, the newest first: when, how good, and the verdict."""
    newest = registry.versions()[::-1][:MOST]
    return "\n".join(_line(each, at) for each in newest) or "There is no version yet."


def _line(info: VersionInfo, at: Clock) -> str:
    measured, verdict = info.manifest.get("evaluation"), info.manifest.get("verdict")
    f1 = measured.get("macro_f1") if isinstance(measured, dict) else None
    good = f"macro-F1 {f1:.1%}" if isinstance(f1, float) else ""
    state = "*live*" if info.live else "before it" if info.previous else ""
    said = str(verdict[0]) if isinstance(verdict, list) and verdict else ""
    return " · ".join(filter(None, (f"*{info.version}*", state, _made(info, at), good, said)))


def _made(info: VersionInfo, at: Clock) -> str:
    created = info.manifest.get("created")
    return at(datetime.fromisoformat(created)) if isinstance(created, str) else ""
