import re

import pytest

from bot import wording
from bot.languages import PHRASES, Languages, languages_of, phrases
from bot.listeners.parts import BUTTON_LIMIT
from model.language import NAMES, detect
from model.types import UnderstudyError

ENGLISH = Languages(lambda: frozenset({"en"}))


def test_a_message_is_foreign_only_where_the_model_does_not_read_it() -> None:
    assert ENGLISH.foreign("Wo ist denn mein Paket?") == "de"
    assert ENGLISH.foreign("ok") == ""
    assert ENGLISH.foreign("where is my parcel please") == ""
    assert Languages(lambda: frozenset({"de"})).foreign("where is my parcel please") == "en"
    assert Languages().foreign("Wo ist denn mein Paket?") == ""


def test_agents_read_the_language_in_english() -> None:
    assert ENGLISH.name("Wo ist denn mein Paket?") == "German"
    assert ENGLISH.name("where is my parcel please") == ENGLISH.name("ok") == ""


def test_the_setting_wins_over_the_model() -> None:
    live = lambda: frozenset({"en"})  # noqa: E731
    assert languages_of("", live).foreign("我的包裹在哪里") == "zh"
    assert languages_of(" en, ZH", live).foreign("我的包裹在哪里") == ""
    assert languages_of("all", live).served() is None
    with pytest.raises(UnderstudyError, match=r"LANGUAGES: expected .* found 'klingon'"):
        languages_of("en,klingon", live)


@pytest.mark.parametrize("code", PHRASES)
def test_fixed_texts_are_in_their_own_language_and_fit(code: str) -> None:
    mine = phrases(code)
    assert code in NAMES
    assert detect(mine.offer) == code
    assert detect(mine.handoff) == code
    assert re.search(r"[?？؟]$", mine.offer)
    assert detect(f"{mine.late} {mine.line.format(number=2)}") == code
    assert "2026-11-30" in mine.away.format(when="2026-11-30 09:00 (UTC)")
    assert 0 < len(mine.person) <= BUTTON_LIMIT


def test_a_language_without_texts_is_answered_in_english() -> None:
    assert ENGLISH.handoff("Var är mitt paket? Jag vill ha pengarna tillbaka") == phrases("en").handoff
    assert ENGLISH.handoff("where is my parcel please") == wording.HANDOFF
