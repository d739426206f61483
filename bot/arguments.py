"""What stands behind a subcommand: `7d`, `n=5`, `intent=refund`. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from rapidfuzz import fuzz, process

from bot import text
from model.types import UnderstudyError

_SPAN = re.compile(r"(\d{1,4})([hdw])", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST = timedelta(days=3660)


def pairs(words: Sequence[str], allowed: Mapping[str, str]) -> dict[str, str]:
    """The values by name; a word without a name goes to the key "".

    Args:
        allowed: an example of each name, as `7d` or `n=5`; the key "" where a bare word may stand.

    Raises:
        UnderstudyError: an unknown name, one twice, or one word too many; names the nearest.
    """
    found: dict[str, str] = {}
    for word in words:
        name, mark, value = word.partition("=")
        name, value = (name.lower(), value) if mark else ("", word)
        if name not in allowed or name in found or (mark and not value):
            near = (
                process.extractOne(name, [*filter(None, allowed)], scorer=fuzz.ratio, score_cutoff=50) if name else None
            )
            hint = f" Did you mean `{allowed[near[0]]}`?" if near else ""
            forms = " ".join(f"[{each}]" for each in allowed.values())
            raise UnderstudyError(f"Expected `{forms}`, found `{text.escaped(word, 60)}`.{hint}")
        found[name] = value
    return found


def span(word: str) -> timedelta:
    """`7d`, `24h`, `2w`.

    Raises:
        UnderstudyError: it is none.
    """
    match = _SPAN.fullmatch(word)
    length = int(match.group(1)) * _UNITS[match.group(2).lower()] if match else timedelta()
    if not timedelta() < length <= LONGEST:
        raise UnderstudyError(f"Expected a time such as 7d, 24h or 2w, found `{text.escaped(word, 40)}`.")
    return length


def count(word: str, most: int) -> int:
    """A number from 1 to `most`.

    Raises:
        UnderstudyError: it is none.
    """
    if not re.fullmatch(r"\d{1,6}", word) or not 1 <= int(word) <= most:
        raise UnderstudyError(f"Expected a number from 1 to {most}, found `{text.escaped(word, 40)}`.")
    return int(word)
