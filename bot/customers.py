"""What a customer sees of the bot: what others ask, their own requests, and what is kept of them."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.kit import Kit
from bot.values import Asked, Customer, Kept
from model.types import Intent
from storage.conversations import Conversation, Conversations
from storage.intents import Intents
from storage.opt_outs import OptOuts
from storage.session import Session
from storage.tables import ERASED
from storage.topics import asked_most, log_of
from storage.turns import Turns
from storage.utterances import Utterances

LATELY = timedelta(days=30)
REQUESTS = 6
"""Of a customer's requests the newest ones are shown: each costs a look-up of its link once."""


def topics(kit: Kit, most: int) -> list[Intent]:
    """What customers may ask at a click: what was answered most often lately; of what was not, first what the team's
    own utterances are most often about, then as the intents came."""
    with kit.db.reading() as session:
        lately = _in_todays_names(kit, asked_most(session, kit.team, datetime.now(UTC) - LATELY))
        written = _in_todays_names(kit, Utterances(session, kit.team).counted().items())
        order = Intents(session, kit.team).in_order()
    places = {name: place for place, name in enumerate(order)}
    known = [intent for intent in kit.catalogue.all() if _answerable(intent)]
    known.sort(key=lambda it: (-lately[it.name], -written[it.name], places.get(it.name, len(places))))
    return known[:most]


def _in_todays_names(kit: Kit, counted: Iterable[tuple[str, int]]) -> Counter[str]:
    names, sums = kit.catalogue.names(), Counter[str]()
    for name, count in counted:
        sums[names.of(name)] += count
    return sums


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
