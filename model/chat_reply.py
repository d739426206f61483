"""Reads what an OpenAI-compatible server answers: a stream of events, or one JSON document. Pure; trusts nothing."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

DATA = b"data:"
DONE = "[DONE]"
_THOUGHT = ("<think>", "</think>")


class MalformedReply(Exception):
    """The server answered something that is no chat completion."""


def deltas(lines: Iterable[bytes]) -> Iterator[str]:
    """The pieces of text of a server-sent stream, one line of it after another.

    Raises:
        MalformedReply: a line is no chunk, the server reports an error, or the stream ends before it says so.
    """
    for line in lines:
        if not line.startswith(DATA):
            continue  # blank lines between events, comments, names of events
        data = line[len(DATA) :].strip().decode("utf-8", "replace")
        if data == DONE:
            return
        choice = _choice(_document(data))
        yield _text(choice.get("delta"))
        if choice.get("finish_reason"):
            return
    raise MalformedReply("the stream ended before it was finished")


def message(body: bytes) -> str:
    """The text of a completion that came in one piece.

    Raises:
        MalformedReply: it is none.
    """
    choice = _choice(_document(body.decode("utf-8", "replace")))
    if not choice:
        raise MalformedReply("no choices")
    return _text(choice.get("message"))


def visible(text: str) -> str:
    """`text` without what a reasoning model thinks aloud before it answers; empty while it still thinks."""
    begin, end = _THOUGHT
    bare = text.lstrip()
    if begin.startswith(bare[: len(begin)]):
        return bare.partition(end)[2].lstrip()
    return bare


def _document(data: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise MalformedReply("no JSON") from None
    if not isinstance(found, dict):
        raise MalformedReply("no JSON object")
    if found.get("error"):
        raise MalformedReply("it reports an error")
    return found


def _choice(document: dict[str, Any]) -> dict[str, Any]:
    """The first choice; empty where there is none, as in a chunk that only counts tokens."""
    choices = document.get("choices")
    if not isinstance(choices, list):
        raise MalformedReply("no choices")
    if not choices:
        return {}
    if not isinstance(choices[0], dict):
        raise MalformedReply("a choice that is no object")
    return choices[0]


def _text(said: object) -> str:
    """The text of a message or a delta. A role without words, or none at all, is no error."""
    content = said.get("content") if isinstance(said, dict) else None
    if isinstance(content, list):
        content = "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    if content is not None and not isinstance(content, str):
        raise MalformedReply("content that is no text")
    return content or ""
