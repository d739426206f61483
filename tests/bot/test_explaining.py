"""Explanations for agents, by a real though tiny model over a real database."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot import wording
from bot.corrections import Refused
from bot.explaining import GONE, Explaining, marked, read_rows
from bot.listeners import cards, ids
from bot.listeners.actions import handle_explain
from bot.listeners.commands import handle_support
from bot.understanding import Understanding
from model.classifier import IntentClassifier
from model.explain import explain
from model.finetune_intent import train_intent
from model.plan import Plan
from model.types import Example
from storage.redaction import erase_user
from storage.utterances import Utterances
from tests.bot.conftest import Office, database, made
from tests.bot.listeners.test_register import NOWHERE, app_of
from tests.model.conftest import tiny_base  # noqa: F401

PARCELS = [f"{a} my {b}" for a in ("where is", "track", "find", "locate") for b in ("parcel", "order", "box", "mug")]
MONEY = [f"{a} the {b}" for a in ("give back", "return", "refund", "pay") for b in ("money", "price", "sum", "pounds")]


@pytest.fixture(scope="module")
def folder(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    out = tmp_path_factory.mktemp("models") / "v2"
    rows = [Example(text, "order_status") for text in PARCELS] + [Example(text, "refund") for text in MONEY]
    train_intent(rows, out, base=str(tiny_base), plan=Plan(4, 0.1, rehearsal=1))
    return out


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    db = database(tmp_path)
    with db.writing() as session:
        Utterances(session, "T1").add([Example(text, "order_status") for text in PARCELS], "import")
    yield made(db)
    db.close()


@pytest.fixture
def explaining(office: Office, folder: Path) -> Explaining:
    live = IntentClassifier.load(folder)
    return Explaining(office.kit, Understanding(lambda: live, office.understanding.memory), office.corrections)


def test_an_agent_reads_intents_words_score_and_rows(office: Office, explaining: Explaining) -> None:
    asked = office.ask("where is my parcel & box")
    said = explaining.of_turn(asked.turn_id)
    assert said.startswith(f"*Why turn {asked.turn_id}?* Version v2:")
    assert "At the time version v1 said: *Where is my order?*" in said
    assert "“where is my parcel” → *Where is my order?* (utterance 1)" in said
    assert "out of scope above" in said
    assert "&amp;" in said
    assert "& " not in said
    assert said.endswith(" ms_")
    assert explaining.of_reference(str(asked.turn_id)).splitlines()[:3] == said.splitlines()[:3]


def test_any_words_are_explained_as_they_would_be_understood_now(office: Office, explaining: Explaining) -> None:
    said = explaining.of_reference("where is my <parcel>")
    assert said.startswith("*How is “where is my &lt;parcel&gt;” understood?* Version v2:")
    assert "“where is my parcel” → *Where is my order?* (utterance 1)" in said
    office.corrections.relabel(office.ask("where is my parcel").turn_id, "refund", "UAGENT", "card")
    assert "decides this message: *Where is my refund?*" in explaining.of_reference("where is my parcel")
    for wrong in ("#99", "https://chat.example/archives/C1/p9999999999123456"):
        with pytest.raises(Refused):
            explaining.of_reference(wrong)


def test_rows_whose_words_are_gone_are_shown_as_gone(office: Office, explaining: Explaining) -> None:
    asked = office.ask("give back the money")
    assert GONE in explaining.of_turn(asked.turn_id), "nobody imported the rows about money here"
    office.corrections.relabel(asked.turn_id, "refund", "UAGENT", "card")
    assert "“give back the money” → *Where is my refund?* (correction 1)" in explaining.of_turn(asked.turn_id)
    with office.kit.db.writing() as session:
        erase_user(session, "T1", "UMIA")
    with office.kit.db.reading() as session:
        assert "give back the money" not in {row.text for row in read_rows(session, "T1")}
    with pytest.raises(Refused, match="no words"):
        explaining.of_turn(asked.turn_id)


def test_a_correction_that_decides_is_named(office: Office, explaining: Explaining) -> None:
    asked = office.ask("where is my parcel")
    office.corrections.relabel(asked.turn_id, "refund", "UAGENT", "card")
    said = explaining.of_turn(asked.turn_id)
    assert "correction of “where is my parcel” decides this message: *Where is my refund?*" in said


def test_what_cannot_be_explained_is_refused_in_one_line(office: Office, explaining: Explaining) -> None:
    asked = office.ask("parcel")
    with pytest.raises(Refused, match="There is no turn 99"):
        explaining.of_turn(99)
    with pytest.raises(Refused, match="cannot be explained"):
        Explaining(office.kit, office.understanding, office.corrections).of_turn(asked.turn_id)


def test_marks_are_escaped_and_never_break_the_bold(folder: Path) -> None:
    made = explain(IntentClassifier.load(folder), "where <is> my *parcel*")
    everything = replace(made, words=tuple(replace(word, weight=1.0, doubt=1.0) for word in made.words))
    assert marked(everything) == "*where* *&lt;is&gt;* *my* *parcel*"
    nothing = replace(made, words=tuple(replace(word, weight=-1.0, doubt=-1.0) for word in made.words))
    assert marked(nothing) == "where &lt;is&gt; my *parcel*"
    assert len(marked(replace(made, text="x" * 5000, words=()))) <= 600


def test_an_explanation_is_small_enough_to_be_whispered(office: Office, explaining: Explaining) -> None:
    asked = office.ask("where is my parcel " * 300)
    assert len(explaining.of_turn(asked.turn_id)) < 3900


def test_the_command_line_explains_without_torch(folder: Path, tmp_path: Path) -> None:
    code = "import sys; from bot.cli import main; done = main(sys.argv[1:]); "
    code += "assert not {'torch', 'transformers'} & set(sys.modules); sys.exit(done)"
    words = ["explain", "where is my parcel", "--model", str(folder)]
    env = {**os.environ, "DATA_DIR": str(tmp_path)}
    plain = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, env=env)
    assert plain.returncode == 0, plain.stderr
    assert "order_status" in plain.stdout
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--json"], capture_output=True, text=True, timeout=60, env=env
    )
    result = json.loads(done.stdout)
    assert {"text", "top", "words", "neighbours", "threshold", "oos_score", "version", "milliseconds"} <= set(result)
    assert result["neighbours"][0]["row"] is None
    assert [word["text"] for word in result["words"]] == ["where", "is", "my", "parcel"]


def test_the_cards_button_and_the_command_lead_there(office: Office, explaining: Explaining) -> None:
    asked = office.ask("a human please")
    [shown] = office.surface.cards.values()
    pressed = next(each for each in cards.card(shown)[-1]["elements"] if each["action_id"] == ids.EXPLAIN)
    _, services = app_of(office)
    services = replace(services, explaining=explaining)
    nobody = WebClient("xoxb-test", base_url=NOWHERE)
    said = handle_explain(services, {"actions": [pressed]}, nobody)
    assert said.startswith(f"*Why turn {asked.turn_id}?*")
    command = {"text": f"Explain {asked.turn_id}", "user_id": "UAGENT"}
    assert handle_support(services, command, nobody)[0].startswith(f"*Why turn {asked.turn_id}?*")
    for wrong in ("explain", "explain ???"):
        assert "Expected a link" in handle_support(services, command | {"text": wrong}, nobody)[0]
    assert handle_support(services, command | {"user_id": "UMIA"}, nobody)[0] == wording.ONLY_AGENTS
    services.workers.close()
