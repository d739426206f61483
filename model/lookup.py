"""What of a sentence can be looked up in its sources, letter by letter: one such reason is enough to refuse it."""

from collections.abc import Sequence

from model import claims, quantities
from model.homes import mixed_up
from model.known import Known


class Lookup:
    """Links, numbers, names and promises, against what the sources have and what may be said besides."""

    def __init__(self, known: Known, allowed: Sequence[str]) -> None:
        self._known = known
        self.allowed = claims.stems(allowed)
        self._numbers = {number.value for text in allowed for number in quantities.numbers(text)}
        self._rows = {row for text in allowed for row in quantities.rows(text)}

    def missing(self, text: str) -> list[str]:
        """Why what the sentence names is not in the sources.

        Args:
            text: the sentence in plainer words, whole.
        """
        return [*self._links(text), *self._missing_numbers(text), *self._names(text), *self._promises(text)]

    def bare(self, text: str) -> list[str]:
        """Numbers that the sources have without the unit that is said with them: "8 people" of "groups of 8"."""
        return [
            said(one) for one in quantities.numbers(text) if not self._known_with_unit(one) and self._known_bare(one)
        ]

    def elsewhere(self, text: str, words: frozenset[str]) -> list[str]:
        """Numbers that stand with other names or things in the sources.

        Args:
            words: stems of the content words, without greeting, yes or no.
        """
        return mixed_up(text, words, self._known, self.allowed)

    def foreign_names(self, text: str) -> list[str]:
        known = self._known.stems | self.allowed
        return [name for name, _ in claims.names(text) if not claims.stems([name]) <= known]

    def _links(self, text: str) -> list[str]:
        return [f"link: {link}" for link in sorted(claims.links(text) - self._known.links)]

    def _missing_numbers(self, text: str) -> list[str]:
        numbers = quantities.numbers(text)
        reasons = [said(one) for one in numbers if not self._known_with_unit(one) and not self._known_bare(one)]
        for low, high in sorted(quantities.ranges(text) - self._known.ranges):
            if low not in self._numbers:
                reasons.append(f"number: {low} to {high}")
        reasons += [f"number: {row}" for row in sorted(quantities.rows(text) - self._known.rows - self._rows)]
        homes = [words for words, _ in self._known.homes]
        return [*reasons, *claims.wrong_rates(text, self._known.rates, homes, self._known.numbers)]

    def _known_with_unit(self, number: quantities.Number) -> bool:
        return number.value in self._numbers or any(known.agrees(number) for known in self._known.numbers)

    def _known_bare(self, number: quantities.Number) -> bool:
        return number.unit not in quantities.MONEY and any(known.bare(number) for known in self._known.numbers)

    def _names(self, text: str) -> list[str]:
        reasons = [f"name: {name}" for name in self.foreign_names(text)]
        return reasons + [f"name: {words}" for words in sorted(claims.quoted(text)) if words not in self._known.small]

    def _promises(self, text: str) -> list[str]:
        return [
            f"promise: {who} will {verb or 'do it'}"
            for who, verb in claims.commitments(text)
            if not any((verb or "wil") in home for home, _ in self._known.homes)
        ]


def said(number: quantities.Number) -> str:
    return f"number: {number.value} {number.unit}".rstrip()
