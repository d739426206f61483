from datetime import timedelta

from storage.clicks import Clicks
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.dismissals import Dismissals
from storage.drafts import Drafts, drafts
from storage.session import Session
from storage.tables import turns, utcnow
from storage.turns import Turn
from tests.storage.make import TEAM, FakePrediction, a_done_turn


def a_draft(session: Session, ts: str, intent: str = "refund") -> Turn:
    turn = a_done_turn(session, ts, FakePrediction(intent))
    session.execute(turns.update().where(turns.c.id == turn.id).values(reply_kind="draft"))
    return turn


def test_what_became_of_drafts(db: Database) -> None:
    start = utcnow()
    with db.writing() as session:
        clicks = Clicks(session)
        sent, edited, relabelled, closed, moved, _, old, _ = (a_draft(session, f"{n}.0") for n in range(8))
        for turn in (sent, edited, relabelled):
            clicks.add(TEAM, turn.id, "", "draft_sent")
        clicks.add(TEAM, edited.id, "U9", "draft_edited")
        for turn in (relabelled, moved):
            Corrections(session).add(
                team=TEAM, turn_id=turn.id, text="x", before="refund", after="delivery", by="U9", source="card"
            )
        Conversations(session).move(closed.conversation_id, expected={"bot"}, to="closed")
        session.execute(turns.update().where(turns.c.id == old.id).values(created_at=start - timedelta(days=2)))
        no_request = a_draft(session, "20.0")
        Dismissals(session, TEAM).add(no_request.id, "U9")
        a_draft(session, "21.0", "delivery")
        a_done_turn(session, "22.0")
        found = drafts(session, TEAM, start - timedelta(days=3))
        renamed = drafts(session, TEAM, start, today=lambda name: "one")
        later = drafts(session, TEAM, start - timedelta(days=3), after={"refund": utcnow()})
    assert found == {"refund": Drafts(1, 2, 3, 2), "delivery": Drafts(0, 0, 0, 1)}
    assert (found["refund"].decided, found["refund"].share) == (6, 1 / 6)
    assert set(renamed) == {"one"}
    assert set(later) == {"delivery"}
