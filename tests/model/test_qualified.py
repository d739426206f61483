"""Things that sources name with a state only, on sentences written for this test."""

import pytest

from model.grounding import Checker
from model.qualified import qualifiers, unqualified
from tests.model.fakes import FakeEncoder

RULE = "Gift cards, opened candles and earrings cannot be returned."
KNOWN = qualifiers([RULE, "Candles that are wrong are another matter, as broken items are."])


def test_what_stands_before_a_word() -> None:
    assert qualifiers([RULE])["candl"] == {"opened"}
    assert KNOWN["candl"] == {"opened", ""}
    assert KNOWN["item"] == {"broken"}


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("No, opened candles cannot be returned.", "are candles returnable"),
        ("No, candles cannot be returned.", "can I return an opened candle?"),
        ("Earrings cannot be returned.", "earrings?"),
    ],
)
def test_with_the_state_or_where_it_was_asked_it_may_be_said(sentence: str, question: str) -> None:
    assert unqualified(sentence, qualifiers([RULE]), question) == []


def test_without_it_a_denial_is_refused() -> None:
    reply = "No, candles cannot be returned."
    assert unqualified(reply, qualifiers([RULE]), "are candles returnable") == ["condition: opened"]
    checker = Checker([RULE], FakeEncoder(), question="are candles returnable")
    assert "condition: opened" in checker.check(reply).reasons
    assert checker.check("Opened candles cannot be returned.").ok
