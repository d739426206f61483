"""A bot with hand-written models as a process of its own, for a test that kills it: `python -m tests.e2e.fake_bot`.

Reads its settings from the environment. With HANG set, a text with `slow` in it is never understood.
"""

import os
import threading
import time
from collections.abc import Sequence

from bot.app import build
from bot.settings import Settings
from model.types import Prediction
from tests.bot.fakes import fake_models
from tests.e2e.conftest import seed


def main() -> None:
    models, classifier = fake_models()
    understand = classifier.predict

    def hang(texts: Sequence[str]) -> list[Prediction]:
        if any("slow" in text for text in texts) and os.environ.get("HANG"):
            print("HANGS", flush=True)
            time.sleep(600)
        return understand(texts)

    classifier.predict = hang  # type: ignore[method-assign]
    bot = build(Settings(_env_file=None, burst_seconds=0), models=models)  # type: ignore[call-arg]
    seed(bot)
    bot.start()
    print("READY", flush=True)
    threading.Event().wait(120)


if __name__ == "__main__":
    main()
