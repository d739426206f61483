"""One training run of the response model, in a first form: agents' better answers join the rows it learns from.

A better answer teaches only when the articles say what it says; else it would teach to invent. A version that stays
with its source less often than the live one, on rows neither was trained on, is never promoted.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.claims import Claim, claimed
from bot.ledger import DATASET, write_dataset
from bot.material import taken_back
from bot.naming import articles, names_of
from bot.retrain import Outcome, Progress
from model.dataset import fingerprint
from model.evaluate_response import Measured, evaluate_response, is_grounded
from model.registry import Registry
from model.response_rows import ResponseRow
from model.retriever import Encoder, Retriever
from model.types import Example
from storage.corrections import Correction, Corrections
from storage.database import Database
from storage.tables import ERASED
from storage.training_runs import TrainingRuns

KIND = "response"
PASSAGES = 3
HELD = 0.2
"""Share of agents' answers that is only measured on, by hash."""
MEASURED = 40
"""Held-out rows of the starter that are measured on: each takes about a second, for either version."""
MEASURES = ("grounded", "refused_right")


class ResponseTrainer(Protocol):
    """Fine-tunes an adapter; see model.finetune_response.train_response."""

    def __call__(
        self, rows: Sequence[ResponseRow], out: Path, *, start_adapter: Path, progress: Progress
    ) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class ResponseShop:
    """What a run works with."""

    db: Database
    team: str
    registry: Registry
    encoder: Callable[[], Encoder]
    train: ResponseTrainer
    load: Callable[[Path], Measured]
    rows: Callable[[], Sequence[ResponseRow]]
    """The rows that come with the code: they keep it with its source."""
    held_out: Callable[[], Sequence[ResponseRow]]
    first: Path
    """The adapter that comes with the code: nobody's words are in it."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Agents' better answers as rows."""

    train: list[ResponseRow]
    held: list[ResponseRow]
    unfounded: int
    """Answers that say what no article says."""


def retrain_response(
    shop: ResponseShop,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    held: Callable[[Claim], object] = lambda claim: None,
) -> Outcome:
    """Fine-tune on the agents' better answers, where some are new, and promote what grounds no less.

    Where answers were erased that a version had learned, it starts anew from the adapter that comes with the code:
    going on from the live one would keep them.

    Raises:
        Busy: another run is alive.
        Cancelled: the run was told to end.
    """
    live = shop.registry.current()
    if live is None:
        return left_alone("none is live yet; `understudy setup` brings the first")
    since = last_read(shop)
    with shop.db.reading() as session:
        wanted = taken_back(session, shop.team, since)
    if not (wanted or newer(better_answers(shop), since)):
        return left_alone(f"no new better answers since {live}")
    with claimed(shop.db, shop.team, KIND, held=held) as claim:
        return _run(shop, claim, live, dry_run, progress or (lambda share, what: None), anew=wanted)


def left_alone(why: str) -> Outcome:
    """The response model was not trained, and why."""
    return Outcome("nothing", (f"Response model left alone: {why}.",))


def better_answers(shop: ResponseShop) -> list[Correction]:
    """Corrections in force that say how to answer, without agents' own tests."""
    with shop.db.reading() as session:
        rows = Corrections(session).effective(shop.team)
    return [row for row in rows if row.better_answer and not row.is_test and row.text.strip() not in ("", ERASED)]


def newer(rows: Sequence[Correction], since: datetime | None) -> list[Correction]:
    return [row for row in rows if since is None or row.at > since]


def last_read(shop: ResponseShop) -> datetime | None:
    """When the last run that came to a verdict began."""
    with shop.db.reading() as session:
        run = TrainingRuns(session, shop.team).concluded(KIND)
    return run.started_at if run else None


def lessons(shop: ResponseShop, answers: Sequence[Correction]) -> Lessons:
    """Each answer with the passages it is to be written from."""
    encoder = shop.encoder()
    with shop.db.reading() as session:
        names, known = names_of(session, shop.team), articles(session, shop.team)
    retriever = Retriever(encoder, known)
    found = Lessons([], [], 0)
    unfounded = 0
    for answer in answers:
        passages = retriever.search(answer.text, PASSAGES, names.of(answer.after))
        row = ResponseRow(
            answer.text, tuple(passage.text for passage in passages), (answer.better_answer or "").strip()
        )
        if not row.facts or not is_grounded(row.reply, row, encoder):
            unfounded += 1
        else:
            tested = int(fingerprint(answer.text)[:8], 16) / 2**32 < HELD
            (found.held if tested else found.train).append(row)
    return Lessons(found.train, found.held, unfounded)


