"""docs/hand-off.md shows the table that the code runs."""

from pathlib import Path

from bot.lifecycle import markdown

PAGE = (Path(__file__).parents[2] / "docs" / "hand-off.md").read_text()


def test_the_table_is_the_codes() -> None:
    assert f"\n\n{markdown()}\n" in PAGE, "run: python -m bot.lifecycle, and put the table into docs/hand-off.md"


def test_nothing_else_moves_a_case() -> None:
    root = Path(__file__).parents[2] / "bot"
    moving = [
        path.name
        for path in root.rglob("*.py")
        if "cases.move(" in (text := path.read_text()) or "Conversations(session).move(" in text
    ]
    assert moving == ["moves.py"]
