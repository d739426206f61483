from hypothesis import given
from hypothesis import strategies as st

from model.asked import LONGEST, MOST, cross_validated, learn, questions
from model.retriever import Retriever
from model.types import Article, Example
from tests.model.fakes import FakeEncoder

ARTICLES = (
    Article("post", "Shipping fees", "Parcels to islands cost more."),
    Article("back", "Returns", "Send it within thirty days."),
)


def test_a_question_asked_before_finds_its_article() -> None:
    query = "what does the courier charge"
    plain, taught = (Retriever(FakeEncoder(), ARTICLES, asked) for asked in (None, {"post": ["courier charge"]}))
    assert taught.search(query)[0].article_id == "post"
    assert taught.search(query)[0].score > plain.search(query)[0].score


def test_the_latest_article_of_a_question_counts_and_wrong_ones_do_not() -> None:
    pairs = [Example("How much?", "post"), Example("how much", "back"), Example("And when?", "post")]
    assert questions(pairs) == {"back": ("how much",), "post": ("And when?",)}
    assert questions(pairs, {("AND when", "post")}) == {"back": ("how much",)}
    assert questions(pairs, articles={"post"}) == {"post": ("And when?",)}


def test_a_question_that_was_called_wrong_later_is_gone() -> None:
    assert questions([Example("how much", "post")], {("How much?", "post")}) == {}


@given(st.lists(st.tuples(st.text(max_size=LONGEST + 9), st.sampled_from(["post", "back"])), max_size=80))
def test_no_article_has_too_many_or_too_long_questions(rows: list[tuple[str, str]]) -> None:
    for texts in questions([Example(*row) for row in rows]).values():
        assert 0 < len(texts) <= MOST
        assert all(len(text) <= LONGEST for text in texts)


def test_few_pairs_are_taken_as_they_are() -> None:
    learned = learn(FakeEncoder(), ARTICLES, [Example("courier charge", "post")])
    assert learned.asked == {"post": ("courier charge",)}
    assert learned.before is None
    assert learned.better


def test_pairs_that_help_are_taken_and_measured() -> None:
    words = ("alpha", "beta", "gamma", "delta", "omega", "sigma")
    pairs = [Example(f"courier charge {word}", "post") for word in words]
    pairs += [Example(f"revoke purchase {word}", "back") for word in words]
    learned = learn(FakeEncoder(), ARTICLES, pairs)
    assert learned.before is not None
    assert learned.after is not None
    assert learned.after.map == 1 > learned.before.map
    assert sum(map(len, learned.asked.values())) == 12


def test_pairs_that_mislead_are_not_taken() -> None:
    names = ("one", "two", "three", "four", "five", "six")
    articles = [Article(name, name, f"About {name}.") for name in names]
    # Titles find the first kind; the second kind says the same and more, and is filed under the next article.
    pairs = [Example(f"{name} {word}", name) for word in ("alpha", "beta") for name in names]
    pairs += [Example(f"{name} alpha gamma", names[n - 1]) for n, name in enumerate(names)]
    learned = learn(FakeEncoder(), articles, pairs)
    assert learned.after is not None
    assert learned.before is not None
    assert learned.after.map < learned.before.map
    assert learned.asked == {}


def test_a_row_never_helps_itself() -> None:
    rows = [Example("unheard word", "back"), *(Example(f"fees {n} islands", "post") for n in range(9))]
    assert Retriever(FakeEncoder(), ARTICLES).rank("unheard word")[0] == "post"
    assert Retriever(FakeEncoder(), ARTICLES, questions(rows)).rank("unheard word")[0] == "back"
    assert cross_validated(FakeEncoder(), ARTICLES, rows).hit_at_1 == 0.9
