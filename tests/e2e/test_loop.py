"""The product's story over real sockets: asked, corrected, fine-tuned again in a child process, promoted, answered by
the new version, and rolled back. On a small model that is really trained, twice."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Bot, build
from bot.child import environment
from bot.listeners import ids
from bot.settings import LOCAL_TEAM, Settings
from bot.workspace.hands import Hands
from bot.workspace.server import Server
from storage.corrections import Corrections
from storage.training_runs import TrainingRuns
from storage.turns import Turn, Turns
from tests.e2e.conftest import MANIFEST, element, shown, until
from tests.e2e.small_shop import LESSONS, TAUGHT, TRAINING, questions, quick

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(port=0, manifest=MANIFEST) as running:
        yield running


@pytest.fixture(scope="module")
def settings(server: Server, small_shop: Path) -> Settings:
    return quick(server, small_shop)


@pytest.fixture(scope="module")
def bot(settings: Settings) -> Iterator[Bot]:
    running = build(settings, sweep_seconds=0.5)
    running.start()
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(autouse=True)
def fresh_cases() -> None:
    """Not the house of the other modules."""


def turn(bot: Bot, who: Hands, ts: str) -> Turn:
    with bot.services.kit.db.reading() as session:
        found = Turns(session).by_ts(LOCAL_TEAM, who.dm, ts)
    assert found is not None
    return found


def ask(bot: Bot, who: Hands, text: str) -> Turn:
    ts = who.say(who.dm, text)
    who.wait_reply(who.dm, ts)
    until(lambda: turn(bot, who, ts).status == "done")
    return turn(bot, who, ts)


def agents_hear(alex: Hands, words: str, timeout: float = 10.0) -> str:
    found = alex.wait_message(lambda one: one["channel"] == "C0AGENTS" and words in one["text"], timeout)
    return str(found["text"])


def relabel(bot: Bot, alex: Hands, asked: Turn, label: str) -> None:
    alex.command(f"/relabel {asked.id} {label}", "C0AGENTS")

    def standing() -> str | None:
        with bot.services.kit.db.reading() as session:
            found = Corrections(session).latest(asked.id)
        return found.after if found else None

    until(lambda: standing() == label)


def test_the_loop(server: Server, bot: Bot) -> None:
    lessons, exam = questions()[:LESSONS], questions()[LESSONS : LESSONS + 6]
    with Hands(server, "U0MIA") as mia, Hands(server, "U0AGENT") as alex:
        # Nobody taught it yet: the first version cannot know.
        turns = [ask(bot, mia, text) for text in lessons]
        assert {asked.intent_version for asked in turns} == {"v1"}
        assert TAUGHT not in {asked.intent for asked in turns}
        for asked in turns:
            relabel(bot, alex, asked, TAUGHT)

        # A correction holds from the very next message on, before any training.
        again = ask(bot, mia, lessons[0].upper())
        assert (again.intent, again.prediction_source, again.intent_version) == (TAUGHT, "memory", "v1")

        alex.command("/support train now", "C0AGENTS")
        words = agents_hear(alex, "v2 is live.", TRAINING)
        assert f"Of the {LESSONS} messages you corrected it now gets" in words
        assert "v1 got 0." in words
        until(lambda: bot.models.classifier().version == "v2")
        with bot.services.kit.db.reading() as session:
            run = TrainingRuns(session, LOCAL_TEAM).concluded("intent")
        assert run is not None
        assert (run.status, run.champion, run.challenger) == ("promoted", "v1", "v2")

        # The new version knows what it was taught, in other words too, and lets the memory go.
        examined = [ask(bot, mia, text) for text in exam]
        assert {asked.intent_version for asked in examined} == {"v2"}
        assert sum(asked.intent == TAUGHT for asked in examined) >= len(exam) / 2
        assert any(asked.prediction_source == "model" for asked in examined if asked.intent == TAUGHT)
        until(lambda: len(bot.services.understanding.memory) < LESSONS)
        for text in lessons:
            assert bot.services.understanding.predict(text).label == TAUGHT, text

        # Under the verdict: what it understands differently, and one step back, once.
        verdict = alex.wait_message(lambda one: ids.GO_BACK in json.dumps(one.get("blocks", [])))
        assert verdict["thread_ts"]
        assert "Macro F1" in shown(verdict)
        alex.click(verdict, ids.CHANGED)
        seen = shown(alex.wait_view())
        assert "Wrong before, right now" in seen
        assert f"→ {TAUGHT})" in seen
        assert element(verdict, ids.GO_BACK)["confirm"]["title"]["text"] == "Roll back to v1?"
        alex.click(verdict, ids.GO_BACK)
        agents_hear(alex, "v1 is live again, v2 is not. The bot answers with it from the next message on. Asked for by")
        until(lambda: bot.models.classifier().version == "v1")
        alex.click(verdict, ids.GO_BACK)
        alex.wait(lambda: any("<@U0AGENT> went back to v1." in one["text"] for one in alex.ephemerals()))
        alex.command("/support model rollback v2", "C0AGENTS")
        agents_hear(alex, "v2 is live again, v1 is not.")
        until(lambda: bot.models.classifier().version == "v2")

        alex.command("/support model rollback", "C0AGENTS")
        agents_hear(alex, "v1 is live again, v2 is not.")
        until(lambda: bot.models.classifier().version == "v1")
        after = ask(bot, mia, exam[0])
        assert after.intent_version == "v1"
        until(lambda: len(bot.services.understanding.memory) == LESSONS)
        assert bot.services.understanding.predict(lessons[0]).label == TAUGHT, "no correction is lost by it"

        # The same from the Home, and what became of both.
        alex.command("/support model history", "C0AGENTS")
        told = alex.wait(lambda: next((e["text"] for e in alex.ephemerals() if "macro-F1" in e["text"]), ""))
        assert [line.split(" · ")[:2] for line in told.splitlines()] == [["*v2*", "before it"], ["*v1*", "*live*"]]
        alex.command("/support model compare v1 v2", "C0AGENTS")
        told = alex.wait(lambda: next((e["text"] for e in alex.ephemerals() if e["text"].startswith("```")), ""))
        assert "macro F1" in told
        assert "(live)" in told
        alex.command("/support model pin v2", "C0AGENTS")
        pinned = bot.settings.home / "models" / "intent" / "v2" / "PINNED"
        until(pinned.exists)
        alex.click(alex.home(), ids.HOME_MODEL)
        page = alex.wait_view(callback_id=ids.MODEL_VIEW)
        alex.click(page, ids.VERSION, "v2")
        alex.click(page, ids.MODEL_COMPARE)
        alex.wait(lambda: "(live)" in shown(alex.views[-1]))
        alex.click(alex.wait_view(callback_id=ids.MODEL_VIEW), ids.MODEL_UNPIN)
        alex.wait(lambda: "v2 is pinned no more" in shown(alex.views[-1]))
        assert not pinned.exists()
        alex.click(alex.wait_view(callback_id=ids.MODEL_VIEW), ids.MODEL_PIN)
        until(pinned.exists)
        # Forward only where it is said; back by a button.
        alex.wait(lambda: "v2 is pinned:" in shown(alex.views[-1]))
        alex.click(alex.wait_view(callback_id=ids.MODEL_VIEW), ids.MODEL_BACK)
        until(lambda: bot.models.classifier().version == "v2")
        alex.close_view(alex.wait_view(callback_id=ids.MODEL_VIEW))
        alex.click(alex.home(), ids.HOME_ROLLBACK)
        until(lambda: bot.models.classifier().version == "v1")
        alex.click(alex.home(), ids.HOME_TRAIN)
        until(lambda: any("there is nothing to learn" in json.dumps(view) for view in alex.views))


def active(bot: Bot) -> bool:
    with bot.services.kit.db.reading() as session:
        return TrainingRuns(session, LOCAL_TEAM).active() is not None


def test_an_agent_ends_a_training_and_lets_the_schedule_rest(server: Server, bot: Bot) -> None:
    with Hands(server, "U0MIA") as mia, Hands(server, "U0AGENT") as alex:
        live = bot.models.classifier().version
        relabel(bot, alex, ask(bot, mia, f"{questions()[-1]} Please."), TAUGHT)
        alex.command("/support train now", "C0AGENTS")
        until(lambda: active(bot), 60)
        alex.command("/support train cancel", "C0AGENTS")
        agents_hear(alex, "<@U0AGENT> ended it. Nothing changed.", 60)
        assert not active(bot)
        assert bot.models.classifier().version == live

        alex.command("/support train pause", "C0AGENTS")
        agents_hear(alex, "<@U0AGENT> has paused the scheduled trainings")
        alex.wait(lambda: "scheduled trainings rest since" in shown(alex.home()))
        alex.command("/support train resume", "C0AGENTS")
        agents_hear(alex, "<@U0AGENT> lets scheduled trainings go on; the next one: ")

        # The same at a click.
        alex.click(alex.home(), ids.HOME_MODEL)
        page = alex.wait_view(callback_id=ids.MODEL_VIEW)
        assert ids.TRAIN_CANCEL not in shown(page)
        alex.click(page, ids.TRAIN_PAUSE)
        alex.wait(lambda: ids.TRAIN_RESUME in shown(alex.views[-1]))
        alex.click(alex.wait_view(callback_id=ids.MODEL_VIEW), ids.TRAIN_RESUME)
        alex.wait(lambda: ids.TRAIN_PAUSE in shown(alex.views[-1]))
        alex.click(alex.wait_view(callback_id=ids.MODEL_VIEW), ids.TRAIN_NOW)
        until(lambda: active(bot), 60)
        alex.close_view(alex.wait_view(callback_id=ids.MODEL_VIEW))
        alex.click(alex.home(), ids.HOME_MODEL)
        alex.click(alex.wait_view(callback_id=ids.MODEL_VIEW), ids.TRAIN_CANCEL)
        alex.wait(lambda: "nothing of it goes live" in shown(alex.views[-1]))
        until(lambda: not active(bot), 60)
        alex.close_view(alex.wait_view(callback_id=ids.MODEL_VIEW))


def test_the_child_ends_with_the_bot(server: Server, settings: Settings, bot: Bot) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "bot", "retrain", "--force", "--parent-pipe", "--team", LOCAL_TEAM],
        stdin=subprocess.PIPE,
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    try:
        until(lambda: active(bot), 60)
        assert os.getpriority(os.PRIO_PROCESS, child.pid) >= 10
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(30) == 1
    finally:
        child.kill()
        child.wait()
    assert not active(bot), "the claim was given back"
    assert not list(Path(settings.home / "models" / "intent").glob(".staging*"))
