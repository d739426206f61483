"""A stage for measurements: the local workspace and a bot beside it, each a process of its own, as in `make run`.

Everything is set by environment variables and lives in a temporary folder; nothing of the repository's own data is
read or written. Knows the command line only, so that what is measured is what people start.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[1]
TEAM = "T0LOCAL"
AGENTS = "C0AGENTS"
_QUIET = {
    "SLACK_BOT_TOKEN": "",
    "SLACK_APP_TOKEN": "",
    "AGENT_USER_IDS": "",
    "DATABASE_URL": "",
    "MODE": "automatic",
    "RETRAIN_CRON": "",
    "TQDM_DISABLE": "1",
    "BURST_SECONDS": "0",  # what is measured sends messages faster than people do
}
"""Whatever the shell and .env say, only what is measured happens."""


class BenchError(Exception):
    """A measurement that cannot be taken, in one line."""


class Child:
    """A process of ours that writes into a log, and ends with us."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], log: Path, cwd: Path = ROOT) -> None:
        self.name, self.log = " ".join(words[1:4]), log
        self.started = time.monotonic()
        with log.open("ab") as out:
            self.process = subprocess.Popen(list(words), env=dict(env), stdout=out, stderr=out, cwd=cwd)

    @property
    def pid(self) -> int:
        return self.process.pid

    def tail(self, lines: int = 12) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def until(self, ready: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait for something true; the process must live meanwhile."""
        end = time.monotonic() + seconds
        while not (found := ready()):
            if self.process.poll() is not None:
                raise BenchError(f"{self.name} ended with {self.process.returncode} before {what}:\n{self.tail()}")
            if time.monotonic() > end:
                raise BenchError(f"{self.name}: waited {seconds} s for {what}:\n{self.tail()}")
            time.sleep(0.02)
        return found

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)


class Stage:
    """`with Stage(generator=False) as stage:` then `stage.command(...)`, `stage.start_bot()`.

    Args:
        python: the interpreter that runs everything.
        root: the repository's clone that is measured.
        keep: a folder for data and logs in place of a temporary one.
        settings: further environment variables, such as `MODE`.
    """

    def __init__(
        self,
        *,
        generator: bool,
        python: str = sys.executable,
        root: Path = ROOT,
        keep: Path | None = None,
        **settings: str,
    ) -> None:
        self._temporary = None if keep else tempfile.TemporaryDirectory(prefix="understudy-bench-")
        self.folder = (keep or Path(self._temporary.name if self._temporary else ".")).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.python, self.root = python, root
        self.env = {**os.environ, **_QUIET, "DATA_DIR": str(self.folder / "data")}
        self.env |= {"GENERATOR": "on" if generator else "off", "RETRAIN_RESPONSE_MINUTES": "0", **settings}
        self.home = self.folder / "data" / "local"
        self.link: dict[str, str] = {}
        self.children: list[Child] = []

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self.children):
            child.end()
        if self._temporary is not None:
            self._temporary.cleanup()

    @property
    def url(self) -> str:
        return self.link["url"]

    def command(self, *words: str, seconds: float = 1800, accept: Sequence[int] = (0,)) -> str:
        """Run `understudy ...` to its end; gives what it printed."""
        line = [self.python, "-m", "bot", *words]
        done = subprocess.run(line, env=self.env, cwd=self.root, capture_output=True, text=True, timeout=seconds)
        if done.returncode not in accept:
            said = done.stderr[-2000:] + done.stdout[-500:]
            raise BenchError(f"understudy {' '.join(words)}: exit {done.returncode}\n{said}")
        return done.stdout

    def start_workspace(self) -> Child:
        ready = self.folder / "workspace.json"
        ready.unlink(missing_ok=True)
        words = ["workspace", "--port", "0", "--ready-file", str(ready), "--with-parent"]
        child = self.child("workspace", [self.python, "-m", "bot", *words], {})
        child.until(ready.exists, 60, "the workspace listens")
        self.link = json.loads(ready.read_text())
        return child

    def start_bot(self, words: Sequence[str] = ("-m", "bot", "run"), seconds: float = 300) -> Child:
        """Start the bot (or another one, such as bench.echo) and wait until it is connected."""
        self.until_connected(lambda count: count == 0, 20)
        tokens = {"SLACK_API_URL": self.link["api_url"], "SLACK_BOT_TOKEN": self.link["bot_token"]}
        child = self.child("bot", [self.python, *words], tokens | {"SLACK_APP_TOKEN": self.link["app_token"]})
        child.until(lambda: connected(self.url) > 0, seconds, "the bot is connected")
        return child

    def until_connected(self, fits: Callable[[int], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not fits(connected(self.url)):
            if time.monotonic() > end:
                raise BenchError(f"the workspace has {connected(self.url)} connections of a bot, after {seconds} s")
            time.sleep(0.02)

    def child(self, name: str, words: Sequence[str], extra: Mapping[str, str]) -> Child:
        made = Child(words, {**self.env, **extra}, self.folder / f"{name}.log", self.root)
        self.children.append(made)
        return made


def connected(url: str) -> int:
    """Open Socket Mode connections of a workspace."""
    return int(get(f"{url}/ui/health")["connected"])


def get(url: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """JSON from the page's API; with a body it is posted."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def people(url: str, count: int, role: str = "customer", name: str = "Customer") -> list[str]:
    """Make so many users; gives their ids."""
    names = [f"{name} {number:02d}" for number in range(1, count + 1)]
    return [get(f"{url}/ui/users", {"name": each, "role": role})["user"]["id"] for each in names]
