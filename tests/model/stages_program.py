"""Trains two stages with a checkpoint at every step, and says after each step how far it is: python -m ... FOLDER"""

import math
import sys
from pathlib import Path

import torch
from torch import nn

from model.checkpoint import Stages
from model.tune import Recipe
from tests.model.bases import bert, head, rows

FIRST = Recipe(epochs=2, rate=1e-3, batch=8)
SECOND = Recipe(epochs=3, rate=5e-4, batch=8, contrast=0.5)


def train(folder: Path | None, say: bool = False) -> tuple[Stages, nn.Module, nn.Module]:
    torch.set_num_threads(1)
    pooler, top = bert(layers=2), head()
    stages = Stages(folder, every=0, share=math.inf)
    stages.fit("fit", pooler, top, rows(40), FIRST, 3, tell("fit", say))
    stages.fit("finish", pooler, top, rows(50), SECOND, 3, tell("finish", say))
    return stages, pooler, top


def tell(name: str, say: bool):  # type: ignore[no-untyped-def]
    return lambda share: print(name, share, flush=True) if say else None


if __name__ == "__main__":
    train(Path(sys.argv[1]), say=True)
