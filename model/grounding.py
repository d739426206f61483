"""Checks that a sentence says nothing its sources do not say. Every reason for a refusal has a name.

What can be looked up is looked up (numbers with their units, links, names, placeholders, promises), and one such reason
is enough. What rules of words can only suspect (a condition left out, two facts joined, a not turned, a new word) is
measured, and small decision trees, fitted on replies written by hand, say how much of it together is too much.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from model import alignment, claims, polarity, quantities, verdict_signs, yes_no
from model.answering import Point, leans
from model.known import Known
from model.lexicon import COMMON, COURTESY, HEADS
from model.lookup import Lookup
from model.measures import measures
from model.passages import sentences
from model.placeholders import Braced
from model.qualified import unqualified
from model.rephrase import plain
from model.restored import restored
from model.retriever import Encoder
from model.statements import said
from model.trees import read
from model.word_match import Words, read_words, word_match
from model.words import content, stem, tokens

NEAR = 0.6
"""Cosine to the nearest source sentence, pair of sentences or whole source, below which the meaning may have left."""
NEAR_WITH_KNOWN_WORDS = 0.55
"""The same where every content word stands in the sources."""
NEAR_WITHIN_ONE = 0.25
"""The same where one source sentence has them all: a short extract is far from a long sentence."""
NEW_WORDS = 0.34
"""Share of content words that no source has, from which they are suspicious."""
TOLD = 0.2
"""Cosine of a condition to the question from which the customer has told of it."""
FITTED = Path(__file__).parent / "doubt.json"
"""Decision trees that `python -m bench.grounding_fit` has written."""
_OPPOSITE = ["negation: the source says the opposite"]
_SORRY = re.compile(
    r"^(?:i am|i'm|i’m|we are|we're|we’re|very|so)?\s*(?:very |so |really )?sorry\b[^,;:]*(?:,\s*\w+)?[.!]?$", re.I
)
_LACKS = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|without|missing|lost|lack\w*|fail\w*|late|un\w+|cannot|nor|gone|empty|only"
    r"|still|yet|stopped|refus\w*|reject\w*|declin\w*|broke\w*)\b|n['’]?t\b",
    re.I,
)
"""What a customer says of what is not there, or not as it should be."""
_LEAD = re.compile(r"^\s*([^,.!?:;–—]{1,60})[,:!;–—]\s+")


@dataclass(frozen=True, slots=True)
class Grounding:
    """The verdict on one sentence. `ok` exactly where `reasons` is empty."""

    ok: bool
    reasons: tuple[str, ...] = ()


class Checker:
    """Holds a reply's sources in the forms that the check compares."""

    def __init__(
        self,
        sources: Sequence[str],
        encoder: Encoder,
        *,
        allowed: Sequence[str] = (),
        question: str = "",
        least: float = 0.0,
        names: Set[str] = frozenset(),
    ) -> None:
        """
        Args:
            sources: what may be said: passages, the approved answer.
            allowed: values that may be named besides: first name, order number.
            question: the customer's words; a reply may not state them as facts of its own.
            least: cosine to the question below which nothing is to the point.
            names: stems of names that the whole knowledge base knows, the sources or not.
        """
        self._least, self._everywhere = least, names
        self._encoder = encoder
        self._known = Known(sources, encoder)
        self._braced = Braced([*sources, *allowed])
        self._lookup = Lookup(self._known, allowed)
        self._asked = question
        self._question_text = plain(question)
        self._question = frozenset(content(self._question_text))

    def check(self, sentence: str) -> Grounding:
        """Whether `sentence` may be sent."""
        if not sentence.strip():
            return Grounding(False, ("empty",))
        if self.sound(sentence):
            return Grounding(True)
        reasons = self.certain(sentence) or self._doubts(sentence)
        return Grounding(not reasons, tuple(reasons))

    def sound(self, sentence: str) -> bool:
        """Whether it needs no look at all: courtesy, or a copy of a source's sentence."""
        return not self._braced.foreign(sentence) and (self.is_courtesy(sentence) or self._copied(sentence.strip()))

    def certain(self, sentence: str) -> list[str]:
        """The reasons of which one alone is enough."""
        text = plain(sentence)
        return [
            *(f"placeholder: {part}" for part in self._braced.foreign(sentence)),
            *self._lookup.missing(text),
            *self._empty(self._body(text)),
            *(unqualified(text, self._known.qualifiers, self._question_text) if polarity.negates(text) else []),
            *self._verdict(text),
        ]

    def _verdict(self, text: str) -> list[str]:
        """Why its yes or no may not stand, though the rest may."""
        word, rest = polarity.opening(text)
        if word in {*yes_no.YES, "no"} and self._question_text.strip() and content(self._body(rest)):
            return verdict_signs.why_not(word, self.verdict_measured(text))
        return yes_no.why_not(word, rest, self._question_text, self._known.clauses)

    def verdict_measured(self, sentence: str) -> dict[str, float]:
        """What the fitted trees see of a sentence that opens with yes or no, and of the question."""
        return verdict_signs.measures(self._body(plain(sentence)), self._question_text, self._known, self._encoder)

    def _doubts(self, sentence: str) -> list[str]:
        """Why the sentence is not borne out, where all that speaks against it together is too much."""
        signs = self._signs(sentence)
        trees, measured = read(FITTED), self._measured(sentence, signs)
        limit = trees.limit_suspected if measured["suspected"] else trees.limit
        doubt = trees.probability(measured)
        if doubt <= limit:
            return []
        named = [reason for found in signs.values() for reason in found]
        return named or [f"meaning: {doubt:.2f} in doubt, {limit:.2f} allowed"]

    def doubt(self, sentence: str) -> float:
        """How likely it is that the sentence is not borne out, 0 to 1."""
        return read(FITTED).probability(self.measured(sentence))

    def restored(self, sentence: str) -> str | None:
        """The source's own sentence that `sentence` has all but said."""
        return restored(self._body(sentence), self._known.sayable, self._lookup.allowed)

    def without_verdict(self, sentence: str) -> str:
        """`sentence` without its yes or no; empty where it has none, or nothing besides."""
        word, rest = polarity.opening(sentence)
        rest = self._body(rest)
        return rest[:1].upper() + rest[1:] if word and content(rest) else ""

    def measured(self, sentence: str) -> dict[str, float]:
        """What the fitted trees see of a sentence."""
        return self._measured(sentence, self._signs(sentence))

    def _measured(self, sentence: str, signs: dict[str, list[str]]) -> dict[str, float]:
        text, near = plain(sentence), self._nearness(sentence)
        body = self._body(text)
        words = set(content(body))
        suspicions = [
            *(bool(reasons) for name, reasons in signs.items() if name != "new"),
            len(signs["new"]) > NEW_WORDS * max(len(words), 3),
            near < self._needed(words - self._lookup.allowed),
        ]
        return {
            **{name: float(len(reasons)) for name, reasons in signs.items()},
            "suspected": float(sum(suspicions)),
            "near": near,
            **measures(body, self._said(text), self._known, self._lookup.allowed),
            **word_match(self._read(self._body(sentence)), self._known.read, self._asked_words),
        }

    def _read(self, text: str) -> Words:
        return read_words(self._encoder, [text])[0]

    @cached_property
    def _asked_words(self) -> list[Words]:
        return [self._read(self._asked)] if self._asked.strip() else []

    def _needed(self, words: Set[str]) -> float:
        if any(words <= home for home, _ in self._known.homes):
            return NEAR_WITHIN_ONE
        return NEAR_WITH_KNOWN_WORDS if words <= self._known.stems else NEAR

    def _signs(self, sentence: str) -> dict[str, list[str]]:
        """Reasons that may be wrong, by the rule that has found them."""
        text = plain(sentence)
        body = self._body(text)
        aligned = alignment.reasons(body, self._known.statements, self._said(text), self._lookup.allowed, self._settled)
        return {
            "binding": [f"binding word: {word}" for word in claims.unfounded(body, self._known.stems)],
            "elsewhere": self._lookup.elsewhere(text, frozenset(content(body))),
            "bare": self._lookup.bare(text),
            "turned": _OPPOSITE * polarity.turned(body, self._known.clauses),
            "joined": [reason for reason in aligned if reason.startswith("joined")],
            "condition": [reason for reason in aligned if reason.startswith("condition")],
            **self._words(body),
        }

    def _copied(self, sentence: str) -> bool:
        """Whether it is a sentence of a source, and the next one does not take back what it says."""
        return sentence in self._known.unrevoked

    def check_reply(self, reply: str) -> Grounding:
        """The verdict on a whole reply: every sentence of it may be sent."""
        reasons = [f"{reason} in {one!r}" for one in sentences(reply) or [""] for reason in self.check(one).reasons]
        return Grounding(not reasons, tuple(reasons))

    def repaired(self, sentence: str) -> str | None:
        """`sentence` without its yes or no, where that makes it sound: what it tells may stand, the verdict not."""
        rest = self.without_verdict(sentence)
        return rest if rest and self.check(rest).ok else None

    def to_the_point(self, said: Sequence[str]) -> bool:
        """Whether what is said answers the question; see model.answering."""
        first = next((one for one in said if not self.is_courtesy(one)), "")
        return self._point.reached(said, first)

    def without_asides(self, said: Sequence[str]) -> list[str]:
        """Without a "We take no cheques." before "You can pay with PayPal.", where the latter alone answers."""
        last = said[-1]
        if leans(last) or not self.to_the_point([last]):
            return list(said)
        return [one for one in said if one is last or self.is_courtesy(one) or not self._point.beside(one)]

    @cached_property
    def _point(self) -> Point:
        return Point(self._asked, self._known, self._encoder, self._least, self._everywhere)

    def _empty(self, body: str) -> list[str]:
        """What no reply may be: without a word of its own, about the customer, the opposite of a source."""
        words = set(content(body))
        if not words:
            return ["no source: says nothing of its own"]
        if "customer" in words - self._known.stems:
            return ["no reply: speaks of the customer"]
        return _OPPOSITE * polarity.affirms_denied(body, self._known.clauses)

    def _words(self, body: str) -> dict[str, list[str]]:
        """Words that no source has, and among them those that only the question has."""
        new = sorted(set(content(body)) - self._known.stems - self._lookup.allowed - COMMON - COURTESY)
        return {
            "new": [f"new words: {word}" for word in new],
            "asked": [f"only the question says: {word}" for word in new if word in self._question],
        }

    def _nearness(self, sentence: str) -> float:
        if not len(self._known.vectors):
            return 0.0
        # A name at the end moves a short sentence far from its source.
        words = ((word, claims.stems([word])) for word in self._body(sentence).split())
        said = " ".join(word for word, stems in words if not stems or not stems <= self._lookup.allowed)
        vector = self._encoder.encode([said])[0]
        return float((self._known.vectors @ vector).max())

    def is_courtesy(self, sentence: str) -> bool:
        """An opening that states nothing ("Sorry to hear that, Mia.")."""
        if quantities.numbers(sentence) or claims.links(sentence) or "?" in sentence:
            return False
        words = tokens(sentence)
        meant = {stem(word) for word in words if word not in COURTESY and content(word)} - self._lookup.allowed
        meant |= claims.strong(sentence)
        if not meant:
            return bool(HEADS & set(words))
        if not _SORRY.match(sentence) or claims.strong(sentence) or self._lookup.foreign_names(sentence):
            return False
        return len(meant - self._question - self._known.stems) <= 1

    def _body(self, sentence: str) -> str:
        """The sentence without greeting, name, yes or no."""
        rest = polarity.opening(sentence)[1]
        while match := _LEAD.match(rest):
            words = tokens(match.group(1))
            if any(word not in COURTESY and stem(word) not in self._lookup.allowed and content(word) for word in words):
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
        if polarity.negates(situation) and not _LACKS.search(self._asked):
            return False  # "Where is my parcel?" is near to having no e-mail about it, and does not say so
        question, told = self._encoder.encode([self._asked, situation])
        return float(question @ told) >= TOLD
