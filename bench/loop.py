"""the product's story on real data: messages, corrections, retraining; test accuracy against labels spent

    python -m bench.loop [--rows 1500] [--rounds 3] [--seeds 3] [--shared ../shared] [--out bench/out] [--quick]

Starts from BANKING77's ten utterances an intent, imported as a team would, and the first model trained on them by
`understudy retrain`. Further train rows come as customers' messages through the real bot in the local workspace;
agents correct what was understood wrongly (5 % of the corrections are themselves wrong); after each round the product
trains again and its gate decides. The test file never enters the product. Results are saved after each seed.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench import loop_report
from bench.banking import Banking, Row, read
from bench.machine import describe
from bench.stage import TEAM, BenchError, Stage
from bench.support_week import Tally, Week
from model.registry import Registry
from storage import tables
from storage.corrections import Corrections
from storage.database import Database
from storage.training_runs import TrainingRuns

SWAP_SECONDS = 30.0
"""Within this time a promoted version must serve."""
QUICK_INTENTS = 10


@dataclass(frozen=True, slots=True)
class Size:
    rows: int
    rounds: int
    intents: int = 0


def one(shared: Path, size: Size, seed: int) -> dict[str, Any]:
    """One seed from an empty folder to the last training."""
    data = read(shared, size.rows, seed, size.intents)
    started = time.monotonic()
    with Stage(generator=False) as stage:
        intents, few, test = data.write(stage.folder / "rows")
        for words in (["import", str(intents), "--replace"], ["import", str(few)]):
            stage.command(*words)
        trainings = [train(stage)]
        accuracy = [evaluate(stage, test)]
        stage.start_workspace()
        stage.start_bot()
        rounds = weeks(stage, data, size, seed, trainings, accuracy, test)
    return {
        "seed": seed,
        "start_rows": len(data.few),
        "accuracy": accuracy,
        "labels": [0, *(each["labels_spent"] for each in rounds)],
        "trainings": trainings,
        "rounds": rounds,
        "seconds": round(time.monotonic() - started),
    }


def weeks(
    stage: Stage,
    data: Banking,
    size: Size,
    seed: int,
    trainings: list[dict[str, Any]],
    accuracy: list[dict[str, Any]],
    test: Path,
) -> list[dict[str, Any]]:
    """The rounds: messages, corrections, a training. Appends to `trainings` and `accuracy`."""
    db = Database(f"sqlite:///{stage.home / 'understudy.db'}")
    week = Week(stage.url, db, list(data.answers), seed)
    rounds: list[dict[str, Any]] = []
    try:
        for number in range(size.rounds):
            since = len(turns(db))
            begun = time.monotonic()
            tally = week.run(part(data.stream, number, size.rounds), number)
            seconds = time.monotonic() - begun
            rounds.append(told(db, tally, since, seconds))
            trainings.append(train(stage))
            accuracy.append(evaluate(stage, test))
            until_served(stage, trainings[-1])
            say(f"seed {seed}, round {number + 1}", rounds[-1], trainings[-1], accuracy[-1])
        check(db, week, size.rows)
    finally:
        week.close()
        db.close()
    return rounds


def part(rows: list[Row], number: int, rounds: int) -> list[Row]:
    return rows[number * len(rows) // rounds : (number + 1) * len(rows) // rounds]


def train(stage: Stage) -> dict[str, Any]:
    """`understudy retrain`, in a process of its own; the gate decides."""
    begun = time.monotonic()
    stage.command("retrain", accept=(0, 1))
    seconds = round(time.monotonic() - begun, 1)
    db = Database(f"sqlite:///{stage.home / 'understudy.db'}")
    try:
        with db.reading() as session:
            run = TrainingRuns(session, TEAM).latest("intent")
    finally:
        db.close()
    if run is None or run.status not in ("promoted", "kept"):
        raise BenchError(f"expected a verdict, found {run.status if run else 'no run'}: {run.error if run else ''}")
    live = Registry(stage.home / "models" / "intent", "intent").current()
    return {"seconds": seconds, "status": run.status, "rows": run.rows, "verdict": run.verdict, "live": live}


def evaluate(stage: Stage, test: Path) -> dict[str, Any]:
    """The live model on the full test file, without the memory of corrections."""
    found: dict[str, Any] = json.loads(stage.command("evaluate", "--data", str(test), "--json"))
    return {key: found[key] for key in ("n", "accuracy", "macro_f1", "in_scope_accuracy", "ece", "latency_ms")}


def until_served(stage: Stage, training: dict[str, Any]) -> None:
    """The bot looks at the pointer each second; give it time to load the new version."""
    if training["status"] == "promoted":
        time.sleep(5)


def turns(db: Database) -> Sequence[Any]:
    """Every turn row, oldest first."""
    with db.reading() as session:
        return session.execute(select(tables.turns).order_by(tables.turns.c.id)).all()


def told(db: Database, tally: Tally, since: int, seconds: float) -> dict[str, Any]:
    """A round in figures."""
    mine = turns(db)[since:]
    with db.reading() as session:
        spent = len(Corrections(session).effective(TEAM))
    return {
        **asdict(tally),
        "labels_spent": spent,
        "routes": dict(Counter((turn.route or "none").upper() for turn in mine)),
        "from_memory": sum(turn.prediction_source == "memory" for turn in mine),
        "versions": dict(Counter(turn.intent_version or "" for turn in mine)),
        "seconds": round(seconds),
    }


def check(db: Database, week: Week, rows: int) -> None:
    """Every message has exactly one reply and one turn row."""
    replies, rows_in_sql = week.replies(), turns(db)
    wrong = {ts: count for ts, count in replies.items() if count != 1}
    stamps = Counter(turn.ts for turn in rows_in_sql)
    unfinished = [turn.id for turn in rows_in_sql if turn.status != "done"]
    if wrong or len(replies) != rows or set(stamps) != set(replies) or len(rows_in_sql) != rows or unfinished:
        raise BenchError(
            f"expected {rows} messages with one reply and one turn each, found {len(replies)} messages, "
            f"{len(rows_in_sql)} turns, unfinished turns {unfinished[:5]}, "
            f"{len(wrong)} messages without exactly one reply: {dict(list(wrong.items())[:3])}"
        )


def say(where: str, round_: dict[str, Any], training: dict[str, Any], accuracy: dict[str, Any]) -> None:
    share = round_["right"] / round_["messages"]
    verdict = (training["verdict"] or "").splitlines()
    print(
        f"{where}: {round_['messages']} messages in {round_['seconds']} s, {share:.1%} understood, "
        f"{round_['labels_spent']} labels so far; {training['status']} after {training['seconds']} s; "
        f"test accuracy {accuracy['accuracy']:.2%}. {verdict[0] if verdict else ''}",
        flush=True,
    )


def new(size: Size) -> dict[str, Any]:
    return {"machine": describe(), "size": asdict(size), "seeds": []}


def begun(path: Path, size: Size) -> dict[str, Any]:
    """What an earlier run of the same size has written, or a new result."""
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found if found.get("size") == asdict(size) else new(size)


def main(argv: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m bench.loop", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_INTENTS} intents, 300 messages, one round")
    parser.add_argument("--resume", action="store_true", help="keep the seeds that an earlier run has finished")
    args = parser.parse_args(argv)
    size = Size(300, 1, QUICK_INTENTS) if args.quick else Size(args.rows, args.rounds)
    name = "loop-quick" if args.quick else "loop"
    args.out.mkdir(parents=True, exist_ok=True)
    result = begun(args.out / f"{name}.json", size) if args.resume else new(size)
    done = {seed["seed"] for seed in result["seeds"]}
    for seed in sorted(set(range(1, 2 if args.quick else args.seeds + 1)) - done):
        result["seeds"].append(one(args.shared, size, seed))
        # After each seed, so that a part of a long run counts.
        (args.out / f"{name}.json").write_text(json.dumps(result, indent=1))
        (args.out / f"{name}.md").write_text(loop_report.tables(result))
        loop_report.plot(result, args.out / f"{name}.png")
    print(loop_report.tables(result))
    return result


if __name__ == "__main__":
    main()
