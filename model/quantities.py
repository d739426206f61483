"""Numbers that a text says, in digits or in words, with their units, as they are compared. English."""

import re
from collections.abc import Set
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from model.words import stem, stem_set, tokens

LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>|]+|[\w.+-]+@[\w.-]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|uk|example|shop|eu|de|app|dev|info)\b[^\s<>|]*",
    re.IGNORECASE,
)
"""A web or e-mail address; numbers inside it are no numbers."""
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = (
    {word: str(value) for value, word in enumerate(_ONES, 1)}
    | {word: str(10 * value) for value, word in enumerate(_TENS, 2)}
    | {
        f"{ten}-{one}": str(10 * tens + ones)
        for tens, ten in enumerate(_TENS, 2)
        for ones, one in enumerate(_ONES[:9], 1)
    }
    | {"hundred": "100", "twice": "2", "half": "1/2", "dozen": "12"}
)
_NUMBER_WORD = re.compile(rf"\b(?:(?:{'|'.join(_TENS)})-(?:{'|'.join(_ONES[:9])})|[a-z]+)\b", re.IGNORECASE)
_UNITS = stem_set(
    "second minute hour day week month year weekday weekend time point instalment attempt entry item order person kg g "
    "cm mm km w percent pence cent pound dollar euro kb mb gb tb degree"
)
MONEY = frozenset("£$€")
SPANS = stem_set("minute hour day week month year")
_OFTEN_WORDS = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year", "hourly": "hour",
}  # fmt: skip
_LEAST = {
    "minute": (60, "second"), "hour": (3600, "second"), "day": (86_400, "second"), "week": (604_800, "second"),
    "year": (12, "month"), "pence": (0.01, "£"), "pound": (1, "£"), "euro": (1, "€"),
    "cent": (0.01, "$"), "dollar": (1, "$"), "percent": (1, "%"),
}  # fmt: skip
"""How many of which least unit one is."""
_IN_LEAST = {stem(unit): least for unit, least in _LEAST.items()}
_BELOW = frozenset({"before", "until", "within", "under", "below", "at most", "up to", "less than", "fewer than"})
_ABOVE = frozenset({"after", "from", "over", "above", "at least", "more than", "longer than"})
_BETWEEN = frozenset({"working", "business", "more", "calendar", "wrong", "delivery", "full", "further"})
"""Words that may stand between a number and its unit."""
_NUMBER = re.compile(r"(?P<money>[£€$])?\s?(?P<value>\d+(?:[.,:]\d+)*)\s?(?P<sign>%|°\s?[CF]|[£€$])?")
_ROW = re.compile(r"(?<![\w£€$.,])\d{2,}(?: \d{2,})+")
_RANGE = re.compile(r"\s*(?:-|–|to)\s*[£€$]?")
_JOINED = re.compile(r"\s*(?:-|–|to|or|and)\s*[£€$]?")
_LISTED = re.compile(r"(?:or|and)\s*[£€$]")
"""In "£38 for two and £62 for four" the two is no money."""
_BETWEEN_TWO = re.compile(r"\bbetween\s+[£€$]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is compared: `30` + `day`, `3.90` + `£`."""

    value: str
    unit: str
    start: int
    end: int
    side: int = 0
    """-1 where it is said to be before or below this, 1 for after or above, 0 for neither."""

    def agrees(self, said: "Number") -> bool:
        """Whether a source with this number bears out what is said with it."""
        if self.side * said.side < 0:
            return False
        if self.value == said.value and (not said.unit or self.unit == said.unit):
            return True
        return bool(said.unit) and self.amount is not None and self.amount == said.amount

    @property
    def amount(self) -> tuple[float, str] | None:
        """The same in the least unit of its kind, so that four weeks are 28 days; None where it has none."""
        least, unit = _IN_LEAST.get(self.unit, (1, self.unit))
        try:
            return (round(least * float(self.value), 4), unit) if unit else None
        except ValueError:  # a time of day, a date, a half
            return None

    def bare(self, said: "Number") -> bool:
        """Whether a source has this number without a unit, and a unit is said with it."""
        return self.value == said.value and not self.unit and bool(said.unit) and self.side * said.side >= 0


def numbers(text: str) -> list[Number]:
    """Every number, in digits or in words, in order. Those inside links are left to `links`."""
    text = LINK.sub(lambda match: " " * len(match.group()), text)
    found = [_digits(text, match) for match in _NUMBER.finditer(text)]
    for match in _NUMBER_WORD.finditer(text):
        value = NUMBER_WORDS.get(match.group().lower())
        if value and (unit := _unit(text, match.end())) is not None and (unit or value != "1"):
            found.append(Number(value, unit, match.start(), match.end(), _side(text[: match.start()])))
    return _ranges(sorted(found, key=lambda number: number.start), text)


def ranges(text: str) -> set[tuple[str, str]]:
    """The values that stand as "2-4" or "10:00 to 15:00": each may be true, and the two together not."""
    return {
        (a.value, b.value)
        for a, b in pairwise(numbers(text))
        if _RANGE.fullmatch(text[a.end : b.start])
        or (_JOINED.fullmatch(text[a.end : b.start]) and _BETWEEN_TWO.search(text[: a.start]))
    }


def rows(text: str) -> set[str]:
    """Groups of digits that follow each other, as one: telephone and account numbers."""
    return {match.group().replace(" ", "") for match in _ROW.finditer(text)}


def spans(words: Set[str]) -> set[str]:
    """Spans of time among stems, "weekly" as "week"."""
    found = {_OFTEN_WORDS.get(word, word) for word in words}
    return found & SPANS


def _digits(text: str, match: re.Match[str]) -> Number:
    value = match["value"].strip(".,:").replace(",", "")
    sign = match["money"] or (match["sign"] or "").replace(" ", "")
    unit = sign or _unit(text, match.end("value")) or ""
    return Number(value, unit, match.start("value"), match.end("value"), _side(text[: match.start()]))


def _side(before: str) -> int:
    words = tokens(before[-24:])
    last = " ".join(words[-2:]) if words[-1:] in (["than"], ["least"], ["most"], ["to"]) else "".join(words[-1:])
    return -1 if last in _BELOW else 1 if last in _ABOVE else 0


def _unit(text: str, end: int) -> str | None:
    """The unit that follows, with what qualifies it (`working day`); empty where there is none."""
    before: list[str] = []
    for word in tokens(text[end : end + 40].split(",")[0].split(".")[0])[:3]:
        one = stem(word)
        if one in _UNITS:
            return " ".join([*(w for w in before if w in {"working", "business"}), one])
        if word not in _BETWEEN:
            return ""
        before.append(word)
    return ""


def _ranges(found: list[Number], text: str) -> list[Number]:
    """In "2-4 working days" and "£3 to £5" the first number takes the second's unit."""
    result: list[Number] = []
    for number, after in zip_longest(found, found[1:]):
        between = text[number.end : after.start] if after else ""
        if after and not number.unit and _JOINED.fullmatch(between) and not _LISTED.search(between):
            number = replace(number, unit=after.unit)
        result.append(number)
    return result
