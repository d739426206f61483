"""Checks that a sentence says nothing its sources do not say. Every reason for a refusal has a name.

What can be looked up is looked up (numbers with their units, links, names, promises, words that bind), yes and not are
compared clause by clause, and the meaning must be near a source's: small models invent fluently, so nearness alone
would let a changed price pass, and words alone a sentence put together from the right ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from model import alignment, claims, polarity
from model.conditions import takes_back
from model.known import Known
from model.lexicon import COMMON, COURTESY, HEADS
from model.passages import sentences
from model.retriever import Encoder
from model.statements import said
from model.words import STOPWORDS, content, stem, tokens

NEAR = 0.6
"""Cosine to the nearest source sentence, pair of sentences or whole source, below which the meaning has left."""
NEAR_WITH_KNOWN_WORDS = 0.55
"""The same where every content word stands in the sources."""
NEAR_WITHIN_ONE = 0.25
"""The same where one source sentence has them all: a short extract is far from a long sentence."""
TO_THE_POINT = 0.15
"""How much farther from the question a reply may be than the source's nearest sentence."""
TOLD = 0.2
"""Cosine of a condition to the question from which the customer has told of it."""
HALF = 0.5
"""Share of a question's words that one statement must have before it counts as its answer."""
NEW_WORDS = 0.34
"""Largest share of content words that no source has."""
_SORRY = re.compile(
    r"^(?:i am|i'm|i’m|we are|we're|we’re|very|so)?\s*(?:very |so |really )?sorry\b[^,;:]*(?:,\s*\w+)?[.!]?$", re.I
)
_LEAD = re.compile(r"^\s*([^,.!?:;–—]{1,60})[,:!;–—]\s+")
_LIMIT = re.compile(r"\b(?:only|until|must|instead|unfortunately|but|however|at most)\b", re.IGNORECASE)
_YES = frozenset({"yes", "sure", "absolutely", "certainly", "of course"})


@dataclass(frozen=True, slots=True)
class Grounding:
    """The verdict on one sentence. `ok` exactly where `reasons` is empty."""

    ok: bool
    reasons: tuple[str, ...] = ()


def check(
    sentence: str, sources: Sequence[str], encoder: Encoder, *, allowed: Sequence[str] = (), question: str = ""
) -> Grounding:
    """The verdict on one sentence; use `Checker` for several over the same sources."""
    return Checker(sources, encoder, allowed=allowed, question=question).check(sentence)


