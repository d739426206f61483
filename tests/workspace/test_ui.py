"""The page's API, its guard, and what people can do without the app."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.workspace.hands import Hands, HandsError
from bot.workspace.server import Server

from .conftest import Recorder
from .test_methods_chat import button

Json = dict[str, Any]


def get(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as response:
            return response.status, response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def post(url: str, body: Json) -> Json:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return dict(json.load(response))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_this_machines_own_page(ws: Server, headers: dict[str, str], status: int) -> None:
    assert get(f"{ws.url}/ui/health", **headers)[0] == status
    assert get(f"{ws.url}/ui/health", Origin=ws.url)[0] == 200


def test_the_page_may_load_nothing_from_elsewhere(ws: Server) -> None:
    with urllib.request.urlopen(ws.url, timeout=5) as response:
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_snapshot(ws: Server) -> None:
    with Hands(ws, "U0MIA") as mia, Hands(ws, "U0AGENT") as alex:
        assert set(mia.channels) == {"C0GENERAL", "C0HELP", "D0MIA"}
        assert set(alex.channels) == {"C0GENERAL", "C0HELP", "C0AGENTS", "D0ALEX"}
        assert (mia.dm, alex.dm) == ("D0MIA", "D0ALEX")
        assert mia.channels["D0MIA"]["name"] == "Understudy"
        ts = mia.say("C0HELP", "hello all")
        alex.wait_message(lambda one: one["ts"] == ts)
    with Hands(ws, "U0TOM") as tom:
        assert [one["text"] for one in tom.messages("C0HELP")] == ["hello all"]


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ({"do": "fly"}, "unknown_action"),
        ({"do": "say", "channel": "C0AGENTS", "text": "let me in"}, "channel_not_found"),
        ({"do": "say", "channel": "C0HELP", "text": "  "}, "no_text"),
        ({"do": "say", "channel": "C0HELP", "text": "x" * 40_001}, "msg_too_long"),
        ({"do": "say", "channel": "C0HELP", "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ({"do": "edit", "channel": "C0HELP", "ts": "1.0", "text": "x"}, "message_not_found"),
        ({"do": "command", "channel": "C0HELP", "command": "/x", "thread_ts": "1.0"}, "not_in_threads"),
        ({"do": "submit", "view_id": "V404"}, "view_not_found"),
        ({"do": "leave", "channel": "D0MIA"}, "cant_leave"),
        ({"do": "say", "user": "U404", "channel": "C0HELP", "text": "x"}, "user_not_found"),
    ],
)
def test_refusals(ws: Server, what: Json, error: str) -> None:
    answer = post(f"{ws.url}/ui/act", {"user": "U0MIA"} | what)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert answer["message"]


def test_commands_and_shortcuts_are_the_manifests(tmp_path: Any) -> None:
    manifest = tmp_path / "manifest.json"
    features = {
        "slash_commands": [{"command": "/ask", "description": "Ask"}],
        "shortcuts": [{"name": "Fix", "type": "message", "callback_id": "fix"}],
        "agent_view": {"suggested_prompts": [{"title": "Where?", "message": "Where is it?"}]},
    }
    manifest.write_text(json.dumps({"features": features}))
    with Server(manifest=manifest) as ws, Hands(ws, "U0MIA") as mia:
        assert mia.try_act("command", channel="D0MIA", command="/other")["error"] == "unknown_command"
        assert mia.try_act("shortcut", callback_id="other")["error"] == "unknown_shortcut"
        found = ws.world.state.users["U0MIA"]
        snapshot = ws.do(lambda: site_snapshot(ws, found.id))
        assert snapshot["commands"][0]["command"] == "/ask"
        assert snapshot["prompts"][0]["prompts"][0]["title"] == "Where?"


def site_snapshot(ws: Server, user: str) -> Json:
    from bot.workspace.interactions import Interactions
    from bot.workspace.people import People

    return People(ws.world, Interactions(ws.world)).snapshot(ws.world.state.users[user])


def test_somebody_new(ws: Server) -> None:
    answer = post(f"{ws.url}/ui/users", {"name": "Ana Ruiz", "team_id": "T0OTHER"})
    user = answer["user"]["id"]
    with Hands(ws, user) as ana:
        assert ana.dm == answer["dm"]
        ana.say(ana.dm, "hello")
        assert answer["user"]["team_id"] == "T0OTHER"
    assert not post(f"{ws.url}/ui/users", {"name": ""})["ok"]


def test_files_of_people(ws: Server, client: WebClient, recorder: Recorder, mia: Hands) -> None:
    ts = mia.upload("D0MIA", "shot.png", b"\x89PNG...", text="see this")
    event = recorder.next()["event"]
    assert (event["subtype"], event["ts"], event["text"]) == ("file_share", ts, "see this")
    url = event["files"][0]["url_private"]
    assert get(url)[0] == 403
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {ws.bot_token}"})
    with urllib.request.urlopen(request, timeout=5) as response:
        assert response.read() == b"\x89PNG..."
    shown = mia.wait_message(lambda one: one["ts"] == ts)["files"][0]["url_page"]
    assert get(ws.url + shown)[0] == 200
    with pytest.raises(HandsError, match="file_upload_size_restricted"):
        mia.upload("D0MIA", "empty", b"")


def test_faults_over_http(ws: Server) -> None:
    assert post(f"{ws.url}/ui/faults", {"duplicates": 2})["duplicates"] == 2
    assert ws.faults.duplicates == 2
    assert post(f"{ws.url}/ui/faults", {"unheard": 1})["error"] == "invalid_faults"


def test_response_urls(ws: Server, client: WebClient, recorder: Recorder, mia: Hands) -> None:
    posted = client.chat_postMessage(channel="C0HELP", text="choose", blocks=[button(action_id="go")])
    recorder.next()
    mia.click(mia.wait_message(lambda one: one["ts"] == posted["ts"]), "go")
    hook = WebhookClient(recorder.next()["response_url"])
    assert hook.send(text="only you").status_code == 200
    mia.wait_message(lambda one: one["text"] == "only you" and one.get("ephemeral"))
    assert hook.send(text="all", response_type="in_channel").body == "ok"
    mia.wait_message(lambda one: one["text"] == "all" and not one.get("ephemeral"))
    assert hook.send(text="chosen", replace_original=True).body == "ok"
    mia.wait_message(lambda one: one["ts"] == posted["ts"] and one["text"] == "chosen" and "blocks" not in one)
    assert hook.send(text="bad", blocks=[{"type": "nonsense"}]).status_code == 400
    assert hook.send(delete_original=True).body == "ok"
    mia.wait(lambda: all(one["ts"] != posted["ts"] for one in mia.messages("C0HELP")))
    assert "used_url" in hook.send(text="a sixth time").body


def test_an_ephemeral_button_replaces_itself(client: WebClient, recorder: Recorder, mia: Hands) -> None:
    client.chat_postEphemeral(channel="C0HELP", user="U0MIA", text="sure?", blocks=[button(action_id="yes")])
    mia.click(mia.wait_message(lambda one: one["text"] == "sure?"), "yes")
    click = recorder.next()
    assert click["container"]["is_ephemeral"]
    assert "message" not in click
    WebhookClient(click["response_url"]).send(text="done", replace_original=True)
    mia.wait(lambda: [one["text"] for one in mia.ephemerals("C0HELP")] == ["done"])


def test_joining_and_leaving(ws: Server, recorder: Recorder, mia: Hands) -> None:
    mia.act("leave", channel="C0GENERAL")
    mia.act("join", channel="C0GENERAL")
    kinds = [recorder.next()["event"] for _ in range(2)]
    assert sorted((one["type"], one.get("subtype", "")) for one in kinds) == [
        ("member_joined_channel", ""),
        ("message", "channel_join"),
    ]


def test_two_people_type_at_once(ws: Server, hands: Callable[[str], Hands]) -> None:
    mia, tom = hands("U0MIA"), hands("U0TOM")
    stamps = [person.say("C0HELP", f"{number}") for number in range(20) for person in (mia, tom)]
    assert len(set(stamps)) == 40
    tom.wait(lambda: len(tom.messages("C0HELP")) == 40)
    assert [one["ts"] for one in tom.messages("C0HELP")] == sorted(stamps)


def test_a_guest_of_another_team(ws: Server, recorder: Recorder) -> None:
    """As in a Slack Connect channel: the team of the person, and a word that the channel is shared."""
    user = post(f"{ws.url}/ui/users", {"name": "Ana Ruiz", "team_id": "T0OTHER"})["user"]["id"]
    with Hands(ws, user) as ana:
        ana.say("C0HELP", "@understudy hello")
        events = [recorder.next() for _ in range(2)]
        for event in events:
            assert event["is_ext_shared_channel"]
            assert (event["team_id"], event["event"]["team"]) == ("T0LOCAL", "T0OTHER")
            assert event["event"]["user_team"] == "T0OTHER"
        ana.command("/ask x", "C0HELP")
        assert recorder.next()["user_id"] == user


def test_a_guest_whose_own_workspace_has_not_the_app(ws: Server, recorder: Recorder) -> None:
    asked = {"name": "Bo Lind", "team_id": "T0OTHER", "has_app": False}
    with Hands(ws, post(f"{ws.url}/ui/users", asked)["user"]["id"]) as bo:
        bo.say("C0HELP", "hello")
        assert recorder.next()["event"]["text"] == "hello"
        for what in (
            {"do": "home"},
            {"do": "messages_tab"},
            {"do": "command", "command": "/ask", "channel": "C0HELP"},
            {"do": "shortcut", "callback_id": "x"},
            {"do": "say", "channel": bo.dm, "text": "hello"},
        ):
            assert bo.try_act(**what)["error"] == "app_not_installed"
