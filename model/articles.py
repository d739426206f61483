"""Reads knowledge-base articles: Markdown with front matter (title, intents, locale, updated)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from model.types import Article, UnderstudyError

MAX_BYTES = 1_000_000
"""An article is read by people; a bigger file is some other kind of file."""
LONGEST_TITLE = 200
LONGEST_ID = 200
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ReadArticles:
    """What was taken, and what was refused as (path, why)."""

    articles: tuple[Article, ...]
    refused: tuple[tuple[str, str], ...]


def slug(name: str) -> str:
    """A file name or title as an id: lower case, words joined by hyphens."""
    return _SLUG.sub("-", name.lower()).strip("-")


def parse(text: str, article_id: str) -> Article:
    """One article from its Markdown.

    Raises:
        UnderstudyError: the front matter is missing or broken, or there is nothing below it.
    """
    meta, body = _front_matter(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return made(article_id, meta, body)


def made(article_id: str, meta: Mapping[str, object], body: str) -> Article:
    """One article of its fields (title, intents, locale, updated) and its text.

    Raises:
        UnderstudyError: a field is not what it should be; names the field.
    """
    if not body.strip():
        raise UnderstudyError("body: expected text below the front matter, found none. Write the article there.")
    return Article(
        id=article_id,
        title=_title(meta.get("title")),
        body=body.strip(),
        intents=_intents(meta.get("intents")),
        locale=_locale(meta.get("locale")),
        updated=_updated(meta.get("updated")),
    )


def _title(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
        raise UnderstudyError(f"title: expected a line of text, found {value!r}. Add `title: ...` to the front matter.")
    if len(value.strip()) > LONGEST_TITLE:
        raise UnderstudyError(f"title: expected at most {LONGEST_TITLE} characters, found {len(value)}. Shorten it.")
    return value.strip()


def _locale(value: object) -> str:
    if value is None or value == "":
        return "en"
    if not isinstance(value, str) or not _LOCALE.fullmatch(value):
        raise UnderstudyError(f"locale: expected a language such as en or de-AT, found {value!r}. Correct it.")
    return value


def _updated(value: object) -> str:
    """The day, `2026-01-31`; YAML makes a date of it by itself."""
    if value is None or value == "":
        return ""
    try:
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        raise UnderstudyError(f"updated: expected a day such as 2026-01-31, found {value!r}. Correct it.") from None


def read_file(path: Path) -> Article:
    """One article from a file; its id is the file's name.

    Raises:
        UnderstudyError: as `parse`, or the file is too large or not UTF-8.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnderstudyError(
            f"expected an article of at most {MAX_BYTES // 1000} kB, found {size // 1000} kB. Split it."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnderstudyError("expected UTF-8 text, found other bytes. Save the file as UTF-8.") from None
    if "\x00" in text:
        raise UnderstudyError("expected text, found a NUL character: this is some other kind of file.")
    article_id = slug(path.stem)[:LONGEST_ID]
    if not article_id:
        raise UnderstudyError("expected letters or digits in the file's name, found none. Rename it.")
    return parse(text, article_id)


def read(path: Path) -> ReadArticles:
    """One file, or every `*.md` below a folder, in the order of their names.

    Raises:
        UnderstudyError: there is nothing at `path`.
    """
    if not path.exists():
        raise UnderstudyError(f"{path}: expected a Markdown file or a folder of them, found nothing there.")
    files = [path] if path.is_file() else sorted(path.rglob("*.md"))
    return _read_all(files, path if path.is_dir() else path.parent)


def _read_all(files: Iterable[Path], root: Path) -> ReadArticles:
    taken: dict[str, Article] = {}
    refused: list[tuple[str, str]] = []
    for file in files:
        name = str(file.relative_to(root))
        try:
            article = read_file(file)
        except (UnderstudyError, OSError) as error:
            refused.append((name, str(error)))
            continue
        if article.id in taken:
            refused.append((name, f"expected one article named {article.id}, found a second. Rename one of them."))
            continue
        taken[article.id] = article
    return ReadArticles(tuple(taken.values()), tuple(refused))


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """The fields between the first two `---` lines, and what comes after."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise UnderstudyError("expected `---` in the first line (front matter with a title), found none. Add it.")
    closing = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if closing is None:
        raise UnderstudyError("expected a second `---` that closes the front matter, found none. Add it.")
    try:
        meta = yaml.safe_load("\n".join(lines[1:closing])) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a 31st of June is a ValueError
        where = getattr(error, "problem_mark", None)
        at = f" (line {where.line + 2})" if where else ""
        raise UnderstudyError(
            f"expected front matter of `name: value` lines, found a broken one{at}. Mend it."
        ) from None
    if not isinstance(meta, dict):
        raise UnderstudyError("expected front matter of `name: value` lines, found something else. Mend it.")
    return meta, "\n".join(lines[closing + 1 :])


def _intents(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UnderstudyError(f"intents: expected a list of names, found {value!r}. Write `intents: [a, b]`.")
    return tuple(dict.fromkeys(value))
