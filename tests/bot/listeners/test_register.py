"""The listeners against Slack's own samples and against the manifest, without a network."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import manifest
from bot.explaining import Explaining
from bot.gaps import GapDesk
from bot.homes import Homes
from bot.knowledge import KnowledgeDesk
from bot.listeners import register
from bot.services import Services
from bot.settings import Settings
from bot.workers import Workers
from tests.bot.conftest import Office
from tests.bot.fakes import FakeEncoder, fake_models

SAMPLES = Settings().shared_dir / "slack/samples"


NOWHERE = "http://127.0.0.1:9/api/"
"""Nobody listens there: what a listener sends after its acknowledgement fails at once and leaves the machine never."""


def app_of(office: Office) -> tuple[App, Services]:
    workers = Workers(2)
    services = Services(
        office.kit,
        office.intake,
        office.desk,
        office.cases,
        office.corrections,
        office.followups,
        office.understanding,
        workers,
        Homes(workers),
        Explaining(office.kit, office.understanding, office.corrections),
        KnowledgeDesk(office.kit, office.cases, fake_models()[0].responder, lambda: None),
        office.recommending,
        office.waits,
        office.privacy,
        GapDesk(office.kit, FakeEncoder().encode),
    )
    quiet = logging.getLogger("quiet")
    quiet.disabled = True
    app = App(
        client=WebClient(token="xoxb-test", base_url=NOWHERE),
        logger=quiet,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1"),
        request_verification_enabled=False,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    register(app, services)
    return app, services


def dispatch(app: App, body: dict[str, Any]) -> int:
    return app.dispatch(BoltRequest(body=body, mode="socket_mode")).status


def envelope(event: dict[str, Any]) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event, "api_app_id": "A1"}


def test_every_subscribed_event_is_acknowledged(office: Office) -> None:
    app, services = app_of(office)
    for name in manifest.EVENTS:
        kind = name.partition(".")[0]
        event = {"type": kind, "channel": "C1", "user": "UMIA", "ts": "1.0", "text": "x", "tab": "home"}
        assert dispatch(app, envelope(event)) == 200, name
    services.workers.close()


def test_commands_and_shortcuts_of_the_manifest_are_acknowledged_and_no_others(office: Office) -> None:
    app, services = app_of(office)
    built = manifest.build()["features"]
    for each in built["slash_commands"]:
        body = {"command": each["command"], "text": "help", "user_id": "UMIA", "channel_id": "C1", "trigger_id": "1"}
        assert dispatch(app, body | {"team_id": "T1", "response_url": "http://127.0.0.1:9/x"}) == 200
    for each in built["shortcuts"]:
        assert dispatch(app, shortcut(each["callback_id"])) == 200
    assert dispatch(app, shortcut("another")) == 404
    services.workers.close()


def shortcut(callback_id: str) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": callback_id,
        "trigger_id": "1",
        "user": {"id": "UMIA"},
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "message": {"ts": "1.0", "user": "UMIA", "text": "x"},
    }


def test_an_event_that_cannot_be_written_is_not_acknowledged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    app, services = app_of(office)
    body = envelope({"type": "message", "channel": "DMIA", "user": "UMIA", "ts": "7.0", "text": "parcel"})

    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(office.intake, "accept", full, raising=True)
        assert dispatch(app, body) == 500
    assert dispatch(app, body) == 200
    # The listener runs in a thread of its own, behind the acknowledgement.
    end = time.monotonic() + 10
    while not office.surface.texts() and time.monotonic() < end:
        time.sleep(0.02)
    services.workers.close()
    assert office.surface.texts() == ["Hello Umia, it is on its way."]


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason=f"SLACK'S SAMPLES ARE NOT HERE: {SAMPLES}; set SHARED_DIR")
def test_the_bot_survives_every_sample_of_slack(office: Office) -> None:
    app, services = app_of(office)
    files = sorted(Path(SAMPLES).glob("events/*.json"))
    assert len(files) > 50
    for file in files:
        body = json.loads(file.read_text())
        assert dispatch(app, body) in (200, 404), file.name
        if isinstance(body.get("event"), dict):
            filled = json.loads(file.read_text().replace('""', '"X1"'))
            filled["type"] = "event_callback"
            assert dispatch(app, filled) in (200, 404), file.name
    assert services.workers.drain(20)
    services.workers.close()
