"""Cases and turns as agents see them, read from SQL at the moment they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot import order_answers, order_words, wording
from bot.courtesy import courtesy, pleads
from bot.enclosing import enclosed
from bot.history import earlier
from bot.kit import Kit
from bot.lookup import Order
from bot.order_words import SHOWN
from bot.routing import Route
from bot.text import shorten
from bot.values import Card, Case, Enclosed, Fix, Guess, Judged, Told
from storage.agent_replies import AgentReplies
from storage.clicks import Clicks
from storage.conversations import Conversation
from storage.corrections import Correction, Corrections
from storage.dismissals import Dismissals
from storage.feedback import Feedback, FeedbackRow
from storage.keyvalues import KeyValues
from storage.scores import Scores
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns

SAID_BEFORE = 4
"""So many earlier and so many later messages of a case stand on its card."""
DRAFT = "draft"
"""Kind of a reply that waits for an agent to send it."""
SILENT = "silent"
"""Kind of a turn to which nothing was said."""
SENT = "draft_sent"
"""Kind of the click that claims the sending of a draft."""
RIGHT_SENT = "right_answer_sent"
"""Kind of the click that claims the sending of the right answer, after a correction."""
WORDED = "answer_worded"
"""Kind of the click that says that an agent's words stand in the place of a reply; its value is that message's ts."""
EDITED = "draft_edited"
"""Kind of the click that says that a draft was sent in an agent's words."""


@dataclass(frozen=True, slots=True)
class _Shown:
    turn: Turn
    words: str
    erased: bool
    before: tuple[str, ...]
    since: tuple[str, ...]
    answered: bool
    replaced: bool
    correction: Correction | None
    judged: tuple[Judged, ...]
    dismissed_by: str
    enclosed: tuple[Enclosed, ...]


def card(kit: Kit, case: Conversation, reason: str = "", turn_id: int = 0) -> Card:
    """The card of a case. What is not given stays as the card showed it last."""
    with kit.db.reading() as session:
        kept = KeyValues(session, kit.team).get(_key(case.id)) or {}
        stood = int(kept.get("turn", 0))
        aside = bool(stood) and case.state in ("waiting", "human") and _is_talk(kit, session, turn_id)
        shown = _shown(kit, session, case.id, stood if aside else turn_id or stood)
        told = _told(session, kit.team, case.id)
        score = Scores(session, kit.team).of(case.id) or 0
    before = earlier(kit, case)
    made = Card(
        case_id=case.id,
        state=case.state,
        holder=case.holder or "",
        customer=case.customer,
        reason=reason or str(kept.get("reason", "Request")),
        opened_at=case.opened_at,
        now=datetime.now(UTC),
        # Nobody but the customer can open direct messages with the bot.
        link="" if case.channel.startswith("D") else kit.surface.link(case.channel, case.thread_ts),
        is_test=case.is_test,
        before=before.line(datetime.now(UTC)) if before is not None else "",
        told=told,
        score=score,
    )
    if shown is None:
        return replace(made, orders=_lines(kit, kit.orders.of(order_answers.customer_of(case))[:SHOWN]))
    turn = shown.turn
    read = not shown.erased
    about, others = order_answers.for_agents(kit, case, turn, shown.words)
    versions = [f"intent {turn.intent_version}" if turn.intent_version else "", turn.response_version]
    return replace(
        made,
        turn_id=turn.id,
        text=shown.words,
        erased=shown.erased,
        said_before=shown.before,
        said_since=shown.since,
        language=kit.languages.name(shown.words) if shown.words and read else "",
        unread=read and bool(kit.languages.foreign(shown.words)),
        guesses=guesses(kit, turn) if read else (),
        out_of_scope=read and bool(turn.out_of_scope),
        taught=turn.prediction_source == "memory",
        further=further(kit, turn) if read else (),
        in_context=read and bool(turn.in_context),
        judged=shown.judged,
        reply=turn.reply_text if turn.reply_text != ERASED else "",
        replaced=shown.replaced,
        draft=turn.reply_kind == DRAFT and shown.answered,
        answered=shown.answered,
        versions=" · ".join(filter(None, versions)),
        fix=fix(shown.correction, undoable=read),
        seen=shown.correction.id if shown.correction is not None else 0,
        dismissed_by=shown.dismissed_by,
        enclosed=shown.enclosed,
        about=_lines(kit, about),
        orders=_lines(kit, others),
    )


def _lines(kit: Kit, orders: Sequence[Order]) -> tuple[str, ...]:
    return order_words.for_agents(orders, kit.orders.today())


def keep(session: Session, team: str, shown: Card) -> None:
    """Remember what the card shows, so that the next drawing can leave it as it is."""
    KeyValues(session, team).set(_key(shown.case_id), {"reason": shown.reason, "turn": shown.turn_id})


def case(kit: Kit, turn: Turn) -> Case:
    """A turn as the modals show it."""
    with kit.db.reading() as session:
        latest = Corrections(session).latest(turn.id)
        judged = _judged(Feedback(session).of_turn(turn.id), turn.id)
        anew = replaced(session, kit.team, turn.id) is not None
        told = _told(session, kit.team, turn.conversation_id)
        better = latest.better_answer if latest is not None and latest.better_answer != ERASED else ""
    return Case(
        turn_id=turn.id,
        text=kit.words(turn),
        guesses=guesses(kit, turn),
        out_of_scope=bool(turn.out_of_scope),
        reply=better or ("" if anew else turn.reply_text),
        seen=latest.id if latest is not None else 0,
        judged=judged,
        taught=turn.prediction_source == "memory",
        told=told,
    )


