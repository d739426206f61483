"""auth, team, users, bots, user groups: who is who."""

from .errors import SlackError
from .methods_conversations import paged
from .payloads import bot_profile
from .state import APP_ID, BOT_ID, BOT_USER, DOMAIN, TEAM_ID, TEAM_NAME, Json, User
from .web_api import Call


def api_test(call: Call) -> Json:
    if call.text("error"):
        raise SlackError(call.text("error"), args=call.args)
    return {"args": call.args} if call.args else {}


def auth_test(call: Call) -> Json:
    state = call.world.state
    return {
        "url": f"{call.world.url}/",
        "team": TEAM_NAME,
        "user": state.users[BOT_USER].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    address = call.world.url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={call.world.bot.ticket()}&app_id={APP_ID}"}


def team_info(call: Call) -> Json:
    team = {"id": TEAM_ID, "name": TEAM_NAME, "domain": DOMAIN, "email_domain": "", "url": f"{call.world.url}/"}
    return {"team": team | {"icon": {"image_default": True}, "is_verified": False}}


def describe(user: User) -> Json:
    """Slack's user object."""
    first, _, last = user.real_name.partition(" ")
    profile = {"real_name": user.real_name, "display_name": user.name, "first_name": first, "last_name": last}
    profile |= {"real_name_normalized": user.real_name, "display_name_normalized": user.name, "team": user.team_id}
    if user.is_bot:
        profile |= {"api_app_id": APP_ID, "bot_id": BOT_ID}
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": False,
        "color": user.color,
        "real_name": user.real_name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": profile | {"title": "", "status_text": "", "status_emoji": ""},
        "is_admin": user.is_admin,
        "is_owner": user.is_admin,
        "is_primary_owner": user.is_admin,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1_767_225_600,
    } | ({"is_stranger": True} if user.team_id != TEAM_ID else {})


def users_info(call: Call) -> Json:
    user = call.world.state.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": describe(user) | ({"locale": "en-GB"} if call.flag("include_locale") else {})}


def users_list(call: Call) -> Json:
    rows = [describe(user) for user in call.world.state.users.values()]
    return paged(call, "members", rows) | {"cache_ts": 1_767_225_600}


def bots_info(call: Call) -> Json:
    if call.text("bot") not in ("", BOT_ID):
        raise SlackError("bot_not_found")
    profile = bot_profile(call.world.manifest.name)
    profile.pop("team_id")
    return {"bot": profile | {"user_id": BOT_USER}}


def usergroup_users(call: Call) -> Json:
    """One group stands ready: S0AGENTS, the agents."""
    if call.need("usergroup") != "S0AGENTS":
        raise SlackError("no_such_subteam")
    return {"users": [user.id for user in call.world.state.users.values() if user.role == "agent"]}
