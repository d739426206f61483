"""views.*: modals and the Home tab."""

import secrets

from .blocks import check_view, complete
from .errors import SlackError
from .ids import fresh
from .state import APP_ID, BOT_ID, TEAM_ID, Json
from .web_api import Call
from .world import World

MOST_VIEWS = 3
KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "external_id")


def new_hash(world: World) -> str:
    return f"{world.state.clock.ts().split('.')[0]}.{secrets.token_hex(4)}"


def build(world: World, given: Json, view_id: str = "") -> Json:
    """Slack's view object from what the app sent."""
    view: Json = {
        "id": view_id or fresh("V"),
        "team_id": TEAM_ID,
        "blocks": complete(given["blocks"]),
        "state": {"values": {}},
        "hash": new_hash(world),
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "previous_view_id": None,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
    view["root_view_id"] = view["id"]
    for key in KEPT:
        view[key] = given.get(key) or ("" if key in ("callback_id", "private_metadata", "external_id") else None)
    return view


def find(world: World, view_id: str = "", external_id: str = "") -> tuple[str, Json] | None:
    """Whose view it is, and the view."""
    for user, stack in world.state.modals.items():
        for view in stack:
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return user, view
    for user, view in world.state.homes.items():
        if view["id"] == view_id:
            return user, view
    return None


def _unused(world: World, view: Json, but: str = "") -> None:
    external = str(view.get("external_id") or "")
    known = find(world, external_id=external) if external else None
    if known is not None and known[1]["id"] != but:
        raise SlackError("duplicate_external_id")


def show(world: World, user: str, given: Json, under: str = "") -> Json:
    """Put a modal before somebody: alone, or on top of the one with the id `under`."""
    stack = world.state.modals.setdefault(user, [])
    view = build(world, given)
    if under:
        view["root_view_id"] = stack[0]["id"]
        view["previous_view_id"] = stack[-1]["id"]
    else:
        for old in stack[:1]:
            world.pages.tell([user], {"type": "view_close", "view_id": old["id"]})
        stack.clear()
    stack.append(view)
    world.pages.tell([user], {"type": "view_open", "view": dict(view)})
    return view


def replace(world: World, user: str, old: Json, given: Json) -> Json:
    """Update a view where it stands; what was typed into inputs that remain stays typed on the page."""
    view = build(world, given, old["id"])
    view |= {"root_view_id": old["root_view_id"], "previous_view_id": old["previous_view_id"]}
    old.clear()
    old.update(view)
    world.pages.tell([user], {"type": "view_update", "view": dict(old)})
    return old


def opened(call: Call) -> Json:
    view = check_view(call.args.get("view"), "modal")
    _unused(call.world, view)
    trigger = call.world.triggers.exchange(call.need("trigger_id"))
    return {"view": show(call.world, trigger.user, view)}


def pushed(call: Call) -> Json:
    view = check_view(call.args.get("view"), "modal")
    _unused(call.world, view)
    trigger = call.world.triggers.exchange(call.need("trigger_id"))
    stack = call.world.state.modals.get(trigger.user, [])
    if not any(one["id"] == trigger.view_id for one in stack):
        raise SlackError("not_found")
    if len(stack) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    return {"view": show(call.world, trigger.user, view, under=stack[-1]["id"])}


def updated(call: Call) -> Json:
    view = check_view(call.args.get("view"), "modal")
    if not (call.text("view_id") or call.text("external_id")):
        raise SlackError.explained("invalid_arguments", "missing required field: view_id")
    found = find(call.world, call.text("view_id"), call.text("external_id"))
    if found is None or found[1]["type"] != "modal":
        raise SlackError("not_found")
    user, old = found
    if call.text("hash") and call.text("hash") != old["hash"]:
        raise SlackError("hash_conflict")
    _unused(call.world, view, but=old["id"])
    return {"view": replace(call.world, user, old, view)}


def published(call: Call) -> Json:
    world = call.world
    user = call.need("user_id")
    view = check_view(call.args.get("view"), "home")
    if user not in world.state.users:
        raise SlackError("user_not_found")
    if not world.manifest.home_tab:
        raise SlackError("not_enabled")
    old = world.state.homes.get(user)
    if call.text("hash") and (old is None or call.text("hash") != old["hash"]):
        raise SlackError("hash_conflict")
    done = build(world, view, old["id"] if old else "")
    world.state.homes[user] = done
    world.dirty = True
    world.pages.tell([user], {"type": "home", "view": done})
    return {"view": done}
