import json
from random import Random

import pytest

from bench.screenshots_ocr import CONDITIONS, FONTS, ROWS, drawn, share_of_words
from model.images import header
from model.starter import intents

PAGES = [json.loads(line) for line in ROWS.read_text().splitlines()]


def test_words_are_counted_by_how_often_they_stand_there() -> None:
    assert share_of_words(["Order 10042", "order"], "ORDER 10042") == pytest.approx(2 / 3)
    assert share_of_words(["Payment declined"], "Paymemt declimed") == 0


def test_there_are_forty_of_known_intents_and_eight_of_each_kind() -> None:
    assert len(PAGES) == 40
    assert {row["intent"] for row in PAGES} <= {intent.name for intent in intents()}
    kinds = [row["kind"] for row in PAGES]
    assert {kinds.count(kind) for kind in kinds} == {8}


@pytest.mark.parametrize("number", range(len(CONDITIONS)))
def test_the_same_seed_draws_the_same_picture(number: int) -> None:
    first, again = (drawn(PAGES[number], CONDITIONS[number], FONTS[0], Random(5)) for _ in range(2))
    assert first == again
    assert header(first).kind == "JPEG"
