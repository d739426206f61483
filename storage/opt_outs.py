"""Customers who want nothing learned from them. Their turns, and corrections of these, are in nothing that is learned.

A customer is a user of a team: of the bot's own, or of another company in a shared channel.
"""

from sqlalchemy import ColumnElement, case, delete, exists, select

from storage.rows import changed, insert_new
from storage.session import Session
from storage.tables import conversations, opt_outs, turns, utcnow


class OptOuts:
    def __init__(self, session: Session, team: str) -> None:
        self._session, self._team = session, team

    def has(self, customer_team: str, user: str) -> bool:
        """Whether this customer has said to learn nothing."""
        return self._session.execute(select(opt_outs.c.at).where(self._of(customer_team, user))).first() is not None

    def add(self, customer_team: str, user: str) -> bool:
        """Learn nothing from this customer, former messages included; False where that was said before."""
        values = {"team_id": self._team, "customer_team": customer_team or self._team, "user": user, "at": utcnow()}
        return insert_new(self._session, opt_outs, values)

    def remove(self, customer_team: str, user: str) -> bool:
        """Learn from this customer again; False where nothing was in the way."""
        return changed(self._session, delete(opt_outs).where(self._of(customer_team, user))) == 1

    def _of(self, customer_team: str, user: str) -> ColumnElement[bool]:
        c = opt_outs.c
        return (c.team_id == self._team) & (c.customer_team == (customer_team or self._team)) & (c.user == user)


def opted_out() -> ColumnElement[bool]:
    """Whether the customer of a turn has opted out; for statements that hold `turns` and their `conversations`."""
    o, c = opt_outs.c, conversations.c
    # Cases begun before the customer's team was kept are of the bot's own team.
    theirs = case((c.customer_team == "", c.team_id), else_=c.customer_team)
    return exists().where(o.team_id == turns.c.team_id, o.user == turns.c.user, o.customer_team == theirs)
