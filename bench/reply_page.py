"""docs/replies.md: replies as they came, none selected, each with what it was written from."""

import textwrap
from collections.abc import Sequence
from typing import Any

from bench.reply import Answered
from model import starter

MADE = {
    "composed": "Worded anew from the approved answer, checked.",
    "generated": "Written from the articles, checked.",
    "verbatim": "The approved answer as it stands.",
    "quoted": "The best passage, quoted under its title.",
    "none": "No answer: the bot offers a person.",
}
WIDTH = 118


def page(found: Sequence[Answered], count: int, machine: dict[str, Any]) -> str:
    """The Markdown page: `count` of the replies, evenly over all."""
    shown = [found[n * len(found) // count] for n in range(min(count, len(found)))]
    spoke = sum(one.spoke for one in shown)
    head = (
        f"`python -m bench.reply --print {count}` wrote this page ({machine['when'][:10]}, commit "
        f"{machine['commit']}): {len(shown)} of {len(found)} questions that the starter shop's facts answer, taken "
        f"evenly over all, none chosen and none mended. {spoke} of these {len(shown)} replies were generated. The rest "
        "are what a customer gets where the check refuses what the small model wrote: the approved answer, or the "
        "passage itself. Customers named Mia and Tom have given their first name; the others have not. All figures "
        "stand in [benchmarks.md](benchmarks.md#replies)."
    )
    parts = ["# Fifty replies" if len(shown) == 50 else "# Replies", textwrap.fill(head, WIDTH)]
    return "\n\n".join([*parts, *(entry(number, one) for number, one in enumerate(shown, 1))]) + "\n"


def entry(number: int, one: Answered) -> str:
    """Question, reply, how it was made, and from what."""
    text = one.reply.text if one.reply else "–"
    made = MADE[one.kind]
    if one.kind not in ("composed", "generated"):
        reasons = ", ".join(one.reasons())
        made += f" What was written was not sent: {reasons}." if reasons else ""
    lines = [f"### {number}. {escaped(one.question.text)}", quote(text), f"*{made}*"]
    lines += [f"<details><summary>From</summary>\n\n{facts(one)}\n\n</details>"]
    return "\n\n".join(lines)


def facts(one: Answered) -> str:
    """What the generator was given, the approved answer named as such."""
    titles = {article.id: article.title for article in starter.articles()}
    named = [titles[each] for each in (one.reply.sources if one.reply else ()) if each in titles]
    lines = ["- " + " ".join(fact.split()) for fact in one.facts]
    articles = f"\n\nArticles: {', '.join(named)}." if named else ""
    return "\n".join(lines or ["nothing"]) + articles


def quote(text: str) -> str:
    """As a block quotation; Slack's marks as Markdown's."""
    lines = [line.removeprefix("> ") for line in text.splitlines()]
    return "\n>\n".join(f"> {line}" for line in lines if line.strip())


def escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("_", "\\_")
