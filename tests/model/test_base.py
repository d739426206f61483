from pathlib import Path

import pytest

from model.base import encoder_folder, generator_folder
from model.types import UnderstudyError


def test_a_folder_is_taken_as_it_is(tiny_base: Path) -> None:
    assert encoder_folder(str(tiny_base)) == tiny_base


@pytest.mark.weights
def test_without_a_base_the_wheels_folder_is_found() -> None:
    assert (encoder_folder() / "model.safetensors").is_file()


def test_a_folder_without_weights_is_refused_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UnderstudyError, match=r"model\.safetensors.*make setup"):
        encoder_folder(str(tmp_path))


@pytest.mark.parametrize("base", ["/nowhere/at/all", "./nowhere", "noslash", "a/b/c"])
def test_what_is_neither_folder_nor_hub_id_is_refused(base: str, tmp_path: Path) -> None:
    with pytest.raises(UnderstudyError, match="a folder or a hub id"):
        encoder_folder(base)
    with pytest.raises(UnderstudyError, match="a folder or a hub id"):
        generator_folder(base, tmp_path)
