"""What a process and its children hold, in MB."""

from typing import Any

import psutil

MB = 1024 * 1024


def of(pid: int) -> dict[str, int | None]:
    """Resident and proportional set size. PSS divides shared pages among those who share them; Linux only."""
    found = psutil.Process(pid).memory_full_info()
    pss = getattr(found, "pss", None)
    return {"rss_mb": round(found.rss / MB), "pss_mb": round(pss / MB) if pss else None}


def tree(pid: int) -> dict[str, dict[str, Any]]:
    """The bot and, where it started one, the workspace."""
    root = psutil.Process(pid)
    found: dict[str, dict[str, Any]] = {"bot": of(pid)}
    for child in root.children(recursive=True):
        words = child.cmdline()
        name = "workspace" if "workspace" in words else " ".join(words[1:4]) or child.name()
        found[name] = of(child.pid)
    return found
