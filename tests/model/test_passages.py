from hypothesis import given
from hypothesis import strategies as st

from model.passages import LONGEST, cut, pieces, sentences
from model.types import Article


def test_paragraphs_carry_their_heading() -> None:
    body = "It costs £3.90.\n\n## Abroad\n\nYou can send to:\n\n- Norway, for £14 a parcel\n- Ireland"
    found = pieces(Article("a", "Delivery", body))
    assert [piece.heading for piece in found] == ["", "Abroad"]
    assert found[1].text.startswith("You can send to:\n- Norway")
    assert found[1].in_context.startswith("Delivery. Abroad. You can")


def test_sentences_end_where_people_end_them() -> None:
    assert sentences('It costs £3.90. Press "Notify me." £5 is the limit, e.g. Saturday.\nNew line') == [
        "It costs £3.90.", 'Press "Notify me."', "£5 is the limit, e.g. Saturday.", "New line",
    ]  # fmt: skip


def test_long_paragraphs_are_cut_between_sentences_and_lose_no_word() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(200)) + " " + "word " * 300
    parts = cut(text)
    assert all(len(part) <= LONGEST for part in parts)
    assert " ".join(parts).split() == text.split()
    assert all(part.endswith(".") for part in parts[:5])


@given(st.text(alphabet='Aa1 .!?"\n', max_size=120))
def test_sentences_lose_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
