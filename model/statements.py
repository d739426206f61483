"""Cuts sentences into statements, each with what it may borrow from the words around it. English.

Two ways in which a fluent sentence lies with true words: it joins halves of two statements, and it drops the condition
that a statement holds under. Both show once a statement is known with its own words, its subject and its conditions.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from model.words import content, stem, stem_set, tokens

FINITE = (
    r"is|are|was|were|can|cannot|could|may|must|will|would|should|has|have|does|do|costs?|takes?|includes?|runs?|starts?|"
    r"works?|comes?|arrives?|needs?|lasts?|pays?|expires?|gets?|gives?|goes|go|ends?|begins?|makes?|becomes?|allows?|"
    r"answers?|stays?|shares?|earns?|receives?|covers?|applies|apply|remains?|reaches?|contains?|shows?|sends?|uses|lets|"
    r"keeps|want|wish|live"
)
_ORDER = (
    r"let|keep|look|write|call|ask|open|press|choose|select|enter|type|send|report|unplug|block|invite|add|use|return|wash|"
    r"put|plug|print|pick|tell|check|order|buy|change|cancel|switch|leave|refund|replace|go|pay|wait|take|give|show"
)
_VERB = rf"{FINITE}|{_ORDER}"
ACTIONS = frozenset(map(stem, _ORDER.split("|"))) | stem_set("bring leaving correct hand get")
"""Stems of what somebody is told to do: a paraphrase borrows them from where it likes."""
_FIRST_VERB = re.compile(rf"\b(?:{_VERB})\b", re.IGNORECASE)
_NEW = r"(?:(?!and\b|the\b)\w+\s+)"
_CUT = re.compile(
    r"\s*;\s*|\s+[–—]\s+|,?\s+(?:but|while|although|though)\s+|,\s+(?:and|or|which|so)\s+|\s+and\s+(?=[£€$]?\d)|"
    rf"\s+and\s+(?=(?:(?:then|also|never|only|please|you|we|it|they)\s+)*(?:{_VERB})\b)|"
    rf"\s+and\s+(?=(?:the\s+)?{_NEW}{{1,4}}(?:(?:at|for|to|within|up to)\s+)?[£€$]?\d)|"
    rf"\s+and\s+(?=(?:the|a|an|your|our|its|each|every|further|single)\s+{_NEW}{{1,2}}(?:{_VERB})\b)|"
    rf"\s+and\s+(?=(?!you|we|it|they)\w+\s+(?:{FINITE})\b)",
    re.IGNORECASE,
)
_SUBJECT_PRONOUN = re.compile(r"\b(?:it|they|one|which|its|their)\b", re.IGNORECASE)
_OTHER_PRONOUN = re.compile(r"\b(?:them|this|that|these|those)\b", re.IGNORECASE)
_ELLIPTIC = re.compile(
    rf"^\s*(?:(?:then|also|never|only|please)\s+)*(?:[£€$]?\d|(?:to|for|in|at|from)\b|(?:{_VERB})\b)", re.IGNORECASE
)
_GOES_ON = re.compile(r"^\s*(?:it|they|this|these|both|we then|please)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"^\s*(?:they|both|these|all of them)\b", re.IGNORECASE)
_MONEY = re.compile(r"[£€$]\s?\d[\d.,]*\d|[£€$]\s?\d")
_COMPOUND = re.compile(r"\b(\w+)-(in|out|up|off|on)\b", re.IGNORECASE)
"""Function words within them say which: check-in, check-out."""
_FRONTED = re.compile(r"^\s*(?:in|for|at|on|outside|under|above|to)\b", re.IGNORECASE)
_SCOPE = frozenset({"other", "outside"})
"""Function words that part one statement from another all the same."""
_RELATIVE = re.compile(r",\s+(?:which|so|or)\s+$", re.IGNORECASE)
_IMPERATIVE = re.compile(rf"^\s*(?:please\s+|do not\s+|then\s+)*(?:{_ORDER})\b", re.IGNORECASE)
_OPENING_CONDITION = re.compile(
    r"^\s*(?:if|when|once|unless|as soon as|provided|until|after|before|within)\b[^,;]*,", re.I
)


@dataclass(frozen=True, slots=True)
class Part:
    """A statement inside a sentence."""

    text: str
    words: frozenset[str]
    subject: frozenset[str]
    """Content words before its verb."""
    opening: str = ""
    """The condition that opens its sentence, where another part holds it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of a source, with the words that it may borrow: what "it" stands for, the subject of its sentence."""

    part: Part
    borrowed: frozenset[str]
    before: str = ""
    """The statement before it, in the same source."""
    after: str = ""
    topic: frozenset[str] = frozenset()
    """Other words of the statement before it, but its subject."""

    @property
    def words(self) -> frozenset[str]:
        return self.part.words | self.borrowed


def parts(sentence: str) -> list[Part]:
    """The statements of a sentence, in order; one that has no subject of its own takes that of the one before it."""
    found: list[Part] = []
    opening = _OPENING_CONDITION.match(sentence)
    ordered = bool(_IMPERATIVE.match(sentence))
    for text, relative in _pieces(sentence):
        words = _words(text)
        if not words:
            continue
        elliptic = bool(found) and not relative and not ordered and bool(_ELLIPTIC.match(text))
        subject = found[-1].subject if elliptic else _subject(text)
        found.append(Part(text, words, subject, opening.group() if opening and len(found) == 1 else ""))
    return found


def statements(sources: Iterable[Sequence[str]]) -> list[Statement]:
    """Every statement of the sources, each given as its sentences."""
    found: list[Statement] = []
    for group in sources:
        cut = [(part, not number) for sentence in group for number, part in enumerate(parts(sentence))]
        tied = [bool(place) and _goes_on(cut[place - 1][0], part, first) for place, (part, first) in enumerate(cut)]
        texts = ["", *(part.text for part, _ in cut), ""]
        for place, (part, _) in enumerate(cut):
            lent = _of_block([one for one, _ in cut], tied, place) | part.subject
            if not tied[place] and place and _pronoun(part.text):
                lent |= cut[place - 1][0].subject | cut[place - 1][0].words
            lent |= _named_before(part, texts[1 : place + 1])
            if _SEVERAL.match(part.text):
                lent = lent.union(*(one.subject for one, _ in cut[:place]))
            before = cut[place - 1][0] if place else part
            topic = before.words - before.subject if place and before.subject else frozenset[str]()
            found.append(Statement(part, lent, texts[place], texts[place + 2], topic))
    return found


def said(text: str) -> frozenset[str]:
    """Stems of every word of a text, function words and numbers too: what a condition is looked for in."""
    return frozenset(stem(token) for token in tokens(text))


def _pieces(sentence: str) -> Iterator[tuple[str, bool]]:
    """The pieces, and whether each is tied to the object before it ("..., which ...") and not to the subject."""
    start, relative = 0, False
    for match in _CUT.finditer(sentence):
        before, after = sentence[start : match.start()], sentence[match.end() :]
        if len(content(before)) >= 2 and content(after) and (_FIRST_VERB.search(before) or ";" in match.group()):
            yield before, relative
            start, relative = match.end(), bool(_RELATIVE.match(match.group()))
    yield sentence[start:], relative


def _of_block(cut: Sequence[Part], tied: Sequence[bool], place: int) -> frozenset[str]:
    """The words of all parts that speak of the same thing as this one, without a break between."""
    first, last = place, place + 1
    while tied[first]:
        first -= 1
    while last < len(cut) and tied[last]:
        last += 1
    return frozenset[str]().union(*(part.words for part in cut[first:last]))


def _goes_on(before: Part, part: Part, begins_sentence: bool) -> bool:
    """Whether a part speaks on of what the one before it is about ("It must be unused", "and costs £5")."""
    if _GOES_ON.match(part.text):
        return True
    if _FRONTED.match(part.text) or (begins_sentence and len(part.words) > 2):
        return False
    if begins_sentence:
        return True
    return bool(_ELLIPTIC.match(part.text) or not part.subject or _IMPERATIVE.match(before.text))


def _named_before(part: Part, texts: Sequence[str]) -> frozenset[str]:
    """What an earlier statement calls the thing more fully: "the code" was "the transfer code"."""
    if len(part.subject) != 1:
        return frozenset()
    [thing] = part.subject
    found = frozenset[str]()
    for text in texts:
        words = content(text)
        found |= {one for one, after in pairwise(words) if after == thing}
    return found


def _words(text: str) -> frozenset[str]:
    compounds = {"".join(match.groups()).lower() for match in _COMPOUND.finditer(text)}
    money = {match.group().replace(" ", "") for match in _MONEY.finditer(text)}  # £45 is not 45 minutes
    return frozenset(content(_MONEY.sub(" ", text))) | (_SCOPE & set(tokens(text))) | compounds | money


def _subject(text: str) -> frozenset[str]:
    bare = re.sub(r"^\s*(?:if|when|once|unless|as soon as)\s+", "", text, flags=re.IGNORECASE)
    verb = _FIRST_VERB.search(bare)
    return frozenset(word for word in content(bare[: verb.start()]) if not word.isdigit()) if verb else frozenset()


def _pronoun(text: str) -> bool:
    return bool(_SUBJECT_PRONOUN.search(text) or _OTHER_PRONOUN.search(text))
