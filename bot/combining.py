"""Several answers as one reply. Pure."""

from collections.abc import Sequence

from bot import wording
from model.types import Intent, Reply, ReplyKind

MADE: tuple[ReplyKind, ...] = ("generated", "composed", "quoted", "verbatim")
"""What a reply of several answers is called: by the freest hand that wrote in it."""


def combined(parts: Sequence[tuple[Intent, Reply | None]]) -> Reply | None:
    """The answers to several requests as one reply, each under its intent's title; none where there is no answer."""
    replies = [reply for _, reply in parts if reply is not None]
    if not replies:
        return None
    texts = [f"**{intent.title}**\n{reply.text if reply else wording.NO_ANSWER}" for intent, reply in parts]
    return Reply(
        "\n\n".join(texts),
        min((reply.kind for reply in replies), key=MADE.index),
        tuple(dict.fromkeys(source for reply in replies for source in reply.sources)),
        next((reply.version for reply in replies if reply.version), ""),
        all(reply.grounded for reply in replies),
        tuple(reason for reply in replies for reason in reply.refused),
    )
