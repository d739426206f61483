"""versions, promote, rollback, status: quick, in words, and as JSON; none of them loads torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot import pausing
from bot.cli import main
from bot.settings import LOCAL_TEAM, Settings
from model.registry import Registry
from model.types import Article, Example
from storage.articles import Articles
from storage.corrections import Corrections
from storage.database import Database
from storage.training_runs import TrainingRuns
from storage.utterances import Utterances


@pytest.fixture
def registry(here: Settings) -> Registry:
    made = Registry(here.home / "models" / "intent", "intent")
    for number, words in enumerate(("v1 is live.", "v2 is live. It is better."), 1):
        with made.staging() as folder:
            evaluation = {"macro_f1": 0.9 + number / 100}
            made.promote(made.publish(folder, {"verdict": [words], "evaluation": evaluation}))
    return made


def test_versions_with_their_verdicts(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["versions"]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.split()[:3] == ["intent", "v1", "previous"]
    assert second.split()[:3] == ["intent", "v2", "live"]
    assert second.endswith("macro-F1 92.0 %   v2 is live. It is better.")
    assert third == "response: none yet"
    assert main(["versions", "--kind", "intent", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["version"] for row in told["intent"]] == ["v1", "v2"]
    assert told["intent"][1]["live"] is True
    with registry.staging() as folder:
        registry.pin(registry.publish(folder, {}))
    assert main(["versions", "--kind", "intent"]) == 0
    assert capsys.readouterr().out.splitlines()[2].split()[:3] == ["intent", "v3", "pinned"]


def test_promote_and_roll_back(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback"]) == 0
    assert "intent v1 is live again, v2 is not." in capsys.readouterr().out
    assert main(["versions", "--kind", "intent"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("v1 is live.")
    assert second.endswith("v2 went live. It is better.")
    assert main(["rollback"]) == 2
    assert "found v2, which is later" in capsys.readouterr().err
    assert main(["promote", "v2"]) == 0
    assert capsys.readouterr().out == "intent v2 is live; before it v1.\n"
    assert main(["promote", "v2"]) == 0
    assert "live already" in capsys.readouterr().out
    assert registry.current() == "v2"


@pytest.mark.parametrize("words", [["promote", "v7"], ["rollback", "v7"], ["promote", "../v1"]])
def test_unknown_versions_end_with_2(registry: Registry, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "expected one of the intent versions (v1, v2)" in said
    assert said.count("\n") == 1
    assert registry.current() == "v2"


def test_nothing_to_roll_back_to_ends_with_2(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback", "--kind", "response"]) == 2
    assert "expected an earlier response version" in capsys.readouterr().err


def test_status(registry: Registry, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with database.writing() as session:
        Utterances(session, LOCAL_TEAM).add([Example("hi", "greeting"), Example("bye", "goodbye")], "starter")
        runs = TrainingRuns(session, LOCAL_TEAM)
        run = runs.claim("intent", "here:1")
        assert run is not None
        runs.finish(run.id, "promoted", champion="v1", challenger="v2", verdict="v2 is live.\nFigures.")
        other = runs.claim("recommend", "here:1")
        assert other is not None
        runs.finish(other.id, "kept", verdict="Too few cases.")
        Corrections(session).add(team=LOCAL_TEAM, text="yo", before="oos", after="greeting", by="U", source="card")
        for article in (Article("old", "Old", "Words.", (), "en", "2001-01-01"), Article("new", "New", "Words.")):
            Articles(session, LOCAL_TEAM).upsert(article, "import")
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert "intent model   v2" in said
    assert "response model none is live" in said
    assert "new labels     1" in said
    assert "articles       2, 1 are stale: old (not updated for " in said
    assert "UTC, intent: v2 is live." in said
    assert main(["status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["articles"], list(told["stale_articles"])) == (2, ["old"])
    assert told["live"] == {"intent": "v2", "response": None}
    assert (told["utterances"], told["new_labels"], told["bot"]) == (2, 1, None)
    assert told["next_training"].endswith("03:00 UTC")


def test_status_says_that_the_schedule_rests(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with database.writing() as session:
        assert pausing.begin(session, LOCAL_TEAM, "U0AGENT")
    assert main(["status"]) == 0
    assert "next training  paused in Slack" in capsys.readouterr().out
    assert main(["status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["next_training"] is None
    assert told["training_paused"]


def test_status_without_a_database_ends_with_2(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 2
    assert "understudy setup" in capsys.readouterr().err


def test_retrain_without_labels_ends_with_2(
    here: Settings, database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.retrain.NICE", 0)
    assert main(["retrain", "--json"]) == 2
    assert "found none: bring some with `understudy import FILE`" in capsys.readouterr().err


def test_retrain_while_another_runs_ends_with_2(
    here: Settings, database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.retrain.NICE", 0)
    with database.writing() as session:
        Utterances(session, LOCAL_TEAM).add([Example("hi", "greeting")], "import")
        TrainingRuns(session, LOCAL_TEAM).claim("intent", "elsewhere:7")
    assert main(["retrain"]) == 2
    assert "found one that runs, elsewhere:7 since" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["status", "versions", "rollback", "retrain", "doctor"])
def test_help_and_light_commands_load_no_torch(command: str, tmp_path: Path) -> None:
    words = [command] if command in ("status", "versions") else [command, "--help"]
    code = (
        "import sys\nfrom bot.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules, 'torch was loaded'"
    )
    root = Path(__file__).parents[3]
    environment = {"PATH": "/usr/bin", "DATA_DIR": str(tmp_path), "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_control_loads_no_torch() -> None:
    code = (
        "import sys, bot.control, bot.scheduler, bot.retrain, bot.learning, model.gate, model.split, model.release\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
