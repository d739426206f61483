import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.noise import answered_mail, pasted_log, pasted_mail, server_log, stack_trace
from model.pasted import own_words

REQUEST = "where is my parcel, it should have come last week"


@given(st.text(max_size=500))
def test_something_is_always_left(text: str) -> None:
    kept = own_words(text)
    assert kept or not text.strip()
    assert any(c.isalnum() for c in kept) or not any(c.isalnum() for c in text)


@given(st.lists(st.sampled_from(["I have waited for weeks.", "Nobody answers me!", REQUEST, ""]), min_size=1))
def test_plain_prose_stays_as_it_is(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert own_words(text) == (text.strip() or text)


@pytest.mark.parametrize("seed", range(5))
def test_of_a_paste_the_request_is_left(seed: int) -> None:
    assert own_words(pasted_log(REQUEST, random.Random(seed))) == REQUEST
    for paste in (pasted_mail, answered_mail, stack_trace, server_log):
        assert own_words(paste(REQUEST, random.Random(seed))) == REQUEST


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Subject: Re: parcel 10042\n\nwhere is it please?\n\nSent from my phone",
            "parcel 10042\n\nwhere is it please?",
        ),
        ("where is it please?\n> we sent it on Monday\n> Best, Ann", "where is it please?"),
        ("where is it please?\n\nThanks,\nAnn\n\nPS: the blue one", "where is it please?\n\nPS: the blue one"),
        ("----- Forwarded message -----\nFrom: a@b.example\n\nwhere is it please?", None),
        ("It fails at login:\nTraceback (most recent call last):\n  File \"a.py\", line 3, in go\nKeyError: 'x'", None),
        ("Thanks\nNow my mug is broken too", "Thanks\nNow my mug is broken too"),
        ("订单什么时候到\n2026-03-02T10:11:12Z INFO worker[3] GET /items/7", "订单什么时候到"),
    ],
)
def test_furniture_goes(text: str, left: str | None) -> None:
    kept = own_words(text)
    if left is not None:
        assert kept == left
    else:
        assert "@" not in kept
        assert "line 3" not in kept
        assert len(kept.split()) >= 4


def test_many_lines_after_thanks_are_no_signature() -> None:
    story = "I write again.\nThanks\n" + "\n".join(
        f"And then something else went wrong, again {w}" for w in "abcdefghijklmnopqr"
    )
    assert own_words(story) == story
