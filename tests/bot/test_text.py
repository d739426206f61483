from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import text


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("<@U0BOT> where is it?", "where is it?"),
        ("hello <@U0BOT|understudy>", "hello"),
        ("ask <@U1> or <@U2|tom>", "ask @someone or @tom"),
        ("in <#C1|general>", "in #general"),
        ("<mailto:a@b.example|a@b.example> or <tel:+4412|+44 12>", "a@b.example or +44 12"),
        ("<https://shop.example/a?b=1&amp;c=2>", "https://shop.example/a?b=1&c=2"),
        ("<!here> help", "@here help"),
        ("<!subteam^S1|@desk> help", "@desk help"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("x &lt;@U0BOT&gt;", "x <@U0BOT>"),
        ("   ", ""),
    ],
)
def test_clean(sent: str, seen: str) -> None:
    assert text.clean(sent, "U0BOT") == seen


@given(st.text(max_size=200))
def test_escape_is_undone_and_disarms(words: str) -> None:
    escaped = text.escape(words)
    assert text.unescape(escaped) == words
    assert "<" not in escaped
    assert ">" not in escaped


@given(st.text(alphabet="ab &<>\n", max_size=300), st.integers(min_value=10, max_value=60))
def test_sections_hold_everything_and_keep_the_limit(words: str, limit: int) -> None:
    escaped = text.escape(words)
    pieces = text.sections(escaped, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(escaped.split())
    assert "".join(text.unescape("".join(pieces)).split()) == "".join(words.split())


@given(st.text(alphabet="a&<", max_size=50), st.integers(min_value=6, max_value=40))
def test_escaped_never_cuts_an_entity(words: str, limit: int) -> None:
    result = text.escaped(words, limit)
    assert len(result) <= limit
    assert "&" not in text.unescape(result).replace("&", "", words.count("&")) or "&" in words


@pytest.mark.parametrize(
    ("link", "channel", "ts"),
    [
        ("https://x.slack.com/archives/C123/p1700000000123456", "C123", "1700000000.123456"),
        ("<https://x.slack.com/archives/D9/p1700000000123456?thread_ts=1.2&amp;cid=D9>", "D9", "1700000000.123456"),
        ("http://127.0.0.1:8765/archives/C0HELP/p1700000000123456", "C0HELP", "1700000000.123456"),
    ],
)
def test_permalink(link: str, channel: str, ts: str) -> None:
    assert text.permalink(link) == text.Link(channel, ts)


@pytest.mark.parametrize("link", ["", "12", "https://example.com/x", "https://x.slack.com/archives/C1/p12"])
def test_no_permalink(link: str) -> None:
    assert text.permalink(link) is None


def test_words() -> None:
    assert not text.has_words(":tada: :+1::skin-tone-2: !!")
    assert not text.has_words("🎉🎉")
    assert text.has_words("10042")
    assert text.has_words("où?")


def test_mentions() -> None:
    assert text.begins_with_other("<@U1> hi", "U0BOT")
    assert not text.begins_with_other("<@U0BOT> hi <@U1>", "U0BOT")
    assert text.mentions("x <@U0BOT|b>", "U0BOT")


def test_mrkdwn() -> None:
    made = text.mrkdwn("# Title\n**bold** & [here](https://a.example/x) <!channel>\n- one\n> quoted > x")
    assert made == "*Title*\n*bold* &amp; <https://a.example/x|here> &lt;!channel&gt;\n• one\n>quoted &gt; x"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("*Where is my order?* is right", "*Where is my order?* is right."),
        ("*Thank you* → *Where is my order?*", "*Thank you* → *Where is my order?*"),
        ("nothing", "nothing."),
    ],
)
def test_a_line_ends_once(words: str, said: str) -> None:
    assert text.ended(words) == said


def test_an_error_is_said_as_a_sentence() -> None:
    assert text.sentence(ValueError("expected a name, found 'x'")) == "Expected a name, found 'x'"
    assert text.sentence("") == ""
    assert text.sentence("`kb edit` wants a title") == "`kb edit` wants a title"


def test_what_has_just_happened_has_no_age() -> None:
    now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    assert text.ago(now - timedelta(seconds=59), now) == "just now"
    assert text.ago(now - timedelta(seconds=60), now) == "1 min ago"
    assert text.ago(now - timedelta(hours=30), now) == "1 d ago"
