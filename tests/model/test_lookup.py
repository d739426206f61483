from model.known import Known
from model.lookup import Lookup
from tests.model.fakes import FakeEncoder

SOURCES = ["Groups of 8 or more please book two days ahead. A table costs £8.", "The trial lasts 28 days for Anna."]
LOOKUP = Lookup(Known(SOURCES, FakeEncoder()), ["Mia", "10042"])


def test_what_the_sources_or_the_allowed_have_is_not_missing() -> None:
    assert LOOKUP.missing("Mia, order 10042: the trial lasts four weeks.") == []


def test_a_number_that_is_nowhere_is_missing_and_one_without_its_unit_is_bare() -> None:
    assert LOOKUP.missing("A table costs £9.") == ["number: 9 £"]
    people = "With 8 persons please book two days ahead."
    assert LOOKUP.missing(people) == []
    assert LOOKUP.bare(people) == ["number: 8 person"]


def test_a_price_is_never_bare() -> None:
    lookup = Lookup(Known(["Groups of 8 please book."], FakeEncoder()), [])
    assert lookup.missing("A table costs £8.") == ["number: 8 £"]
    assert lookup.bare("A table costs £8.") == []


def test_names_and_promises_are_looked_up() -> None:
    assert LOOKUP.missing("Please ask Anna or Bert.") == ["name: Bert"]
    assert LOOKUP.missing("We will send flowers.") == ["promise: we will send"]
