"""Whether a yes or no may open a sentence: what follows must answer the question so. English.

What the question asks for (leave, duty, price), what the sentence grants, denies, demands or limits in the clause that
shares the question's words, and how their numbers compare, in numbers that no one of them can tell the answer by.
`bench.verdict_fit` learns what they come to together. A sentence about something else bears out neither: a simple rule
of modality and polarity must come to the same answer.
"""

import re
from collections.abc import Set
from itertools import product
from pathlib import Path

from model import polarity, quantities
from model.known import Known
from model.lexicon import COMMON
from model.retriever import Encoder
from model.trees import read
from model.words import content
from model.yes_no import YES

FITTED = Path(__file__).parent / "verdict.json"
"""Decision trees that `python -m bench.verdict_fit` has written: how likely the answer is yes."""
_MONTH = 30 * 86_400
"""Seconds, roughly: "2 months" are compared with "30 days"."""
_ASKS = {
    "permission": r"\b(?:can|could|may|able to|possible|allowed|ok|okay|alright)\b",
    "obligation": r"\b(?:must|have to|has to|needs?|needed|necessary|required?|mandatory|got to|gotta)\b",
    "payment": r"\b(?:pay\w*|costs?|charged?|charges|fees?|extra|surcharge)\b",
    "free": r"\bfree\b|\bfor nothing\b|\bincluded?\b|\bwithout paying\b|\bon the house\b",
    "action": r"\b(?:do|does|did|will|would)\b",
    "state": r"\b(?:is|are|was|were|there)\b",
    "open": r"\b(?:what|how|when|where|which|who|why)\b",
    "late": r"\b(?:late|still|already|yet|expire[ds]?|run out)\b",
    "added": r"\b(?:too|also|even|as well)\b",
    "whole": r"\b(?:all|every|any|always|anything|everything|whole|unlimited|limit)\b",
    "alone": r"\b(?:only|just|myself|ourselves|alone|without|on (?:my|their|its) own)\b",
    "harm": r"\b(?:problem|hurt|affect|lose|loses|matter|wrong|stop|end)\b",
    "customer": r"\b(?:i|we|my|our|me|us)\b",
    "company": r"\b(?:you|your)\b",
}
_SAYS = {
    "permission": r"\b(?:can|may|could|able to|possible|allowed|welcome)\b",
    "obligation": r"\b(?:must|have to|has to|needs? (?!not)|require[sd]?|needed|necessary|please|should)\b",
    "free": r"\bfree\b|\bno (?:extra )?(?:charge|fee|cost)\b|\bnothing\b|\bincluded?s?\b",
    "payment": r"\b(?:costs?|pay|charged?|fees?|price|surcharge|deducted)\b|[£$€]",
    "optional": r"\b(?:optional|voluntary|need not|needs no|not need|no need|not necessary|not required)\b",
    "only": r"\bonly\b",
    "limit": r"\b(?:until|before|after|within|up to|at most|at least|by|from|under|over|less than|more than)\b",
    "condition": r"\b(?:if|unless|when|once|provided|as long as)\b",
    "contrast": r"\b(?:but|however|instead|though|although|except|apart from|with the exception)\b",
    "all": r"\b(?:all|every|each|any|always|also|even|both|everywhere)\b",
    "none": r"\b(?:no|none|never|nobody|neither|nor|without)\b",
}
_IN_QUESTION = {f"asks_{name}": re.compile(pattern, re.IGNORECASE) for name, pattern in _ASKS.items()}
_IN_ANSWER = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SAYS.items()}
_CUT = re.compile(r"\s*(?:[;:()–—]|,\s|\b(?:but|while|because|although|though)\b)\s*", re.IGNORECASE)


def why_not(word: str, measured: dict[str, float]) -> list[str]:
    """Why a yes or no may not stand before a sentence that `measures` has measured."""
    if reasons := opposed(word, measured):
        return reasons
    trees, says_yes = read(FITTED), word in YES
    affirmed = trees.probability(measured)
    likely = affirmed if says_yes else 1 - affirmed
    return [f"{word}: in doubt ({1 - likely:.2f})"] if likely < trees.limit else []


def opposed(word: str, measured: dict[str, float]) -> list[str]:
    """The reasons that need no trees."""
    if measured["lean"] != (1 if word in YES else -1):
        return [f"{word}: what follows does not say so"]
    if word in YES and measured["beyond"] and not measured["within"]:
        return [f"{word}: the numbers compared say no"]
    return []


