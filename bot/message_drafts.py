"""The article that an agent makes of a message: its words, or a better answer, under what the customer had asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import showing, text
from bot.kit import Kit
from model.articles import LONGEST_TITLE
from model.gap_draft import asked, tidy
from model.types import OOS
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.tables import ERASED
from storage.turns import Turn, Turns


@dataclass(frozen=True, slots=True)
class Message:
    """A message that anybody wrote."""

    channel: str
    ts: str
    thread_ts: str
    """Empty for one that begins a thread or has none."""
    user: str
    text: str
    """As sent: escaped, with mentions."""


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """What the form of the new article is filled with."""

    title: str
    """Empty where nobody has asked the bot."""
    body: str
    """Empty where there are no words."""
    intents: tuple[str, ...]
    """Names of today, at most one."""


def draft(kit: Kit, message: Message, turn: Turn | None) -> MessageDraft:
    """Without what was meant for the customer alone, where it was said in a case.

    Args:
        turn: the one that the message is, or answers; where it is none, the last before it in its thread's case counts.
    """
    about = turn or _before(kit, message)
    if about is None:
        return MessageDraft("", _words(text.clean(message.text, kit.bot)), ())
    question, names = kit.words(about), _names(kit, (about.user, message.user))
    with kit.db.reading() as session:
        standing = Corrections(session).latest(about.id)
    better = standing.better_answer if standing is not None else ""
    body = better or (about.reply_text if about.reply_ts == message.ts else "")
    body = _words(body) or _words(text.clean(message.text, kit.bot))
    title = text.shorten(asked([question], names), LONGEST_TITLE) if _words(question) else ""
    return MessageDraft(
        title, _general(body, names), _intents(kit, standing.after if standing is not None else showing.label(about))
    )


def _before(kit: Kit, message: Message) -> Turn | None:
    """The last turn before a message in its thread's case: an agent's reply there is to that one."""
    with kit.db.reading() as session:
        case = Conversations(session).by_thread(kit.team, message.channel, message.thread_ts or message.ts)
        found = Turns(session).of_conversation(case.id) if case is not None else []
    return next((each for each in reversed(found) if each.ts <= message.ts), None)


def _intents(kit: Kit, label: str) -> tuple[str, ...]:
    """A label by its name of today; nothing for out of scope or an intent that is out of use."""
    names = kit.catalogue.names()
    name = names.of(label)
    return (name,) if name not in ("", OOS, *names.archived) and kit.catalogue.has(name) else ()


def _names(kit: Kit, users: Sequence[str]) -> list[str]:
    people = [kit.surface.person(user) for user in dict.fromkeys(filter(None, users))]
    return [name for person in people for name in (person.name, person.first_name) if name]


def _words(said: str) -> str:
    return said if said != ERASED and text.has_words(said) else ""


def _general(body: str, names: Sequence[str]) -> str:
    """Paragraph by paragraph; lists and tables stay as they are. All of it where nothing else would be left."""
    made = (each if "\n" in each.strip() else tidy(each, names) for each in body.split("\n\n"))
    return "\n\n".join(filter(None, made)) or body
