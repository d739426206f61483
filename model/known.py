"""A reply's sources, in the forms that the grounding check compares; each is made when it is first asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise, product
from typing import Any

import numpy as np

from model import claims, polarity, quantities
from model.alignment import topic
from model.conditions import takes_back
from model.passages import sentences
from model.places import Placed, places
from model.qualified import Qualifiers, qualifiers
from model.rephrase import plain
from model.retriever import Encoder
from model.scope import polarities
from model.statements import Statement, statements
from model.surroundings import Context, context
from model.word_match import Words, read_words
from model.words import content, stem, tokens

_PRONOUN = re.compile(r"(?:it|they|this|these|that|those|then|after that)\b", re.IGNORECASE)
_AFTER_THAT = re.compile(
    r"\b(?:(?P<more>after|above|over|beyond|from)|below|under|before|until|up to) that\b", re.IGNORECASE
)


class Known:
    """What may be said: passages, an approved answer."""

    def __init__(self, sources: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self._written = [source for source in sources if source.strip()]
        self.written = [sentences(source) for source in self._written]
        """The sentences of each source as they stand; all else here is of their plainer words."""
        self.texts = [plain(source) for source in self._written]
        self.sentences = [[plain(one) for one in group] for group in self.written]
        self.stems = claims.stems(self.texts)
        self.clauses = [c for group in self.sentences for one in group for c in polarity.combined(one)]
        self.links = {link for source in self.texts for link in claims.links(source)}

    @cached_property
    def unrevoked(self) -> list[str]:
        """The sentences as they stand that the next one does not take back."""
        return [
            one
            for group in self.written
            for one, after in zip(group, [*group[1:], ""], strict=True)
            if not takes_back(after)
        ]

    @cached_property
    def sayable(self) -> list[str]:
        """Those of them that are understood without the one before."""
        return [one for one in self.unrevoked if not _PRONOUN.match(one)]

    @cached_property
    def rates(self) -> set[tuple[str, str]]:
        return {rate for source in self.texts for rate in claims.rates(source)}

    @cached_property
    def qualifiers(self) -> Qualifiers:
        return qualifiers(one for group in self.sentences for one in group)

    @cached_property
    def statements(self) -> list[Statement]:
        return statements(self.sentences)

    @cached_property
    def rows(self) -> set[str]:
        return {row for text in self.texts for row in quantities.rows(text)}

    @cached_property
    def ranges(self) -> set[tuple[str, str]]:
        return {pair for group in self.sentences for one in group for pair in quantities.ranges(one)}

    @cached_property
    def numbers(self) -> list[quantities.Number]:
        """Those that the sources say; "within 60 minutes ... After that" says "after 60 minutes" as well."""
        found = [number for source in self.texts for number in quantities.numbers(source)]
        later = [
            replace(number, side=1 if match["more"] else -1)
            for group in self.sentences
            for before, one in zip(["", *group], group, strict=False)
            if (match := _AFTER_THAT.search(one))
            for number in [*quantities.numbers(before), *quantities.numbers(one[: match.start()])]
        ]
        return [*found, *later]

    @cached_property
    def homes(self) -> list[tuple[set[str], list[quantities.Number]]]:
        """Of every source sentence the stems and the numbers; "It costs ..." has the stems of what "it" is, too."""
        homes = []
        for group in self.sentences:
            for before, one in zip(["", *group], group, strict=False):
                meant = [before] if _PRONOUN.match(one) else []
                homes.append((claims.stems([*meant, one]), quantities.numbers(one)))
        return homes

    @cached_property
    def content(self) -> set[str]:
        return {word for text in self.texts for word in content(text)}

    @cached_property
    def beginnings(self) -> set[str]:
        return {word[:5] for word in self.content if word.isalpha() and len(word) >= 5}

    @cached_property
    def beginnings_of_four(self) -> set[str]:
        return {word[:4] for word in self.content if word.isalpha()}

    @cached_property
    def small(self) -> str:
        return " ".join(self.texts).lower()

    @cached_property
    def plain_words(self) -> set[str]:
        return set(re.findall(r"\b\w+\b", self.small))

    @cached_property
    def in_order(self) -> list[list[str]]:
        """The stems of every sentence, function words too, as they follow each other."""
        return [[stem(token) for token in tokens(one)] for group in self.sentences for one in group]

    @cached_property
    def placed(self) -> list[tuple[Placed, ...]]:
        """The words of every sentence, with where they stand in it."""
        return [places(one) for group in self.sentences for one in group]

    @cached_property
    def placed_stems(self) -> set[str]:
        return {word.stem for words in self.placed for word in words}

    def together(self, one: str, other: str) -> Iterator[tuple[Placed, Placed]]:
        """The places of two words in each sentence that has both."""
        for words in self.placed:
            yield from product([x for x in words if x.stem == one], [y for y in words if y.stem == other])

    @cached_property
    def statement_words(self) -> list[frozenset[str]]:
        return [one.words | topic(one) for one in self.statements]

    @cached_property
    def sentence_words(self) -> list[set[str]]:
        return [stems for stems, _ in self.homes]

    @cached_property
    def polarities(self) -> dict[str, set[bool]]:
        """Whether the sources deny a word, affirm it, or both, each somewhere."""
        found: dict[str, set[bool]] = {}
        for group in self.sentences:
            for one in group:
                for word, denied in polarities(one).items():
                    found.setdefault(word, set()).update(denied)
        return found

    @cached_property
    def contexts(self) -> list[tuple[quantities.Number, Context]]:
        """Every number of the sources, with the words around it."""
        return [
            (number, context(one, number, before))
            for group in self.sentences
            for before, one in zip(["", *group], group, strict=False)
            for number in quantities.numbers(one)
        ]

    @cached_property
    def read(self) -> list[Words]:
        """The words of every sentence as it stands, each with what it means there."""
        return read_words(self._encoder, [one for group in self.written for one in group])

    @cached_property
    def vectors(self) -> Any:
        texts = [one for group in self.written for one in group]
        texts += [f"{a} {b}" for group in self.written for a, b in pairwise(group)]
        texts += [source for source, group in zip(self._written, self.written, strict=True) if len(group) > 2]
        return self._encoder.encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
