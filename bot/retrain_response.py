"""One training run of the response model: agents' better answers join the rows it learns from.

A better answer teaches only when the articles say what it says; else it would teach to invent. Live and new version
then write replies to rows that neither was trained on, and the gate compares them (model.response_gate).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.claims import Claim, claimed
from bot.ledger import DATASET, write_dataset
from bot.material import taken_back
from bot.reply_lessons import JUDGED_UNKNOWN, Lessons, better_answers, chosen, lessons, mixed
from bot.retrain import Outcome, Progress
from model.evaluate_response import Judged, Measured, evaluate_response
from model.registry import Registry
from model.response_gate import Side, compared, moved, plain_words, refusals
from model.response_rows import ResponseRow
from model.retriever import Encoder
from model.types import Example
from storage.corrections import Correction
from storage.database import Database
from storage.training_runs import TrainingRun, TrainingRuns

KIND = "response"
MEASURED = 40
"""Held-out rows of the starter that are measured on: each takes about a second, for either version."""
PACE = 1.0
"""Rows a second where no earlier run says how many this machine trains on: two cores, other work beside it."""


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
    load: Callable[[Path | None], Measured]
    """The generator of a version's folder; of none, the untuned base model."""
    rows: Callable[[], Sequence[ResponseRow]]
    """The rows that come with the code: they keep it with its source."""
    held_out: Callable[[], Sequence[ResponseRow]]
    first: Path
    """The adapter that comes with the code: nobody's words are in it."""
    minutes: float = 10
    """That the trainer has."""


def retrain_response(
    shop: ResponseShop,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    held: Callable[[Claim], object] = lambda claim: None,
) -> Outcome:
    """Fine-tune on the agents' better answers, where some are new, and promote what the gate finds no worse.

    Where answers were erased that a version had learned, it starts anew from the adapter that comes with the code:
    going on from the live one would keep them.

    Raises:
        Busy: another run is alive.
        Cancelled: the run was told to end.
    """
    live = shop.registry.current()
    if live is None:
        return left_alone("none is live yet; `understudy setup` brings the first")
    answers, since = better_answers(shop.db, shop.team), last_read(shop)
    with shop.db.reading() as session:
        wanted = taken_back(session, shop.team, since)
    if not (wanted or newer(answers, since)):
        return left_alone(f"no new better answers since {live}")
    with claimed(shop.db, shop.team, KIND, held=held) as claim:
        run = _Run(shop, claim, live, shop.first if wanted else shop.registry.path(live), progress or _silent)
        return run.go(answers, dry_run, anew=wanted)


def left_alone(why: str) -> Outcome:
    """The response model was not trained, and why."""
    return Outcome("nothing", (f"Response model left alone: {why}.",))


def newer(rows: Sequence[Correction], since: datetime | None) -> list[Correction]:
    return [row for row in rows if since is None or row.at > since]


def concluded(shop: ResponseShop) -> TrainingRun | None:
    """The last run that came to a verdict."""
    with shop.db.reading() as session:
        return TrainingRuns(session, shop.team).concluded(KIND)


def last_read(shop: ResponseShop) -> datetime | None:
    """When the last run that came to a verdict began."""
    run = concluded(shop)
    return run.started_at if run else None


