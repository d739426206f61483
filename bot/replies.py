"""Decides what is said to a turn: the route, and the reply that belongs to it. Posts nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot import assent, order_answers, wording
from bot.combining import combined
from bot.courtesy import SMALL_TALK
from bot.history import again
from bot.kit import Kit
from bot.languages import phrases
from bot.lookup import Order
from bot.modes import Handling, Mode, Rules, handling
from bot.order_answers import QUESTIONS, About
from bot.outcomes import Outcome, answered, drafted, unread
from bot.past import Past, past_of
from bot.routing import SURE, Route, Thresholds, asked, escalated, route, together, unsure
from bot.showing import SILENT
from bot.titled import Titled
from bot.understanding import overridden
from model.types import Intent, OnSentence, Prediction, Reply, ReplyRequest, Responder, unheard
from storage.clicks import TOPIC, Clicks
from storage.conversations import Conversation
from storage.turns import Turn


class Replies:
    """Routes, and asks the responder.

    Args:
        responder: gives the live one; a request reads it once.
        context: how long a customer's last case is read as context of a new one.
    """

    def __init__(
        self,
        kit: Kit,
        responder: Callable[[], Responder],
        thresholds: Thresholds,
        *,
        context: timedelta = timedelta(minutes=30),
        tone: str = "friendly",
    ) -> None:
        self._kit, self._responder, self._thresholds = kit, responder, thresholds
        self._context, self._tone = context, tone
        self._titled = Titled(kit, responder)

    def decide(
        self,
        case: Conversation,
        turn: Turn,
        words: str,
        prediction: Prediction,
        on_sentence: OnSentence = unheard,
    ) -> Outcome:
        """The route of a turn and what is said, in the mode of its channel and its intents.

        Args:
            on_sentence: told of what is written for the customer, sentence by sentence, before all of it is.
        """
        with self._kit.db.reading() as session:
            topic = Clicks(session).meant(turn.id, [TOPIC])
        if not topic:
            assented = assent.answered(self._kit, turn, words, prediction)
            return assented or self._decided(case, turn, words, prediction, on_sentence)
        # Pressed in place of written: nobody need be sure of what is meant; what the model says is kept.
        meant = overridden(replace(prediction, requests=()), topic)
        if handling(self._kit.rules(), case.channel, [topic]).mode is Mode.SILENT:
            # Whoever presses a button of ours is never left without an answer.
            return self._unanswered(Route.HANDOFF, prediction)
        return replace(self._decided(case, turn, words, meant, on_sentence), prediction=prediction)

    def _decided(
        self, case: Conversation, turn: Turn, words: str, prediction: Prediction, on_sentence: OnSentence
    ) -> Outcome:
        rules = self._kit.rules()
        handled = handling(rules, case.channel, asked(prediction))
        chosen = self._routed(case, words, prediction, handled, rules)
        if handled.mode is Mode.SILENT and chosen is not Route.HANDOFF:
            return Outcome(chosen, SILENT, "", prediction=prediction)
        foreign = self._kit.languages.foreign(words)
        if foreign and chosen is not Route.ANSWER:
            return unread(Route.HANDOFF if handled.mode is Mode.DRAFT else chosen, prediction, phrases(foreign))
        if (
            chosen is not Route.ANSWER
            and handled.mode is not Mode.DRAFT
            and (name := self._resumed(case, turn, words, prediction))
        ):
            return self.answer(case, turn, words, self._kit.catalogue.get(name), prediction)
        if (titled := self._titled.answer(case, words, prediction, chosen)) is not None:
            return titled
        if handled.mode is Mode.DRAFT:
            return self._drafted(case, turn, words, prediction, chosen)
        if chosen is Route.ANSWER:
            return self.answer(case, turn, words, self._kit.catalogue.get(prediction.intent), prediction, on_sentence)
        if chosen is Route.HANDOFF and prediction.requests and self._alone(words, prediction, handled, 0) in SURE:
            return self._handed_over(case, turn, words, prediction)
        return self._unanswered(chosen, prediction)

    def _resumed(self, case: Conversation, turn: Turn, words: str, prediction: Prediction) -> str:
        """The intent of which an order was asked before, where this names one; who wants a person is not held up."""
        person = not prediction.out_of_scope and self._kit.catalogue.get(prediction.intent).handoff
        name = "" if person else order_answers.resumed(self._kit, case, turn, words)
        return name if name and self.answers(case.channel, self._kit.catalogue.get(name)) else ""

    def certain(
        self, case: Conversation, turn: Turn, words: str, prediction: Prediction, *, resumes: bool = True
    ) -> Route | None:
        """ANSWER where an intent is certain, whatever answers it; HANDOFF where a person is asked for; else none.

        Args:
            resumes: whether the words may be the answer to what was asked just before.
        """
        chosen = self._plainly(case, words, prediction)
        if self._titled.article(case, words, prediction, chosen) is not None:
            return Route.ANSWER
        if chosen is Route.HANDOFF:
            return chosen
        if chosen is Route.ANSWER:
            return None if self._kit.catalogue.get(prediction.intent).small_talk else chosen
        return Route.ANSWER if resumes and self._resumed(case, turn, words, prediction) else None

    def asks(self, case: Conversation, turn: Turn, words: str, prediction: Prediction) -> bool:
        """Whether what is understood is answered by asking for an order, or by saying that there is none."""
        chosen = self._plainly(case, words, prediction)
        if prediction.requests or self._titled.article(case, words, prediction, chosen) is not None:
            return False
        certain = self.certain(case, turn, words, prediction, resumes=False) is Route.ANSWER
        name = prediction.intent if certain else self._resumed(case, turn, words, prediction)
        intent = self._kit.catalogue.get(name)
        return self._about(case, turn, words, intent, self._past(case, turn).own).kind in QUESTIONS

    def quiet(self, channel: str) -> bool:
        """Whether nothing at all is shown in a channel but an answer to who asks for a person."""
        return handling(self._kit.rules(), channel).mode is Mode.SILENT

    def answers(self, channel: str, intent: Intent) -> bool:
        """Whether the bot answers an intent by itself, in this channel."""
        return handling(self._kit.rules(), channel, [intent.name]).mode is Mode.AUTOMATIC

    def chosen(self, case: Conversation, turn: Turn, words: str, intent: Intent) -> Outcome:
        """The answer to the intent that the customer chose; where agents answer that one, one of them is called."""
        if not self.answers(case.channel, intent):
            return Outcome(Route.HANDOFF, "handoff", wording.HANDOFF, card=f"Chose “{intent.title}”")
        return self.answer(case, turn, words, intent)

    def answer(
        self,
        case: Conversation,
        turn: Turn,
        words: str,
        intent: Intent,
        prediction: Prediction | None = None,
        on_sentence: OnSentence = unheard,
    ) -> Outcome:
        """The answer to an intent, or to each request of the prediction; where nothing known answers, an offer."""
        if prediction is not None and prediction.requests:
            reply, aside = self._several(case, turn, words, prediction)
            return replace(self._said(case, reply, prediction), aside=aside)
        past = self._past(case, turn)
        about = self._about(case, turn, words, intent, past.own)
        if about.kind:
            asked = Route.OFFER if about.offer else Route.CLARIFY
            return Outcome(asked, about.kind, about.words, prediction=prediction, orders=about.choices)
        outcome = self._said(case, self._respond(case, words, intent, about, past, on_sentence), prediction)
        if outcome.reply is None:
            return outcome
        if intent.small_talk:
            return replace(outcome, kind=SMALL_TALK)
        asides = (about.aside, "" if past.own else again(self._kit, case, intent))
        return replace(outcome, aside=" ".join(filter(None, asides)))

    def of_order(self, case: Conversation, turn: Turn, words: str, intent: Intent, order: Order) -> Outcome:
        """The answer about the order that the customer chose; where agents answer that intent, one is called."""
        if not self.answers(case.channel, intent):
            return Outcome(Route.HANDOFF, "handoff", wording.HANDOFF, card=f"Chose an order: “{intent.title}”")
        about = order_answers.of_order(self._kit, order)
        return self._said(case, self._respond(case, words, intent, about, self._past(case, turn)), None)

    def _said(self, case: Conversation, reply: Reply | None, prediction: Prediction | None) -> Outcome:
        if reply is None:
            return self._unanswered(escalated(Route.OFFER, case.strikes), prediction)
        return answered(self._kit, reply, prediction)

    def history(self, case: Conversation, turn: Turn) -> tuple[str, ...]:
        """The customer's words before this turn, oldest first: in this case, or where it begins the case, the last."""
        return self._past(case, turn).words

    def owed(self, words: str) -> Outcome:
        """A hand-off that was decided before."""
        return Outcome(Route.HANDOFF, "handoff", self._kit.languages.handoff(words), card="Needs a person")

    def _routed(self, case: Conversation, words: str, prediction: Prediction, handled: Handling, rules: Rules) -> Route:
        """The route; where the bot is silent nobody is at a loss, so only who asks for a person is handed over."""
        strikes = 0 if handled.mode is Mode.SILENT else case.strikes
        alone = self._alone(words, prediction, handled, strikes)
        further = [self._kit.catalogue.get(request.intent) for request in prediction.further]
        return together(alone, further, sure=not unsure(case.channel, prediction, rules))

    def _plainly(self, case: Conversation, words: str, prediction: Prediction) -> Route:
        """The same whatever went before: who asks for a person is told apart from whom the bot failed to understand."""
        rules = self._kit.rules()
        handled = handling(rules, case.channel, asked(prediction))
        return self._routed(replace(case, strikes=0), words, prediction, handled, rules)

    def _alone(self, words: str, prediction: Prediction, handled: Handling, strikes: int) -> Route:
        """The route of the main request, were it the only one."""
        intent, foreign = self._kit.catalogue.get(prediction.intent), bool(self._kit.languages.foreign(words))
        return route(prediction, intent, strikes, self._thresholds.of(handled), foreign=foreign)

    def _drafted(self, case: Conversation, turn: Turn, words: str, prediction: Prediction, chosen: Route) -> Outcome:
        """In draft mode an agent sends: the best guess becomes a draft, and where there is none a person is called."""
        intent = self._kit.catalogue.get(prediction.intent)
        guessed = chosen in (Route.ANSWER, Route.CLARIFY)
        reply = self._answers(case, turn, words, intent, prediction) if guessed else None
        if reply is None:
            return self._unanswered(Route.HANDOFF, prediction)
        return drafted(reply, prediction)

    def _unanswered(self, chosen: Route, prediction: Prediction | None) -> Outcome:
        if chosen is Route.CLARIFY and prediction is not None:
            ranked = [each.intent for each in prediction.ranking]
            asked = [*(each.intent for each in prediction.requests), *ranked]
            known = [self._kit.catalogue.get(name) for name in dict.fromkeys(asked)]
            # Nobody who is asked what they meant has meant "Hello" or "Thank you".
            choices = tuple([each for each in known if not each.small_talk] or known)[:3]
            return Outcome(chosen, "clarify", wording.CLARIFY, prediction=prediction, choices=choices)
        if chosen is Route.OFFER:
            return Outcome(chosen, "offer", wording.OFFER, prediction=prediction)
        return Outcome(Route.HANDOFF, "handoff", wording.HANDOFF, prediction=prediction, card="Needs a person")

    def _handed_over(self, case: Conversation, turn: Turn, words: str, prediction: Prediction) -> Outcome:
        """A person is called for one of several requests; what else is asked and certain is answered first."""
        doubted = unsure(case.channel, prediction, self._kit.rules())
        certain = tuple(request for request in prediction.requests if request.intent not in doubted)
        reply, aside = self._several(case, turn, words, replace(prediction, requests=certain))
        if reply is None:
            return self._unanswered(Route.HANDOFF, prediction)
        reply = replace(reply, text=f"{reply.text}\n\n{wording.HANDOFF}")
        return Outcome(Route.HANDOFF, "handoff", reply.text, reply, prediction, card="Needs a person", aside=aside)

    def _answers(
        self, case: Conversation, turn: Turn, words: str, intent: Intent, prediction: Prediction | None
    ) -> Reply | None:
        if prediction is not None and prediction.requests:
            return self._several(case, turn, words, prediction)[0]
        past = self._past(case, turn)
        return self._respond(case, words, intent, self._about(case, turn, words, intent, past.own), past)

    def _several(self, case: Conversation, turn: Turn, words: str, prediction: Prediction) -> tuple[Reply | None, str]:
        """One reply to all requests but those for a person, and what stands small beside it; none where nothing known
        answers any of them."""
        # A turn worked again may have been edited since: then nobody knows where the requests stand.
        parts = [
            (self._kit.catalogue.get(each.intent), each.words(words) if words == prediction.text else words)
            for each in prediction.requests
        ]
        past = self._past(case, turn)
        earlier = (*past.own, words)
        # What has to be asked first is asked alone: beside other answers the general one is given.
        wanted = [
            (intent, part, self._about(case, turn, part, intent, earlier))
            for intent, part in parts
            if not intent.handoff
        ]
        asides = dict.fromkeys(about.aside for _, _, about in wanted if about.aside)
        made = [(intent, self._respond(case, part, intent, about, past)) for intent, part, about in wanted]
        return combined(made), " ".join(asides)

    def _respond(
        self,
        case: Conversation,
        words: str,
        intent: Intent,
        about: About,
        past: Past,
        on_sentence: OnSentence = unheard,
    ) -> Reply | None:
        """The answer to an intent, with what is known of the order that it is about; of several, one below another."""
        if about.each:
            # Never worded anew: the question is about all of them, and each answer about one.
            plain = replace(intent, compose=False)
            orders = [(replace(plain, title=one.slots["order_number"]), one) for one in about.each]
            return combined([(named, self._respond(case, words, named, one, past)) for named, one in orders])
        slots = {"first_name": self._kit.surface.person(case.customer).first_name, **about.slots}
        known = {name: value for name, value in slots.items() if value}
        return self._responder().respond(ReplyRequest(words, intent, known, past.words, self._tone), on_sentence)

    def _about(self, case: Conversation, turn: Turn, words: str, intent: Intent, earlier: tuple[str, ...]) -> About:
        """The order that is meant. `earlier`: words of this case alone, for those of another would name the wrong order
        as often as not; last the whole message of which `words` are one request."""
        return order_answers.about(self._kit, case, turn, words, intent, earlier)

    def _past(self, case: Conversation, turn: Turn) -> Past:
        return past_of(self._kit, case, turn, self._context)
