"""Brings a team's own content in: utterances, articles, intents. Reads everything before it writes anything."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.naming import names_of
from model.articles import read as read_articles
from model.dataset import LONGEST_LABEL, normalise, read_examples
from model.naming import Names
from model.passages import not_for_customers
from model.types import OOS, STARTER, Article, Example, Intent, UnderstudyError
from storage.articles import Articles
from storage.intents import Intents
from storage.keyvalues import KeyValues
from storage.session import Session
from storage.utterances import Utterances

BY = "command line"
"""Who made a version, where no Slack user did."""
STARTER_LOADED = "starter_loaded"
"""Key of the mark that the starter shop was loaded: set when it is taken out too, so that no start brings it back."""
TITLE = 75
"""Characters of a Slack button's text."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not taken."""

    where: str
    """`line 7`, a file's name, or an entry of a list."""
    why: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a path holds."""

    examples: tuple[Example, ...] = ()
    articles: tuple[Article, ...] = ()
    intents: tuple[Intent, ...] = ()
    refused: tuple[Refused, ...] = ()


@dataclass
class Report:
    """What an import did."""

    added: dict[str, int] = field(default_factory=dict)
    """Kind -> rows that are new or changed."""
    known: dict[str, int] = field(default_factory=dict)
    """Kind -> rows that were there already."""
    removed: dict[str, int] = field(default_factory=dict)
    """Kind -> starter rows that were taken out."""
    new_intents: list[str] = field(default_factory=list)
    """Labels nobody had described yet; they have no approved answer."""
    refused: tuple[Refused, ...] = ()
    unused: tuple[Refused, ...] = ()
    """Passages of what was taken that no customer will be answered from, and why."""


def read(path: Path) -> Content:
    """Read a file or a folder of Markdown.

    Raises:
        UnderstudyError: there is nothing at `path`, it cannot be read, or nothing in it is usable.
    """
    if not path.exists():
        raise UnderstudyError(f"expected a file or a folder, found nothing at {path}. Check the path.")
    if path.is_dir() or path.suffix.lower() in (".md", ".markdown"):
        return _articles(path)
    if path.suffix.lower() in (".csv", ".tsv", ".jsonl"):
        return _examples(path)
    if path.suffix.lower() == ".json":
        return _intents(path)
    raise UnderstudyError(
        f"expected .csv, .tsv or .jsonl (utterances), .json (intents), .md or a folder (articles), found {path.name}. "
        "Rename or convert it."
    )


def store(session: Session, team: str, content: Content, replace: bool = False) -> Report:
    """Write what was read into the team's knowledge; with `replace`, the starter content goes first."""
    report = Report(refused=content.refused)
    if replace:
        report.removed = _remove_starter(session, team)
    if content.examples:
        added, known = Utterances(session, team).add(content.examples, "import")
        report.added["utterances"], report.known["utterances"] = added, known
        report.new_intents = _describe_labels(session, team, content.examples)
    if content.articles:
        report.unused = tuple(
            Refused(item.id, f"{what}: {_short(' '.join(passage.split()))!r}")
            for item in content.articles
            for what, passage in not_for_customers(item)
        )
        _count(report, "articles", [Articles(session, team).upsert(item, "import", BY) for item in content.articles])
    if content.intents:
        taken, former = _of_today(content.intents, names_of(session, team))
        report.refused = (*report.refused, *former)
        _count(report, "intents", [Intents(session, team).upsert(item, "import") for item in taken])
    return report


def _examples(path: Path) -> Content:
    result = read_examples(path)
    examples, twice = _one_label(result.examples)
    return Content(examples=examples, refused=(*(Refused(f"line {n}", why) for n, why in result.refused), *twice))


def _one_label(examples: Iterable[Example]) -> tuple[tuple[Example, ...], list[Refused]]:
    """The first label of a text holds; otherwise each import of the same file would turn it round again."""
    first: dict[str, str] = {}
    kept: list[Example] = []
    refused: list[Refused] = []
    for example in examples:
        label = first.setdefault(normalise(example.text), example.label)
        if label == example.label:
            kept.append(example)
        else:
            why = f"expected one label a text, found {example.label!r} where an earlier row says {label!r}"
            refused.append(Refused(f"{_short(example.text)!r}", why))
    return tuple(kept), refused


