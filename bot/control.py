"""Starts trainings, tells about them and rolls back: what the schedule, `/support` and the command line ask."""

import logging
import platform
import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import versions
from bot.child import Child
from bot.home import registry_of
from bot.material import Material, gather
from bot.retrain import last_read
from bot.rollbacks import rolled_back
from bot.settings import Settings
from bot.values import Trained
from bot.verdicts import changed, changes, details, headline, now_wrong
from model.registry import Registry
from storage.database import Database
from storage.keyvalues import KeyValues
from storage.training_runs import TrainingRun, TrainingRuns

log = logging.getLogger(__name__)
KINDS = ("intent", "response")
GONE = "That training is not known any more."
WENT_BACK = "went_back:"
"""Key of who went back from a version; kind and version follow."""
Notify = Callable[[str, str, Trained | None], object]


class TrainingControl:
    """One training at a time, in a child process; its verdict goes to `notify`. Thread-safe.

    Args:
        notify: gets the verdict in plain words, the figures, and what agents may do about it.
        spawn: starts the child.
    """

    def __init__(
        self,
        settings: Settings,
        db: Database,
        team: str,
        notify: Notify,
        spawn: Callable[[Settings, str], Child] = Child,
    ) -> None:
        self._settings, self._db, self._team, self._notify = settings, db, team, notify
        self._spawn = spawn
        self._lock, self._moving = threading.Lock(), threading.Lock()
        self._child: Child | None = None
        self._watcher: threading.Thread | None = None
        self._closing = False
        self.next_run: Callable[[], datetime | None] = lambda: None
        """When the schedule fires next; set by the scheduler."""

    def start(self, by: str = "") -> str:
        """Start a training now. Says so, or why not."""
        material, live = self._material(), self.registry("intent").current()
        new = material.new_labels
        if live and not (new or material.taken_back):
            return f"No new labels since {live} was trained: there is nothing to learn."
        with self._db.reading() as session:
            active = TrainingRuns(session, self._team).active()
        with self._lock:
            if self._closing:
                return "The bot is ending: no training starts."
            if self._child is not None and self._child.running():
                return "A training runs already; its verdict comes to the agents' channel."
            if active is not None and alive(active):
                return f"A training runs already, in another process ({active.claimed_by})."
            self._child = self._spawn(self._settings, self._team)
            self._watcher = threading.Thread(target=self._watch, args=(self._child,), name="training", daemon=True)
            self._watcher.start()
        log.info("training started for %s with %d new labels", by or "the schedule", new)
        labels = "1 new label" if new == 1 else f"{new} new labels"
        return f"Training starts with {labels}. The verdict comes to the agents' channel in a few minutes."

    def scheduled(self) -> None:
        """What the schedule calls: start when enough is new."""
        material, wanted = self._material(), self._settings.retrain_min_labels
        new = material.new_labels
        if new < wanted and not material.taken_back:
            log.info("no training: %d new labels, %d are wanted", new, wanted)
        else:
            log.info("%s", self.start())

    def new_labels(self) -> int:
        """Labels given since the last run that came to a verdict."""
        return self._material().new_labels

    def _material(self) -> Material:
        return gather(self._db, self._team, last_read(self._db, self._team))

    def status(self) -> str:
        """The versions that serve, what runs, the last verdict, and when the next training comes."""
        lines = [versions.live(self.registry(kind), self.at) for kind in KINDS]
        with self._db.reading() as session:
            runs = TrainingRuns(session, self._team)
            active, last = runs.active(), runs.concluded("intent")
        if active is not None and alive(active):
            lines.append(f"A training of the {active.kind} model runs since {self.at(active.started_at)}.")
        if last is not None:
            lines.append(f"Last training, {self.at(last.started_at)}: {last.verdict.splitlines()[0]}")
        coming = self.next_run()
        when = (
            f"the next training: {self.at(coming)}, with {self._settings.retrain_min_labels} or more" if coming else ""
        )
        lines.append(f"New labels since then: {self.new_labels()}" + (f"; {when}." if when else "."))
        return "\n".join(lines)

    def history(self) -> str:
        """The versions of the intent model, the newest first: when, how good, and the verdict."""
        return versions.history(self.registry("intent"), self.at)

    def former(self) -> str:
        """What `rollback` would go back to; empty where there is nothing."""
        return self.registry("intent").previous() or ""

    def rollback(self, version: str | None = None, kind: str = "intent", *, by: str = "") -> str:
        """Go back to the previous version, or to a named one, and say so in the agents' channel.

        Raises:
            UnderstudyError: there is none.
        """
        registry = self.registry(kind)
        with self._moving:
            left = registry.current()
            words = rolled_back(registry, version)
            now = registry.current()
            if now == left:
                return words
            with self._db.writing() as session:
                marks = KeyValues(session, self._team)
                marks.set(f"{WENT_BACK}{kind}:{left}", {"by": by, "to": now})
                marks.delete(f"{WENT_BACK}{kind}:{now}")
        name = "" if kind == "intent" else "Response model: "
        self._tell(f"↩️ {name}{words}" + (f" Asked for by <@{by}>." if by else ""))
        return words

    def go_back(self, run_id: int, former: str, by: str) -> str:
        """What the button under a verdict does: go back from what that run made live, where it is live still."""
        run = self._run(run_id)
        if run is None:
            return GONE
        if run.status != "promoted":
            return "That training made no version live: there is nothing to go back from."
        live = self.registry(run.kind).current()
        if live == run.challenger:
            return self.rollback(former, run.kind, by=by)
        with self._db.reading() as session:
            mark = KeyValues(session, self._team).get(f"{WENT_BACK}{run.kind}:{run.challenger}") or {}
        who = f"<@{mark['by']}> went back to {mark['to']}" if mark.get("by") else f"{live} is"
        return f"{run.challenger} is not live any more: {who}."

    def changed(self, run_id: int) -> str:
        """What that run's version understands differently, by the words as they are kept now; escaped."""
        run = self._run(run_id)
        return GONE if run is None else changes(run, gather(self._db, self._team))

    def registry(self, kind: str) -> Registry:
        return registry_of(self._settings.home, kind)

    def at(self, when: datetime) -> str:
        """A time as the desk's clock shows it."""
        return f"{when.astimezone(ZoneInfo(self._settings.timezone)):%Y-%m-%d %H:%M}"

    def wait(self, timeout: float) -> bool:
        """Wait for the running child's verdict to be told. False when it takes longer."""
        watcher = self._watcher
        if watcher is not None:
            watcher.join(timeout)
        return watcher is None or not watcher.is_alive()

    def close(self) -> None:
        """End the child, if one runs."""
        with self._lock:
            self._closing = True
            child = self._child
        if child is not None and child.running():
            child.stop()
        self.wait(10)

    def _watch(self, child: Child) -> None:
        code = child.wait()
        try:
            runs = self._runs_of(child)
            for run in runs:
                self._tell_verdict(run)
            if not runs and code and not self._closing:
                self._tell("⚠️ The training did not start. Nothing changed.", f"```\n{child.said()}\n```")
        except Exception:
            log.exception("the verdict of a training could not be told")

    def _runs_of(self, child: Child) -> list[TrainingRun]:
        mine = f"{platform.node()}:{child.pid}"
        found = []
        with self._db.writing() as session:
            runs = TrainingRuns(session, self._team)
            for kind in KINDS:
                run = runs.latest(kind)
                if run is None or run.claimed_by != mine:
                    continue
                if run.finished_at is None:
                    # It was killed: nobody else gives its claim back before it expires.
                    runs.finish(run.id, "failed", error=f"the process ended: {child.said(1)[:200]}")
                    run = runs.get(run.id) or run
                found.append(run)
        return found

    def _tell_verdict(self, run: TrainingRun) -> None:
        if self._closing and run.status == "cancelled":
            return
        wrong = now_wrong(run, gather(self._db, self._team)) if run.kind == "intent" else []
        self._tell(headline(run), details(run, wrong), self._trained(run))

    def _trained(self, run: TrainingRun) -> Trained | None:
        """What may be done about a run; none where it changed nothing."""
        registry = self.registry(run.kind)
        former = registry.previous() or ""
        live = run.challenger if run.status == "promoted" and registry.current() == run.challenger and former else ""
        n = len(changed(run))
        return Trained(run.id, live, former if live else "", n) if live or n else None

    def _run(self, run_id: int) -> TrainingRun | None:
        with self._db.reading() as session:
            run = TrainingRuns(session, self._team).get(run_id)
        return run if run is not None and run.team_id == self._team else None

    def _tell(self, words: str, more: str = "", trained: Trained | None = None) -> None:
        try:
            self._notify(words, more, trained)
        except Exception:
            log.exception("could not tell the agents: %s", words)


def alive(run: TrainingRun) -> bool:
    """Whether an active run still gives signs of life."""
    from storage.tables import utcnow
    from storage.training_runs import EXPIRES

    return utcnow() - run.heartbeat_at < EXPIRES
