"""A person's words on their way into a message: escaped, with mentions and links marked as Slack marks them."""

import html
import re
from collections.abc import Mapping

MARKED = re.compile(r"&lt;((?:@[UW]|#C)[A-Z0-9]+(?:\|[^&]*)?|![a-z]+)&gt;")
MENTION = re.compile(r"(?<![\w@.<|])@([A-Za-z][\w.-]*)")
CHANNEL = re.compile(r"(?<![\w#<|&])#([a-z0-9][\w-]*)")
LINK = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])")
MAIL = re.compile(r"(?<![<|\w:/.])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def escape(text: str) -> str:
    """The three characters that Slack escapes, and no more."""
    return html.escape(text, quote=False)


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def encode(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """What somebody typed, as it stands in the event.

    people: lower-case names -> user ids; channels: names -> channel ids. Names that nobody has stay words.
    """
    marked = MARKED.sub(r"<\1>", escape(text))
    pieces = re.split(r"(<[^>]*>)", marked)
    return "".join(piece if piece.startswith("<") else _mark(piece, people, channels) for piece in pieces)


def _mark(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    text = LINK.sub(r"<\1>", text)
    parts = re.split(r"(<[^>]*>)", text)
    return "".join(part if part.startswith("<") else _names(part, people, channels) for part in parts)


def _names(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    def person(match: re.Match[str]) -> str:
        found = people.get(match[1].lower().rstrip(".-"))
        tail = match[1][len(match[1].rstrip(".-")) :]
        return f"<@{found}>{tail}" if found else match[0]

    def channel(match: re.Match[str]) -> str:
        found = channels.get(match[1])
        return f"<#{found}|{match[1]}>" if found else match[0]

    text = MAIL.sub(r"<mailto:\1|\1>", text)
    parts = re.split(r"(<[^>]*>)", text)
    return "".join(part if part.startswith("<") else CHANNEL.sub(channel, MENTION.sub(person, part)) for part in parts)
