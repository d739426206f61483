"""`understudy workspace`: the local workspace alone."""

import argparse
import json
import os
import signal
import threading
from pathlib import Path

from model.types import UnderstudyError


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "workspace",
        help="start the local workspace alone: a small Slack on this machine",
        description="Start the local workspace alone. It prints its address and the two tokens a bot needs.",
    )
    parser.add_argument("--port", type=int, default=8765, help="first port to try, 0 for any (default 8765)")
    parser.add_argument("--data", type=Path, help="folder that keeps messages over a restart (default: none is kept)")
    parser.add_argument("--manifest", type=Path, default=Path("manifest.json"), help="the app's manifest")
    parser.add_argument("--ready-file", type=Path, help="write address and tokens here as JSON, once listening")
    parser.add_argument("--request-url", default="", help="deliver by HTTP to this address, and not by Socket Mode")
    parser.add_argument("--signing-secret", default="local-secret", help="signs what goes to --request-url")
    parser.add_argument("--pictures", type=Path, help="folder of PNG files that the page offers to attach")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started it ends")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.workspace.server import PortTaken, Server

    try:
        server = Server(args.port, args.manifest, args.data, args.request_url, args.signing_secret, args.pictures)
    except (PortTaken, ValueError, OSError) as error:
        raise UnderstudyError(str(error)) from error
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with server:
        if args.ready_file:
            ready(args.ready_file, server.url, server.api_url, server.bot_token, server.app_token)
        print(f"The local workspace is at {server.url}/", flush=True)
        print("A bot connects with these settings:", flush=True)
        print(f"  SLACK_API_URL={server.api_url}\n  SLACK_BOT_TOKEN={server.bot_token}", flush=True)
        print(f"  SLACK_APP_TOKEN={server.app_token}", flush=True)
        parent = os.getppid()
        while not ended.wait(1.0) and not (args.with_parent and os.getppid() != parent):
            pass
    return 0


def ready(path: Path, url: str, api_url: str, bot_token: str, app_token: str) -> None:
    """Written whole, so that whoever waits for the file never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"url": url, "api_url": api_url, "bot_token": bot_token, "app_token": app_token, "pid": os.getpid()}
    temporary = path.with_name(path.name + ".tmp")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(content), encoding="utf-8")
    os.replace(temporary, path)
