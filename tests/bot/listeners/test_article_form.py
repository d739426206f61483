"""The intents that an article answers are chosen, not typed."""

from typing import Any

from bot.listeners import ids, knowledge, knowledge_blocks, modals
from bot.listeners.views import only_intents
from bot.services import Services
from model.types import Article, Intent
from storage.articles import Articles
from storage.intents import Intents
from tests.bot.conftest import Office
from tests.bot.listeners.test_blocks import accepted_view

LONG = "long_" + "name_" * 40


def menu(view: dict[str, Any]) -> dict[str, Any]:
    accepted_view(view)
    element: dict[str, Any] = next(
        block["element"] for block in view["blocks"] if block.get("block_id") == ids.INTENTS_BLOCK
    )
    return element


def values(options: list[dict[str, Any]]) -> list[str]:
    return [option["value"] for option in options]


def many(count: int) -> list[Intent]:
    return [Intent(f"intent_{number:03}", f"Number {number}") for number in range(count)]


def keep(office: Office, *known: Intent, article: Article | None = None) -> None:
    with office.kit.db.writing() as session:
        for intent in known:
            Intents(session, "T1").upsert(intent, "import")
        if article is not None:
            Articles(session, "T1").upsert(article, "import")
    office.kit.catalogue.forget()


def submitted(view: dict[str, Any], chosen: list[dict[str, Any]]) -> dict[str, Any]:
    """The form, sent with these intents."""
    typed = {ids.TITLE_BLOCK: "Mugs", f"{ids.BODY_BLOCK}_0": "We have mugs."}
    state: dict[str, Any] = {block: {ids.VALUE: {"value": words}} for block, words in typed.items()}
    state[ids.INTENTS_BLOCK] = {ids.ARTICLE_INTENTS: {"selected_options": chosen}}
    return {"user": {"id": "UAGENT"}, "view": {**view, "state": {"values": state}}}


def saved(services: Services, office: Office, view: dict[str, Any], chosen: list[dict[str, Any]]) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []
    knowledge.handle_save(services, lambda **answer: answers.append(answer), submitted(view, chosen))  # type: ignore[arg-type]
    return answers[0]


def test_a_new_article_chooses_among_all_intents(services: Services, office: Office) -> None:
    found = menu(knowledge.new(services, "Mugs"))
    assert found["type"] == "multi_static_select"
    assert set(values(found["options"])) == {intent.name for intent in office.kit.catalogue.all()}
    assert "initial_options" not in found


def test_what_it_answers_now_is_chosen_and_may_be_taken_off(services: Services, office: Office) -> None:
    keep(office, article=Article("mugs", "Mugs", "We have.", ("refund", "order_status")))
    view = knowledge.editing(services, "mugs")
    found = menu(view)
    assert values(found["initial_options"]) == ["refund", "order_status"]
    assert all(option in found["options"] for option in found["initial_options"])
    assert saved(services, office, view, found["initial_options"][1:])["response_action"] == "update"
    with office.kit.db.reading() as session:
        row = Articles(session, "T1").get("mugs")
    assert row is not None
    assert row.intents == ("order_status",)


def test_an_intent_that_nobody_described_is_shown_and_said_to_be_none(services: Services, office: Office) -> None:
    keep(office, article=Article("mugs", "Mugs", "We have.", ("refunds",)))
    view = knowledge.editing(services, "mugs")
    found = menu(view)
    assert values(found["initial_options"]) == ["refunds"]
    refused = saved(services, office, view, found["initial_options"])
    assert "did you mean refund" in refused["errors"][ids.INTENTS_BLOCK].lower()
    assert saved(services, office, view, [])["response_action"] == "update"


def test_more_than_a_menu_holds_are_searched_for(services: Services, office: Office) -> None:
    known = many(modals.STATIC_LIMIT)
    assert menu(knowledge_blocks.article("", [], [], known))["type"] == "multi_static_select"
    more = [*known, Intent("mugs", "Mugs and cups")]
    found = menu(knowledge_blocks.article("", ["mugs"], [], more))
    assert (found["type"], values(found["initial_options"])) == ("multi_external_select", ["mugs"])
    offered = only_intents(more, "cups")
    assert values(offered)[0] == "mugs"
    assert modals.OUT_OF_SCOPE not in only_intents(more, "")
    assert len(only_intents(more, "")) <= modals.STATIC_LIMIT


def test_without_any_intent_there_is_nothing_to_choose(services: Services) -> None:
    assert menu(knowledge_blocks.article("", [], [], []))["type"] == "multi_external_select"


def test_a_name_that_is_too_long_for_an_option_is_kept_whole(services: Services, office: Office) -> None:
    keep(office, Intent(LONG, "Long"), article=Article("mugs", "Mugs", "We have.", (LONG,)))
    view = knowledge.editing(services, "mugs")
    assert saved(services, office, view, menu(view)["initial_options"])["response_action"] == "update"
    with office.kit.db.reading() as session:
        row = Articles(session, "T1").get("mugs")
    assert row is not None
    assert row.intents == (LONG,)
