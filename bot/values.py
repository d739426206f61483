"""What the desk says and shows, as plain values; the surface turns them into messages. Knows no Slack type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.types import Intent


@dataclass(frozen=True, slots=True)
class Customer:
    """A user of a team: of the bot's own, or of another company in a shared channel."""

    team: str
    user: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer's request as they see it themselves."""

    state: str
    """bot, waiting, human or closed."""
    holder: str
    """Name of the person who has it."""
    words: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a customer."""

    messages: int
    since: datetime | None
    """Of the first of them."""
    learns: bool
    """Whether others' answers are learned from them."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the platform knows of a user."""

    id: str
    name: str = ""
    first_name: str = ""
    team: str = ""
    admin: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """An order of the customer's own, as a button offers it."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message to a customer."""

    text: str
    """Plain words or Markdown; not escaped."""
    case_id: int
    turn_id: int = 0
    choices: tuple[Intent, ...] = ()
    """Offered as "Did you mean" buttons."""
    orders: tuple[OrderChoice, ...] = ()
    """Offered as buttons: "Which order?"."""
    feedback: bool = False
    person: bool = False
    """Whether a button calls a person."""
    person_words: str = ""
    """On that button, in another language; empty for the usual words."""
    done: bool = False
    """Whether a button says that the customer is all set; one stands under every answer that may be judged."""
    rate: int | None = None
    """Offers a score from 1 to 5; the one that was given, 0 for none yet."""
    notice: str = ""
    """Small print under the message."""
    sources: tuple[str, ...] = ()
    """Titles of the articles that it was made from."""
    also: tuple[tuple[str, str], ...] = ()
    """(article, title) of what the customer may also need, or what may help where there is no answer: a button each."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """Message metadata: no personal data."""
    mark: str = ""
    """Names a notice that is said once, so that it can be found again after a crash."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What agents may do about the verdict of a training."""

    run_id: int
    live: str = ""
    """The version that it made live; empty where there is nothing to go back from."""
    former: str = ""
    """What was live before it."""
    changed: int = 0
    """Messages that the two versions understand differently."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent with its title and probability, as agents see it."""

    name: str
    title: str
    probability: float


@dataclass(frozen=True, slots=True)
class Fix:
    """The correction in force for a turn."""

    id: int
    before: str
    after: str
    by: str
    undoable: bool = True
    better_answer: str = ""
    note: str = ""
    """For colleagues."""

    @property
    def confirms(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that did not help, and what was said of it."""

    by: str
    why: str = ""
    """The reason that was chosen, in the words of its menu."""
    comment: str = ""
    other: bool = False
    """Whether it was another answer of the case than the one that is shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an agent has told the customer."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What came with a message, as agents see it."""

    kind: str
    """`file` or `voice`."""
    name: str
    text: str = ""
    """What was read in it, or said."""
    confidence: float = 0.0
    link: str = ""
    reason: str = ""
    """Why it was not read, in a word."""
    picture: str = ""
    """The platform's id of a picture that was opened and is sound; empty for everything else."""
    other: bool = False
    """Whether it came with another message of the case than the one that is shown."""


@dataclass(frozen=True, slots=True)
class Card:
    """A case as the agents' channel shows it."""

    case_id: int
    state: str
    holder: str
    customer: str
    reason: str
    opened_at: datetime
    now: datetime
    turn_id: int = 0
    text: str = ""
    erased: bool = False
    """Whether the customer has taken its words back: there is nothing left to understand or to label."""
    said_before: tuple[str, ...] = ()
    """The customer's last messages in this case before that one, oldest first."""
    said_since: tuple[str, ...] = ()
    """The same after it."""
    language: str = ""
    """In English, where it is not English."""
    unread: bool = False
    """Whether the model does not read that language."""
    guesses: tuple[Guess, ...] = ()
    out_of_scope: bool = False
    taught: bool = False
    """Whether an agent's label of the same words, or nearly the same, decided and not the model."""
    further: tuple[Guess, ...] = ()
    """What the message asks beside its first guess."""
    in_context: bool = False
    """Whether it was read with the messages before it."""
    judged: tuple[Judged, ...] = ()
    """Answers of the case that did not help, the latest last."""
    reply: str = ""
    draft: bool = False
    """Whether `reply` waits for an agent to send it."""
    replaced: bool = False
    """Whether another reply stands by now where `reply` was said."""
    told: Told | None = None
    """The last that an agent told the customer in this case, in words of their own."""
    score: int = 0
    """How the customer found it, from 1 to 5; 0 where they have not said."""
    answered: bool = False
    """Whether an answer stands there, or a draft of one, which an agent may word anew."""
    versions: str = ""
    link: str = ""
    is_test: bool = False
    fix: Fix | None = None
    seen: int = 0
    """Id of the correction that stands; 0 for none."""
    dismissed_by: str = ""
    """Who said that it is no request; empty where nobody did."""
    enclosed: tuple[Enclosed, ...] = ()
    about: tuple[str, ...] = ()
    """The customer's orders that the message is about, a line each."""
    orders: tuple[str, ...] = ()
    """Their newest ones beside these."""
    before: str = ""
    """Their last case, in a line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One turn as the review modal and the relabel modal show it."""

    turn_id: int
    text: str
    guesses: tuple[Guess, ...]
    out_of_scope: bool
    reply: str = ""
    """What stands under it, or an agent's better answer; empty where neither is in the log."""
    seen: int = 0
    """Id of the turn's latest correction when the modal was opened; 0 for none."""
    why: tuple[str, ...] = ()
    """Why it is in the review queue."""
    judged: tuple[Judged, ...] = ()
    """Who found its answer not helpful."""
    taught: bool = False
    """As on a card."""
    told: Told | None = None
    """The same."""
