"""The page's files as text: small, from here only, and never content as HTML."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "bot" / "workspace" / "page"
FILES = sorted(path for path in PAGE.iterdir() if path.suffix in (".js", ".css", ".html", ".svg"))


def test_every_file_is_short() -> None:
    assert {path.name: count for path in FILES if (count := len(path.read_text().splitlines())) >= 300} == {}


def test_the_page_weighs_little() -> None:
    assert sum(path.stat().st_size for path in PAGE.iterdir()) < 250_000


def test_nothing_comes_from_outside() -> None:
    for path in FILES:
        addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"']*", path.read_text()))
        assert addresses <= {"http://www.w3.org/2000/svg", "//www.w3.org/2000/svg"}, path.name


def test_content_is_never_read_as_html_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc"
    )
    assert [path.name for path in FILES if path.suffix == ".js" and forbidden.search(path.read_text())] == []


def test_imports_lead_to_files_that_exist() -> None:
    for path in FILES:
        for name in re.findall(r'(?:from|href=|src=) ?"(?:\./|/page/)([\w.-]+)"', path.read_text()):
            assert (PAGE / name).is_file(), f"{path.name} wants {name}"


def test_drawings_that_are_used_are_drawn() -> None:
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (PAGE / "sprite.svg").read_text()))
    source = "".join(path.read_text() for path in FILES if path.suffix == ".js")
    used = set(re.findall(r'\bicon\("([\w-]+)"', source)) | set(re.findall(r'"(e-[a-z]+)"', source))
    assert used <= drawn
