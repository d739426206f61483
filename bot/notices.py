"""What is said once in each wait of a case: that a person was called, the place in the line, and every reminder.

A notice is claimed in SQL before it is said and marked afterwards: neither a restart nor a second replica loses or
repeats one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot import text, wording
from bot.kit import Kit
from bot.languages import phrases
from bot.line import Line
from bot.moves import Moved
from bot.values import Said
from storage.conversations import Conversation, Conversations
from storage.keyvalues import KeyValues
from storage.notices import Notice, Notices
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turns

CALLED, REOPENED, TAKEN, RESOLVED = "called", "reopened", "taken", "resolved"
"""To the customer: a person was called, looks at it again, has it now, has closed it. Owed from the move on."""
RETURNED = "returned"
"""To agents: the holder was silent, the case waits again. Owed from the move on."""
OPENED = "opened"
"""To agents: the customer has opened a resolved case again. Owed as well."""
AGENTS, OWNERS, LATE, AWAY = "agents", "owners", "late", "away"
OWED = (CALLED, REOPENED, TAKEN, RESOLVED, RETURNED, OPENED)
TO_AGENTS = (AGENTS, OWNERS, RETURNED, OPENED)
LEASE = timedelta(minutes=2)
"""Longer than Slack may take, with its second tries."""
CALLED_AGAIN = timedelta(minutes=5)
"""So long whoever has a case is called once, however much its customer writes."""


def owe_agents(session: Session, case: Conversation, now: datetime) -> None:
    """Claim the line that a case was opened again: agents see no card that changes. Not where there is none yet, for
    a new one is seen, and not of an agent's own test."""
    if case.card_ts and not case.is_test:
        Notices(session).claim(case, OPENED, now, LEASE)