def _run(shop: ResponseShop, claim: Claim, live: str, dry_run: bool, progress: Progress, *, anew: bool) -> Outcome:
    started = time.monotonic()
    taught = lessons(shop, better_answers(shop))
    learns = anew or bool(taught.train)
    start = shop.first if anew else shop.registry.path(live)
    rows = [*shop.rows(), *taught.train]
    test = [*spread(shop.held_out(), MEASURED), *taught.held]

    def told(start: float, end: float) -> Progress:
        def tell(share: float, what: str) -> None:
            claim.check()
            progress(start + (end - start) * share, what)

        return tell

    with shop.registry.staging() as folder:
        figures: dict[str, object] = {"lessons": len(taught.train), "unfounded": taught.unfounded}
        if learns:
            figures |= shop.train(rows, folder, start_adapter=start, progress=told(0.0, 0.7))
            before = _measured(shop, shop.registry.path(live), test, told(0.7, 0.85))
            after = _measured(shop, folder, test, told(0.85, 1.0))
            figures |= {"n": len(test), "champion": before, "challenger": after}
        upcoming = shop.registry.upcoming()
        promoted, words = verdict(live, upcoming, taught, figures)
        claim.check()
        version = ""
        if learns and not dry_run:
            facts = {"figures": figures, "verdict": words, "promoted": promoted, "champion": live, "run": claim.run.id}
            write_dataset(folder / DATASET, _messages(taught.train), _messages(taught.held), inherited=start / DATASET)
            version = shop.registry.publish(folder, facts)
            if promoted:
                shop.registry.promote(version)
            shop.registry.prune()
    status = "cancelled" if dry_run else "promoted" if promoted else "kept"
    claim.finish(status, champion=live, challenger=version, rows=len(rows), figures=figures, verdict="\n".join(words))
    seconds = round(time.monotonic() - started, 1)
    ended = "dry run" if dry_run else "promoted" if promoted else "kept" if learns else "nothing"
    return Outcome(ended, words, live, version, len(rows), seconds, figures)  # type: ignore[arg-type]


def _messages(rows: Sequence[ResponseRow]) -> list[Example]:
    return [Example(row.question, "", "better answer") for row in rows]


def spread(rows: Sequence[ResponseRow], most: int) -> list[ResponseRow]:
    """At most so many, taken evenly: the same ones each time."""
    if len(rows) <= most:
        return list(rows)
    return [rows[i * len(rows) // most] for i in range(most)]


def _measured(
    shop: ResponseShop, folder: Path, rows: Sequence[ResponseRow], tell: Progress
) -> dict[str, float | int | None]:
    done = 0

    def on_reply(row: ResponseRow, reply: str, right: bool) -> None:
        nonlocal done
        done += 1
        tell(done / len(rows), "reading replies")

    return evaluate_response(shop.load(folder), rows, shop.encoder(), on_reply=on_reply)


def verdict(live: str, new: str, taught: Lessons, figures: Mapping[str, object]) -> tuple[bool, tuple[str, ...]]:
    """Whether the new version goes live, and why, the deciding reason first."""
    left = []
    if taught.unfounded:
        left = [f"{taught.unfounded} better answers were left out, for no article says what they say: add it to one."]
    if "challenger" not in figures:
        return False, (f"{live} stays live: there is nothing to learn from.", *left)
    before, after = figures["champion"], figures["challenger"]
    assert isinstance(before, Mapping)
    assert isinstance(after, Mapping)
    shares = f"On {figures['n']} held-out questions {_percent(after, 'grounded')} of its replies stay with their source"
    shares += f", {live}: {_percent(before, 'grounded')}."
    worse = [name for name in MEASURES if _share(after, name) < _share(before, name)]
    if "grounded" in worse:
        first = f"{live} stays live, {new} was refused: it stays with its source less often."
        cure = "Look at the better answers that agents wrote: each should say only what an article says."
        return False, (first, shares, cure, *left)
    if worse:
        first = f"{live} stays live, {new} was refused: it answers more often where its source does not."
        return False, (first, shares, *left)
    return True, (f"{new} is live, with {len(taught.train)} better answers learned.", shares, *left)


def _share(measures: Mapping[str, object], name: str) -> float:
    value = measures.get(name)
    return float(value) if isinstance(value, int | float) else 1.0


def _percent(measures: Mapping[str, object], name: str) -> str:
    return f"{100 * _share(measures, name):.0f} %"
