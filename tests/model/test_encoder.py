import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.encoder import OnnxEncoder, base_encoder, cut
from model.export import load_pooler, load_tokenizer
from model.types import UnderstudyError


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def encoder(tiny_base: Path, cache: Path) -> OnnxEncoder:
    return base_encoder(cache, str(tiny_base))


def test_the_exported_encoder_agrees_with_torch(encoder: OnnxEncoder, tiny_base: Path) -> None:
    texts = ["where is my parcel", "refund", "a much longer text about nothing at all, really?"]
    pooler, tokenizer = load_pooler(tiny_base), load_tokenizer(tiny_base)
    with torch.no_grad():
        expected = [pooler(ids := torch.tensor([tokenizer.encode(t).ids]), torch.ones_like(ids))[0] for t in texts]
    cosines = (encoder.encode(texts) * torch.stack(expected).numpy()).sum(1)
    assert cosines.min() > 0.98


def test_tokens_are_those_of_the_last_layer_but_one(encoder: OnnxEncoder, tiny_base: Path) -> None:
    texts = ["where is my parcel", "a much longer text about nothing at all, really?", "refund"]
    pooler, tokenizer = load_pooler(tiny_base), load_tokenizer(tiny_base)
    read = encoder.tokens(texts)
    assert read is not None
    for text, (spans, vectors) in zip(texts, read, strict=True):
        encoding = tokenizer.encode(text)
        with torch.no_grad():
            states = pooler.inner(input_ids=torch.tensor([encoding.ids]), output_hidden_states=True).hidden_states
        special = np.array(encoding.special_tokens_mask, dtype=bool)
        expected = states[-2][0].numpy()[~special]
        assert [list(span) for span in spans] == [list(span) for span in np.array(encoding.offsets)[~special]]
        cosines = (vectors * expected).sum(1) / np.linalg.norm(vectors, axis=1) / np.linalg.norm(expected, axis=1)
        assert cosines.min() > 0.95


def test_tokens_of_any_text_fit_one_window(encoder: OnnxEncoder) -> None:
    read = encoder.tokens(["", "😀😀", "x " * 4000, "\0"])
    assert read is not None
    assert [len(spans) == len(vectors) for spans, vectors in read] == [True] * 4
    assert encoder.tokens([]) == []


def test_vectors_are_of_unit_length_for_any_text(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(["", " ", "😀😀", "ok", "x" * 40_000, "long story " * 1000, "\0"])
    assert vectors.shape == (7, encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_threads_get_the_vectors_that_one_gets(encoder: OnnxEncoder) -> None:
    texts = [f"message number {i}" * (1 + i % 5) for i in range(40)]
    alone = [encoder.encode([text])[0] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: encoder.encode([text])[0], texts))
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_batches_side_by_side_give_the_same_vectors(encoder: OnnxEncoder, cache: Path) -> None:
    texts = [f"message number {i} " * (1 + i % 7) for i in range(70)]
    two = OnnxEncoder(cache / f"encoder-{encoder.version}", threads=2)
    np.testing.assert_array_equal(two.encode(texts), encoder.encode(texts))


def test_the_end_of_a_long_text_counts(encoder: OnnxEncoder) -> None:
    story = "blah " * 400
    vectors, owners = encoder.windows([story + "where is my refund", "short"])
    assert owners.tolist()[-1] == 1
    assert len(vectors) > 3
    assert not np.allclose(encoder.encode([story + "abc"]), encoder.encode([story + "xyz"]), atol=1e-4)


@given(st.lists(st.integers(0, 9), max_size=400), st.integers(1, 130))
def test_windows_cover_every_token_and_fit(ids: list[int], room: int) -> None:
    windows = cut(ids, room)
    assert all(len(window) <= room for window in windows)
    assert windows[-1][-1:] == ids[-1:]
    assert sum(map(len, windows)) >= len(ids)


def test_a_base_is_exported_once_and_its_version_is_stable(encoder: OnnxEncoder, tiny_base: Path, cache: Path) -> None:
    file = cache / f"encoder-{encoder.version}" / "encoder.onnx"
    stamp = file.stat().st_mtime_ns
    assert base_encoder(cache, str(tiny_base)).version == encoder.version
    assert file.stat().st_mtime_ns == stamp


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "encoder.json"])
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_broken_folder_is_named_in_one_line(
    encoder: OnnxEncoder, cache: Path, tmp_path: Path, name: str, how: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(cache / f"encoder-{encoder.version}", folder)
    (folder / name).unlink() if how == "missing" else (folder / name).write_bytes(b"")
    with pytest.raises(UnderstudyError) as caught:
        OnnxEncoder(folder)
    assert name in str(caught.value)
    assert "train again, or roll back" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.weights
def test_the_real_encoder_tells_meanings_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    encoder = base_encoder(tmp_path_factory.getbasetemp().parent / "base-encoder")
    parcel, same, other = encoder.encode(["where is my parcel?", "my package has not arrived yet", "reset my password"])
    assert parcel @ same > 0.5 > parcel @ other
