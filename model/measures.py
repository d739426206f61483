"""How far a sentence goes along with its sources, in numbers that no one of them can refuse it by. English.

Words that no source has, words that stand together here and nowhere there, a polarity of their own, conditions and
limits of the statements that it draws from and leaves out, numbers among other words, and how much of it is in a
source in the same order. `bench.grounding_fit` learns what they come to together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import combinations, pairwise

from model.known import Known
from model.lexicon import COMMON, COURTESY
from model.omissions import omissions
from model.places import nearness, places
from model.scope import polarities
from model.statements import Statement, parts, said
from model.surroundings import misfit
from model.told import Told
from model.words import STOPWORDS, content, has_digit, stem, tokens, word_set

_GENERAL = COMMON | COURTESY
_HEAD = re.compile(
    r"\b(?:(?:but|and|or)\s+)?(?:(?:only|not|never|even)\s+)?(?:if|unless|when|once(?! a)|as soon as|whoever|who|which|"
    r"that|where|while|because|until|before|after|within|during|only|except|without|up to|at least|at most|from|over|"
    r"under|more than|less than|above|below|between|outside|inside|on|in|at|with|for|by|to|of|about|through|via|each|"
    r"as|than)\b|[,;:]|\b(?:and|but|or)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^\W*(?:(?:but|and|or)\s+)?(?:if|unless|when|once|as soon as|whoever|who|until|except|during|not|while)\b|"
    r"\bonly\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"^\W*(?:(?:but|and|or)\s+)?(?:within|before|after|up to|at least|at most|from|over|under|more than|less than|"
    r"above|below|between|outside|without)\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(r"\W*(?:but|unless|except|only|if)\b", re.IGNORECASE)
_STRICT = re.compile(r"\b(?:only|any|every|always|never|all|no|until|unless|if|must|not|or|and|but)\b")
_GIFT = re.compile(
    r"\b(?:voucher|compensat\w+|bonus|gift|discount|lifetime|guarantee\w*|promise\w*|refund\w*|replace\w*|credit\w*|"
    r"tomorrow|today|tonight|worldwide|unlimited|money)\b",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|i)(?:['’](?:ll|d|re|ve)\b)?(?P<rest>(?:\s+[\w'’]+){1,6})", re.IGNORECASE)
_HELPING = STOPWORDS | COURTESY | word_set("happily gladly always even might never didn can't won must")


def measures(body: str, told: frozenset[str], known: Known, allowed: Set[str]) -> dict[str, float]:
    """All of them but what the checker's own rules count.

    Args:
        body: the sentence in plainer words, without greeting, yes or no.
        told: stems of all that is said, by the sentence and by the question.
        allowed: stems that may be said besides.
    """
    all_said = Told(told)
    pairs = [_pairs(part.words | part.subject, known, allowed) for part in parts(body)]
    return {
        **_support(body, known, allowed),
        **_order(body, known),
        **_left_out(body, all_said, known.statements),
        **omissions(body, all_said, known, allowed),
        "pair": max((_apart(pair, known.statement_words) for pair in pairs), default=0.0),
        "pair_sentence": max((_apart(pair, known.sentence_words) for pair in pairs), default=0.0),
        "polarity": float(len(_other_polarity(body, known))),
        "misfit": misfit(body, known.contexts),
        **_apart_here(body, known, allowed),
        "undertakes": float(len(undertakings(body, known, allowed))),
        "strict": float(len(set(_STRICT.findall(body.lower())) - known.plain_words)),
        "gift": float(sum(one.lower()[:6] not in known.small for one in _GIFT.findall(body))),
    }


def _support(body: str, known: Known, allowed: Set[str]) -> dict[str, float]:
    """Words that no source has, general ones for less and those of the same beginning for little."""
    words = {stem(one) for one in tokens(body) if one not in STOPWORDS and one not in COURTESY} - allowed - COURTESY
    weights = {one: 0.4 if one in COMMON else 1.0 for one in words}
    missing = sum(weight * (1 - _likeness(one, known)) for one, weight in weights.items())
    return {"unsupported": missing, "unsupported_share": missing / max(sum(weights.values()), 3.0)}


def _likeness(word: str, known: Known) -> float:
    if word in known.content:
        return 1.0
    if word.isalpha() and len(word) >= 5 and word[:5] in known.beginnings:
        return 0.9
    return 0.85 if word.isalpha() and len(word) == 4 and word in known.beginnings_of_four else 0.0


def _order(body: str, known: Known) -> dict[str, float]:
    """The longest run of words that a source sentence has in the same order, of this sentence and of that."""
    words = [stem(token) for token in tokens(body)]
    common = [(_longest_common(words, other), len(other)) for other in known.in_order if other]
    return {
        "in_order": max((count for count, _ in common), default=0) / max(len(words), 1),
        "of_source": max((count / length for count, length in common), default=0.0),
    }


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for word in one:
        diagonal = 0
        for place, found in enumerate(other, 1):
            above = row[place]
            row[place] = diagonal + 1 if word == found else max(above, row[place - 1])
            diagonal = above
    return row[-1]


def _pairs(words: Set[str], known: Known, allowed: Set[str]) -> list[tuple[str, str]]:
    return list(combinations(sorted(one for one in words - allowed - _GENERAL if one in known.stems), 2))


def _apart(pairs: Sequence[tuple[str, str]], homes: Sequence[Set[str]]) -> float:
    """Share of the pairs of known words that stand together nowhere."""
    if not pairs:
        return 0.0
    return sum(not any(a in home and b in home for home in homes) for a, b in pairs) / len(pairs)


def _apart_here(body: str, known: Known, allowed: Set[str]) -> dict[str, float]:
    """How much farther from each other neighbouring words stand in the sources than here, at most and in all."""
    words = [one for one in places(body) if one.stem in known.placed_stems and one.stem not in allowed | COMMON]
    apart = [
        max(0.0, nearness(a, b) - max((nearness(x, y) for x, y in known.together(a.stem, b.stem)), default=0.0))
        for a, b in pairwise(words)
        if a.stem != b.stem
    ]
    return {"apart": max(apart, default=0.0), "apart_in_all": sum(apart)}


def undertakings(body: str, known: Known, allowed: Set[str]) -> list[str]:
    """What "we" do that no source has a word of: the stem of each such verb."""
    found = []
    for match in _WE.finditer(body):
        verb = next((stem(one) for one in tokens(match["rest"]) if one not in _HELPING), "")
        if verb and verb not in known.stems | allowed | COMMON and verb[:5] not in known.beginnings:
            found.append(verb)
    return found


def _other_polarity(body: str, known: Known) -> set[str]:
    mine = polarities(body)
    same = {word: known.polarities[word] for word in mine if word in known.polarities}
    return {word for word, found in same.items() if not found & mine[word]} - _GENERAL


def _left_out(body: str, all_said: Told, sources: Iterable[Statement]) -> dict[str, float]:
    """How many conditions, limits, numbers and other adjuncts of the statements it draws from are not said."""
    found = {"left_condition": 0.0, "left_limit": 0.0, "left_number": 0.0, "left_other": 0.0, "left_to_question": 0.0}
    own = Told(said(body))
    for source in sources:
        main, *adjuncts = list(phrases(source.part.text)) or [""]
        if not own.has_most(main, alone=len(content(source.part.text)) <= 3):
            continue
        for phrase in [*adjuncts, *([source.after] if _TAKES_BACK.match(source.after) else [])]:
            if all_said.leaves_out(phrase):
                found[_kind(phrase)] += 1
            elif own.leaves_out(phrase) and _kind(phrase) in {"left_condition", "left_limit"}:
                found["left_to_question"] += 1
    return found


def _kind(phrase: str) -> str:
    if _CONDITION.search(phrase):
        return "left_condition"
    if _LIMIT.search(phrase):
        return "left_limit"
    return "left_number" if has_digit(phrase) else "left_other"


def phrases(text: str) -> Iterator[str]:
    """The text cut before prepositions, conjunctions and commas; a piece without a word of its own joins the next."""
    cuts = [0, *(match.start() for match in _HEAD.finditer(text) if match.start()), len(text)]
    kept = ""
    for start, end in pairwise(cuts):
        kept += text[start:end]
        if content(kept):
            yield kept
            kept = ""
