"""Trainings from a running bot: in a child process, with the verdict told to agents."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.child import Child, environment
from bot.claims import Cancelled, claimed
from bot.control import TrainingControl
from bot.erasing import TAKEN_BACK
from bot.settings import LOCAL_TEAM, Settings
from bot.values import Trained
from model.registry import Registry
from model.types import Example, UnderstudyError
from storage.corrections import Corrections
from storage.database import Database
from storage.keyvalues import KeyValues
from storage.tables import utcnow
from storage.training_runs import TrainingRuns
from storage.utterances import Utterances
from tests.bot.learners import sentences, shop


class Bench:
    """A control on a real database, its child, and what it told."""

    def __init__(self, home: Path, program: str = "tests.bot.quick_retrain") -> None:
        self.settings = Settings(_env_file=None, data_dir=home, retrain_min_labels=5)  # type: ignore[call-arg]
        self.settings.home.mkdir(parents=True)
        self.db = Database(self.settings.url)
        self.db.migrate()
        self.told: list[tuple[str, str]] = []
        self.trained: list[Trained | None] = []
        self.children: list[Child] = []
        self.control = TrainingControl(self.settings, self.db, LOCAL_TEAM, self.tell, self.spawn)
        self.program = program
        self.registry = Registry(self.settings.home / "models" / "intent", "intent")

    def tell(self, words: str, more: str, trained: Trained | None) -> None:
        self.told.append((words, more))
        self.trained.append(trained)

    def spawn(self, settings: Settings, team: str) -> Child:
        self.children.append(Child(settings, team, [self.program]))
        return self.children[-1]

    def bring(self, rows: list[Example], source: str = "starter") -> None:
        with self.db.writing() as session:
            Utterances(session, LOCAL_TEAM).add(rows, source)

    def correct(self, rows: list[Example]) -> None:
        with self.db.writing() as session:
            for row in rows:
                Corrections(session).add(
                    team=LOCAL_TEAM, text=row.text, before="other", after=row.label, by="U0AGENT", source="card"
                )

    def train(self) -> str:
        said = self.control.start("U0AGENT")
        assert self.control.wait(60)
        return said

    def active(self) -> bool:
        with self.db.reading() as session:
            return TrainingRuns(session, LOCAL_TEAM).active() is not None


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.control.close()
    made.db.close()


def wait_for(condition: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_train_now_promotes_and_tells(bench: Bench) -> None:
    bench.bring(shop())
    said = bench.train()
    assert said.startswith("Training starts with 0 new labels.")
    assert bench.registry.current() == "v1"
    (words, more), *others = bench.told
    assert not others
    assert words.startswith("✅ v1 is live. Of the ")
    assert "Macro F1" in more
    assert "rows trained on" in more


def test_a_refusal_says_why_and_what_to_do(bench: Bench) -> None:
    bench.bring(shop(60))
    bench.train()
    bench.correct([Example(row.text, "gift_card") for row in sentences("refund_status", 150, 9)])
    assert bench.train().startswith("Training starts with 150 new labels.")
    words, more = bench.told[-1]
    assert words.startswith("✋ v1 stays live, v2 was refused: refund_status falls from")
    assert "/support review" in words
    assert "Right before, wrong now:" in more
    assert bench.registry.current() == "v1"
    assert "Last training" in bench.control.status()


def test_nothing_new_starts_nothing(bench: Bench) -> None:
    bench.bring(shop())
    bench.train()
    assert bench.control.start() == "No new labels since v1 was trained: there is nothing to learn."
    assert len(bench.children) == 1


def test_the_schedule_waits_for_enough_labels(bench: Bench) -> None:
    bench.bring(shop())
    bench.train()
    bench.correct(sentences("gift_card", 4, 77))
    bench.control.scheduled()
    assert len(bench.children) == 1
    bench.correct(sentences("order_status", 4, 78))
    bench.control.scheduled()
    assert bench.control.wait(60)
    assert len(bench.children) == 2
    assert bench.told[-1][0].startswith("✅ v2 is live. Of the 8 messages you corrected it now gets ")


def test_the_schedule_does_not_wait_where_rows_of_a_version_were_erased(bench: Bench) -> None:
    bench.bring(shop())
    bench.train()
    with bench.db.writing() as session:
        KeyValues(session, LOCAL_TEAM).set(TAKEN_BACK, utcnow().isoformat())
    bench.control.scheduled()
    assert bench.control.wait(60)
    assert len(bench.children) == 2
    bench.control.scheduled()
    assert len(bench.children) == 2, "done once"


def test_status_and_rollback(bench: Bench) -> None:
    bench.bring(shop())
    assert "The intent model: none is live." in bench.control.status()
    with pytest.raises(UnderstudyError, match="expected an earlier"):
        bench.control.rollback()
    bench.train()
    bench.correct(sentences("gift_card", 6, 77))
    bench.train()
    status = bench.control.status()
    assert "The intent model: *v2* is live" in status
    assert "before it v1." in status
    assert "New labels since then: 0." in status
    assert bench.control.rollback() == (
        "v1 is live again, v2 is not. The bot answers with it from the next message on."
    )
    assert bench.told[-1][0].startswith("↩️ v1 is live again")
    state = bench.control.state()
    assert (state.versions, state.live, state.former, state.pinned) == (("v2", "v1"), "v1", "", frozenset())
    assert ": v2 went live. Of the " in bench.control.status()
    assert "*v2* is live" not in bench.control.status()
    newest, _ = bench.control.history().splitlines()
    assert "v2 went live." in newest
    assert "v2 is live" not in newest
    with pytest.raises(UnderstudyError, match="found v2, which is later"):
        bench.control.rollback()
    bench.control.pin("v1")
    assert bench.control.rollback("v2").startswith("v2 is live again")
    state = bench.control.state()
    assert (state.live, state.former, state.pinned) == ("v2", "v1", frozenset({"v1"}))
    assert bench.control.rollback("v2") == "v2 is live already."
    with pytest.raises(UnderstudyError, match="found 'v9'"):
        bench.control.rollback("v9")


def test_under_a_verdict_one_goes_back_once_and_is_told_who_did(bench: Bench) -> None:
    bench.bring(shop())
    bench.train()
    assert bench.trained == [None], "no version before it, and none to compare with"
    bench.correct(sentences("gift_card", 6, 77))
    bench.train()
    offered = bench.trained[-1]
    assert offered is not None
    assert (offered.live, offered.former) == ("v2", "v1")
    assert bench.control.go_back(offered.run_id, "v1", "U0AGENT").startswith("v1 is live again")
    assert bench.told[-1][0].startswith("↩️ v1 is live again")
    assert bench.told[-1][0].endswith("Asked for by <@U0AGENT>.")
    assert bench.control.go_back(offered.run_id, "v1", "U0OTHER") == (
        "v2 is not live any more: <@U0AGENT> went back to v1."
    )
    assert bench.registry.current() == "v1"
    bench.control.rollback("v2", by="U0OTHER")
    assert bench.control.go_back(offered.run_id, "v1", "U0OTHER").startswith("v1 is live again"), "live once more"
    bench.registry.rollback("v2")
    bench.registry.rollback("v1")
    bench.control.rollback("v2")
    bench.registry.rollback("v1")
    assert bench.control.go_back(offered.run_id, "v1", "U0AGENT") == "v2 is not live any more: v1 is."
    assert bench.control.go_back(99, "v1", "U0AGENT") == "That training is not known any more."


def test_a_refused_version_is_no_ground_to_go_back_but_shows_what_changed(bench: Bench) -> None:
    bench.bring(shop(60))
    bench.train()
    bench.correct([Example(row.text, "gift_card") for row in sentences("refund_status", 150, 9)])
    bench.train()
    offered = bench.trained[-1]
    assert offered is not None
    assert offered.live == ""
    assert offered.changed > 0
    said = bench.control.changed(offered.run_id)
    assert said.startswith("*Right before, wrong now: ")
    assert "(refund_status → gift_card)" in said
    assert bench.control.go_back(offered.run_id, "v1", "U0AGENT") == (
        "That training made no version live: there is nothing to go back from."
    )


def test_one_at_a_time(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "tests.bot.stuck_retrain")
    bench.bring(shop())
    bench.control.start()
    assert bench.control.start() == "A training runs already; its verdict comes to the agents' channel."
    wait_for(bench.active)
    other = TrainingControl(bench.settings, bench.db, LOCAL_TEAM, lambda words, more, trained: None, bench.spawn)
    assert other.start().startswith("A training runs already, in another process (")
    assert "A training of the intent model runs since" in other.status()
    bench.control.close()
    assert not bench.children[0].running()
    assert not bench.active(), "it gave its claim back"
    assert bench.told == [], "the bot ends: nobody needs to hear of it"
    assert bench.control.start() == "The bot is ending: no training starts."


def test_cancelled_by_an_agent_it_stops_and_the_next_one_starts(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "tests.bot.stuck_retrain")
    bench.bring(shop())
    assert bench.control.cancel("U0AGENT") == "No training runs."
    bench.control.start()
    wait_for(bench.active)
    assert bench.control.cancel("U0AGENT").startswith("The training is ended: nothing of it goes live")
    again = bench.control.cancel("U0OTHER")
    assert again in ("<@U0AGENT> has ended it already; it stops within seconds.", "No training runs.")
    assert bench.control.wait(20)
    assert not bench.active()
    assert bench.told == [
        (
            "⚠️ The training of the intent model ended without a verdict: <@U0AGENT> ended it. Nothing changed.",
            "",
        )
    ]
    bench.program = "tests.bot.quick_retrain"
    bench.train()
    assert bench.told[-1][0].startswith("✅ v1 is live.")
    assert bench.control.cancel("U0AGENT") == "No training runs."
    bench.control.close()


def test_cancelled_before_it_has_begun(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "tests.bot.stuck_retrain")
    bench.bring(shop())
    bench.control.start()
    bench.control.cancel("U0AGENT")
    assert bench.control.wait(20)
    assert not bench.active()
    (words, _), *others = bench.told
    assert not others
    assert "<@U0AGENT>" in words
    assert "ended" in words


def test_a_training_of_another_process_is_cancelled_too(bench: Bench) -> None:
    bench.bring(shop())
    with claimed(bench.db, LOCAL_TEAM, "intent") as claim:
        said = bench.control.cancel("U0AGENT")
        with pytest.raises(Cancelled, match="<@U0AGENT> ended it"):
            claim.hold()
    assert said.startswith("The training in another process (")
    assert bench.told == [("⏹️ <@U0AGENT> has ended a training of the intent model, in another process.", "")]
    assert not bench.active()
    with claimed(bench.db, "T0ELSE", "intent"):
        assert bench.control.cancel("U0AGENT") == "No training runs.", "another workspace's is not ours to end"
        assert bench.active()


def test_paused_the_schedule_rests_and_a_training_by_hand_does_not(bench: Bench) -> None:
    assert bench.control.pause("U0AGENT") == "There is no schedule to pause: `RETRAIN_CRON` is empty."
    bench.control.next_run = lambda: utcnow()
    bench.bring(shop())
    bench.correct(sentences("gift_card", 9, 77))
    assert bench.control.pause("U0AGENT").startswith("Scheduled trainings rest until `/support train resume`")
    assert bench.control.pause("U0OTHER").startswith("<@U0AGENT> has paused them already")
    assert "; scheduled trainings rest since" in bench.control.status()
    assert "the next training:" not in bench.control.status()
    bench.control.scheduled()
    assert bench.children == []
    bench.train()
    assert len(bench.children) == 1
    bench.correct(sentences("order_status", 9, 78))
    assert bench.control.resume("U0OTHER").startswith("Scheduled trainings go on; the next one: ")
    assert bench.control.resume("U0OTHER") == "Scheduled trainings are not paused."
    assert "the next training:" in bench.control.status()
    assert [words[:2] for words, _ in bench.told if "scheduled" in words] == ["⏸️", "▶️"]
    bench.control.scheduled()
    assert bench.control.wait(60)
    assert len(bench.children) == 2


def test_a_killed_child_is_told_and_its_claim_freed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "tests.bot.stuck_retrain")
    bench.bring(shop())
    bench.control.start()
    wait_for(bench.active)
    os.kill(bench.children[0].pid, signal.SIGKILL)
    assert bench.control.wait(20)
    assert not bench.active()
    assert bench.told[0][0].startswith("⚠️ The training of the intent model ended without a verdict: the process ended")
    bench.program = "tests.bot.quick_retrain"
    bench.train()
    assert bench.told[-1][0].startswith("✅ v1 is live.")
    bench.control.close()


def test_a_child_that_does_not_start_is_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "tests.bot.no_such_module")
    bench.bring(shop())
    bench.train()
    assert bench.told[0][0] == "⚠️ The training did not start. Nothing changed."
    assert "no_such_module" in bench.told[0][1]


def test_the_childs_settings_are_the_bots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real-123456789")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-real-123456789")
    given = {"slack_bot_token": "", "slack_app_token": "", "data_dir": tmp_path, "retrain_min_labels": 7}
    mine = Settings(_env_file=None, **given)  # type: ignore[arg-type, call-arg]
    for name, value in environment(mine).items():
        monkeypatch.setenv(name, value)
    child = Settings(_env_file=None)  # type: ignore[call-arg]
    assert child.local, "a local bot's child never lands in a real workspace's data"
    assert child.model_dump(exclude={"shared_dir"}) == mine.model_dump(exclude={"shared_dir"})
