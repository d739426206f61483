from dataclasses import fields

from storage.attachments import Arrived, Attachment, Attachments
from storage.database import Database
from storage.redaction import erase_user
from storage.tables import ERASED, attachments
from storage.turns import Turns
from tests.storage.make import TEAM, a_turn

PICTURE = Arrived("file", "F1", "shot.png", "https://files.example/F1", "https://x.example/F1", 1234)


def came(db: Database, *files: Arrived) -> tuple[int, str, list[Attachment]]:
    with db.writing() as session:
        turn = a_turn(session)
        Attachments(session).arrived(TEAM, turn.id, files)
        return turn.id, turn.user, Attachments(session).of_turn(turn.id)


def test_an_attachment_has_the_columns_of_its_table() -> None:
    assert {field.name for field in fields(Attachment)} == set(attachments.c.keys())


def test_what_it_says_is_written_once(db: Database) -> None:
    turn_id, _, [one, two] = came(db, PICTURE, Arrived("voice", "F2", text="where is it"))
    assert (one.status, one.size, two.text) == ("received", 1234, "where is it")
    with db.writing() as session:
        assert Attachments(session).read(one.id, "Order 1\nDeclined", "Declined", 0.9)
        assert not Attachments(session).read(one.id, "other", "other", 0.1)
        assert not Attachments(session).refuse(one.id, "broken")
        assert Attachments(session).refuse(two.id, "silent")
        [one, two] = Attachments(session).of_turn(turn_id)
    assert (one.status, one.text, one.matters, one.confidence) == ("read", "Order 1\nDeclined", "Declined", 0.9)
    assert (two.status, two.reason) == ("refused", "silent")


def test_deleting_the_message_takes_its_words_and_the_way_to_it(db: Database) -> None:
    turn_id, _, [one] = came(db, PICTURE)
    with db.writing() as session:
        Attachments(session).read(one.id, "Order 1", "Order 1", 0.9)
        Turns(session).redact(turn_id)
        [gone] = Attachments(session).of_turn(turn_id)
    assert {gone.name, gone.url, gone.link, gone.text, gone.matters} == {ERASED}


def test_what_is_read_after_the_message_was_deleted_is_not_kept(db: Database) -> None:
    turn_id, user, [named, _] = came(db, PICTURE, Arrived("file"))
    with db.writing() as session:
        erase_user(session, TEAM, user)
        found = Attachments(session).of_turn(turn_id)
        assert not any(Attachments(session).read(each.id, "Order 1", "Order 1", 0.9) for each in found)
        assert all("Order" not in each.text for each in Attachments(session).of_turn(turn_id))
    assert named.name == "shot.png"
