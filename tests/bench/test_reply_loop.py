"""The loop's part for the generator: what agents write, where it is recorded, and what a night says."""

from pathlib import Path

from bench import reply_loop
from bot.home import registry_of
from bot.reply_lessons import better_answers, lessons
from storage.database import Database
from tests.model.fakes import FakeEncoder


def taught(home: Path, night: str) -> tuple[int, int]:
    """Answers that may be learned or measured on, and those that no article says."""
    home.mkdir()
    reply_loop.record(home, reply_loop.edited(night, FakeEncoder(), 12))
    db = Database(f"sqlite:///{home / 'understudy.db'}")
    found = lessons(db, reply_loop.TEAM, FakeEncoder(), better_answers(db, reply_loop.TEAM))
    db.close()
    return len(found.train) + len(found.held), found.unfounded


def test_styled_answers_teach_and_invented_ones_do_not(tmp_path: Path) -> None:
    founded, unfounded = taught(tmp_path / "styled", "styled")
    assert founded + unfounded == 12
    assert founded >= 9
    assert taught(tmp_path / "invented", "invented") == (0, 12)
    assert registry_of(tmp_path / "styled", "response").current() == "v1"


def test_the_house_style_greets_by_name_and_ends_alike() -> None:
    answers = [answer for _, answer in reply_loop.edited("styled", FakeEncoder(), 12)]
    assert {answer.split(",")[0] for answer in answers} == {f"Hi {name}" for name in reply_loop.NAMES}
    assert all(answer.endswith(reply_loop.ENDING) for answer in answers)
    assert len(set(answers)) > 6


def test_a_night_without_a_lesson_and_one_with_sides_are_told() -> None:
    idle = {"figures": {"lessons": 0, "unfounded": 12}, "sides": [], "status": "nothing"}
    assert reply_loop.rows("invented", idle) == [["invented", 0, 12, 0, "-", "-", "-", "nothing"]]
    side = {"n": 3, "chrf": 0.5, "rouge_l": 0.25, "grounded": 1.0}
    told = {"figures": {"lessons": 9}, "sides": [side, side], "status": "promoted"}
    before, after = reply_loop.rows("styled", told)
    assert before == ["styled, before", 9, 0, 3, "0.500", "0.250", "1.000", ""]
    assert after[-1] == "promoted"
