import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.chat_reply import MalformedReply, deltas, message, visible


def lines(*documents: object, done: bool = True) -> list[bytes]:
    found = [f"data: {json.dumps(document)}\n".encode() for document in documents]
    return [*found, b"\n", b"data: [DONE]\n"] if done else found


def delta(content: object, finish: str | None = None) -> dict[str, object]:
    return {"choices": [{"delta": {"content": content}, "finish_reason": finish}]}


def test_a_stream_gives_its_pieces() -> None:
    counting = {"choices": [], "usage": {"completion_tokens": 2}}
    said = [b": ping\n", b"event: chunk\n", *lines(delta("Yes, "), delta(None), delta("Mia."), counting)]
    assert [piece for piece in deltas(said) if piece] == ["Yes, ", "Mia."]
    assert list(deltas(lines(delta("Yes.", "stop"), done=False))) == ["Yes."]


@pytest.mark.parametrize(
    "said",
    [
        [],
        lines(delta("half"), done=False),
        [b"data: {\n"],
        [b"data: 7\n"],
        lines({"error": {"message": "no memory"}}),
        lines({"choices": ["x"]}),
        lines({"choices": 4}),
        lines(delta(7)),
    ],
)
def test_anything_else_is_malformed(said: list[bytes]) -> None:
    with pytest.raises(MalformedReply):
        list(deltas(said))


def test_a_whole_message_is_read_in_both_forms_of_content() -> None:
    assert message(json.dumps({"choices": [{"message": {"content": "Yes."}}]}).encode()) == "Yes."
    parts = [{"type": "text", "text": "Yes, "}, {"type": "text", "text": "Mia."}]
    assert message(json.dumps({"choices": [{"message": {"content": parts}}]}).encode()) == "Yes, Mia."
    with pytest.raises(MalformedReply):
        message(b'{"choices": []}')


def test_what_a_model_thinks_aloud_is_not_read() -> None:
    assert visible("<th") == ""
    assert visible("<think>The customer wants") == ""
    assert visible("<think>\nhm\n</think>\n\nYes, Mia.") == "Yes, Mia."
    assert visible(" Yes, Mia.") == "Yes, Mia."


@given(st.lists(st.binary(max_size=60)))
def test_no_bytes_break_it(said: list[bytes]) -> None:
    for each in (said, [b"data: " + line for line in said]):
        with contextlib.suppress(MalformedReply):
            assert all(isinstance(piece, str) for piece in deltas(each))
