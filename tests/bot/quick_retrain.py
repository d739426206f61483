"""The child process of a training, with the trainer that takes milliseconds: `python -m tests.bot.quick_retrain`."""

import sys

from bot.parent import Parent
from bot.retrain import Workshop, retrain
from bot.settings import Settings
from model.registry import Registry
from storage.database import Database
from tests.bot.learners import NearestClassifier, NearestTrainer
from tests.model.encoders import CharEncoder


def main() -> int:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    db = Database(settings.url)
    team = sys.argv[sys.argv.index("--team") + 1]
    registry = Registry(settings.home / "models" / "intent", "intent")
    shop = Workshop(db, team, registry, CharEncoder, NearestTrainer(), NearestClassifier)
    outcome = retrain(shop, held=Parent(patience=0.5).watch)
    return 0 if outcome.ok else 1


if __name__ == "__main__":
    sys.exit(main())
