"""Starts the bot, and for the local workspace the other end of its wire beside it, as a process of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from bot import logs
from bot.order_source import lookup_of
from bot.prepare import prepare
from bot.settings import Settings
from model.types import UnderstudyError

READY_SECONDS = 20.0

WELCOME = """
Understudy is running.

  Open  {url}

  Things to try
    1. As Mia, write:               where is my parcel??
    2. Something it is not sure of:  my favourite mug came in three pieces :(
    3. As Alex, the agent, write /support review and say what Mia meant; then ask again.
    4. As Tom, ask where your order is: he has two. Under the clip are screenshots to send.
    5. As Alex, write:              /support kb gaps

  Ctrl-C stops it; everything is kept in {home}.
"""


def real(settings: Settings, *, with_starter: bool = False) -> int:
    """Connect to Slack and stay."""
    from bot import app

    logs.configure(settings)
    lookup_of(settings)  # what is wrong with it is said at once, and not after a first training
    prepare(settings, with_starter=with_starter)
    with _pid_file(settings.home):
        app.serve(settings, _stop_on_signals())
    return 0


def local(settings: Settings) -> int:
    """Start the local workspace, connect to it as to Slack, and stay."""
    logs.configure(settings)
    lookup_of(settings)  # what is wrong with it is said at once, and not after a first training
    prepare(settings)
    with _pid_file(settings.home), workspace(settings) as ready:
        from bot import app

        connected = settings.model_copy(
            update={
                "slack_bot_token": SecretStr(ready["bot_token"]),
                "slack_app_token": SecretStr(ready["app_token"]),
                "slack_api_url": ready["api_url"],
            }
        )
        app.serve(connected, _stop_on_signals(), on_ready=lambda: _welcome(ready["url"], settings.home))
    return 0


@contextlib.contextmanager
def workspace(settings: Settings) -> Iterator[dict[str, str]]:
    """The local workspace as a process; gives its addresses and tokens.

    Raises:
        UnderstudyError: it does not come up.
    """
    ready_file = settings.home / "run" / f"workspace-{os.getpid()}.json"
    ready_file.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot", "workspace", "--port", str(settings.workspace_port)]
    command += ["--data", str(settings.home / "workspace"), "--ready-file", str(ready_file), "--with-parent"]
    from model.starter import folder

    command += ["--pictures", str(folder() / "pictures")]
    # Its own session: a Ctrl-C reaches the bot first, which says goodbye to it.
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield _wait_ready(child, ready_file)
    finally:
        child.terminate()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
        ready_file.unlink(missing_ok=True)


def _wait_ready(child: subprocess.Popen[bytes], ready_file: Path) -> dict[str, str]:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        if ready_file.is_file():
            return dict(json.loads(ready_file.read_text("utf-8")))
        time.sleep(0.05)
    raise UnderstudyError(
        "expected the local workspace to start, but it did not (see above). Try another WORKSPACE_PORT in .env."
    )


def _welcome(url: str, home: Path) -> None:
    print(WELCOME.format(url=url, home=home), flush=True)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop


@contextlib.contextmanager
def _pid_file(home: Path) -> Iterator[None]:
    """Says that a bot runs on this data folder, and refuses a second one.

    Raises:
        UnderstudyError: another bot runs on it.
    """
    path = home / "run" / "bot.pid"
    path.parent.mkdir(parents=True, exist_ok=True)
    if (other := running(home)) is not None:
        raise UnderstudyError(f"expected no bot on {home}, found one running (process {other}). Stop it first.")
    path.write_text(str(os.getpid()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def running(home: Path) -> int | None:
    """Process id of the bot that runs on this data folder, or none."""
    try:
        pid = int((home / "run" / "bot.pid").read_text())
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    except PermissionError:
        return pid
    # A pid comes round again after a restart of the machine; ours has "bot" among its words.
    words = Path(f"/proc/{pid}/cmdline")
    if words.exists() and b"bot" not in words.read_bytes():
        return None
    return pid if pid != os.getpid() else None
