"""The card of a case in the agents' channel. Pure."""

from bot import text
from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, context, option, section
from bot.text import age as age
from bot.values import Card, Fix, Guess
from model.types import OOS

STATES = {"bot": "with the bot", "waiting": "waits for a person", "human": "taken", "closed": "resolved"}


def fallback(card: Card) -> str:
    """The `text` beside the blocks."""
    return text.escaped(f"{card.reason}: {text.shorten(card.text, 200)}", 1000)


def card(card: Card) -> list[Block]:
    """The whole card; the same function draws it the first time and after every change."""
    blocks = [
        section(f"*{text.escaped(card.reason, 200)}* · <@{card.customer}> · {_state(card)}"),
        section(text.quoted(card.text)),
        section("\n".join([understood(card.guesses, card.out_of_scope), *_beside(card)])),
    ]
    if card.language:
        unread = ", which the model does not read: its guess means little" if card.unread else ""
        blocks.insert(2, context(f"Written in {text.escaped(card.language, 100)}{unread}."))
    if card.reply:
        title = "Draft, not sent" if card.draft else "The bot said"
        blocks.append(section(f"*{title}*\n{text.quoted(card.reply)}"))
    if card.fix is not None:
        blocks += fixed(card.fix)
    blocks.append(context(_small_print(card)))
    if card.state != "closed":
        blocks.append(_buttons(card))
    return blocks


def understood(guesses: tuple[Guess, ...], out_of_scope: bool) -> str:
    """The prediction and its runner-up with a bar, or that there is none."""
    if not guesses:
        return "_Nothing was recognised._"
    lines = [f"`{text.bar(it.probability)}` {it.probability:.0%} {text.escaped(it.title, 100)}" for it in guesses[:2]]
    if out_of_scope:
        lines.insert(0, "*Out of scope*; nearest:")
    return "\n".join(lines)


def _beside(card: Card) -> list[str]:
    """What else the message asks, and whether others were read with it."""
    lines = [
        f"*Also asks:* `{text.bar(each.probability)}` {each.probability:.0%} {text.escaped(each.title, 100)}"
        for each in card.further[:2]
    ]
    return [*lines, "_Read with the messages before it._"] if card.in_context else lines


def fixed(fix: Fix) -> list[Block]:
    """Who corrected what, with its Undo."""
    if fix.confirms:
        words = f"✓ Label *{_name(fix.after)}* is right, says <@{fix.by}>"
    else:
        words = f"✏️ *{_name(fix.before)}* → *{_name(fix.after)}* by <@{fix.by}>"
    made = section(words)
    if fix.undoable:
        made["accessory"] = button("Undo", ids.UNDO, str(fix.id))
    return [made]


def _name(label: str) -> str:
    return "out of scope" if label == OOS else text.escaped(label, 150)


def _state(card: Card) -> str:
    words = STATES.get(card.state, card.state)
    if card.state == "human" and card.holder:
        words = f"taken by <@{card.holder}>"
    return words + (" · _test_" if card.is_test else "")


def _small_print(card: Card) -> str:
    parts = [f"open for {age(card.opened_at, card.now)}"]
    if card.turn_id:
        parts.append(f"turn {card.turn_id}")
    if card.versions:
        parts.append(text.escaped(card.versions, 200))
    if card.link.startswith("http"):
        parts.append(f"<{card.link}|open the thread>")
    return " · ".join(parts) + " · replies here stay among agents"


def _buttons(card: Card) -> Block:
    case, turn = str(card.case_id), str(card.turn_id)
    made: list[Block] = []
    if card.draft:
        made.append(button("Send draft", ids.SEND, turn, "primary"))
    if card.state != "human":
        made.append(button("Take it", ids.TAKE, case, "" if card.draft else "primary"))
    made.append(button("Write to customer", ids.WRITE, case))
    if card.turn_id and card.guesses:
        made += [button("Label is right", ids.RIGHT, turn), button("Correct label", ids.CORRECT, turn)]
    if card.turn_id and card.reply:
        made.append(button("Edit answer", ids.EDIT, turn))
    more = [option("Resolve", f"resolve|{case}")]
    if card.state in ("human", "waiting"):
        more.append(option("Release to bot", f"release|{case}"))
    if card.turn_id and card.guesses:
        more += [option("Out of scope", f"oos|{turn}"), option("Explain", f"explain|{turn}")]
    made.append({"type": "overflow", "action_id": ids.MORE, "options": more})
    return actions(made)
