"""What a training run prints."""

import pytest

from bot.commands.retrain import report
from bot.retrain import Outcome

SEARCH = Outcome("nothing", ("Search: 0 questions are known.",))


def test_a_first_training_says_nothing_of_what_had_nothing_to_learn(capsys: pytest.CaptureFixture[str]) -> None:
    first = Outcome("promoted", ("v1 is live.",), "", "v1", 12, 3.0)
    report({"intent": first, "search": SEARCH}, as_json=False)
    assert capsys.readouterr().out == "v1 is live.\n12 rows, 3 s.\n"
    report({"intent": Outcome("promoted", ("v2 is live.",), "v1", "v2"), "search": SEARCH}, as_json=False)
    assert capsys.readouterr().out == "v2 is live.\nSearch: 0 questions are known.\n"
    report({"intent": first, "search": SEARCH}, as_json=True)
    assert '"search"' in capsys.readouterr().out
