"""What a sentence states that can be looked up letter by letter: numbers with their units, links, names, promises."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from model.words import STOPWORDS, stem, stem_set, tokens

_WORDS = "one two three four five six seven eight nine ten eleven twelve"
NUMBER_WORDS = {word: str(value) for value, word in enumerate(_WORDS.split(), 1)} | {
    "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100",
    "twice": "2", "half": "1/2", "dozen": "12",
}  # fmt: skip
_UNITS = stem_set(
    "second minute hour day week month year weekday weekend time point instalment attempt entry item order person kg g "
    "cm mm km w percent pence pound euro kb mb gb tb degree"
)
SPANS = stem_set("minute hour day week month year")
_OFTEN_WORDS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year"}
_BELOW = frozenset({"before", "until", "within", "under", "below", "at most", "up to", "less than", "fewer than"})
_ABOVE = frozenset({"after", "from", "over", "above", "at least", "more than", "longer than"})
_BETWEEN = frozenset({"working", "business", "more", "calendar", "wrong", "delivery", "full", "further"})
"""Words that may stand between a number and its unit."""
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>|]+|[\w.+-]+@[\w.-]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|uk|example|shop|eu|de|app|dev|info)\b[^\s<>|]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<money>[£€$])?\s?(?P<value>\d+(?:[.,:]\d+)*)\s?(?P<sign>%|°\s?[CF]|[£€$])?")
_NAME = re.compile(r"(?<![\w@/.])[A-Z][\w&]*(?:['’-][A-Z]?\w+)*")
_RATE = re.compile(
    r"(?P<value>\d+(?:[.,]\d+)*)\s?%?(?:\s(?!a\b|an\b|per\b|each\b|every\b)[A-Za-z]+)?"
    r"(?P<rate>(?:\s(?:for each\s(?:further\s|extra\s|additional\s)?\w+|(?:an?|per|each|every)\s"
    r"(?:user|guest|person|seat|second|minute|hour|day|week|month|year)))+)"
)
_PER = re.compile(r"\b(?:an?|per|each|every)\s+(?:further\s+|extra\s+|additional\s+)?(\w+)")
_OFTEN = re.compile(
    r"\b(?P<often>once|twice|\d+(?= times)|\d+(?:st|nd|rd|th)(?= of))(?: times| of)?\s(?:an?|each|every|per)\s"
    r"(?P<per>\w+)",
    re.IGNORECASE,
)
_ROW = re.compile(r"(?<![\w£€$.,])\d{2,}(?: \d{2,})+")
_QUOTED = re.compile(r"[\"“„](?P<what>[^\"“”„]{2,40})[\"”“]")
_JOINED = re.compile(r"\s*(?:-|–|to|or|and)\s*[£€$]?")
_AFTER_OPENING = re.compile(r"^(?:[\"'“‘(*_>\s-]*)")


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
        return self.value == said.value and (not said.unit or self.unit == said.unit) and self.side * said.side >= 0


def links(text: str) -> set[str]:
    """Links, web addresses and e-mail addresses, lower case, without a closing full stop."""
    return {match.group().rstrip(".,;:!?)\"'").lower() for match in _LINK.finditer(text)}


def numbers(text: str) -> list[Number]:
    """Every number, in digits or in words, in order. Those inside links are left to `links`."""
    text = _LINK.sub(lambda match: " " * len(match.group()), text)
    found = [_digits(text, match) for match in _NUMBER.finditer(text)]
    for match in re.finditer(r"[a-z]+", text, re.IGNORECASE):
        value = NUMBER_WORDS.get(match.group().lower())
        if value and (unit := _unit(text, match.end())) is not None and (unit or value != "1"):
            found.append(Number(value, unit, match.start(), match.end()))
    return _ranges(sorted(found, key=lambda number: number.start), text)


def rates(text: str) -> set[tuple[str, str]]:
    """(number, for each what) of "£12 a month", "$8 a user a month", "600 requests a minute"."""
    text = _LINK.sub(" ", text)
    found = {
        (match["value"].replace(",", ""), stem(per.lower()))
        for match in _RATE.finditer(text)
        for per in _PER.findall(match["rate"])
    }
    return found | {(match["often"].lower(), stem(match["per"].lower())) for match in _OFTEN.finditer(text)}


def spans(words: Set[str]) -> set[str]:
    """Spans of time among stems, "weekly" as "week"."""
    found = {_OFTEN_WORDS.get(word, word) for word in words}
    return found & SPANS


def wrong_rates(sentence: str, known: Set[tuple[str, str]], homes: Iterable[Set[str]]) -> list[str]:
    """Numbers said for each month, user and so on other than the sources do, or without it; spans that none names.

    Args:
        homes: stems of each source sentence.
    """
    homes = list(homes)
    told, values, words = rates(sentence), {number.value for number in numbers(sentence)}, stems([sentence])
    apart = {value for value, _ in told}
    values_known = {value for value, _ in known}
    wrong = [
        f"number: {value} for each {per}"
        for value, per in sorted(told - known)
        if value in values_known or not any({value, per} <= home for home in homes)
    ]
    wrong += [f"number: {span}" for span in sorted(spans(words) - spans(set().union(*homes)))]
    less = [
        f"condition: {value} is for each {per}"
        for value, per in sorted(known - told)
        if value in apart or (value in values and per not in SPANS | words)
    ]
    return wrong + less


def ranges(text: str) -> set[tuple[str, str]]:
    """The values that stand as "2-4" or "10:00 to 15:00": each may be true, and the two together not."""
    found = numbers(text)
    return {(a.value, b.value) for a, b in pairwise(found) if _JOINED.fullmatch(text[a.end : b.start])}


def rows(text: str) -> set[str]:
    """Groups of digits that follow each other, as one: telephone and account numbers."""
    return {match.group().replace(" ", "") for match in _ROW.finditer(text)}


def quoted(text: str) -> set[str]:
    """What stands between double quotation marks, in small letters: buttons, services."""
    return {match["what"].strip(" .,;:").lower() for match in _QUOTED.finditer(text)}


def names(text: str) -> list[tuple[str, int]]:
    """Capitalised words that do not merely begin the sentence, in order, and where they stand."""
    begin = _AFTER_OPENING.match(text)
    first = begin.end() if begin else 0
    found = [(match.group(), match.start()) for match in _NAME.finditer(text) if match.start() > first]
    return [(name, start) for name, start in found if name.lower() not in _NOT_NAMES]


def compared(rest: str, question: str) -> bool:
    """Whether a yes or no rests on how the question's numbers compare with these ("free for £40?": "from £50")."""
    said = {number.value for number in numbers(rest)}
    return bool(said) and not {number.value for number in numbers(question)} <= said


