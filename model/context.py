"""Words in context: which messages lean on what was said before, and what they are read with. Pure; English.

A message that has a verb and a topic of its own stands alone, whatever went before: it is never read with anything.
The thresholds were chosen on the dev half of bench/written/conversations.jsonl.
"""

import re
from collections.abc import Container, Sequence

from model.types import Prediction
from model.words import content

ALONE, SHORT, ADDED, ALWAYS = 0.0, 0.7, 0.9, 1.1
"""Confidence from which a message is believed without context. One that stands alone always is; a bare thing or
question, or one that points back ("make that two"), where it is clear; an addition that names a thing ("and the blue
one?") where it is very clear; an addition that does not ("and to Norway?") or a bare number never."""
MOST_WORDS = 8
"""Longer messages say by themselves what they are about."""
CLEAR = 0.5
"""Confidence that a message read in context must reach; else it is taken as it stands."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_JOIN = r"(?:(?:and|or|also|but|plus|so|ok|okay|yes|no|then)\b[\s,]*)*"
_BEGINS = re.compile(
    rf"{_JOIN}(?:(?:what|how) about\s+)?(?:(?:the )?same(?!-)|even|neither|nor|only|instead|for|in|to|from|with|on|by|"
    r"at|the other)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(r"(?:and|or|also|but|plus|(?:what|how) about|what if)\b", re.IGNORECASE)
_ANSWER = re.compile(
    r"(?:\W|\b(?:it|its|it['’]s|is|was|the|my|order|number|no|nr|yes|sure|ok|okay|here|you|go|are|that|that['’]s|this|"
    r"one|and|please|thanks|thank)\b|\d{4,12}(?!\d))*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{4,12}")
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|be|been|do|does|did|have|has|had|can|could|will|would|shall|should|may|might|must|"
    r"\w+n['’]?t|i['’]?m|i['’]ve|i['’]d|i['’]ll|it['’]s|need|want|wanna|like|tell|give|send|put|take|get|make|add|"
    r"remove|delete|erase|close|cancel|stop|unsubscribe|change|correct|update|swap|exchange|refund|return|resend|track|"
    r"explain|help|call|check|save|let|show|pay|order|buy|ship|deliver|wash|cost|costs|work|works|forgot|lost|"
    r"arrived|came|received|got)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"(?:neither|nor)\s+(?:do|does|did|is|are|was|can|will)\b", re.IGNORECASE)
_TOO = re.compile(r"\b(?:too|as well|instead)\W*$", re.IGNORECASE)
_ASKS = re.compile(r"(?:how|when|where|why|which|who|what)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(?:it|them|they|that|this|those|these|one|ones)\b", re.IGNORECASE)
_END = re.compile(r"[?!.]\s")


def believed_from(text: str) -> float:
    """The confidence from which a message is believed without context, by its form alone; 0 where it stands alone."""
    count = len(_WORD.findall(text))
    if not count or count > MOST_WORDS:
        return ALONE
    if _NUMBER.search(text) and _ANSWER.fullmatch(text):
        return ALWAYS
    first = _AUXILIARY.sub("neither", _END.split(text, maxsplit=1)[0])
    verb = _VERB.search(first) is not None
    if not verb and _BEGINS.match(first):
        return ALWAYS
    if not verb and (_ADDS.match(first) or _TOO.search(first)):
        return ADDED
    thing = not verb and count <= 2 and text.rstrip().endswith("?")
    bare = not content(text) and _ASKS.match(first) is not None
    return SHORT if thing or bare or _BACK.search(text) else ALONE


def topic(earlier: Sequence[Prediction], aside: Container[str] = ()) -> str:
    """What a message that leans on the earlier ones is about: the latest of them that is no addition itself, and the
    additions after it, as one text. Empty where small talk is all there was, or that message was out of scope.
    """
    told = [each for each in earlier if each.out_of_scope or each.intent not in aside]
    for at in range(len(told) - 1, -1, -1):
        if believed_from(told[at].text) < ADDED:
            return "" if told[at].out_of_scope else " ".join(each.text for each in told[at:])
    return ""
