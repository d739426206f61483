"""What this team's labels are called now, read from SQL."""

from collections.abc import Iterable

from model.naming import Names, resolved
from model.types import Article
from storage.articles import Articles
from storage.intent_events import IntentEvents
from storage.intents import IntentRow, Intents
from storage.session import Session


def names_of(session: Session, team: str) -> Names:
    """Read both the events and which intents are archived."""
    return made_of(IntentEvents(session, team).changes(), Intents(session, team).all(archived=True))


def made_of(changes: Iterable[tuple[str, str]], known: Iterable[IntentRow]) -> Names:
    successors = resolved(changes)
    # A merged intent's row waits archived under its former name; the name itself means the other intent.
    archived = frozenset(row.name for row in known if row.archived and row.name not in successors)
    return Names(successors, archived)


def titles(session: Session, team: str, ids: Iterable[str]) -> tuple[str, ...]:
    """What these articles are called; those that are gone left out."""
    known = Articles(session, team)
    return tuple(article.title for article in map(known.get, ids) if article is not None)


def articles(session: Session, team: str, *, bodies: bool = True, names: Names | None = None) -> list[Article]:
    """The knowledge base; each article belongs to intents by the names of today.

    Args:
        bodies: without them, what they are about and called, which is read quickly.
        names: of today, where they have been read already.
    """
    names = names or names_of(session, team)
    return [
        Article(
            row.slug, row.title, row.body, tuple(dict.fromkeys(map(names.of, row.intents))), row.locale, row.updated
        )
        for row in Articles(session, team).all(bodies=bodies)
    ]