class CaseNotices:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.line = Line(kit, self.language)

    def owe(self, session: Session, moved: Moved, kind: str, about: str = "") -> Notice | None:
        """Claim a notice in the transaction that moves the case: whatever happens then, it will be said."""
        if not moved.moved or moved.case is None:
            return None
        return Notices(session).claim(moved.case, kind, self._kit.clock(), LEASE, about)

    def once(self, case: Conversation, kind: str) -> bool:
        """Say it, unless it was said in this wait, another is about to, or the case has moved on."""
        with self._kit.db.writing() as session:
            now = Conversations(session).get(case.id)
            same = now is not None and now.moves == case.moves
            notice = Notices(session).claim(case, kind, self._kit.clock(), LEASE) if same else None
        if notice is None:
            return False
        self.say(case, notice)
        return True

    def say(self, case: Conversation, notice: Notice, post: Callable[[], object] | None = None) -> None:
        """Say what was claimed, or do in its place what says more. Where that fails somebody else may try at once."""
        mark = f"{case.id}-{notice.wait}-{notice.kind}"
        try:
            # Whoever claimed it before may have died after posting, or has posted without hearing so.
            if notice.attempts == 1 or not self._said_before(case, notice.kind, mark):
                post() if post is not None else self._post(case, notice, mark)
        except Exception:
            with self._kit.db.writing() as session:
                Notices(session).free(notice.id, self._kit.clock())
            raise
        with self._kit.db.writing() as session:
            Notices(session).sent(notice.id, self._kit.clock())

    def call_holder(self, case: Conversation) -> None:
        """Tell who has the case that its customer has written, below the card: once until they stir, or for a while.

        Without the words, which stand on the card and go with the customer's data.
        """
        if not case.card_ts or case.holder in (None, case.customer):
            return
        now, key = self._kit.clock(), f"wrote:{case.id}"
        with self._kit.db.writing() as session:
            kept = KeyValues(session, self._kit.team)
            last = kept.get(key)
            before = datetime.fromisoformat(last) if last else None
            stirred = before is not None and case.holder_at is not None and case.holder_at > before
            due = before is None or stirred or now - before >= CALLED_AGAIN
            if due:
                kept.set(key, now.isoformat())
        if due:
            words = f"<@{case.holder}>, <@{case.customer}> has written again: it stands on the card."
            self._kit.surface.note(case.card_channel, case.card_ts, words)

    def standing(self, case_id: int, language: str = "") -> str:
        """Which in the line a case is and, where nobody is there, when somebody will be; empty where it does not wait.

        Args:
            language: code of the customer's language where the model does not read it.
        """
        case, now = self._kit.case(case_id), self._kit.clock()
        if case is None or case.state != "waiting":
            return ""
        with self._kit.db.reading() as session:
            number = Conversations(session).place(case)
        line = (phrases(language).line if language else wording.IN_LINE).format(number=number)
        if self._kit.hours.open(now):
            return line
        with self._kit.db.writing() as session:
            told = Notices(session).claim(case, AWAY, now, LEASE)
            if told is not None:
                Notices(session).sent(told.id, now)
        return f"{line} {self._away(language)}"

    def handed_off(self, case_id: int, words: str, language: str, apart: str) -> str:
        """What a hand-off says, and how the case stands.

        Args:
            apart: the thread of a turn that has one of its own: people answer in the case's, so it is told which.
        """
        case = self._kit.case(case_id)
        if case is not None and apart not in ("", case.thread_ts):
            link = self._kit.surface.link(case.channel, case.thread_ts)
            thread = f"[{wording.OWN_THREAD}]({link})" if link else wording.OWN_THREAD
            words = words.replace(wording.HANDOFF, wording.HANDOFF_ELSEWHERE.format(thread=thread))
        return f"{words} {self.standing(case_id, language)}".strip()

    def language(self, case_id: int, turn_id: int = 0) -> str:
        """The code of the customer's language where the model does not read it: of that turn, or of the last one."""
        with self._kit.db.reading() as session:
            turns = Turns(session)
            turn = turns.get(turn_id) if turn_id else next(reversed(turns.of_conversation(case_id)), None)
        words = self._kit.words(turn) if turn is not None else ""
        return self._kit.languages.foreign(words) if words not in ("", ERASED) else ""

    def called(self, case_id: int, turn_id: int = 0) -> str:
        """That a person was called, and how the case stands."""
        code = self.language(case_id, turn_id)
        return self.handed_off(case_id, phrases(code).handoff if code else wording.HANDOFF, code, "")

    def _post(self, case: Conversation, notice: Notice, mark: str) -> None:
        words = self._to_agents(case, notice)
        if words:
            self._kit.surface.note(case.card_channel or self._kit.people.channel(), case.card_ts, words, mark)
        else:
            said = Said(self._to_customer(case, notice), case.id, mark=mark)
            self.line.told(case.id, said, self._kit.surface.say(case.channel, case.thread_ts, said))

    def _to_agents(self, case: Conversation, notice: Notice) -> str:
        """Empty for what is the customer's."""
        now = self._kit.clock()
        customer, waited = f"<@{case.customer}>", text.age(case.waiting_since or now, now)
        owners = " ".join(f"<@{owner}>" for owner in self._kit.people.owners())
        drafted = case.state == "bot"
        who = "an answer to be sent. Who reads the draft?" if drafted else "a person. Who takes this request?"
        not_done = "has sent the answer to" if drafted else "has taken"
        return {
            AGENTS: f"{customer} has waited {waited} for {who}",
            OWNERS: f"{owners} Nobody {not_done} this request of {customer} for {waited}.".strip(),
            RETURNED: f"<@{notice.about}> has been silent for long, so this request of {customer} waits again.",
            OPENED: f"{customer} has opened this request again: it waits for a person. Who takes it?",
        }.get(notice.kind, "")

    def _to_customer(self, case: Conversation, notice: Notice) -> str:
        if notice.kind == CALLED:
            return self.called(case.id, int(notice.about or 0))
        if notice.kind == RESOLVED:
            return wording.RESOLVED
        if notice.kind == TAKEN:
            return wording.TAKEN.format(name=self._kit.surface.person(notice.about).name or "A colleague")
        code = self.language(case.id)
        if notice.kind == REOPENED:
            return f"{wording.REOPENED} {self.standing(case.id, code)}".strip()
        if notice.kind == AWAY:
            return self._away(code)
        return phrases(code).late if code else wording.LATE

    def _away(self, code: str) -> str:
        hours, now = self._kit.hours, self._kit.clock()
        when = hours.next_open(now)
        if code:
            return phrases(code).away.format(when=hours.stamp(when))
        return wording.AWAY.format(when=hours.words(when, now))

    def _said_before(self, case: Conversation, kind: str, mark: str) -> bool:
        agents = kind in TO_AGENTS
        channel, thread = (case.card_channel, case.card_ts) if agents else (case.channel, case.thread_ts)
        return bool(channel and thread and self._kit.surface.marked(channel, thread, mark))
