"""From what agents sent and called wrong to what the running bot finds, over a real database."""

import pytest

from bot import models as models_module
from bot.importing import Content, store
from bot.knowledge import KnowledgeDesk
from bot.models import Knowledge
from bot.retrain_search import learn_search
from bot.search_learning import VERDICT, asked, called_wrong
from model.asked import FEWEST
from model.types import Article
from storage.keyvalues import KeyValues
from storage.search_marks import SearchMarks
from tests.bot.conftest import Office
from tests.model.fakes import FakeEncoder

POST = Article("post", "Shipping fees", "Parcels to islands cost more.")
BACK = Article("back", "Returns", "Send it within thirty days.")
QUERY = "what does the courier charge"


@pytest.fixture
def taught(office: Office) -> Office:
    """Questions in words that the articles do not have, or that another one has."""
    with office.kit.db.writing() as session:
        store(session, "T1", Content(articles=(POST, BACK)))
        marks = SearchMarks(session, "T1")
        for number in range(FEWEST):
            marks.add("sent", f"thirty days of courier charge {'abcdefghijklmnop'[number]}", "post", "UAGENT")
            marks.add("sent", f"may I bring the thing back {'abcdefghijklmnop'[number]}", "back", "UAGENT")
        marks.add("sent", "is the sea blue", "back", "UAGENT")
        marks.add("wrong", "is the sea blue", "back", "UAGENT")
    return office


def indexed(office: Office) -> dict[str, tuple[str, ...]]:
    with office.kit.db.reading() as session:
        return {slug: tuple(texts) for slug, texts in asked(session, "T1", (POST, BACK)).items()}


def test_nothing_is_learned_before_a_training_has_measured_it(taught: Office) -> None:
    assert indexed(taught) == {}
    outcome = learn_search(taught.kit.db, "T1", FakeEncoder(), dry_run=True)
    assert "finds better" in outcome.words[0]
    assert indexed(taught) == {}


def test_what_helps_is_indexed_and_what_was_wrong_or_is_gone_is_not(taught: Office) -> None:
    outcome = learn_search(taught.kit.db, "T1", FakeEncoder())
    assert outcome.figures["after"] > outcome.figures["before"]  # type: ignore[operator]
    found = indexed(taught)
    assert {slug: len(texts) for slug, texts in found.items()} == {"post": FEWEST, "back": FEWEST}
    assert "is the sea blue" not in found["back"]
    with taught.kit.db.writing() as session:
        KeyValues(session, "T1").set(VERDICT, {"better": False})
    assert indexed(taught) == {}


def test_the_running_bot_finds_by_what_was_learned(taught: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge = Knowledge(taught.kit.db, "T1", FakeEncoder(), lambda: None)
    before = knowledge.responder().search(QUERY)
    learn_search(taught.kit.db, "T1", FakeEncoder())
    knowledge.refresh()
    assert knowledge.responder().search(QUERY) == before
    monkeypatch.setattr(models_module, "ASKED_SECONDS", 0.0)
    knowledge.refresh()
    after = knowledge.responder().search(QUERY)
    assert after[0].article_id == "post"
    assert after[0].score > max(passage.score for passage in before if passage.article_id == "post")


def test_few_questions_are_known_but_not_measured(office: Office) -> None:
    with office.kit.db.writing() as session:
        store(session, "T1", Content(articles=(POST,)))
    assert "0 questions" in learn_search(office.kit.db, "T1", FakeEncoder()).words[0]


def test_what_an_agent_calls_wrong_goes_down_at_once_and_comes_back_when_it_is_sent(office: Office) -> None:
    with office.kit.db.writing() as session:
        store(session, "T1", Content(articles=(POST, BACK)))
    knowledge = Knowledge(office.kit.db, "T1", FakeEncoder(), lambda: None)
    desk = KnowledgeDesk(office.kit, office.cases, knowledge.responder, knowledge.forget)
    query = "cost of islands parcels within thirty days"
    before = desk.search(query)
    assert [one.article_id for one in before] == ["post", "back"]
    said = desk.wrong("UAGENT", query, "post")
    assert said == "Noted: this is no answer to that. From now on it counts half for such words."
    after = desk.search(query)
    assert after[0].article_id == "back"
    assert all(one.score < before[0].score for one in after)
    assert desk.search("islands")[0].article_id == "post", "other words are not concerned"
    with office.kit.db.writing() as session:
        SearchMarks(session, "T1").add("sent", query, "post", "UAGENT")
        assert called_wrong(session, "T1") == {}
    knowledge.forget()
    assert desk.search(query)[0].article_id == "post"


def test_words_that_the_knowledge_base_has_nothing_about_find_nothing(office: Office) -> None:
    with office.kit.db.writing() as session:
        store(session, "T1", Content(articles=(POST, BACK)))
    knowledge = Knowledge(office.kit.db, "T1", FakeEncoder(), lambda: None)
    desk = KnowledgeDesk(office.kit, office.cases, knowledge.responder, knowledge.forget)
    for words in ("zzzzqqq wibble", "😀", "the"):
        assert desk.search(words) == []
    assert desk.search("shipping fees")[0].article_id == "post"
