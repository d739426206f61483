"""A customer whose words are an article's title is answered from that article, where the bot would have asked back.

So too where the classifier is sure of something that the article is not about: who writes a title has said what they
want. What an agent said of the words, a person who is asked for, and an order of their own come before it.
"""

from collections.abc import Callable, Sequence

from bot.kit import Kit
from bot.modes import Mode, handling
from bot.outcomes import Outcome, answered, drafted
from bot.routing import Route, asked
from model import slots
from model.types import Article, Intent, Prediction, ReplyRequest, Responder
from storage.conversations import Conversation


def article_of(
    responder: Responder, words: str, prediction: Prediction, intents: Sequence[Intent], chosen: Route
) -> Article | None:
    """The article that answers better than what was routed; none where the words are no title, or the route is right.

    Args:
        intents: what the message asks, the main one first; none where it is out of scope.
    """
    if prediction.source == "memory" or (chosen is Route.HANDOFF and any(intent.handoff for intent in intents)):
        return None
    found = responder.titled(words)
    if found is None or chosen is not Route.ANSWER:
        return found
    theirs = any(slots.about_order(intent.answer) for intent in intents)
    return None if theirs or {intent.name for intent in intents} <= {*found.intents} else found


class Titled:
    """Finds the article, and answers from it in the mode of its channel, its intents and what was understood."""

    def __init__(self, kit: Kit, responder: Callable[[], Responder]) -> None:
        self._kit, self._responder = kit, responder

    def article(self, case: Conversation, words: str, prediction: Prediction, chosen: Route) -> Article | None:
        """See `article_of`; none where nothing may be said of it."""
        intents = [self._kit.catalogue.get(name) for name in asked(prediction)]
        found = article_of(self._responder(), words, prediction, intents, chosen)
        silent = found is not None and self._mode(case, prediction, found) is Mode.SILENT
        return None if silent else found

    def answer(self, case: Conversation, words: str, prediction: Prediction, chosen: Route) -> Outcome | None:
        """The article's answer, or an agent's draft of it; none where the route stands."""
        found = self.article(case, words, prediction, chosen)
        if found is None:
            return None
        first = self._kit.surface.person(case.customer).first_name
        request = ReplyRequest(words, None, {"first_name": first} if first else {})
        reply = self._responder().respond_from(found.id, request)
        if reply is None:
            return None
        if self._mode(case, prediction, found) is Mode.DRAFT:
            return drafted(reply, prediction)
        return answered(self._kit, reply, prediction)

    def _mode(self, case: Conversation, prediction: Prediction, found: Article) -> Mode:
        return handling(self._kit.rules(), case.channel, [*found.intents, *asked(prediction)]).mode
