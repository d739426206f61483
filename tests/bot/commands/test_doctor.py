"""doctor: a line for each thing that the bot needs, and what to do."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot import checkup
from bot.cli import main
from bot.manifest import SCOPES
from bot.settings import Settings
from model.types import Article, Example
from storage.articles import Articles
from storage.database import Database
from storage.keyvalues import KeyValues
from storage.utterances import Utterances

REAL = {"SLACK_BOT_TOKEN": "xoxb-123456789012", "SLACK_APP_TOKEN": "xapp-123456789012"}


class Slack:
    """The two methods that doctor calls, over HTTP."""

    def __init__(self) -> None:
        self.scopes = ",".join(SCOPES)
        self.answers: dict[str, dict[str, object]] = {
            "auth.test": {"ok": True, "team": "Acme", "team_id": "T1", "user": "understudy", "user_id": "U1"},
            "apps.connections.open": {"ok": True, "url": "wss://example.invalid"},
        }
        slack = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                body = json.dumps(slack.answers[self.path.rsplit("/", 1)[-1]]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("X-OAuth-Scopes", slack.scopes)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    made = Slack()
    Thread(target=made.server.serve_forever, daemon=True).start()
    for name, value in {**REAL, "SLACK_API_URL": made.url}.items():
        monkeypatch.setenv(name, value)
    yield made
    made.server.shutdown()
    made.server.server_close()


def real() -> Settings:
    return Settings(_env_file=None)  # type: ignore[call-arg]


def test_slack_is_asked(here: Settings, slack: Slack) -> None:
    assert checkup.check_slack(real()) == checkup.Finding("ok", "slack", "Acme (T1) as understudy")


def test_missing_scopes_are_named(here: Settings, slack: Slack) -> None:
    slack.scopes = ",".join(scope for scope in SCOPES if scope != "groups:read")
    found = checkup.check_slack(real())
    assert found.level == "fail"
    assert "found groups:read missing. Update the app's manifest" in found.words


@pytest.mark.parametrize(
    ("method", "token", "page"),
    [("auth.test", "SLACK_BOT_TOKEN", "OAuth"), ("apps.connections.open", "SLACK_APP_TOKEN", "App-Level Tokens")],
)
def test_a_refused_token_is_named(here: Settings, slack: Slack, method: str, token: str, page: str) -> None:
    slack.answers[method] = {"ok": False, "error": "invalid_auth"}
    found = checkup.check_slack(real())
    assert found.level == "fail"
    assert found.words.startswith(f"{token}: expected one that Slack takes, found 'invalid_auth'.")
    assert page in found.words


def test_slack_out_of_reach(here: Settings, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    found = checkup.check_slack(real())
    assert found.level == "fail"
    assert "SLACK_API_URL" in found.words


def test_starter_content_in_a_real_workspace_is_a_warning(here: Settings, slack: Slack) -> None:
    settings = real()
    database = Database(settings.url)
    database.migrate()
    assert checkup.check_content(settings).words == "0 utterances, 0 articles. Bring yours: `understudy import FILE`."
    with database.writing() as session:
        KeyValues(session, "").set("team", "T1")
        Utterances(session, "T1").add([Example("hi", "greeting")], "starter")
        Articles(session, "T1").upsert(Article("a", "A", "Text."), "import")
    found = checkup.check_content(settings)
    assert found.level == "warn"
    assert "1 of them are the starter shop's" in found.words
    assert "--replace" in found.words


def test_the_starter_belongs_to_the_local_workspace(here: Settings, database: Database) -> None:
    with database.writing() as session:
        Utterances(session, "T0LOCAL").add([Example("hi", "greeting")], "starter")
    assert checkup.check_content(here).level == "ok"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = checkup.check_folder(Settings(_env_file=None, data_dir=tmp_path / "file"))  # type: ignore[call-arg]
    assert found.level == "fail"
    assert "Set DATA_DIR in .env." in found.words


def test_little_disk(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, level in ((10**8, "fail"), (10**9, "warn"), (10**10, "ok")):
        monkeypatch.setattr(checkup.shutil, "disk_usage", lambda place, free=free: Usage(free))
        assert checkup.check_disk(here).level == level


class Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_a_bad_schedule_is_a_finding(here: Settings) -> None:
    settings = here.model_copy(update={"retrain_cron": "often"})
    found = {finding.about: finding for finding in only(settings, "schedule")}
    assert found["schedule"].level == "fail"
    assert "RETRAIN_CRON" in found["schedule"].words
    settings = here.model_copy(update={"opening_hours": "nine to five"})
    [finding] = only(settings, "schedule")
    assert (finding.level, "OPENING_HOURS" in finding.words) == ("fail", True)


def only(settings: Settings, *names: str) -> list[checkup.Finding]:
    kept = {name: check for name, check in checkup.CHECKS.items() if name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkup, "CHECKS", kept)
        return list(checkup.checkup(settings))


def test_a_check_that_breaks_is_a_finding(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(settings: Settings) -> checkup.Finding:
        raise RuntimeError("odd")

    monkeypatch.setattr(checkup, "CHECKS", {"odd thing": breaks})
    (found,) = checkup.checkup(here)
    assert (found.level, found.about) == ("fail", "odd thing")


def test_a_whole_checkup(
    here: Settings, database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = ("base encoder", "response model")
    monkeypatch.setattr(checkup, "CHECKS", {n: c for n, c in checkup.CHECKS.items() if n not in heavy})
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.split()[0] in ("ok", "warn", "fail") for line in lines)
    (failed,) = [line for line in lines if line.startswith("fail")]
    assert "understudy retrain" in failed
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {row["about"] for row in told} >= {"settings", "database", "intent model", "slack"}


def test_one_token_of_two_is_the_only_finding(
    here: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", REAL["SLACK_BOT_TOKEN"])
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("fail settings        SLACK_APP_TOKEN: expected both Slack tokens or neither")
    assert said.count("\n") == 1
