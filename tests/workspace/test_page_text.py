"""Texts as the page draws them, in a real browser: mrkdwn, Markdown, and what hostile people write."""

import json
import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from bot.workspace.server import Server

from .browsing import chrome, open_page

pytestmark = pytest.mark.browser

# Draws each text with the page's own module and reads back what came of it.
DRAW = """async ([module, name, texts]) => {
  const draw = (await import(`/page/${module}`))[name];
  const names = { user: (id) => ({ U0MIA: "Mia Chen" })[id] || "", channel: (id) => ({ C0HELP: "help" })[id] || "" };
  return texts.map((text) => {
    const box = document.createElement("div");
    box.append(draw(text, names));
    document.body.append(box);
    const all = [...box.querySelectorAll("*")];
    const found = {
      html: box.innerHTML,
      text: box.textContent,
      tags: [...new Set(all.map((node) => node.tagName.toLowerCase()))],
      attributes: [...new Set(all.flatMap((node) => node.getAttributeNames()))],
      links: [...box.querySelectorAll("a")].map((node) => node.href),
    };
    box.remove();
    return found;
  });
}"""

HOSTILE = [
    "<script>window.hacked=1</script>",
    "&lt;script&gt;window.hacked=1&lt;/script&gt;",
    "<img src=x onerror=window.hacked=1>",
    '&lt;img src=x onerror="window.hacked=1"&gt;',
    "<javascript:window.hacked=1|click>",
    "<JaVaScRiPt:window.hacked=1|click>",
    "<java\tscript:window.hacked=1|click>",
    "<data:text/html,&lt;script&gt;window.hacked=1&lt;/script&gt;|click>",
    "<vbscript:x|click> <file:///etc/passwd|click>",
    '<https://x.example/" onmouseover="window.hacked=1|over>',
    "<https://x.example|<img src=x onerror=window.hacked=1>>",
    "[click](javascript:window.hacked=1) ![x](javascript:window.hacked=1)",
    "[x](data:text/html;base64,PHNjcmlwdD4=) <https://x.example|*`<b>`*>",
    "*_~`*_~`" * 300,
    "*a" * 4000,
    "`" * 3001 + "<b>",
    "<@<script>window.hacked=1</script>> <#C|<svg onload=window.hacked=1>> <!date^1^{x}|<b>>",
    ":" + "a" * 5000 + ":",
    "[" * 3000 + "](" * 3000,
    "> " * 2000,
    "|a|b|\n|-|-|\n|<img src=x onerror=window.hacked=1>|&lt;b&gt;|",
    "\u202ehttp://moc.elpmaxe\u202c \x00 \ufeff \ud83d",
    "__proto__ :constructor: :__proto__: :toString:",
]
SAFE_TAGS = {"a", "blockquote", "br", "code", "div", "em", "hr", "li", "ol", "p", "pre", "s", "span", "strong"} | {
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "tr",
    "ul",
    "use",
}
SAFE_ATTRIBUTES = {"aria-hidden", "aria-label", "aria-level", "class", "href", "rel"} | {
    "role",
    "scope",
    "start",
    "tabindex",
    "target",
}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with Server() as server, chrome() as browser:
        yield open_page(browser, server.url)


def drawn(page: Page, texts: list[str], module: str = "mrkdwn") -> list[dict[str, object]]:
    return list(page.evaluate(DRAW, [f"{module}.js", module, texts]))


@pytest.mark.parametrize("module", ["mrkdwn", "markdown"])
def test_hostile_texts_stay_texts(page: Page, module: str) -> None:
    pieces = [
        *HOSTILE[:13],
        *"*_~`<>|&:[]()!@#\n\"'",
        "&lt;",
        "&gt;",
        "&amp;",
        "javascript:",
        "https://x.example",
        " a ",
    ]
    dice = random.Random(7)
    texts = HOSTILE + ["".join(dice.choices(pieces, k=dice.randint(2, 25))) for _ in range(500)]
    for text, found in zip(texts, drawn(page, texts, module), strict=True):
        assert set(found["tags"]) <= SAFE_TAGS, text  # type: ignore[call-overload]
        assert set(found["attributes"]) <= SAFE_ATTRIBUTES, text  # type: ignore[call-overload]
        assert all(link.startswith(("https://", "http://", "mailto:", "tel:")) for link in found["links"]), text  # type: ignore[attr-defined]
    page.wait_for_timeout(50)
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~ `a*b*`", "<p><strong>bold</strong> <em>italic</em> <s>gone</s> <code>a*b*</code></p>"),
        ("2*3*4 snake_case_name a*b", "<p>2*3*4 snake_case_name a*b</p>"),
        ("*bold _both_*", "<p><strong>bold <em>both</em></strong></p>"),
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("&gt; quoted\n&gt; twice\nnot", "<blockquote>quoted<br>twice</blockquote><p>not</p>"),
        ("• one\n• *two*", "<ul><li>one</li><li><strong>two</strong></li></ul>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("```a < b\n  *c*```", "<pre><code>a &lt; b\n  *c*</code></pre>"),
        ("&amp;lt; &lt;b&gt; &amp;amp;", "<p>&amp;lt; &lt;b&gt; &amp;amp;</p>"),
        (
            "<@U0MIA> in <#C0HELP|help>",
            '<p><span class="mention">@Mia Chen</span> in <span class="mention">#help</span></p>',
        ),
        ("<!here> <@U0NONE>", '<p><span class="mention">@here</span> <span class="mention">@U0NONE</span></p>'),
        ("*not closed and :no_such_emoji:", "<p>*not closed and :no_such_emoji:</p>"),
        (
            "`██░░` 50%",
            '<p><span class="gauge" role="img" aria-label="50 of 100"><i style="width: 50%;"></i></span> 50%</p>',
        ),
        ("", ""),
    ],
)
def test_mrkdwn(page: Page, text: str, html: str) -> None:
    assert drawn(page, [text])[0]["html"] == html


def test_links(page: Page) -> None:
    texts = [
        "<https://a.example/?x=1&amp;y=2|see *this*>",
        "look at https://b.example/x.",
        "<mailto:a@b.example|a@b.example>",
    ]
    labelled, bare, mail = drawn(page, texts)
    assert labelled["links"] == ["https://a.example/?x=1&y=2"]
    assert labelled["text"] == "see *this*"
    assert bare["links"] == ["https://b.example/x"]
    assert bare["text"] == "look at https://b.example/x."
    assert mail["links"] == ["mailto:a@b.example"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** *it* ~~no~~ `c`", "<p><strong>bold</strong> <em>it</em> <s>no</s> <code>c</code></p>"),
        ("## Head\ntext", '<p class="md-heading" role="heading" aria-level="4">Head</p><p>text</p>'),
        ("- a\n- b\n\n1. c", '<ul><li>a</li><li>b</li></ul><ol start="1"><li>c</li></ol>'),
        ("```py\nx < 1\n```", "<pre><code>x &lt; 1</code></pre>"),
        ("a\\*b &lt; c", "<p>a*b &lt; c</p>"),
    ],
)
def test_markdown(page: Page, text: str, html: str) -> None:
    assert drawn(page, [text], "markdown")[0]["html"] == html


def test_long_texts_are_drawn_quickly(page: Page) -> None:
    long = ["*a* _b_ <https://x.example|y> `c` :eyes: plain words " * 80, *HOSTILE]
    took = page.evaluate(
        f"async (a) => {{ const t = performance.now(); await ({DRAW})(a); return performance.now() - t; }}",
        ["mrkdwn.js", "mrkdwn", long],
    )
    assert took < 1500, json.dumps(took)
