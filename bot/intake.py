"""Writes a message down before it is acknowledged: whose it is, which case it belongs to, and its turn.

Everything here is SQL and quick; nothing is said to anybody. A message that cannot be written raises, is then not
acknowledged, and comes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import assent, text, wording
from bot.addressing import Facts, Incoming, Whose, whose
from bot.bursts import alone, followed
from bot.courtesy import courtesy, farewell
from bot.kit import Kit
from bot.lifecycle import Event
from bot.moves import apply
from bot.notices import LEASE, REOPENED, owe_agents
from bot.routing import Route
from bot.values import Customer
from storage.agent_replies import AgentReplies, key_of
from storage.attachments import Attachments
from storage.clicks import TOPIC, Clicks
from storage.conversations import Conversation, Conversations
from storage.events import Events
from storage.notices import Notices
from storage.redaction import BY_AGENT
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns

COURTESY_WITHIN = timedelta(minutes=30)
"""So long a word of thanks belongs to the customer's last case, wherever in their messages it stands."""
REOPEN_WITH_PERSON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a message."""

    whose: Whose
    case: Conversation | None = None
    turn_id: int = 0
    fresh: bool = False
    """Whether this delivery is the one that made the turn."""
    joined: bool = False
    """A new top-level message that joins a case which waits for a person or is with one."""
    reopened: str = ""
    """`person` or `bot` where a resolved case was opened again."""
    taken: bool = False
    """An agent's message took the case over."""
    mine: Customer | None = None
    """A customer who asks for their requests and data; no turn is made of that."""


NOTHING = Accepted(Whose.NOBODY)


