"""Tokens, scopes, unknown methods, faults, people and rooms."""

import json
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.workspace.server import Server

from .test_methods_chat import error_of


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-wrong", "invalid_auth"),
        ("-".join(["xoxb", "123456789012", "1234567890123", "abc"]), "invalid_auth"),
    ],
)
def test_tokens(ws: Server, token: str, error: str) -> None:
    assert error_of(WebClient(token=token, base_url=ws.api_url).auth_test)["error"] == error


def test_a_real_looking_token_is_refused_with_a_word(ws: Server) -> None:
    response = error_of(
        WebClient(token="-".join(["xoxb", "123456789012", "345", "abc"]), base_url=ws.api_url).auth_test
    )
    assert "local workspace" in response["response_metadata"]["messages"][0]


def test_each_token_has_its_methods(ws: Server, client: WebClient) -> None:
    assert error_of(client.apps_connections_open, app_token=ws.bot_token)["error"] == "not_allowed_token_type"
    assert client.apps_connections_open(app_token=ws.app_token)["url"].startswith("ws://127.0.0.1:")
    assert error_of(client.api_call, "chat.nonsense")["error"] == "unknown_method"
    me = client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0LOCAL", "U0BOT", "B0BOT")


def test_scopes_come_from_the_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"oauth_config": {"scopes": {"bot": ["users:read", "im:read"]}}}))
    with Server(manifest=manifest) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)
        refused = error_of(client.chat_postMessage, channel="C0HELP", text="x")
        assert (refused["error"], refused["needed"]) == ("missing_scope", "chat:write")
        assert refused["provided"] == "im:read,users:read"
        assert error_of(client.conversations_info, channel="C0HELP")["needed"] == "channels:read"
        assert client.conversations_info(channel="D0MIA")["channel"]["user"] == "U0MIA"
        assert client.auth_test().headers["x-oauth-scopes"] == "im:read,users:read"


def test_a_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ValueError, match="expected JSON in"):
        Server(manifest=tmp_path / "manifest.json")


def test_rate_limits_and_server_errors(ws: Server, client: WebClient) -> None:
    ws.faults.rate_limit = 1
    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert client.auth_test()["ok"]
    ws.faults.update({"server_errors": 1, "only": "chat.postMessage"})
    assert client.auth_test()["ok"]
    assert error_of(client.chat_postMessage, channel="C0HELP", text="x").status_code == 503
    ws.faults.update({"rate_limit": 1, "only": ""})
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert client.auth_test()["ok"]
    with pytest.raises(ValueError, match="expected int for rate_limit"):
        ws.faults.update({"rate_limit": "many"})


def test_people_and_rooms(client: WebClient) -> None:
    names = {row["id"]: row["real_name"] for row in client.users_list()["members"]}
    assert names == {"U0MIA": "Mia Chen", "U0TOM": "Tom Okafor", "U0AGENT": "Alex Reed", "U0BOT": "Understudy"}
    assert client.users_info(user="U0AGENT")["user"]["is_admin"]
    assert error_of(client.users_info, user="U404")["error"] == "user_not_found"
    public = client.conversations_list()["channels"]
    assert [row["id"] for row in public] == ["C0GENERAL", "C0HELP"]
    every = client.conversations_list(types="public_channel,private_channel,im", limit=2)
    assert sum(len(page["channels"]) for page in every) == 6
    assert client.conversations_members(channel="C0AGENTS")["members"] == ["U0AGENT", "U0BOT"]
    assert client.conversations_open(users="U0TOM")["channel"]["id"] == "D0TOM"
    mine = client.users_conversations(user="U0MIA", types="private_channel")["channels"]
    assert mine == []
    client.conversations_invite(channel="C0AGENTS", users="U0TOM")
    assert "U0TOM" in client.conversations_members(channel="C0AGENTS")["members"]
    assert error_of(client.conversations_invite, channel="C0AGENTS", users="U0TOM")["error"] == "already_in_channel"
    assert client.team_info()["team"]["id"] == "T0LOCAL"
    assert client.bots_info(bot="B0BOT")["bot"]["user_id"] == "U0BOT"
    assert client.usergroups_users_list(usergroup="S0AGENTS")["users"] == ["U0AGENT"]


def test_reactions(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0HELP", text="x")["ts"]
    client.reactions_add(channel="C0HELP", timestamp=ts, name="eyes")
    assert error_of(client.reactions_add, channel="C0HELP", timestamp=ts, name="eyes")["error"] == "already_reacted"
    got = client.reactions_get(channel="C0HELP", timestamp=ts)["message"]["reactions"]
    assert got == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]
    client.reactions_remove(channel="C0HELP", timestamp=ts, name="eyes")
    assert error_of(client.reactions_remove, channel="C0HELP", timestamp=ts, name="eyes")["error"] == "no_reaction"


def test_files_in_three_steps(ws: Server, client: WebClient) -> None:
    done = client.files_upload_v2(channel="C0HELP", filename="plot.png", content=b"\x89PNG", initial_comment="see")
    file = done["files"][0]
    message = client.conversations_history(channel="C0HELP")["messages"][0]
    assert (message["subtype"], message["text"], message["files"][0]["id"]) == ("file_share", "see", file["id"])
    assert client.files_info(file=file["id"])["file"]["mimetype"] == "image/png"
    assert ws.world.state.contents[file["id"]] == b"\x89PNG"


def test_status_and_prompts(ws: Server, client: WebClient) -> None:
    root = ws.do(lambda: ws.world.post(ws.world.state.channel("D0MIA"), "U0MIA", "hi"))["ts"]
    client.assistant_threads_setStatus(channel_id="D0MIA", thread_ts=root, status="is thinking...")
    assert ws.world.state.statuses["D0MIA", root]["text"] == "is thinking..."
    client.chat_postMessage(channel="D0MIA", thread_ts=root, text="there")
    assert not ws.world.state.statuses
    prompts = [{"title": "Where?", "message": "Where is it?"}]
    client.assistant_threads_setSuggestedPrompts(channel_id="D0MIA", thread_ts=root, prompts=prompts)
    assert ws.world.state.prompts["D0MIA", root]["prompts"] == prompts
    refused = error_of(
        client.assistant_threads_setSuggestedPrompts, channel_id="D0MIA", thread_ts=root, prompts=prompts * 5
    )
    assert refused["error"] == "invalid_arguments"
