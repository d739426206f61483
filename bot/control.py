"""Starts trainings, tells about them and rolls back: what the schedule, `/support` and the command line ask."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import pausing, versions
from bot.child import Child
from bot.child_runs import alive, claimant, runs_of
from bot.home import registry_of
from bot.material import Material, gather
from bot.retrain import last_read
from bot.rollbacks import rolled_back
from bot.settings import Settings
from bot.training import TrainingState
from bot.values import Trained
from bot.verdicts import changes, details, headline, now_wrong, offered
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
        self._ended_by = ""
        """Who ended the training that runs."""
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
            self._child, self._ended_by = self._spawn(self._settings, self._team), ""
            self._watcher = threading.Thread(target=self._watch, args=(self._child,), name="training", daemon=True)
            self._watcher.start()
        log.info("training started for %s with %d new labels", by or "the schedule", new)
        labels = "1 new label" if new == 1 else f"{new} new labels"
        return f"Training starts with {labels}. The verdict comes to the agents' channel in a few minutes."

    def scheduled(self) -> None:
        """What the schedule calls: start when enough is new, and nobody has paused it."""
        with self._db.reading() as session:
            rests = pausing.standing(session, self._team)
        if rests is not None:
            log.info("no training: paused by %s since %s", rests.by, rests.since)
            return
        material, wanted = self._material(), self._settings.retrain_min_labels
        new = material.new_labels
        if new < wanted and not material.taken_back:
            log.info("no training: %d new labels, %d are wanted", new, wanted)
        else:
            log.info("%s", self.start())

    def cancel(self, by: str) -> str:
        """End the training that runs, wherever it does; says who did so where somebody has."""
        with self._db.writing() as session:
            runs = TrainingRuns(session, self._team)
            run = runs.active()
            if run is not None and (run.team_id != self._team or not alive(run)):
                run = None
            # SQL first: whatever the child does from now on, it publishes nothing.
            if run is not None and not runs.finish(run.id, "cancelled", error=f"<@{by}> ended it"):
                run = None
        with self._lock:
            child = self._child if self._child is not None and self._child.running() else None
            if child is not None and self._ended_by:
                return f"<@{self._ended_by}> has ended it already; it stops within seconds."
            self._ended_by = by if child is not None else self._ended_by
        if child is not None:
            threading.Thread(target=child.stop, name="ending-training", daemon=True).start()
        if run is not None and (child is None or run.claimed_by != claimant(child)):
            self._tell(f"⏹️ <@{by}> has ended a training of the {run.kind} model, in another process.")
            return f"The training in another process ({run.claimed_by}) is ended: it stops within half a minute."
        if child is None:
            return "No training runs."
        return "The training is ended: nothing of it goes live, and the labels count for the next one."

    def pause(self, by: str) -> str:
        """Let scheduled trainings rest, also after a restart; one that runs goes on."""
        if self.next_run() is None:
            return "There is no schedule to pause: `RETRAIN_CRON` is empty."
        with self._db.writing() as session:
            begun, rests = pausing.begin(session, self._team, by), pausing.standing(session, self._team)
        if not begun and rests is not None:
            return f"<@{rests.by}> has paused them already, {self.at(rests.since)}."
        command = self._settings.command_support
        self._tell(f"⏸️ <@{by}> has paused the scheduled trainings, until `{command} train resume`.")
        return f"Scheduled trainings rest until `{command} train resume`; `{command} train now` works meanwhile."

    def resume(self, by: str) -> str:
        """Let scheduled trainings go on."""
        with self._db.writing() as session:
            rested = pausing.end(session, self._team)
        if not rested:
            return "Scheduled trainings are not paused."
        coming = self.next_run()
        words = f"the next one: {self.at(coming)}" if coming else "though `RETRAIN_CRON` is empty, so none comes"
        self._tell(f"▶️ <@{by}> lets scheduled trainings go on; {words}.")
        return f"Scheduled trainings go on; {words}."

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
            rests = pausing.standing(session, self._team)
        if active is not None and alive(active):
            lines.append(f"A training of the {active.kind} model runs since {self.at(active.started_at)}.")
        if last is not None:
            verdict = versions.since(last.verdict.splitlines()[0], self.registry("intent").current())
            lines.append(f"Last training, {self.at(last.started_at)}: {verdict}")
        coming = self.next_run()
        when = (
            f"the next training: {self.at(coming)}, with {self._settings.retrain_min_labels} or more" if coming else ""
        )
        if rests is not None:
            command = self._settings.command_support
            when = f"scheduled trainings rest since {self.at(rests.since)}, until `{command} train resume`"
        lines.append(f"New labels since then: {self.new_labels()}" + (f"; {when}." if when else "."))
        return "\n".join(lines)

    def state(self) -> TrainingState:
        """What may be done now."""
        with self._db.reading() as session:
            active, rests = TrainingRuns(session, self._team).active(), pausing.standing(session, self._team)
        with self._lock:
            mine = self._child is not None and self._child.running()
        found = self.registry("intent").versions()[::-1]
        running = mine or (active is not None and alive(active))
        kept = frozenset(each.version for each in found if each.pinned)
        live = next((each.version for each in found if each.live), "")
        known = tuple(each.version for each in found)
        return TrainingState(running, rests is not None, self.next_run() is not None, known, live, self.former(), kept)

    def history(self) -> str:
        """The versions of the intent model, the newest first: when, how good, and the verdict."""
        return versions.history(self.registry("intent"), self.at)

    def compare(self, one: str, other: str = "") -> str:
        """Two versions of the intent model side by side, as each was measured when it was made."""
        registry = self.registry("intent")
        return versions.compared(registry, one, other or registry.current() or "", self.at)

    def pin(self, version: str, pinned: bool = True) -> str:
        """Keep a version of the intent model, or no longer than others."""
        return versions.pinned(self.registry("intent"), version, pinned)

    def former(self) -> str:
        """What `rollback` would go back to; empty where there is nothing."""
        return self.registry("intent").earlier() or ""

    def rollback(self, version: str | None = None, kind: str = "intent", *, by: str = "") -> str:
        """Go back to the earlier version, or to a named one, and say so in the agents' channel.

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
        ended = self._ended_by
        try:
            runs = runs_of(self._db, self._team, child, KINDS)
            for run in runs:
                # Ended between two of its runs, it knows only that its pipe closed.
                by_hand = bool(ended) and run.status == "cancelled"
                self._tell_verdict(replace(run, error=f"<@{ended}> ended it") if by_hand else run)
            if ended and all(run.status != "cancelled" for run in runs):
                self._tell(f"⏹️ <@{ended}> has ended the training.")
            elif not runs and code and not self._closing:
                self._tell("⚠️ The training did not start. Nothing changed.", f"```\n{child.said()}\n```")
        except Exception:
            log.exception("the verdict of a training could not be told")

    def _tell_verdict(self, run: TrainingRun) -> None:
        if self._closing and run.status == "cancelled":
            return
        wrong = now_wrong(run, gather(self._db, self._team)) if run.kind == "intent" else []
        self._tell(headline(run), details(run, wrong), offered(run, self.registry(run.kind)))

    def _run(self, run_id: int) -> TrainingRun | None:
        with self._db.reading() as session:
            run = TrainingRuns(session, self._team).get(run_id)
        return run if run is not None and run.team_id == self._team else None

    def _tell(self, words: str, more: str = "", trained: Trained | None = None) -> None:
        try:
            self._notify(words, more, trained)
        except Exception:
            log.exception("could not tell the agents: %s", words)
