"""How replies are made on the starter shop: 200 questions that its facts answer, through the product's own responder.

Held-out utterances of the intents that may be worded anew or have no approved answer come first, but for those that
no fact answers (marked in `bench/written/questions.jsonl` before any reply was seen); then questions of that file. The
intent is taken as known. Times are wall-clock; beside them stands the processor's time, which other work on the machine
touches less. `python -m bench.reply [--print 50] [--speed] [--loop]`
"""

import argparse
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from bench.machine import describe, table, write
from model import starter
from model.base import generator_folder
from model.encoder import base_encoder
from model.evaluate_response import evaluate_response
from model.passages import sentences
from model.prompt import Draft
from model.responder import KnowledgeResponder, Writer
from model.response_rows import NO_ANSWER, read_rows
from model.retriever import Encoder, Retriever
from model.types import Intent, Reply, ReplyRequest
from model.words import tokens

if TYPE_CHECKING:
    from model.generator import ResponseGenerator

NAMES = ("Mia", "", "Tom", "")
WRITTEN = Path(__file__).parent / "written" / "questions.jsonl"
KINDS = ("composed", "generated", "verbatim", "quoted", "none")


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    intent: Intent
    written: bool
    """By us, for this measurement; else a held-out utterance."""


@dataclass
class Heard:
    """A writer beside which somebody listens: what the last reply was written from, and what was written."""

    inner: Writer
    facts: tuple[str, ...] = ()
    sentences: list[str] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.inner.version

    def stream(self, draft: Draft) -> Iterator[str]:
        self.facts, self.sentences = draft.facts, []
        for sentence in self.inner.stream(draft):
            self.sentences.append(sentence)
            yield sentence


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and what became of it; milliseconds."""

    question: Question
    reply: Reply | None
    facts: tuple[str, ...]
    """What the generator was given."""
    wrote: tuple[str, ...]
    """What it wrote, sent or not."""
    wall: float
    processor: float
    first: float | None
    """Until the first checked sentence."""

    @property
    def kind(self) -> str:
        return self.reply.kind if self.reply else "none"

    @property
    def spoke(self) -> bool:
        """Generated, and no copy of the approved text or of a passage."""
        if self.reply is None or not self.reply.generated:
            return False
        return tokens(self.reply.text) not in [tokens(fact) for fact in self.facts]

    @property
    def copied(self) -> bool:
        """Whether each of its sentences stands in its sources just so."""
        known = {one for fact in self.facts for one in sentences(fact)}
        return self.spoke and self.reply is not None and set(sentences(self.reply.text)) <= known

    def reasons(self) -> list[str]:
        """Why what was written was not sent, in a word or two each."""
        if any(sentence.startswith(NO_ANSWER) for sentence in self.wrote):
            return ["says that it does not know"]
        refused = self.reply.refused if self.reply else ()
        return sorted({re.split(r":| in '", reason)[0] for reason in refused})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="where the converted base models lie (default: made anew)")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument("--untuned", action="store_true", help="measure the model without its adapter, too")
    parser.add_argument(
        "--print", type=int, default=0, metavar="N", help="write so many, unselected, to docs/replies.md"
    )
    parser.add_argument("--speed", action="store_true", help="the runtimes side by side instead")
    parser.add_argument("--llama-python", default="", help="with --speed: an interpreter that has xllamacpp")
    parser.add_argument(
        "--loop", action="store_true", help="three nights of learning from agents' edited answers instead"
    )
    parser.add_argument("--minutes", type=float, default=3, help="with --loop: that each night may train")
    parser.add_argument("--answers", type=int, default=120, help="with --loop: that agents have edited")
    parser.add_argument(
        "--measured", type=int, default=40, help="with --loop: the product's own rows that are judged on"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        cache = args.cache or Path(work)
        if args.speed:
            from bench.reply_speed import measure as speed

            print(f"in {write('reply-speed', speed(generator_folder('', cache), args.llama_python))}")
        elif args.loop:
            from bench.reply_loop import measure as nights

            print(f"in {write('reply-loop', nights(cache, args.minutes, args.answers, args.measured))}")
        else:
            print(f"in {write('reply', measure(cache, args))}")


def measure(cache: Path, args: argparse.Namespace) -> dict[str, Any]:
    encoder = base_encoder(cache)
    retriever = Retriever(encoder, starter.articles())
    base, without = generator_folder("", cache), rss()
    from model.generator import ResponseGenerator  # torch

    begun = time.perf_counter()
    generator = ResponseGenerator.load(starter.folder() / "adapter", base, threads=args.threads)
    loading = time.perf_counter() - begun
    found = list(answered(retriever, generator, encoder, questions(args.questions)))
    told = figures(found) | {
        "tokens a second": round(generator.tokens_written / generator.seconds_writing, 1),
        "memory without / with the generator, MB": f"{without} / {rss()}",
        "loading, s": round(loading, 1),
    }
    print(table([f"{len(found)} questions", ""], [[name, value] for name, value in told.items()]))
    held = held_out(generator, encoder, base if args.untuned else None)
    print(table(["held-out rows", *held["fine-tuned"]], [[name, *row.values()] for name, row in held.items()]))
    if args.print:
        from bench.reply_page import page

        where = Path("docs/replies.md")
        where.write_text(page(found, args.print, describe()), encoding="utf-8")
        print(f"{args.print} replies in {where}")
    return {"figures": told, "held_out": held, "threads": args.threads, "replies": [shown(one) for one in found]}


def held_out(generator: "ResponseGenerator", encoder: Encoder, untuned: Path | None) -> dict[str, dict[str, Any]]:
    """The response rows that nothing was trained on; of the base model in `untuned` too, where it is given."""
    rows = read_rows(starter.folder() / "response_test.jsonl").rows
    found = {"fine-tuned": evaluate_response(generator, rows, encoder)}
    if untuned is not None:
        from model.generator import ResponseGenerator

        found["untuned"] = evaluate_response(ResponseGenerator.load(None, untuned), rows, encoder)
    return found


def questions(count: int) -> list[Question]:
    """That many that the shop's facts answer: held-out utterances evenly over their file, then written ones."""
    intents = {intent.name: intent for intent in starter.intents()}
    lines = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    beyond = {line["text"] for line in lines if not line.get("answerable", True)}
    asked = [
        Question(row.text, intents[row.label], False)
        for row in starter.held_out()
        if row.label in intents and row.text not in beyond and speaks(intents[row.label])
    ]
    ours = [Question(line["text"], intents[line["intent"]], True) for line in lines if line["text"] not in beyond]
    if len(asked) >= count:
        return [asked[n * len(asked) // count] for n in range(count)]
    return [*asked, *ours[: count - len(asked)]]


def speaks(intent: Intent) -> bool:
    """Whether the generator is asked: it may be worded anew, or has no approved answer."""
    return (intent.compose or not intent.answer) and not intent.small_talk and not intent.handoff


def answered(
    retriever: Retriever, generator: Writer, encoder: Encoder, asked: Sequence[Question]
) -> Iterator[Answered]:
    """Each question through the product's responder; every other customer has a first name."""
    heard = Heard(generator)
    responder = KnowledgeResponder(retriever, lambda: heard, encoder)
    for number, question in enumerate(asked):
        name = NAMES[number % len(NAMES)]
        request = ReplyRequest(question.text, question.intent, {"first_name": name} if name else {})
        heard.facts, heard.sentences = (), []
        begun, used, first = time.perf_counter(), time.process_time(), list[float]()

        def told(_: str, begun: float = begun, first: list[float] = first) -> None:
            first.append(1000 * (time.perf_counter() - begun))

        reply = responder.respond(request, told)
        wall, processor = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used)
        yield Answered(
            question, reply, heard.facts, tuple(heard.sentences), wall, processor, first[0] if first else None
        )


def figures(found: Sequence[Answered]) -> dict[str, Any]:
    """What became of the questions, and how long it took."""
    kinds = Counter(one.kind for one in found)
    written = sum(one.question.written for one in found)
    firsts = [one.first for one in found if one.first is not None]
    reasons = Counter(reason for one in found for reason in one.reasons())
    spoke = [one for one in found if one.spoke]
    return {
        "held-out utterances / written for this": f"{len(found) - written} / {written}",
        "generated, checked and unlike the approved text": len(spoke),
        "share": round(len(spoke) / len(found), 3),
        "of these, made of whole sentences of the sources": sum(one.copied for one in spoke),
        **{f"{kind}": kinds[kind] for kind in KINDS},
        "first checked sentence, p50 / p95 ms": percentiles(firsts),
        "whole reply, p50 / p95 ms": percentiles([one.wall for one in found]),
        "processor time of a reply, p50 / p95 ms": percentiles([one.processor for one in found]),
        "not sent, by reason": ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()),
    }


def percentiles(values: Sequence[float]) -> str:
    return " / ".join(f"{value:.0f}" for value in np.percentile(values, [50, 95])) if values else "-"


def shown(one: Answered) -> dict[str, Any]:
    """For the JSON."""
    return {
        "question": one.question.text,
        "intent": one.question.intent.name,
        "kind": one.kind,
        "spoke": one.spoke,
        "reply": one.reply.text if one.reply else "",
        "facts": one.facts,
        "wrote": one.wrote,
        "refused": one.reply.refused if one.reply else (),
        "milliseconds": round(one.wall),
    }


def rss() -> int:
    """What this process holds, in MB."""
    return round(int(psutil.Process(os.getpid()).memory_info().rss) / (1024 * 1024))


if __name__ == "__main__":
    main()
