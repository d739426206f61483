"""The grounding check on replies written by hand and on a small model's real inventions, by kind.

`bench/written/grounding.jsonl`: 40 made-up sources (a shop, a telecom, a bank, a software product) with faithful and
unfaithful replies, and sentences that SmolLM2-135M-Instruct wrote from the starter shop's facts, untuned and with the
adapter, each read and labelled by hand. The check was improved on the dev half only. Rows of a `batch` were written
later, to sources of other businesses, and measured before anything was changed for them.
`bench/written/grounding_far.jsonl` (`--split far`) holds twelve replies, six faithful, to the sources of each of
840 pages: faithful ones often far from the words of their sources and unfaithful ones near. The reply alone tells
little (words of reply and question reach an AUC of 0.76 on a writer they were not fitted on), and rules of words can
tell few of them. Half of the check's trees are fitted on them: `--split far` shows what these have learned, and
`bench.grounding_fit` prints what they know of pages that they have not seen.
`bench/written/grounding_near.jsonl` (`--split near`) holds eighteen replies, nine faithful, to each of 175 other
sources, all near to the words of their sources; `bench/written/grounding_real.jsonl` (`--split real`) 880 sentences
that SmolLM2-135M-Instruct wrote, with the starter's adapter and untuned, from pages of many businesses (copies of a
source left out), each read and labelled by hand.
Each reply goes the way to a customer (`model/sendable.py`): a faithful one counts as refused where one of its sentences
cannot be sent, not where it loses its yes or no or is sent in its source's own words, which are counted apart; an
unfaithful one counts as caught where it is not sent as it stands. One line tells of the check alone, without what is
said instead. `python -m bench.grounding [--split dev|test|far] [--batch NAME]`
"""

import argparse
import hashlib
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import table, write
from model.encoder import base_encoder
from model.grounding import Checker, Grounding
from model.passages import sentences
from model.retriever import Encoder
from model.sendable import sendable
from model.types import UnderstudyError

FILE = Path(__file__).parent / "written" / "grounding.jsonl"
PAGED = {name: FILE.with_name(f"grounding_{name}.jsonl") for name in ("far", "near", "real")}
"""A line for each page: {"sources", "rows": [[faithful, kind, question, reply], ...]}."""
SENT, SHORTENED, RESTORED, REFUSED = "sent", "without yes or no", "in its source's words", "refused"
FIRST_NAMES = ("Mia", "Omar")
"""Which the real sentences may say."""


