"""Text on its way in and out of the chat: escaping, mentions, links, lengths. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

REPLY_LIMIT = 3800
"""Characters of a reply before escaping; longer ones are cut at a sentence, for the customer reads one message."""
SECTION_LIMIT = 3000
"""Characters of one section's text, escaping included."""

OPTION_LIMIT = 150
"""Characters of what a menu's option carries."""

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ANGLE = re.compile(r"<([^<>\n]{1,4000})>")
_MENTION_FIRST = re.compile(r"\s*<@([A-Z0-9]+)(?:\|[^>]*)?>")
_PERMALINK = re.compile(r"^<?https?://[^\s/]+/archives/([A-Z][A-Z0-9]+)/p(\d{10})(\d{6})(?:\?[^\s>|]*)?(?:\|[^>]*)?>?$")
_EMOJI_NAME = re.compile(r":[a-z0-9_+'-]+(?::skin-tone-\d)?:")

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols in name alone."""


def option_name(name: str) -> str:
    """An intent's name as a menu's option carries it: one that is too long ends in a mark of its own, which no name
    may hold. `Catalogue.whole` gives the name back."""
    if len(name) <= OPTION_LIMIT:
        return name
    mark = f"~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return name[: OPTION_LIMIT - len(mark)] + mark


def escape(text: str) -> str:
    """Disarm `& < >`, and with them every mention, broadcast and false link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`; each entity once, so that `&amp;lt;` is `&lt;`."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def clean(text: str, bot: str) -> str:
    """What the model sees of an incoming message: the bot's mention dropped, links and entities in plain words."""

    def words(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        if target == f"@{bot}":
            return " "
        return _plain(target, label)

    plain = unescape(_ANGLE.sub(words, text))
    return re.sub(r"[ \t]+", " ", plain).strip()


def bare(text: str, bot: str) -> str:
    """An incoming message in small letters, without the bot's mention, quotation marks and the sentence's end."""
    return clean(text, bot).strip(" .!?\"'“”").lower()


def _plain(target: str, label: str) -> str:
    if target.startswith("@"):
        return f"@{label}" if label else "@someone"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return label or target


def mentions(text: str, user: str) -> bool:
    """Whether an incoming text mentions this user."""
    return f"<@{user}>" in text or f"<@{user}|" in text


def begins_with_other(text: str, bot: str) -> bool:
    """Whether an incoming text begins by mentioning somebody who is not the bot."""
    match = _MENTION_FIRST.match(text)
    return match is not None and match.group(1) != bot


def has_words(text: str) -> bool:
    """False for nothing but blanks, punctuation and emoji; a number is a word, it may be an order's."""
    return any(character.isalnum() for character in _EMOJI_NAME.sub("", text))


def visible(text: str) -> bool:
    """Whether anything can be seen in it: not where there are but blanks, or characters without a width."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in _BLANK for each in text)


@dataclass(frozen=True, slots=True)
class Link:
    """The message that a permalink names."""

    channel: str
    ts: str


def permalink(text: str) -> Link | None:
    """`https://x.example/archives/C1/p1700000000123456?...` -> channel and ts; none for anything else."""
    match = _PERMALINK.match(text.strip())
    return Link(match.group(1), f"{match.group(2)}.{match.group(3)}") if match else None


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escaped(text: str, limit: int) -> str:
    """Escaped and at most `limit` characters afterwards; never cut inside an entity."""
    result = escape(text)
    if len(result) <= limit:
        return result
    cut = result[: limit - 1]
    entity = cut.rfind("&")
    if entity >= 0 and ";" not in cut[entity:]:
        cut = cut[:entity]
    return cut + "…"


def mrkdwn(text: str) -> str:
    """Escaped, and standard Markdown (headings, bold, links, lists) turned into what the chat renders."""
    result = escape(text)
    result = re.sub(r"\[([^\]\n]{1,300})\]\((https?://[^\s)|]{1,1000})\)", r"<\2|\1>", result)
    result = re.sub(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*", r"*\1*", result)
    result = re.sub(r"(?m)^#{1,6}\s+(.+?)\s*#*$", r"*\1*", result)
    result = re.sub(r"(?m)^&gt; ?", ">", result)
    return re.sub(r"(?m)^(\s*)[-*]\s+", r"\1• ", result)


def sentence(words: object) -> str:
    """What an error says, begun as a sentence; a name in quotation marks or code stays as it is."""
    said = str(words)
    return said[:1].upper() + said[1:]


def ended(words: str) -> str:
    """With a full stop, but where a question or an exclamation ends it already, behind a closing `*` too."""
    return words if words.rstrip("*_”").endswith(("?", "!", ".", "…")) else f"{words}."


def quoted(text: str, limit: int = 1200) -> str:
    """A customer's words as a quotation, at most about `limit` characters."""
    lines = escaped(shorten(text, limit), limit).splitlines() or [""]
    return "\n".join(f">{line}" for line in lines[:25])


def quoted_markdown(text: str, limit: int = 1200) -> str:
    """An answer in standard Markdown as a quotation, at most about `limit` characters; no link is cut in two."""
    kept = limit
    while len(made := mrkdwn(shorten(text, kept))) > limit and kept > 1:
        kept = kept * 3 // 4
    return "\n".join(f">{line.removeprefix('>')}" for line in (made[:limit].splitlines() or [""])[:25])


def sections(text: str, limit: int = SECTION_LIMIT) -> list[str]:
    """Split an escaped text into pieces of at most `limit` characters, at a line or a blank where there is one."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        cut = max(rest.rfind("\n", 0, limit), rest.rfind(" ", limit // 2, limit))
        if cut <= 0:
            cut = limit
            entity = rest.rfind("&", limit - 5, limit)
            if entity > 0 and ";" not in rest[entity:limit]:
                cut = entity
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].strip()
    return [piece for piece in [*pieces, rest] if piece]


def counted(number: int, one: str) -> str:
    """A number with its noun: 1 case, 2 cases."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def percent(value: object) -> str:
    """A share from 0 to 1; a dash for what was not measured."""
    return f"{100 * value:.1f} %" if isinstance(value, int | float) else "-"


def bar(probability: float, width: int = 10) -> str:
    """A probability from 0 to 1 as a row of blocks."""
    full = max(0, min(width, round(probability * width)))
    return "█" * full + "░" * (width - full)


def fresh(since: datetime, now: datetime) -> bool:
    """Whether it was within this minute, of which no age is told."""
    return (now - since).total_seconds() < 60


def ago(since: datetime, now: datetime) -> str:
    """`just now`, `3 min ago`."""
    return "just now" if fresh(since, now) else f"{age(since, now)} ago"


def age(since: datetime, now: datetime) -> str:
    """`3 min`, `2 h`, `4 d`."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 60 * 24 else f"{minutes // 1440} d"
