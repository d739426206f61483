"""The article that a knowledge gap wants, drafted from what agents told the customers who asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import text
from bot.gaps import SHOWN, KnowledgeGap
from bot.kit import Kit
from model.articles import LONGEST_TITLE
from model.gap_draft import asked, drafted
from model.gaps import Floats
from storage.agent_replies import AgentReplies
from storage.gaps import Gaps

NAMES = 60
"""Customers whose names are looked up, to be taken out."""


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What the form of the new article is filled with."""

    ref: str
    """Of the gap."""
    title: str
    body: str
    """Empty where no agent has answered."""
    questions: tuple[str, ...]
    """That it is for, worded differently."""
    name: str
    """For a new intent, where agents have given none."""


def draft(kit: Kit, gap: KnowledgeGap, encode: Callable[[Sequence[str]], Floats]) -> ArticleDraft:
    """What agents said and corrected, without what was meant for one customer alone."""
    turns = [each.turn_id for each in gap.questions]
    with kit.db.reading() as session:
        replies = AgentReplies(session, kit.team).of_cases(gap.cases)
        better = Gaps(session, kit.team).better_answers(turns)
    first = {each.conversation_id: each.at for each in reversed(gap.questions)}
    said = [each.text for each in replies if each.at >= first[each.conversation_id]]
    told = {each.conversation_id for each in replies}
    people = [*(each.user for each in gap.questions if each.conversation_id in told), *(each.agent for each in replies)]
    names = _names(kit, people)
    body = drafted([*said, *better], [each.text for each in gap.questions], encode, names)
    wordings = [each.text for each in gap.wordings(SHOWN)]
    name = "_".join(word for word in gap.terms[:2] if word.isascii() and word.isalnum())
    return ArticleDraft(gap.ref, text.shorten(asked(wordings, names), LONGEST_TITLE), body, tuple(wordings), name)


def _names(kit: Kit, users: Sequence[str]) -> list[str]:
    people = [kit.surface.person(user) for user in list(dict.fromkeys(users))[:NAMES]]
    return [name for person in people for name in (person.name, person.first_name) if name]
