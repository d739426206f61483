"""`understudy search` and `understudy reply` on the starter shop, without a database or a live model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def understudy(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from bot.cli import main; done = main(sys.argv[1:]); "
    code += "assert 'torch' not in sys.modules; sys.exit(done)"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={"DATA_DIR": str(home), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_search_prints_passages_best_first(home: Path) -> None:
    done = understudy(home, "search", "do you delver to norwey", "--json")
    rows = json.loads(done.stdout)
    assert set(rows[0]) == {"id", "title", "passage", "score"}
    assert "Norway" in rows[0]["passage"]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_reply_says_what_it_was_made_of_and_loads_no_torch_where_nothing_is_generated(home: Path) -> None:
    done = understudy(home, "reply", "how long is a gift card valid?", "--intent", "gift_card", "--json")
    result = json.loads(done.stdout)
    assert result["kind"] == "quoted"
    assert result["sources"] == ["gift-cards"]
    assert not result["generated"]
    assert {"text", "route", "intent", "grounded", "versions", "milliseconds"} <= set(result)
    verbatim = json.loads(understudy(home, "reply", "hi", "--intent", "greeting", "--name", "Mia", "--json").stdout)
    assert verbatim["text"].startswith("Hello Mia, I am")


def test_wrong_input_ends_with_2_and_one_line(home: Path) -> None:
    for words in (("reply", "hi", "--intent", "nonsense"), ("reply", "hi")):
        done = understudy(home, *words)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "expected" in done.stderr


def test_evaluate_search_measures_and_says_what_is_wrong(home: Path, tmp_path: Path) -> None:
    kb, data = tmp_path / "kb.jsonl", tmp_path / "data.jsonl"
    rows = [
        {"id": "a", "question": "How do I change my password?", "answers": ["Open the settings."]},
        {"id": "b", "question": "Where is my parcel?", "answers": ["Look at the tracking page."]},
    ]
    kb.write_text("\n".join(json.dumps(row) for row in rows))
    data.write_text('{"text": "I forgot my pasword", "label": "a"}\n{"text": "parcel not here", "label": "b"}')
    done = understudy(home, "evaluate-search", "--kb", str(kb), "--data", str(data), "--json")
    found = json.loads(done.stdout)
    assert (found["n"], found["hit_at_1"], found["mrr"], found["map"]) == (2, 1, 1, 1)
    assert set(found["milliseconds"]) == {"p50", "p95"}
    done = understudy(home, "evaluate-search", "--kb", str(kb), "--data", str(data), "--answers-alone")
    assert "hit_at_1" in done.stdout
    data.write_text('{"text": "x", "label": "z"}')
    done = understudy(home, "evaluate-search", "--kb", str(kb), "--data", str(data))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "found 'z'" in done.stderr
