"""What a customer sees of the bot: what others ask, their own requests, and what is kept of them."""

from datetime import UTC, datetime, timedelta

from bot.kit import Kit
from bot.values import Asked, Customer, Kept
from model.types import Intent
from storage.conversations import Conversation, Conversations
from storage.opt_outs import OptOuts
from storage.session import Session
from storage.tables import ERASED
from storage.topics import asked_most, log_of
from storage.turns import Turns

LATELY = timedelta(days=30)
REQUESTS = 6
"""Of a customer's requests the newest ones are shown: each costs a look-up of its link once."""


def topics(kit: Kit, most: int) -> list[Intent]:
    """What customers may ask at a click: what was answered most often lately, filled up from the catalogue."""
    with kit.db.reading() as session:
        counted = asked_most(session, kit.team, datetime.now(UTC) - LATELY)
    known = {intent.name: intent for intent in kit.catalogue.all() if _answerable(intent)}
    names = kit.catalogue.names()
    sums: dict[str, int] = {}
    for name, count in counted:
        sums[names.of(name)] = sums.get(names.of(name), 0) + count
    asked = sorted((name for name in sums if name in known), key=lambda name: -sums[name])
    return [known[name] for name in dict.fromkeys([*asked, *known])][:most]


def requests(kit: Kit, customer: Customer) -> list[Asked]:
    """The customer's newest requests, the newest first."""
    with kit.db.reading() as session:
        found = Conversations(session).of_customer(kit.team, customer.user, customer.team, REQUESTS)
        words = {case.id: _first_words(session, case) for case in found}
    return [_asked(kit, case, words[case.id]) for case in found]


def kept(kit: Kit, customer: Customer) -> Kept:
    """What is kept of the customer."""
    with kit.db.reading() as session:
        log = log_of(session, kit.team, customer.user, customer.team)
        learns = not OptOuts(session, kit.team).has(customer.team, customer.user)
    return Kept(log.messages, log.since, learns)


def _answerable(intent: Intent) -> bool:
    return bool(intent.answer) and not (intent.small_talk or intent.handoff)


def _first_words(session: Session, case: Conversation) -> str:
    turns = Turns(session)
    mine = turns.of_conversation(case.id)
    if not mine:
        return ""
    words = turns.wording(mine[0])
    return "" if words == ERASED else words


def _asked(kit: Kit, case: Conversation, words: str) -> Asked:
    holder = kit.surface.person(case.holder).name if case.holder else ""
    link = kit.surface.link(case.channel, case.thread_ts)
    return Asked(case.state, holder or "a colleague", words, link, case.opened_at)
