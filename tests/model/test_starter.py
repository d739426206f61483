from collections import Counter
from pathlib import Path

import pytest

from model.dataset import normalise
from model.encoder import base_encoder
from model.starter import articles, held_out, intents, utterances
from model.types import OOS


def test_there_is_enough_of_everything() -> None:
    rows = Counter(row.label for row in utterances())
    assert rows.pop(OOS) >= 150
    assert len(rows) >= 30
    assert min(rows.values()) >= 25
    assert len(held_out()) >= 300
    assert len(articles()) >= 40


def test_every_label_is_an_intent_and_every_intent_has_rows() -> None:
    names = {intent.name for intent in intents()} | {OOS}
    assert {row.label for row in utterances()} == names
    assert {row.label for row in held_out()} == names


def test_no_text_has_two_labels() -> None:
    labels = Counter(text for text, _ in {(normalise(row.text), row.label) for row in (*utterances(), *held_out())})
    assert [text for text, count in labels.items() if count > 1] == []


@pytest.mark.weights
def test_no_held_out_row_is_nearly_a_training_row(tmp_path_factory: pytest.TempPathFactory) -> None:
    cache: Path = tmp_path_factory.getbasetemp().parent / "base-encoder"
    encoder = base_encoder(cache)
    train, test = ([row.text for row in rows] for rows in (utterances(), held_out()))
    nearest = (encoder.encode(test) @ encoder.encode(train).T).max(1)
    assert [text for text, cosine in zip(test, nearest, strict=True) if cosine > 0.95] == []
