"""Reads a message of a case; one that asks something of an order that is named beside it, as if it named the order.

"About my order", "the older one", "has it arrived": to a classifier all three together are as much about a wrong item
as about anything. Which order is meant is known from the customer's own, and the rest is asked with its number.
"""

from dataclasses import replace

from bot import order_answers
from bot.kit import Heard, Kit
from bot.replies import Replies
from bot.routing import Route
from bot.understanding import Understanding
from model import slots
from model.types import Prediction
from storage.conversations import Conversation
from storage.turns import Turn


class Reader:
    """Understands what was heard, with what went before it."""

    def __init__(self, kit: Kit, understanding: Understanding, replies: Replies) -> None:
        self._kit, self._understanding, self._replies = kit, understanding, replies

    def read(self, case: Conversation, turn: Turn, heard: Heard) -> Prediction:
        """What the words of a turn mean; of a turn that others have joined, all of them together."""
        found = self._understanding.predict(heard.words, lambda: self._replies.history(case, turn), heard.own)
        if found.source == "memory" or self._replies.certain(case, turn, heard.words, found) is not None:
            return found
        # A company's own look-up may be slow: it is asked only where an order may be meant.
        may_tell = any(self._tells(each.intent) for each in found.ranking)
        spelled = order_answers.spelled_out(self._kit, case, turn, heard.own) if may_tell else ""
        if not spelled:
            return found
        # For the reading alone: the customer's words stay what they are, in the log and for every lesson.
        read = replace(self._understanding.predict(spelled), text=heard.words, requests=(), in_context=True)
        clear = self._replies.certain(case, turn, spelled, read, resumes=False) is Route.ANSWER
        return read if clear and self._tells(read.intent) else found

    def _tells(self, name: str) -> bool:
        """Whether the answer of an intent tells of an order."""
        return slots.about_order(self._kit.catalogue.get(name).answer)
