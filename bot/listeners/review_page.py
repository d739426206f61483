"""The review modal as it stands: read from SQL at every step, so that two agents never see the same turn for long."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import reviewing
from bot.listeners import modals
from bot.reviewing import Walk
from bot.services import Services


def first(services: Services, words: Sequence[str] = ()) -> dict[str, Any]:
    """The modal with the most useful turn of the queue.

    Raises:
        UnderstudyError, Refused: the words behind the command are wrong.
    """
    return page(services, reviewing.begin(words, services.corrections), "")


def page(services: Services, walk: Walk, last: str) -> dict[str, Any]:
    """The modal with the next turn that was not skipped."""
    case, left = reviewing.upcoming(services.kit, walk)
    walk = replace(walk, seen=case.seen if case else 0)
    return modals.review(case, left, walk.packed(), last, walk.undo[-1] if walk.undo else 0)
