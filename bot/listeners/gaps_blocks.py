"""Knowledge gaps as Block Kit: the list, and the form of the article that is missing. Pure."""

from collections.abc import Sequence

from bot import text
from bot.gap_drafts import ArticleDraft
from bot.gaps import OTHERS, KnowledgeGap
from bot.listeners import ids, knowledge_blocks
from bot.listeners.modals import pack
from bot.listeners.parts import Block, actions, button, context, field_input, modal, option, section, text_input
from model.types import Intent

MOST = 15
"""Gaps that a list shows."""
SPANS = (7, 30, 60, 90)
"""Days that may be looked back at a click."""
DISMISSED = "Dismissed just now."
_BARS = "▁▂▃▄▅▆▇█"


def looking() -> Block:
    """While the questions are being grouped."""
    return modal(ids.GAPS_VIEW, "Knowledge gaps", [section("Looking at what customers asked ...")], close="Close")


def page(gaps: Sequence[KnowledgeGap], days: int, last: str = "", deed: str = "") -> Block:
    """The most asked ones, each with what can be done about it.

    Args:
        last: what was done just now, escaped; with a `deed` it can be taken back.
    """
    blocks: list[Block] = []
    if last:
        done = section(last)
        blocks.append(done | {"accessory": button("Undo", ids.GAP_UNDO, f"{deed}|{days}")} if deed else done)
    if not gaps:
        words = f"Nothing: each question of {_last(days)} had an answer, or came fewer than three times."
    else:
        keep = "question keeps coming and has" if len(gaps) == 1 else "questions keep coming and have"
        words = f"*{len(gaps)}* {keep} no answer, by {_last(days)}."
    blocks.append(section(words) | {"accessory": _spans(days)})
    for number, gap in enumerate(gaps[:MOST]):
        blocks += [section(_told(gap)), actions(_buttons(gap), f"gap_{number}")]
    if len(gaps) > MOST:
        blocks.append(context(f"... and {len(gaps) - MOST} that are asked less."))
    kept = pack(days=days, deed=deed) if deed else pack(days=days)
    return modal(ids.GAPS_VIEW, "Knowledge gaps", blocks, kept, close="Close")


def _spans(days: int) -> Block:
    options = {each: option(_last(each).capitalize(), f"{each}d") for each in sorted({*SPANS, days})}
    return {
        "type": "static_select",
        "action_id": ids.GAP_SPAN,
        "options": list(options.values()),
        "initial_option": options[days],
    }


def _last(days: int) -> str:
    return f"the last {days} days" if days > 1 else "the last day"


def article(
    draft: ArticleDraft, intents: Sequence[str], known: Sequence[Intent], list_id: str, days: int | None = None
) -> Block:
    """The form of a new article, filled with the draft.

    Args:
        intents: that agents gave; without any a new one is proposed.
        known: the intents to choose from.
        list_id: the view that it is put upon, which is drawn again afterwards.
        days: that the list looks back.
    """
    pieces = knowledge_blocks.parts(draft.body)
    said = "It is made of what agents replied: read it first." if pieces and draft.body else "Nobody has answered yet."
    blocks = [context(said), *knowledge_blocks.fields(draft.title, intents, pieces, known), *_taught(draft, intents)]
    kept = pack(gap=draft.ref, list=list_id, days=days)
    return modal(ids.GAP_ARTICLE_VIEW, "Write article", [*blocks, context(knowledge_blocks.AT_ONCE)], kept, "Save")


def _taught(draft: ArticleDraft, intents: Sequence[str]) -> list[Block]:
    """The questions, and what they are to be understood as from now on."""
    name = text_input(ids.VALUE, "" if intents else draft.name, multiline=False, placeholder="mug_engraving")
    hint = "Leave it empty where one of the intents above is meant."
    learn = option("Understand these questions as that intent from now on", "teach")
    boxes: Block = {"type": "checkboxes", "action_id": ids.VALUE, "options": [learn], "initial_options": [learn]}
    return [
        field_input(ids.NAME_BLOCK, "A new intent for it", name | {"max_length": 200}, optional=True, hint=hint),
        section("\n".join(f">{text.escaped(_line(each), 200)}" for each in draft.questions)),
        field_input(ids.ALSO_BLOCK, "Teach", boxes, optional=True),
    ]


def _told(gap: KnowledgeGap) -> str:
    asked, people = len(gap.questions), gap.customers
    whose = "1 customer" if people == 1 else f"{people} customers"
    counts = " · ".join(map(str, gap.weeks))
    head = f"*{text.escaped(gap.name, 200)}* · {asked} questions of {whose} · by week {bars(gap.weeks)} {counts}"
    return "\n".join([head, *(f">{text.escaped(_line(each.text), 250)}" for each in gap.wordings(1 + OTHERS))])


def _buttons(gap: KnowledgeGap) -> list[Block]:
    return [
        button("Write article", ids.GAP_WRITE, gap.ref, "primary"),
        button("New intent", ids.GAP_INTENT, gap.ref),
        button("Dismiss", ids.GAP_DISMISS, gap.ref),
    ]


def bars(counts: Sequence[int]) -> str:
    """Small bars, the highest for the most."""
    most = max(counts, default=0) or 1
    return "".join(_BARS[round(count / most * (len(_BARS) - 1))] for count in counts)


def _line(words: str) -> str:
    return text.shorten(" ".join(words.split()), 180)
