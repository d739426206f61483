"""A title is a title with a slip or another pronoun in it; a question that shares its words is none."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import starter
from model.articles import read
from model.titles import titled, words_of
from model.types import Article

HERE = Path(starter.__file__).parent


@cache
def articles() -> dict[str, Article]:
    return {article.id: article for article in read(HERE / "articles").articles}


def found(text: str) -> str:
    return titled(text, {id: words_of(article.title) for id, article in articles().items()})


def test_each_article_is_found_by_its_title() -> None:
    for id, article in articles().items():
        assert found(article.title) == found(f"{article.title.lower()}?") == found(f"hi, {article.title}, please") == id


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("what cannot be returned", "what-cannot-be-returned"),
        ("what can't be returned??", "what-cannot-be-returned"),
        ("What can not be retuned", "what-cannot-be-returned"),
        ("i received the wrong item", "wrong-item"),
        ("care for a wool blanket", "care-wool-blankets"),
        ("I cant sign in", "sign-in-problems"),
        ("gift card", "gift-cards"),
        ("where do you deliver", "where-we-deliver"),
    ],
)
def test_other_spellings_and_pronouns_are_the_same_title(text: str, article: str) -> None:
    assert found(text) == article


@pytest.mark.parametrize(
    "text",
    [
        "what can be returned",
        "what cannot be refunded",
        "can a gift card be returned",
        "can I return something without the box",
        "my gift card does not work",
        "is express delivery possible on saturday",
        "my parcel is marked delivered but I did not receive the right item",
        "what does express delivery cost",
        "how to reach the checkout",
        "you can sign in",
        "cancel my order and the newsletter",
        "where is my refund",
        "the and of",
        "",
        "10042",
    ],
)
def test_shared_words_are_no_title(text: str) -> None:
    assert found(text) == ""


def test_what_people_wrote_to_the_shop_is_led_to_no_wrong_article() -> None:
    rows = [
        json.loads(line)
        for name in ("utterances", "test")
        for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    led = [(row["text"], row["label"], found(row["text"])) for row in rows]
    assert [row for row in led if row[2] and row[1] not in articles()[row[2]].intents] == []


@given(st.sampled_from(sorted(articles())), st.sampled_from(("refund", "parcel", "not", "when", "mug", "never")))
def test_one_more_word_of_weight_makes_it_another_matter(id: str, word: str) -> None:
    for text in (f"{word} {articles()[id].title}", f"{articles()[id].title} {word}"):
        assert found(text) == ""


def test_what_is_the_title_of_two_is_that_of_none() -> None:
    twice = {"one": words_of("Opening hours"), "two": words_of("Our opening hours")}
    assert titled("opening hours", twice) == ""
    assert titled("opening hours", {"one": twice["one"]}) == "one"
