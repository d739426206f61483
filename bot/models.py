"""The models of the running bot: loaded from the data folder, followed while they are replaced. Composition only."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.endpoint import endpoint_of
from bot.home import registry_of
from bot.naming import articles
from bot.recommend_learning import recommender_of
from bot.search_learning import asked, called_wrong
from bot.settings import Settings
from model.asked import Asked
from model.live import Live
from model.memory import OverrideMemory
from model.recommend import Recommender
from model.types import Article, Classifier, Responder, UnderstudyError
from model.vector_cache import RememberingEncoder
from storage.database import Database
from storage.session import Session

log = logging.getLogger(__name__)
ASKED_SECONDS = 60.0
"""How old the questions that search has learned may be."""


@dataclass(frozen=True, slots=True)
class Models:
    """What the desk asks. Each call gives the live one; a request asks once and works with that to its end."""

    classifier: Callable[[], Classifier]
    responder: Callable[[], Responder]
    memory: OverrideMemory
    served: Callable[[], frozenset[str] | None] = lambda: None
    """The languages that the live classifier reads, by code; none means all."""
    on_swap: Callable[[Callable[[Classifier], object]], object] = lambda call: None
    """Have a function told of each new classifier, after it serves."""
    refresh: Callable[[], object] = lambda: None
    """Follow what changed in SQL: articles."""
    forget: Callable[[], object] = lambda: None
    """Articles, or what search has learned, have just been changed here: the next message is answered from them as
    they are then."""
    start: Callable[[], object] = lambda: None
    """Begin to follow the pointers of the live models."""
    close: Callable[[], object] = lambda: None
    recommender: Callable[[], Recommender | None] = lambda: None
    """What may be needed next; none where nothing is to be recommended."""


def load(settings: Settings, db: Database, team: str) -> Models:
    """Everything from the data folder and the database.

    Raises:
        UnderstudyError: no intent model is there, or the live one does not load.
    """
    from model.classifier import IntentClassifier
    from model.encoder import TOKENIZER_FILE, base_encoder
    from model.language import served_by

    registry = registry_of(settings.home, "intent")
    if registry.current() is None:
        raise UnderstudyError(
            f"expected a live intent model in {registry.root}, found none. "
            "Run `understudy setup` (or `make setup`), which trains the first one."
        )
    intents: Live[Classifier] = Live(registry, IntentClassifier.load, lambda it: it.predict(["hello"]))
    intents.get()
    encoder = base_encoder(settings.home / "cache", settings.intent_base)
    endpoint = endpoint_of(settings)
    generators = _generators(settings) if endpoint is None else None
    knowledge = Knowledge(
        db, team, encoder, generators.peek if generators is not None else lambda: endpoint, settings.article_stale_days
    )

    def start() -> None:
        intents.watch()
        if generators is not None:
            # Loading takes seconds and a gigabyte: approved answers need not wait for it.
            threading.Thread(target=generators.refresh, name="load-generator", daemon=True).start()
            generators.watch()

    def close() -> None:
        intents.close()
        if generators is not None:
            generators.close()

    def served() -> frozenset[str] | None:
        # A version serves with the vocabulary of the base that it was made from, whatever the setting names by now.
        return served_by(registry.path(intents.get().version) / TOKENIZER_FILE)

    memory = OverrideMemory(encoder)
    return Models(
        intents.get,
        knowledge.responder,
        memory,
        served,
        intents.on_swap,
        knowledge.refresh,
        knowledge.forget,
        start,
        close,
        knowledge.recommender,
    )


class Knowledge:
    """The responder over the articles as they are in SQL; made anew when they change."""

    def __init__(
        self, db: Database, team: str, encoder: Any, generator: Callable[[], Any], stale_days: int = 365
    ) -> None:
        self._db, self._team, self._encoder, self._generator = db, team, encoder, generator
        self._stale_days = stale_days
        self._kept = RememberingEncoder(encoder)
        self._seen: tuple[list[Article], Asked, Asked] = ([], {}, {})
        self._asked_at = float("-inf")
        self._recommended_at = float("-inf")
        self._responder: Responder | None = None
        self._retriever: Any = None
        self._recommender: Recommender | None = None
        self._lock = threading.Lock()
        self._wanted = self._done = 0

    def forget(self) -> None:
        """Have the next question read the articles and the log first; to be called after a change is committed."""
        self._asked_at = self._recommended_at = float("-inf")
        self._wanted += 1

    def responder(self) -> Responder:
        if self._responder is None or self._done < self._wanted:
            self.refresh()
        assert self._responder is not None
        return self._responder

    def recommender(self) -> Recommender | None:
        """As of the last refresh: the answer that it stands under has just asked for the responder."""
        return self._recommender

    def refresh(self) -> None:
        """Look whether articles changed, and index them again if so."""
        from model.responder import KnowledgeResponder
        from model.retriever import Retriever

        with self._lock:
            wanted = self._wanted
            with self._db.reading() as session:
                found = articles(session, self._team)
                learned, wrong = self._learned(session, found)
            retriever = self._retriever
            if (found, learned, wrong) != self._seen or retriever is None:
                retriever = Retriever(self._encoder, found, learned, index_with=self._kept, wrong=wrong)
                self._retriever = retriever
                self._responder = KnowledgeResponder(retriever, self._generator, self._encoder)
                self._kept.forget_others()
                self._seen = found, learned, wrong
                self._recommended_at = float("-inf")
                log.info("%d articles are indexed", len(found))
            self._follow_recommendations(retriever)
            self._done = wanted

    def _follow_recommendations(self, retriever: Any) -> None:
        """Read what a training has learned of them, once a minute."""
        now = time.monotonic()
        if now - self._recommended_at >= ASKED_SECONDS:
            self._recommended_at = now
            with self._db.reading() as session:
                self._recommender = recommender_of(session, self._team, retriever, self._stale_days)

    def _learned(self, session: Session, found: list[Article]) -> tuple[Asked, Asked]:
        """The questions to index, and those that articles are wrong for, read from the log once a minute: that takes
        longer than reading the articles."""
        now = time.monotonic()
        if now - self._asked_at < ASKED_SECONDS and found == self._seen[0]:
            return self._seen[1:]
        self._asked_at = now
        return asked(session, self._team, found), called_wrong(session, self._team)


def _generators(settings: Settings) -> Live[Any] | None:
    """The generator's live versions; none where replies may not be generated."""
    if settings.generator == "off":
        return None

    def load_one(folder: Path) -> Any:
        from model.base import generator_folder
        from model.generator import ResponseGenerator

        base = generator_folder(settings.response_base, settings.home / "cache")
        return ResponseGenerator.load(folder, base)

    return Live(registry_of(settings.home, "response"), load_one)
