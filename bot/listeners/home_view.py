"""The App Home as Block Kit. Pure."""

from collections.abc import Sequence

from bot import text
from bot.listeners import ids
from bot.listeners.cards import age
from bot.listeners.parts import Block, actions, button, context, header, section
from bot.values import Card
from model.types import Intent

WHAT = (
    "Ask me anything about your order, delivery, returns or your account: write to me under *Messages*. "
    "I answer from what our team has approved, and call a person when I am not sure."
)


def customer(topics: Sequence[Intent], notice: str) -> Block:
    """What it does, that it is a bot, and the topics people ask about most."""
    blocks = [header("Understudy, the support bot"), section(WHAT)]
    if topics:
        elements = [
            button(intent.title or intent.name, f"{ids.HOME_TOPIC}_{number}", intent.name)
            for number, intent in enumerate(topics[:8])
        ]
        blocks += [section("*Topics*"), actions(elements)]
    blocks += [
        actions([button("Talk to a person", ids.HOME_PERSON, "home", "primary")]),
        context(text.escaped(notice, 600)),
    ]
    return {"type": "home", "blocks": blocks}


def agent(waiting: Sequence[Card], to_review: int, model: str, setup_hint: str = "") -> Block:
    """What waits, the review queue, and the model that serves."""
    blocks = [header("Understudy: your desk")]
    if setup_hint:
        blocks.append(section(text.escaped(setup_hint, 2000)))
    lines = [_line(card) for card in waiting[:10]]
    blocks.append(section("\n".join(lines) if lines else "Nobody waits for a person."))
    blocks += [
        section(f"{to_review} turns wait for review."),
        actions([button("Review", ids.HOME_REVIEW, "home", "primary")]),
        context(text.escaped(model, 600)),
    ]
    return {"type": "home", "blocks": blocks}


def _line(card: Card) -> str:
    words = text.escaped(text.shorten(card.text, 80).replace("\n", " "), 120)
    link = f" <{card.link}|open>" if card.link.startswith("http") else ""
    return f"• {age(card.opened_at, card.now)} · <@{card.customer}>: {words}{link}"
