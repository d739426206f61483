import threading
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.generator import GeneratorBusy, Limits, ResponseGenerator, repeats
from model.placeholders import Braced
from model.prompt import Draft
from model.sentence_stream import complete
from model.types import UnderstudyError
from tests.model.tiny import make_base

DRAFT = Draft("Can I return it?", ("You can return an item within 30 days of delivery.",), "Mia")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


class FakeRuntime:
    """Writes a given text, letter by letter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.taken = 0

    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        for letter in self.text[:limit]:
            self.taken += 1
            yield ord(letter)


class FakeTokenizer:
    def token_to_id(self, token: str) -> int:
        return 1

    def encode(self, text: str, add_special_tokens: bool) -> "FakeTokenizer":
        self.ids = [ord(letter) for letter in text]
        return self

    def decode(self, ids: Sequence[int], skip_special_tokens: bool) -> str:
        return "".join(map(chr, ids))


def writing(text: str, **limits: float) -> ResponseGenerator:
    return ResponseGenerator(FakeRuntime(text), FakeTokenizer(), "v1", Limits(**limits))  # type: ignore[arg-type]


def test_sentences_come_one_by_one_and_an_unfinished_one_never() -> None:
    generator = writing(" Yes, Mia. It is free. Unfinished at the en", tokens=200)
    assert list(generator.stream(DRAFT)) == ["Yes, Mia.", "It is free."]
    assert generator.tokens_written == len(" Yes, Mia. It is free. Unfinished at the en")


def test_writing_stops_at_the_limits() -> None:
    assert list(writing("One. Two. Three. Four. Five.", sentences=2).stream(DRAFT)) == ["One.", "Two."]
    assert list(writing("One is here. Two is cut off here.", tokens=20).stream(DRAFT)) == ["One is here."]
    assert list(writing("One. Two. Three. Four.", seconds=-1).stream(DRAFT)) == []


def test_repetition_ends_it() -> None:
    assert list(writing("It is free. It is free. It is free.", tokens=200).stream(DRAFT)) == ["It is free."]
    looping = writing("Well, and so and so and so and so and so and so and so on.", tokens=200)
    assert list(looping.stream(DRAFT)) == []
    assert repeats([9, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
    assert not repeats([1, 2, 3, 4, 1, 2, 3, 4])
    assert not repeats([0, 0, 0, 5])


def test_one_reply_at_a_time_and_nobody_waits_for_ever() -> None:
    generator = writing("One. Two. Three.", wait=0.05)
    first = generator.stream(DRAFT)
    next(first)
    failed: list[Exception] = []

    def second() -> None:
        try:
            list(generator.stream(DRAFT))
        except GeneratorBusy as error:
            failed.append(error)

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(5)
    first.close()  # type: ignore[attr-defined]
    assert failed
    assert list(generator.stream(DRAFT))


def test_so_many_may_wait_and_the_next_is_turned_away_at_once() -> None:
    generator = writing("One. Two. Three.", wait=5, queue=1)
    first = generator.stream(DRAFT)
    next(first)
    waits = threading.Thread(target=lambda: list(generator.stream(DRAFT)))
    waits.start()
    while generator._room._value:  # type: ignore[attr-defined]
        time.sleep(0.01)
    begun = time.monotonic()
    with pytest.raises(GeneratorBusy, match="1 wait already"):
        list(generator.stream(DRAFT))
    assert time.monotonic() - begun < 1
    first.close()  # type: ignore[attr-defined]
    waits.join(5)
    assert list(generator.stream(DRAFT)), "there is room again"


def test_a_real_model_loads_and_writes_something(base: Path) -> None:
    generator = ResponseGenerator.load(None, base, limits=Limits(tokens=20))
    assert generator.version == "untuned"
    assert isinstance(generator.write(DRAFT), str)
    assert generator.tokens_written > 0


def test_a_broken_folder_is_named(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UnderstudyError, match="roll back"):
        ResponseGenerator.load(tmp_path, base)
    with pytest.raises(UnderstudyError, match="expected a complete response model"):
        ResponseGenerator.load(None, tmp_path)


class Obstinate:
    """Writes the first text, after it the second and so on; and on with the last one, whatever has come between."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(map(iter, texts))
        self.read: list[str] = []

    def tokens(self, ids: Sequence[int], limit: int) -> Iterator[int]:
        self.read.append("".join(map(chr, ids)))
        text = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        yield from map(ord, islice(text, max(0, limit)))


TEMPLATE = Draft("Where is it?", ("Order {{Order Number}} is under '{{Order Status}}' on {{Website URL}}.",))


def written(*texts: str, draft: Draft = TEMPLATE) -> tuple[list[str], Obstinate]:
    runtime = Obstinate(*texts)
    generator = ResponseGenerator(runtime, FakeTokenizer(), "v1", Limits(tokens=200))  # type: ignore[arg-type]
    return list(generator.stream(draft)), runtime


@pytest.mark.parametrize(
    "slip", ["{{Oder Number}} is", "{{Order Numbers}}", "{{Order Number} is", "{{Order Number is here"]
)
def test_a_misspelt_placeholder_is_ended_as_its_source_has_it(slip: str) -> None:
    found, runtime = written(f"Look up order {slip}", " here. Thank you.")
    assert found == ["Look up order {{Order Number}} here.", "Thank you."]
    assert runtime.read[1].endswith("Look up order {{Order Number}}"), "it goes on from what was put right"


@pytest.mark.parametrize("before", ["Look under '", "You find it under “", 'It is under "'])
def test_a_wrong_placeholder_gives_way_to_the_one_behind_the_same_words(before: str) -> None:
    found, _ = written(f"{before}{{{{Parcel Tracking}}}}' here.", "' on our site.")
    assert found == [f"{before}{{{{Order Status}}}}' on our site."]


@pytest.mark.parametrize("slip", ["See {{Opening Hours}} for that.", "See {opening_hours}.", "See this}}.", "See {{."])
def test_where_no_placeholder_fits_the_sentence_is_left_to_the_check(slip: str) -> None:
    found = written(f"It is here. {slip} This is after it.")[0]
    wrong = [bool(Braced(TEMPLATE.facts).foreign(sentence)) for sentence in found]
    assert wrong[:2] == [False, True], "by its braces the check knows it"


def test_sources_without_placeholders_lend_none_and_an_open_one_is_unfinished() -> None:
    (refused,) = written("It is here: {{Website URL}}.", draft=DRAFT)[0]
    assert Braced(DRAFT.facts).foreign(refused) == ["{{Website URL}}"]
    assert written("It is here. See {{Order")[0] == ["It is here."]


PIECES = st.sampled_from(["{", "}", "{{", "}}", "{{Order Number}}", "{{Order St", "Website", " a", ". B", "?", ": "])


@given(st.lists(PIECES, max_size=40).map("".join))
@example(": : : : : : ")
def test_whatever_the_braces_writing_goes_on_to_its_end(text: str) -> None:
    found, _ = written(text)
    assert len(" ".join(found)) <= 200 + 5 * len("{{Order Number}}")
    letters = list(map(ord, text))
    endless = any(repeats(letters[:end]) for end in range(1, len(letters) + 1))  # it is cut off there, rightly
    if not endless and not Braced(TEMPLATE.facts).foreign(text):
        assert found == list(complete([(text.strip(), True)], 4))