@dataclass(frozen=True, slots=True)
class Row:
    """A reply, what it may say, and whether it keeps to it."""

    reply: str
    sources: tuple[str, ...]
    faithful: bool
    kind: str
    question: str = ""
    allowed: tuple[str, ...] = ()
    half: str = ""
    """Where it is not drawn by its sources: `dev` for rows written after the test half was measured first."""
    batch: str = ""
    """Which writing it belongs to, where each was measured before anything was changed for it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "test", *PAGED), default="dev")
    parser.add_argument("--batch", help="only the rows of one writing ('none': those before the batches)")
    parser.add_argument("--cache", type=Path, help="where the converted base models lie (default: made anew)")
    parser.add_argument("--show", action="store_true", help="print each reply that is judged wrongly, and why")
    args = parser.parse_args()
    if args.split in PAGED and args.batch:
        parser.error(f"--batch is for the dev and the test half: the {args.split} replies are one writing")
    with tempfile.TemporaryDirectory() as work:
        found = paged(args.split) if args.split in PAGED else rows(args.split, args.batch)
        result = measure(found, base_encoder(args.cache or Path(work)), show=args.show)
    print(table(["kind", "n", "caught", "refused"], [[kind, *cells] for kind, cells in result["kinds"].items()]))
    print(table(["", ""], [[name, value] for name, value in result.items() if name != "kinds"]))
    print(f"in {write(f'grounding-{args.split}', result)}")


def rows(split: str = "", batch: str | None = None) -> list[Row]:
    """The rows of one half or batch, or all. Rows that share a source never straddle.

    Raises:
        UnderstudyError: no row is of that batch.
    """
    found = [parse(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    names = groups(found)
    kept = [row for row, name in zip(found, names, strict=True) if split in ("", row.half or half(name))]
    if batch is None:
        return kept
    of_batch = [row for row in kept if (row.batch or "none") == batch]
    if not of_batch:
        known = ", ".join(sorted({row.batch or "none" for row in kept}))
        raise UnderstudyError(f"batch: expected one of {known}, found {batch!r}.")
    return of_batch


def paged(name: str) -> list[Row]:
    """The replies of one of the writings in `PAGED`."""
    pages = map(json.loads, PAGED[name].read_text(encoding="utf-8").splitlines())
    allowed = FIRST_NAMES if name == "real" else ()
    return [
        Row(reply, tuple(page["sources"]), faithful, kind, question, allowed)
        for page in pages
        for faithful, kind, question, reply in page["rows"]
    ]


def parse(line: str) -> Row:
    data = json.loads(line)
    return Row(
        data["reply"],
        tuple(data["sources"]),
        data["faithful"],
        data["kind"],
        data.get("question", ""),
        tuple(data.get("allowed", ())),
        data.get("half", ""),
        data.get("batch", ""),
    )


def groups(found: Sequence[Row]) -> list[str]:
    """A name for each row: the least source text that it is joined to by shared sources."""
    least = {source: source for row in found for source in row.sources}
    changed = True
    while changed:
        changed = False
        for row in found:
            name = min(least[source] for source in row.sources)
            for source in row.sources:
                changed |= least[source] != name
                least[source] = name
    return [least[row.sources[0]] for row in found]


def half(group: str) -> str:
    return "dev" if hashlib.sha256(group.encode()).digest()[0] % 2 == 0 else "test"


def measure(found: Sequence[Row], encoder: Encoder, *, show: bool = False) -> dict[str, Any]:
    """Shares caught and refused, all and by kind, and milliseconds of the processor for a reply."""
    kinds: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    outcomes: dict[bool, list[str]] = {True: [], False: []}
    strict: dict[bool, list[bool]] = {True: [], False: []}
    first: list[float] = []
    again: list[float] = []
    for row in found:
        checker = Checker(row.sources, encoder, allowed=row.allowed, question=row.question)
        for times in (first, again):
            begun = time.process_time()
            sent = outcome(checker, row.reply)
            times.append(1000 * (time.process_time() - begun))
        outcomes[row.faithful].append(sent)
        # A faithful reply is not refused where it is sent in its source's words, and an unfaithful one is then caught.
        right = sent != REFUSED if row.faithful else sent != SENT
        kinds[row.faithful, row.kind].append(right != row.faithful)
        strict[row.faithful].append(not checked(checker, row))
        if show and not right:
            print(wrong(row, checker.check_reply(row.reply)))
    refused = [one for (faithful, _), judged in kinds.items() if faithful for one in judged]
    caught = [one for (faithful, _), judged in kinds.items() if not faithful for one in judged]
    return {
        "unfaithful caught": f"{percent(caught)} of {len(caught)}",
        "faithful refused": f"{percent(refused)} of {len(refused)}",
        "faithful, sent without its yes or no": percent([one == SHORTENED for one in outcomes[True]]),
        "faithful, sent in its source's words": percent([one == RESTORED for one in outcomes[True]]),
        "unfaithful, its source's words sent instead": percent([one == RESTORED for one in outcomes[False]]),
        "by the check alone, caught / refused": f"{percent(strict[False])} / {percent(strict[True])}",
        "ms p50, p95 with the reading of the sources": spread(first),
        "ms p50, p95 once they are read": spread(again),
        "kinds": {
            f"{kind}, {'faithful' if faithful else 'unfaithful'}": [
                len(judged),
                "" if faithful else percent(judged),
                percent(judged) if faithful else "",
            ]
            for (faithful, kind), judged in sorted(kinds.items())
        },
    }


def outcome(checker: Checker, reply: str) -> str:
    """What becomes of a reply where each of its sentences is sent as the bot sends it."""
    found = {SENT}
    for one in sentences(reply) or [""]:
        sent = sendable(checker, one)
        if sent is None:
            return REFUSED
        if sent != one:
            found.add(SHORTENED if sent == checker.without_verdict(one) else RESTORED)
    return next(one for one in (RESTORED, SHORTENED, SENT) if one in found)


def checked(checker: Checker, row: Row) -> bool:
    """Whether the check alone lets the reply pass; a faithful one also without its yes or no."""
    return all(
        checker.check(one).ok or (row.faithful and checker.repaired(one) is not None) for one in sentences(row.reply)
    )


def wrong(row: Row, verdict: Grounding) -> str:
    asked = f" [{row.question}]" if row.question else ""
    return (
        f"{'REFUSED' if row.faithful else 'PASSED '} {row.kind}: {row.reply}{asked}\n    {'; '.join(verdict.reasons)}"
    )


def spread(times: Sequence[float]) -> str:
    return f"{np.median(times):.1f}, {np.percentile(times, 95):.1f}"


def percent(judged: Sequence[bool]) -> str:
    return f"{100 * sum(judged) / len(judged):.1f} %" if judged else "-"


if __name__ == "__main__":
    main()
