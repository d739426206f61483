import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import LOCAL_TEAM, Settings
from model.dataset import read_examples
from model.types import Example
from storage.agent_replies import AgentReplies
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.feedback import Feedback
from storage.tables import ERASED
from storage.turns import Turns
from storage.utterances import Utterances

SECRET = "my card is 4111111111111111"


@pytest.fixture
def log(database: Database) -> Database:
    with database.writing() as session:
        for number, user in enumerate(("U0MIA", "U0TOM"), 1):
            case = Conversations(session).open(LOCAL_TEAM, "D1", f"{number}.0", user)
            turn, _ = Turns(session).record(LOCAL_TEAM, "D1", f"{number}.0", user, f"{SECRET} {user}", "", case.id)
            Turns(session).edited(turn.id, f"{SECRET}!")
            Turns(session).finish(turn.id, f"So {SECRET}?", "9.0", timings={"total": 5})
            AgentReplies(session, LOCAL_TEAM).add(case.id, "U0AGENT", "form", f"k{number}", f"Dear {user}")
            Feedback(session).give(LOCAL_TEAM, turn.id, user, "bad", "wrong", SECRET)
            row = {"team": LOCAL_TEAM, "turn_id": turn.id, "text": turn.text, "by": "U0AGENT", "source": "card"}
            Corrections(session).add(**row, before="a", after="b")
            Corrections(session).add(**row, before="b", after="c")
        Utterances(session, LOCAL_TEAM).add([Example("hello", "greet")], "import")
    return database


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_exports(log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export"]) == 0
    turns = lines(capsys.readouterr().out)
    assert [(turn["user"], turn["status"], turn["timings"]) for turn in turns] == [
        ("U0MIA", "done", {"total": 5}),
        ("U0TOM", "done", {"total": 5}),
    ]
    assert str(turns[0]["created_at"]).endswith("+00:00")
    assert main(["export", "--what", "corrections"]) == 0
    corrections = lines(capsys.readouterr().out)
    assert [(row["label"], row["stands"]) for row in corrections] == [("b", False), ("c", True)] * 2
    assert main(["export", "--what", "utterances", "--out", "rows.jsonl"]) == 0
    assert capsys.readouterr().out == "rows.jsonl: 1 utterances\n"
    assert [(row.text, row.label) for row in read_examples(Path("rows.jsonl")).examples] == [("hello", "greet")]


def test_what_is_kept_of_a_person(log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--user", "U0MIA"]) == 0
    [kept] = lines(capsys.readouterr().out)
    assert "U0TOM" not in json.dumps(kept)
    [case] = kept["cases"]  # type: ignore[misc]
    assert [each["text"] for each in case["agents_wrote"]] == ["Dear U0MIA"]
    [message] = case["messages"]
    assert message["text"] == f"{SECRET} U0MIA"
    assert [each["text"] for each in message["earlier_wordings"]] == [f"{SECRET}!"]
    assert [(each["value"], each["comment"]) for each in message["judgements"]] == [("bad", SECRET)]
    assert [each["after"] for each in message["labels_by_agents"]] == ["b", "c"]
    assert kept["learned_from"] is True
    assert main(["erase", "--user", "U0MIA", "--yes"]) == 0
    capsys.readouterr()
    assert main(["export", "--user", "U0MIA", "--out", "mia.json"]) == 0
    assert capsys.readouterr().out == "mia.json: what is kept of U0MIA\n"
    assert SECRET not in Path("mia.json").read_text()


def test_an_export_into_nowhere(log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--out", "no/rows.jsonl"]) == 2
    assert capsys.readouterr().err.startswith("understudy: expected a file that can be written")


def test_erasing_leaves_no_trace_in_the_file(here: Settings, log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    mine = f"{SECRET} U0MIA".encode()
    files = [here.home / name for name in ("understudy.db", "understudy.db-wal")]
    assert any(mine in file.read_bytes() for file in files if file.exists())
    assert main(["erase", "--user", "U0MIA", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "erased 1 message with its reply, 1 edit, 1 feedback comment, 2 corrections and 1 reply" in said
    assert "No model version has learned from it." in said
    assert "Not reached: backups made before now" in said
    assert not any(mine in file.read_bytes() for file in files if file.exists())
    with log.reading() as session:
        texts = {turn.user: turn.text for turn in Turns(session).each(LOCAL_TEAM)}
        assert texts == {"U0MIA": ERASED, "U0TOM": f"{SECRET} U0TOM"}
        assert {row.text for row in Corrections(session).effective()} == {f"{SECRET} U0TOM"}
    assert main(["erase", "--user", "U0MIA", "--yes"]) == 1


def test_erasing_asks_first(log: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["erase", "--user", "U0TOM"]) == 2
    assert "Add --yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "n" if "1 messages of U0TOM" in question else "y")
    assert main(["erase", "--user", "U0TOM"]) == 1
    assert capsys.readouterr().out == "Nothing was erased.\n"
    assert main(["erase", "--user", "U0TOM", "--team", "T9", "--yes"]) == 1
    with log.reading() as session:
        assert ERASED not in {turn.text for turn in Turns(session).each(LOCAL_TEAM)}


def test_without_a_database(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["export"], ["erase", "--user", "U1", "--yes"]):
        assert main(words) == 2
        assert "create it with `understudy setup`" in capsys.readouterr().err
    assert not here.home.exists()
