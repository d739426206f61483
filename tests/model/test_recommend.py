"""What is recommended, whatever the log holds; and that the verdict can be lost."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.recommend import LEAST, MOST, STRICT, Habits, Learned, Mix, Recommender, Step, Visit, both
from model.recommend_fit import count, fold_of, judge, learn, points_of
from model.retriever import Retriever
from model.types import Article, UnderstudyError
from tests.model.fakes import FakeEncoder

NAMES = ("a", "b", "c", "d", "e", "f")


@dataclass(frozen=True)
class Flat:
    """Every article is as near as any other, or one of them nearer."""

    ids: Sequence[str] = NAMES
    nearest: str = ""
    value: float = 0.0

    def near(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        row = [self.value if id == self.nearest else 0.0 for id in self.ids]
        return np.array([row for _ in texts], dtype=np.float32).reshape(len(texts), len(self.ids))


def step(name: str, question: str = "a question") -> Step:
    return Step(name, (name,), question)


def visit(customer: str, names: Sequence[str], shown: Sequence[str] = (), clicked: Sequence[str] = ()) -> Visit:
    return Visit(customer, tuple(step(name) for name in names), tuple(shown), tuple(clicked))


names = st.lists(st.sampled_from(NAMES), max_size=5)
visits = st.lists(st.builds(visit, st.sampled_from("uvwxyz"), names, names, names), max_size=12)


@given(visits, names, names, st.sampled_from(NAMES), st.floats(-1, 1), st.integers(0, 9))
def test_at_most_three_none_twice_none_known_and_scores_are_shares(
    log: list[Visit], asked: list[str], seen: list[str], nearest: str, value: float, most: int
) -> None:
    nearness = Flat(nearest=nearest, value=value)
    for learned in (None, learn(log, nearness)):
        found = Recommender(nearness, learned, never={"f"}).after([step(name) for name in asked], seen, most)
        shown = [each.article for each in found]
        assert len(shown) <= min(MOST, most)
        assert len(set(shown)) == len(shown)
        assert not set(shown) & {*asked, *seen, "f"}
        assert all(0 <= number <= 1 for it in found for number in (it.score, it.habit, it.near))
        assert [it.score for it in found] == sorted((it.score for it in found), reverse=True)


@given(visits, st.randoms())
def test_what_is_learned_does_not_depend_on_the_order_of_customers(log: list[Visit], chance: object) -> None:
    other = list(log)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert learn(log, Flat()).version == learn(other, Flat()).version


@given(visits)
def test_it_comes_back_from_json_as_it_was(log: list[Visit]) -> None:
    learned = learn(log, Flat())
    assert Learned.of_json(json.loads(json.dumps(learned.to_json()))).version == learned.version


@pytest.mark.parametrize("damage", [{"format": 2}, {"version": "next-0"}, {"habits": {"odd": 1}}, {"mix": None}])
def test_what_is_damaged_is_refused_in_one_line(damage: dict[str, object]) -> None:
    kept = Learned(Habits(), Mix()).to_json() | damage
    with pytest.raises(UnderstudyError, match="expected recommendations of format 1") as refused:
        Learned.of_json(kept)
    assert "\n" not in str(refused.value)


def test_two_topics_decide_where_they_are_known_and_one_where_not() -> None:
    habits = count([visit("u", "abc"), visit("v", "abc"), visit("w", "dbe"), visit("x", "dbe"), visit("y", "dbe")])
    ids = list(NAMES)

    def best(topics: str) -> str:
        return ids[int(habits.probabilities(list(topics), ids).argmax())]

    assert best("ab") == "c"
    assert best("db") == "e"
    assert best("fb") == "e", "nobody came from f: what came after b decides"
    assert habits.probabilities(["f"], ids) == pytest.approx(habits.probabilities([], ids))
    assert habits.after_two[both("a", "b")] == {"c": 2}
    assert habits.probabilities(list("ab"), ids).sum() == pytest.approx(1)


def test_a_need_that_was_met_before_is_no_new_one() -> None:
    found = points_of([visit("u", "aba"), visit("v", "c")])
    assert [(point.topics, set(point.wanted)) for point in found] == [(("a",), {"b"})]


def test_what_is_shown_and_never_opened_is_shown_less_but_never_vanishes() -> None:
    habits = Habits(shown={"a": 200, "b": 200}, clicked={"b": 40})
    a, b, c = habits.appeal(["a", "b", "c"])
    assert LEAST <= a < c <= 1
    assert b == 1


def test_what_is_left_is_no_likelier_because_the_likely_was_needed_already() -> None:
    learned = Learned(count([visit(f"u{n}", "ab") for n in range(30)]), Mix(0.0))
    assert [it.article for it in Recommender(Flat(), learned).after([step("a")])] == ["b"]
    assert Recommender(Flat(), learned).after([step("b"), step("a")]) == []


def test_by_meaning_alone_only_what_is_very_near() -> None:
    asked = [step("a")]
    assert Recommender(Flat(nearest="b", value=STRICT - 0.01), None).after(asked) == []
    found = Recommender(Flat(nearest="b", value=STRICT + 0.01), None).after(asked)
    assert [(it.article, it.habit) for it in found] == [("b", 0.0)]
    assert Recommender(Flat(nearest="b", value=1.0), None).after([]) == [], "nothing was asked"


def random_log(rule: dict[str, str], customers: int, seed: int = 3) -> list[Visit]:
    """Customers who need by rule what comes next; what the rule does not name comes by chance."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(customers):
        first = NAMES[int(rng.integers(len(NAMES)))]
        free = [name for name in NAMES if name != first]
        made.append(visit(f"u{number}", [first, rule.get(first) or free[int(rng.integers(len(free)))]]))
    return made


