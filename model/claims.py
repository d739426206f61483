"""What a sentence states that can be looked up letter by letter: links, rates, names, promises. English."""

import re
from collections.abc import Iterable, Set

from model.quantities import LINK, SPANS, Number, numbers, spans
from model.words import STOPWORDS, stem, stem_set, tokens

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
_QUOTED = re.compile(r"[\"“„](?P<what>[^\"“”„]{2,40})[\"”“]")
_AFTER_OPENING = re.compile(r"^(?:[\"'“‘(*_>\s-]*)")


def links(text: str) -> set[str]:
    """Links, web addresses and e-mail addresses, lower case, without a closing full stop."""
    return {match.group().rstrip(".,;:!?)\"'").lower() for match in LINK.finditer(text)}


def rates(text: str) -> set[tuple[str, str]]:
    """(number, for each what) of "£12 a month", "$8 a user a month", "600 requests a minute"."""
    text = LINK.sub(" ", text)
    found = {
        (match["value"].replace(",", ""), stem(per.lower()))
        for match in _RATE.finditer(text)
        for per in _PER.findall(match["rate"])
    }
    return found | {(match["often"].lower(), stem(match["per"].lower())) for match in _OFTEN.finditer(text)}


def wrong_rates(
    sentence: str, known: Set[tuple[str, str]], homes: Iterable[Set[str]], known_numbers: Iterable[Number]
) -> list[str]:
    """Numbers said for each month, user and so on other than the sources do, or without it; spans that none names.

    Args:
        homes: stems of each source sentence.
        known_numbers: those of the sources; "four weeks" is a span that "28 days" have told.
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
    told_otherwise = {
        number.unit
        for number in numbers(sentence)
        if number.amount and any(number.amount == one.amount for one in known_numbers)
    }
    wrong += [f"number: {span}" for span in sorted(spans(words) - spans(set().union(*homes)) - told_otherwise)]
    less = [
        f"condition: {value} is for each {per}"
        for value, per in sorted(known - told)
        if value in apart or (value in values and per not in SPANS | words)
    ]
    return wrong + less


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
