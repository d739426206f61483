"""A turn as it is read: one customer utterance, and what was done with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["received", "working", "posted", "done", "failed"]
UNFINISHED: tuple[Status, ...] = ("received", "working", "posted")


@dataclass(frozen=True, slots=True)
class Turn:
    id: int
    team_id: str
    conversation_id: int
    channel: str
    ts: str
    user: str
    event_id: str
    text: str
    status: Status
    lease_until: datetime | None
    attempts: int
    intent: str | None
    confidence: float | None
    oos_score: float | None
    out_of_scope: bool | None
    ranking: tuple[tuple[str, float], ...]
    """(intent, probability), best first."""
    prediction_source: str | None
    intent_version: str | None
    predicted_at: datetime | None
    requests: tuple[tuple[str, float, int, int], ...]
    """(intent, confidence, start, end) of each of several requests, in the text's order; empty for one."""
    in_context: bool | None
    """Whether the text was read together with the ones before it."""
    route: str | None
    reply_text: str
    reply_ts: str
    reply_kind: str
    response_version: str
    article_ids: tuple[str, ...]
    timings: dict[str, float]
    """Milliseconds by stage; `total` is what the statistics read."""
    error: str
    created_at: datetime
    finished_at: datetime | None
    thread_ts: str
    """The thread that it began by itself; empty where it stands in its case's."""
    joined_to: int | None
    """The turn that it follows closely: its words are a part of that one's once its kind is `joined`."""
    heard_at: datetime | None
    """When it came, by the desk's clock; none for a message that is never one of several."""

    @property
    def predicted(self) -> bool:
        """Whether the prediction is there; a turn worked again keeps it."""
        return self.predicted_at is not None


@dataclass(frozen=True, slots=True)
class Edit:
    """A later wording of a turn's text, by the customer."""

    id: int
    team_id: str
    turn_id: int
    text: str
    at: datetime
