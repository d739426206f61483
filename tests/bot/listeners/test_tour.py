"""The page's tour counts corrections by names that the bot has given: they change together."""

import re
from pathlib import Path

from bot import text, wording, workspace
from bot.listeners import ids

TOUR = (Path(workspace.__file__).parent / "page" / "tour.js").read_text("utf-8")


def test_the_tour_knows_what_the_bot_calls_its_corrections() -> None:
    forms, clicks = re.findall(r"^const (?:FORMS|LABELS) = /(.+)/;$", TOUR, re.MULTILINE)
    assert all(re.search(forms, name) for name in (ids.RELABEL_VIEW, ids.EDIT_VIEW))
    pressed = (ids.REVIEW_RIGHT, f"{ids.REVIEW_PICK}_0", ids.REVIEW_OOS, ids.RIGHT)
    assert all(re.search(clicks, name) for name in pressed)
    assert f'"{ids.MORE}"' in TOUR


def test_the_tour_knows_by_what_the_bot_says_that_a_person_has_a_request() -> None:
    taken, free = re.findall(r"^const (?:HELD|FREE) = /(.+)/;$", TOUR, re.MULTILINE)
    assert re.search(taken, wording.TAKEN.format(name="Alex"))
    assert re.search(taken, text.mrkdwn("**Alex:** Here it is."))
    for said in (wording.RELEASED, wording.RESOLVED, wording.ALL_SET, wording.REOPENED_BOT):
        assert re.search(free, said)
        assert not re.search(taken, said)
