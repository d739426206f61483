import pytest

from bot import checkup
from bot.settings import Settings
from model import picture_reader


@pytest.mark.parametrize(
    ("setting", "there", "level", "words"),
    [("on", True, "ok", "read"), ("on", False, "warn", "make ocr"), ("off", False, "ok", "PICTURES=off")],
)
def test_doctor_says_in_one_line_what_reads_pictures(
    monkeypatch: pytest.MonkeyPatch, setting: str, there: bool, level: str, words: str
) -> None:
    monkeypatch.setattr(picture_reader, "installed", lambda: there)
    found = checkup.check_pictures(Settings(_env_file=None, pictures=setting))  # type: ignore[call-arg,arg-type]
    assert found.level == level
    assert words in found.words
    assert "\n" not in found.words
