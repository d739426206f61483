import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from model import serving_file
from model.causal import Causal
from model.serving_file import ADAPTER_CONFIG, ADAPTER_FILE, SERVING_FILE
from tests.model.tiny import make_base

PREFIX, IDS = [1, 5, 9, 30], [1, 5, 9, 30, 41, 50, 17, 60, 33]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


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


def first(base: Path, adapter: Path | None, count: int = 8) -> list[int]:
    """The first tokens after IDS."""
    found = serving_file.load(base, adapter, PREFIX)
    assert found is not None
    return list(islice(found.tokens(IDS, count), count))


def test_the_adapter_is_added(base: Path, adapter: Path) -> None:
    tuned = list(islice(Causal.load(base, adapter).tokens(IDS, 4), 4))
    assert first(base, adapter, 4) == tuned
    assert first(base, None, 4) != tuned


def test_weights_in_half_precision_are_read(base: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16).save_pretrained(tmp_path)
    assert first(tmp_path, None, 1) == first(base, None, 1)


def test_a_folder_without_weights_that_can_be_read_is_left_to_transformers(base: Path, tmp_path: Path) -> None:
    shutil.copy(base / "config.json", tmp_path)
    assert serving_file.load(tmp_path, None, PREFIX) is None
    assert not serving_file.write_serving_file(tmp_path, None, tmp_path / SERVING_FILE)


def test_the_serving_file_is_used_again_and_made_anew_where_it_is_not_of_these_weights(
    base: Path, adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(adapter, tmp_path / "v1")
    serving_file.bring_serving_file(base, folder)
    file = folder / SERVING_FILE
    written, asked = file.stat().st_mtime_ns, first(base, folder)

    note = serving_file.fingerprint(base, folder).encode()
    assert note in file.read_bytes()[-serving_file.TAIL :], "so that it can be read without loading the file"
    made = list[object]()
    whole = serving_file._make
    monkeypatch.setattr(serving_file, "_make", lambda *words: made.append(words) or whole(*words))
    serving_file.bring_serving_file(base, folder)
    assert first(base, folder) == asked
    assert not made
    assert file.stat().st_mtime_ns == written

    config = json.loads((folder / ADAPTER_CONFIG).read_text())
    (folder / ADAPTER_CONFIG).write_text(json.dumps(config | {"lora_alpha": 64}))
    assert first(base, folder) != asked, "another adapter, so another file"
    assert len(made) == 1
    (folder / ADAPTER_CONFIG).write_text(json.dumps(config))
    file.write_bytes(file.read_bytes()[:-9])
    assert first(base, folder) == asked
    serving_file.bring_serving_file(base, folder)
    assert len(made) == 3, "once for each that was of no use, in memory, and then beside the adapter"
    assert sorted(each.name for each in folder.iterdir() if each.name != "README.md") == sorted(
        [ADAPTER_CONFIG, ADAPTER_FILE, SERVING_FILE]
    )