def measures(body: str, question: str, known: Known, encoder: Encoder) -> dict[str, float]:
    """What the trees see of a question and what is said to it.

    Args:
        body: the sentence without greeting, yes or no.
    """
    asked, said = set(content(question)), set(content(body))
    meant, shared = asked - COMMON, asked & said
    parts = polarity.clauses(body)
    focus = max(parts, key=lambda part: len(part.words & asked), default=None)
    denied = {word for part in parts if part.negated for word in part.words}
    granted = {word for part in parts if not part.negated for word in part.words}
    there, here = polarity.verdict(question, known.clauses), polarity.verdict(question, polarity.combined(body))
    clause = _clause(body, asked)
    vector, other = encoder.encode([question, body])
    near, nearest = float(vector @ other), float((known.vectors @ vector).max()) if len(known.vectors) else 0.0
    found: dict[str, float] = {
        "asked_words": len(asked),
        "said_words": len(body.split()),
        "near": near,
        "nearest": nearest,
        "gap": nearest - near,
        "cover": len(shared) / max(len(asked), 1),
        "cover_meant": len(shared & meant) / max(len(meant), 1),
        "covered": len(shared) / max(len(said), 1),
        "asks_not": polarity.negates(question),
        "says_not": polarity.negates(body),
        "first_not": bool(parts) and parts[0].negated,
        "focus_not": focus is not None and focus.negated,
        "focus_clause_not": polarity.negates(clause),
        "denied": len(shared & denied),
        "granted": len(shared & granted),
        "affirmed_there": there[0],
        "denied_there": there[1],
        "lean_there": there[0] - there[1],
        "affirmed_here": here[0],
        "denied_here": here[1],
        "lean_here": here[0] - here[1],
        **{name: bool(pattern.search(question)) for name, pattern in _IN_QUESTION.items()},
        **{f"says_{name}": bool(pattern.search(body)) for name, pattern in _IN_ANSWER.items()},
        **{f"focus_{name}": bool(pattern.search(clause)) for name, pattern in _IN_ANSWER.items()},
        **_compared(question, body),
    }
    return {name: float(value) for name, value in {**found, "lean": _lean(found)}.items()}


def _clause(body: str, asked: Set[str]) -> str:
    """The part of a sentence that shares most of the question's words."""
    return max(_CUT.split(body), key=lambda part: len(asked & set(content(part))))


def _lean(found: dict[str, float]) -> int:
    """1 where simple rules of what is asked and said come to yes, -1 where to no, 0 where to neither."""
    denies = found["focus_clause_not"]
    if found["asks_obligation"]:
        if found["focus_optional"] or found["focus_free"] or denies:
            return -1
        return 1 if found["focus_obligation"] else -1 if found["focus_permission"] else 0
    if found["asks_permission"]:
        if denies or found["focus_only"]:
            return -1
        return 1 if found["focus_permission"] else 0
    if found["asks_payment"]:
        if found["focus_free"] or denies:
            return -1
        return 1 if found["focus_payment"] else 0
    if found["asks_free"]:
        if found["focus_free"]:
            return 1
        return -1 if denies or found["focus_payment"] else 0
    return -1 if denies else 0


def _compared(question: str, body: str) -> dict[str, float]:
    """How the question's numbers compare with what is said: below, above, the same, within a limit or beyond it."""
    asked, said = quantities.numbers(question), quantities.numbers(body)
    pairs = [
        (x, y, other.side)
        for one, other in product(asked, said)
        if (both := _comparable(one, other)) is not None
        for x, y in [both]
    ]
    return {
        "asked_numbers": len(asked),
        "said_numbers": len(said),
        "below": sum(x < y for x, y, _ in pairs),
        "above": sum(x > y for x, y, _ in pairs),
        "same": sum(x == y for x, y, _ in pairs),
        "within": sum((x - y) * side >= 0 for x, y, side in pairs if side),
        "beyond": sum((x - y) * side < 0 for x, y, side in pairs if side),
    }


def _comparable(one: quantities.Number, other: quantities.Number) -> tuple[float, float] | None:
    """Both in the same unit; None where they are of two kinds. A number without a unit takes the other's."""
    a, b = _amount(one), _amount(other)
    if a and b:
        return (a[0], b[0]) if a[1] == b[1] else None
    try:
        return None if one.unit and other.unit else (float(one.value), float(other.value))
    except ValueError:  # a time of day
        return None


def _amount(number: quantities.Number) -> tuple[float, str] | None:
    amount = number.amount
    return (_MONTH * amount[0], "second") if amount and amount[1] == "month" else amount
