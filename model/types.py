"""The values that pass between the parts. Loads no torch, so that everything may import it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

OOS = "oos"
"""The label of out-of-scope rows. It may stand in any data file and is never a class of the head."""
STARTER = "starter"
"""Source of what came with the code: the starter shop's rows."""


class UnderstudyError(Exception):
    """Wrong input or configuration: one line that says what was expected, what was found and what to do.

    The command line prints it and ends with exit code 2; it never carries a traceback to a person.
    """


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled utterance."""

    text: str
    label: str
    source: str = "file"
    """Where it comes from: `starter`, `file`, `import`, `correction`."""
    group: str = ""
    """Conversation or customer it belongs to; rows of one group never straddle train and test. Empty: none."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An intent and its calibrated probability."""

    intent: str
    probability: float


@dataclass(frozen=True, slots=True)
class Request:
    """One of several requests of a message: which characters ask it, and what they ask."""

    intent: str
    confidence: float
    """Calibrated probability of `intent` for these characters alone."""
    start: int
    end: int

    def words(self, text: str) -> str:
        """The customer's words for it, out of the whole message."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the classifier said of one text. Written once; the route is a separate value."""

    text: str
    intent: str
    """The most probable in-scope intent, also where `out_of_scope` is true."""
    confidence: float
    """Calibrated probability of `intent`, 0 to 1."""
    ranking: tuple[Ranked, ...]
    """The most probable intents, best first, at most five."""
    oos_score: float
    """Higher is farther from everything known. Compared with the version's own threshold."""
    out_of_scope: bool
    version: str
    source: Literal["model", "memory"] = "model"
    """`memory` when an agent's correction of the same or a near-same text decided."""
    requests: tuple[Request, ...] = ()
    """Two or three requests in the text's order, the one of `intent` among them; empty where the text holds one."""
    in_context: bool = False
    """Whether the text was read together with the customer's messages before it."""
    answer_from: float = 0.5
    """The confidence from which this version answers: chosen so that few of its answers are wrong."""

    @property
    def further(self) -> tuple[Request, ...]:
        """The requests beside the main one."""
        return tuple(request for request in self.requests if request.intent != self.intent)

    @property
    def label(self) -> str:
        """The intent, or `oos`: what is compared with a test row's label."""
        return OOS if self.out_of_scope else self.intent


@dataclass(frozen=True, slots=True)
class Intent:
    """What the desk knows of one intent."""

    name: str
    title: str
    """Short, in a customer's words; at most 75 characters (a button's text)."""
    description: str = ""
    answer: str | None = None
    """The approved answer with slots, or none: then the reply is made from articles. Several texts: model/slots.py."""
    compose: bool = False
    """Whether the generator may word the approved answer anew."""
    small_talk: bool = False
    handoff: bool = False
    """Whether this intent means that the customer wants a person."""


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of the knowledge base."""

    id: str
    title: str
    body: str
    """Markdown without the front matter."""
    intents: tuple[str, ...] = ()
    locale: str = "en"
    updated: str = ""
    """ISO date, or empty."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article, as found by search."""

    article_id: str
    title: str
    text: str
    score: float
    """0 to 1; how near it is in meaning, for thresholds."""


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """What a reply is made from."""

    text: str
    """The customer's words."""
    intent: Intent | None
    slots: Mapping[str, str] = field(default_factory=dict)
    """`first_name`, `order_number` and what else is known of an order (model/slots.py); unknown ones are absent."""
    history: tuple[str, ...] = ()
    """The customer's earlier words in this case, oldest first."""
    tone: str = "friendly"


Adaptation = Literal["full", "lora", "freeze", "prune"]
"""What of the encoder a fine-tuning trains; see model.adapt."""

ReplyKind = Literal["verbatim", "composed", "generated", "quoted"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that may be sent: every generated sentence in it has passed the grounding check."""

    text: str
    kind: ReplyKind
    sources: tuple[str, ...]
    """Article ids, best first; empty for an approved answer alone."""
    version: str
    """Version of the response model; the empty string where none took part."""
    grounded: bool = True
    refused: tuple[str, ...] = ()
    """Reasons why generated sentences were refused, for agents and the log."""

    @property
    def generated(self) -> bool:
        return self.kind in ("composed", "generated")


class Classifier(Protocol):
    """Recognises intents. Thread-safe."""

    @property
    def version(self) -> str: ...

    @property
    def intents(self) -> Sequence[str]: ...

    def predict(self, texts: Sequence[str]) -> list[Prediction]: ...


OnSentence = Callable[[str], object]
"""Told of each generated sentence as soon as it has passed the grounding check."""


def unheard(sentence: str) -> None:
    """For who waits for the whole reply."""


class Responder(Protocol):
    """Makes a reply. `None` means that nothing known answers: the route becomes OFFER."""

    @property
    def version(self) -> str: ...

    def respond(self, request: ReplyRequest, on_sentence: OnSentence = unheard) -> Reply | None: ...

    def respond_from(self, article_id: str, request: ReplyRequest) -> Reply | None:
        """One article, for who asks for it by its title; None where it is not there."""
        ...

    def search(self, query: str, limit: int = 5) -> list[Passage]: ...

    def titled(self, text: str) -> Article | None:
        """The one article whose title the text is; none for any other text."""
        ...


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Measures of one classifier on one set of rows. Fractions from 0 to 1; `None` where a set has no such rows."""

    version: str
    n: int
    accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    in_scope_accuracy: float
    """Right intent over in-scope rows, whether or not the row was refused as out of scope."""
    in_scope_kept: float
    """Share of in-scope rows that were not refused."""
    oos_recall: float | None
    oos_auroc: float | None
    oos_fpr95: float | None
    answered: float
    """Share of all rows that are not refused and sure enough to be answered without asking."""
    answered_wrong: float
    """Share of those whose intent is wrong, out-of-scope rows included."""
    ece: float
    """Expected calibration error of `confidence`, 15 bins of equal width, in-scope rows."""
    per_intent: Mapping[str, Mapping[str, float]]
    """intent -> precision, recall, f1, n."""
    latency_ms: Mapping[str, float]
    """p50 and p95 of one message at a time, tokenizing included."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's decision between champion and challenger."""

    promoted: bool
    reasons: tuple[str, ...]
    """In plain words, the deciding one first."""
    figures: Mapping[str, object]
