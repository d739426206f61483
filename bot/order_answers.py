"""What a turn learns of the customer's own orders: what fills the answer, or what has to be asked first.

Orders are told in direct messages alone: in a channel others read along. What was asked before in a case is read from
its turns, so nothing is kept but what stands there anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot import order_words, which_order, wording
from bot.kit import Kit
from bot.lookup import Order
from bot.order_words import SHOWN
from bot.past import asked_last, lately
from bot.routing import UNSURE
from bot.values import Customer, OrderChoice
from bot.which_order import Meant, meant, named_in, number_in
from model import slots
from model.types import Intent
from storage.clicks import Clicks
from storage.conversations import Conversation
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns

ASKED, UNKNOWN = "which_order", "no_such_order"
"""Kinds of the replies that ask for an order. The first is also the kind of the click that answers it."""
QUESTIONS = frozenset({ASKED, UNKNOWN})
GOES_ON = timedelta(minutes=2)
"""So closely a message goes on with one that only says which order it is about."""
LONGEST_ANSWER = 10
"""Words; what is longer says by itself what it is about."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the order that a message is about."""

    slots: Mapping[str, str] = field(default_factory=dict)
    aside: str = ""
    """Small print: why this order, or why none is told of."""
    kind: str = ""
    """ASKED or UNKNOWN where the customer is asked instead of answered; else empty."""
    words: str = ""
    """What is asked."""
    offer: bool = False
    """Whether a person is offered in the same breath."""
    choices: tuple[OrderChoice, ...] = ()
    each: tuple["About", ...] = ()
    """One an order, where several were named: each has its answer."""


def customer_of(case: Conversation) -> Customer:
    return Customer(case.customer_team, case.customer)


def told_in(case: Conversation) -> bool:
    """Whether nobody but the customer reads what is said there."""
    return case.channel.startswith("D")


def _asks_for_theirs(case: Conversation, turn: Turn) -> bool:
    return told_in(case) and turn.user == case.customer


def about(kit: Kit, case: Conversation, turn: Turn, words: str, intent: Intent, earlier: Sequence[str]) -> About:
    """What fills the intent's answer.

    Args:
        words: the customer's, of this request.
        earlier: theirs before it, in this case, oldest first.
    """
    written = number_in(words, earlier)
    plain = About({"order_number": written} if written else {})
    if not slots.about_order(intent.answer) or not kit.orders.known:
        return plain
    if not _asks_for_theirs(case, turn):
        return About(plain.slots, wording.ORDERS_IN_PRIVATE)
    before = _before(kit, case, turn)
    orders = kit.orders.of(customer_of(case))
    pointing = () if before.kinds else _pointing(kit, case, turn, orders)
    found = meant(words, (*pointing, *earlier, *before.chosen), orders, lambda order: _fits(kit, intent, order))
    if found.unknown:
        return _unknown(orders, again=UNKNOWN in before.kinds)
    if not found.orders:
        return plain
    if len(found.orders) == 1:
        return of_order(kit, found.orders[0], wording.ONE_ORDER if found.guessed else "")
    if all(named_in(order, words) for order in found.orders):
        return About(plain.slots, each=tuple(of_order(kit, order) for order in found.orders))
    return About(plain.slots) if ASKED in before.kinds else _which(found)


def of_order(kit: Kit, order: Order, aside: str = "") -> About:
    """What fills an answer that is about this order."""
    return About(order_words.slots(order, kit.orders.today()), aside)


def resumed(kit: Kit, case: Conversation, turn: Turn, words: str) -> str:
    """The intent of which an order was asked just before, where these words name one; else empty.

    "The lamp one" says little to a classifier, and all to whoever has asked which one.
    """
    if len(words.split()) > LONGEST_ANSWER or not _asks_for_theirs(case, turn):
        return ""
    with kit.db.reading() as session:
        last = asked_last(session, turn)
        asked = last if last is not None and last.reply_kind in QUESTIONS else None
        clicked = intent_asked(session, asked) if asked is not None else ""
    if not clicked:
        return ""
    found = meant(words, (), kit.orders.of(customer_of(case)))
    named = found.unknown or (len(found.orders) == 1 and not found.guessed)
    return clicked if named else ""


