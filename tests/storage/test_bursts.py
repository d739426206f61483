"""Several messages that are one turn, in SQL."""

from storage import bursts, redaction
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.session import Session
from storage.tables import ERASED, utcnow
from storage.turns import Turn, Turns
from tests.storage.make import TEAM, a_case


def say(session: Session, ts: str, text: str, first: Turn | None = None) -> Turn:
    case = a_case(session) if first is None else Conversations(session).get(first.conversation_id)
    assert case is not None
    joined_to = first.id if first is not None else None
    args = (TEAM, "D1", ts, "U1", text, f"E{ts}", case.id, "", joined_to, utcnow())
    return Turns(session).record(*args)[0]


def join(session: Session, turn: Turn) -> None:
    assert bursts.join(session, turn.id)
    Turns(session).finish(turn.id, kind=bursts.JOINED)


def test_what_has_joined_is_worded_together_in_the_order_it_was_written(db: Database) -> None:
    with db.writing() as session:
        turns, first = Turns(session), say(session, "2.0", "hi")
        late, early = say(session, "3.0", "has it shipped", first), say(session, "1.0", "hello", first)
        assert turns.wording(first) == "hi", "what nobody has read yet belongs to nothing"
        join(session, late)
        join(session, early)
        turns.edited(late.id, "has it come")
        assert turns.wording(first) == "hello\nhi\nhas it come"
        assert turns.own(first) == "hi"
        assert [turn.id for turn in turns.of_conversation(first.conversation_id)] == [first.id]
        assert [turn.id for turn in turns.joined(first.id)] == [early.id, late.id]
        assert not bursts.join(session, first.id), "the first one joins nothing"


def test_a_long_list_of_turns_is_asked_for_in_parts(db: Database) -> None:
    with db.writing() as session:
        first = say(session, "1.0", "hi")
        join(session, say(session, "2.0", "there", first))
        many = [*range(10_000, 10_000 + 3 * bursts.AT_ONCE), first.id]
        assert bursts.wordings(session, many) == {first.id: "hi\nthere"}


def test_what_parts_takes_what_came_after_it_and_is_not_read_yet(db: Database) -> None:
    with db.writing() as session:
        turns, first = Turns(session), say(session, "1.0", "hi")
        read, parted, behind = (say(session, f"{n}.0", "words", first) for n in (2, 3, 4))
        join(session, read)
        own = a_case(session, "3.0")
        bursts.part(session, parted.id, own.id)
        now = {each.id: (each.joined_to, each.conversation_id) for each in turns.each(TEAM)}
        assert now[read.id] == (first.id, first.conversation_id)
        assert now[parted.id] == (None, own.id)
        assert now[behind.id] == (parted.id, own.id)
        assert bursts.newest_first(session, TEAM, "D1", "U1") == parted.id


def test_what_follows_is_worked_after_what_it_follows_though_it_is_older(db: Database) -> None:
    with db.writing() as session:
        first = say(session, "2.0", "hi")
        say(session, "1.0", "hello", first)
        found = Turns(session).next_unfinished(first.conversation_id)
        assert found == first


def test_what_is_held_is_as_if_nobody_had_taken_it(db: Database) -> None:
    with db.writing() as session:
        turns, first = Turns(session), say(session, "1.0", "hi")
        assert turns.claim(first.id, 30) is not None
        turns.hold(first.id)
        held = turns.get(first.id)
        assert held is not None
        assert (held.status, held.attempts, held.lease_until) == ("received", 0, None)


def test_redacting_one_reaches_the_labels_of_all(db: Database) -> None:
    with db.writing() as session:
        first = say(session, "1.0", "hi")
        second = say(session, "2.0", "order 10042", first)
        join(session, second)
        fix = {"team": TEAM, "before": "", "after": "refund", "by": "UA", "source": "card"}
        Corrections(session).add(text="hi\norder 10042", turn_id=first.id, **fix)
        redaction.redact_turns(session, [second.id])
        assert Turns(session).wording(first) == "hi"
        assert [row.text for row in Corrections(session).all(TEAM)] == [ERASED]
