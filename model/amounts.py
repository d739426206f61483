"""An amount that a question asks for: a price, a time, a number. A reply that gives none answers something else.

"How much for express?" is not answered by "The surcharge is not refunded", though both speak of the same thing.
English, as the generator is.
"""

import re
from collections.abc import Iterable
from typing import Literal

from model import claims, quantities

Kind = Literal["price", "time", "hours", "number"]

_HOURS = re.compile(
    r"\b(?:opening|business|office|service) (?:hours|times)\b|\bwhat time\b|"
    r"\bwhen (?:are|do) you (?:\w+ )?(?:open|close|there)\b"
)
_DAYS = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bday and night\b|\baround the clock\b")
_TIME = re.compile(
    r"\bhow (?:long|soon|fast|quick(?:ly)?)\b|\bhow (?:much|many)(?: \w+)? (?:time|hours?|days?|weeks?|months?)\b"
)
_NUMBER = re.compile(
    r"\bhow (?:many|heavy|tall|wide|big|large|old|often)\b|\bhow much (?:does|do) .*\b(?:weigh|hold|fit)\b"
)
_PRICE = re.compile(
    r"\bhow much\b|\bwhat (?:does|do|will|would) .*\bcosts?\b"
    r"|\bwhat(?:['’]?s| is| are) (?:the )?(?:\w+ )?(?:price|cost|fee|charge|surcharge|postage)s?\b"
)
_UNPRICED = re.compile(r"\b(?:free|nothing|charge|cost|costs|price|prices|fee|fees|postage|full|half)\b")
_UNTIMED = re.compile(
    r"\b(?:at once|for good|immediately|straight ?away|right away|instantly|today|tomorrow|tonight|for ever|forever|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"as long as|as soon as|until|before|after|once|limit|expire|expires)\b"
)
_UNCOUNTED = re.compile(
    r"\b(?:no|none|all|any|each|every|once|single|several|only|unlimited|as (?:many|often)|limit|a|an)\b"
)


def asked(question: str) -> Kind | None:
    """What kind of amount the question asks for; None where it asks for none, or for more than an amount alone."""
    text = question.lower()
    if _HOURS.search(text):
        return "hours"
    if _TIME.search(text):
        return "time"
    if _NUMBER.search(text):
        return "number"
    return "price" if _PRICE.search(text) else None


def given(kind: Kind, text: str) -> bool:
    """Whether the text gives an amount of this kind, in a number or in words ("free", "at once")."""
    small, found = text.lower(), quantities.numbers(text)
    if kind == "price":
        return any(number.unit in "£€$%" and number.unit for number in found) or bool(_UNPRICED.search(small))
    if kind == "hours":
        return bool(found) or bool(_DAYS.search(small))
    if kind == "time":
        return bool(quantities.spans(claims.stems([text]))) or bool(_UNTIMED.search(small)) or _clock(found)
    return bool(found) or bool(_UNCOUNTED.search(small))


def missing(question: str, said: Iterable[str], sources: Iterable[str]) -> bool:
    """Whether the question asks for an amount that a source gives, and what is said does not."""
    kind = asked(question)
    return kind is not None and not given(kind, " ".join(said)) and any(given(kind, source) for source in sources)


def _clock(found: Iterable[quantities.Number]) -> bool:
    return any(":" in number.value for number in found)
