"""The card of a case in the agents' channel. Pure."""

import re

from bot import text
from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, context, option, picture, section
from bot.text import age as age
from bot.values import Card, Enclosed, Fix, Guess, Judged, Told
from model.types import OOS
from storage.scores import SCALE

STATES = {"bot": "with the bot", "waiting": "waits for a person", "human": "taken", "closed": "resolved"}
TAKEN_BACK = "The customer has erased what was written here"


def _words(card: Card) -> str:
    """The message, or why there is none to read."""
    if card.erased:
        return f"_{TAKEN_BACK}._"
    if card.text.strip():
        return text.quoted(card.text)
    return "_No words of their own._" if card.enclosed else "_Without a message yet._"


def fallback(card: Card) -> str:
    """The `text` beside the blocks."""
    return text.escaped(f"{card.reason}: {said(card, 200)}", 1000)


def said(card: Card, limit: int) -> str:
    """Its words in a line, plain."""
    return TAKEN_BACK if card.erased else text.shorten(card.text, limit)


def card(card: Card) -> list[Block]:
    """The whole card; the same function draws it the first time and after every change."""
    blocks = [section(f"*{text.escaped(card.reason, 200)}* · <@{card.customer}> · {_state(card)}")]
    if card.said_before:
        # In direct messages agents see no thread but the card.
        blocks.append(context(_said("Earlier in this case", card.said_before)))
    blocks.append(section(_words(card)))
    blocks += enclosed(card.enclosed)
    if card.said_since:
        blocks.append(context(_said("Since then", card.said_since)))
    if card.language:
        unread = ", which the model does not read: its guess means little" if card.unread else ""
        blocks.append(context(f"Written in {text.escaped(card.language, 100)}{unread}."))
    if not card.erased:
        blocks.append(section("\n".join([understood(card.guesses, card.out_of_scope, card.taught), *_beside(card)])))
    if card.reply:
        title = "Draft, not sent" if card.draft else "The bot wrote first" if card.replaced else "The bot said"
        blocks.append(section(f"*{title}*\n{text.quoted_markdown(card.reply)}"))
    blocks += [*told(card.told), *judged(card.judged), *scored(card.score)]
    if card.fix is not None:
        blocks += fixed(card.fix)
    if card.about or card.orders or card.before:
        blocks.append(context(_known(card)))
    if card.dismissed_by:
        said = section(f"_Not a request_, says <@{card.dismissed_by}>: out of statistics and training.")
        blocks.append(said | {"accessory": button("Undo", ids.RESTORE, str(card.turn_id))})
    blocks.append(context(_small_print(card)))
    return blocks + _deeds(card)


def enclosed(files: tuple[Enclosed, ...]) -> list[Block]:
    """What came with the message, and with others of the case: what was read there, marked as read from it, and how
    surely; or that it was not."""
    own, others = [each for each in files if not each.other], [each for each in files if each.other]
    made = [section(_enclosed(each)) for each in (*own[:4], *others[:2])]
    shown = [each for each in own[:4] if each.picture]
    return made + [picture(each.picture, each.text or each.name) for each in shown]


def _enclosed(file: Enclosed) -> str:
    name = text.escaped(file.name or "file", 120).replace("|", "¦")
    name = f"<{file.link}|{name}>" if re.fullmatch(r"https?://[^\s<>|]{1,1000}", file.link) else name
    beside = ", with another message" if file.other else ""
    if file.kind == "voice":
        said = f"*Said in {name}*{beside}\n{text.quoted(file.text, 800)}"
        return said if file.text else f"{name}{beside} has no transcript."
    if file.text:
        return f"*Read from {name}*, {file.confidence:.0%} sure{beside}\n{text.quoted(file.text, 800)}"
    why = f"was not read ({text.escaped(file.reason, 40)})" if file.reason else "is not read yet"
    return f"{name}{beside} {why}."


def told(last: Told | None) -> list[Block]:
    """What an agent has told the customer, for whoever comes after: nobody else reads the customer's thread."""
    return [section(f"*<@{last.by}> told them:*\n{text.quoted(last.text, 400)}")] if last is not None else []


def judged(those: tuple[Judged, ...]) -> list[Block]:
    """Who found an answer not helpful, and why: the latest three."""
    return [section(_judged(each)) for each in those[-3:]]


def scored(score: int) -> list[Block]:
    """How the customer found it, once they have said so."""
    return [section(f"They gave it *{score} of {SCALE[-1]}*.")] if score else []


def _judged(each: Judged) -> str:
    said = f"*{'Another answer was not helpful' if each.other else 'Not helpful'}*, says <@{each.by}>"
    said += f": {text.escaped(each.why, 100)}" if each.why else ""
    return f"{said}\n{text.quoted(each.comment, 800)}" if each.comment else said


def understood(guesses: tuple[Guess, ...], out_of_scope: bool, taught: bool = False) -> str:
    """The prediction and its runner-up with a bar, or that there is none; or what agents have taught in its place."""
    if taught and guesses and not out_of_scope:
        return f"*{text.escaped(guesses[0].title, 100)}*, as agents have labelled such words before."
    if not guesses:
        return "_Nothing was recognised._"
    lines = [f"`{text.bar(it.probability)}` {it.probability:.0%} {text.escaped(it.title, 100)}" for it in guesses[:2]]
    if out_of_scope:
        by = ", as agents have labelled such words before" if taught else ""
        lines.insert(0, f"*Out of scope*{by}; nearest:")
    return "\n".join(lines)


