"""Who says not: cuts sentences into clauses and compares what is denied with what is affirmed. English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.lexicon import COMMON
from model.words import content

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|(?<!cost )(?<!costs )(?<!pay )nothing|(?:is|are) off\b|neither|nor|cannot|without|"
    r"unable|impossible|except|nowhere|refuse[sd]?|"
    r"excluded?|excluding|forbidden|\w+n['’]t)\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[,;:()–—]|\s-\s|\b(?:but|and|or|while|because|so that|although|though|if|unless|until|when)\b)\s*",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless|when|although|though|because|while)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless)\s*$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|or)\s*", re.IGNORECASE)
_LIST_ITEM = 4
"""Words; a longer part is no item of a list, but says something of its own."""
_OWN_VERB = re.compile(
    r"\b(?:you|we|it|they|i|there|this|that|is|are|was|were|can|could|will|would|do|does|did|must|may|should|has|have|"
    r"please|press|go|open|choose|take|takes|cost|costs|come|comes|use|send|write|call)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?P<word>yes|no|of course|certainly|sure|absolutely|unfortunately)\b[\s,:;!.–—-]*", re.IGNORECASE
)
CLEARLY = 0.25
"""How much more of a clause the other polarity must cover before it counts as turned."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence, its content words, and whether it denies them."""

    words: frozenset[str]
    negated: bool
    conditional: bool = False
    """Whether it stands after if or unless: then it claims nothing."""


def clauses(sentence: str) -> list[Clause]:
    """The clauses that carry content. A list ("no cash, cheque or transfer") goes on in its first part's polarity, and
    one of subjects ("cash, cheque and transfer are not taken") has its last part's."""
    found: list[Clause] = []
    items: list[int] = []
    """Where the list's parts stand in `found` that have neither a verb nor a not so far."""
    negated = after_condition = in_condition = False
    end = 0
    cut = ""
    for match in [*_CUT.finditer(sentence), None]:
        part, begin = (sentence[end : match.start()] if match else sentence[end:]), end
        conditional = bool(_CONDITION.search(sentence[max(0, end - 12) : end]))
        if "," in cut and in_condition:
            negated = in_condition = False  # "If you do not have it, look there": the condition is over
        joined = cut
        end, cut = (match.end(), match.group()) if match else (end, cut)
        if _NEGATION.search(part):
            negated = True
        elif after_condition or _OWN_VERB.search(part) or len(part.split()) > _LIST_ITEM:
            negated = False
        after_condition, in_condition = conditional, conditional or in_condition
        words = frozenset(content(part))
        is_item = not (_OWN_VERB.search(part) or _NEGATION.search(part)) and len(part.split()) <= _LIST_ITEM
        if negated and not is_item and _AND.fullmatch(joined):
            for place in items:
                found[place] = replace(found[place], negated=True)
        if not (is_item and (not joined or _AND.fullmatch(joined) or joined.strip() == ",")):
            items = []
        if words:
            items = [*items, len(found)] if is_item else items
            found.append(Clause(words, negated, bool(_IF.search(sentence[max(0, begin - 12) : begin]))))
    return found


def combined(sentence: str) -> list[Clause]:
    """The clauses, and all of one polarity put together: a source says the whole, not only its parts."""
    parts = clauses(sentence)
    wholes = [
        Clause(frozenset[str]().union(*(part.words for part in parts if part.negated == negated)), negated)
        for negated in (True, False)
    ]
    return [*parts, *(whole for whole in wholes if whole.words)]


def turned(sentence: str, sources: Sequence[Clause]) -> bool:
    """Whether a clause of `sentence` denies what the sources affirm, or the other way round."""
    for clause in clauses(sentence):
        if clause.conditional:
            continue
        same = _covered(clause, [other for other in sources if other.negated == clause.negated])
        claimed = [other for other in sources if not other.conditional]
        opposite = _covered(clause, [other for other in claimed if other.negated != clause.negated])
        if opposite >= 0.5 and opposite >= same + CLEARLY:
            return True
    return False


def affirms_denied(sentence: str, sources: Sequence[Clause]) -> bool:
    """Whether a sentence without any not says what a clause of the sources denies: "needs a card", "needs no card"."""
    if _NEGATION.search(sentence):
        return False
    words = set(content(sentence))
    denied = [clause.words for clause in sources if clause.negated and len(clause.words) >= 2 and clause.words <= words]
    affirmed = [clause.words for clause in sources if not clause.negated]
    return any(not any(each <= other for other in affirmed) for each in denied)


def verdict(question: str, sources: Sequence[Clause]) -> tuple[float, float]:
    """How far the sources affirm what a yes-no question asks, and how far they deny it: 0 to 1 each."""
    asked = Clause(frozenset(content(question)) - COMMON, False)
    if not asked.words:
        return 0.0, 0.0
    affirmed = _covered(asked, [clause for clause in sources if not clause.negated])
    return affirmed, _covered(asked, [clause for clause in sources if clause.negated])


def negates(text: str) -> bool:
    return bool(_NEGATION.search(text))


def opening(sentence: str) -> tuple[str, str]:
    """("yes", the rest) where a sentence begins with yes, no or the like; ("", sentence) elsewhere."""
    match = _OPENING.match(sentence)
    if not match:
        return "", sentence
    word = match["word"].lower()
    if word == "no" and sentence[match.end("word") : match.end("word") + 1] not in (",", ".", ":", "!", ";", ""):
        return "", sentence  # "No order was placed": no answer, but a part of the clause
    return word, sentence[match.end() :]


def _covered(clause: Clause, others: Sequence[Clause]) -> float:
    """The largest share of the clause's words that one source clause has."""
    return max((len(clause.words & other.words) / len(clause.words) for other in others), default=0.0)
