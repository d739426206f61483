from dataclasses import fields

from storage.agent_replies import AgentReplies, AgentReply, key_of
from storage.database import Database
from storage.redaction import erase_user, redact_turns
from storage.session import Session
from storage.tables import agent_replies
from storage.turns import Turns
from tests.storage.make import TEAM, a_case, a_turn


def test_a_reply_has_the_columns_of_its_table() -> None:
    assert {field.name for field in fields(AgentReply)} == set(agent_replies.c.keys())


def texts(session: Session, *cases: int) -> list[str]:
    return [each.text for each in AgentReplies(session, TEAM).of_cases(cases)]


def test_what_is_delivered_again_is_one_row(db: Database) -> None:
    with db.writing() as session:
        case = a_case(session)
        replies = AgentReplies(session, TEAM)
        assert replies.add(case.id, "UA", "thread", key_of("C1", "2.0"), "We do engrave.")
        assert not replies.add(case.id, "UA", "thread", key_of("C1", "2.0"), "We do engrave.")
        assert replies.add(case.id, "UA", "form", "form:V1", "For 5.00.")
        assert texts(session, case.id) == ["We do engrave.", "For 5.00."]
        assert AgentReplies(session, "T2").of_cases([case.id]) == []


def test_an_edit_counts_where_the_customer_reads_it_and_a_deletion_everywhere(db: Database) -> None:
    with db.writing() as session:
        case = a_case(session)
        replies = AgentReplies(session, TEAM)
        replies.add(case.id, "UA", "thread", key_of("C1", "2.0"), "We do.")
        replies.add(case.id, "UA", "card", key_of("C9", "3.0"), "For 5.00.")
        assert replies.edited(key_of("C1", "2.0"), "We do not.")
        assert not replies.edited(key_of("C9", "3.0"), "For 5.00, and between us: too cheap")
        assert texts(session, case.id) == ["We do not.", "For 5.00."]
        assert replies.redact(key_of("C1", "2.0"))
        assert not replies.edited(key_of("C1", "2.0"), "a late edit brings nothing back")
        assert replies.redact(key_of("C9", "3.0"))
        assert texts(session, case.id) == []


def test_erasing_a_customer_or_an_agent_reaches_them(db: Database) -> None:
    with db.writing() as session:
        mine = a_case(session, "1.0", "UMIA")
        other = a_case(session, "2.0", "UTOM")
        replies = AgentReplies(session, TEAM)
        replies.add(mine.id, "UA", "form", "f1", "Dear Mia")
        replies.add(other.id, "UA", "form", "f2", "Dear Tom")
        replies.add(other.id, "UB", "form", "f3", "Tom again")
        assert erase_user(session, TEAM, "UMIA").replies == 1
        assert texts(session, mine.id, other.id) == ["Dear Tom", "Tom again"]
        assert erase_user(session, TEAM, "UB").replies == 1
        assert texts(session, mine.id, other.id) == ["Dear Tom"]


def test_a_case_without_words_keeps_no_reply(db: Database) -> None:
    with db.writing() as session:
        first = a_turn(session)
        turns = Turns(session)
        second, _ = turns.record(TEAM, "D1", "1.1", "U1", "and when", "E1.1", first.conversation_id)
        replies = AgentReplies(session, TEAM)
        replies.add(first.conversation_id, "UA", "form", "f1", "about your 10042")
        assert redact_turns(session, [second.id]).replies == 0
        assert texts(session, first.conversation_id) == ["about your 10042"]
        assert redact_turns(session, [first.id]).replies == 1
        assert texts(session, first.conversation_id) == []
