import json
from pathlib import Path

import jsonschema
import pytest

from bot import manifest
from bot.settings import Settings

FILE = Path(__file__).parents[2] / "manifest.json"


def test_the_file_is_what_the_code_makes() -> None:
    assert FILE.read_text() == manifest.render(), "run: python -m bot.manifest > manifest.json"


def test_commands_are_settings() -> None:
    fields = Settings.model_fields
    made = manifest.build(*(fields[f"command_{name}"].default for name in ("support", "relabel", "ask")))
    assert made == manifest.build()
    assert [
        each["command"] for each in manifest.build("/help-us", "/fix", "/please")["features"]["slash_commands"]
    ] == [
        "/help-us",
        "/fix",
        "/please",
    ]


@pytest.mark.shared
def test_slack_would_take_it() -> None:
    schema = Settings().shared_dir / "slack/manifest-schema/manifest.schema.2.0.0.json"
    if not schema.exists():
        pytest.skip(f"SLACK'S MANIFEST SCHEMA IS NOT HERE: {schema}; set SHARED_DIR to check manifest.json against it")
    jsonschema.validate(json.loads(FILE.read_text()), json.loads(schema.read_text()))
