"""The committed adapter on the real generator: what serves on the first day."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from model import starter
from model.base import generator_folder
from model.encoder import base_encoder
from model.response_rows import NO_ANSWER, read_rows

pytestmark = pytest.mark.weights
ADAPTER = starter.folder() / "adapter"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "cache"


def test_it_is_small_and_says_where_it_comes_from() -> None:
    assert (ADAPTER / "adapter_model.safetensors").stat().st_size <= 10_000_000
    manifest = json.loads((ADAPTER / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("understudy train response")
    assert len(manifest["data"]["sha256"]) == 64
    assert {"seed", "figures"} <= set(manifest)


def test_it_writes_grounded_replies(cache: Path) -> None:
    from model.evaluate_response import evaluate_response
    from model.generator import ResponseGenerator

    rows = [row for row in read_rows(starter.folder() / "response_test.jsonl").rows if NO_ANSWER not in row.reply]
    generator = ResponseGenerator.load(ADAPTER, generator_folder("", cache))
    figures = evaluate_response(generator, rows[:10], base_encoder(cache), seconds=20)
    assert figures["grounded"] >= 0.5
    assert figures["chrf"] >= 0.35


def test_serving_needs_neither_torch_nor_what_stands_on_it(cache: Path) -> None:
    code = """
import sys
from pathlib import Path
from model.generator import ResponseGenerator
from model.prompt import Draft
generator = ResponseGenerator.load(Path(sys.argv[1]), Path(sys.argv[2]))
assert generator.write(Draft("hello", ("We are here.",)))
assert not {"torch", "transformers", "peft"} & set(sys.modules)
"""
    words = [sys.executable, "-c", code, str(ADAPTER), str(generator_folder("", cache))]
    subprocess.run(words, check=True, cwd=Path(__file__).parents[2], timeout=120)
