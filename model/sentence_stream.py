"""Cuts a text that is still being written into sentences, each given out as soon as it is complete."""

import re
from collections.abc import Iterable, Iterator

from model.passages import sentences

_FINISHED = re.compile(r"[.!?:][\"'”’)*_]*$")


def complete(texts: Iterable[tuple[str, bool]], limit: int) -> Iterator[str]:
    """At most `limit` sentences; ends at one that was given before, and never gives an unfinished one.

    Args:
        texts: all that is written so far, again and again, and whether writing is over.
    """
    given: list[str] = []
    for text, finished in texts:
        found = sentences(text)
        ready = found if finished else found[:-1]
        for sentence in ready[len(given) :]:
            if sentence in given or (finished and not _FINISHED.search(sentence)):
                return
            given.append(sentence)
            yield sentence
            if len(given) == limit:
                return