def _beside(card: Card) -> list[str]:
    """What else the message asks, and whether others were read with it."""
    lines = [
        f"*Also asks:* `{text.bar(each.probability)}` {each.probability:.0%} {text.escaped(each.title, 100)}"
        for each in card.further[:2]
    ]
    return [*lines, "_Read with the messages before it._"] if card.in_context else lines


def fixed(fix: Fix) -> list[Block]:
    """Who corrected what, with the better answer and the note that were left, and its Undo."""
    if fix.confirms and fix.better_answer.strip():
        # Who words an answer anew leaves its label, and has not called it right.
        words = f"✓ *{_name(fix.after)}*, in other words by <@{fix.by}>"
    elif fix.confirms:
        words = f"✓ Label *{_name(fix.after)}* is right, says <@{fix.by}>"
    else:
        words = f"✏️ *{_name(fix.before)}* → *{_name(fix.after)}* by <@{fix.by}>"
    if fix.better_answer.strip():
        words += f"\n*A better answer*\n{text.quoted_markdown(fix.better_answer, 800)}"
    if fix.note.strip():
        words += f"\n*Note*\n{text.quoted(fix.note, 400)}"
    made = section(words)
    if fix.undoable:
        made["accessory"] = button("Undo", ids.UNDO, str(fix.id))
    return [made]


def _said(when: str, words: tuple[str, ...]) -> str:
    return "\n".join([f"*{when}:*", *(f"“{text.escaped(each, 250)}”" for each in words)])


def _known(card: Card) -> str:
    """What is known of the customer: their last case, the orders that they ask about, and their newest ones."""
    before = [f"*Before:* {text.escaped(card.before, 200)}"] if card.before else []
    about = _listed("They ask about", card.about)
    return "\n".join([*before, *about, *_listed("Their other orders" if about else "Their orders", card.orders)])


def _listed(title: str, orders: tuple[str, ...]) -> list[str]:
    return [f"*{title}:*", *(f"• {text.escaped(order, 300)}" for order in orders[:3])] if orders else []


def _name(label: str) -> str:
    return "out of scope" if label == OOS else text.escaped(label, 150)


def _state(card: Card) -> str:
    words = STATES.get(card.state, card.state)
    if card.state == "human" and card.holder:
        words = f"taken by <@{card.holder}>"
    return words + (" · _test_" if card.is_test else "")


def _small_print(card: Card) -> str:
    new = text.fresh(card.opened_at, card.now)
    parts = ["just opened" if new else f"open for {age(card.opened_at, card.now)}"]
    if card.turn_id:
        parts.append(f"turn {card.turn_id}")
    if card.versions:
        parts.append(text.escaped(card.versions, 200))
    if card.link.startswith("http"):
        parts.append(f"<{card.link}|open the thread>")
    return " · ".join(parts) + " · replies here stay among agents"


def _deeds(card: Card) -> list[Block]:
    if card.state != "closed":
        return [_buttons(card)]
    if card.dismissed_by or not _labelled(card):
        return []
    # Whoever has solved it knows best what it was.
    more: Block = {"type": "overflow", "action_id": ids.MORE, "options": _label_options(card)}
    return [actions([*_label_buttons(card), _explain(card), more])]


def _buttons(card: Card) -> Block:
    case, turn = str(card.case_id), str(card.turn_id)
    made: list[Block] = []
    if card.draft:
        made.append(button("Send draft", ids.SEND, turn, "primary"))
    if card.state != "human":
        made.append(button("Take it", ids.TAKE, case, "" if card.draft else "primary"))
    else:
        made.append(button("Hand over", ids.GIVE, case))
    made.append(button("Write to customer", ids.WRITE, case))
    if _labelled(card):
        made += _label_buttons(card)
    if card.turn_id and card.answered:
        made.append(button("Edit answer", ids.EDIT, turn))
    if _labelled(card):
        # Beside the others and not among them: an overflow menu holds five.
        made.append(_explain(card))
    more = [option("Resolve", f"resolve|{case}")]
    if card.state in ("human", "waiting"):
        more.append(option("Release to bot", f"release|{case}"))
    if _labelled(card):
        more += _label_options(card)
    if card.turn_id and not (card.dismissed_by or card.erased):
        more.append(option("Not a request", f"dismiss|{turn}"))
    made.append({"type": "overflow", "action_id": ids.MORE, "options": more})
    return actions(made)


def _labelled(card: Card) -> bool:
    """Whether there is a message to label: not where its customer has taken it back."""
    return bool(card.turn_id and card.guesses)


def _label_buttons(card: Card) -> list[Block]:
    return [button("Label is right", ids.RIGHT, _seen(card)), button("Correct label", ids.CORRECT, str(card.turn_id))]


def _label_options(card: Card) -> list[Block]:
    return [option("Out of scope", f"oos|{_seen(card)}"), option("New intent…", f"new|{card.turn_id}")]


def _explain(card: Card) -> Block:
    return button("Explain", ids.EXPLAIN, str(card.turn_id))


def _seen(card: Card) -> str:
    """What stood when the card was drawn goes with the click: a colleague's label is never overruled unseen."""
    return f"{card.turn_id}|{card.seen}"
