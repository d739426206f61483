"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

from bot.cli import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def commands() -> set[str]:
    [subparsers] = [action for action in parser()._actions if action.dest == "command"]
    return set(subparsers.choices or ())


def test_lock_takes_the_cpu_build_where_one_lies_ready() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "torch==2.13.0\n" in lock
    assert "nvidia" not in lock


def test_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"understudy ([a-z-]+)", README)) - {"to"}
    assert named
    assert named <= commands()


def test_every_command_stands_in_the_readme() -> None:
    table = README.split("## The command line")[1].split("## ")[0]
    spans = " ".join(re.findall(r"`([^`]*)`", table))
    assert {name for name in commands() if not re.search(rf"\b{name}\b", spans)} == set()


def test_the_tree_of_the_readme_is_there() -> None:
    tree = README.split("```text")[1].split("```")[0]
    folders = re.findall(r"^( *)([a-z_]+)/", tree, re.MULTILINE)
    assert len(folders) > 5
    above = ""
    for indent, name in folders:
        path = ROOT / (f"{above}/{name}" if indent else name)
        assert path.is_dir(), path
        above = above if indent else name


@pytest.mark.parametrize("page", ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_targets_of_the_makefile_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        named = set(re.findall(r"`make ([a-z-]+)`", page.read_text()))
        assert named <= targets, page
