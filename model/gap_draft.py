"""A draft of the article that is missing, from what people answered to the questions without it.

The most central reply stands first; of those that are about the same only sentences that add something. What was
meant for one customer is taken out: greetings and thanks, names, the numbers of orders. No model writes here: every
word is an agent's own. Loads no torch.
"""

import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
import numpy.typing as npt

from model.passages import cut, sentences
from model.words import content

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]

SAID = 0.7
"""Cosine to a sentence that stands from which another says nothing new."""
ABOUT = 0.3
"""Cosine to the questions and the first reply from which another reply is about the same."""
REPLIES = 200
"""Of so many replies at most, the newest, the draft is made."""
PARAGRAPH = 2500
"""Characters of a paragraph, which is to fit into a field of a form."""
ADDED = 6
"""Sentences added to the first reply at most."""
_GREETING = re.compile(
    r"^(?i:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day))\b"
    r"(?:[ \t]+(?i:there|all|again|mr|mrs|ms|dr)\b\.?)?(?:[ \t]+[A-Z][\w'’-]{0,30}){0,2}"
    r"(?:[ \t]*[,.!:;–-]+|[ \t]*\n|[ \t]*$|[ \t]+(?=(?:we|you|your|yes|no|it|the)\b))\s*"
)
_COURTESY = re.compile(
    r"^(?:many |so |very )?(?:thanks|thank you|thx|you(?:['’]re| are) welcome|no problem|my pleasure|cheers|"
    r"sorry (?:for|about|to keep)|apologies|(?:please )?let (?:me|us) (?:check|look|see|know|ask|find)|"
    r"one (?:moment|sec)|just a (?:moment|sec|minute)|i(?:['’]ll| will) (?:check|look|ask|find|get back|come back)|"
    r"hope (?:this|that) helps|i hope (?:this|that) helps|(?:please )?feel free|"
    r"(?:is|was) (?:there|that) (?:anything|all)|anything else|have a (?:nice|great|good|lovely)|"
    r"(?:kind|best|warm|with kind|with best)? ?(?:regards|wishes)|yours (?:sincerely|truly|faithfully)|"
    r"(?:good)?bye|see you|take care)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?P<word>\b(?:order|parcel|invoice|ticket|case)s?)?[ \t]*(?:\b(?:no|nr|number)\b\.?[ \t]*|#[ \t]*)*\b\d{4,12}\b",
    re.IGNORECASE,
)


def drafted(
    replies: Sequence[str],
    questions: Sequence[str],
    encode: Encode,
    names: Collection[str] = (),
) -> str:
    """The text of the article, in paragraphs; empty where nothing is left of the replies.

    Args:
        replies: of agents, oldest first.
        questions: that they answer.
        encode: texts to unit vectors, [n, d].
        names: of the customers and the agents, which are taken out.
    """
    numbers = {number for text in questions for number in re.findall(r"\d{4,12}", text)}
    tidied = [tidy(reply, names, numbers) for reply in replies[-REPLIES:][::-1]]
    pieces = list(dict.fromkeys(piece for piece in tidied if len(content(piece)) >= 2))
    if not pieces:
        return ""
    vectors = encode(pieces)
    order = np.argsort(-(vectors @ _middle(vectors)), kind="stable")
    first = pieces[int(order[0])]
    topic = _middle(np.stack([_middle(encode(list(questions) or [first])), vectors[order[0]]]))
    others = [pieces[int(i)] for i in order[1:] if float(vectors[i] @ topic) >= ABOUT]
    added = _added(first, others, encode)
    return "\n\n".join(part for paragraph in (first, *added) for part in cut(paragraph, PARAGRAPH))


def asked(questions: Sequence[str], names: Collection[str] = ()) -> str:
    """A title of questions, the best first: the first that tells of nobody, in a line."""
    general = [question for question in questions if not re.search(r"\d{4,}|@", question)]
    best = (general or list(questions))[0]
    return " ".join((tidy(best, names, re.findall(r"\d{4,12}", best)) or best).split())


