import random

from hypothesis import given
from hypothesis import strategies as st

from model.augment import NEAR, slip, with_typos


@given(st.text(max_size=200), st.integers(0, 99))
def test_only_words_change_and_the_same_seed_gives_the_same_text(text: str, seed: int) -> None:
    typed = with_typos(text, random.Random(seed))
    assert typed == with_typos(text, random.Random(seed))
    assert len(typed.split()) == len(text.split())
    assert with_typos(text, random.Random(seed), share=0) == text


@given(st.from_regex(r"[a-zA-Z]{2,12}", fullmatch=True), st.integers(0, 999))
def test_a_slip_is_one_letter(word: str, seed: int) -> None:
    typed = slip(word, random.Random(seed))
    assert abs(len(typed) - len(word)) <= 1
    same = sum(a == b for a, b in zip(word, typed, strict=False))
    tail = sum(a == b for a, b in zip(reversed(word), reversed(typed), strict=False))
    assert same + tail >= len(word) - 2


def test_one_word_in_five_is_hit() -> None:
    text = "where parcel refund order please " * 400
    typed = with_typos(text, random.Random(1))
    changed = sum(a != b for a, b in zip(text.split(), typed.split(), strict=True))
    assert 0.15 < changed / 2000 < 0.23


def test_neighbours_are_mutual() -> None:
    assert "s" in NEAR["a"]
    assert "p" not in NEAR["q"]
    assert all(key in NEAR[other] for key, near in NEAR.items() for other in near)
