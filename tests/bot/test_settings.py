"""A wrong or half configuration is one clear line, and local and real never mix."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings, load
from model.types import UnderstudyError

BOT, APP = "xoxb-1234567890-abcdef", "xapp-1-A0123-abcdef"


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_tokens_it_is_local() -> None:
    settings = load()
    assert settings.local
    assert settings.home.name == "local"
    assert not settings.drafts


def test_with_both_tokens_it_is_real_and_drafts() -> None:
    settings = load(slack_bot_token=BOT, slack_app_token=APP)
    assert not settings.local
    assert settings.home.name == "slack"
    assert settings.drafts
    assert not settings.slack_text_may_train_generator


@pytest.mark.parametrize(("bot", "app", "named"), [(BOT, "", "SLACK_APP_TOKEN"), ("", APP, "SLACK_BOT_TOKEN")])
def test_one_token_of_two_is_an_error_everywhere(bot: str, app: str, named: str) -> None:
    with pytest.raises(UnderstudyError, match=named) as caught:
        load(slack_bot_token=bot, slack_app_token=app)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("token", ["xoxp-1234567890", "xoxb-", "hello", "xapp-1-A0123-abcdef"])
def test_malformed_token_is_named_and_not_shown(token: str) -> None:
    with pytest.raises(UnderstudyError, match="SLACK_BOT_TOKEN: expected a token that begins with xoxb-") as caught:
        load(slack_bot_token=token, slack_app_token=APP)
    assert token not in str(caught.value) or len(token) <= 5


def test_a_value_out_of_range_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWER_THRESHOLD", "1.4")
    with pytest.raises(UnderstudyError, match=r"ANSWER_THRESHOLD.*1\.4"):
        load()


def test_secrets_hide_in_repr() -> None:
    assert BOT not in repr(load(slack_bot_token=BOT, slack_app_token=APP))


def test_run_without_tokens_never_becomes_a_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 2
    error = capsys.readouterr().err
    assert "--local" in error
    assert error.count("\n") == 1
