"""Runs any causal model that transformers can load: slower than `llama.py`, for generators built in other ways."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch


class Causal:
    """One loaded model, adapter merged, in float32."""

    def __init__(self, model: Any) -> None:
        self._model = model
        eos = model.generation_config.eos_token_id
        self._eos = set(eos if isinstance(eos, list) else [eos])

    @classmethod
    def load(cls, base: Path, adapter: Path | None, threads: int = 1) -> "Causal":
        from transformers import AutoModelForCausalLM

        torch.set_num_threads(threads)
        model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        if adapter is not None:
            from peft import PeftModel

            model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
        return cls(model.eval())

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        """Greedy tokens after `ids`, at most `limit`, the end mark excluded."""
        new, cache = torch.tensor([list(ids)]), None
        for _ in range(limit):
            out = self._model(input_ids=new, past_key_values=cache, use_cache=True)
            cache = out.past_key_values
            token = int(out.logits[0, -1].argmax())
            if token in self._eos:
                return
            yield token
            new = torch.tensor([[token]])
