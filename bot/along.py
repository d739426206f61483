"""One correction for turns of nearly the same text: a row each, given and taken back together."""

from collections.abc import Sequence

from bot import showing
from bot.kit import Kit
from storage.corrections import Correction, Corrections
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turns


def give(session: Session, kit: Kit, main: Correction, also: Sequence[int]) -> list[int]:
    """The label of `main` for those of the turns that nobody has judged; gives those that got it."""
    corrections, turns, given = Corrections(session), Turns(session), []
    for turn_id in dict.fromkeys(also):
        turn = turns.get(turn_id)
        mine = turn is not None and turn.team_id == kit.team and turn_id != main.turn_id
        if turn is None or not mine or corrections.latest(turn_id) is not None or turn.text in ("", ERASED):
            continue
        corrections.add(
            team=kit.team,
            text=turns.wording(turn),
            before=kit.catalogue.names().of(showing.label(turn)),
            after=main.after,
            by=main.by,
            source=main.source,
            turn_id=turn_id,
            model_version=turn.intent_version or "",
            part_of=main.id,
        )
        given.append(turn_id)
    return given


def take_back(session: Session, correction_id: int, by: str, source: str) -> list[int]:
    """Take back what was given along with a correction and still stands; gives the turns."""
    corrections, taken = Corrections(session), []
    for part in corrections.parts(correction_id):
        latest = corrections.latest(part.turn_id) if part.turn_id else None
        if part.turn_id and latest is not None and latest.id == part.id:
            corrections.undo(part.id, by, source)
            taken.append(part.turn_id)
    return taken
