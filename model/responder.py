"""Makes replies: the approved answer, worded anew or verbatim; else written from found passages, or quoted; else none.

Only sentences that passed the grounding check leave this module. Whatever befalls the generator, the customer gets the
approved text or the passage instead: nothing here raises.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from model.checked import Written, check_each
from model.context import ALONE, believed_from
from model.grounding import Checker
from model.injection import addressed_to_machine
from model.prompt import Draft
from model.retriever import Encoder, Retriever
from model.slots import chosen, fill, tells_of_order
from model.types import Article, Intent, OnSentence, Passage, Reply, ReplyRequest, unheard
from model.words import content

log = logging.getLogger(__name__)

ENOUGH = 0.32
"""Score from which a passage is read."""
QUOTABLE = 0.47
"""Score from which a passage is quoted although the generator saw no answer in the passages."""
BESIDE = 0.2
"""How far below the best passage another one may score and still be read."""
NEAR_ENOUGH = 0.35
"""Cosine to the question below which nothing written from passages answers it: no approved text vouches for them."""
PASSAGES = 3
"""Read at most."""
WHOLE = 1800
"""Characters up to which an article is quoted as a whole."""
PATIENCE = 4.0
"""Seconds that a first try may have taken, for a second one to be made."""
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


class GeneratorUnavailable(Exception):
    """No reply can be written now, and no fault of ours: one line that says why."""


class Writer(Protocol):
    """A generator: in this process, or somewhere else."""

    @property
    def version(self) -> str: ...

    def stream(self, draft: Draft) -> Iterator[str]: ...


class KnowledgeResponder:
    """Implements `model.types.Responder`. Thread-safe; `retriever` may be replaced at any time by one assignment."""

    def __init__(self, retriever: Retriever, generator: Callable[[], Writer | None], encoder: Encoder) -> None:
        """
        Args:
            generator: gives the live generator, or None where it is switched off. May load it, and may fail.
        """
        self.retriever = retriever
        self._generator = generator
        self._encoder = encoder
        self._version = ""

    @property
    def version(self) -> str:
        """Version of the generator that wrote last; empty before the first time."""
        return self._version

    def search(self, query: str, limit: int = 5) -> list[Passage]:
        return self.retriever.search(query, limit)

    def titled(self, text: str) -> Article | None:
        return self.retriever.titled(text)

    def respond(self, request: ReplyRequest, on_sentence: OnSentence = unheard) -> Reply | None:
        """A reply, or None where nothing known answers.

        The returned reply's text is what must stand in the end: it begins with those sentences, or replaces them.
        """
        intent = request.intent
        text = chosen(intent.answer, request.slots) if intent is not None and intent.answer else None
        if intent is not None and text:
            return self._from_answer(request, intent, text, on_sentence)
        return self._from_passages(request, on_sentence)

    def respond_from(self, article_id: str, request: ReplyRequest) -> Reply | None:
        """The article as it stands, for who asked for it by its title; a long one is written anew from its beginning,
        or quoted as far as WHOLE. None where it is not there, or speaks to machines."""
        found = [one for one in self.retriever.of(article_id) if _is_knowledge(one)]
        kept = [one for n, one in enumerate(found) if not n or sum(len(it.text) for it in found[: n + 1]) <= WHOLE]
        if not kept:
            return None
        if len(kept) < len(found):
            written = self._from(kept[:PASSAGES], request, unheard)
            if written is not None and written.generated:
                return written
        return _quoted(replace(kept[0], text="\n\n".join(one.text for one in kept)))

    def _from_answer(self, request: ReplyRequest, intent: Intent, text: str, on_sentence: OnSentence) -> Reply:
        """The approved text, filled; worded anew where it may be, and it tells of no order.

        An order's number, day and link must all be said, and only they: of 29 such replies of the starter's
        generator none did, while the customer waited.
        """
        answer = fill(text, request.slots)
        if intent.small_talk or intent.handoff or not intent.compose or tells_of_order(text):
            return Reply(answer, "verbatim", (), "")
        found = [passage for passage in self._found(request) if self.retriever.is_about(passage, intent.name)][:1]
        sources = [answer, *(passage.text for passage in found)]
        written = self._write(request, sources, on_sentence, again=(answer,))
        if written.whole:
            return Reply(written.text, "composed", _ids(found), written.version)
        return Reply(answer, "verbatim", (), "", refused=tuple(written.refused))

    def _from_passages(self, request: ReplyRequest, on_sentence: OnSentence) -> Reply | None:
        found = self._found(request)
        return self._from(found, request, on_sentence) if found else None

    def _from(self, found: Sequence[Passage], request: ReplyRequest, on_sentence: OnSentence) -> Reply | None:
        """Written from these passages, or the best of them; None where they seem to hold no answer."""
        # What would be quoted whole may be worded from by itself, without the others that led astray.
        again = (found[0].text,) if len(found) > 1 and found[0].score >= QUOTABLE else ()
        texts = [passage.text for passage in found]
        written = self._write(request, texts, on_sentence, again=again, least=NEAR_ENOUGH)
        if written.answers:
            return Reply(written.text, "generated", _ids(found), written.version, refused=tuple(written.refused))
        if written.no_answer and found[0].score < QUOTABLE:
            return None
        return _quoted(self._together(found), written.refused)

    def _together(self, found: Sequence[Passage]) -> Passage:
        """The best passage with the others of its article that were found, in the article's order: which of them
        answers, the generator could not tell either."""
        texts = tuple(one.text for one in found if one.article_id == found[0].article_id)
        ordered = [one.text for one in self.retriever.of(found[0].article_id) if one.text.endswith(texts)]
        return replace(found[0], text="\n\n".join(ordered))

    def _found(self, request: ReplyRequest) -> list[Passage]:
        """The passages worth reading, best first."""
        query = request.text
        # A message with a topic of its own is looked up alone: with the last one before it, that one would be found.
        if request.history and len(content(query)) < 3 and believed_from(query) > ALONE:
            query = f"{request.history[-1]} {query}"
        name = request.intent.name if request.intent else ""
        found = self.retriever.search(query, PASSAGES, intent=name)
        found = [one for one in found if _is_knowledge(one)]
        return [one for one in found if one.score >= max(ENOUGH, found[0].score - BESIDE)]

    def _write(
        self,
        request: ReplyRequest,
        sources: Sequence[str],
        on_sentence: OnSentence,
        *,
        again: Sequence[str] = (),
        least: float = 0.0,
    ) -> Written:
        """Written from the sources; where nothing of it can be sent, a second time from those in `again`, if any.

        Args:
            least: see `Checker`.
        """
        written = Written()
        try:
            writer = self._generator()
            if writer is None:
                return written
            self._version = written.version = writer.version
            given = tuple(request.slots.values())
            names = self.retriever.names
            checker = Checker(sources, self._encoder, allowed=given, question=request.text, least=least, names=names)
            return self._tried(writer, request, sources, written, on_sentence, checker, again)
        except GeneratorUnavailable as error:
            log.warning("The approved text goes out: %s", error)
            written.refused.append(f"failed: {error}")
        except Exception as error:
            # An approved text is always better than no reply, whatever went wrong.
            log.exception("The generator failed; the approved text goes out instead")
            written.refused.append(f"failed: {type(error).__name__}")
        return written

    def _tried(
        self,
        writer: Writer,
        request: ReplyRequest,
        sources: Sequence[str],
        written: Written,
        on_sentence: OnSentence,
        checker: Checker,
        again: Sequence[str],
    ) -> Written:
        """The first try, which is `written`, or the second; both are checked against all the sources."""
        begun = time.monotonic()
        check_each(writer.stream(_draft(request, sources)), checker, written, on_sentence)
        if written.answers or not again or time.monotonic() - begun > PATIENCE:
            return written
        second = Written(version=written.version)
        check_each(writer.stream(_draft(request, again)), checker, second, on_sentence, verdicts=False)
        return second if second.answers else written


def _draft(request: ReplyRequest, facts: Sequence[str]) -> Draft:
    first_name = request.slots.get("first_name", "")
    return Draft(request.text, tuple(facts), first_name, request.tone, request.history[-1:])


def quote(passage: Passage) -> str:
    """A passage under its title, in Slack's plain marks."""
    text = _LINK.sub(r"<\2|\1>", passage.text).replace("**", "*")
    lines = "\n".join(f"> {line}" for line in text.splitlines() if line.strip())
    return f"*{passage.title}*\n{lines}"


def _quoted(passage: Passage, refused: Sequence[str] = ()) -> Reply:
    return Reply(quote(passage), "quoted", (passage.article_id,), "", refused=tuple(refused))


def _is_knowledge(passage: Passage) -> bool:
    found = addressed_to_machine(passage.text)
    if found:
        log.warning("A passage of %r is not used: it holds %s. Look at the article", passage.article_id, found)
    return not found


def _ids(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.article_id for passage in passages))
