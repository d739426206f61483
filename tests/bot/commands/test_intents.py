"""`understudy intents`, and what an import makes of former names."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import LOCAL_TEAM, Settings
from storage.database import Database
from storage.intents import Intents


@pytest.fixture
def shop(here: Settings, database: Database, tmp_path: Path) -> Path:
    rows = tmp_path / "rows.csv"
    rows.write_text("text,label\nwhere is my parcel,track\ntrack my parcel,track\nmy money back,refund\n")
    assert main(["import", str(rows)]) == 0
    return rows


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(["intents", *words]) == 0
    return capsys.readouterr().out


def test_the_whole_round(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == "refund “Refund” · 1 row\ntrack “Track” · 2 rows\n"
    assert "is there" in run(capsys, "add", "gift_card", "Gift cards")
    assert "is called delivery now" in run(capsys, "rename", "track", "delivery")
    assert json.loads(run(capsys, "merge", "refund", "delivery", "--json"))["done"].startswith("refund is part of")
    run(capsys, "archive", "gift_card")
    told = json.loads(run(capsys, "list", "--json"))["intents"]
    assert [(each["name"], each["rows"], each["archived"], each["former"]) for each in told] == [
        ("delivery", 3, False, ["refund", "track"]),
        ("gift_card", 0, True, []),
    ]
    assert told[0]["change"] == "refund merged into it"
    assert told[0]["by"] == "command line"
    assert "is back" in run(capsys, "restore", "gift_card")


def test_wrong_words_end_with_2_and_one_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["archive", "trak"], ["merge", "track"], ["delete", "track"]):
        assert main(["intents", *words]) == 2
    first, second, third = capsys.readouterr().err.splitlines()
    assert first == "understudy: expected the name of an intent, found 'trak': did you mean track?"
    assert "expected `intents merge FROM INTO`" in second
    assert "list | add | rename | merge | archive | restore" in third


def test_an_import_in_former_names_brings_none_of_them_back(
    shop: Path, tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "rename", "track", "delivery")
    shop.write_text(shop.read_text() + "has it shipped,track\n")
    assert main(["import", str(shop)]) == 0
    described = tmp_path / "intents.json"
    described.write_text(json.dumps([{"name": "track", "title": "Old"}, {"name": "refund", "title": "Money"}]))
    capsys.readouterr()
    assert main(["import", str(described)]) == 0
    assert "refused track: expected a name of today, found one that means delivery" in capsys.readouterr().out
    assert run(capsys).startswith("delivery “Track” · 3 rows · also track · renamed from track by command line, 2")
    with database.reading() as session:
        assert [each.name for each in Intents(session, LOCAL_TEAM).all()] == ["delivery", "refund"]
