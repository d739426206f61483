from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.text import OPTION_LIMIT, option_name
from model.types import Intent
from storage.intents import Intents
from tests.bot.conftest import database, made

names = st.text("abc_/.+-", min_size=1, max_size=200)


@given(st.sets(names, max_size=20))
def test_no_two_names_are_one_in_a_menu(found: set[str]) -> None:
    carried = {option_name(name) for name in found}
    assert len(carried) == len(found)
    assert all(len(each) <= OPTION_LIMIT for each in carried)


def test_a_menu_gives_back_the_whole_name(tmp_path: Path) -> None:
    db = database(tmp_path)
    kit, known = made(db).kit, ["a" * 150, "a" * 151, "a" * 200, "refund"]
    with db.writing() as session:
        for name in known:
            Intents(session, "T1").upsert(Intent(name, "long"), "many")
    kit.catalogue.forget()
    assert [kit.catalogue.whole(option_name(name)) for name in known] == known
    assert kit.catalogue.whole(option_name("b" * 180)) == option_name("b" * 180)
    db.close()