class Intake:
    """Takes messages in.

    Args:
        quiet: as for `bot.bursts.Bursts`.
    """

    def __init__(self, kit: Kit, quiet: timedelta = timedelta()) -> None:
        self._kit, self._quiet = kit, quiet

    def accept(self, message: Incoming, event_id: str) -> Accepted:
        """Write one message down; a redelivery changes nothing."""
        with self._kit.people.steady():
            return self._accept(message, event_id)

    def _accept(self, message: Incoming, event_id: str) -> Accepted:
        if not self._kit.people.ready():
            return NOTHING
        with self._kit.db.reading() as session:
            cases = Conversations(session)
            thread = self._in_thread(session, message)
            card = cases.by_card(self._kit.team, message.channel, message.thread_ts) if message.thread_ts else None
        chosen = whose(message, self._facts(message, thread, card))
        if chosen is Whose.NOBODY:
            return NOTHING
        if chosen is Whose.INTERNAL and card is not None:
            return self._internal(card, message)
        if chosen is Whose.AGENT and thread is not None:
            return self._take_over(thread, message)
        if chosen is Whose.CUSTOMER and text.bare(message.text, self._kit.bot) in wording.MINE:
            return self._asks_for_theirs(message)
        return self._record(message, event_id, chosen)

    def request(self, message: Incoming) -> Accepted:
        """An agent makes a customer's message a request: a turn whose hand-off is decided, in a case that waits for a
        person. Of a message that is in a case already only the case is given.
        """
        with self._kit.db.reading() as session:
            turn = Turns(session).by_ts(self._kit.team, message.channel, message.ts)
            of_turn = Conversations(session).get(turn.conversation_id) if turn is not None else None
            case = of_turn or self._in_thread(session, message)
        if case is not None:
            return Accepted(Whose.CUSTOMER, case, turn.id if turn is not None else 0)
        return self._record(message, f"{BY_AGENT}{message.channel}-{message.ts}", Whose.CUSTOMER, person=True)

    def topic(self, message: Incoming, event_id: str, intent: str) -> Accepted:
        """A customer chose an intent in place of writing: a turn of which it is known what is meant."""
        if not self._kit.people.ready():
            return NOTHING
        whose = Whose.TEST if self._kit.people.is_agent(message.user) else Whose.CUSTOMER
        return self._record(message, event_id, whose, topic=intent)

    def changed(self, message: Incoming) -> int:
        """Keep a later wording; gives the turn's id, or 0 where the words are the same (a link that unfurled)."""
        words = text.clean(message.text, self._kit.bot)
        with self._kit.db.writing() as session:
            turns = Turns(session)
            turn = turns.by_ts(self._kit.team, message.channel, message.ts)
            if turn is None:
                AgentReplies(session, self._kit.team).edited(key_of(message.channel, message.ts), words)
                return 0
            if turn.text == ERASED:
                return 0  # a late edit brings nothing back
            if words == turns.own(turn):
                return 0
            turns.edited(turn.id, words)
        return turn.id

    def deleted(self, channel: str, ts: str) -> int:
        """Redact a message that its customer took back; gives the turn's id, or 0. An agent's reply goes as well."""
        with self._kit.db.writing() as session:
            turns = Turns(session)
            turn = turns.by_ts(self._kit.team, channel, ts)
            if turn is None:
                # Its own event may still be under way: then it is too late.
                Events(session).first(self._kit.team, _gone(channel, ts))
                AgentReplies(session, self._kit.team).redact(key_of(channel, ts))
                return 0
            turns.redact(turn.id)
            # Where it was not answered yet, it never will be; others that have joined it still are.
            first = (turns.get(turn.joined_to) if turn.joined_to else None) or turn
            if first.id != turn.id:
                turns.finish(turn.id, kind="deleted")
            if turns.wording(first) == ERASED or (first.id == turn.id and not turns.joined(first.id)):
                turns.finish(first.id, kind="deleted")
        return turn.id

    def told_in(self, channel: str, ts: str) -> int:
        """The case in which an agent told the customer this; 0 for none."""
        with self._kit.db.reading() as session:
            return AgentReplies(session, self._kit.team).case_of(key_of(channel, ts))

    def _facts(self, message: Incoming, thread: Conversation | None, card: Conversation | None) -> Facts:
        people = self._kit.people
        return Facts(
            bot=self._kit.bot,
            agent=people.is_agent(message.user),
            case_customer=thread.customer if thread is not None else "",
            internal=message.channel == people.channel(),
            card=card is not None,
            answer_all=people.answers_all(message.channel),
        )

    def _internal(self, case: Conversation, message: Incoming) -> Accepted:
        """Talk among agents is not stored; that it was heard is, by its place, so that it is heard once."""
        with self._kit.db.writing() as session:
            fresh = Events(session).first(self._kit.team, f"internal:{message.channel}:{message.ts}")
            Conversations(session).stirred(case.id, message.user, self._kit.clock())
        return Accepted(Whose.INTERNAL, case, fresh=fresh)

    def _take_over(self, case: Conversation, message: Incoming) -> Accepted:
        now, agent = self._kit.clock(), message.user
        with self._kit.db.writing() as session:
            cases = Conversations(session)
            # A delivery that comes again must not take a case that has been given back meanwhile.
            if not Events(session).first(self._kit.team, f"agent:{message.channel}:{message.ts}"):
                return Accepted(Whose.AGENT, cases.get(case.id))
            done = apply(session, case.id, Event.WRITTEN_IN_THREAD, now, holder=agent)
            cases.stirred(case.id, agent, now)
            self._keep(session, case, message)
        return Accepted(Whose.AGENT, done.case, taken=done.moved)

    def _keep(self, session: Session, case: Conversation, message: Incoming) -> None:
        """Keep what an agent tells the customer; not what begins by speaking to somebody else."""
        to_customer = text.mentions(message.text, case.customer)
        aside = text.begins_with_other(message.text, self._kit.bot) and not to_customer
        if aside or not text.has_words(message.text):
            return
        if Events(session).first(self._kit.team, _gone(message.channel, message.ts)):
            words = text.clean(message.text.replace(f"<@{case.customer}>", ""), self._kit.bot)
            replies = AgentReplies(session, self._kit.team)
            replies.add(case.id, message.user, "thread", key_of(message.channel, message.ts), words)

    def _record(
        self, message: Incoming, event_id: str, chosen: Whose, *, person: bool = False, topic: str = ""
    ) -> Accepted:
        words, quiet = text.clean(message.text, self._kit.bot), timedelta() if topic else self._quiet
        team = self._kit.team
        with self._kit.db.writing() as session:
            cases, turns = Conversations(session), Turns(session)
            Events(session).first(team, event_id)
            known = turns.by_ts(team, message.channel, message.ts)
            if known is not None:
                return Accepted(chosen, cases.get(known.conversation_id), known.id)
            if not Events(session).first(team, _gone(message.channel, message.ts)):
                return NOTHING
            now = self._kit.clock()
            question = assent.answers(session, team, message.channel, message.user, words, now)
            quiet = timedelta() if question is not None else quiet
            case, joined, first = self._case(session, message, chosen, now, quiet, question)
            reopened = self._reopen(session, case, now, words)
            # Whoever has the case: what is answered later is answered under the message that asked.
            apart = message.root if message.direct and message.root != case.thread_ts else ""
            apart = first.thread_ts if first is not None else apart
            heard = None if joined or (first is None and alone(message, words, quiet)) else now
            where = (team, message.channel, message.ts, message.user, words, event_id, case.id, apart)
            turn, fresh = turns.record(*where, first.id if first is not None else None, heard)
            if fresh:
                Attachments(session).arrived(team, turn.id, message.files)
            if fresh and topic:
                Clicks(session).add(team, turn.id, message.user, TOPIC, topic)
            if fresh and person:
                # At once, for no worker may find a turn that it would answer; the turn's work tells the customer.
                turns.routed(turn.id, Route.HANDOFF.value)
                apply(session, case.id, Event.PASSED_ON, now)
            return Accepted(chosen, cases.get(case.id), turn.id, fresh, joined, reopened)

    def _asks_for_theirs(self, message: Incoming) -> Accepted:
        # A mention comes as two events: each message is answered once.
        with self._kit.db.writing() as session:
            first = Events(session).first(self._kit.team, f"mine:{message.channel}:{message.ts}")
        customer = Customer(message.user_team or self._kit.team, message.user)
        return Accepted(Whose.CUSTOMER, mine=customer) if first else NOTHING

    def _in_thread(self, session: Session, message: Incoming) -> Conversation | None:
        """The case of a message's thread; a thread below one of its turns that stands apart is of the case too."""
        cases = Conversations(session)
        known = cases.by_thread(self._kit.team, message.channel, message.root)
        if known is None and message.thread_ts:
            above = Turns(session).by_ts(self._kit.team, message.channel, message.thread_ts)
            inside = above is not None and (above.thread_ts or above.joined_to)
            known = cases.get(above.conversation_id) if above is not None and inside else None
        return known

    def _case(
        self,
        session: Session,
        message: Incoming,
        chosen: Whose,
        now: datetime,
        quiet: timedelta,
        question: Turn | None,
    ) -> tuple[Conversation, bool, Turn | None]:
        """The case, whether a person has it already, and the turn that the message follows closely."""
        team, cases = self._kit.team, Conversations(session)
        words = text.clean(message.text, self._kit.bot)
        known = self._in_thread(session, message)
        if known is not None:
            return known, False, None
        if message.direct:
            active = cases.active_of(team, message.channel, message.user)
            if active is not None:
                return active, True, None
            first = followed(session, team, message, words, now, quiet)
            case = cases.get(first.conversation_id) if first is not None else None
            if case is not None:
                return case, False, first
            last = cases.get(question.conversation_id) if question is not None else None
            if last is None and courtesy(words):
                last = cases.last_of(team, message.channel, message.user, now - COURTESY_WITHIN)
            if last is not None and last.state == "bot":
                return last, False, None
        opened = cases.open(
            team, message.channel, message.root, message.user, message.user_team or team, chosen is Whose.TEST
        )
        return opened, False, None

    @staticmethod
    def _reopen(session: Session, case: Conversation, now: datetime, words: str) -> str:
        if case.state == "closed" and farewell(words):
            return ""
        late = case.resolved_at is not None and now - case.resolved_at >= REOPEN_WITH_PERSON
        done = apply(session, case.id, Event.MESSAGE_LATE if late else Event.MESSAGE, now)
        if not done.moved or done.case is None:
            return ""
        if done.case.state != "waiting":
            return "bot"
        # Owed from here on; and it says that a person has it, so that the message itself need not.
        Notices(session).claim(done.case, REOPENED, now, LEASE)
        owe_agents(session, done.case, now)
        Conversations(session).set_notice(case.id)
        return "person"


def _gone(channel: str, ts: str) -> str:
    """Key of a message in the processed events: it was taken in, or deleted before it came; whichever is first."""
    return f"message:{channel}:{ts}"
