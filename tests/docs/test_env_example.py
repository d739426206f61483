"""`.env.example` holds every setting with its default."""

from pathlib import Path

from bot.env_example import text
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def test_file_is_what_the_settings_say() -> None:
    assert (ROOT / ".env.example").read_text() == text(), "run: python -m bot.env_example > .env.example"


def test_every_setting_is_explained() -> None:
    missing = [name for name, field in Settings.model_fields.items() if not field.description]
    assert missing == []
    assert all(f"\n#{name.upper()}=" in text() for name in Settings.model_fields)


def test_every_line_is_a_comment() -> None:
    """An explanation of two lines would be read as a setting."""
    assert [line for line in text().splitlines() if line and not line.startswith("#")] == []
