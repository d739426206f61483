"""Message shortcuts for agents, over a real database; the client keeps the modals that it was to open."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot import wording
from bot.corrections import Refused
from bot.listeners import ids, knowledge, knowledge_blocks
from bot.listeners.commands import usage
from bot.listeners.shortcuts import handle_explain, in_modal
from bot.manifest import SHORTCUTS
from bot.services import Services
from tests.bot.conftest import Office
from tests.bot.listeners.conftest import Client, body


def test_names_fit_into_slacks_menu_and_help_tells_them(services: Services) -> None:
    for name, _, what in SHORTCUTS:
        assert len(name) <= 24
        assert len(f"Agents: {what}") <= 150
        assert f"*{name}*" in usage(services)


def test_why_not_is_said_in_the_modal_that_was_opened_first(office: Office, services: Services) -> None:
    asked = office.ask("<@UBOT> parcel", channel="C1")
    client = Client()
    handle_explain(services, body(office.turn(asked).ts), client)
    # The classifier of these tests is none that can be explained; one that can is in tests/e2e.
    assert client.said() == "The live model (v1) cannot be explained."


def test_where_it_is_too_late_for_a_window_the_job_is_done_all_the_same() -> None:
    class Late(Client):
        def views_open(self, **_: Any) -> Any:
            raise SlackApiError("too late", {"ok": False, "error": "expired_trigger_id"})

    client, done = Late(), []
    in_modal(body("1.0"), client, "A person", lambda: done.append(1) or "done")
    assert (done, client.views) == ([1], {})


@pytest.mark.parametrize(
    ("by", "ts", "expected"),
    [
        ("UMIA", "1.000100", wording.ONLY_AGENTS),
        ("UAGENT", "8.000100", "That message is neither a customer's message to me nor an answer of mine."),
    ],
)
def test_others_and_other_messages_are_refused(
    office: Office, services: Services, by: str, ts: str, expected: str
) -> None:
    office.ask("<@UBOT> parcel", channel="C1")
    client = Client()
    handle_explain(services, body(ts, by), client)
    assert client.said() == expected


def test_a_long_explanation_is_shown_whole_and_a_failure_in_one_line() -> None:
    client = Client()
    in_modal(body("1.0"), client, "Why", lambda: "\n".join(["&lt;line&gt;"] * 400))
    [view] = client.views.values()
    assert sum(block["text"]["text"].count("&lt;line&gt;") for block in view["blocks"]) == 400
    assert all(len(block["text"]["text"]) <= 3000 for block in view["blocks"])

    def fall() -> str:
        raise RuntimeError("the model fell over")

    def refuse() -> str:
        raise Refused("No <b>.")

    for job, expected in ((fall, wording.FAILED), (refuse, "No &lt;b&gt;.")):
        client = Client()
        in_modal(body("1.0"), client, "Why", job)
        assert client.said() == expected


def article(services: Services, payload: dict[str, Any]) -> tuple[str, str, str]:
    """Title, intents and text in the form that the shortcut opens."""
    client = Client()
    knowledge.handle_shortcut(services, payload, client)
    found = client.fields()
    return found[ids.TITLE_BLOCK], found[ids.INTENTS_BLOCK], found[f"{ids.BODY_BLOCK}_0"]


def test_an_article_of_what_an_agent_wrote_in_a_case(office: Office, services: Services) -> None:
    asked = office.ask("<@UBOT> Can my parcel be engraved?", channel="C1")
    thread = office.turn(asked).ts
    office.hear("<@UBOT> refund?", channel="C1")
    said = "Hi Umia! We engrave &lt;every&gt; mug for 2.00.\n\n- in gold\n- in silver\n\nBest wishes, UAGENT"
    payload = body("5.000100", thread_ts=thread, user="UAGENT", text=said)
    assert article(services, payload) == (
        "Can my parcel be engraved?",
        "order_status",
        "We engrave <every> mug for 2.00.\n\n- in gold\n- in silver",
    )


def test_an_article_of_the_bots_answer_and_of_the_question(office: Office, services: Services) -> None:
    asked = office.ask("<@UBOT> parcel?", channel="C1")
    turn = office.turn(asked)
    reply = body(turn.reply_ts, thread_ts=turn.ts, user="UBOT", bot_id="B1", text="Hello Umia, on its way. I am a bot.")
    question = body(turn.ts, text="<@UBOT> parcel?")
    assert article(services, reply) == ("Parcel?", "order_status", "It is on its way.")
    assert article(services, question) == ("Parcel?", "order_status", "Parcel?")
    office.corrections.relabel(turn.id, "refund", "UAGENT", "card", better_answer="Five days.")
    for each in (reply, question):
        assert article(services, each) == ("Parcel?", "refund", "Five days.")
    office.corrections.relabel(turn.id, "oos", "UAGENT", "card")
    assert article(services, question)[1] == ""


def test_an_article_of_what_nobody_asked_the_bot(office: Office, services: Services) -> None:
    assert article(services, body("5.000100", text="Mugs &amp; cups\nare <https://x.example|here>")) == (
        "",
        "",
        "Mugs & cups\nare here",
    )
    for payload, expected in (
        (body("5.000100", text=":wave:"), "That message has no words to make an article of."),
        (body("5.000100", by="UMIA", text="Mugs"), wording.ONLY_AGENTS),
    ):
        client = Client()
        knowledge.handle_shortcut(services, payload, client)
        assert client.said() == expected


def test_words_that_were_erased_come_into_no_article(office: Office, services: Services) -> None:
    asked = office.ask("<@UBOT> parcel?", channel="C1")
    turn = office.turn(asked)
    office.intake.deleted("C1", turn.ts)
    payload = body("5.000100", thread_ts=turn.ts, user="UAGENT", text="We engrave mugs.")
    assert article(services, payload)[::2] == ("", "We engrave mugs.")


def test_a_paragraph_too_long_for_a_field_is_cut_and_nothing_lost() -> None:
    long = "x" * 7000
    assert "".join(knowledge_blocks.filling(long)) == long
    assert len(knowledge_blocks.filling("y" * 90_000)) == knowledge_blocks.PARTS
