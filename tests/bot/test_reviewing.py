import pytest

from bot import reviewing
from bot.arguments import count, pairs, span
from bot.corrections import Refused
from bot.reviewing import Walk, begin, reasons, upcoming
from model.types import UnderstudyError
from storage.clicks import Clicks
from storage.feedback import Feedback
from storage.reviews import Candidate
from tests.bot.conftest import Office


def ask(office: Office, *texts: str) -> list[int]:
    return [office.ask(each, user=f"U{n}", channel=f"D{n}").turn_id for n, each in enumerate(texts, 1)]


def test_who_asked_for_a_person_is_not_said_to_have_meant_something_else(office: Office) -> None:
    asked = office.ask("hm refund")
    with office.kit.db.writing() as session:
        Clicks(session).add("T1", asked.turn_id, "UMIA", "talk_to_person")
    case, _ = upcoming(office.kit, Walk())
    assert case is not None
    assert "it did not help the customer, who chose something else or a person" in case.why


def test_the_most_useful_comes_first_and_says_why(office: Office) -> None:
    sure, unsure = ask(office, "parcel one", "hm refund")
    case, left = upcoming(office.kit, Walk())
    assert case is not None
    assert (case.turn_id, left) == (unsure, 1)
    assert case.why[0] == "the model was only 34% sure"
    with office.kit.db.writing() as session:
        Feedback(session).give("T1", sure, "U1", "bad")
    case, _ = upcoming(office.kit, Walk())
    assert case is not None
    assert case.turn_id == sure
    assert case.why[0] == "the customer did not find the answer helpful"


def test_a_walk_ends_where_it_was_told_to(office: Office) -> None:
    first, second, _ = ask(office, "parcel one", "parcel two", "parcel three")
    walk = begin(["n=2"], office.corrections)
    case, left = upcoming(office.kit, walk)
    assert case is not None
    assert left == 1
    walk = walk.skip(case.turn_id)
    done = office.corrections.confirm(second if case.turn_id != second else first, "UAGENT")
    walk = walk.labelled(done.correction.id)
    assert upcoming(office.kit, walk) == (None, 0)
    office.corrections.undo(done.correction.id, "UAGENT")
    case, _ = upcoming(office.kit, walk.undone(done.turn.id))
    assert case is not None
    assert case.turn_id == done.turn.id, "what was taken back is shown again"


def test_filters(office: Office) -> None:
    parcel, unsure = ask(office, "parcel one", "hm refund")
    for words, expected in (
        (["intent=order_status"], parcel),
        (["below=0.5"], unsure),
        (["intent=refund", "since=7d"], unsure),
    ):
        case, left = upcoming(office.kit, begin(words, office.corrections))
        assert case is not None
        assert (case.turn_id, left) == (expected, 0), words


def test_a_filter_changes_on_the_way_and_what_was_done_stays(office: Office) -> None:
    parcel, unsure, other = ask(office, "parcel one", "hm refund", "parcel three")
    done = office.corrections.confirm(other, "UAGENT")
    walk = Walk().skip(parcel).labelled(done.correction.id)
    narrowed = walk.narrowed(begin(["n=1", "below=60%", "since=7d"], office.corrections))
    assert narrowed.asked == {"n": "1", "below": "0.6", "since": "7d"}
    case, left = upcoming(office.kit, narrowed)
    assert case is not None
    assert (case.turn_id, left) == (unsure, 0), "the count begins anew"
    assert narrowed.narrowed(Walk()) == Walk(skipped=(parcel,), undo=walk.undo), "all again, but for what was skipped"
    assert Walk().asked == {}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("m=5", "Expected `[n=5] [intent=refund] [below=0.6] [since=7d]`, found `m=5`."),
        ("intnet=refund", "Did you mean `intent=refund`?"),
        ("n=0", "Expected a number from 1 to 500"),
        ("below=9", "Expected a confidence from 0 to 1"),
        ("since=soon", "Expected a time such as 7d"),
        ("since=0d", "Expected a time such as 7d"),
        ("5", "found `5`"),
        ("n=5 n=6", "found `n=6`"),
        ("intent=oos", "out of scope"),
    ],
)
def test_wrong_words_get_one_line(office: Office, words: str, line: str) -> None:
    with pytest.raises(UnderstudyError) as told:
        begin(words.split(), office.corrections)
    assert line in str(told.value)


def test_an_unknown_intent_names_the_nearest(office: Office) -> None:
    with pytest.raises(Refused, match="Did you mean `refund`"):
        begin(["intent=refnd"], office.corrections)


def test_words() -> None:
    assert span("2w").days == 14
    assert pairs(["7d", "intent=x"], {"": "7d", "intent": "intent=refund"}) == {"": "7d", "intent": "x"}
    assert count("5", 9) == 5


def test_a_walk_comes_back_as_it_was() -> None:
    walk = Walk(skipped=(3, 4), undo=(9,), done=3, n=5, below=0.5, seen=7)
    assert Walk.unpacked(walk.packed()) == walk
    assert Walk().packed() == {}
    assert Walk.unpacked({"undo": [1], "former": 3}) == Walk(undo=(1,))
    for number in range(300):
        walk = walk.skip(number).labelled(number)
    assert (len(walk.skipped), len(walk.undo)) == (reviewing.SKIPPED, reviewing.UNDO)


def test_every_reason_is_named() -> None:
    each = Candidate(1, 0.2, False, True, "agents", 0, True)
    assert reasons(each) == (
        "two agents disagree",
        "the customer did not find the answer helpful",
        "the model was only 20% sure",
        "a rare intent (0 labelled messages)",
        "drawn at random, to see what nobody doubts",
    )
    assert reasons(Candidate(1, 0.9, True, False)) == ("refused as out of scope",)
    assert reasons(Candidate(1, 0.9, False, False, rows=500)) == ("nobody has looked at it yet",)
