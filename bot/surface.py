"""What the desk needs of a chat platform. Slack implements it in bot/listeners/slack.py, tests in a few lines."""

from collections.abc import Sequence
from typing import Protocol

from bot.values import Asked, Card, Kept, Person, Said, Trained


class Surface(Protocol):
    """Speaks to customers and agents. Every `ts` names a message within its channel; an empty thread is the channel."""

    def thinking(self, channel: str, thread: str, on: bool) -> None:
        """Show or clear "is thinking"; never raises."""

    def say(self, channel: str, thread: str, said: Said) -> str:
        """Post to a customer; gives the ts."""

    def begin(self, channel: str, thread: str, customer: str, customer_team: str, words: str) -> str:
        """Begin a message that grows; gives the ts."""
        ...

    def grow(self, channel: str, ts: str, words: str) -> None:
        """Put words behind what a growing message shows."""

    def end(self, channel: str, ts: str, said: Said | None, rest: str) -> None:
        """Complete a growing message: the rest of its words and everything beneath them; without `said` as it is."""

    def change(self, channel: str, ts: str, said: Said) -> None:
        """Replace a message that `say` posted."""

    def remove(self, channel: str, ts: str) -> None:
        """Take a message back; one that is gone already is fine."""

    def find(self, channel: str, thread: str, turn_id: int) -> str:
        """The ts of a reply to this turn that was posted already, or empty. Slow: only for a turn worked again."""
        ...

    def whisper(self, channel: str, user: str, thread: str, words: str) -> None:
        """Say something to one person alone; may not arrive."""

    def tick(self, channel: str, ts: str, on: bool = True) -> None:
        """Mark a message as done, for all to see, or no more; never raises."""

    def seen(self, channel: str, ts: str) -> None:
        """Mark a message as seen, without a word; never raises."""

    def show_mine(self, channel: str, user: str, thread: str, asked: Sequence[Asked], kept: Kept) -> None:
        """Show a customer, alone, their requests and what is kept of them, with what they can do about it."""

    def marked(self, channel: str, thread: str, mark: str) -> str:
        """The ts of a message with this mark in the thread, or empty. Slow: only after what may have been a crash."""
        ...

    def note(self, channel: str, thread: str, words: str, mark: str = "") -> str:
        """Plain words to agents; gives the ts. With a mark, in the channel too and not only in the thread."""

    def verdict(self, channel: str, thread: str, words: str, trained: Trained) -> str:
        """What stands under a training's verdict, escaped, with what agents may do about it; gives the ts."""
        ...

    def digest(self, channel: str, lines: Sequence[str], to_review: int) -> None:
        """The day in lines, escaped, to agents; with a button that opens the review where there is something to."""

    def show_card(self, channel: str, ts: str, card: Card) -> str:
        """Draw a case's card anew (empty `ts`) or in place; gives the ts."""

    def ask_takeover(self, channel: str, thread: str, agent: str, case_id: int, customer: str) -> None:
        """Ask an agent in private: keep the case, or give it back?"""

    def offer_sending(self, channel: str, thread: str, agent: str, case_id: int, ts: str) -> None:
        """Offer an agent in private to send this message of the card's thread to the customer."""

    def read(self, channel: str, thread: str, ts: str) -> str:
        """A message of a thread as it stands now, as sent; empty where it is gone. Slow: only at a person's click."""
        ...

    def offer_answer(
        self, channel: str, thread: str, agent: str, turn_id: int, words: str, correction_id: int = 0
    ) -> None:
        """Offer an agent in private to send the right answer, and to take the correction back."""

    def corrected(self, channel: str, thread: str, agent: str, correction_id: int, words: str) -> None:
        """Tell an agent in private what was corrected, with its Undo."""

    def hand_file(self, user: str, name: str, content: str, title: str) -> None:
        """Put a file of text into somebody's direct messages with the bot, where nobody else sees it.

        Raises:
            Exception: the platform does not let it.
        """

    def link(self, channel: str, ts: str) -> str:
        """A permalink, or empty."""
        ...

    def person(self, user: str) -> Person:
        """What is known of a user; cached."""
        ...

    def members(self, channel: str) -> Sequence[str]:
        """User ids of a channel."""
        ...
