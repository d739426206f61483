"""Modals and the Home through the real client: triggers, hashes, the stack, selects, what is refused."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.workspace.hands import Hands, HandsError
from bot.workspace.server import Server

from .conftest import Recorder
from .test_methods_chat import button, error_of

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def modal(*blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [{"type": "section", "text": plain("hi")}]
    return {"type": "modal", "title": plain("A form"), "submit": plain("Send"), "blocks": shown} | more


@pytest.fixture
def trigger(recorder: Recorder, mia: Hands) -> Any:
    """trigger(view) clicks a button there (or runs a command) and gives the trigger."""

    def make(view: Json | None = None) -> str:
        if view is None:
            mia.command("/support x")
        else:
            mia.click(view, "next")
        return str(recorder.next()["trigger_id"])

    return make


def test_a_trigger_works_once_and_not_for_long(ws: Server, client: WebClient, trigger: Any) -> None:
    first = trigger()
    client.views_open(trigger_id=first, view=modal())
    assert error_of(client.views_open, trigger_id=first, view=modal())["error"] == "exchanged_trigger_id"
    assert error_of(client.views_open, trigger_id="1.2.x", view=modal())["error"] == "invalid_trigger_id"
    ws.world.triggers.seconds = 0.05
    late = trigger()
    time.sleep(0.1)
    assert error_of(client.views_open, trigger_id=late, view=modal())["error"] == "expired_trigger_id"


@pytest.mark.parametrize(
    "view",
    [
        {"type": "home", "blocks": []},
        modal(title=plain("x" * 25)),
        modal(private_metadata="x" * 3001),
        modal(title=None),
        modal(button("x" * 76)),
        modal({"type": "input", "label": plain("x")}),
        {
            "type": "modal",
            "title": plain("No submit"),
            "blocks": [
                {"type": "input", "label": plain("x"), "element": {"type": "plain_text_input", "action_id": "x"}},
            ],
        },
    ],
)
def test_views_that_are_refused(client: WebClient, trigger: Any, view: Json) -> None:
    name = trigger()
    response = error_of(client.views_open, trigger_id=name, view=view)
    assert response["error"] == "invalid_arguments"
    assert response["response_metadata"]["messages"]
    # A refused view does not use the trigger up.
    assert client.views_open(trigger_id=name, view=modal())["ok"]


def test_update_by_hash_and_external_id(client: WebClient, trigger: Any, mia: Hands) -> None:
    opened = client.views_open(trigger_id=trigger(), view=modal(external_id="case-1"))["view"]
    mia.wait_view()
    updated = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(callback_id="two"))["view"]
    assert mia.wait_view(callback_id="two")["hash"] == updated["hash"] != opened["hash"]
    stale = error_of(client.views_update, view_id=opened["id"], hash=opened["hash"], view=modal())
    assert stale["error"] == "hash_conflict"
    assert error_of(client.views_update, view_id="V404", view=modal())["error"] == "not_found"
    assert error_of(client.views_update, external_id="case-1", view=modal())["error"] == "not_found"


def test_the_stack_has_three_floors(client: WebClient, trigger: Any, mia: Hands) -> None:
    go = button("Next", action_id="next")
    client.views_open(trigger_id=trigger(), view=modal(go, callback_id="1"))
    for floor in ("2", "3"):
        name = trigger(mia.wait_view(callback_id=str(int(floor) - 1)))
        pushed = client.views_push(trigger_id=name, view=modal(go, callback_id=floor))["view"]
        assert pushed["root_view_id"] == mia.views[0]["id"]
        assert pushed["previous_view_id"]
    top = mia.wait_view(callback_id="3")
    assert error_of(client.views_push, trigger_id=trigger(top), view=modal())["error"] == "push_limit_reached"
    mia.close_view(top)
    mia.wait(lambda: len(mia.views) == 2)


def test_what_a_submission_may_answer(client: WebClient, recorder: Recorder, trigger: Any, mia: Hands) -> None:
    client.views_open(trigger_id=trigger(), view=modal(callback_id="1"))
    recorder.answer = {"response_action": "update", "view": modal(callback_id="2")}
    assert mia.submit(mia.wait_view(callback_id="1"))["action"] == "update"
    recorder.answer = {"response_action": "push", "view": modal(callback_id="3")}
    assert mia.submit(mia.wait_view(callback_id="2"))["action"] == "push"
    recorder.answer = {"response_action": "update", "view": {"type": "modal"}}
    with pytest.raises(HandsError, match="invalid_response"):
        mia.submit(mia.wait_view(callback_id="3"))
    recorder.answer = {"response_action": "clear"}
    assert mia.submit(mia.wait_view(callback_id="3"))["action"] == "clear"
    mia.wait(lambda: not mia.views)


def test_every_kind_of_input(client: WebClient, recorder: Recorder, trigger: Any, mia: Hands) -> None:
    choices = [option("Red", "r"), option("Blue", "b")]
    kinds: dict[str, Json] = {
        "plain_text_input": {"initial_value": "as it was"},
        "static_select": {"options": choices},
        "external_select": {"min_query_length": 0},
        "multi_static_select": {"options": choices},
        "checkboxes": {"options": choices, "initial_options": choices[:1]},
        "radio_buttons": {"options": choices},
        "datepicker": {},
        "users_select": {},
    }
    blocks = [
        {
            "type": "input",
            "block_id": kind,
            "label": plain(kind),
            "optional": True,
            "element": {"type": kind, "action_id": "it"} | more,
        }
        for kind, more in kinds.items()
    ]
    client.views_open(trigger_id=trigger(), view=modal(*blocks))
    view = mia.wait_view()
    recorder.answer = {"options": [option("Green", "g")]}
    offered = mia.act("options", view_id=view["id"], block_id="external_select", action_id="it", query="gr")["options"]
    assert (offered[0]["value"], recorder.next()["value"]) == ("g", "gr")
    recorder.answer = None
    values = {
        "static_select": "b",
        "external_select": "g",
        "multi_static_select": ["r", "b"],
        "radio_buttons": "r",
        "datepicker": "2026-01-31",
        "users_select": "U0TOM",
    }
    with pytest.raises(HandsError, match="no_such_option"):
        mia.submit(view, {"static_select": "yellow"})
    assert mia.submit(view, values)["action"] == "close"
    got = {name: value["it"] for name, value in recorder.next()["view"]["state"]["values"].items()}
    assert got["plain_text_input"] == {"type": "plain_text_input", "value": "as it was"}
    assert got["static_select"]["selected_option"]["value"] == "b"
    assert got["external_select"]["selected_option"]["text"]["text"] == "Green"
    assert [one["value"] for one in got["multi_static_select"]["selected_options"]] == ["r", "b"]
    assert [one["value"] for one in got["checkboxes"]["selected_options"]] == ["r"]
    assert got["radio_buttons"]["selected_option"]["value"] == "r"
    assert got["datepicker"] == {"type": "datepicker", "selected_date": "2026-01-31"}
    assert got["users_select"]["selected_user"] == "U0TOM"


@pytest.mark.parametrize("sent", [{}, {"one": "*", "many": ["x", "y"]}])
def test_what_a_searched_menu_shows_at_first_is_sent_back(
    client: WebClient, recorder: Recorder, trigger: Any, mia: Hands, sent: dict[str, Any]
) -> None:
    every, some = option("Everything", "*"), [option("X", "x"), option("Y", "y")]
    one: Json = {"type": "external_select", "action_id": "it", "initial_option": every}
    many: Json = {"type": "multi_external_select", "action_id": "it", "initial_options": some}
    blocks = [
        {"type": "input", "block_id": name, "label": plain(name), "element": element}
        for name, element in (("one", one), ("many", many))
    ]
    client.views_open(trigger_id=trigger(), view=modal(*blocks))
    assert mia.submit(mia.wait_view(), sent)["action"] == "close"
    got = {name: value["it"] for name, value in recorder.next()["view"]["state"]["values"].items()}
    assert got["one"]["selected_option"]["value"] == "*"
    assert [each["value"] for each in got["many"]["selected_options"]] == ["x", "y"]


def test_the_home(client: WebClient, recorder: Recorder, mia: Hands) -> None:
    home = {"type": "home", "blocks": [button("Mine", action_id="mine", value="x")]}
    published = client.views_publish(user_id="U0MIA", view=home)["view"]
    mia.wait(lambda: mia.home_view is not None)
    assert mia.home_view
    mia.click(mia.home_view, "mine")
    click = recorder.next()
    assert click["container"] == {"type": "view", "view_id": published["id"]}
    assert (click["view"]["type"], click["actions"][0]["value"]) == ("home", "x")
    again = client.views_publish(user_id="U0MIA", hash=published["hash"], view=home)["view"]
    assert again["id"] == published["id"]
    stale = error_of(client.views_publish, user_id="U0MIA", hash=published["hash"], view=home)
    assert stale["error"] == "hash_conflict"
    assert error_of(client.views_publish, user_id="U0MIA", view=modal())["error"] == "invalid_arguments"
