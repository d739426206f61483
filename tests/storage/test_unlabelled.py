"""Which messages may be learnt from without a label."""

from storage import unlabelled
from storage.corrections import Corrections
from storage.database import Database
from storage.turns import Turns
from tests.storage.make import TEAM, FakePrediction, a_done_turn, a_turn


def test_only_unjudged_messages_that_were_understood_count_and_the_newest_are_kept(db: Database) -> None:
    with db.writing() as session:
        kept = [a_done_turn(session, f"{i}.0") for i in range(1, 4)]
        a_done_turn(session, "4.0", FakePrediction(out_of_scope=True))
        a_done_turn(session, "5.0", is_test=True)
        a_turn(session, "6.0", "nobody has read this yet")
        judged, erased = a_done_turn(session, "7.0"), a_done_turn(session, "8.0")
        Turns(session).redact(erased.id)
        given = Corrections(session).add(
            team=TEAM, text=judged.text, before="refund", after="delivery", by="UA", source="card", turn_id=judged.id
        )
        assert unlabelled.texts(session, TEAM, 10) == [turn.text for turn in kept]
        assert unlabelled.texts(session, TEAM, 2) == [turn.text for turn in kept[1:]]
        assert unlabelled.texts(session, "T2", 10) == []
        Corrections(session).undo(given.id, "UA")
        assert unlabelled.texts(session, TEAM, 10) == [*(turn.text for turn in kept), judged.text]
