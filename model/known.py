"""A reply's sources, in the forms that the grounding check compares; each is made when it is first asked for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from model import claims, polarity
from model.passages import sentences
from model.retriever import Encoder
from model.statements import Statement, statements

_PRONOUN = re.compile(r"(?:it|they|this|these|that|those|then|after that)\b", re.IGNORECASE)
_AFTER_THAT = re.compile(r"(?:after|above|over|beyond) that\b", re.IGNORECASE)


class Known:
    """What may be said: passages, an approved answer."""

    def __init__(self, sources: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self.texts = [source for source in sources if source.strip()]
        self.sentences = [sentences(source) for source in self.texts]
        self.stems = claims.stems(self.texts)
        self.clauses = [c for group in self.sentences for one in group for c in polarity.combined(one)]
        self.links = {link for source in self.texts for link in claims.links(source)}

    @cached_property
    def rates(self) -> set[tuple[str, str]]:
        return {rate for source in self.texts for rate in claims.rates(source)}

    @cached_property
    def statements(self) -> list[Statement]:
        return statements(self.sentences)

    @cached_property
    def ranges(self) -> set[tuple[str, str]]:
        return {pair for group in self.sentences for one in group for pair in claims.ranges(one)}

    @cached_property
    def numbers(self) -> list[claims.Number]:
        """Those that the sources say; "within 60 minutes ... After that" says "after 60 minutes" as well."""
        found = [number for source in self.texts for number in claims.numbers(source)]
        later = [
            replace(number, side=1)
            for group in self.sentences
            for one, after in pairwise(group)
            if _AFTER_THAT.match(after)
            for number in claims.numbers(one)
        ]
        return [*found, *later]

    @cached_property
    def homes(self) -> list[tuple[set[str], list[claims.Number]]]:
        """Of every source sentence the stems and the numbers; "It costs ..." has the stems of what "it" is, too."""
        homes = []
        for group in self.sentences:
            for before, one in zip(["", *group], group, strict=False):
                meant = [before] if _PRONOUN.match(one) else []
                homes.append((claims.stems([*meant, one]), claims.numbers(one)))
        return homes

    @cached_property
    def vectors(self) -> Any:
        texts = [one for group in self.sentences for one in group]
        texts += [f"{a} {b}" for group in self.sentences for a, b in pairwise(group)]
        texts += [source for source in self.texts if len(sentences(source)) > 2]
        return self._encoder.encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
