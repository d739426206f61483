"""Messages to customers as Block Kit. Pure."""

from collections.abc import Sequence

from bot import text
from bot.listeners import ids
from bot.listeners.parts import Block, actions, button, confirmed, context, sections
from bot.values import Said, Trained
from storage.scores import SCALE

EVENT_TYPE = "understudy_turn"
NOTICE_TYPE = "understudy_notice"
ALSO = "You may also need:"
PERHAPS = "Perhaps this helps:"
VERDICT = 45
"""Sections of a verdict at the most: Slack takes 50 blocks."""


def fallback(said: Said) -> str:
    """The `text` sent beside the blocks: notifications and screen readers read it."""
    return text.sections(text.mrkdwn(text.shorten(said.text, text.REPLY_LIMIT)), 3900)[0] if said.text.strip() else " "


def reply(said: Said) -> list[Block]:
    """The whole message."""
    return [*sections(text.mrkdwn(text.shorten(said.text, text.REPLY_LIMIT))), *beneath(said)]


def beneath(said: Said) -> list[Block]:
    """What stands under the words."""
    blocks: list[Block] = []
    if said.sources:
        titles = " · ".join(text.escaped(title, 150) for title in said.sources[:3])
        blocks.append(context(f"From: {titles}"))
    if said.choices:
        blocks.append(_choices(said))
    elif said.orders:
        blocks.append(_orders(said))
    elif said.person or said.done:
        done = [button("I'm all set", ids.DONE, f"{said.case_id}|{said.turn_id}")] if said.feedback or said.done else []
        blocks.append(actions([*done, *([_person(said)] if said.person else [])]))
    blocks += _also(said)
    if said.rate is not None:
        blocks.append(_scores(said.case_id, said.rate))
    if said.feedback:
        blocks.append(_feedback(said.turn_id))
    if said.notice:
        blocks.append(context(text.escaped(said.notice, 600)))
    return blocks


def metadata(said: Said) -> Block | None:
    """Lets a shortcut and a restarted bot find the turn; holds no personal data."""
    if said.mark:
        return marked(said.mark)
    if not said.turn_id:
        return None
    return {"event_type": EVENT_TYPE, "event_payload": {"turn_id": said.turn_id, **said.facts}}


def marked(mark: str) -> Block:
    """Lets a notice be found that was posted before a crash."""
    return {"event_type": NOTICE_TYPE, "event_payload": {"mark": mark}}


def _choices(said: Said) -> Block:
    chosen = [
        button(intent.title or intent.name, f"{ids.CHOOSE}_{number}", f"{said.turn_id}|{intent.name}")
        for number, intent in enumerate(said.choices[:3])
    ]
    none = button("None of these", ids.NONE_OF_THESE, str(said.turn_id))
    return actions([*chosen, none, _person(said)])


def _orders(said: Said) -> Block:
    # The number goes with the click; whose order it is, is looked at when it comes back.
    chosen = [
        button(order.title, f"{ids.WHICH_ORDER}_{place}", f"{said.turn_id}|{order.number}")
        for place, order in enumerate(said.orders[:3])
    ]
    return actions([*chosen, _person(said)])


def _also(said: Said) -> list[Block]:
    """A button for each article, under a small line: beside an answer, or for want of one."""
    pressed = [
        button(title, f"{ids.RECOMMENDED}_{number}", f"{said.turn_id}|{article}")
        for number, (article, title) in enumerate(said.also[:3])
    ]
    return [context(ALSO if said.feedback else PERHAPS), actions(pressed)] if pressed else []


def _person(said: Said) -> Block:
    return button(said.person_words or "Talk to a person", ids.PERSON, f"{said.case_id}|{said.turn_id}")


def _scores(case_id: int, given: int) -> Block:
    """One to five; the score that was given stands out."""
    return actions(
        [
            button(str(each), f"{ids.SCORE}_{each}", f"{case_id}|{each}", "primary" if each == given else "")
            for each in SCALE
        ]
    )


def _feedback(turn_id: int) -> Block:
    def half(words: str, value: str, label: str) -> Block:
        return {
            "text": {"type": "plain_text", "text": words},
            "value": f"{value}|{turn_id}",
            "accessibility_label": label,
        }

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": ids.FEEDBACK,
                "positive_button": half("Helpful", "good", "This answer helped"),
                "negative_button": half("Not helpful", "bad", "This answer did not help"),
            }
        ],
    }


def takeover(case_id: int, customer: str) -> list[Block]:
    """Asked of an agent, in private, who has just written in a case."""
    words = f"You have taken over <@{customer}>'s request: the bot is silent here until you give it back."
    keep = button("Keep", ids.KEEP, str(case_id), "primary")
    return [*sections(words), actions([keep, button("Give back to the bot", ids.GIVE_BACK, str(case_id))])]


def sending(case_id: int, ts: str) -> list[Block]:
    """Offered to an agent, in private, who has just written in the thread of a card."""
    words = "This stays among agents. Should the customer have it too, under your name? Then the case is yours."
    return [*sections(words), actions([button("Send to customer", ids.SEND_WORDS, f"{case_id}|{ts}")])]


def answer_now(turn_id: int, words: str, correction_id: int = 0) -> list[Block]:
    """Offered to the agent, in private, after a correction that changes the answer."""
    asked = f"{words}\nThe customer has not had the answer to that. Send it now?"
    buttons = [button("Reply with the right answer now", ids.ANSWER_NOW, str(turn_id), "primary")]
    buttons += [button("Undo", ids.UNDO, str(correction_id))] if correction_id else []
    return [*sections(asked), actions(buttons)]


def corrected(correction_id: int, words: str) -> list[Block]:
    """Said to the agent, in private, after a correction."""
    return [*sections(words), actions([button("Undo", ids.UNDO, str(correction_id))])]


def digest(lines: Sequence[str], to_review: int) -> list[Block]:
    """The day in the agents' channel; lines are escaped already."""
    review = actions([button("Review", ids.HOME_REVIEW, "digest", "primary")])
    return [*sections("\n".join(lines)), *([review] if to_review else [])]


def verdict(words: str, trained: Trained) -> list[Block]:
    """What stands under a training's verdict; words are escaped already. Going back is asked first."""
    # A paragraph a section: the table of figures is never cut in two.
    paragraphs = [each for each in words.split("\n\n") if each.strip()] or [" "]
    drawn = [piece for each in paragraphs for piece in sections(each)][:VERDICT]
    buttons = []
    if trained.live:
        back = button(f"Roll back to {trained.former}", ids.GO_BACK, f"{trained.run_id}|{trained.former}")
        told = f"{trained.live} steps back and {trained.former} serves again. The agents' channel is told."
        buttons.append(confirmed(back, f"Roll back to {trained.former}?", told, "Roll back"))
    if trained.changed:
        buttons.append(button("Show changed predictions", ids.CHANGED, str(trained.run_id)))
    return [*drawn, *([actions(buttons)] if buttons else [])]