def tidy(reply: str, names: Collection[str] = (), numbers: Collection[str] = ()) -> str:
    """A reply without what was meant for one customer alone; paragraphs stay.

    Args:
        numbers: that the customers wrote, beside those that are an order's by the words around them.
    """
    paragraphs = (_tidied(paragraph, names, numbers) for paragraph in re.split(r"\n\s*\n", reply.strip()))
    return "\n\n".join(filter(None, paragraphs))


def _tidied(paragraph: str, names: Collection[str], numbers: Collection[str]) -> str:
    kept: list[str] = []
    of_an_order: list[str] = []
    for number, sentence in enumerate(sentences(_GREETING.sub("", paragraph.strip()))):
        spoken = _unaddressed(sentence, names)
        plain = _unnumbered(spoken, numbers).strip(" ,;–-")
        bare = re.sub(r"[^\w'’ ]", "", plain).strip().casefold()
        if not bare or bare in _parts(names) or _COURTESY.match(plain) or _tells_of(plain, names):
            continue
        # What is cut off in front leaves a sentence that begins small.
        plain = plain[:1].upper() + plain[1:] if number == 0 or plain != sentence else plain
        (kept if len(plain) >= len(spoken.strip(" ,;–-")) else of_an_order).append(plain)
    # A sentence with an order's number tells of that order; it stays where nothing else was said.
    return " ".join(kept or of_an_order)


def _parts(names: Collection[str]) -> set[str]:
    """Each name, and each of its words that is one by itself."""
    words = {name.strip().casefold() for name in names}
    return {part for name in words for part in (name, *name.split()) if len(part) >= 2}


def _any(names: Collection[str]) -> str:
    return "|".join(sorted(map(re.escape, _parts(names)), key=len, reverse=True))


def _unaddressed(sentence: str, names: Collection[str]) -> str:
    """Without the name of who is spoken to, at its beginning or its end."""
    if not names:
        return sentence
    called = rf"(?:{_any(names)})(?: (?:{_any(names)}))*"
    sentence = re.sub(rf"^{called}\s*[,!:–-]+\s*", "", sentence, flags=re.IGNORECASE)
    return re.sub(rf"\s*,\s*{called}\s*(?=[.!?]*$)", "", sentence, flags=re.IGNORECASE)


def _tells_of(sentence: str, names: Collection[str]) -> bool:
    """Whether it still names a person: then it is about that person."""
    spelt = {part for name in names for part in name.split() if len(part) >= 2}
    return any(re.search(rf"\b{re.escape(part)}\b", sentence) for part in spelt)


def _unnumbered(sentence: str, numbers: Collection[str]) -> str:
    def plain(match: re.Match[str]) -> str:
        word = match.group("word") or ""
        marked = "#" in match.group() or re.search(r"\b(?:no|nr|number)\b", match.group(), re.IGNORECASE)
        number = match.group().split("#")[-1].split()[-1]
        if not (word or marked or number in numbers):
            return match.group()
        before = " " if match.group()[:1].isspace() else ""
        return f"{before}{word}" if word else ""

    return re.sub(r"[ \t]{2,}", " ", re.sub(r"\s+([,.!?;:])", r"\1", _ORDER.sub(plain, sentence)))


def _added(first: str, others: Sequence[str], encode: Encode) -> list[str]:
    """What the other replies say beside the first, a paragraph each."""
    said, count = encode(sentences(first) or [first]), 0
    found: list[str] = []
    for reply in others:
        new = []
        for sentence in sentences(reply):
            vector = encode([sentence])[0]
            if len(content(sentence)) >= 2 and count < ADDED and float((said @ vector).max()) < SAID:
                new.append(sentence)
                said, count = np.vstack([said, vector]), count + 1
        if new:
            found.append(" ".join(new))
    return found


def _middle(vectors: Floats) -> Floats:
    mean = np.asarray(vectors.mean(0), np.float32)
    return np.asarray(mean / max(1e-12, float(np.linalg.norm(mean))), np.float32)