def _articles(path: Path) -> Content:
    found = read_articles(path)
    if not found.articles:
        first = f" ({found.refused[0][0]}: {found.refused[0][1]})" if found.refused else ""
        raise UnderstudyError(f"expected Markdown articles, found none in {path}{first}. Check the path.")
    return Content(articles=tuple(found.articles), refused=tuple(Refused(name, why) for name, why in found.refused))


def _intents(path: Path) -> Content:
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UnderstudyError(f"expected a JSON list of intents in {path}, found: {error}. Correct it.") from None
    taken: list[Intent] = []
    refused: list[Refused] = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
        intent = _intent(row)
        if isinstance(intent, str):
            refused.append(Refused(f"entry {number}", intent))
        else:
            taken.append(intent)
    if not taken:
        first = f" ({refused[0].where}: {refused[0].why})" if refused else ""
        raise UnderstudyError(f'expected a list of intents with "name" and "title" in {path}, found none{first}.')
    return Content(intents=tuple(taken), refused=tuple(refused))


def _intent(row: object) -> Intent | str:
    """The entry's intent, or why there is none."""
    if not isinstance(row, dict):
        return "expected an object"
    name, title, answer = row.get("name"), row.get("title"), row.get("answer")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_LABEL:
        return f'expected a "name" of at most {LONGEST_LABEL} characters'
    if name.strip() == OOS:
        return f"expected an intent, found {OOS}, which stands for everything out of scope"
    if title is not None and (not isinstance(title, str) or len(title) > TITLE):
        return f'expected a "title" of at most {TITLE} characters'
    if answer is not None and not isinstance(answer, str):
        return 'expected "answer" to be a text or null'
    flags = {key: row.get(key, False) for key in ("compose", "small_talk", "handoff")}
    wrong = next((key for key, value in flags.items() if not isinstance(value, bool)), None)
    if wrong:
        return f'expected "{wrong}" to be true or false'
    description = row.get("description")
    return Intent(
        name.strip(),
        (title or "").strip() or title_of(name),
        description if isinstance(description, str) else "",
        answer.strip() or None if answer else None,
        **flags,
    )


def title_of(label: str) -> str:
    """A label in words: `card_not_working` becomes `Card not working`."""
    words = " ".join(label.replace("_", " ").replace("-", " ").split()) or label
    return _short(words[:1].upper() + words[1:], TITLE)


def _of_today(intents: Sequence[Intent], names: Names) -> tuple[list[Intent], list[Refused]]:
    """Intents under their names of today; a former name would bring back what was renamed or merged."""
    taken = [each for each in intents if names.of(each.name) == each.name]
    former = [each.name for each in intents if names.of(each.name) != each.name]
    return taken, [Refused(name, f"expected a name of today, found one that means {names.of(name)}") for name in former]


def _describe_labels(session: Session, team: str, examples: Sequence[Example]) -> list[str]:
    """Give every label an intent, so that it has a title; returns the ones that are new."""
    intents = Intents(session, team)
    there = {intent.name for intent in intents.all(archived=True)}
    names = names_of(session, team)
    new = sorted({names.of(example.label) for example in examples} - there - {OOS})
    for label in new:
        intents.upsert(Intent(label, title_of(label)), "import")
    return new


def _remove_starter(session: Session, team: str) -> dict[str, int]:
    KeyValues(session, team).set(STARTER_LOADED, True)
    return {
        "utterances": Utterances(session, team).delete_source(STARTER),
        "articles": Articles(session, team).delete_source(STARTER),
        "intents": Intents(session, team).delete_source(STARTER),
    }


def _count(report: Report, kind: str, outcomes: Sequence[str]) -> None:
    report.known[kind] = outcomes.count("same")
    report.added[kind] = len(outcomes) - report.known[kind]


def _short(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
