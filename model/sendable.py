"""What may be sent in the place of a sentence that was written.

The check says whether a sentence is borne out; what goes to a customer may be chosen with more care, since there is
something to say instead: the sentence without its yes or no, or the sentence of a source that it has all but said. A
false sentence that becomes its source's own costs nothing, and a true one little.
"""

from model.grounding import Checker

LIMIT = 0.07
"""Doubt above which a sentence is not sent as it stands; lower than what the check calls unfounded."""


def sendable(checker: Checker, sentence: str, *, verdicts: bool = True) -> str | None:
    """`sentence`, or what may be said in its place; None where nothing may.

    Args:
        verdicts: whether a yes or no may open it.
    """
    rest = checker.without_verdict(sentence)
    for each in [*([sentence] if verdicts or not rest else []), rest]:
        if each.strip() and _safe(checker, each):
            return each
    return checker.restored(sentence)


def _safe(checker: Checker, sentence: str) -> bool:
    return checker.sound(sentence) or (not checker.certain(sentence) and checker.doubt(sentence) <= LIMIT)
