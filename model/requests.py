"""Several requests in one message: where the text may be cut, and which of its pieces ask for something of their own.

A second request counts only where its piece, read alone, is surely in scope and of another intent than the first, and
has the form of a question, an order or a wish; what is merely told needs more. Loads no torch. The forms are English:
a text of another language is cut at its sentences and nearly always stays one request. The thresholds were chosen on
the dev half of bench/written/requests.jsonl and stories.jsonl and on BANKING77's dev rows.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from model.clauses import Span, adds, asks, clauses, points_back, sentences
from model.types import Prediction, Request
from model.words import content

MOST = 3
"""Requests of one message that are answered."""
MOST_PIECES = 48
"""Pieces of one message that are looked at: of longer ones the sentences of its beginning and end."""
ASKED, ASKED_MORE = 0.9, 0.6
"""Confidence from which a piece that asks is a request: by itself; where it is said to be one more thing."""
TOLD, TOLD_MORE = 0.97, 0.9
"""The same for a piece that only tells of something."""
POINTING = 0.93
"""For a short piece that points back at the one before ("how do I use it?"): most often it is part of that one."""
MAIN = 0.5
"""For a piece of the intent that the whole message speaks for."""
ALONE = 0.6
"""For a piece that is believed rather than the whole message."""
CLEARER = 0.2
"""By so much surer a piece by itself is believed rather than the whole message."""
PLAIN = 0.98
"""Confidence of a sentence that is one request, whatever its clauses say alone."""

Predict = Callable[[Sequence[str]], list[Prediction]]


@dataclass(frozen=True, slots=True)
class _Piece:
    span: Span
    said: Prediction
    clause: bool
    """Whether it is part of a sentence."""
    first: bool
    more: bool = False
    """Whether it, or the piece after it, is said to be one more thing."""

    @property
    def text(self) -> str:
        return self.said.text


def read(whole: Prediction, predict: Predict, aside: Container[str] = ()) -> Prediction:
    """The prediction of a message, with its requests where it holds several; of one request the whole message's, or
    that of its piece where the whole is refused or far less sure.

    Args:
        whole: what the model says of the message as one text. It comes back as it is where there is one request.
        predict: asked once for all pieces, and not at all for a message of one clause.
        aside: small talk: never a request beside another, and it gives way to one.
    """
    text, cut = whole.text, _cut(whole.text)
    spans = [span for sentence, parts in cut for span in (sentence, *parts)]
    if len(spans) < 2:
        return whole
    said = dict(zip(spans, predict([text[start:end] for start, end in spans]), strict=True))
    found = _different(_requests(cut, said, whole, aside))
    if len(found) > 1:
        return _several(whole, found[:MOST])
    if found and whole.intent in aside and not whole.out_of_scope:
        return replace(found[0].said, text=text)
    alone = _alone(found, [said[sentence] for sentence, _ in cut], aside)
    return replace(alone, text=text) if alone and _believed(alone, whole) else whole


def _believed(alone: Prediction, whole: Prediction) -> bool:
    """Whether one piece says better what is wanted than the message with all that stands around it: a plain "I want to
    speak to a human" after the story of a parcel does."""
    if whole.out_of_scope or alone.confidence > whole.confidence + CLEARER:
        return alone.confidence >= ALONE
    return alone.confidence >= PLAIN and whole.confidence < ASKED and asks(alone.text)


def _asks_else(sentence: Prediction, alone: Prediction, aside: Container[str]) -> bool:
    """Whether a sentence has the form of a request, and is not the one that was understood."""
    understood = not sentence.out_of_scope and (sentence.intent == alone.intent or sentence.intent in aside)
    return not understood and asks(sentence.text) and alone.text not in sentence.text


def _alone(found: Sequence[_Piece], sentences: Sequence[Prediction], aside: Container[str]) -> Prediction | None:
    """The piece that is the one request, else the surest sentence where all that are known are of one intent: what
    stands around it may be courtesies and circumstances that drown it. None where something else is asked too."""
    known = [each for each in sentences if not each.out_of_scope and each.intent not in aside]
    one = len(sentences) > 1 and len({each.intent for each in known}) == 1
    alone = found[0].said if found else max(known, key=lambda each: each.confidence) if one else None
    return None if alone is None or any(_asks_else(each, alone, aside) for each in sentences) else alone


def _cut(text: str) -> list[tuple[Span, list[Span]]]:
    """Each sentence with its clauses, none where it is one; of a very long text less."""
    cut = [(sentence, clauses(text, sentence)) for sentence in sentences(text)]
    cut = [(sentence, parts if len(parts) > 1 else []) for sentence, parts in cut]
    if sum(1 + len(parts) for _, parts in cut) > MOST_PIECES:
        cut = [(sentence, []) for sentence, _ in cut]
        half = MOST_PIECES // 2
        cut = cut if len(cut) <= MOST_PIECES else [*cut[:half], *cut[-half:]]
    return cut


def _requests(
    cut: Sequence[tuple[Span, Sequence[Span]]], said: dict[Span, Prediction], whole: Prediction, aside: Container[str]
) -> list[_Piece]:
    """The pieces that are requests: a sentence, or its clauses where they ask for different things."""
    found: list[_Piece] = []
    for number, (sentence, parts) in enumerate(cut):
        after = said[cut[number + 1][0]].text if number + 1 < len(cut) else ""
        one = _piece(sentence, said, after, clause=False, first=number == 0)
        texts = [*(said[part].text for part in parts[1:]), after]
        pieces = [
            _piece(part, said, texts[n], clause=True, first=number == 0 and n == 0) for n, part in enumerate(parts)
        ]
        asking = [piece for piece in pieces if _counts(piece, whole, aside)]
        if len(_different(asking)) > 1 and one.said.confidence < PLAIN:
            found += asking
        else:
            found += [one] if _counts(one, whole, aside) else asking
    return found


def _piece(span: Span, said: dict[Span, Prediction], after: str, *, clause: bool, first: bool) -> _Piece:
    return _Piece(span, said[span], clause, first, adds(said[span].text) or adds(after))


def _counts(piece: _Piece, whole: Prediction, aside: Container[str]) -> bool:
    said, words = piece.said, len(content(piece.text))
    if said.out_of_scope or said.intent in aside or not words:
        return False
    main = said.intent == whole.intent and whole.confidence >= 0.5
    asking = asks(piece.text)
    if piece.clause and not (asking or piece.more or main):
        return False  # "I ordered an hour ago, can I ...": the circumstances of a question
    if main:
        return said.confidence >= MAIN
    needed = (ASKED_MORE if piece.more else ASKED) if asking else (TOLD_MORE if piece.more else TOLD)
    if not piece.first and words <= 2 and points_back(piece.text):
        needed = max(needed, POINTING)
    return said.confidence >= needed


def _different(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The first piece of each intent."""
    by_intent: dict[str, _Piece] = {}
    for piece in pieces:
        by_intent.setdefault(piece.said.intent, piece)
    return list(by_intent.values())


def _several(whole: Prediction, found: Sequence[_Piece]) -> Prediction:
    """The main request is the one the whole message speaks for, where it is among those found; else the first."""
    main = next((piece for piece in found if piece.said.intent == whole.intent), found[0])
    requests = tuple(Request(piece.said.intent, piece.said.confidence, *piece.span) for piece in found)
    return replace(main.said, text=whole.text, requests=requests)
