"""The agents' Home as Block Kit. Pure."""

from bot import text
from bot.agents_home import Overview
from bot.listeners import ids
from bot.listeners.cards import said
from bot.listeners.parts import Block, actions, button, confirmed, header, section
from bot.listeners.stats_blocks import trust
from bot.listeners.tools_blocks import more
from bot.values import Card

TITLE = "Understudy: your desk"


def not_set_up(hint: str) -> Block:
    """For who may set the bot up, before that is done."""
    return {"type": "home", "blocks": [header(TITLE), section(text.escaped(hint, 2000))]}


def agent(found: Overview, mode: str, gaps: int = 0) -> Block:
    """What waits, my cases, the review queue, what my corrections taught, and the model.

    Args:
        gaps: how many knowledge gaps there are.
    """
    blocks = [header(TITLE), section(_waiting(found))]
    if found.mine:
        blocks.append(section("\n".join(["*My cases*", *(f"• {line(card)}" for card in found.mine)])))
    buttons = [
        button(f"Review ({found.to_review})", ids.HOME_REVIEW, "home", "primary"),
        button("Search", ids.HOME_SEARCH, "home"),
        button("Articles", ids.HOME_ARTICLES, "home"),
        button(f"Knowledge gaps ({gaps})" if gaps else "Knowledge gaps", ids.HOME_GAPS, "home"),
        button("Statistics", ids.HOME_STATS, "home"),
        more(found.owner),
    ]
    blocks += [actions(buttons), section(_taught(found))]
    blocks += trust(found.offers)
    blocks.append(section("\n".join(["*The model*", *(text.escaped(line, 500) for line in found.model[:6])])))
    if found.trains:
        blocks.append(actions(_model(found)))
    if found.refusals:
        lines = (f"• {text.escaped(line, 600)}" for line in found.refusals)
        blocks.append(section("\n".join(["*Not promoted lately*", *lines])))
    blocks.append(section(f"The desk's mode: *{mode}*") | {"accessory": button("Modes", ids.HOME_CONFIG, "home")})
    return {"type": "home", "blocks": blocks}


def _model(found: Overview) -> list[Block]:
    """What may be done about the model; going back is asked first."""
    made = [button("Train now", ids.HOME_TRAIN, "home")]
    if found.former:
        back = button(f"Go back to {found.former}", ids.HOME_ROLLBACK, found.former)
        words = f"{found.former} answers customers again from the next message on. The agents' channel is told."
        made.append(confirmed(back, f"Go back to {found.former}?", words, "Go back"))
    return [*made, button("Versions and schedule", ids.HOME_MODEL, "home")]


def _waiting(found: Overview) -> str:
    if not found.waiting:
        return "Nobody waits for a person."
    lines = [f"• *{text.age(each.since, found.now)}* · {line(each.card)}" for each in found.waiting]
    more = [f"... and {found.more_wait} more."] if found.more_wait else []
    return "\n".join(["*Waiting for a person*, the longest first", *lines, *more])


def line(card: Card) -> str:
    """A case in a line, escaped."""
    words = text.escaped(said(card, 80).replace("\n", " "), 120)
    link = f" <{card.link}|open>" if card.link.startswith("http") else ""
    draft = " (draft to send)" if card.draft and card.state == "bot" else ""
    return f"<@{card.customer}>{draft}: {words}{link}"


def _taught(found: Overview) -> str:
    if not found.corrected:
        return "You have labelled no message this week. Each label counts from the very next message on."
    if found.corrected == 1:
        by = "the live model gets it right by itself" if found.learned else "the memory answers for it until a training"
        return f"You labelled *1* message this week; {by}."
    said = f"You labelled *{found.corrected}* messages this week; the live model gets "
    if found.learned == found.corrected:
        return f"{said}*all* of them right by itself."
    return f"{said}*{found.learned}* of them right by itself, the memory answers for the others."
