import json
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import prompt_lookup, serving_file
from model.causal import Causal
from model.llama import Llama, Shape
from tests.model.tiny import make_base

token = st.integers(3, 200)
PREFIX, IDS = [1, 5, 9, 30], [1, 5, 9, 30, 41, 50, 17, 60, 33]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def ours(base: Path) -> Llama:
    found = serving_file.load(base, None, PREFIX)
    assert found is not None
    return found


def first(model: Llama | Causal, ids: list[int], count: int = 8) -> list[int]:
    return list(islice(model.tokens(ids, count), count))


def test_it_writes_what_transformers_writes(base: Path, ours: Llama) -> None:
    assert first(ours, IDS) == first(Causal.load(base, None), IDS)


def written(self: Llama, new: list[int], asked: int) -> list[int]:
    """A step of a model that rounds nothing: each next token is a sum over the text."""
    text = [*self._known, *new]
    return [
        3 + sum(n * token for n, token in enumerate(text[:end])) % 7
        for end in range(len(text) - asked + 1, len(text) + 1)
    ]


@given(st.lists(st.integers(3, 9), max_size=4), st.lists(token, min_size=1, max_size=9), st.integers(0, 12))
@settings(max_examples=80, deadline=None)
def test_guesses_right_or_wrong_change_no_token(ours: Llama, wrong: list[int], ids: list[int], right: int) -> None:
    """A guess of any length, wrong from any place on, or none: the reply is what the model writes alone."""
    with patch.object(Llama, "_step", written):
        with patch.object(prompt_lookup, "guess", lambda text, most: []):
            ours._known = []
            alone = first(ours, ids, 12)

        def guess(text: list[int], most: int) -> list[int]:
            at = len(text) - len(ids)
            return [*alone[at : at + right], *wrong][:most]

        with patch.object(prompt_lookup, "guess", guess):
            assert first(ours, ids, 12) == alone
        assert first(ours, ids, 12) == alone
        ours._known = []


def test_a_guess_that_is_right_saves_steps(ours: Llama, monkeypatch: pytest.MonkeyPatch) -> None:
    step = written
    ours._known = []
    with patch.object(Llama, "_step", step):
        alone = first(ours, IDS, 12)
    ours._known = []
    steps = list[int]()
    monkeypatch.setattr(Llama, "_step", lambda self, new, asked: steps.append(asked) or step(self, new, asked))
    monkeypatch.setattr(prompt_lookup, "guess", lambda text, most: alone[len(text) - len(IDS) :][: min(3, most)])
    assert first(ours, IDS, 12) == alone
    assert steps == [4, 4, 4]
    ours._known = []


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(token, min_size=1, max_size=12)), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_no_text_leaves_a_trace_in_the_next(ours: Llama, fresh: Llama, texts: list[tuple[int, list[int]]]) -> None:
    """What two texts begin with alike is not computed again, whatever came between and wherever writing stopped."""
    for stop, ids in texts:
        list(islice(ours.tokens([*PREFIX, *ids], 9), stop))
    last = [*PREFIX, *texts[-1][1]]
    fresh._known = []
    assert first(ours, last) == first(fresh, last)


@pytest.fixture(scope="module")
def fresh(base: Path) -> Llama:
    found = serving_file.load(base, None, [])
    assert found is not None
    return found


def test_a_text_longer_than_any_before(base: Path, ours: Llama) -> None:
    long = [3 + n % 90 for n in range(300)]
    assert first(ours, long, 3) == first(Causal.load(base, None), long, 3)


def test_it_ends_where_the_model_knows_no_further_place(ours: Llama) -> None:
    most = ours.shape.longest
    assert len(list(ours.tokens([3 + n % 90 for n in range(most - 2)], 50))) <= 2
    assert list(ours.tokens([5] * (most + 9), 50)) == []


def test_other_builds_are_left_to_transformers(base: Path) -> None:
    config = json.loads((base / "config.json").read_text())
    assert Shape.read(config) is not None
    assert Shape.read(config | {"model_type": "qwen2"}) is None
    assert Shape.read(config | {"attention_bias": True}) is None
    assert Shape.read(config | {"rope_parameters": {"rope_type": "yarn"}}) is None
    assert Shape.read(config | {"hidden_size": 63}) is None
