"""Who is spoken to: decides, from plain facts, whose message this is. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot import text


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it came, already freed of the platform's envelope."""

    channel: str
    ts: str
    user: str
    text: str
    """As sent: escaped, with mentions."""
    thread_ts: str = ""
    user_team: str = ""
    files: int = 0

    @property
    def root(self) -> str:
        return self.thread_ts or self.ts

    @property
    def direct(self) -> bool:
        # The channel's type may be missing from an event: its first letter never is.
        return self.channel.startswith("D")


class Whose(StrEnum):
    CUSTOMER = "customer"
    TEST = "test"
    """An agent tries the bot: answered, but out of statistics and training."""
    AGENT = "agent"
    """An agent writes in a customer's case: takes it over."""
    INTERNAL = "internal"
    """An agent writes in the thread of a case's card: stays among agents."""
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Facts:
    bot: str
    agent: bool
    """Whether the writer is a support agent."""
    case_customer: str = ""
    """Customer of the case that this thread is, or empty."""
    internal: bool = False
    """Whether this is the agents' own channel."""
    card: bool = False
    """Whether this thread hangs on a case's card."""
    answer_all: bool = False
    """Whether the bot answers everything in this channel."""


def whose(message: Incoming, facts: Facts) -> Whose:
    """Decide whose message this is; see "Who is spoken to" in the design."""
    if message.user in ("", facts.bot):
        return Whose.NOBODY
    if facts.internal or facts.card:
        return Whose.INTERNAL if facts.card and facts.agent else Whose.NOBODY
    if message.direct:
        return Whose.TEST if facts.agent else Whose.CUSTOMER
    if message.thread_ts and facts.case_customer:
        return _in_case(message, facts)
    mentioned = text.mentions(message.text, facts.bot)
    asks_all = facts.answer_all and not message.thread_ts and not facts.agent
    if text.begins_with_other(message.text, facts.bot) or not (mentioned or asks_all):
        return Whose.NOBODY
    return Whose.TEST if facts.agent else Whose.CUSTOMER


def _in_case(message: Incoming, facts: Facts) -> Whose:
    if message.user == facts.case_customer:
        if text.begins_with_other(message.text, facts.bot):
            return Whose.NOBODY
        return Whose.TEST if facts.agent else Whose.CUSTOMER
    return Whose.AGENT if facts.agent else Whose.NOBODY
