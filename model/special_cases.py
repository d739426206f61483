"""A right sentence of the sources about a special case, where the customer asked about the usual one. English.

Said alone it misleads: "Mugs with a gold rim are the exception" to who asks whether mugs may go into the dishwasher,
the price of Express to who asks what delivery costs.
"""

import re
from collections.abc import Sequence, Set

from model import quantities
from model.lexicon import COMMON
from model.words import content, stem_set

_BACK = re.compile(r"\b(?:above|below)\b(?!\s*[£€$\d])", re.IGNORECASE)
_EXCEPTION = re.compile(r"^(?P<which>.{3,80}?)\s+(?:is|are)\s+(?:the|an)\s+exceptions?\b", re.IGNORECASE)
_CASE = re.compile(
    r"^(?:(?:yes|no|hi|hello|but|(?:i am|i'm|we are)(?: very)? sorry(?: \w+)?)\b,?\s*|\w+,\s*)*"
    r"(?:if|unless|in case)\s+(?!you\b)(?P<case>[^,:;]{3,80})[,:;]",
    re.IGNORECASE,
)
_ANY = stem_set("something anything nothing everything someone anyone nobody somebody anybody everybody")
_MONEY = frozenset("£€$")


def points_back(sentence: str) -> bool:
    """Whether it speaks of what stood before it in its source: "outside the hours above"."""
    return bool(_BACK.search(sentence))


def other_case(sentence: str, question: Set[str]) -> bool:
    """Whether it begins with a case of which the question has no word: "If nobody collects the parcel within 7 days".
    What "you" have or do the customer may well have told in other words.

    Args:
        question: its stems.
    """
    match = _CASE.match(sentence)
    if not match:
        return False
    case = set(content(match["case"])) - COMMON - _ANY
    return bool(case) and not case & question


def unasked_exception(sentence: str, question: Set[str], told: Sequence[str]) -> bool:
    """Whether it tells of an exception by words that neither the question has nor the rule.

    Args:
        question: its stems.
        told: the sources' sentences, the rule among them.
    """
    match = _EXCEPTION.match(sentence)
    if not match:
        return False
    which = set(content(match["which"]))
    rule = set().union(*(content(one) for one in told if not _EXCEPTION.match(one)))
    return bool(which - rule) and not (which - rule) & question


def later_price(said: Sequence[str], question: str, first_source: Sequence[str]) -> bool:
    """Whether it gives a price of the first source, not the first one there, for something that nobody asked about.

    Args:
        first_source: its sentences: the approved answer, or the best passage. What it begins with is the usual case.
    """
    text = " ".join(first_source)
    prices, theirs = _prices(" ".join(said)), _prices(text)
    told = {price.value for price in prices}
    if not prices or not theirs or theirs[0].value in told or told & {price.value for price in _prices(question)}:
        return False
    usual = set(content(text[: theirs[0].start]))
    return not (set(content(" ".join(said))) - usual) & set(content(question))


def _prices(text: str) -> list[quantities.Number]:
    return [number for number in quantities.numbers(text) if number.unit and number.unit in _MONEY]
