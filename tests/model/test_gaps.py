"""Questions that ask for the same end up in one group, whatever their order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.encoder import unit
from model.gaps import clusters, find_gaps, terms, with_words

PAYMENT = ["can i pay by invoice", "is paying by invoice possible", "do you take an invoice as payment"]
ENGRAVING = ["do you engrave mugs", "engraving on a mug", "how much is engraving for one mug"]


def slow(vectors: np.ndarray, near: float) -> set[frozenset[int]]:
    """Average linkage as it is defined: always the two groups that are nearest."""
    groups = [frozenset({i}) for i in range(len(vectors))]
    similar = vectors @ vectors.T
    while len(groups) > 1:
        pairs = [(similar[np.ix_(list(a), list(b))].mean(), a, b) for i, a in enumerate(groups) for b in groups[:i]]
        best, a, b = max(pairs, key=lambda pair: pair[0])
        if best < near:
            break
        groups = [group for group in groups if group not in (a, b)] + [a | b]
    return set(groups)


def grouped(found: list[int]) -> set[frozenset[int]]:
    return {frozenset(i for i, group in enumerate(found) if group == each) for each in found}


@given(st.integers(0, 10**6), st.integers(1, 14), st.sampled_from([0.2, 0.5, 0.8]))
@settings(max_examples=80, deadline=None)
def test_the_chains_find_what_the_slow_way_finds(seed: int, count: int, near: float) -> None:
    vectors = unit(np.random.default_rng(seed).normal(size=(count, 3)).astype(np.float32))
    assert grouped(clusters(vectors, near)) == slow(vectors, near)


def test_the_order_does_not_matter() -> None:
    vectors = unit(np.random.default_rng(3).normal(size=(60, 4)).astype(np.float32))
    order = np.random.default_rng(4).permutation(60)
    turned = {frozenset(int(order[i]) for i in group) for group in grouped(clusters(vectors[order], 0.6))}
    assert turned == grouped(clusters(vectors, 0.6))


def test_a_gap_has_a_middle_and_words_and_single_questions_are_none() -> None:
    texts = [*PAYMENT, *ENGRAVING, "what is the meaning of life"]
    axes = [[1, 0, 0.1], [1, 0.05, 0], [1, 0, 0], [0, 1, 0], [0.1, 1, 0], [0, 1, 0.1], [0, 0, 1]]
    payment, engraving = find_gaps(texts, unit(np.array(axes, np.float32)))
    assert [sorted(gap.members) for gap in (payment, engraving)] in ([[0, 1, 2], [3, 4, 5]], [[3, 4, 5], [0, 1, 2]])
    by_words = {gap.terms[0]: gap for gap in (payment, engraving)}
    assert set(by_words) & {"invoice"}
    assert set(by_words) & {"engraving", "mug", "mugs", "engrave"}
    assert all(gap.cohesion > 0.8 and gap.middle == gap.members[0] for gap in (payment, engraving))
    assert find_gaps([], np.zeros((0, 3), np.float32)) == []


def test_the_same_words_bring_texts_near_whatever_they_are_about() -> None:
    texts = ["what does frugal mean", "what does opaque mean", "what does vivid mean", "my cat sleeps", "a dog barks"]
    apart = np.eye(5, dtype=np.float32)
    near = with_words(texts, apart)
    joined = near @ near.T
    assert joined[0, 1] > 0.1 > joined[0, 3] == joined[3, 4] == 0
    np.testing.assert_allclose(with_words(texts, apart, 0.0)[:, :5], apart)
    assert with_words([], np.zeros((0, 3), np.float32)).shape == (0, 3)


def test_words_that_all_groups_have_mark_none() -> None:
    marks = terms([["refund for shoes", "shoes refund"], ["refund for lamps", "lamps refund"]], most=1)
    assert marks == [("shoes",), ("lamps",)]