def commitments(text: str) -> list[tuple[str, str]]:
    """(who, stem of the verb) of each "we will ...", "I'll ..."."""
    found = []
    for match in _WILL.finditer(text):
        verb = next((word for word in tokens(match["rest"]) if word not in STOPWORDS | {"then", "gladly"}), "")
        found.append(("i" if match["who"].lower() == "i" else "we", stem(verb)))
    return found


def strong(text: str) -> set[str]:
    """Stems of words that bind the company or the customer, and so must stand in a source."""
    return {stem(token) for token in tokens(text)} & STRONG


def unfounded(text: str, known: Set[str]) -> list[str]:
    """Those of them that no source has in any form; each and every are the same."""
    beginnings = {word[:6] for word in known if len(word) >= 6}
    same = {"every"} if "each" in known else set[str]()
    return sorted(word for word in strong(text) - known - same if len(word) < 6 or word[:6] not in beginnings)


def stems(texts: Iterable[str]) -> set[str]:
    """Stems of every word, function words too."""
    return {stem(token) for text in texts for token in tokens(text)}


_NOT_NAMES = frozenset({"i", "i'm", "i’m", "i'll", "i’ll", "i've", "i’ve"})
_WILL = re.compile(
    r"\b(?P<who>we|i)(?:\s+will|['’]ll|\s+shall|\s+promise(?:\s+to)?|\s+guarantee(?:\s+to)?)\b(?=(?P<rest>.{0,60}))",
    re.IGNORECASE,
)
STRONG = stem_set(
    "free guarantee guaranteed promise promised always immediately instantly today tomorrow tonight discount voucher "
    "compensation compensate credit refund refunded replace replacement cancel bonus full fully extra must "
    "unlimited lifetime express automatically anytime everywhere worldwide any all every forbidden required"
)


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
        if after and not number.unit and _JOINED.fullmatch(text[number.end : after.start]):
            number = replace(number, unit=after.unit)
        result.append(number)
    return result
