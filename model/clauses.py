"""Where a message may be cut into clauses, and the form of a clause. Pure; English."""

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""Characters from, up to and without."""

_MORE = (
    r"(?:also|then|please|pls|plz|oh|btw|by the way|besides(?: that)?|moreover|secondly|additionally|on top of that|"
    r"if (?:so|not|yes)|while (?:you are|you're|ur) at it|after that|actually|maybe|perhaps|finally)\b,?\s+"
)
_ORDER = (
    r"tell|let|give|send|put|take|get|make|add|remove|delete|erase|close|cancel|stop|unsubscribe|change|correct|update|"
    r"swap|exchange|refund|resend|explain|help|upgrade|call|check|track|save|need|want|wanna"
)
_ASK = (
    r"how|what|whats|where|wheres|when|which|who|why|until|from what|can|could|may|might|do|does|did|is|are|was|will|"
    r"would|should|have|has|am"
)
_START = (
    rf"(?:{_ASK}|{_ORDER}|return|had|i|i['’](?:m|d|ll|ve)|im|we|we['’](?:d|ll|ve|re)|my|our|you|it|it['’]s|the|this|"
    r"there|unfortunately)\b"
)
# Each pattern begins at one place of a run of blanks alone, or a message of 8,000 blanks would take seconds.
_SENTENCE_END = re.compile(
    r"(?<=[.!?…;])[\"')\]]*\s+|\n\s*|(?<=\s)[-–—]+\s+|"
    r"(?<=\s[:;=][()DPp/|])\s+|(?<=\s[:;=]-[()DPp/|])\s+|(?<=[\U0001f300-\U0001faff])\s+"
)
"""A smiley ends a sentence as well as a full stop does."""
_JOINT = re.compile(
    rf"(?<!\s)(?:\s*,)?\s+(?=(?:and|plus|&)\s+(?:{_MORE}){{0,3}}{_START})|,\s+(?=(?:but\s+)?(?:{_MORE}){{0,3}}{_START})",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:and|plus|but|or|so|hi|hello|hey|ok|thanks|separately|another thing:?|new topic:?|\d+[.)]|&)[\s,]+|"
    rf"{_MORE}){{0,9}}",
    re.IGNORECASE,
)
_ASKING = re.compile(
    rf"(?:{_ASK}|were|{_ORDER})\b|(?:i|we)(?:['’](?:d|ll|m|ve))?\s+(?:(?:also|really|just|still|urgently)\s+)*"
    r"(?:would like|like|love|need|want|wish|have to|must|wanna|looking for|waiting for)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"(?:oh[\s,]+)?(?:and|also|plus|besides|moreover|on top of|what['’]?s more|another|by the way|btw|separately|"
    r"new topic|additionally|furthermore|secondly|second|after that|while|then|&)\b|[23][.)]\s|.*\balso\b|"
    r".*\b(?:as well|too|either)\W*$",
    re.IGNORECASE | re.DOTALL,
)
_BACK = re.compile(r"\b(?:it|them|they|the number|the same|one back)\b|\bthat\W*$", re.IGNORECASE)


def sentences(text: str) -> list[Span]:
    """The text's sentences in order; none is empty."""
    return list(_cut(text, (0, len(text)), _SENTENCE_END))


def clauses(text: str, sentence: Span) -> list[Span]:
    """A sentence cut before conjunctions and at commas where something begins that can stand by itself."""
    return list(_cut(text, sentence, _JOINT))


def asks(clause: str) -> bool:
    """Whether a clause has the form of a question, an order or a wish."""
    lead = _LEAD.match(clause)
    rest = clause[lead.end() :] if lead else clause
    return clause.rstrip(" \"')").endswith("?") or _ASKING.match(rest) is not None


def adds(clause: str) -> bool:
    """Whether a clause says of itself that it is one more thing."""
    return _ADDS.match(clause) is not None


def points_back(clause: str) -> bool:
    """Whether a clause points at what was said before."""
    return _BACK.search(clause) is not None


def _cut(text: str, span: Span, at: re.Pattern[str]) -> Iterator[Span]:
    start, end = span
    for match in at.finditer(text, start, end):
        yield from _trimmed(text, start, match.start())
        start = match.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
