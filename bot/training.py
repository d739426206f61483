"""What `/support train` and `/support model` ask of the trainer; bot/retrain.py and bot/scheduler.py give it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TrainingState:
    """What may be done now."""

    running: bool
    """Whether a training runs, here or in another process."""
    rests: bool
    """Whether scheduled trainings are paused."""
    scheduled: bool
    """Whether there is a schedule."""
    versions: tuple[str, ...]
    """Of the intent model, the newest first."""
    live: str = ""
    former: str = ""
    """The earlier version that was live before; empty where there is none."""
    pinned: frozenset[str] = frozenset()


class Training(Protocol):
    """Starts, tells about and rolls back. Each answer is a line or a few, in plain words, for the agent who asked."""

    def start(self, by: str) -> str:
        """Start a training now, in a child process."""
        ...

    def cancel(self, by: str) -> str:
        """End the training that runs; nothing of it goes live."""
        ...

    def pause(self, by: str) -> str:
        """Let scheduled trainings rest until `resume`."""
        ...

    def resume(self, by: str) -> str:
        """Let scheduled trainings go on."""
        ...

    def status(self) -> str:
        """The versions that serve, since when, the last verdict, what runs."""
        ...

    def state(self) -> TrainingState:
        """What may be done now."""
        ...

    def history(self) -> str:
        """The versions of the intent model with what became of each, the newest first."""
        ...

    def former(self) -> str:
        """The earlier version that was live before; empty where there is none to go back to."""
        ...

    def compare(self, one: str, other: str = "") -> str:
        """The measures of two versions side by side; of one and the live one.

        Raises:
            UnderstudyError: there is no such version.
        """
        ...

    def pin(self, version: str, pinned: bool = True) -> str:
        """Keep a version for ever, or no longer than others.

        Raises:
            UnderstudyError: there is no such version.
        """
        ...

    def rollback(self, version: str | None = None, *, by: str = "") -> str:
        """Go back to the earlier version that was live before, or to a named one.

        Raises:
            UnderstudyError: there is none.
        """
        ...

    def go_back(self, run_id: int, former: str, by: str) -> str:
        """Go back to `former` from the version that a run made live; who did so before, where it is live no more.

        Raises:
            UnderstudyError: there is no such version any more.
        """
        ...

    def changed(self, run_id: int) -> str:
        """The messages that a run's version understands differently, escaped, with both labels."""
        ...