def test_a_log_with_habits_is_found_better_than_popularity() -> None:
    judged = judge(random_log(dict(zip(NAMES, "bcdefa", strict=True)), 150), Flat())
    assert judged.better
    assert judged.figures["mix"].hit > 0.95 > 0.7 > judged.figures["popularity"].hit
    assert judged.cases == judged.customers == 150


def test_a_log_of_chance_is_not_and_who_knows_nothing_hits_three_of_five() -> None:
    judged = [judge(random_log({}, 150, seed), Flat()) for seed in range(12)]
    assert all(each.measured and each.figures["meaning"].hit == pytest.approx(3 / 5) for each in judged)
    assert sum(each.better for each in judged) <= 1
    assert np.mean([each.figures["mix"].hit for each in judged]) == pytest.approx(3 / 5, abs=0.03)


def test_a_small_log_is_not_measured() -> None:
    rule = dict(zip(NAMES, "bcdefa", strict=True))
    assert not judge(random_log(rule, 39), Flat()).measured
    few = [visit("u", each) for each in ("ab", "bc", "cd", "de") * 20]
    assert not judge(few, Flat()).measured, "one customer says nothing of another"


@given(visits)
def test_a_desk_without_articles_learns_nothing_and_fails_at_nothing(log: list[Visit]) -> None:
    nothing = Retriever(FakeEncoder(), [])
    assert not judge(log, nothing).measured
    learned = learn(log, nothing)
    assert learned.cases == 0
    assert Recommender(nothing, learned).after([step("a")]) == []


def test_where_meaning_knows_and_the_log_does_not_the_mix_leans_on_meaning() -> None:
    articles = [Article(name, f"{name * 4} word", f"All about {name * 4}.") for name in NAMES]
    log = random_log({}, 120)
    told = [
        Visit(
            each.customer, (Step(each.steps[0].topic, each.steps[0].articles, each.steps[1].topic * 4), each.steps[1])
        )
        for each in log
    ]
    learned = learn(told, Retriever(FakeEncoder(), articles))
    assert learned.mix.meaning > 0.8
    assert learn(random_log(dict(zip(NAMES, "bcdefa", strict=True)), 120), Flat()).mix.meaning < 0.2


def test_folds_are_the_same_for_ever() -> None:
    assert [fold_of(f"T1:U{number}") for number in range(6)] == [3, 2, 4, 2, 1, 2]
    assert {fold_of(f"T1:U{number}") for number in range(50)} == set(range(5))
