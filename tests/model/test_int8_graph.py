"""The graph written node by node says what torch says."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model.export import FP32_FILE, Pooler, export_encoder, is_plain_bert, keeping_fp32, load_pooler, load_tokenizer
from model.int8_graph import quantised

IDS = np.array([[2, 9, 12, 7, 3], [2, 30, 3, 0, 0], [2, 3, 0, 0, 0]], np.int64)
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 0, 0, 0]], np.int64)


def run(file: Path, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    vectors: npt.NDArray[np.float32] = session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})[0]
    return vectors


def truth(pooler: Pooler) -> npt.NDArray[np.float32]:
    with torch.no_grad():
        vectors: npt.NDArray[np.float32] = pooler(torch.from_numpy(IDS), torch.from_numpy(MASK)).numpy()
    return vectors


@pytest.mark.parametrize("words", [0.0, 0.5])
def test_it_agrees_with_torch_and_ignores_padding(tiny_base: Path, tmp_path: Path, words: float) -> None:
    pooler = load_pooler(tiny_base, words)
    assert is_plain_bert(pooler)
    with keeping_fp32():
        export_encoder(pooler, load_tokenizer(tiny_base), tmp_path, "v")
    expected, vectors = truth(pooler), run(tmp_path / "encoder.onnx", IDS, MASK)
    assert (vectors * expected).sum(1).min() > 0.99
    np.testing.assert_allclose(run(tmp_path / FP32_FILE, IDS, MASK), expected, atol=1e-5)
    alone = run(tmp_path / "encoder.onnx", IDS[1:2, :3], MASK[1:2, :3])
    assert (alone * vectors[1]).sum() > 0.99


def test_nothing_is_left_of_full_precision_matrices(tiny_base: Path, tmp_path: Path) -> None:
    export_encoder(load_pooler(tiny_base), load_tokenizer(tiny_base), tmp_path, "v")
    assert not (tmp_path / FP32_FILE).exists()
    kept = onnx.load(tmp_path / "encoder.onnx").graph.initializer
    wide = [each.name for each in kept if len(each.dims) == 2 and each.data_type == onnx.TensorProto.FLOAT]
    # The positions, and the scales of the words, a column.
    assert len(wide) == 2


def test_another_kind_of_model_is_traced(tiny_base: Path, tmp_path: Path) -> None:
    from transformers import RobertaConfig, RobertaModel

    torch.manual_seed(3)
    config = RobertaConfig(
        vocab_size=90, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=130, pad_token_id=0,
    )  # fmt: skip
    pooler = Pooler(RobertaModel(config)).eval()
    assert not is_plain_bert(pooler)
    export_encoder(pooler, load_tokenizer(tiny_base), tmp_path, "v")
    assert (run(tmp_path / "encoder.onnx", IDS, MASK) * truth(pooler)).sum(1).min() > 0.98


@given(arrays.arrays(np.float32, (5, 3), elements=st.floats(-100, 100, width=32)))
def test_a_quantised_weight_is_off_by_half_a_step_at_most(matrix: npt.NDArray[np.float32]) -> None:
    whole, scale = quantised(matrix)
    assert whole.dtype == np.int8
    assert np.abs(whole.astype(np.int32)).max() <= 127
    assert (np.abs(whole * scale - matrix) <= 0.501 * scale + 1e-6).all()


@pytest.mark.parametrize("value", [0.0, 3.0])
def test_a_column_of_one_value_is_exact(value: float) -> None:
    whole, scale = quantised(np.full((4, 1), value, np.float32))
    np.testing.assert_allclose(whole * scale, value, rtol=1e-6)
