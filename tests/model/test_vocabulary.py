import pytest
import torch

from model.vocabulary import known_tokens
from tests.model.bases import WORDS, bert, distilbert, roberta

IDS = [[2, 40, 41, 3], [2, 7, 41, 3, 59], [2, 3]]


@pytest.mark.parametrize("base", [bert, roberta, distilbert])
def test_vectors_are_the_same_by_the_new_ids(base: object) -> None:
    pooler = base()  # type: ignore[operator]
    filler = pooler.inner.config.pad_token_id

    def vectors(some: list[list[int]]) -> torch.Tensor:
        padded = [[*ids, *[filler] * (5 - len(ids))] for ids in some]
        mask = torch.tensor([[1] * len(ids) + [0] * (5 - len(ids)) for ids in some])
        with torch.no_grad():
            return pooler(torch.tensor(padded), mask)

    before = vectors(IDS)
    with known_tokens(pooler, IDS) as ids:
        assert pooler.inner.get_input_embeddings().num_embeddings < WORDS / 4
        assert torch.equal(before, vectors(ids))
    assert torch.equal(before, vectors(IDS))


def test_what_was_learned_is_in_the_whole_table_and_nothing_else_has_moved() -> None:
    pooler = bert()
    before = pooler.inner.get_input_embeddings().weight.detach().clone()
    with known_tokens(pooler, IDS) as ids, torch.no_grad():
        pooler.inner.get_input_embeddings().weight[ids[0][1]] += 1
    after = pooler.inner.get_input_embeddings().weight.detach()
    assert after.shape == before.shape
    moved = (after - before).abs().sum(-1).nonzero().flatten()
    assert moved.tolist() == [40]


def test_the_table_is_whole_again_after_an_error() -> None:
    pooler = bert()
    with pytest.raises(RuntimeError, match="stop"), known_tokens(pooler, IDS):
        raise RuntimeError("stop")
    assert pooler.inner.get_input_embeddings().num_embeddings == WORDS


def test_a_frozen_table_is_left_alone() -> None:
    pooler = bert()
    pooler.inner.get_input_embeddings().weight.requires_grad_(False)
    with known_tokens(pooler, IDS) as ids:
        assert ids == IDS
        assert pooler.inner.get_input_embeddings().num_embeddings == WORDS
