"""Random days of two customers and two agents, against the real desk: what must hold whatever comes in which order.

The platform fails, loses answers and takes the process down in the middle; deliveries come again; models are swapped;
agents act while a message is being understood; time passes. Then the network is mended, the housekeeping has had its
time, and: nobody was answered by the bot while a person had the case, nothing was said twice, every message has had an
answer or a person, or has joined one that has, and every case that waits is on a card and had its reminders.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bot import wording
from bot.corrections import Refused
from bot.hours import parse
from bot.listeners.messages import taken_in
from bot.notices import LEASE
from bot.services import Services
from storage.conversations import Conversation, Conversations
from storage.database import Database
from storage.tables import ERASED
from storage.turns import Turn, Turns
from tests.bot.conftest import Office, database, made
from tests.bot.failing import FATES, FailingSurface

ALL_WEEK = parse("mon-sun 08:00-20:00", ZoneInfo("Europe/Berlin"))
CUSTOMERS, AGENTS = st.sampled_from(("UMIA", "UTOM")), st.sampled_from(("UAGENT", "UAGENT2"))
WORDS = st.sampled_from(
    ("parcel", "refund", "hm", "breakfast", "mystery", "a human", "boom", "parcel and a human", ":+1:")
)
DEEDS = st.sampled_from(("take", "write", "release", "resolve", "pass on", "give"))
NUMBERS = st.integers(0, 5)
EXAMPLES = int(os.environ.get("HAND_OFF_EXAMPLES", "60"))
"""Set, it searches anew, so many days; else the same days are played each time."""


class Day(RuleBasedStateMachine):
    template: Path
    quiet = 0.0
    """Seconds for which messages that say little are held; 0: they are not."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "desk.db"
        shutil.copy(self.template, file)
        self.platform = FailingSurface()
        self.office = self.desk_over(Database(f"sqlite:///{file}"))
        self.kit, self.commands, self.intake = self.office.kit, ("/support", "/relabel", "/ask"), self.office.intake
        self.cases, self.followups, self.desk = self.office.cases, self.office.followups, self.office.desk
        self.platform.look = self.kit.case
        self.queue: list[Callable[[], object]] = []
        self.events: list[dict[str, Any]] = []
        self.heard: dict[str, tuple[str, int]] = {}
        """ts of a message -> its channel, and from which post on the customer may have been told of it."""
        self.since: dict[int, int] = {}
        """A case that is not with the bot -> from which post on."""
        self.words = 0
        self.meanwhile: Callable[[], object] | None = None
        understand = self.office.classifier.predict

        def predict(texts: Any) -> Any:
            act, self.meanwhile = self.meanwhile, None
            if act is not None:
                act()
            return understand(texts)

        cast(Any, self.office.classifier).predict = predict

    def desk_over(self, db: Database) -> Office:
        return made(db, hours=ALL_WEEK, surface=self.platform, quiet=self.quiet)

    # As Services does for the listeners: what is to be done waits in memory, and is lost when the process dies.

    def work(self, case_id: int) -> None:
        self.queue.append(lambda: self.office.desk.work(case_id))

    def later(self, case_id: int, job: Callable[[], object]) -> None:
        self.queue.append(job)

    def attempt(self, job: Callable[[], object]) -> None:
        before = len(self.platform.told)
        try:
            job()
        except SystemExit:
            self.queue.clear()
            self.office.desk.free()
            for case_id in self.office.desk.unfinished():
                self.work(case_id)
        except (Refused, ConnectionError, TimeoutError, RuntimeError):
            pass  # whoever pressed hears that it did not work; the workers log it
        for case in self.all():
            if case.state in ("bot", "closed"):
                self.since.pop(case.id, None)
            else:
                self.since.setdefault(case.id, before)
        assert self.platform.wrong == []

    def all(self) -> list[Conversation]:
        with self.kit.db.reading() as session:
            return Conversations(session).in_state({"bot", "waiting", "human", "closed"})

    def one(self, number: int) -> Conversation | None:
        found = sorted(self.all(), key=lambda case: case.id)
        return found[number % len(found)] if found else None

    def turns(self, case: Conversation) -> list[Turn]:
        with self.kit.db.reading() as session:
            return Turns(session).of_conversation(case.id)

    def receive(self, event: dict[str, Any]) -> None:
        """An event is written down; what follows the acknowledgement waits."""
        body = {"type": "event_callback", "event": event, "event_id": f"Ev{len(self.events)}"}
        self.events.append(event)
        job = taken_in(cast(Services, self), body)
        if job is not None:
            self.queue.append(job)

    # Customers

    @rule(user=CUSTOMERS, words=WORDS, direct=st.booleans(), number=st.none() | NUMBERS, fate=st.just("") | FATES)
    def writes(self, user: str, words: str, direct: bool, number: int | None, fate: str) -> None:
        self.words += 1
        ts, case = f"{1000 + self.words}.000100", self.one(number) if number is not None else None
        channel, thread = (f"D{user}" if direct else "CHELP"), ""
        if case is not None:
            user, channel, thread = case.customer, case.channel, case.thread_ts
        elif not direct:
            words = f"<@UBOT> {words}"
        event = {"type": "message", "channel": channel, "ts": ts, "user": user, "text": words, "thread_ts": thread}
        before = len(self.platform.told)
        self.attempt(lambda: self.receive(event))
        with self.kit.db.reading() as session:
            turn = Turns(session).by_ts("T1", channel, ts)
        assert turn is not None
        self.heard[ts] = (channel, min(before, self.since.get(turn.conversation_id, before)))
        if fate:
            self.platform.fate = fate.strip()
            self.jobs_run(5)

    @rule(number=NUMBERS)
    def comes_again(self, number: int) -> None:
        if self.events:
            self.attempt(lambda: self.receive(self.events[number % len(self.events)]))

    @rule(number=NUMBERS, words=WORDS)
    def edits(self, number: int, words: str) -> None:
        mine = [event for event in self.events if event["type"] == "message" and not event.get("subtype")]
        if mine:
            inner = mine[number % len(mine)] | {"text": words}
            event = {"type": "message", "subtype": "message_changed", "channel": inner["channel"], "message": inner}
            self.attempt(lambda: self.receive(event))

    @rule(number=NUMBERS)
    def deletes(self, number: int) -> None:
        if self.heard:
            ts = list(self.heard)[number % len(self.heard)]
            event = {"type": "message", "subtype": "message_deleted", "channel": self.heard[ts][0], "deleted_ts": ts}
            self.attempt(lambda: self.receive(event))

    @rule(number=NUMBERS, which=st.sampled_from(("person", "choose", "none", "bad")))
    def clicks(self, number: int, which: str) -> None:
        case = self.one(number)
        turns = self.turns(case) if case is not None else []
        if case is None or not turns:
            return
        turn, followups = turns[-1], self.followups
        self.attempt(
            {
                "person": lambda: followups.person(case.id, turn.id, case.customer),
                "choose": lambda: followups.choose(turn.id, "refund", case.customer) if turn.reply_ts else "",
                "none": lambda: followups.none(turn.id, case.customer) if turn.reply_ts else "",
                "bad": lambda: followups.judge(turn.id, case.customer, "bad"),
            }[which]
        )

    # Agents

    @rule(number=NUMBERS, agent=AGENTS, deed=DEEDS)
    def does(self, number: int, agent: str, deed: str) -> None:
        self.attempt(self.deed(number, agent, deed))

    @rule(number=NUMBERS, agent=AGENTS, deed=DEEDS)
    def does_while_it_is_being_understood(self, number: int, agent: str, deed: str) -> None:
        self.meanwhile = self.deed(number, agent, deed)

    def deed(self, number: int, agent: str, deed: str) -> Callable[[], object]:
        case, cases = self.one(number), self.cases
        self.words += 1
        words = f"words {self.words}"
        if case is None:
            return lambda: ""
        return {
            "take": lambda: cases.take(case.id, agent),
            "write": lambda: cases.words.write(case.id, agent, words),
            "release": lambda: cases.release(case.id),
            "resolve": lambda: cases.resolve(case.id),
            "pass on": lambda: self.office.handing.hand(case.id, agent),
            "give": lambda: self.office.handing.hand(case.id, agent, "UAGENT2" if agent == "UAGENT" else "UAGENT"),
        }[deed]

    @rule(number=NUMBERS, agent=AGENTS)
    def writes_in_the_thread(self, number: int, agent: str) -> None:
        case = self.one(number)
        if case is None or not case.channel.startswith("C"):
            return
        self.words += 1
        place = {"channel": case.channel, "ts": f"{1000 + self.words}.000100", "thread_ts": case.thread_ts}
        self.attempt(lambda: self.receive({"type": "message", "user": agent, "text": "I help", "team": "T1"} | place))
        self.platform.told.append(case.id)

    @rule(number=NUMBERS, agent=AGENTS, times=st.integers(1, 3))
    def sends_from_the_cards_thread(self, number: int, agent: str, times: int) -> None:
        case = self.one(number)
        if case is None or not case.card_ts:
            return
        self.words += 1
        ts = f"{1000 + self.words}.000100"
        self.platform.written[case.card_channel, case.card_ts, ts] = f"words {self.words}"
        for _ in range(times):
            self.attempt(lambda: self.cases.words.bring(case.id, agent, ts))

    # The rest of the world

    @rule(count=st.integers(1, 5))
    def jobs_run(self, count: int) -> None:
        for _ in range(count):
            if self.queue:
                self.attempt(self.queue.pop(0))

    @rule(fate=FATES)
    def the_platform_fails(self, fate: str) -> None:
        self.platform.fate = fate

    @rule()
    def the_process_dies(self) -> None:
        def die() -> None:
            raise SystemExit

        self.attempt(die)

    @rule(version=st.sampled_from(("v1", "v2")))
    def a_model_is_swapped(self, version: str) -> None:
        self.office.classifier.version = version
        self.attempt(lambda: self.platform.note("CAGENTS", "", f"{version} is live"))

    @rule(number=NUMBERS, agent=AGENTS, label=st.sampled_from(("refund", "person", "oos")))
    def relabels(self, number: int, agent: str, label: str) -> None:
        case = self.one(number)
        turns = [turn for turn in self.turns(case) if turn.text != ERASED] if case is not None else []
        if turns:
            self.attempt(lambda: self.office.corrections.relabel(turns[-1].id, label, agent, "card"))

    @rule(minutes=st.sampled_from((1, 11, 31, 5 * 60, 25 * 60)), sweep=st.booleans())
    def time_passes(self, minutes: int, sweep: bool) -> None:
        self.office.clock.now += timedelta(minutes=minutes)
        if sweep:
            self.sweep()

    @rule(seconds=st.sampled_from((1, 2, 7)))
    def a_moment_passes(self, seconds: int) -> None:
        self.office.clock.now += timedelta(seconds=seconds)
        for case_id in self.office.desk.unfinished():
            self.work(case_id)

    def sweep(self) -> None:
        for case_id in self.office.waits.due():
            self.attempt(lambda due=case_id: self.office.waits.work(due))

    def teardown(self) -> None:
        if not hasattr(self, "office"):
            return
        self.platform.fate, self.meanwhile = "", None
        for _ in range(7):
            self.office.clock.now += LEASE
            self.office.desk.free()
            for case_id in self.office.desk.unfinished():
                self.work(case_id)
            while self.queue:
                self.attempt(self.queue.pop(0))
            self.sweep()
        try:
            self.nothing_is_left()
            self.nothing_is_said_twice()
            self.everybody_was_told()
            self.no_apology_is_empty()
            self.every_case_is_seen()
        finally:
            self.kit.db.close()
            self.folder.cleanup()

    # What must hold

    def nothing_is_left(self) -> None:
        assert self.office.desk.unfinished() == []
        assert self.office.waits.due() == []

    def nothing_is_said_twice(self) -> None:
        posted = [said for *_, said in self.platform.said]
        for kind, names in {
            "turn": [said.turn_id for said in posted if said.turn_id and not said.mark],
            "notice": [said.mark for said in posted if said.mark] + [mark for *_, mark in self.platform.notes if mark],
            "words": [said.text for said in posted if said.text.startswith("**UAGENT")],
        }.items():
            assert len(names) == len(set(names)), f"a {kind} twice: {names}"

    def everybody_was_told(self) -> None:
        for ts, (channel, since) in self.heard.items():
            with self.kit.db.reading() as session:
                turn = Turns(session).by_ts("T1", channel, ts)
            assert turn is not None
            if turn.text != ERASED:
                told = turn.conversation_id in self.platform.told[self._since(turn, since) :]
                assert told, f"nobody was told of {turn.text!r}, which is {turn.status} {turn.reply_kind}"

    def no_apology_is_empty(self) -> None:
        for turn_id in (said.turn_id for *_, said in self.platform.said if said.text == wording.APOLOGY):
            turn = self.kit.turn(turn_id)
            assert turn is not None
            assert turn.status == "failed" or turn.text == ERASED, f"turn {turn_id} promised a person and called none"

    def _since(self, turn: Turn, since: int) -> int:
        """From which post on this message, or the one that it has joined, may have been answered."""
        first = self.kit.turn(turn.joined_to) if turn.joined_to else None
        if first is None or turn.status == "failed":
            return since  # it could not be read at all, and its customer has had an apology and a person
        assert (turn.reply_kind, first.joined_to, first.user) == ("joined", None, turn.user)
        assert first.conversation_id == turn.conversation_id
        return min(since, self.heard[first.ts][1])

    def every_case_is_seen(self) -> None:
        now = self.office.clock.now
        for case in self.all():
            if case.state not in ("waiting", "human"):
                continue
            card = self.platform.cards.get(case.card_ts)
            assert card is not None, f"case {case.id} is lost"
            assert (card.state, card.holder) == (case.state, case.holder or "")
            if case.state == "waiting" and case.waiting_since is not None and ALL_WEEK.open(now):
                waited = ALL_WEEK.elapsed(case.waiting_since, now) // timedelta(minutes=1)
                due = {kind for kind, after in (("agents", 10), ("late", 15), ("owners", 30)) if waited >= after}
                prefix = f"{case.id}-{case.moves}-"
                marks = [mark for *_, mark in self.platform.notes] + [said.mark for *_, said in self.platform.said]
                said = {mark.removeprefix(prefix) for mark in marks if mark.startswith(prefix)}
                assert due <= said, f"case {case.id} has waited {waited} min and heard only {said}"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    database(folder).close()
    return folder / "desk.db"


class DayOfPieces(Day):
    """The same with customers whose messages may belong together."""

    quiet = 2.0

    @rule(user=CUSTOMERS, pieces=st.lists(WORDS, min_size=2, max_size=4), jobs=st.integers(0, 3), fate=FATES)
    def writes_in_pieces(self, user: str, pieces: list[str], jobs: int, fate: str) -> None:
        for words in pieces:
            self.writes(user=user, words=words, direct=True, number=None, fate="")
            self.platform.fate = fate.strip()
            for _ in range(jobs):
                if self.queue:
                    self.attempt(self.queue.pop(0))


def test_pieces_below_an_apology_after_which_the_process_died(template: Path) -> None:
    DayOfPieces.template = template
    day = DayOfPieces()
    day.open()
    day.writes_in_pieces(user="UMIA", pieces=["boom", "hm"], jobs=2, fate="X")
    day.teardown()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("day", [Day, DayOfPieces])
def test_whatever_happens(template: Path, day: type[Day]) -> None:
    play(day, template)


def play(day: type[Day], template: Path) -> None:
    """So many days of it, each on a copy of this database."""
    day.template = template
    run_state_machine_as_test(
        day,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize="HAND_OFF_EXAMPLES" not in os.environ,
        ),
    )
