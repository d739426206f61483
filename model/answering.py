"""Whether a reply answers what was asked. All of it may be true, and of something else."""

import re
from collections.abc import Sequence, Set
from functools import cached_property

from model import amounts, claims, polarity, special_cases, yes_no
from model.known import Known
from model.passages import sentences
from model.proper_names import names_another
from model.rephrase import plain
from model.retriever import Encoder
from model.words import content

TO_THE_POINT = 0.15
"""How much farther from the question a reply may be than the source's nearest sentence."""

_LEANS = re.compile(
    r"\s*(?:it|its|they|them|their|this|that|these|those|then|there|so|but|and|or|otherwise|instead|also|both)\b", re.I
)


def leans(sentence: str) -> bool:
    """Whether the sentence needs the one before it to be understood."""
    return bool(_LEANS.match(sentence))


class Point:
    """What was asked, beside what the sources could say to it."""

    def __init__(
        self, question: str, known: Known, encoder: Encoder, least: float = 0.0, names: Set[str] = frozenset()
    ) -> None:
        """
        Args:
            question: the customer's words.
            least: cosine to the question below which nothing is to the point.
            names: stems of names that the whole knowledge base knows.
        """
        self._names = names
        self._asked, self._known, self._encoder, self._least = question, known, encoder, least
        self._plain = plain(question)
        self._words = frozenset(content(self._plain))

    def reached(self, said: Sequence[str], first: str) -> bool:
        """Whether the reply is about as near to the question as the nearest thing that could be said, and says what was
        asked for: the name, the amount, no "not" of something else.

        Args:
            said: its sentences.
            first: the first of them that states something.
        """
        if not said or not self._told or not self._plain.strip():
            return bool(said)
        words = frozenset(content(plain(" ".join(said))))
        if self._denies_something_else(first, words) or not self._named <= words:
            return False
        if names_another(self._words, words, self._names):
            return False
        if amounts.missing(self._plain, said, self._told) or self._special(said, first):
            return False
        return self._near(said)

    def _special(self, said: Sequence[str], first: str) -> bool:
        """A special case that nobody asked about."""
        return (
            special_cases.points_back(first)
            or special_cases.other_case(first, self._words)
            or special_cases.unasked_exception(first, self._words, self._told)
            or special_cases.later_price(said, self._asked, self._known.sentences[0])
        )

    def beside(self, sentence: str) -> bool:
        """Whether the sentence plainly denies something else than was asked for."""
        words = frozenset(content(plain(sentence)))
        return yes_no.denies(polarity.opening(sentence)[1]) and self._denies_something_else(sentence, words)

    def _near(self, said: Sequence[str]) -> bool:
        question, *vectors = self._encoder.encode([self._asked, " ".join(said), *said])
        nearest = float((self._known.vectors[: len(self._told)] @ question).max())
        return max(float(vector @ question) for vector in vectors) >= max(nearest - TO_THE_POINT, self._least)

    @cached_property
    def _told(self) -> list[str]:
        """The sentences of all sources."""
        return [one for group in self._known.sentences for one in group]

    @cached_property
    def _named(self) -> frozenset[str]:
        """Stems of what the question names and the sources too, with a capital: PayPal, Ireland, Saturday."""
        names = [name for one in (*sentences(self._asked), *self._told) for name, _ in claims.names(one)]
        return self._words & self._known.stems & claims.stems(names)

    def _denies_something_else(self, first: str, words: Set[str]) -> bool:
        """A not, where a source has more of the question's words: "Do you take PayPal?" "We accept no cheques"."""
        homes = [home for home, _ in self._known.homes]
        return polarity.negates(first) and yes_no.told_better(words, self._words, homes)
