"""The starter shop: utterances, intents, articles and approved answers, so that the first minute works."""

import json
from dataclasses import replace
from pathlib import Path

from model.articles import read
from model.dataset import read_examples
from model.types import STARTER, Article, Example, Intent


def folder() -> Path:
    """Where its files lie."""
    return Path(__file__).parent


def intents() -> list[Intent]:
    """What the shop answers, with approved answers."""
    return [Intent(**entry) for entry in json.loads((folder() / "intents.json").read_text(encoding="utf-8"))]


def articles() -> list[Article]:
    """The shop's knowledge base."""
    return list(read(folder() / "articles").articles)


def orders() -> Path:
    """Its customers' orders, as bot/order_file.py reads them; the days in it are counted from today."""
    return folder() / "orders.csv"


def utterances() -> list[Example]:
    """Labelled training rows, out-of-scope ones among them."""
    return _examples("utterances.jsonl")


def held_out() -> list[Example]:
    """Test rows, written without looking at `utterances`; nothing is ever trained on them. A desk that has the starter
    shop judges its models by them first."""
    return _examples("test.jsonl")


def _examples(name: str) -> list[Example]:
    return [replace(row, source=STARTER) for row in read_examples(folder() / name).examples]
