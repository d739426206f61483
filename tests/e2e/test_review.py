"""The review, played through sockets: a click a turn, another intent, and only those turns that an agent asks for."""

from typing import Any

from bot.listeners import ids, review_blocks
from bot.listeners.relabel_blocks import NEW
from bot.listeners.review_blocks import block_of
from model.types import Intent
from storage.corrections import Corrections
from storage.intents import Intents
from tests.e2e.conftest import House, element, shown
from tests.e2e.test_day import turn_of


def next_view(house: House, before: str) -> dict[str, Any]:
    found = house.alex.wait(lambda: next((v for v in house.alex.views if shown(v) != before), None), 10, "a new view")
    return dict(found)


def review(house: House, *words: str) -> dict[str, Any]:
    """The review as it stands, once it shows all of these."""

    def found() -> dict[str, Any] | None:
        top = house.alex.views[-1] if house.alex.views else {}
        held = top.get("callback_id") == ids.REVIEW_VIEW and all(each in shown(top) for each in words)
        return top if held else None

    return dict(house.alex.wait(found, 10, f"a review with {words}"))


def hundreds(house: House) -> None:
    with house.bot.services.kit.db.writing() as session:
        known = Intents(session, "T0LOCAL")
        for number in range(250):
            known.upsert(Intent(f"many_{number}", f"Intent number {number}"), "many")
    house.bot.services.kit.catalogue.forget()


def forgotten(house: House) -> None:
    with house.bot.services.kit.db.writing() as session:
        Intents(session, "T0LOCAL").delete_source("many")
    house.bot.services.kit.catalogue.forget()


def test_twenty_turns_in_twenty_clicks(house: House) -> None:
    asked = [f"parcel for review {number}" for number in range(20)]
    for text in asked:
        house.ask(house.mia, text)
    house.mia.wait(
        lambda: sum("on its way" in one["text"] for one in house.mia.messages(house.mia.dm)) >= 20, 20, "20 answers"
    )
    house.settle()
    house.alex.command("/support review n=20 intent=order_status since=1h")
    view, clicks = house.alex.wait_view(callback_id=ids.REVIEW_VIEW), 0
    assert "19 left" in shown(view)
    assert "Why:" in shown(view)
    while any(block.get("block_id", "").startswith("review_") for block in view["blocks"]):
        before = shown(view)
        house.alex.click(view, ids.REVIEW_RIGHT)
        view, clicks = next_view(house, before), clicks + 1
        assert ids.REVIEW_UNDO in before or clicks == 1, "Undo is in sight from the first label on"
    assert clicks == 20
    assert "These were your 20" in shown(view)
    with house.bot.services.kit.db.reading() as session:
        mine = [row for row in Corrections(session).all("T0LOCAL") if row.source == "review"]
    assert len(mine) == 20
    before = shown(view)
    house.alex.click(view, ids.REVIEW_UNDO)
    view = next_view(house, before)
    assert "Undone" in shown(view)
    assert element(view, ids.REVIEW_SKIP)["value"] == str(mine[-1].turn_id), "what was taken back is shown again"
    before = shown(view)
    house.alex.click(view, ids.REVIEW_SKIP)
    view = next_view(house, before)
    assert ids.REVIEW_UNDO in shown(view), "Undo stays in sight after a skip"
    house.alex.close_view(view)


def test_other_searches_through_hundreds_of_intents(house: House) -> None:
    house.answer(house.mia, "hm parcel of hundreds")
    hundreds(house)
    try:
        house.alex.command("/support review below=0.5")
        view = house.alex.wait_view(callback_id=ids.REVIEW_VIEW)
        first = shown(view)
        house.alex.click(view, ids.REVIEW_OTHER)
        form = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
        found = house.alex.options(form, ids.SEARCH, "number 177")
        assert found[0]["value"] == "many_177"
        assert NEW in [each["value"] for each in found]
        house.alex.submit(form, {ids.INTENT_BLOCK: "many_177"})
        view = next_view(house, first)
        assert "Intent number 177" in shown(view)
        assert ids.REVIEW_UNDO in shown(view)
        house.alex.close_view(view)
    finally:
        forgotten(house)


def narrowing(house: House, view: dict[str, Any]) -> dict[str, Any]:
    """The form of the filter, upon the review."""
    house.alex.click(view, ids.REVIEW_NARROW)
    return house.alex.wait_view(callback_id=ids.NARROW_VIEW)


def on(form: dict[str, Any]) -> list[str]:
    """What the form has in its fields."""
    fields = [block["element"] for block in form["blocks"]]
    return [each["initial_option"]["value"] for each in fields]


