"""What search learns from the log: questions, each with the article that ended it, become further titles of it.

No weights change, so the encoder and its vectors stay as they are: a question counts from the moment it is indexed, is
gone as soon as it is erased or marked as wrong, and can be read by anybody who wonders why an article was found. Pairs
are taken only where they find better than without them (`learn`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from model.dataset import normalise
from model.evaluate_search import SearchFigures, figures_of
from model.retriever import Encoder, Retriever
from model.types import Article, Example
from model.vector_cache import RememberingEncoder

MOST = 30
"""Questions of one article that are kept, the newest."""
LONGEST = 300
"""Characters; a longer message tells a story, and is near to everything."""
FEWEST = 10
"""Pairs below which nothing can be measured, so that they are taken as they are."""
FOLDS = 5
Asked = Mapping[str, Sequence[str]]
"""Article id -> questions that it has answered, oldest first."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What is to be indexed, and why."""

    asked: Asked
    before: SearchFigures | None = None
    """On all pairs, without them. None where there are too few to measure."""
    after: SearchFigures | None = None
    """The same, each pair found with the help of the pairs of other folds alone."""

    @property
    def better(self) -> bool:
        """Whether the pairs find at least as well as the titles and passages alone."""
        return self.before is None or self.after is None or self.after.map >= self.before.map


def questions(
    pairs: Sequence[Example], wrong: Collection[tuple[str, str]] = (), articles: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Article id -> its questions.

    Args:
        pairs: a question, and as label the id of the article that ended it; oldest first. The latest article of a
            question counts.
        wrong: (question, article id) that agents called wrong.
        articles: ids that there are; all when None.
    """
    refused = {(normalise(text), article) for text, article in wrong}
    latest: dict[str, Example] = {}
    for pair in pairs:
        key = normalise(pair.text)
        latest.pop(key, None)
        if key and len(pair.text) <= LONGEST and (key, pair.label) not in refused:
            latest[key] = pair
    found: dict[str, list[str]] = {}
    for pair in latest.values():
        if articles is None or pair.label in articles:
            found.setdefault(pair.label, []).append(pair.text)
    return {article: tuple(texts[-MOST:]) for article, texts in found.items()}


def learn(
    encoder: Encoder, articles: Sequence[Article], pairs: Sequence[Example], wrong: Collection[tuple[str, str]] = ()
) -> Learned:
    """The questions to index, measured by cross-validation over them; nothing where they would find worse."""
    ids = {article.id for article in articles}
    asked = questions(pairs, wrong, ids)
    rows = [Example(text, article) for article, texts in asked.items() for text in texts]
    if len(rows) < FEWEST:
        return Learned(asked)
    encoder = RememberingEncoder(encoder)
    before = figures_of(Retriever(encoder, articles).rank, rows)
    after = cross_validated(encoder, articles, rows)
    learned = Learned(asked, before, after)
    return learned if learned.better else Learned({}, before, after)


def cross_validated(
    encoder: Encoder, articles: Sequence[Article], rows: Sequence[Example], folds: int = FOLDS
) -> SearchFigures:
    """Each row's figures with the questions of the other folds indexed."""
    ranks: dict[str, Sequence[str]] = {}
    for fold in range(folds):
        others = [row for number, row in enumerate(rows) if number % folds != fold]
        retriever = Retriever(encoder, articles, questions(others))
        ranks |= {row.text: retriever.rank(row.text) for number, row in enumerate(rows) if number % folds == fold}
    return figures_of(ranks.__getitem__, rows)
