from dataclasses import replace

from bot.agents_home import overview
from bot.figures import Yardsticks
from bot.listeners import agents_home_view
from bot.training import TrainingState
from bot.understanding import Understanding
from storage.training_runs import TrainingRuns
from tests.bot.conftest import Office


class FakeTraining:
    def start(self, by: str) -> str:
        return ""

    def status(self) -> str:
        return "The intent model: *v1* is live.\nNew labels since then: 4; the next training: soon."

    def history(self) -> str:
        return ""

    def state(self) -> TrainingState:
        return TrainingState(False, False, True, ("v1",))

    def former(self) -> str:
        return "v0"

    def rollback(self, version: str | None = None) -> str:
        return ""


def seen(office: Office, who: str = "UAGENT"):  # type: ignore[no-untyped-def]
    return overview(office.kit, office.understanding, Yardsticks(), FakeTraining(), who)


def test_the_longest_wait_is_the_first_line(office: Office) -> None:
    for number, words in enumerate(("human, the first", "human, the second", "human, the third")):
        office.ask(words, user=f"U{number}", channel=f"D{number}")
    found = seen(office)
    assert [each.card.text for each in found.waiting] == ["human, the first", "human, the second", "human, the third"]
    first = agents_home_view.agent(found, "draft")["blocks"][1]["text"]["text"].splitlines()
    assert first[0] == "*Waiting for a person*, the longest first"
    assert "human, the first" in first[1]


def test_my_cases_and_no_colleagues(office: Office) -> None:
    mine, other = office.ask("human one"), office.ask("human two", user="UTOM", channel="DTOM")
    office.cases.take(office.case(mine).id, "UAGENT")
    office.cases.take(office.case(other).id, "UAGENT2")
    assert [card.text for card in seen(office).mine] == ["human one"]


def test_what_my_corrections_taught(office: Office) -> None:
    learned, not_yet, other = (
        office.ask(words, user=f"U{n}", channel=f"D{n}").turn_id
        for n, words in enumerate(("parcel one", "parcel two", "parcel three"))
    )
    office.corrections.confirm(learned, "UAGENT")
    office.corrections.relabel(not_yet, "refund", "UAGENT", "card")
    office.corrections.confirm(other, "UAGENT2")
    found = seen(office)
    assert (found.corrected, found.learned) == (2, 1), "asked with the memory off, which knows them all"
    assert "labelled *2* messages this week; the live model gets *1* of them" in str(
        agents_home_view.agent(found, "draft")
    )
    for corrected, learned, said in (
        (1, 1, "labelled *1* message this week; the live model gets it right by itself."),
        (1, 0, "labelled *1* message this week; the memory answers for it until a training."),
        (3, 3, "labelled *3* messages this week; the live model gets *all* of them right by itself."),
    ):
        shown = agents_home_view.agent(replace(found, corrected=corrected, learned=learned), "draft")
        assert said in str(shown)


def test_each_text_is_asked_once_a_version(office: Office) -> None:
    understanding: Understanding = office.understanding
    asked = len(office.classifier.seen)
    for _ in range(3):
        assert understanding.learned([("my parcel", "order_status"), ("my parcel", "refund")]) == 1
    assert len(office.classifier.seen) == asked + 1
    office.classifier.version = "v2"
    assert understanding.learned([("my parcel", "order_status")]) == 1
    assert len(office.classifier.seen) == asked + 2


def test_the_model_and_what_the_gate_refused(office: Office) -> None:
    with office.kit.db.writing() as session:
        runs = TrainingRuns(session, "T1")
        for number, (status, verdict) in enumerate((("kept", "Kept v1.\nrefund fell."), ("promoted", "v2 is live."))):
            run = runs.claim("intent", f"me:{number}")
            assert run is not None
            runs.finish(run.id, status, verdict=verdict)  # type: ignore[arg-type]
    found = seen(office)
    assert found.model[1].startswith("New labels since then: 4")
    [refusal] = found.refusals
    assert refusal.endswith(": Kept v1. refund fell.")


def test_without_anything(office: Office) -> None:
    view = str(agents_home_view.agent(seen(office), "automatic"))
    assert "Nobody waits for a person." in view
    assert "You have labelled no message this week" in view
    assert "Not promoted lately" not in view
