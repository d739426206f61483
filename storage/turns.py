"""Turns: one customer utterance each, and what was done with it.

A turn is worked by whoever holds its lease. Its prediction is written once; status, reply and timings are filled once;
its text may only be redacted.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select, update

from storage import bursts, redaction, statistics, turn_queries
from storage.conversations import Conversations
from storage.errors import PredictionExistsError
from storage.predictions import PredictionLike
from storage.rows import changed, inserted, new_id, read
from storage.session import Session
from storage.statistics import Stats
from storage.tables import ERASED, turn_edits, turns, utcnow
from storage.turn import UNFINISHED as UNFINISHED
from storage.turn import Edit as Edit
from storage.turn import Status as Status
from storage.turn import Turn as Turn


class Turns:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self,
        team: str,
        channel: str,
        ts: str,
        user: str,
        text: str,
        event_id: str,
        conversation_id: int,
        thread_ts: str = "",
        joined_to: int | None = None,
        heard_at: datetime | None = None,
    ) -> tuple[Turn, bool]:
        """Write a message down; a redelivery gives the row that is there, and False."""
        now = utcnow()
        values: dict[str, Any] = {
            "team_id": team,
            "channel": channel,
            "ts": ts,
            "user": user,
            "text": text,
            "event_id": event_id,
            "conversation_id": conversation_id,
            "thread_ts": thread_ts,
            "joined_to": joined_to,
            "heard_at": heard_at,
            "created_at": now,
        }
        row = inserted(self._session, turns, values)
        if row is not None:
            Conversations(self._session).touch(conversation_id, now)
        turn = read(Turn, row) if row is not None else self.by_ts(team, channel, ts)
        assert turn is not None
        return turn, row is not None

    def claim(self, turn_id: int, lease_seconds: float, now: datetime | None = None) -> Turn | None:
        """Take the turn to work on it; None when it is finished or another's lease still runs."""
        now = now or utcnow()
        free = or_(turns.c.lease_until.is_(None), turns.c.lease_until <= now)
        taken = (
            update(turns)
            .where(turns.c.id == turn_id, turns.c.status.in_(UNFINISHED), free)
            .values(
                # What was posted stays known as posted: its reply must not go out again.
                status=case((turns.c.status == "posted", "posted"), else_="working"),
                lease_until=now + timedelta(seconds=lease_seconds),
                attempts=turns.c.attempts + 1,
            )
        )
        return self.get(turn_id) if changed(self._session, taken) else None

    def release(self, turn_id: int) -> None:
        """Give the lease back, so that another may take the turn at once."""
        self._update(turn_id, turns.c.status.in_(UNFINISHED), lease_until=None)

    def hold(self, turn_id: int) -> None:
        """Give the turn back as if nobody had taken it: more may follow before it is answered."""
        values: dict[str, Any] = {"lease_until": None, "status": "received", "attempts": turns.c.attempts - 1}
        self._update(turn_id, turns.c.status == "working", **values)

    def next_unfinished(self, conversation_id: int) -> Turn | None:
        """The oldest turn of the conversation that is not finished; what follows another closely comes after that."""
        found = self._all(turn_queries.OPEN_OF_CASE, case=conversation_id)
        first = self.get(found[0].joined_to) if found and found[0].joined_to else None
        if first is not None and first.status in UNFINISHED:
            return first
        return found[0] if found else None

    def unfinished(self, team: str | None = None) -> list[Turn]:
        """Turns still to be worked, oldest first; those under a lease too."""
        return self._all(turn_queries.UNFINISHED_ONES.where(*_team(team)))

    def predicted(self, turn_id: int, prediction: PredictionLike) -> None:
        """Write the prediction.

        Raises:
            PredictionExistsError: there is one already; what is stored stands.
        """
        values: dict[str, Any] = {
            "turn": turn_id,
            "intent": prediction.intent,
            "confidence": float(prediction.confidence),
            "oos_score": float(prediction.oos_score),
            "out_of_scope": bool(prediction.out_of_scope),
            "ranking": [[ranked.intent, float(ranked.probability)] for ranked in prediction.ranking],
            "prediction_source": prediction.source,
            "intent_version": prediction.version,
            "predicted_at": utcnow(),
            "requests": [[each.intent, float(each.confidence), each.start, each.end] for each in prediction.requests],
            "in_context": prediction.in_context,
        }
        if not self._session.execute(turn_queries.SET_UNPREDICTED, values).rowcount:
            raise PredictionExistsError(
                f"expected turn {turn_id} without a prediction, found one or no such turn: use what is stored."
            )

    def routed(self, turn_id: int, route: str) -> None:
        """Write what was decided; the prediction stays as it is."""
        self._session.execute(turn_queries.SET, {"turn": turn_id, "route": str(route)})

    def posted(self, turn_id: int, reply_text: str, reply_ts: str, kind: str) -> bool:
        """The reply is in Slack; after a crash it must not be sent again. False when the turn was finished."""
        open_ = turns.c.status.in_(UNFINISHED)
        values = {"reply_text": _unless_erased(reply_text), "reply_ts": reply_ts, "reply_kind": kind}
        return self._update(turn_id, open_, status="posted", **values)

    def finish(
        self,
        turn_id: int,
        reply_text: str = "",
        reply_ts: str = "",
        kind: str = "",
        version: str = "",
        article_ids: Sequence[str] = (),
        timings: Mapping[str, float] | None = None,
    ) -> bool:
        """Complete the turn, once; False when that was done. An empty value keeps what `posted` wrote."""
        given: dict[str, Any] = {"reply_ts": reply_ts, "reply_kind": kind, "response_version": version}
        if reply_text:
            given["reply_text"] = _unless_erased(reply_text)
        return self._update(
            turn_id,
            turns.c.status.in_(UNFINISHED),
            status="done",
            lease_until=None,
            article_ids=list(article_ids),
            timings=dict(timings or {}),
            finished_at=utcnow(),
            **{name: value for name, value in given.items() if name == "reply_text" or value},
        )

    def redraft(self, turn_id: int, text: str, version: str = "", article_ids: Sequence[str] = ()) -> bool:
        """Put another draft in the place of one that was not sent; empty for none. False where there is no draft."""
        values = {"reply_text": _unless_erased(text), "response_version": version, "article_ids": list(article_ids)}
        return self._update(turn_id, turns.c.reply_kind == "draft", **values)

    def failing(self, turn_id: int, error: str) -> None:
        """Remember why its work failed, while its customer is told so; empty where they have not been."""
        self._update(turn_id, turns.c.status.in_(UNFINISHED), error=_unless_erased(error) if error else "")

    def fail(self, turn_id: int, error: str) -> bool:
        """Give the turn up, for good; False when it was finished."""
        open_ = turns.c.status.in_(UNFINISHED)
        values = {"error": _unless_erased(error), "finished_at": utcnow()}
        return self._update(turn_id, open_, status="failed", lease_until=None, **values)

    def get(self, turn_id: int) -> Turn | None:
        return self._one(turn_queries.BY_ID, turn=turn_id)

    def by_ts(self, team: str, channel: str, ts: str) -> Turn | None:
        return self._one(turn_queries.BY_TS, team=team, place=channel, at=ts)

    def by_reply_ts(self, team: str, channel: str, reply_ts: str) -> Turn | None:
        """The turn whose reply this message is."""
        if not reply_ts:
            return None
        return self._one(turn_queries.BY_REPLY_TS, team=team, place=channel, at=reply_ts)

    def of_conversation(self, conversation_id: int) -> list[Turn]:
        """The case's turns, oldest first; without those that follow another closely."""
        return self.of_conversations([conversation_id])

    def of_conversations(self, ids: Collection[int]) -> list[Turn]:
        """The same of several cases."""
        return self._all(turn_queries.FIRSTS_OF_CASES, cases=list(ids)) if ids else []

    def earlier(self, turn: Turn) -> list[Turn]:
        """The turns of its case before it, oldest first; without those that follow another closely."""
        return [each for each in self.of_conversation(turn.conversation_id) if each.id < turn.id]

    def following(self, turn_id: int) -> list[Turn]:
        """What follows a turn closely, oldest first: joined to it, or not read yet."""
        return self._all(turn_queries.FOLLOWING, first=turn_id)

    def joined(self, turn_id: int) -> list[Turn]:
        """What has joined a turn, oldest first."""
        return self._all(turn_queries.JOINED, first=turn_id)

    def pieces(self, conversation_id: int) -> list[Turn]:
        """What has joined any turn of the case."""
        return self._all(turn_queries.PIECES_OF_CASE, case=conversation_id)

    def each(self, team: str) -> Iterator[Turn]:
        """Every turn of the team in the order they came, a few at a time."""
        query = select(turns).where(turns.c.team_id == team).order_by(turns.c.id)
        rows = self._session.execute(query, execution_options={"yield_per": 500}).mappings()
        return (read(Turn, row) for row in rows)

    def before(self, turn: Turn, user: str, since: datetime) -> list[Turn]:
        """The user's turns before this one and not before `since`, oldest first; without those that follow another
        closely."""
        return self._all(turn_queries.BEFORE, team=turn.team_id, who=user, turn=turn.id, since=since)

    def last_of(self, team: str, channel: str, user: str, since: datetime) -> Turn | None:
        """The user's newest turn in a channel, not before `since`; without those that follow another closely."""
        return self._one(turn_queries.LAST_OF, team=team, place=channel, who=user, since=since)

    def edited(self, turn_id: int, text: str) -> Edit:
        """Remember that the customer changed the message; the turn keeps its first words."""
        turn = self.get(turn_id)
        if turn is None:
            raise LookupError(f"no turn {turn_id}")
        now = utcnow()
        values = {"team_id": turn.team_id, "turn_id": turn_id, "text": text, "at": now}
        edit_id = new_id(self._session, turn_edits, values)
        return Edit(edit_id, turn.team_id, turn_id, text, now)

    def edits(self, turn_id: int) -> list[Edit]:
        """The later wordings, oldest first."""
        return [read(Edit, row) for row in self._session.execute(turn_queries.EDITS, {"turns": [turn_id]}).mappings()]

    def wording(self, turn: Turn) -> str:
        """The customer's own words as they last worded them; with those of the messages that have joined it."""
        return self.wordings([turn])[0]

    def wordings(self, those: Sequence[Turn]) -> list[str]:
        """The same of several turns, in their order."""
        joint = bursts.wordings(self._session, [turn.id for turn in those])
        own = self._own([turn for turn in those if not joint.get(turn.id)])
        return [joint.get(turn.id) or own[turn.id] for turn in those]

    def own(self, turn: Turn) -> str:
        """The words of this one message, as they were last worded."""
        return self._own([turn])[turn.id]

    def _own(self, those: Sequence[Turn]) -> dict[int, str]:
        said = {turn.id: turn.text for turn in those}
        if said:
            edits = self._session.execute(turn_queries.EDITS, {"turns": list(said)}).mappings()
            said.update((row["turn_id"], row["text"]) for row in edits)
        return said

    def stats(
        self, since: datetime, team: str | None = None, intents: Collection[str] = (), zone: tzinfo | None = None
    ) -> Stats:
        """Counts since then; agents' test cases are left out. See `storage.statistics`."""
        return statistics.stats(self._session, since, team, intents, zone)

    def redact(self, turn_id: int) -> None:
        """Take every word of the customer's out of the turn and what hangs on it; labels and figures stay."""
        redaction.redact_turns(self._session, [turn_id])

    def _update(self, turn_id: int, *conditions: ColumnElement[bool], **values: Any) -> bool:
        statement = update(turns).where(turns.c.id == turn_id, *conditions).values(**values)
        return changed(self._session, statement) == 1

    def _one(self, query: Select[Any], **values: Any) -> Turn | None:
        row = self._session.execute(query, values).mappings().first()
        return read(Turn, row) if row else None

    def _all(self, query: Select[Any], **values: Any) -> list[Turn]:
        return [read(Turn, row) for row in self._session.execute(query, values).mappings()]


def _unless_erased(words: str) -> Any:
    """What is written beside a message that was erased while it was worked holds no words of it either."""
    return case((turns.c.text == ERASED, ERASED), else_=words)


def _team(team: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if team is None else (turns.c.team_id == team,)
