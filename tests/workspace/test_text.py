from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.text import encode, escape, unescape

PEOPLE = {"understudy": "U0BOT", "mia": "U0MIA"}
ROOMS = {"help": "C0HELP"}


def typed(text: str) -> str:
    return encode(text, PEOPLE, ROOMS)


def test_mentions_rooms_links_and_mails() -> None:
    assert typed("@Understudy hi") == "<@U0BOT> hi"
    assert typed("<@U0BOT> hi") == "<@U0BOT> hi"
    assert typed("ask @mia, not @nobody") == "ask <@U0MIA>, not @nobody"
    assert typed("thanks @mia.") == "thanks <@U0MIA>."
    assert typed("in #help") == "in <#C0HELP|help>"
    assert typed("see https://a.example/x?a=1&b=2.") == "see <https://a.example/x?a=1&amp;b=2>."
    assert typed("write to mia@shop.example") == "write to <mailto:mia@shop.example|mia@shop.example>"
    assert typed("a < b & c > d") == "a &lt; b &amp; c &gt; d"
    assert typed("<!channel> <script>") == "<!channel> &lt;script&gt;"


@given(st.text())
def test_escape_is_undone(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text(alphabet=st.characters(exclude_characters="@#<>:/.")))
def test_plain_words_are_only_escaped(text: str) -> None:
    assert typed(text) == escape(text)
