from pathlib import Path

import numpy as np
import torch

from model.encoder import OnnxEncoder
from model.export import WORDS, export_encoder, load_pooler, load_tokenizer

TEXTS = ["where is my parcel", "refund", "a much longer text about nothing at all, really?"]


def test_words_stand_beside_the_meaning_and_come_out_of_the_export(tiny_base: Path, tmp_path: Path) -> None:
    pooler, tokenizer = load_pooler(tiny_base, WORDS), load_tokenizer(tiny_base)
    export_encoder(pooler, tokenizer, tmp_path, "test")
    with torch.no_grad():
        expected = [pooler(ids := torch.tensor([tokenizer.encode(t).ids]), torch.ones_like(ids))[0] for t in TEXTS]
    encoder = OnnxEncoder(tmp_path)
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (3, encoder.dim) == (3, 2 * load_pooler(tiny_base).dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * torch.stack(expected).numpy()).sum(1).min() > 0.98


def test_the_words_part_does_not_see_their_meaning(tiny_base: Path) -> None:
    pooler, plain = load_pooler(tiny_base, WORDS), load_pooler(tiny_base)
    ids = torch.tensor([[2, 5, 6, 7, 3]])
    mask = torch.ones_like(ids)
    with torch.no_grad():
        both, meaning = pooler(ids, mask)[0], plain(ids, mask)[0]
        for weight in pooler.inner.encoder.parameters():
            weight.zero_()
        changed = pooler(ids, mask)[0]
    half = plain.dim
    torch.testing.assert_close(both[:half] * np.sqrt(1 + WORDS**2), meaning)
    torch.testing.assert_close(changed[half:], both[half:])
    assert not torch.allclose(changed[:half], both[:half])