def spelled_out(kit: Kit, case: Conversation, turn: Turn, words: str) -> str:
    """What these words ask of an order that they, or those right before them, name; empty where they do not."""
    if not kit.orders.known or not _asks_for_theirs(case, turn):
        return ""
    orders = kit.orders.of(customer_of(case))
    return which_order.spelled_out(words, _pointing(kit, case, turn, orders), orders) if orders else ""


def _pointing(kit: Kit, case: Conversation, turn: Turn, orders: Sequence[Order]) -> tuple[str, ...]:
    """The customer's messages closely before a turn that only say which order they are about, oldest first.

    Each was asked back in a case of its own, if it came too late to be one message with the next.
    """
    found: list[str] = []
    with kit.db.reading() as session:
        last, log = turn.created_at, Turns(session)
        for each in reversed(lately(session, turn, last - SHOWN * GOES_ON)):
            words = "\n".join(log.wordings([each]))
            closely = last - each.created_at <= GOES_ON
            if not closely or each.route not in UNSURE or not which_order.only_points(words, orders):
                break
            found, last = [words, *found], each.created_at
    return tuple(found)


def for_agents(kit: Kit, case: Conversation, turn: Turn, words: str) -> tuple[tuple[Order, ...], tuple[Order, ...]]:
    """Orders of the case's customer: those that a turn is about, and the newest of the others; SHOWN in all."""
    orders = kit.orders.of(customer_of(case))
    told = _asked_about(kit, case, turn, words, orders) if orders else ()
    others = tuple(order for order in orders if order not in told)
    return told, others[: SHOWN - len(told)]


def _asked_about(kit: Kit, case: Conversation, turn: Turn, words: str, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    """Chosen at a click, named here or before in the case, or the only one that it can be."""
    before = _before(kit, case, turn)
    with kit.db.reading() as session:
        intent = kit.catalogue.get(intent_asked(session, turn))
        chosen = [click.value for click in Clicks(session).of_turn(turn.id) if click.kind == ASKED]
    if chosen:
        return tuple(order for order in orders if order.number == chosen[0])
    named = tuple(order for order in orders if named_in(order, words))
    if named:
        return named[:SHOWN]
    earlier = (*before.words, *before.chosen)
    found = meant(words, earlier, orders, lambda order: _fits(kit, intent, order))
    plain = found.guessed and not slots.about_order(intent.answer)
    return () if plain or len(found.orders) != 1 else found.orders


def intent_asked(session: Session, turn: Turn) -> str:
    """The intent that a turn was answered by: the one that its customer chose, else the one that was understood."""
    return Clicks(session).meant(turn.id) or turn.intent or ""


def _fits(kit: Kit, intent: Intent, order: Order) -> bool:
    return slots.fills(intent.answer or "", order_words.slots(order, kit.orders.today()))


def _unknown(orders: Sequence[Order], *, again: bool) -> About:
    """The same whether the order is another's or nobody's; the second time a person is offered."""
    words = wording.NO_SUCH_ORDER_AGAIN if again else wording.NO_SUCH_ORDER
    choices = tuple(order_words.choice(order) for order in orders[:SHOWN])
    return About(kind=UNKNOWN, words=words, offer=again, choices=() if again else choices)


def _which(found: Meant) -> About:
    return About(kind=ASKED, words=wording.WHICH_ORDER, choices=tuple(map(order_words.choice, found.orders)))


@dataclass(frozen=True, slots=True)
class _Before:
    kinds: frozenset[str]
    """Of the replies before this turn, in its case."""
    chosen: tuple[str, ...]
    """Numbers of the orders that were chosen at a click, oldest first."""
    words: tuple[str, ...]
    """The customer's, oldest first."""


def _before(kit: Kit, case: Conversation, turn: Turn) -> _Before:
    with kit.db.reading() as session:
        log = Turns(session)
        turns = log.earlier(turn)
        clicks = [click for each in turns for click in Clicks(session).of_turn(each.id)]
        words = tuple(log.wordings(turns))
    chosen = tuple(click.value for click in clicks if click.kind == ASKED and click.value != ERASED)
    return _Before(frozenset(each.reply_kind for each in turns), chosen, words)
