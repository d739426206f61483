"""Words as search and the grounding check see them: lower case, lightly stemmed, without function words. English."""

import re

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CONTRACTION = re.compile(r"['’](?:s|m|re|ve|ll|d|t)$")

_FUNCTION_WORDS = """
a about after again all also am an and any are as at be been being but by can could did do does doing done down
for from get gets getting got had has have having he her here hers him his how i if in into is it its itself just
let like made make me mine more most much must my myself of off on once one only or other our ours out over own
please same she should so some such than that the their theirs them then there these they this those through to
too under until up us very was we were what when where which while who whom why will with would yes you your yours
hi hello hey dear thanks thank shall may might ok okay
im ive id ill youre youve youll theyre were weve well dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt
shouldnt hasnt havent not no never nor cannot neither none nobody nothing without within
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


def stem_set(text: str) -> frozenset[str]:
    """Their stems."""
    return frozenset(map(stem, text.split()))


STOPWORDS = word_set(_FUNCTION_WORDS)


def tokens(text: str) -> list[str]:
    """Every word of `text`, lower case, contractions without their tail (`don't` -> `don`)."""
    return [_CONTRACTION.sub("", match.group().lower()) for match in _TOKEN.finditer(text)]


def stem(word: str) -> str:
    """A light stem: plurals, -ed, -ing and a last -e go, so that `charges` meets `charged`."""
    if not word.isalpha() or len(word) < 4:
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and any(c in "aeiouy" for c in word[: -len(ending)]):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiosz":
                word = word[:-1]
            break
    if word.endswith("ll"):
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, with repetitions."""
    return [stem(token) for token in tokens(text) if token not in STOPWORDS]


def has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