def room(shop: ResponseShop) -> int:
    """Rows for which there is time, by the pace of the last run."""
    run = concluded(shop)
    pace = (run.figures if run else {}).get("rows_per_second") or PACE
    return max(1, round(60 * shop.minutes * float(pace)))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run, claimed."""

    shop: ResponseShop
    claim: Claim
    live: str
    start: Path
    """The adapter that it goes on from."""
    progress: Progress

    def go(self, answers: Sequence[Correction], dry_run: bool, *, anew: bool) -> Outcome:
        """Learn, judge and publish; without a single answer to learn from only where it begins `anew`."""
        started = time.monotonic()
        shop = self.shop
        taught = lessons(shop.db, shop.team, shop.encoder(), answers)
        rows, missed, own_missed = chosen(taught.train, shop.rows(), room(shop))
        figures: dict[str, Any] = {
            "lessons": len(taught.train) - missed,
            "unfounded": taught.unfounded,
            "no_time": missed,
            "own_rows_left_out": own_missed,
        }
        promoted, version = False, ""
        words: tuple[str, ...] = (f"{self.live} stays live: there is nothing to learn from.",)
        learns = anew or bool(taught.train)
        if learns:
            with shop.registry.staging() as folder:
                promoted, words = self._train(folder, rows, taught.held, figures)
                if not dry_run:
                    held = _messages(taught.held)
                    learned = _messages([one.row for one in taught.train])
                    write_dataset(folder / DATASET, learned, held, inherited=self.start / DATASET)
                    version = self._publish(folder, promoted, words, figures)
        words = (*words, *_left_out(taught, figures))
        status = "cancelled" if dry_run else "promoted" if promoted else "kept"
        self.claim.finish(
            status, champion=self.live, challenger=version, rows=len(rows), figures=figures, verdict="\n".join(words)
        )
        seconds = round(time.monotonic() - started, 1)
        ended = "dry run" if dry_run else "promoted" if promoted else "kept" if learns else "nothing"
        return Outcome(ended, words, self.live, version, len(rows), seconds, figures)  # type: ignore[arg-type]

    def _train(
        self, folder: Path, rows: Sequence[ResponseRow], held: Sequence[ResponseRow], figures: dict[str, Any]
    ) -> tuple[bool, tuple[str, ...]]:
        """Fine-tune into `folder`, and judge it; `figures` grows."""
        shop, live = self.shop, self.shop.registry.path(self.live)
        test = [*mixed(shop.held_out(), MEASURED, JUDGED_UNKNOWN), *held]
        figures |= shop.train(rows, folder, start_adapter=self.start, progress=self._told(0.0, 0.7))
        champion, before = self._measured(self.live, live, test, held, (0.7, 0.82))
        challenger, after = self._measured(shop.registry.upcoming(), folder, test, held, (0.82, 0.95))
        untuned = self._measured("untuned", None, held, held, (0.95, 1.0))[0] if held else None
        likeness = moved(champion, challenger)
        found = refusals(champion, challenger, untuned, likeness)
        figures |= {"n": len(test), "champion": before, "challenger": after, "failed": [each.rule for each in found]}
        figures |= {"compared": compared(champion, challenger, likeness)}
        words = plain_words(self.live, challenger.version, found, figures, int(figures["lessons"]))
        return not found, words

    def _measured(
        self,
        version: str,
        folder: Path | None,
        rows: Sequence[ResponseRow],
        agents: Sequence[ResponseRow],
        span: tuple[float, float],
    ) -> tuple[Side, dict[str, Any]]:
        replies: list[Judged] = []
        tell = self._told(*span)

        def on_reply(one: Judged) -> None:
            replies.append(one)
            tell(len(replies) / len(rows), "reading replies")

        measured = evaluate_response(self.shop.load(folder), rows, self.shop.encoder(), on_reply=on_reply)
        by_agents = replies[len(replies) - len(agents) :]
        return Side(version, replies, by_agents, measured["tokens_per_second"]), measured

    def _publish(self, folder: Path, promoted: bool, words: tuple[str, ...], figures: dict[str, Any]) -> str:
        self.claim.hold()
        facts = {"figures": figures, "verdict": words, "promoted": promoted, "champion": self.live}
        version = self.shop.registry.publish(folder, {**facts, "run": self.claim.run.id})
        if promoted:
            self.shop.registry.promote(version)
        self.shop.registry.prune()
        return version

    def _told(self, start: float, end: float) -> Progress:
        def tell(share: float, what: str) -> None:
            self.claim.check()
            self.progress(start + (end - start) * share, what)

        return tell


def _messages(rows: Sequence[ResponseRow]) -> list[Example]:
    return [Example(row.question, "", "better answer") for row in rows]


def _silent(share: float, what: str) -> None:
    """Nobody wants to hear of it."""


def _left_out(taught: Lessons, figures: Mapping[str, Any]) -> list[str]:
    """What taught nothing this time, and why."""
    found = []
    if taught.unfounded:
        found.append(
            f"{taught.unfounded} better answers were left out, for no article says what they say: add it to one."
        )
    if figures["no_time"]:
        found.append(
            f"{figures['no_time']} older or hardly edited better answers were left out: there was no time for them "
            "(RETRAIN_RESPONSE_MINUTES)."
        )
    return found
