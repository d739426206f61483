"""The verdict between two response models, in plain words first. Loads no torch.

Both have written a reply to the same held-out questions from the same facts: some that come with the product, and some
whose answers agents wrote. The challenger is refused when it stays with its sources less often, when it claims to know
less or more than it should (more: unless by no more than chance, and it stays with its sources in more cases than it
overreaches), when its replies are less like the agents' own (than the live version's, unless by no more than chance
while it stays with its sources more often; than the untuned model's at all), much longer or shorter than theirs, or
written much more slowly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from model.evaluate_response import Judged
from model.paired import Difference, chance_of_losing, mean_difference, turned

CHANCE = 0.05
OVERREACHING = 0.2
"""The same for answering what nothing answers: the rows are few, and what is lost there is trust."""
SLOWER = 0.6
"""Of the live version's tokens a second. Both ran on a machine that does other things too, so not every fall is one."""
LENGTHS = 1.5
"""How many times longer or shorter than the approved answers its replies may be, where the live version's are not."""
LIKENESS = {"chrf": "chrF", "rouge_l": "ROUGE-L"}


@dataclass(frozen=True, slots=True)
class Side:
    """What one version wrote."""

    version: str
    replies: Sequence[Judged]
    """To the same rows in the same order as the other's."""
    agents: Sequence[Judged]
    """Those of `replies` whose approved answer an agent wrote."""
    tokens_per_second: float | None

    def grounded(self) -> list[bool]:
        return [one.right for one in self.replies if one.answerable]

    def unsure(self) -> list[bool]:
        """Whether it says so where the facts do not answer."""
        return [one.right for one in self.replies if not one.answerable]

    def speaks(self) -> list[bool]:
        """Whether it says something, where the facts answer."""
        return [not one.refused for one in self.replies if one.answerable]

    def length(self) -> float:
        """Words of its replies, by those of the approved ones; over the rows that the facts answer."""
        mine = [one for one in self.replies if one.answerable]
        approved = sum(len(one.row.reply.split()) for one in mine)
        return sum(len(one.reply.split()) for one in mine) / approved if approved else 1.0

    def likeness(self, measure: str) -> list[float]:
        """To the agents' answers."""
        return [float(getattr(one, measure)) for one in self.agents]


@dataclass(frozen=True, slots=True)
class Refusal:
    rule: str
    words: str
    cure: str = ""


def moved(champion: Side, challenger: Side) -> dict[str, Difference]:
    """By measure, how much more the challenger's replies are like the agents' answers; empty without any of these."""
    if not challenger.agents:
        return {}
    return {name: mean_difference(champion.likeness(name), challenger.likeness(name)) for name in LIKENESS}


def refusals(
    champion: Side, challenger: Side, untuned: Side | None, likeness: Mapping[str, Difference]
) -> list[Refusal]:
    """Every reason to refuse the challenger, the gravest first; empty where it may go live.

    Args:
        likeness: of `moved`.
        untuned: the base model's replies to the agents' rows; none where agents' answers are too few to hold any out.
    """
    found = [*_grounding(champion, challenger), *_speech(champion, challenger)]
    for name, difference in likeness.items():
        found += _likeness(name, difference, challenger, untuned)
    if likeness and not found and sum(challenger.grounded()) <= sum(champion.grounded()):
        found += _no_better(likeness["chrf"], len(challenger.agents))
    return [*found, *_speed(champion, challenger)]


def compared(champion: Side, challenger: Side, likeness: Mapping[str, Difference]) -> dict[str, Any]:
    """The differences that were looked at, challenger minus champion, for the log."""
    found: dict[str, Any] = {"length": {"champion": champion.length(), "challenger": challenger.length()}}
    return found | {name: {**asdict(each), "n": len(challenger.agents)} for name, each in likeness.items()}


def _grounding(champion: Side, challenger: Side) -> list[Refusal]:
    found = []
    if sum(challenger.grounded()) < sum(champion.grounded()):
        cure = "Look at the better answers that agents wrote: each should say only what an article says."
        found.append(Refusal("grounded", "it stays with its source less often", cure))
    lost, won = turned(champion.unsure(), challenger.unsure())
    gained = sum(challenger.grounded()) - sum(champion.grounded())
    if lost > won and (gained <= lost - won or chance_of_losing(lost, won) < OVERREACHING):
        found.append(Refusal("refused_right", "it answers more often where its source does not"))
    return found


def _speech(champion: Side, challenger: Side) -> list[Refusal]:
    """Whether it falls silent, or cannot stop."""
    found = []
    lost, won = turned(champion.speaks(), challenger.speaks())
    if lost > won and chance_of_losing(lost, won) < CHANCE:
        cure = "Look at the better answers that say nothing of the question."
        found.append(Refusal("refused_wrongly", f"it claims not to know {lost - won} answers more", cure))
    before, after = champion.length(), challenger.length()
    if _far(after) and not _far(before):
        found.append(Refusal("length", f"its replies are {after:.1f} times as long as the approved ones"))
    return found


def _far(length: float) -> bool:
    return length > LENGTHS or length < 1 / LENGTHS


def _likeness(name: str, difference: Difference, challenger: Side, untuned: Side | None) -> list[Refusal]:
    words, n = LIKENESS[name], len(challenger.agents)
    if difference.high < 0:
        told = f"it is less like the agents' own answers: {words} {_points(difference)} on {n} of them"
        return [Refusal(name, told)]
    if untuned is not None and _mean(challenger.likeness(name)) < _mean(untuned.likeness(name)):
        told = f"the untuned model is more like the agents' own answers ({words}, {n} of them)"
        return [Refusal(f"untuned_{name}", told)]
    return []


def _no_better(difference: Difference, n: int) -> list[Refusal]:
    """A few answers cannot tell a small loss from chance; but with nothing gained there is no reason to risk it."""
    if difference.value >= 0:
        return []
    told = f"it is no more like the agents' own answers: chrF {_points(difference)} on {n} of them, too few to be sure"
    return [Refusal("no_better", told, "More better answers make a clearer case; the next training tries again.")]


def _speed(champion: Side, challenger: Side) -> list[Refusal]:
    before, after = champion.tokens_per_second, challenger.tokens_per_second
    if not before or not after or after >= SLOWER * before:
        return []
    return [Refusal("tokens_per_second", f"it writes {after:.0f} tokens a second, the live one {before:.0f}")]


def _points(each: Difference) -> str:
    return f"{100 * each.value:+.1f} points ({100 * each.low:+.1f} to {100 * each.high:+.1f})"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def plain_words(
    live: str, new: str, found: Sequence[Refusal], figures: Mapping[str, Any], learned: int
) -> tuple[str, ...]:
    """The verdict as people read it, the deciding reason first."""
    before, after = figures["champion"], figures["challenger"]
    shares = f"On {figures['n']} held-out questions {_percent(after)} of its replies stay with their source"
    shares += f", {live}: {_percent(before)}."
    if not found:
        return (f"{new} is live, with {learned} better answers learned.", shares)
    others = [f"Also: {each.words}." for each in found[1:]]
    cures = [found[0].cure] if found[0].cure else []
    return (f"{live} stays live, {new} was refused: {found[0].words}.", shares, *others, *cures)


def _percent(measures: Mapping[str, Any]) -> str:
    share = measures.get("grounded")
    return f"{100 * (1.0 if share is None else float(share)):.0f} %"
