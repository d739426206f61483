"""A child that claims its run and then hangs, deaf to everything but the end of its parent."""

import sys
import time

from bot.claims import claimed
from bot.parent import Parent
from bot.settings import Settings
from storage.database import Database


def main() -> None:
    db = Database(Settings(_env_file=None).url)  # type: ignore[call-arg]
    parent = Parent(patience=0.2)
    with claimed(db, sys.argv[sys.argv.index("--team") + 1], "intent", held=parent.watch):
        time.sleep(60)


if __name__ == "__main__":
    main()
