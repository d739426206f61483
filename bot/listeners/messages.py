"""Messages in: written down before Bolt acknowledges them, then handed to the workers."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from bot import customers, text, wording
from bot.addressing import Incoming, Whose
from bot.intake import Accepted
from bot.listeners.files import arrived
from bot.services import Services
from bot.values import Customer, Said
from storage.conversations import Conversation

log = logging.getLogger(__name__)
KEPT_SUBTYPES = frozenset({None, "", "file_share", "thread_broadcast"})
AFTER = "understudy_after"
Job = Callable[[], None]


def register(app: App, services: Services) -> None:
    """The middleware that writes down, and the listeners that carry on."""

    def write_down(body: dict[str, Any], context: dict[str, Any], next: Callable[[], None]) -> None:
        # Bolt acknowledges an event before its listener runs. Here it has not yet: when this raises, it never does,
        # and Slack delivers the event again.
        context[AFTER] = taken_in(services, body)
        next()

    def carry_on(context: dict[str, Any]) -> None:
        after = context.get(AFTER)
        if after is not None:
            after()

    app.use(write_down)
    app.event("message")(carry_on)
    app.event("app_mention")(carry_on)


def taken_in(services: Services, body: Mapping[str, Any]) -> Job | None:
    """Write an event down; gives what is left to do once it is acknowledged."""
    event = body.get("event")
    if body.get("type") != "event_callback" or not isinstance(event, Mapping):
        return None
    if event.get("type") not in ("message", "app_mention"):
        return None
    subtype = event.get("subtype")
    if subtype == "message_changed":
        return _changed(services, event)
    if subtype == "message_deleted":
        return _deleted(services, str(event.get("channel", "")), str(event.get("deleted_ts") or ""))
    message = incoming(event)
    if message is None or subtype not in KEPT_SUBTYPES:
        return None
    if not services.kit.people.ready():
        return lambda: explain_setup(services, message)
    accepted = services.intake.accept(message, str(body.get("event_id") or ""))
    return lambda: carry(services, message, accepted)


def incoming(event: Mapping[str, Any], channel: str = "") -> Incoming | None:
    """A person's message as plain values; none for bots and for what has no author."""
    user = event.get("user")
    if not user or event.get("bot_id") or not event.get("ts"):
        return None
    thread = str(event.get("thread_ts") or "")
    return Incoming(
        channel=channel or str(event.get("channel") or ""),
        ts=str(event["ts"]),
        user=str(user),
        text=str(event.get("text") or ""),
        thread_ts="" if thread == event["ts"] else thread,
        user_team=str(event.get("user_team") or event.get("team") or ""),
        files=tuple(filter(None, (arrived(file) for file in event.get("files") or [] if isinstance(file, Mapping)))),
    )


def carry(services: Services, message: Incoming, accepted: Accepted) -> None:
    """After the acknowledgement: say what is owed at once, and let the workers do the rest."""
    case = accepted.case
    if accepted.mine is not None:
        show_theirs(services, message, accepted.mine)
    if case is None:
        return
    if accepted.whose in (Whose.INTERNAL, Whose.AGENT):
        colleague(services, message, accepted, case)
        return
    if accepted.joined and accepted.fresh:
        services.cases.joined(case.id, message.channel, message.ts)
    if accepted.reopened:
        services.cases.reopened(case.id, accepted.reopened)
    if accepted.fresh and case.state == "bot" and not services.desk.quiet(case.channel):
        # Here and not only where the turn is worked: with all workers busy the first sign of life would wait for one.
        services.kit.surface.thinking(case.channel, message.root, True)
    services.work(case.id)
    if accepted.fresh:
        services.later(case.id, lambda: services.cases.changed(case.id))


def colleague(services: Services, message: Incoming, accepted: Accepted, case: Conversation) -> None:
    """An agent has written: in a card's thread, where it may be sent on, or in a case, which is theirs then."""
    surface = services.kit.surface
    if accepted.whose is Whose.INTERNAL:
        if accepted.fresh and case.state != "closed" and text.has_words(message.text):
            surface.offer_sending(message.channel, message.thread_ts, message.user, case.id, message.ts)
    elif accepted.taken:
        surface.ask_takeover(case.channel, case.thread_ts, message.user, case.id, case.customer)
        services.cases.show(case.id, "" if case.card_ts else "Taken over in the thread")
    else:
        # What an agent tells the customer stands on the card, for colleagues.
        services.cases.show(case.id)


def show_theirs(services: Services, message: Incoming, customer: Customer) -> None:
    """Somebody's requests and data, to them alone: what the Home shows, for those who have none."""
    asked, kept = customers.requests(services.kit, customer), customers.kept(services.kit, customer)
    # Outside a thread an ephemeral message stands in the channel, where whoever wrote there looks.
    thread = message.root if message.direct else message.thread_ts
    services.kit.surface.show_mine(message.channel, message.user, thread, asked, kept)


def explain_setup(services: Services, message: Incoming) -> None:
    """Until it is set up the bot answers nobody; an admin who writes to it hears how to finish."""
    if message.direct and services.kit.people.may_set_up(message.user):
        words = wording.SET_UP.format(command=services.commands[0])
        services.kit.surface.say(message.channel, message.ts, Said(words, 0))


def _changed(services: Services, event: Mapping[str, Any]) -> Job | None:
    inner = event.get("message") or {}
    channel = str(event.get("channel") or "")
    if inner.get("subtype") == "tombstone":
        # A deleted message that has replies is changed into this.
        return _deleted(services, channel, str(inner.get("ts") or ""))
    message = incoming(inner, channel)
    if message is None or inner.get("subtype") not in KEPT_SUBTYPES:
        return None
    turn_id = services.intake.changed(message)
    return _later(services, turn_id, services.followups.edited) or _told(services, channel, message.ts)


def _deleted(services: Services, channel: str, ts: str) -> Job | None:
    turn_id = services.intake.deleted(channel, ts) if channel and ts else 0
    return _later(services, turn_id, services.followups.deleted) or _told(services, channel, ts)


def _told(services: Services, channel: str, ts: str) -> Job | None:
    """What an agent has told the customer stands on the card: where it was changed or taken back the card is drawn."""
    case_id = services.intake.told_in(channel, ts) if ts else 0
    return (lambda: services.cases.show(case_id)) if case_id else None


def _later(services: Services, turn_id: int, job: Callable[[int], None]) -> Job | None:
    turn = services.kit.turn(turn_id) if turn_id else None
    if turn is None:
        return None
    case_id = turn.conversation_id
    return lambda: services.later(case_id, lambda: job(turn_id))