def guesses(kit: Kit, turn: Turn) -> tuple[Guess, ...]:
    """The ranking with titles, best first, in today's names and without archived intents."""
    names = kit.catalogue.names()
    sums: dict[str, float] = {}
    for name, probability in turn.ranking[:5]:
        now = names.served(name)
        sums[now] = sums.get(now, 0.0) + probability
    best = sorted(sums.items(), key=lambda each: -each[1])
    return tuple(Guess(name, kit.catalogue.title(name), probability) for name, probability in best if name != "oos")


def further(kit: Kit, turn: Turn) -> tuple[Guess, ...]:
    """What the message asks beside the intent of its prediction, in its order."""
    return tuple(
        Guess(name, kit.catalogue.title(name), confidence)
        for name, confidence, _, _ in turn.requests
        if kit.catalogue.names().of(name) != kit.catalogue.names().of(turn.intent or "")
    )


def label(turn: Turn) -> str:
    """What the model said of a turn, as a label; empty where it said nothing."""
    return "oos" if turn.out_of_scope else turn.intent or ""


def replaced_key(turn_id: int) -> str:
    """Key under which the route of the reply is kept that stands in the place of the turn's first one."""
    return f"replaced:{turn_id}"


def replaced(session: Session, team: str, turn_id: int) -> str | None:
    """That route, empty for none; None where the first reply stands, which is the one in the log."""
    found = KeyValues(session, team).get(replaced_key(turn_id))
    return str(found) if found is not None else None


def answered(session: Session, turn: Turn) -> bool:
    """Whether an answer of the bot's stands under a turn, or a draft of one waits: no question back, no offer, and not
    that a person has the case."""
    if turn.reply_text == ERASED or turn.reply_kind == SILENT:
        return False
    if turn.reply_kind == DRAFT:
        return bool(turn.reply_text) and unsent(session, turn)
    now = replaced(session, turn.team_id, turn.id)
    return bool(turn.reply_ts) and (turn.route if now is None else now) == Route.ANSWER


def unsent(session: Session, turn: Turn) -> bool:
    """Whether a turn waits for its draft: it was not sent, nor was the right answer in its place."""
    return turn.reply_kind == DRAFT and turn.reply_text != ERASED and not _clicked(session, turn, SENT, RIGHT_SENT)


def fix(correction: Correction | None, *, undoable: bool = True) -> Fix | None:
    if correction is None:
        return None
    return Fix(
        correction.id,
        correction.before,
        correction.after,
        correction.by,
        undoable,
        better_answer=(correction.better_answer or "") if correction.better_answer != ERASED else "",
        note=correction.note if correction.note != ERASED else "",
    )


def _key(case_id: int) -> str:
    return f"card:{case_id}"


def _is_talk(kit: Kit, session: Session, turn_id: int) -> bool:
    """Whether a turn is nothing but courtesy or a cry for help: written to who has the case, it is not what that is
    about, and a label given to it would teach the bot that "hello?" means a refund."""
    turns = Turns(session)
    turn = turns.get(turn_id)
    if turn is None:
        return False
    words, known = turns.wording(turn), bool(turn.intent) and not turn.out_of_scope
    return bool(courtesy(words)) or pleads(words) or (known and kit.catalogue.get(turn.intent or "").small_talk)


def _said(turns: Turns, others: Sequence[Turn]) -> tuple[str, ...]:
    words = map(turns.wording, others[-SAID_BEFORE:])
    return tuple(shorten(" ".join(each.split()), 200) for each in words if each not in ("", ERASED))


def _shown(kit: Kit, session: Session, case_id: int, turn_id: int) -> _Shown | None:
    turns = Turns(session)
    turn = turns.get(turn_id) if turn_id else next(reversed(turns.of_conversation(case_id)), None)
    if turn is None:
        return None
    words = turns.wording(turn)
    others = turns.of_conversation(turn.conversation_id)
    before = _said(turns, [each for each in others if each.id < turn.id])
    since = _said(turns, [each for each in others if each.id > turn.id])
    dismissal = Dismissals(session, turn.team_id).standing(turn.id)
    by = dismissal.by if dismissal is not None else ""
    judged = _judged(Feedback(session).of_case(turn.conversation_id), turn.id)
    return _Shown(
        turn,
        words,
        kit.erased(turn),
        before,
        since,
        answered(session, turn),
        replaced(session, turn.team_id, turn.id) is not None or _clicked(session, turn, EDITED),
        Corrections(session).latest(turn.id),
        judged,
        by,
        enclosed(session, turn, others),
    )


def _told(session: Session, team: str, case_id: int) -> Told | None:
    last = AgentReplies(session, team).last(case_id)
    return Told(last.agent, last.text) if last is not None else None


def _clicked(session: Session, turn: Turn, *kinds: str) -> bool:
    return any(click.kind in kinds for click in Clicks(session).of_turn(turn.id))


def _judged(rows: Sequence[FeedbackRow], turn_id: int) -> tuple[Judged, ...]:
    """Those that say that an answer did not help, as agents read them."""
    return tuple(
        Judged(
            row.user,
            wording.NOT_HELPFUL.get(row.reason, ""),
            "" if row.comment == ERASED else row.comment,
            other=row.turn_id != turn_id,
        )
        for row in rows
        if row.value == "bad"
    )
