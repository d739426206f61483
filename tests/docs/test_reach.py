"""docs/operating.md shows where each command is at a click, as the code has it."""

from pathlib import Path

from bot.listeners.reach import markdown

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


def test_the_table_is_the_codes() -> None:
    assert f"\n\n{markdown()}" in PAGE, "run: python -m bot.listeners.reach, and put the table into docs/operating.md"