def test_a_review_is_narrowed_by_clicks_says_so_and_is_whole_again(house: House) -> None:
    house.answer(house.mia, "parcel to be narrowed")
    for words in ("hm refund to be narrowed", "hm refund to be narrowed again"):
        house.answer(house.mia, words)
    house.settle()
    house.alex.click(house.alex.home(), ids.HOME_REVIEW)
    first = review(house)
    assert ids.REVIEW_ALL not in shown(first)
    form = narrowing(house, first)
    assert on(form) == [review_blocks.ANY] * 4
    found = [each["value"] for each in house.alex.options(form, ids.NARROW_INTENT, "my refund")]
    assert found[0] == "refund", "the Enter key takes what was looked for"
    assert not {review_blocks.ANY, "oos"} & set(found)
    assert house.alex.options(form, ids.NARROW_INTENT, "")[0]["value"] == review_blocks.ANY
    house.alex.submit(form, {block_of("intent"): "refund", block_of("below"): "0.6", block_of("since"): "24h"})
    view = review(house, "1 left · only *Where is my refund?* · less than 60% sure · the last 24 hours")
    assert "hm refund" in shown(view)

    # A label, a skip and Undo stay within it, and the command's own words fill the form too.
    house.alex.click(view, ids.REVIEW_RIGHT)
    view = review(house, "the last one · only *Where is my refund?*", ids.REVIEW_UNDO)
    house.alex.click(view, ids.REVIEW_SKIP)
    view = review(house, "Nothing like this waits for review", ids.REVIEW_UNDO)
    form = narrowing(house, view)
    assert on(form) == ["refund", "0.6", "24h", review_blocks.ANY]
    house.alex.submit(form, {block_of("intent"): review_blocks.ANY, block_of("below"): review_blocks.ANY})
    view = review(house, "· the last 24 hours", ids.REVIEW_UNDO, "parcel")
    house.alex.click(view, ids.REVIEW_ALL)
    house.alex.wait(lambda: ids.REVIEW_ALL not in shown(house.alex.views[-1]), 10, "all of them")
    view = review(house, ids.REVIEW_UNDO, ids.REVIEW_NARROW)
    house.alex.click(view, ids.REVIEW_UNDO)
    house.alex.close_view(review(house, "Undone", "hm refund"))

    house.alex.command("/support review n=7 intent=refund below=0.55 since=2w")
    form = narrowing(house, review(house, "less than 55% sure · the last 14 days"))
    assert on(form) == ["refund", "0.55", "2w", "7"]
    house.alex.close_view(form)
    house.alex.close_view(review(house))


def test_an_intent_that_went_while_the_form_was_open_is_said_beside_it(house: House) -> None:
    house.answer(house.mia, "hm refund of an intent that goes")
    hundreds(house)
    try:
        house.alex.command("/support review")
        form = narrowing(house, review(house))
        assert house.alex.options(form, ids.NARROW_INTENT, "number 177")[0]["value"] == "many_177"
    finally:
        forgotten(house)
    house.alex.submit(form, {block_of("intent"): "many_177"})
    assert "many_177" in house.alex.errors[block_of("intent")]
    house.alex.close_view(form)
    house.alex.close_view(review(house))


def test_names_that_are_too_long_for_a_menu_are_chosen_in_it_all_the_same(house: House) -> None:
    names = [f"{'long_' * 39}{number}" for number in range(2)]
    kit, wanted = house.bot.services.kit, names[1]
    with kit.db.writing() as session:
        for number, name in enumerate(names):
            Intents(session, "T0LOCAL").upsert(Intent(name, f"A long story {number}"), "many")
    kit.catalogue.forget()
    try:
        ts = house.mia.say(house.mia.dm, "parcel that is a long story")
        house.mia.wait_reply(house.mia.dm, ts)
        house.settle()
        turn = turn_of(house, house.mia.dm, ts)
        house.alex.command(f"/relabel {turn.id}")
        form = house.alex.wait_view(callback_id=ids.RELABEL_VIEW)
        value = house.alex.options(form, ids.SEARCH, "long story 1")[0]["value"]
        house.alex.submit(form, {ids.INTENT_BLOCK: value})
        with kit.db.reading() as session:
            kept = Corrections(session).latest(turn.id)
        assert kept is not None
        assert kept.after == wanted

        house.ask(house.tom, "parcel that is a long story")
        house.settle()
        house.alex.command("/support review")
        form = narrowing(house, review(house))
        value = house.alex.options(form, ids.NARROW_INTENT, "long story 1")[0]["value"]
        house.alex.submit(form, {block_of("intent"): value})
        view = review(house, "the last one · only *A long story 1*", "parcel that is a long story")
        form = narrowing(house, view)
        assert on(form)[0] == value
        house.alex.close_view(form)
        house.alex.close_view(review(house))

        told = figures(house)
        house.alex.click(told, ids.STATS_INTENT, house.alex.options(told, ids.STATS_INTENT, "long story 1")[0]["value"])
        told = next_view(house, shown(told))
        assert "1 message" in shown(told)
        house.alex.close_view(told)
    finally:
        forgotten(house)


def figures(house: House) -> dict[str, Any]:
    """The statistics, opened from the Home."""
    house.alex.click(house.alex.home(), ids.HOME_STATS)
    return house.alex.wait_view(callback_id=ids.STATS_VIEW)
