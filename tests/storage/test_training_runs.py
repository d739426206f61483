import threading
from dataclasses import fields
from datetime import timedelta

from storage.database import Database
from storage.tables import training_runs, utcnow
from storage.training_runs import TrainingRun, TrainingRuns


def test_a_run_has_the_columns_of_its_table() -> None:
    assert {field.name for field in fields(TrainingRun)} | {"slot"} == set(training_runs.c.keys())


def test_of_many_one_trains(db: Database) -> None:
    barrier, runs = threading.Barrier(6), []

    def claim(name: str) -> None:
        barrier.wait(10)
        with db.writing() as session:
            runs.append(TrainingRuns(session, "T1").claim("intent", name))

    threads = [threading.Thread(target=claim, args=(f"host:{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    won = [run for run in runs if run]
    assert (len(runs), len(won)) == (6, 1)
    with db.reading() as session:
        assert TrainingRuns(session, "T1").active() == won[0]


def test_a_dead_claim_is_anothers_to_take(db: Database) -> None:
    now = utcnow()
    with db.writing() as session:
        runs = TrainingRuns(session, "T1")
        dead = runs.claim("intent", "a", now)
        assert dead is not None
        assert runs.claim("response", "b", now + timedelta(seconds=119)) is None
        assert runs.heartbeat(dead.id, now=now + timedelta(seconds=60))
        assert runs.claim("intent", "b", now + timedelta(seconds=179)) is None
        heir = runs.claim("intent", "b", now + timedelta(seconds=181))
        assert heir is not None
        assert runs.heartbeat(dead.id) is False
        assert runs.finish(dead.id, "promoted") is False
        lost = runs.get(dead.id)
        assert lost is not None
        assert (lost.status, lost.error) == ("failed", "no sign of life for two minutes")
        assert runs.active() == heir


def test_a_finished_run_makes_room(db: Database) -> None:
    with db.writing() as session:
        runs = TrainingRuns(session, "T1")
        run = runs.claim("intent", "a")
        assert run is not None
        assert run.status == "claimed"
        assert runs.heartbeat(run.id)
        assert runs.finish(
            run.id, "kept", champion="v1", challenger="v2", rows=12, figures={"f1": 0.9}, verdict="Not better."
        )
        assert runs.finish(run.id, "promoted") is False
        done = runs.latest("intent")
        assert done is not None
        assert (done.status, done.champion, done.challenger, done.rows) == ("kept", "v1", "v2", 12)
        assert (done.figures, done.verdict) == ({"f1": 0.9}, "Not better.")
        assert done.finished_at is not None
        assert runs.active() is None
        assert runs.latest("response") is None
        assert runs.claim("response", "b") is not None
