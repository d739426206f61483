"""The review modal, and the form that narrows it, as Block Kit. Pure."""

from collections.abc import Mapping, Sequence

from bot import text
from bot.arguments import span
from bot.figures import spoken
from bot.listeners import ids, modals
from bot.listeners.cards import judged, understood
from bot.listeners.cards import told as last_told
from bot.listeners.parts import Block, actions, button, context, field_input, modal, option, section
from bot.listeners.values import Values, chosen
from bot.reviewing import FORMS, Walk
from bot.values import Case
from model.types import Intent

SHORT = 400
"""Characters of a message in the review: its buttons stay in sight."""
ANY = "*"
"""Chosen where nothing is to be narrowed by; no intent is called so."""
EVERY = option("All intents", ANY)
BELOW = ("0.3", "0.5", "0.6", "0.8", "0.9")
SINCE = ("24h", "7d", "30d", "90d")
COUNTS = ("5", "10", "20", "50")


def review(case: Case | None, left: int, walk: Walk, last: str = "", about: Intent | None = None) -> Block:
    """One turn with the likely labels as buttons; or that nothing is left.

    Args:
        walk: the agent's way through the queue, as it travels inside the modal.
        last: what was done just now.
        about: the intent that the walk is narrowed to.
    """
    data = modals.pack(**walk.packed())
    only = told(walk, about)
    done = [*([context(text.escaped(last, 1000))] if last else []), *_way(walk, case is None)]
    if case is None:
        over = walk.n and walk.done >= walk.n
        words = f"These were your {walk.n}." if over else f"Nothing {'like this ' if only else ''}waits for review."
        shown = [context(only)] if only else []
        return modal(ids.REVIEW_VIEW, "Review", [*shown, section(f"{words} Thank you!"), *done], data, close="Close")
    blocks = [
        context(" · ".join(filter(None, (f"{left} left" if left else "the last one", only)))),
        section(text.quoted(case.text, SHORT)),
        section(understood(case.guesses, case.out_of_scope, case.taught)),
        *last_told(case.told),
        *judged(case.judged),
        *([context(text.escaped(f"Why: {'; '.join(case.why)}", 1000))] if case.why else []),
        # A fresh block id each time: clients keep a button's "pressed" look while the id stays.
        actions(_labels(case), f"review_{case.turn_id}"),
        *done,
    ]
    return modal(ids.REVIEW_VIEW, "Review", blocks, data, close="Close")


def told(walk: Walk, about: Intent | None = None) -> str:
    """What a walk is narrowed to, escaped; empty where everything is shown."""
    asked = walk.asked
    title = (about.title or about.name) if about else walk.intent
    return " · ".join(
        [
            *([f"only *{text.escaped(title, 200)}*"] if title else []),
            *([_sure(asked["below"]).lower()] if "below" in asked else []),
            *([f"the last {spoken(span(asked['since']))}"] if "since" in asked else []),
        ]
    )


def narrow(walk: Walk, over: str, about: Intent | None = None) -> Block:
    """The form of the filter, filled with the one that is on.

    Args:
        over: the review that it is put upon, which is drawn again afterwards.
    """
    asked = walk.asked
    menu: Block = {"type": "external_select", "action_id": ids.NARROW_INTENT, "min_query_length": 0}
    menu["initial_option"] = modals.intent_options([about], [])[0] if about else EVERY
    counts = {each: f"The next {each}" for each in _with(COUNTS, asked.get("n"))}
    sure = {each: _sure(each) for each in _with(BELOW, asked.get("below"))}
    times = {each: f"The last {spoken(span(each))}" for each in _with(SINCE, asked.get("since"))}
    blocks = [
        field_input(block_of("intent"), "Understood as", menu),
        field_input(block_of("below"), "How sure the model was", _menu("However sure", sure, asked.get("below"))),
        field_input(block_of("since"), "Asked in", _menu("At any time", times, asked.get("since"))),
        field_input(block_of("n"), "How many", _menu("All of them", counts, asked.get("n"))),
    ]
    data = modals.pack(review=over, walk=walk.packed())
    return modal(ids.NARROW_VIEW, "Narrow the review", blocks, data, "Show these")


def block_of(name: str) -> str:
    """The block in which one of FORMS is chosen."""
    return f"{ids.NARROW_BLOCK}_{name}"


def words(values: Values) -> list[str]:
    """What was chosen in the form, as it would be typed behind the command."""
    found = {name: chosen(values, block_of(name)) for name in FORMS}
    return [f"{name}={value}" for name, value in found.items() if value not in ("", ANY)]


def _way(walk: Walk, empty: bool) -> list[Block]:
    """Back, and which turns are shown: one row, so that Undo is where it was. Nothing to narrow where nothing waits."""
    made = [button("Undo the last label", ids.REVIEW_UNDO, str(walk.undo[-1]))] if walk.undo else []
    if walk.asked or not empty:
        made.append(button("Narrow…", ids.REVIEW_NARROW, "narrow"))
    if walk.asked:
        made.append(button("Show all", ids.REVIEW_ALL, "all"))
    return [actions(made, "way")] if made else []


def _labels(case: Case) -> list[Block]:
    turn = str(case.turn_id)
    buttons = []
    if case.guesses:
        words = "Out of scope" if case.out_of_scope else case.guesses[0].title
        buttons.append(button(f"✓ Right: {words}", ids.REVIEW_RIGHT, turn, "primary"))
    others = case.guesses[:2] if case.out_of_scope else case.guesses[1:3]
    buttons += [
        button(guess.title, f"{ids.REVIEW_PICK}_{number}", f"{turn}|{guess.name}")
        for number, guess in enumerate(others)
    ]
    if not case.out_of_scope:
        buttons.append(button("Out of scope", ids.REVIEW_OOS, turn))
    return [*buttons, button("Other…", ids.REVIEW_OTHER, turn), button("Skip", ids.REVIEW_SKIP, turn)]


def _sure(below: str) -> str:
    return f"Less than {float(below) * 100:g}% sure"


def _with(usual: Sequence[str], now: str | None) -> list[str]:
    """The usual choices, behind the one that is on where a command asked for another."""
    return [*([now] if now and now not in usual else []), *usual]


def _menu(everything: str, choices: Mapping[str, str], now: str | None) -> Block:
    options = [option(everything, ANY), *(option(words, value) for value, words in choices.items())]
    on = next((each for each in options if each["value"] == now), options[0])
    return {"type": "static_select", "action_id": ids.VALUE, "options": options, "initial_option": on}
