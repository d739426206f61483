"""The App Home as Block Kit. Pure."""

from collections.abc import Sequence

from bot import text, wording
from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, confirmed, context, header, section
from bot.values import Asked, Kept
from model.types import Intent

WHAT = (
    "I am a bot. Ask me anything about your order, delivery, returns or your account: write to me under *Messages*. "
    "I answer from what our team has approved, and call a person when I am not sure."
)
MINE = "Your requests, and what I keep of you"
TOPICS = 8
BOT_STATES = {"bot": "with the bot", "waiting": "waits for a person", "closed": "closed"}


def customer(topics: Sequence[Intent], asked: Sequence[Asked], kept: Kept, notice: str) -> Block:
    """What it does, that it is a bot, what people ask most, and what is theirs."""
    blocks = [header("Understudy, the support bot"), section(WHAT)]
    if topics:
        elements = [
            button(intent.title or intent.name, f"{ids.HOME_TOPIC}_{number}", intent.name)
            for number, intent in enumerate(topics[:TOPICS])
        ]
        blocks += [section("*What people ask most*"), actions(elements)]
    blocks += [
        actions([button("Talk to a person", ids.HOME_PERSON, "home", "primary")]),
        {"type": "divider"},
        *mine(asked, kept),
        context(text.escaped(notice, 600)),
    ]
    return {"type": "home", "blocks": blocks}


def mine(asked: Sequence[Asked], kept: Kept) -> list[Block]:
    """A customer's requests and data: in the Home, and as a message to them alone."""
    lines = [_request(each) for each in asked]
    blocks = [section("\n".join(["*My requests*", *(lines or ["None yet."])]))]
    return [*blocks, section(f"*My data*\n{said_of(kept, 'yours')}"), _data_buttons(kept)]


def see(kept: Kept) -> str:
    """Everything there is to say of somebody's data, in plain words."""
    return f"{said_of(kept, 'yours')}\n\n{wording.MY_DATA}\n\n*Erasing it:* {wording.ERASE_ASKED} {wording.NOT_ERASED}"


def _request(asked: Asked) -> str:
    state = BOT_STATES.get(asked.state) or f"with {text.escaped(asked.holder, 80)}"
    words = text.escaped(text.shorten(" ".join(asked.words.split()), 80), 120) or f"a request of {asked.at:%d %B %Y}"
    shown = f"<{asked.link}|{words.replace('|', '¦')}>" if asked.link.startswith("http") else words
    return f"• {shown} · _{state}_"


def said_of(kept: Kept, whose: str) -> str:
    """What is kept in a sentence or two; `yours` or `theirs`."""
    asked = f"Nothing is learned from {'you' if whose == 'yours' else 'them'}, as asked."
    if not kept.messages or kept.since is None:
        return f"I keep no words of {whose}." + ("" if kept.learns else f" {asked}")
    count = f"{kept.messages} messages" if kept.messages > 1 else "one message"
    learns = "I learn from them." if kept.learns else asked
    return f"I keep {count} of {whose} since {kept.since:%d %B %Y}, with my answers to them. {learns}"


def _data_buttons(kept: Kept) -> Block:
    learn = (
        button("Stop learning from me", ids.DATA_STOP, "stop")
        if kept.learns
        else button("Learn from me again", ids.DATA_LEARN, "learn")
    )
    made = [button("See what is kept", ids.DATA_SEE, "see"), learn]
    if kept.messages:
        made.insert(1, button("Send me a copy", ids.DATA_COPY, "copy"))
        erase = button("Erase my words", ids.DATA_ERASE, "erase", "danger")
        made.append(confirmed(erase, "Erase my words?", wording.ERASE_ASKED, "Erase"))
    return actions(made)
