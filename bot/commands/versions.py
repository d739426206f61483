"""`understudy versions`: which models there are, which one is live."""

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.registry import VersionInfo

KINDS = ("intent", "response")


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "versions",
        help="list model versions",
        description="List the versions of both models, with the verdict that each one got.",
    )
    parser.add_argument("--kind", choices=KINDS, help="only this model")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot import settings as settings_module

    settings = settings_module.load()
    registries = {kind: registry_of(settings, kind) for kind in KINDS if args.kind in (None, kind)}
    found = {kind: registry.versions() for kind, registry in registries.items()}
    if args.json:
        print(json.dumps({kind: [_facts(info) for info in versions] for kind, versions in found.items()}))
        return 0
    for kind, versions in found.items():
        if not versions:
            print(f"{kind}: none yet")
        for info in versions:
            print(line(kind, info, registries[kind].current()))
    return 0


def registry_of(settings: Any, kind: str) -> Any:
    """The registry of a kind in this data folder."""
    from bot.home import registry_of

    return registry_of(settings.home, kind)


def line(kind: str, info: "VersionInfo", serves: str | None) -> str:
    """One version in one line; `serves` is the live one."""
    from bot.versions import since

    facts = _facts(info)
    state = "live" if info.live else "previous" if info.previous else "pinned" if info.pinned else ""
    f1 = facts["macro_f1"]
    figures = f"macro-F1 {100 * f1:.1f} %" if isinstance(f1, int | float) else ""
    created = str(facts["created"] or "")[:16].replace("T", " ")
    verdict = since(str(facts["verdict"]), serves)
    return f"{kind:<9}{info.version:<6}{state:<10}{created:<18}{figures:<18}{verdict}".rstrip()


def _facts(info: "VersionInfo") -> dict[str, object]:
    verdict = info.manifest.get("verdict")
    evaluation = info.manifest.get("evaluation")
    return {
        "version": info.version,
        "live": info.live,
        "previous": info.previous,
        "pinned": info.pinned,
        "created": info.manifest.get("created"),
        "folder": str(info.path),
        "verdict": verdict[0] if isinstance(verdict, list) and verdict else "",
        "macro_f1": evaluation.get("macro_f1") if isinstance(evaluation, dict) else None,
    }
