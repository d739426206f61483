"""What the gate lets live, and what it refuses."""

from dataclasses import replace

import pytest

from model.evaluate_response import Judged
from model.response_gate import Refusal, Side, moved, plain_words, refusals
from model.response_rows import NO_ANSWER, ResponseRow

REPLY = "Standard delivery takes three working days."


def reply(number: int, *, right: bool = True, words: str = REPLY, like: float = 0.6, unknown: bool = False) -> Judged:
    approved = f"{NO_ANSWER}." if unknown else REPLY
    return Judged(ResponseRow(f"question {number}", (REPLY,), approved), words, right, like, like)


def side(version: str, replies: list[Judged], agents: int = 0, speed: float | None = 50.0) -> Side:
    return Side(version, replies, replies[len(replies) - agents :], speed)


GOOD = [reply(number, like=0.5 + number / 100) for number in range(20)]


def judged(champion: Side, challenger: Side, untuned: Side | None = None) -> list[Refusal]:
    return refusals(champion, challenger, untuned, moved(champion, challenger))


def rules(
    champion: list[Judged], challenger: list[Judged], untuned: list[Judged] | None = None, **more: float
) -> list[str]:
    agents = 12
    last = side("untuned", untuned, agents) if untuned is not None else None
    found = judged(side("v1", champion, agents), side("v2", challenger, agents, more.get("speed", 50.0)), last)
    return [each.rule for each in found]


def test_an_equal_goes_live() -> None:
    assert rules(GOOD, GOOD) == []


def test_grounding_less_is_refused_by_one_reply() -> None:
    assert rules(GOOD, [replace(GOOD[0], right=False), *GOOD[1:]]) == ["grounded"]


def test_answering_what_the_source_does_not_is_refused() -> None:
    knows_it = reply(99, unknown=True, words=f"{NO_ANSWER}.")
    assert rules([knows_it, *GOOD], [replace(knows_it, right=False, reply=REPLY), *GOOD]) == ["refused_right"]


def test_overreaching_by_chance_is_paid_for_by_grounding_more_and_beyond_it_by_nothing() -> None:
    knows = [reply(100 + n, unknown=True, words=f"{NO_ANSWER}.") for n in range(5)]
    answers = [replace(one, right=False, reply=REPLY) for one in knows]
    worse = [replace(one, right=False) for one in GOOD[:2]] + GOOD[2:]
    assert rules([*knows, *worse], [answers[0], *knows[1:], *GOOD]) == []
    assert rules([*knows, *worse], [*answers[:2], *knows[2:], *GOOD]) == ["refused_right"], "as many as it gains"
    worst = [replace(one, right=False) for one in GOOD]
    assert rules([*knows, *worst], [*answers, *GOOD]) == ["refused_right"], "more than chance"


def test_falling_silent_is_refused_beyond_chance_only() -> None:
    silent = [replace(each, reply=f"{NO_ANSWER}.") for each in GOOD]
    assert rules(GOOD, [*silent[:2], *GOOD[2:]]) == []
    assert "refused_wrongly" in rules(GOOD, silent)


@pytest.mark.parametrize("words", ["Three.", " ".join([REPLY] * 3)])
def test_replies_much_longer_or_shorter_are_refused(words: str) -> None:
    assert rules(GOOD, [replace(each, reply=words) for each in GOOD]) == ["length"]


def test_less_like_the_agents_answers_is_refused_beyond_chance_only() -> None:
    worse = [replace(each, chrf=each.chrf - 0.1) for each in GOOD]
    assert rules(GOOD, worse) == ["chrf"]
    mixed = [replace(each, chrf=each.chrf + (0.31 if i % 2 else -0.3)) for i, each in enumerate(GOOD)]
    assert rules(GOOD, mixed) == []


def test_a_little_less_like_them_is_refused_unless_it_stays_with_its_source_more_often() -> None:
    mixed = [replace(each, chrf=each.chrf + (0.3 if i % 2 else -0.31)) for i, each in enumerate(GOOD)]
    assert rules(GOOD, mixed) == ["no_better"]
    assert rules([replace(GOOD[0], right=False), *GOOD[1:]], mixed) == []


def test_worse_than_the_untuned_model_on_the_agents_answers_is_refused() -> None:
    better = [replace(each, rouge_l=each.rouge_l + 0.01) for each in GOOD]
    assert rules(GOOD, GOOD, better) == ["untuned_rouge_l"]


def test_much_slower_is_refused() -> None:
    assert rules(GOOD, GOOD, speed=40.0) == []
    assert rules(GOOD, GOOD, speed=20.0) == ["tokens_per_second"]


def test_the_words_name_the_gravest_reason_first() -> None:
    worse = [replace(each, right=False, reply="Three.") for each in GOOD]
    found = judged(side("v1", GOOD), side("v2", worse))
    figures = {"n": 20, "champion": {"grounded": 1.0}, "challenger": {"grounded": 0.0}}
    words = plain_words("v1", "v2", found, figures, 3)
    assert words[0] == "v1 stays live, v2 was refused: it stays with its source less often."
    assert words[1] == "On 20 held-out questions 0 % of its replies stay with their source, v1: 100 %."
    assert words[2] == "Also: its replies are 0.2 times as long as the approved ones."
    assert words[3].startswith("Look at the better answers")
