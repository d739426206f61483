"""The measurement of replies: what is asked, what counts as spoken, and the page that shows them."""

from collections.abc import Iterator

from bench import reply, reply_page
from model import starter
from model.dataset import fingerprint
from model.prompt import Draft
from model.response_rows import NO_ANSWER
from model.retriever import Retriever
from model.types import Article, Intent
from tests.model.fakes import FakeEncoder

ARTICLE = Article("return", "How to return", "You can return an item within 30 days of delivery. It must be unused.")
ANSWER = "You can return it within 30 days of delivery. It must be unused."
COMPOSED, UNANSWERED = Intent("return", "Return", answer=ANSWER, compose=True), Intent("return", "Return")


class Says:
    version = "v1"

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences

    def stream(self, draft: Draft) -> Iterator[str]:
        yield from self.sentences


def asked(intent: Intent, *sentences: str, text: str = "can i return it within 30 days of delivery") -> reply.Answered:
    encoder = FakeEncoder()
    questions = [reply.Question(text, intent, False)]
    return next(reply.answered(Retriever(encoder, [ARTICLE]), Says(*sentences), encoder, questions))


def test_there_are_two_hundred_and_none_is_a_copy_of_what_was_trained_on() -> None:
    found = reply.questions(200)
    assert len({one.text for one in found}) == 200
    assert all(reply.speaks(one.intent) for one in found)
    known = {fingerprint(row.text) for row in [*starter.utterances(), *starter.held_out()]}
    assert [one.text for one in found if one.written and fingerprint(one.text) in known] == []


def test_what_is_left_out_is_held_out_and_small() -> None:
    speaking = {intent.name for intent in starter.intents() if reply.speaks(intent)}
    all_of_them = [row.text for row in starter.held_out() if row.label in speaking]
    kept = {one.text for one in reply.questions(200) if not one.written}
    assert kept < set(all_of_them)
    assert len(all_of_them) - len(kept) <= 10


def test_fewer_questions_are_taken_evenly() -> None:
    few = reply.questions(10)
    assert len({one.intent.name for one in few}) > 5
    assert not any(one.written for one in few)


def test_a_copy_of_the_approved_text_is_no_speech() -> None:
    copy = asked(COMPOSED, *ANSWER.split(". "))
    assert not copy.spoke
    fresh = asked(COMPOSED, "Yes, Mia, you can return it within 30 days of delivery.")
    assert (fresh.kind, fresh.spoke, fresh.copied) == ("composed", True, False)
    chosen = asked(UNANSWERED, "You can return an item within 30 days of delivery.")
    assert (chosen.kind, chosen.spoke, chosen.copied) == ("generated", True, True)


def test_figures_say_what_was_refused_and_why() -> None:
    found = [
        asked(COMPOSED, "We pay you £50 within 30 days of delivery."),
        asked(UNANSWERED, f"{NO_ANSWER}."),
        asked(COMPOSED, "You can return it within 30 days of delivery."),
    ]
    told = reply.figures(found)
    assert (told["verbatim"], told["quoted"] + told["none"], told["composed"]) == (1, 1, 1)
    assert told["share"] == 0.333
    assert "number 1" in told["not sent, by reason"]
    assert "says that it does not know 1" in told["not sent, by reason"]


def test_the_page_shows_every_so_many_with_what_they_were_written_from() -> None:
    found = [
        asked(COMPOSED, "You can return it within 30 days of delivery.", text=f"return {n} days?") for n in range(8)
    ]
    text = reply_page.page(found, 4, {"when": "2026-11-26T10:00", "commit": "abc"})
    assert [n for n in range(8) if f"return {n} days?" in text] == [0, 2, 4, 6]
    assert f"- {ANSWER}" in text
    assert "4 of 8 questions" in text
