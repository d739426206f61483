import json
import random
from pathlib import Path

import pytest

from model.evaluate_response import evaluate_response
from model.response_rows import ResponseRow
from model.serving_file import SERVING_FILE
from model.types import UnderstudyError
from tests.model.fakes import FakeEncoder
from tests.model.tiny import make_base

ROWS = [
    ResponseRow(
        "can i return it?", ("You can return an item within 30 days of delivery.",), "You can return it.", "Mia"
    ),
    ResponseRow("price?", ("It costs £3.90.",), "It costs £3.90, Mia.", "Mia"),
    ResponseRow("colour?", ("It costs £3.90.",), "I do not have that information here."),
] * 8


def test_a_tiny_model_learns_its_rows_and_the_file_that_serves_is_the_one_measured(tmp_path: Path) -> None:
    from model.finetune_response import train_response
    from model.generator import ResponseGenerator

    base = make_base(tmp_path / "base")
    told: list[float] = []
    figures = train_response(
        ROWS, tmp_path / "a", base_folder=base, minutes=1, epochs=30, progress=lambda share, _: told.append(share)
    )
    assert figures["last_loss"] < figures["first_loss"]
    assert told == sorted(told)
    assert told[-1] == 1
    assert json.loads((tmp_path / "a" / "adapter_config.json").read_text())["base_model_name_or_path"] == ""
    again = train_response(ROWS, tmp_path / "b", base_folder=base, minutes=1, epochs=1, start_adapter=tmp_path / "a")
    assert again["first_loss"] < figures["first_loss"]
    assert again["learning_rate"] < figures["learning_rate"], "what was learned is not to be forgotten in a night"
    assert (tmp_path / "b" / SERVING_FILE).is_file()
    measured = evaluate_response(ResponseGenerator.load(tmp_path / "b", base), ROWS[:3], FakeEncoder())
    assert measured["n"] == 3
    named = {"n", "chrf", "rouge_l", "grounded", "refused_right", "refused_wrongly", "words", "tokens_per_second"}
    assert set(measured) == named


def test_the_budget_of_minutes_holds(tmp_path: Path) -> None:
    from model.finetune_response import train_response

    base = make_base(tmp_path / "base")
    figures = train_response(ROWS, tmp_path / "a", base_folder=base, minutes=0.02, epochs=10_000)
    assert figures["seconds"] < 30
    assert figures["steps"] >= 1


def test_rows_that_are_all_too_long_are_refused(tmp_path: Path) -> None:
    from model.finetune_response import train_response

    base = make_base(tmp_path / "base")
    with pytest.raises(UnderstudyError, match="found none"):
        train_response([ResponseRow("q", ("f",), "word " * 900)], tmp_path / "a", base_folder=base)


def test_a_batch_in_parts_teaches_what_the_whole_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from model import finetune_response as tuning

    torch.manual_seed(5)
    tokenizer, model = tuning._load(make_base(tmp_path / "base"), None)
    model.float().eval()  # no dropout
    [batch, *_] = tuning._batches(ROWS, tokenizer, random.Random(1), varied=False)

    def gradients(at_once: int) -> list[float]:
        monkeypatch.setattr(tuning, "AT_ONCE", at_once)
        model.zero_grad()
        parts = list(tuning._parts(batch))
        assert max(part.ids.numel() for part, _ in parts) <= max(at_once, batch.ids.shape[1])
        assert sum(len(part.ids) for part, _ in parts) == len(batch.ids)
        for part, share in parts:
            (share * tuning._loss(model, part)).backward()
        found = [weight.grad.flatten() for weight in model.parameters() if weight.grad is not None]
        return list(torch.cat(found).tolist())

    whole = gradients(10**6)
    assert any(whole)
    assert gradients(1) == pytest.approx(whole, abs=1e-5)
    assert gradients(3 * batch.ids.shape[1]) == pytest.approx(whole, abs=1e-5)
