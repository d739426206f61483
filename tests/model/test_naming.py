"""Names of today, over random histories of renames and merges."""

from hypothesis import given
from hypothesis import strategies as st

from model.naming import InTodaysNames, Names, renamed, resolved
from model.types import OOS, Prediction, Ranked, Request
from tests.bot.fakes import FakeClassifier

LABELS = st.sampled_from("abcdef")
CHANGES = st.lists(st.tuples(LABELS, LABELS), max_size=12)


@given(CHANGES)
def test_a_successor_has_no_successor(changes: list[tuple[str, str]]) -> None:
    found = resolved(changes)
    assert not set(found) & set(found.values())
    assert all(old != new for old, new in found.items())


@given(CHANGES, LABELS, LABELS)
def test_the_later_change_wins(changes: list[tuple[str, str]], old: str, new: str) -> None:
    before, after = Names(resolved(changes)), Names(resolved([*changes, (old, new)]))
    for label in "abcdef":
        moved = before.of(label) == before.of(old) or label == new
        assert after.of(label) == (new if moved else before.of(label))


@given(CHANGES, LABELS)
def test_renaming_back_undoes_a_rename(changes: list[tuple[str, str]], old: str) -> None:
    former = Names(resolved(changes))
    now = former.of(old)
    back = Names(resolved([*changes, (now, "new"), ("new", now)]))
    assert [back.of(label) for label in "abcdef"] == [former.of(label) for label in "abcdef"]
    assert back.of("new") == now


@given(CHANGES)
def test_what_was_one_intent_stays_one(changes: list[tuple[str, str]]) -> None:
    """As long as no name is given to another intent, which the commands refuse."""
    history: list[tuple[str, str]] = []
    for old, new in changes:
        before = Names(resolved(history))
        if before.of(old) == old and before.of(new) in (new, old):
            history.append((old, new))
            after = Names(resolved(history))
            for a in "abcdef":
                for b in "abcdef":
                    assert before.of(a) != before.of(b) or after.of(a) == after.of(b)


def test_chains() -> None:
    assert resolved([("a", "b"), ("b", "c"), ("x", "c")]) == {"a": "c", "b": "c", "x": "c"}
    assert resolved([("a", "b"), ("b", "a")]) == {"b": "a"}
    assert resolved([("a", "b"), ("b", "a"), ("a", "c")]) == {"a": "c", "b": "c"}


def said(*ranking: tuple[str, float], requests: tuple[Request, ...] = ()) -> Prediction:
    ranked = tuple(Ranked(*each) for each in ranking)
    return Prediction("words", *ranking[0], ranked, 0.1, False, "v1", requests=requests)


def test_probabilities_of_what_is_one_now_are_added() -> None:
    names = Names({"parcel": "delivery", "late": "delivery"})
    found = renamed(said(("refund", 0.4), ("parcel", 0.35), ("late", 0.25)), names)
    assert found.ranking == (Ranked("delivery", 0.6), Ranked("refund", 0.4))
    assert (found.intent, found.confidence, found.out_of_scope) == ("delivery", 0.6, False)


def test_an_archived_intent_is_neither_said_nor_ranked() -> None:
    names = Names({"old": "gone"}, frozenset({"gone"}))
    second = renamed(said(("refund", 0.7), ("old", 0.3)), names)
    assert (second.label, second.ranking) == ("refund", (Ranked("refund", 0.7),))
    first = renamed(said(("old", 0.8), ("refund", 0.2)), names)
    assert (first.label, first.intent, first.confidence) == (OOS, "refund", 0.2)
    assert renamed(said(("old", 1.0)), names).label == OOS
    assert names.out_of_use() == {"old", "gone"}
    assert (names.served("old"), names.of("old")) == (OOS, "gone")


def test_requests_that_are_one_now_are_one() -> None:
    asked = (Request("parcel", 0.9, 0, 2), Request("late", 0.9, 2, 4), Request("refund", 0.9, 4, 5))
    prediction = said(("parcel", 0.9), ("late", 0.1), requests=asked)
    both = renamed(prediction, Names({"late": "parcel"}))
    assert [each.intent for each in both.requests] == ["parcel", "refund"]
    assert renamed(prediction, Names({"late": "parcel"}, frozenset({"refund"}))).requests == ()


def test_a_classifier_speaks_in_todays_names() -> None:
    spoken = InTodaysNames(FakeClassifier(), Names({"refund": "money_back"}, frozenset({"person"})))
    assert spoken.version == "v1"
    assert spoken.intents == ["order_status", "return_how", "money_back", "unanswered", "thanks"]
    texts = ["where is my refund", "a human please", "where is my parcel"]
    assert [each.label for each in spoken.predict(texts)] == ["money_back", OOS, "order_status"]
    plain = FakeClassifier()
    assert InTodaysNames(plain, Names()).predict(texts) == plain.predict(texts)
