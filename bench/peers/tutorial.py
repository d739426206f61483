"""The first recipe of every tutorial: AutoModelForSequenceClassification, every text padded to 512, Adam at 1e-4.

Three passes in batches of 16, or as far as it comes within the budget. One message is padded to 512 tokens as in
training; many at once only to the longest of them, which says the same and lets the benchmark end.
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.peers import Classify, Row, Said, said

TITLE = "the tutorials' recipe"
NOTE = "AutoModelForSequenceClassification, padded to 512, Adam 1e-4, three passes in batches of 16"
BATCH, PASSES, RATE, LENGTH = 16, 3, 1e-4, 512


def train(rows: Sequence[Row], folder: Path, base: Path, minutes: float) -> str:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(7)
    deadline = time.perf_counter() + 60 * minutes
    names = sorted({label for _, label in rows})
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=len(names))
    model.config.id2label = dict(enumerate(names))
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
    order, done = list(rows), 0
    shuffle = random.Random(7)
    model.train()
    for _ in range(PASSES):
        shuffle.shuffle(order)
        for start in range(0, len(order), BATCH):
            if time.perf_counter() > deadline:
                break
            some = order[start : start + BATCH]
            coded = _coded(tokenizer, [text for text, _ in some], "max_length")
            loss = model(**coded, labels=torch.tensor([names.index(label) for _, label in some])).loss
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            done += len(some)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return f"{done / len(rows):.2f} of {PASSES} passes" if done < PASSES * len(rows) else ""


def _coded(tokenizer: object, texts: Sequence[str], padding: object) -> dict[str, object]:
    coded = tokenizer(list(texts), padding=padding, truncation=True, max_length=LENGTH, return_tensors="pt")  # type: ignore[operator]
    return dict(coded)


def load(folder: Path) -> Classify:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    names = [model.config.id2label[i] for i in range(model.config.num_labels)]

    def classify(texts: Sequence[str]) -> list[Said]:
        found: list[Said] = []
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                some = texts[start : start + BATCH]
                coded = _coded(tokenizer, some, "max_length" if len(texts) == 1 else True)
                found.extend(said(names, model(**coded).logits.softmax(-1).tolist()))
        return found

    return classify
