"""Going back to an earlier version, in words. Loads no torch."""

from model.registry import Registry


def rolled_back(registry: Registry, version: str | None = None) -> str:
    """Move the pointer back; says what is live now.

    Raises:
        UnderstudyError: there is nothing to go back to.
    """
    former = registry.current()
    now = registry.rollback(version)
    if now == former:
        return f"{now} is live already."
    return f"{now} is live again, {former} is not. The bot answers with it from the next message on."
