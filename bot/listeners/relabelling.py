"""The relabel modal: opened from a card, a shortcut, a command or the review; completed while it is open; submitted."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import intents, made_intents, showing, text
from bot.corrections import Corrected, Refused
from bot.listeners import ids, modals, relabel_blocks, review_page
from bot.listeners.guards import Body, place, redraw, show, user
from bot.listeners.relabel_blocks import NEW, Typed
from bot.listeners.values import Values, chosen, ticked
from bot.reviewing import Walk
from bot.services import Services
from model.types import UnderstudyError


def register(app: App, services: Services) -> None:
    @app.view(ids.RELABEL_VIEW)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        handle_submit(services, ack, body, client)

    @app.action(ids.SEARCH)
    def pick(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        handle_pick(services, body, client)


def open_relabel(
    services: Services,
    client: WebClient,
    body: Body,
    turn_id: int,
    source: str,
    *,
    new: bool = False,
    review: str = "",
    walk: Mapping[str, Any] | None = None,
    channel: str | None = None,
) -> str:
    """Open the modal; its trigger lives three seconds, so everything in it comes from SQL. What is slow comes after.

    Args:
        new: whether it asks at once for a new intent.
        review: id of the review modal that it is put upon, with the `walk` inside it.
        channel: where it was asked for; that of the body, where it is not given.
    """
    shown = showing.case(services.kit, services.corrections.worded(turn_id))
    known, where = services.kit.catalogue.all(), place(body)[0] if channel is None else channel
    kept = {"turn": turn_id, "seen": shown.seen, "channel": where, "source": source}
    kept |= {"review": review, "walk": dict(walk or {})} if review else {}
    view = relabel_blocks.relabel(shown, known, kept, new=new)
    opened = show(client, body, view)
    also = services.corrections.alike(turn_id)
    if also:
        # Only as long as nothing was changed in it meanwhile: the hash says so.
        view = relabel_blocks.relabel(shown, known, kept | {"also": also}, new=new)
        redraw(client, opened["id"], view, opened["hash"])
    return ""


def handle_pick(services: Services, body: Body, client: WebClient) -> None:
    """ "New intent…" opens two fields for it, another choice closes them."""
    view = body.get("view") or {}
    if view.get("callback_id") != ids.RELABEL_VIEW or not services.kit.people.is_agent(user(body)):
        return
    values, kept = view["state"]["values"], modals.unpack(view["private_metadata"])
    new = chosen(values, ids.INTENT_BLOCK) == NEW
    if new == any(block.get("block_id") == ids.NAME_BLOCK for block in view["blocks"]):
        return
    redraw(client, view["id"], _redrawn(services, kept, values, new=new))


def _redrawn(services: Services, kept: dict[str, Any], values: Values, *, new: bool) -> dict[str, Any]:
    """The same modal with what was typed, with or without the fields for a new intent."""
    shown = showing.case(services.kit, services.corrections.turn(int(kept["turn"])))
    typed = Typed(chosen(values, ids.INTENT_BLOCK), chosen(values, ids.ANSWER_BLOCK), chosen(values, ids.NOTE_BLOCK))
    return relabel_blocks.relabel(shown, services.kit.catalogue.all(), kept, new=new, typed=typed)


def handle_submit(services: Services, ack: Ack, body: Body, client: WebClient) -> None:
    """Correct; what is wrong is said beside its field."""
    view = body["view"]
    kept, values = modals.unpack(view["private_metadata"]), view["state"]["values"]
    label, also = chosen(values, ids.INTENT_BLOCK), kept.get("also") or []
    field = ids.INTENT_BLOCK
    if label == NEW and ids.NAME_BLOCK not in values:
        # Quicker than the fields for it came: they come with the answer.
        ack(response_action="update", view=_redrawn(services, kept, values, new=True))
        return
    try:
        if not services.kit.people.is_agent(user(body)):
            raise Refused("Only support agents can do this.")
        services.corrections.guard(int(kept["turn"]), int(kept["seen"]), user(body))
        if label == NEW:
            field = ids.NAME_BLOCK
            label = made(services, chosen(values, ids.NAME_BLOCK), chosen(values, ids.TITLE_BLOCK), user(body))
            field = ids.INTENT_BLOCK
        done = services.corrections.relabel(
            int(kept["turn"]),
            label,
            user(body),
            str(kept.get("source") or "card"),
            better_answer=chosen(values, ids.ANSWER_BLOCK),
            note=chosen(values, ids.NOTE_BLOCK),
            seen=int(kept["seen"]),
            also=[int(each) for each in also] if ticked(values, ids.ALSO_BLOCK) else (),
        )
    except (Refused, UnderstudyError) as refusal:
        ack(response_action="errors", errors={field: text.sentence(refusal)})
        return
    ack()
    if chosen(values, ids.INTENT_BLOCK) == NEW:
        made_intents.keep(services.kit, done.correction.id, done.correction.after)
    if kept.get("review"):
        walk = Walk.unpacked(kept.get("walk") or {}).labelled(done.correction.id)
        redraw(client, kept["review"], review_page.page(services, walk, done.words))
    offer_answer(services, user(body), str(kept.get("channel") or ""), done)


def made(services: Services, name: str, title: str, by: str) -> str:
    """Make a new intent; gives its name.

    Raises:
        UnderstudyError: the name cannot be given.
    """
    kit, name = services.kit, named(name)
    intents.change(kit.db, kit.team, by, "add", [name, title.strip()])
    kit.catalogue.forget()
    return name


def named(typed: str) -> str:
    """An intent's name as it is meant: what is typed as words is joined to one."""
    return "_".join(typed.lower().split())


def offer_answer(services: Services, agent: str, channel: str, done: Corrected) -> None:
    """After a correction: say so in private, and where it changes the answer offer to send the right one."""
    if not channel:
        return
    surface = services.kit.surface
    if done.changes_answer:
        surface.offer_answer(channel, "", agent, done.turn.id, done.words, done.correction.id)
    else:
        surface.corrected(channel, "", agent, done.correction.id, done.words)
