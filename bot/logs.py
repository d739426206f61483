"""Where the log goes: to the terminal for a real workspace, to a file for the local one."""

import logging
from logging.handlers import RotatingFileHandler

from bot.settings import Settings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure(settings: Settings) -> None:
    """Set up the root logger of this process, once, from a composition root."""
    terminal = logging.StreamHandler()
    handlers: list[logging.Handler] = [terminal]
    if settings.local:
        terminal.setLevel(logging.ERROR)
        folder = settings.home / "run"
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(RotatingFileHandler(folder / "bot.log", maxBytes=5_000_000, backupCount=3, encoding="utf-8"))
    for handler in handlers:
        # Some libraries open their own loggers wider than ours.
        handler.setLevel(max(handler.level, logging.getLevelName(settings.log_level)))
    logging.basicConfig(level=settings.log_level, format=FORMAT, handlers=handlers, force=True)
    # One line for each job that fires, and for each reconnect, is too much for years.
    for noisy in ("apscheduler", "slack_bolt", "slack_sdk"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
