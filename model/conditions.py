"""What a statement holds under (if, only, from, within, once a month), and whether a reply keeps it. English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from model.statements import FINITE, Statement, said
from model.words import stem, tokens, word_set

_END = r"(?=[,;:.]|\s+(?:and|but|or|you|we|they)\s|$)"
_CLAUSE = re.compile(
    r"\b(?:if|unless|when|once(?! (?:a|an|each|every|per|for)\b)|as soon as|provided|except|as long as|during|while)\s+"
    r"(?P<what>[^,;:.]+)",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"\b(?:after|until|before)\s+(?P<what>[^,;:.]+?){_END}", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:from|up to|at least|at most|more than|less than|(?<!\w )(?:over|above|below|under))\s+"
    rf"(?P<what>(?:[£€$]\s?\d|\d)[^,;:]*?){_END}",
    re.IGNORECASE,
)
_MOST = re.compile(r"(?P<what>\d\S*\s+\w+\s+at (?:most|least))", re.IGNORECASE)
_RANGE = re.compile(r"\bfrom\s+\S+\s+(?:to|until)\s+\d", re.IGNORECASE)
_WITHIN = re.compile(rf"\b(?:within|for(?= \d+ (?:minute|day)s? after))\s+(?P<what>\d[^,;:.]*?){_END}", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:in|for|to|by|on|with)\s+(?P<before>[^,;:.]{2,40}?)\s+only\b|"
    r"\bonly\s+(?:in|for|to|by|on|with|if|when)?\s*(?P<after>[^,;:.]{2,40})",
    re.IGNORECASE,
)
_OFTEN = re.compile(r"\b(?P<what>(?:once|twice|\d+ times)\s+(?:a|an|each|every|per)\s+\w+)\b", re.IGNORECASE)
_FRONT = re.compile(
    r"^\s*(?:in|for|at|with|on|outside|under|above|below)\s+(?P<what>.{2,40}?)"
    r"(?:,\s+|\s+(?=(?:you|we|it|they|there|your|our|the|each)\b))",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?P<what>(?:in|within|outside) the country|abroad)\b", re.IGNORECASE)
_RIGHT = re.compile(r"\b(?:can|may|free|valid|possible|could)\b", re.IGNORECASE)
_CHEAP = re.compile(r"\b(?:free|half|cheaper|valid)\b", re.IGNORECASE)
_WHO = re.compile(
    r"\b(?:for|to)\s+(?P<what>(?:\w+\s+)?\w+\s+who\s+[^,;:.]+?)(?=[,;:.]|\s+(?:and|but)\s|$)", re.IGNORECASE
)
_FREE_FOR = re.compile(r"\bfree for\s+(?P<what>(?!orders?\b)[^,;:.]+?)(?=[,;:.]|\s+(?:and|but)\s|$)", re.IGNORECASE)
_WHICH = re.compile(
    r"^\s*(?:(?:the|our|all)\s+)?(?P<of>\w+)\s+(?:with|without|at the|from|marked)\s+"
    rf"(?P<what>.{{2,40}}?)\s+(?:{FINITE})\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"(?P<of>\w+)\s+(?:under|over|above|below)\s+(?P<what>\d\S*)", re.IGNORECASE)
_WITH = re.compile(r"(?<!^)(?<!, )\bwith\s+(?:an?|our|your)\s+(?P<what>(?:\w+\s+){0,2}\w+)", re.IGNORECASE)
_THEN = re.compile(r"\b(?:can|may|is|are)\s+then\b", re.IGNORECASE)
_LIMITS_BEFORE = re.compile(
    r"^\s*only\s+(?P<what>.+?)\s+(?:can|may)\s+(?:do|use|see)\s+(?:this|that|so|it)\b", re.IGNORECASE
)
_SLIGHT = word_set(
    "the a an your our of to for in on at it is are you we be been i my their its as with have has had do did that "
    "this by and or they them not"
)


@dataclass(frozen=True, slots=True)
class Need:
    """One condition: its words, and the stems that say it."""

    text: str
    stems: frozenset[str]
    of: str = ""
    """Stem of the thing that it limits; it need not be kept where nothing is said of that."""
    situation: bool = False
    """Whether it says how things are ("if it arrived broken"), so that a question may have told so already."""


def needs(statement: Statement) -> Iterator[Need]:
    """The conditions of a statement."""
    text = statement.part.text
    for pattern in _patterns(text):
        yield from _all(pattern, text)
    for match in _CLAUSE.finditer(text):
        yield _situation(match["what"])
    for match in _ONLY.finditer(text):
        yield _need(match["before"] or match["after"])
    for match in (*_WHICH.finditer(text), *_AGE.finditer(text)):
        yield replace(_need(match["what"]), of=stem(match["of"].lower()))
    for match in _FRONT.finditer(text):
        yield Need(match["what"], _need(match["what"]).stems, situation=True)
    if _THEN.search(text):
        yield Need(statement.before, frozenset(one for one in said(statement.before) if one.isdigit()))
    if limit := _LIMITS_BEFORE.match(statement.after):
        yield _need(limit["what"])
    if statement.part.opening:
        yield _situation(statement.part.opening)


def _patterns(text: str) -> Iterator[re.Pattern[str]]:
    """What says a condition in this statement; a deadline does where it grants something, a means where it is free."""
    yield from (_AFTER, _MOST, _OFTEN, _PLACE, _WHO, _FREE_FOR)
    if not _RANGE.search(text):
        yield _BOUND
    if _RIGHT.search(text):
        yield _WITHIN
    if _CHEAP.search(text):
        yield _WITH


def takes_back(sentence: str) -> bool:
    """Whether a sentence says for whom alone the one before it holds ("Only owners can do this.")."""
    return _LIMITS_BEFORE.match(sentence) is not None


def dropped(statement: Statement, reply: frozenset[str]) -> list[Need]:
    """The conditions that a reply leaves out.

    Args:
        reply: stems of all that is said, by the reply and by the question.
    """
    missing = [need for need in needs(statement) if need.stems and not _kept(need.stems, reply)]
    return [need for need in missing if not need.of or need.of in reply]


def _kept(stems: frozenset[str], reply: frozenset[str]) -> bool:
    numbers = {word for word in stems if word[0].isdigit()}
    words = stems - numbers
    beginnings = {word[:5] for word in reply if len(word) >= 5}
    kept = [word for word in words if word in reply or word[:5] in beginnings]
    return numbers <= reply and 2 * len(kept) >= len(words)


def _situation(what: str) -> Need:
    # It is told well enough without its numbers; a wrong one is found elsewhere.
    return Need(what, frozenset(one for one in _need(what).stems if not one[0].isdigit()), situation=True)


def _all(pattern: re.Pattern[str], text: str) -> Iterator[Need]:
    for match in pattern.finditer(text):
        yield _need(match["what"])


def _need(what: str) -> Need:
    return Need(what.strip(), frozenset(stem(token) for token in tokens(what) if token not in _SLIGHT))
