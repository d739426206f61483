"""The child process that trains: started, never forked, and ended with the bot."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings

LOG = "retrain.log"
LONGEST_LOG = 1_000_000


class Child:
    """A running `understudy retrain`. It ends by itself when the bot ends, for then its pipe closes."""

    def __init__(self, settings: Settings, team: str, program: Sequence[str] = ("bot", "retrain")) -> None:
        self.log = settings.home / "run" / LOG
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.unlink()
        with self.log.open("ab") as out:
            self._from = out.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", *program, "--parent-pipe", "--team", team],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=environment(settings),
                # Control-C in the bot's terminal is for the bot, which then closes the pipe.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, timeout: float | None = None) -> int:
        """The exit code.

        Raises:
            subprocess.TimeoutExpired: it runs longer.
        """
        return self._process.wait(timeout)

    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self, patience: float = 10.0) -> None:
        """Close the pipe, so that it gives its claim back and ends; kill it when it does not."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def said(self, lines: int = 3) -> str:
        """The last lines it wrote."""
        with self.log.open("rb") as file:
            file.seek(self._from)
            written = file.read().decode("utf-8", "replace").replace("\r", "\n")
        return "\n".join([line for line in written.splitlines() if line.strip()][-lines:])


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with exactly these settings: the child must never land in another data folder.

    Its threads wait asleep: on two cores that a bot works on as well, spinning costs more than waking.
    """
    return {
        "OMP_WAIT_POLICY": "PASSIVE",
        **os.environ,
        **{name.upper(): _plain(value) for name, value in settings.model_dump().items()},
    }


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value.resolve())
    return "" if value is None else str(value)
