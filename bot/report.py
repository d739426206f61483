"""How the desk stands, in a few lines for agents."""

from datetime import UTC, datetime, timedelta

from bot.figures import satisfied
from bot.kit import Kit
from storage.conversations import Conversations
from storage.scores import Scores
from storage.turns import Turns


def status(kit: Kit, version: str) -> str:
    """What waits, and the last seven days."""
    now = datetime.now(UTC)
    with kit.db.reading() as session:
        waiting = Conversations(session).waiting(kit.team)
        taken = Conversations(session).in_state({"human"}, kit.team)
        week = Turns(session).stats(now - timedelta(days=7), kit.team)
        given = Scores(session, kit.team).mean(now - timedelta(days=7))
    minutes = int((now - waiting[0].waits_since).total_seconds() // 60) if waiting else 0
    oldest = f", the oldest for {minutes} min" if waiting else ""
    speed = f" Half of the replies took {week.p50_ms:.0f} ms or less." if week.p50_ms is not None else ""
    scored = f" {satisfied(given)}" if given.count else ""
    return "\n".join(
        [
            f"*{len(waiting)}* wait for a person{oldest}; *{len(taken)}* are taken.",
            f"Last seven days: {week.turns} messages, {week.answered} answered, {week.drafted} drafted, "
            f"{week.clarified} asked back, "
            f"{week.offered} out of scope, {week.handed_over} handed over, {week.failed} failed.",
            f"{week.good} found helpful, {week.bad} not; {week.corrected} corrected.{speed}{scored}",
            f"Intent model {version}; mode: {kit.people.mode()}.",
        ]
    )
