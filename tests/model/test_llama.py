import json
import shutil
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import llama, prompt_lookup
from model.causal import Causal
from model.llama import ADAPTER_CONFIG, ADAPTER_FILE, SERVING_FILE, Llama, Shape
from tests.model.tiny import make_base

token = st.integers(3, 200)
PREFIX, IDS = [1, 5, 9, 30], [1, 5, 9, 30, 41, 50, 17, 60, 33]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def ours(base: Path) -> Llama:
    found = llama.load(base, None, PREFIX)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def adapter(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of random weights, large enough to change what is written."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(3)
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", init_lora_weights=False)
    folder = tmp_path_factory.mktemp("adapter")
    get_peft_model(AutoModelForCausalLM.from_pretrained(base), config).save_pretrained(folder)
    return folder


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


def test_the_adapter_is_added(base: Path, ours: Llama, adapter: Path) -> None:
    tuned, theirs = llama.load(base, adapter, PREFIX), Causal.load(base, adapter)
    assert tuned is not None
    assert first(tuned, IDS, 4) == first(theirs, IDS, 4)
    assert first(tuned, IDS, 4) != first(ours, IDS, 4)


def test_weights_in_half_precision_are_read(base: Path, ours: Llama, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16).save_pretrained(tmp_path)
    half = llama.load(tmp_path, None, PREFIX)
    assert half is not None
    assert first(half, IDS, 1) == first(ours, IDS, 1)


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
    found = llama.load(base, None, [])
    assert found is not None
    return found


def test_a_text_longer_than_any_before(base: Path, ours: Llama) -> None:
    long = [3 + n % 90 for n in range(300)]
    assert first(ours, long, 3) == first(Causal.load(base, None), long, 3)


def test_it_ends_where_the_model_knows_no_further_place(ours: Llama) -> None:
    most = ours.shape.longest
    assert len(list(ours.tokens([3 + n % 90 for n in range(most - 2)], 50))) <= 2
    assert list(ours.tokens([5] * (most + 9), 50)) == []


def test_the_serving_file_is_used_again_and_made_anew_where_it_is_not_of_these_weights(
    base: Path, adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(adapter, tmp_path / "v1")
    llama.bring_serving_file(base, folder)
    file = folder / SERVING_FILE
    written, asked = file.stat().st_mtime_ns, first_of(base, folder)

    note = llama.fingerprint(base, folder).encode()
    assert note in file.read_bytes()[-llama.TAIL :], "so that it can be read without loading the file"
    made = list[object]()
    whole = llama._make
    monkeypatch.setattr(llama, "_make", lambda *words: made.append(words) or whole(*words))
    llama.bring_serving_file(base, folder)
    assert first_of(base, folder) == asked
    assert not made
    assert file.stat().st_mtime_ns == written

    config = json.loads((folder / ADAPTER_CONFIG).read_text())
    (folder / ADAPTER_CONFIG).write_text(json.dumps(config | {"lora_alpha": 64}))
    assert first_of(base, folder) != asked, "another adapter, so another file"
    assert len(made) == 1
    (folder / ADAPTER_CONFIG).write_text(json.dumps(config))
    file.write_bytes(file.read_bytes()[:-9])
    assert first_of(base, folder) == asked
    llama.bring_serving_file(base, folder)
    assert len(made) == 3, "once for each that was of no use, in memory, and then beside the adapter"
    assert sorted(each.name for each in folder.iterdir() if each.name != "README.md") == sorted(
        [ADAPTER_CONFIG, ADAPTER_FILE, SERVING_FILE]
    )


def first_of(base: Path, folder: Path) -> list[int]:
    found = llama.load(base, folder, PREFIX)
    assert found is not None
    return first(found, IDS)


def test_other_builds_and_files_are_left_to_transformers(base: Path, tmp_path: Path) -> None:
    shutil.copy(base / "config.json", tmp_path)
    assert llama.load(tmp_path, None, PREFIX) is None
    config = json.loads((base / "config.json").read_text())
    assert Shape.read(config) is not None
    assert Shape.read(config | {"model_type": "qwen2"}) is None
    assert Shape.read(config | {"attention_bias": True}) is None
    assert Shape.read(config | {"rope_parameters": {"rope_type": "yarn"}}) is None
    assert Shape.read(config | {"hidden_size": 63}) is None
