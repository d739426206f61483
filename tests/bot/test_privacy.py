"""A customer's words are erased from all that this deployment holds, and what is not reached is said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import wording
from bot.claims import claimed
from bot.erasing import erase
from bot.home import registry_of
from bot.importing import Content, store
from bot.ledger import DATASET, write_dataset
from bot.material import gather
from bot.models import Knowledge
from bot.privacy import PrivacyDesk
from bot.search_learning import VERDICT
from bot.values import Customer, Judged
from model.types import Article, Example
from storage.keyvalues import KeyValues
from storage.search_marks import SearchMarks
from storage.tables import ERASED
from tests.bot.conftest import Office
from tests.bot.test_customers import held
from tests.model.fakes import FakeEncoder

MIA, TOM = Customer("T1", "UMIA"), Customer("T1", "UTOM")


def home(office: Office) -> Path:
    assert office.kit.db.path is not None
    return office.kit.db.path.parent


def a_day(office: Office) -> int:
    """Zebra stands in a message, an edit, a judgement, a correction, a search, a card and the memory."""
    asked = office.ask("zebra parcel")
    turn = office.turn(asked)
    office.followups.judge(turn.id, "UMIA", "bad", "other", "zebra, wrong")
    office.corrections.relabel(turn.id, "refund", "UAGENT", "card", better_answer="the zebra comes", note="zebra")
    with office.kit.db.writing() as session:
        SearchMarks(session, "T1").add("sent", "zebra crossing", "fees", "UAGENT", turn.id)
    return turn.id


def version(office: Office, kind: str, *rows: Example, unlabelled: tuple[str, ...] = ()) -> str:
    registry = registry_of(home(office), kind)
    with registry.staging() as folder:
        write_dataset(folder / DATASET, rows, (), unlabelled)
        name = registry.publish(folder, {})
    registry.promote(name)
    return name


def test_erasing_leaves_no_word_anywhere(office: Office) -> None:
    turn_id = a_day(office)
    assert held(office, home(office), "zebra") == ["desk.db", "memory", "dataset", "cards"]
    office.forgotten.clear()
    erased = office.privacy.erase(MIA)
    assert held(office, home(office), "zebra") == []
    assert (erased.rows.turns, erased.rows.comments, erased.rows.corrections, erased.rows.searches) == (1, 1, 1, 1)
    assert office.forgotten, "search reads the log anew"
    [card] = office.surface.cards.values()
    assert (card.text, card.reply, card.turn_id) == (ERASED, "", turn_id)
    assert len(office.understanding.memory) == 0


def test_other_peoples_words_stay(office: Office) -> None:
    a_day(office)
    office.ask("giraffe parcel", user="UTOM", channel="DTOM")
    office.privacy.erase(TOM)
    assert held(office, home(office), "zebra") == ["desk.db", "memory", "dataset", "cards"]
    assert held(office, home(office), "giraffe") == []


def test_a_comment_on_somebody_else_s_answer_leaves_its_card(office: Office) -> None:
    asked = office.ask("giraffe parcel", user="UTOM", channel="DTOM")
    office.followups.judge(asked.turn_id, "UMIA", "bad", "other", "zebra")
    office.privacy.erase(MIA)
    [card] = office.surface.cards.values()
    assert (card.text, card.judged) == ("giraffe parcel", (Judged("UMIA", "Something else"),))
    assert held(office, home(office), "zebra") == []


def test_erasing_by_the_command_line_is_followed_by_a_bot_that_runs(office: Office) -> None:
    a_day(office)
    assert not office.privacy.changed()
    erase(office.kit.db, "T1", home(office), "UMIA")
    assert held(office, home(office), "zebra") == ["memory", "cards"]
    assert office.privacy.changed()
    assert held(office, home(office), "zebra") == []
    assert not office.privacy.changed()


def test_a_card_that_cannot_be_drawn_is_drawn_at_the_next_look(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a_day(office)

    def fails(*_: object) -> str:
        raise ConnectionError("no network")

    with monkeypatch.context() as patched:
        patched.setattr(office.surface, "show_card", fails)
        office.privacy.erase(MIA)
    assert held(office, home(office), "zebra") == ["cards"]
    again = PrivacyDesk(office.kit, office.cases, office.understanding.memory, home(office), lambda: None)
    assert again.changed(), "also after a restart"
    assert held(office, home(office), "zebra") == []


def test_it_is_said_which_versions_learned_from_it_and_a_training_without_is_asked_for(office: Office) -> None:
    a_day(office)
    version(office, "intent", Example("zebra parcel", "refund", "correction"))
    version(office, "intent", Example("zebra parcel", "order_status", "starter"), Example("x", "y", "correction"))
    version(office, "intent", unlabelled=("Zebra  parcel!",))
    version(office, "response", Example("zebra parcel", "", "better answer"))
    asked_at = datetime.now(UTC)
    erased = office.privacy.erase(MIA)
    # The live one is told apart; a starter row with the same words is no customer's.
    assert erased.versions == ("intent v1", "intent v3 (live)", "response v1 (live)")
    assert "intent v1, intent v3 (live), response v1 (live)" in erased.weights
    assert "asked for" in erased.weights
    material = gather(office.kit.db, "T1", asked_at)
    assert (material.taken_back, material.new_labels) == (True, 0)
    assert not gather(office.kit.db, "T1", datetime.now(UTC) + timedelta(seconds=1)).taken_back


def test_no_version_learned_from_it(office: Office) -> None:
    office.ask("zebra parcel")
    erased = office.privacy.erase(MIA)
    assert (erased.versions, erased.weights) == ((), "No model version has learned from it.")
    assert not gather(office.kit.db, "T1", datetime.now(UTC) - timedelta(days=1)).taken_back


def test_a_training_that_runs_may_have_read_it(office: Office) -> None:
    office.ask("zebra parcel")
    with claimed(office.kit.db, "T1", "intent"):
        erased = office.privacy.erase(MIA)
    assert "A training runs and may have read these rows" in erased.weights
    with office.kit.db.reading() as session:
        assert KeyValues(session, "T1").get("rows_taken_back")


def test_nothing_is_learned_from_who_says_so_until_they_say_otherwise(office: Office) -> None:
    a_day(office)
    assert [row.text for row in gather(office.kit.db, "T1").examples] == ["zebra parcel"]
    assert office.privacy.learn(MIA, False) == wording.LEARNS_NOTHING
    assert gather(office.kit.db, "T1").examples == []
    assert len(office.understanding.memory) == 0
    later = office.ask("zebra return")
    done = office.corrections.relabel(later.turn_id, "refund", "UAGENT", "card")
    assert "nothing learned from them" in done.words
    assert len(office.understanding.memory) == 0, "a correction teaches others, so it is not remembered either"
    assert office.privacy.changed(), "so that every bot brings its memory to it"
    assert office.privacy.learn(MIA, True) == wording.LEARNS
    assert len(gather(office.kit.db, "T1").examples) == 2
    assert office.privacy.changed()
    assert not office.privacy.changed()


def test_a_message_erased_while_it_is_answered_keeps_no_reply_and_no_words(office: Office) -> None:
    heard = office.hear("zebra parcel")
    say = office.surface.say

    def meanwhile(*args: object) -> str:
        office.surface.say = say  # type: ignore[method-assign]
        office.privacy.erase(MIA)
        return say(*args)  # type: ignore[arg-type]

    office.surface.say = meanwhile  # type: ignore[method-assign]
    office.desk.work(office.case(heard).id)
    turn = office.turn(heard)
    assert (turn.status, turn.text, turn.reply_text) == ("done", ERASED, "")
    assert office.surface.removed == [office.surface.said[0][0]]
    assert held(office, home(office), "zebra") == []


def test_search_forgets_an_erased_question_at_once(office: Office) -> None:
    asked = office.ask("zebra parcel")
    with office.kit.db.writing() as session:
        store(session, "T1", Content(articles=(Article("post", "Fees", "Islands cost more."),)))
        KeyValues(session, "T1").set(VERDICT, {"better": True})
        SearchMarks(session, "T1").add("sent", "zebra crossing", "post", "UAGENT", asked.turn_id)
    knowledge = Knowledge(office.kit.db, "T1", FakeEncoder(), lambda: None)
    memory = office.understanding.memory
    desk = PrivacyDesk(office.kit, office.cases, memory, home(office), knowledge.forget)
    knowledge.refresh()
    assert "zebra" in repr(knowledge._seen)
    desk.erase(MIA)
    knowledge.responder()
    assert "zebra" not in repr(knowledge._seen) + repr(vars(knowledge._kept))
