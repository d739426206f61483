"""What customers ask and nobody has written an answer to: unanswered questions, grouped by what they ask. No torch.

Average-linkage clustering (Sokal and Michener 1958; by chains of nearest neighbours, Murtagh 1983): no number of groups
has to be guessed, and a text that is like no other stays alone. What is near is said by an encoder, best the live
model's, which has learned to look at what is wanted and not at what it is about, and by the words themselves, function
words among them: "what does X mean" asks for the same whatever X is (docs/experiments.md). A group is named
by the words that it has and the others have not (class-based TF-IDF, Grootendorst 2022), and by the question nearest
to its middle.
"""

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.words import STOPWORDS, stem, tokens

Floats = npt.NDArray[np.float32]

NEAR = 0.45
"""Mean nearness of two groups from which they become one, by CLINC150's development rows (docs/experiments.md)."""
WORDS = 0.25
"""What the words themselves count in that; the rest is the encoder's cosine."""
VOCABULARY = 3000
"""Words and pairs of words that are looked at, the most frequent ones: a matrix of 48 MB."""
FEWEST = 3
"""Questions that make a gap."""
MOST = 4000
"""Questions that are looked at, the newest ones: a matrix of 64 MB."""
TERMS = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask for the same, and have no answer."""

    members: tuple[int, ...]
    """Numbers of the texts, the nearest to the middle first."""
    terms: tuple[str, ...]
    """The words that mark it, as customers write them."""
    cohesion: float
    """Mean nearness of the members to the middle."""

    @property
    def middle(self) -> int:
        """Number of the text that stands for the others."""
        return self.members[0]


def find_gaps(texts: Sequence[str], vectors: Floats, *, near: float = NEAR, fewest: int = FEWEST) -> list[Gap]:
    """Groups of at least `fewest` texts, the largest first.

    Args:
        vectors: of the texts, unit length, [n, d].
    """
    vectors = with_words(texts, vectors)
    groups: dict[int, list[int]] = {}
    for number, group in enumerate(clusters(vectors, near)):
        groups.setdefault(group, []).append(number)
    kept = [members for members in groups.values() if len(members) >= fewest]
    marks = terms([[texts[i] for i in members] for members in kept])
    found = [_gap(members, vectors, words) for members, words in zip(kept, marks, strict=True)]
    return sorted(found, key=lambda gap: (-len(gap.members), -gap.cohesion))


def with_words(texts: Sequence[str], vectors: Floats, share: float = WORDS) -> Floats:
    """The vectors, [n, d], with the texts' words and pairs of words beside them: dot products are the nearness."""
    counted = [Counter(_worded(text)) for text in texts]
    spread = Counter(word for words in counted for word in words)
    # What stands in one text alone brings it near to none.
    places = {word: place for place, (word, n) in enumerate(spread.most_common(VOCABULARY)) if n > 1}
    weights = np.zeros((len(texts), len(places)), np.float32)
    for row, words in enumerate(counted):
        for word in words.keys() & places.keys():
            weights[row, places[word]] = math.log(len(texts) / spread[word])
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    joined = [math.sqrt(1 - share) * vectors, math.sqrt(share) * weights / np.maximum(1e-9, lengths)]
    return np.asarray(np.hstack(joined), np.float32)


def _worded(text: str) -> list[str]:
    """Stems, function words too, and pairs of neighbours."""
    words = [stem(word) for word in tokens(text)]
    return [*words, *(f"{one} {other}" for one, other in itertools.pairwise(words))]


def _gap(members: Sequence[int], vectors: Floats, words: tuple[str, ...]) -> Gap:
    mine = vectors[list(members)]
    middle = mine.mean(0)
    lengths = np.linalg.norm(mine, axis=1) * max(1e-12, float(np.linalg.norm(middle)))
    cosines = mine @ middle / np.maximum(1e-12, lengths)
    order = np.argsort(-cosines, kind="stable")
    return Gap(tuple(members[i] for i in order), words, round(float(cosines.mean()), 4))


def clusters(vectors: Floats, near: float) -> list[int]:
    """The group of each vector, as the number of one of its members.

    Groups are joined while the mean cosine between their members is at least `near`.
    """
    n = len(vectors)
    parent = list(range(n))
    similar = np.asarray(vectors @ vectors.T, np.float32)
    np.fill_diagonal(similar, -np.inf)
    sizes = np.ones(n, np.float32)
    alive = np.ones(n, bool)
    chain: list[int] = []
    while chain or alive.any():
        if not chain:
            chain = [int(alive.argmax())]
        last = chain[-1]
        best = int(similar[last].argmax())
        if similar[last, best] < near:
            # Average linkage never brings two groups nearer than their parts are: nothing will join this one.
            alive[last] = False
            similar[last, :] = similar[:, last] = -np.inf
            chain.pop()
        elif len(chain) > 1 and similar[last, best] <= similar[last, chain[-2]]:
            _join(similar, sizes, alive, last, chain[-2])
            parent[chain[-2]] = last
            del chain[-2:]
        else:
            chain.append(best)
    return [_root(parent, i) for i in range(n)]


def _join(similar: Floats, sizes: Floats, alive: npt.NDArray[np.bool_], one: int, other: int) -> None:
    """Make `other` part of `one` (Lance and Williams 1967)."""
    a, b = sizes[one], sizes[other]
    joined = (a * similar[one] + b * similar[other]) / (a + b)
    joined[[one, other]] = -np.inf
    similar[one, :] = similar[:, one] = joined
    similar[other, :] = similar[:, other] = -np.inf
    sizes[one] = a + b
    alive[other] = False


def _root(parent: Sequence[int], i: int) -> int:
    while parent[i] != i:
        i = parent[i]
    return i


def terms(groups: Sequence[Sequence[str]], most: int = TERMS) -> list[tuple[str, ...]]:
    """The words that mark each group of texts, the most telling first."""
    counts = [_counted(texts) for texts in groups]
    everywhere: Counter[str] = Counter()
    for words, _ in counts:
        everywhere.update(words)
    mean = sum(everywhere.values()) / max(1, len(groups))
    found = []
    for (words, spelt), texts in zip(counts, groups, strict=True):
        weight = {word: count * math.log(1 + mean / everywhere[word]) for word, count in words.items()}
        # A word of one text says little of the group.
        common = [word for word in weight if words[word] >= min(2, len(texts))] or list(weight)
        best = sorted(common, key=lambda word: (-weight[word], word))[:most]
        found.append(tuple(spelt[word].most_common(1)[0][0] for word in best))
    return found


def _counted(texts: Sequence[str]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many of the texts each stem stands, and how it is spelt."""
    count: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for text in texts:
        words = [word for word in tokens(text) if word not in STOPWORDS and not word.isdigit()]
        count.update({stem(word) for word in words})
        for word in words:
            spelt.setdefault(stem(word), Counter())[word] += 1
    return count, spelt
