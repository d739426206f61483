"""What has been said, as a set that a condition or a statement is looked for in."""

from model.words import content, has_digit

_DRAWN_FROM = 0.6
"""Share of a statement's main words from which a sentence is taken to draw from it."""


class Told:
    """Stems that were said; a word of the same five letters counts as the same."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._beginnings = {word[:5] for word in words if len(word) >= 5}

    def __contains__(self, word: str) -> bool:
        return word in self._words or (len(word) >= 5 and word[:5] in self._beginnings)

    def has_most(self, main: str, *, alone: bool) -> bool:
        """Whether most of a statement's main words are said; a single word says little of a long statement."""
        words = [word for word in content(main) if not has_digit(word)]
        if not words:
            return False
        share = sum(word in self for word in words) / len(words)
        return share >= _DRAWN_FROM and (share == 1 or alone or len(words) > 1)

    def leaves_out(self, phrase: str) -> bool:
        words = content(phrase)
        missing = [word for word in words if word not in self]
        numbers = any(has_digit(word) and word not in self._words for word in words)
        return bool(words) and (numbers or 2 * len(missing) > len(words))
