"""The review modal as it stands: read from SQL at every step, so that two agents never see the same turn for long."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import reviewing
from bot.listeners import review_blocks
from bot.reviewing import Walk
from bot.services import Services
from model.types import Intent


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
    return review_blocks.review(case, left, walk, last, about(services, walk))


def about(services: Services, walk: Walk) -> Intent | None:
    """The intent that a walk is narrowed to, while there is one of that name."""
    return services.kit.catalogue.get(walk.intent) if walk.intent else None
