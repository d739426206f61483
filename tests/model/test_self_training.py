import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import self_training
from model.encoder import unit
from model.self_training import fresh, nearest, propagate, sample, sharpened


def two_groups(n: int = 300, spread: float = 0.35, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors around two centres, the groups they are of, and a head that is a little wrong about both."""
    chance = np.random.default_rng(seed)
    centres = unit(np.eye(2, 8, dtype=np.float32))
    truth = np.arange(n) % 2
    vectors = unit((centres[truth] + spread * chance.normal(size=(n, 8))).astype(np.float32))
    head = unit(centres + np.asarray([[0, 0.6, *[0] * 6], [0.1, 0, 0.5, *[0] * 5]], np.float32))
    return vectors, truth, head


def test_messages_that_are_alike_set_each_other_right() -> None:
    vectors, truth, head = two_groups()
    alone = float(((vectors @ head.T).argmax(1) == truth).mean())
    together = float((propagate(vectors, head).argmax(1) == truth).mean())
    assert alone < 0.99
    assert together > alone


@given(st.integers(1, 30), st.integers(2, 5))
def test_probabilities_stay_probabilities(n: int, classes: int) -> None:
    chance = np.random.default_rng(n)
    chances = propagate(
        unit(chance.normal(size=(n, 6)).astype(np.float32)), unit(chance.normal(size=(classes, 6)).astype(np.float32))
    )
    assert chances.shape == (n, classes)
    np.testing.assert_allclose(chances.sum(1), 1, atol=1e-4)
    np.testing.assert_allclose(sharpened(chances).sum(1), 1, atol=1e-4)
    assert (sharpened(chances).max(1) >= chances.max(1) - 1e-6).all()


def test_nobody_is_a_neighbour_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_training, "_BLOCK", 16)
    vectors, _, _ = two_groups()
    beside, weights = nearest(vectors, 5)
    assert not (beside == np.arange(len(vectors))[:, None]).any()
    exact = np.argsort(-(vectors @ vectors.T - 2 * np.eye(len(vectors))), axis=1)[:, :5]
    assert [set(row) for row in beside.tolist()] == [set(row) for row in exact.tolist()]
    np.testing.assert_allclose(weights.sum(1), 1, atol=1e-5)


def test_not_too_many_are_taught_and_the_seed_decides_which(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sample(7, 1).tolist() == list(range(7))
    monkeypatch.setattr(self_training, "TAUGHT", 30)
    chosen = sample(50, 3)
    assert len(set(chosen.tolist())) == 30
    assert sample(50, 3).tolist() == chosen.tolist() != sample(50, 4).tolist()


def test_only_new_texts_with_words_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_training, "FEWEST", 2)
    texts = ["Where is it?", "where is it", "??", "old", "mine", "newer", "newest"]
    assert fresh(texts, ["MINE!"]) == ["where is it", "old", "newer", "newest"]
    monkeypatch.setattr(self_training, "MOST", 2)
    assert fresh(texts, []) == ["newer", "newest"]
    monkeypatch.setattr(self_training, "FEWEST", 3)
    assert fresh(texts, []) == []
