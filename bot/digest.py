"""The daily digest in the agents' channel: what came, what waits longest, what is to be reviewed."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot import text
from bot.figures import Yardsticks, figures
from bot.kit import Kit
from bot.showing import card
from model.types import UnderstudyError
from storage.conversations import Conversation, Conversations
from storage.keyvalues import KeyValues
from storage.reviews import Candidate, queue

log = logging.getLogger(__name__)
KEY = "digest:"
DAY = timedelta(hours=24)


class Digest:
    """Posted once a day, whatever restarts and however many replicas there are.

    Args:
        now: gives the time, in UTC.
        gaps: how many knowledge gaps there are.
    """

    def __init__(
        self,
        kit: Kit,
        yard: Yardsticks,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        gaps: Callable[[], int] = lambda: 0,
    ) -> None:
        self._kit, self._yard, self._now, self._gaps = kit, yard, now, gaps

    def post(self) -> bool:
        """Post today's, where there is something to say and nobody has posted it. True where this call did."""
        channel = self._kit.people.channel()
        if not channel:
            return False
        lines, to_review = self.lines()
        today = f"{KEY}{self._now().astimezone(self._yard.zone):%Y-%m-%d}"
        if not lines or not self._claim(today):
            return False
        try:
            self._kit.surface.digest(channel, lines, to_review)
        except Exception:
            with self._kit.db.writing() as session:
                KeyValues(session, self._kit.team).delete(today)
            raise
        return True

    def lines(self) -> tuple[list[str], int]:
        """What there is to say, escaped, and how many turns are to be reviewed; no lines on a quiet day."""
        with self._kit.db.reading() as session:
            waiting = Conversations(session).waiting(self._kit.team)
            review = queue(session, self._kit.team, today=self._kit.catalogue.names().of)
        stats = figures(self._kit, self._yard, DAY).stats
        if not (stats.turns or waiting):
            return [], len(review)
        lines = ["*The last 24 hours*"]
        if stats.turns:
            handed = f"{stats.handed_over} handed over" if stats.handed_over else "none handed over"
            messages, cases = text.counted(stats.turns, "message"), text.counted(stats.cases, "case")
            lines.append(f"{messages} in {cases}, {stats.alone} of them answered alone, {handed}.")
        if waiting:
            lines.append(self._waits(waiting))
        lines.append(reviewed(review))
        gaps = self._gaps()
        if gaps:
            keep = "1 question keeps" if gaps == 1 else f"{gaps} questions keep"
            lines.append(f"{keep} coming without an answer: see `kb gaps`.")
        return lines, len(review)

    def _waits(self, waiting: list[Conversation]) -> str:
        """How many wait, and the one that waits longest."""
        shown = card(self._kit, waiting[0])
        words = text.escaped(text.shorten(shown.text, 100).replace("\n", " "), 150)
        link = f" <{shown.link}|open>" if shown.link.startswith("http") else ""
        longest = text.age(waiting[0].waits_since, self._now())
        drafts = sum(case.state == "bot" for case in waiting)
        whom = f"{len(waiting)} wait for a person{f' ({drafts} of them for a draft to be sent)' if drafts else ''}"
        return f"{whom}, <@{shown.customer}> the longest, for {longest}: {words}{link}"

    def _claim(self, today: str) -> bool:
        """True for the one who posts today's; earlier days' marks go."""
        with self._kit.db.writing() as session:
            values = KeyValues(session, self._kit.team)
            mine = values.add(today, True)
            for key in values.keys(KEY):
                if key != today:
                    values.delete(key)
        return mine


def reviewed(review: list[Candidate]) -> str:
    """What the review queue holds, in a line."""
    kinds = {
        "disliked": sum(each.disliked for each in review),
        "disagreed on": sum(bool(each.disagreed) for each in review),
    }
    which = ", ".join(f"{number} {words}" for words, number in kinds.items() if number)
    if not review:
        return "Nothing to review."
    return f"{text.counted(len(review), 'message')} to review{f' ({which})' if which else ''}."


def at(value: str) -> tuple[int, int] | None:
    """Hour and minute of the setting; none for an empty one.

    Raises:
        UnderstudyError: it is no time of day.
    """
    if not value.strip():
        return None
    hour, mark, minute = value.strip().partition(":")
    if mark and hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60:
        return int(hour), int(minute)
    raise UnderstudyError(
        f"DIGEST_TIME: expected a time of day such as 08:30, or nothing, found {value!r}. Correct it in .env."
    )
