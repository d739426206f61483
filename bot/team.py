"""Which team the command line works for: the local one, or the Slack workspace the bot has been connected to."""

from bot.settings import LOCAL_TEAM, Settings
from storage.keyvalues import KeyValues
from storage.session import Session

NO_TEAM = ""
"""Rows imported before the first connect; the bot gives them to its team then (`Database.adopt`)."""


def team_of(settings: Settings, session: Session) -> str:
    """The team id; the empty string for a real workspace that was never connected."""
    return LOCAL_TEAM if settings.local else str(KeyValues(session, NO_TEAM).get("team", NO_TEAM))
