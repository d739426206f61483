"""Where things lie inside a deployment's data folder."""

from pathlib import Path

from model.registry import Registry


def registry_of(home: Path, kind: str) -> Registry:
    """The versions of the `intent` or the `response` model."""
    return Registry(home / "models" / kind, kind)
