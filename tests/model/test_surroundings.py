import pytest

from model.known import Known
from model.surroundings import misfit
from tests.model.fakes import FakeEncoder

SOURCES = [
    "Boxes can be bought for £2 or rented for £1.",
    "The course starts on 4 March and has 10 evenings.",
    "Delivery to Ireland costs £9.50. Delivery to Norway costs £14.",
]
KNOWN = Known(SOURCES, FakeEncoder())


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Boxes can be bought for £2 or rented for £1.", "Boxes can be bought for £1 or rented for £2."),
        ("The course has 10 evenings and starts on 4 March.", "The course has 4 evenings and starts on 10 March."),
        ("Delivery costs £9.50 to Ireland and £14 to Norway.", "Delivery costs £14 to Ireland and £9.50 to Norway."),
    ],
)
def test_a_number_among_the_words_of_another_fits_worse(true: str, false: str) -> None:
    assert misfit(false, KNOWN.contexts) > max(0, misfit(true, KNOWN.contexts))


def test_nothing_is_said_of_a_number_without_a_rival() -> None:
    assert misfit("It takes 3 days.", Known(["It takes 3 days."], FakeEncoder()).contexts) == -1
    assert misfit("No number here.", KNOWN.contexts) == -1