class Checker:
    """Holds a reply's sources in the forms that the check compares."""

    def __init__(
        self, sources: Sequence[str], encoder: Encoder, *, allowed: Sequence[str] = (), question: str = ""
    ) -> None:
        """
        Args:
            sources: what may be said: passages, the approved answer.
            allowed: values that may be named besides: first name, order number.
            question: the customer's words; a reply may not state them as facts of its own.
        """
        self._encoder = encoder
        self._known = Known(sources, encoder)
        self._allowed = claims.stems(allowed)
        self._allowed_numbers = {number.value for text in allowed for number in claims.numbers(text)}
        self._question = frozenset(content(question))
        self._question_text = question

    def check(self, sentence: str) -> Grounding:
        """Whether `sentence` may be sent."""
        if not sentence.strip():
            return Grounding(False, ("empty",))
        if self.is_courtesy(sentence) or self._copied(sentence.strip()):
            return Grounding(True)
        reasons = [
            *self._links_and_numbers(sentence),
            *self._names(sentence),
            *self._promises(sentence),
            *self._words(sentence),
            *self._polarity(sentence),
        ]
        if not reasons:
            reasons += alignment.reasons(
                self._body(sentence), self._known.statements, self._said(sentence), self._allowed, self._settled
            )
        if not reasons and (near := self._nearness(sentence)) < (needed := self._needed(sentence)):
            reasons.append(f"meaning: {near:.2f} near a source, {needed:.2f} needed")
        return Grounding(not reasons, tuple(reasons))

    def _copied(self, sentence: str) -> bool:
        """Whether it is a sentence of a source, and the next one does not take back what it says."""
        for group in self._known.sentences:
            for one, after in zip(group, [*group[1:], ""], strict=True):
                if one == sentence and not takes_back(after):
                    return True
        return False

    def check_reply(self, reply: str) -> Grounding:
        """The verdict on a whole reply: every sentence of it may be sent."""
        reasons = [f"{reason} in {one!r}" for one in sentences(reply) or [""] for reason in self.check(one).reasons]
        return Grounding(not reasons, tuple(reasons))

    def repaired(self, sentence: str) -> str | None:
        """`sentence` without its yes or no, where that makes it sound: what it tells may stand, the verdict not."""
        word, rest = polarity.opening(sentence)
        rest = self._body(rest)
        if not word or not content(rest):
            return None
        rest = rest[:1].upper() + rest[1:]
        return rest if self.check(rest).ok else None

    def to_the_point(self, said: Sequence[str]) -> bool:
        """Whether what is said is about as near to the question as the nearest thing that could be said."""
        count = sum(map(len, self._known.sentences))
        if not said or not count or not self._question_text.strip():
            return bool(said)
        question, *vectors = self._encoder.encode([self._question_text, " ".join(said), *said])
        nearest = float((self._known.vectors[:count] @ question).max())
        return max(float(vector @ question) for vector in vectors) >= nearest - TO_THE_POINT

    def _links_and_numbers(self, sentence: str) -> list[str]:
        reasons = [f"link: {link}" for link in sorted(claims.links(sentence) - self._known.links)]
        for number in claims.numbers(sentence):
            if number.value not in self._allowed_numbers and not self._has_number(number):
                reasons.append(f"number: {number.value} {number.unit}".rstrip())
        for low, high in sorted(claims.ranges(sentence) - self._known.ranges):
            if low not in self._allowed_numbers:
                reasons.append(f"number: {low} to {high}")
        return [*reasons, *claims.wrong_rates(sentence, self._known.rates, [words for words, _ in self._known.homes])]

    def _has_number(self, number: claims.Number) -> bool:
        return any(known.agrees(number) for known in self._known.numbers)

    def _names(self, sentence: str) -> list[str]:
        reasons = [f"name: {name}" for name in self._foreign_names(sentence)]
        return reasons or self._mixed_up(sentence)

    def _mixed_up(self, sentence: str) -> list[str]:
        """Numbers that stand with other names or other things here than in the sources."""
        named = [*claims.names(sentence), *self._leading_name(sentence)]
        words = frozenset(content(self._body(sentence)))
        reasons = []
        start = 0
        for part in re.split(r"([,;]|:(?!\d)|\band\b)", sentence):
            inside = [claims.stems([name]) for name, at in named if start <= at < start + len(part)]
            names = [stems for stems in inside if stems <= self._known.stems and not stems <= self._allowed]
            for number in claims.numbers(part):
                if self._elsewhere(number, names, words) or self._other_number_fits(number, words):
                    reasons.append(f"number: {number.value} belongs elsewhere")
            start += len(part)
        return reasons

    def _leading_name(self, sentence: str) -> list[tuple[str, int]]:
        """The first word, where the sources have it with a capital letter only."""
        match = re.search(r"[^\W\d_]+", sentence)
        if not match or match.group().lower() in COURTESY | STOPWORDS or not match.group()[0].isupper():
            return []
        small = rf"\b{match.group().lower()}\b"
        return [] if any(re.search(small, source) for source in self._known.texts) else [(match.group(), match.start())]

    def _elsewhere(self, number: claims.Number, names: Sequence[set[str]], words: frozenset[str]) -> bool:
        homes = [stems for stems, numbers in self._known.homes if any(known.agrees(number) for known in numbers)]
        others = {word for word in words if not word.isdigit()} - set(number.unit.split()) - self._allowed
        strange = bool(others) and not any(others & home for home in homes)
        apart = bool(names) and not any(stems <= home for home in homes for stems in names)
        return bool(homes) and (strange or apart)

    def _other_number_fits(self, number: claims.Number, words: frozenset[str]) -> bool:
        """Whether a source sentence with another number of this unit has clearly more of the words."""
        here = other = 0
        for stems, numbers in self._known.homes:
            shared = len(words & stems - {number.value})
            if number.value in {known.value for known in numbers}:
                here = max(here, shared)
            elif number.unit and number.unit in {known.unit for known in numbers}:
                other = max(other, shared)
        return bool(here) and other - here >= max(2, 0.4 * len(words))

    def _promises(self, sentence: str) -> list[str]:
        reasons = [f"binding word: {word}" for word in claims.unfounded(self._body(sentence), self._known.stems)]
        for who, verb in claims.commitments(sentence):
            if not any((verb or "wil") in home for home, _ in self._known.homes):
                reasons.append(f"promise: {who} will {verb or 'do it'}")
        return reasons

    def _words(self, sentence: str) -> list[str]:
        words = set(content(self._body(sentence)))
        if not words:
            return ["no source: says nothing of its own"]
        if "customer" in words - self._known.stems:
            return ["no reply: speaks of the customer"]
        new = words - self._known.stems - self._allowed - COMMON - COURTESY
        if len(new) > NEW_WORDS * max(len(words), 3):
            return [f"new words: {', '.join(sorted(new))}"]
        asked = sorted(new & self._question)
        return [f"only the question says: {', '.join(asked)}"] if asked else []

    def _polarity(self, sentence: str) -> list[str]:
        word, rest = polarity.opening(sentence)
        body = self._body(sentence)
        if polarity.turned(body, self._known.clauses) or polarity.affirms_denied(body, self._known.clauses):
            return ["negation: the source says the opposite"]
        return self._verdict(word, rest) if word else []

    def _verdict(self, word: str, rest: str) -> list[str]:
        """Why the yes or no may not stand, though the rest may."""
        if claims.compared(rest, self._question_text):
            return [f"{word}: nobody compared the numbers"]
        if word == "no" and not (polarity.negates(rest) or _LIMIT.search(rest)):
            return ["no: the rest denies nothing"]
        if word not in {*_YES, "no"} or polarity.negates(self._question_text):
            return []
        affirmed, denied = polarity.verdict(self._question_text, self._known.clauses)
        if word in _YES:
            if self._denies(rest):
                return ["yes: before not"]
            unfounded = bool(self._question) and (affirmed < HALF or denied >= affirmed)
            return ["yes: no source says so of what was asked"] if unfounded else []
        if re.search(r"\bonly\b", rest, re.IGNORECASE):
            return []  # "No, only owners can do this": the source affirms it of others
        return (
            ["no: a source says yes"] if affirmed >= HALF and affirmed > denied and not polarity.negates(rest) else []
        )

    @staticmethod
    def _denies(rest: str) -> bool:
        first = next(iter(polarity.clauses(rest)), None)
        return first is not None and first.negated and not rest.lower().startswith("but ")

    def _nearness(self, sentence: str) -> float:
        if not len(self._known.vectors):
            return 0.0
        # A name at the end moves a short sentence far from its source.
        words = ((word, claims.stems([word])) for word in self._body(sentence).split())
        said = " ".join(word for word, stems in words if not stems or not stems <= self._allowed)
        vector = self._encoder.encode([said])[0]
        return float((self._known.vectors @ vector).max())

    def _needed(self, sentence: str) -> float:
        words = set(content(self._body(sentence))) - self._allowed
        if any(words <= home for home, _ in self._known.homes):
            return NEAR_WITHIN_ONE
        return NEAR_WITH_KNOWN_WORDS if words <= self._known.stems else NEAR

    def is_courtesy(self, sentence: str) -> bool:
        """An opening that states nothing ("Sorry to hear that, Mia.")."""
        if claims.numbers(sentence) or claims.links(sentence) or "?" in sentence:
            return False
        words = tokens(sentence)
        meant = {stem(word) for word in words if word not in COURTESY and content(word)} - self._allowed
        meant |= claims.strong(sentence)
        if not meant:
            return bool(HEADS & set(words))
        if not _SORRY.match(sentence) or claims.strong(sentence) or self._foreign_names(sentence):
            return False
        return len(meant - self._question - self._known.stems) <= 1

    def _foreign_names(self, sentence: str) -> list[str]:
        known = self._known.stems | self._allowed
        return [name for name, _ in claims.names(sentence) if not claims.stems([name]) <= known]

    def _body(self, sentence: str) -> str:
        """The sentence without greeting, name, yes or no."""
        rest = polarity.opening(sentence)[1]
        while match := _LEAD.match(rest):
            words = tokens(match.group(1))
            if any(word not in COURTESY and stem(word) not in self._allowed and content(word) for word in words):
                break
            rest = rest[match.end() :]
        return re.sub(r"^but\s+", "", rest, flags=re.IGNORECASE)

    def _said(self, sentence: str) -> frozenset[str]:
        """What a condition may be found in: the sentence, and the question that it answers."""
        return said(sentence) | said(self._question_text)

    def _settled(self, situation: str) -> bool:
        """Whether the customer has told of a situation that the sources make a condition, in whatever words."""
        if not self._question_text.strip():
            return False
        question, told = self._encoder.encode([self._question_text, situation])
        return float(question @ told) >= TOLD
