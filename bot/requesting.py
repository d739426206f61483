"""An agent makes a request of a message that the bot was not asked about: it waits for a person, as if its customer had
asked for one."""

from dataclasses import dataclass

from bot import text
from bot.addressing import Incoming
from bot.corrections import Refused
from bot.handing import Handing
from bot.intake import Intake
from bot.kit import Kit

DONE = "It is a request now: it waits for a person, and the customer hears so."


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of it."""

    words: str
    """For the agent, one line in mrkdwn."""
    case_id: int = 0
    """Of a case that is new: its turn is to be worked, which tells the customer. 0: nothing is left to do."""
    turn_id: int = 0
    reason: str = ""
    """For the card."""


class Requesting:
    def __init__(self, kit: Kit, intake: Intake, handing: Handing) -> None:
        self._kit, self._intake, self._handing = kit, intake, handing

    def open(self, message: Incoming, by: str) -> Opened:
        """Make a message a case that waits for a person; one that is of a case already is handed over.

        Raises:
            Refused: it is no customer's, or says nothing.
        """
        self._check(message)
        made = self._intake.request(message)
        if made.case is None:
            raise Refused("That message is gone.")
        if not made.fresh:
            return Opened(self._handing.hand(made.case.id, by))
        name = self._kit.surface.person(by).name or "a colleague"
        return Opened(DONE, made.case.id, made.turn_id, text.shorten(f"Opened by {name}", 300))

    def _check(self, message: Incoming) -> None:
        people = self._kit.people
        if message.user == self._kit.bot or self._kit.surface.person(message.user).bot:
            raise Refused("That message is a bot's: only a customer's can be a request.")
        if people.is_agent(message.user):
            raise Refused("That message is a colleague's: only a customer's can be a request.")
        if not people.ready() or message.channel == people.channel():
            raise Refused("This channel is for agents: nobody asks for anything here.")
        if not (message.files or text.has_words(message.text)):
            raise Refused("That message says nothing that could be a request.")
