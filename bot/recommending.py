"""What a customer may also need, under an answer: once a case, and never a nag. A click answers from that article.

Not with a hand-off, small talk, several requests or a draft; not where an answer of the case was found not helpful; and
no article that the bot may not answer from by itself. Under a question back or an offer of a person stand the articles
that are plainly about the words, for what the classifier does not know the knowledge base may.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bot import text, wording
from bot.combining import MADE
from bot.corrections import Refused
from bot.kit import Kit
from bot.modes import Mode, Rules, handling
from bot.naming import articles
from bot.outcomes import Outcome
from bot.recommend_learning import PAUSE, about_of, step_of
from bot.routing import UNSURE, Route
from bot.values import Said
from model.injection import addressed_to_machine
from model.recommend import Recommender, Step
from model.types import Article, ReplyRequest, Responder
from storage.clicks import Clicks
from storage.conversations import Conversation, Conversations
from storage.recommendations import OPENED, Recommendation, Recommendations
from storage.session import Session
from storage.tables import ERASED
from storage.turns import Turn, Turns

log = logging.getLogger(__name__)
LOST = frozenset({"clarify", "offer"})
"""Kinds of what is said where the bot does not know what is meant."""
PLAINLY = 0.45
"""Score of search from which an article is plainly about a message. Of the starter's training rows: 56 of 100 that have
an intent find one, for 83 of 100 of these it is theirs; of those out of scope 4 of 100 find one."""
POINTED = 2
"""Articles at the most there."""
LOOKED_AT = 8
"""Passages that are looked at for them."""
Titles = tuple[tuple[str, str], ...]


class Recommending:
    """Recommends, and opens.

    Args:
        recommender: gives the live one; none where nothing is to be recommended.
        on: whether the owner wants any.
        without: channels and intents that have none.
    """

    def __init__(
        self,
        kit: Kit,
        recommender: Callable[[], Recommender | None],
        responder: Callable[[], Responder],
        *,
        on: bool = True,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self._kit, self._recommender, self._responder = kit, recommender, responder
        self._on, self._without = on, without

    def beneath(self, case: Conversation, turn: Turn, outcome: Outcome, words: str) -> Titles:
        """(article, title) of what is recommended under this answer to these words, from now on kept as shown; never
        raises."""
        try:
            if self._fits(case, outcome):
                return self._beneath(case, turn, outcome, words)
            return self._pointed(case, words) if self._lost(case, outcome) else ()
        except Exception:
            # The answer goes out without.
            log.exception("nothing is recommended under turn %s", turn.id)
            return ()

    def open(self, turn_id: int, article: str, user: str) -> str:
        """The customer wants a recommended article: it is the next answer. Empty, or a line for the clicker.

        Raises:
            Refused: the message or the article is gone, or a person has the case by now.
        """
        turn = self._kit.turn(turn_id)
        case = self._kit.case(turn.conversation_id) if turn is not None else None
        if turn is None or case is None:
            raise Refused("That message is gone.")
        if user != case.customer:
            return wording.NOT_YOURS
        if case.state != "bot":
            return wording.CLOSED_ALREADY if case.state == "closed" else wording.ALREADY_CALLED
        title = self._openable(case, turn, article)
        if not title:
            return wording.NOT_OPENED
        with self._kit.db.writing() as session:
            Clicks(session).add(self._kit.team, turn_id, user, OPENED, article)
        mark = f"{OPENED}:{turn_id}:{article}"
        # Not the click says whether the answer is there: a crash may come between, and a post that Slack took without
        # saying so gives the click back.
        if self._kit.surface.marked(case.channel, case.thread_ts, mark):
            return ""
        with self._kit.doing(turn_id, user, OPENED, article):
            self._answer(case, turn_id, article, title, mark)
        if turn.route in UNSURE and case.strikes:
            with self._kit.db.writing() as session:
                # Helped after all: the next doubt is not the second in a row.
                Conversations(session).strike(case.id, case.strikes - 1)
        return ""

    def why(self, turn_id: int) -> list[str]:
        """Why these articles were recommended under a turn, a line each, escaped; nothing where none was."""
        with self._kit.db.reading() as session:
            kept = Recommendations(session, self._kit.team).of_turn(turn_id)
            titles = {article.id: article.title for article in self._articles(session)}
            opened = {click.value for click in Clicks(session).of_turn(turn_id) if click.kind == OPENED}
        if kept is None:
            return []
        version = text.escaped(kept.version, 60)
        how = "by meaning alone" if kept.version == "meaning" else f"by what came next in the log, version {version}"
        return [f"Recommended under the answer, {how}:", *(_line(row, titles, opened) for row in kept.shown)]

    def _fits(self, case: Conversation, outcome: Outcome) -> bool:
        found = outcome.prediction
        answered = outcome.route is Route.ANSWER and outcome.kind in MADE and outcome.reply is not None
        if not (self._on and answered) or found is None or found.requests or case.channel in self._without:
            return False
        intent = self._kit.catalogue.get(found.intent)
        return not (intent.small_talk or intent.handoff or intent.name in self._without)

    def _lost(self, case: Conversation, outcome: Outcome) -> bool:
        """Whether the bot is at a loss, with words that it reads."""
        return self._on and outcome.kind in LOST and not outcome.person_words and case.channel not in self._without

    def _pointed(self, case: Conversation, words: str) -> Titles:
        """(article, title) of what is plainly about the words."""
        passages = self._responder().search(words, LOOKED_AT)
        near = [one for one in passages if one.score >= PLAINLY and not addressed_to_machine(one.text)]
        with self._kit.db.reading() as session:
            known = {article.id: article for article in self._articles(session)}
        rules = self._kit.rules()
        found = [known[id] for id in dict.fromkeys(one.article_id for one in near) if id in known]
        return tuple((one.id, one.title) for one in found if self._may_open(case, one, rules))[:POINTED]

    def _beneath(self, case: Conversation, turn: Turn, outcome: Outcome, words: str) -> Titles:
        recommender = self._recommender()
        assert outcome.prediction is not None
        assert outcome.reply is not None
        if recommender is None:
            return ()
        with self._kit.db.reading() as session:
            own = Recommendations(session, self._kit.team)
            kept = own.of_case(case.id)
            if (kept is not None and kept.turn_id != turn.id) or own.disliked(case.id):
                return ()
            found = self._articles(session)
            about = about_of(found)
            steps = self._steps(session, case, turn, about)
        if kept is None:
            reply = outcome.reply
            now = step_of(outcome.prediction.intent, reply.sources, about, words, reply.text)
            rules = self._kit.rules()
            barred = [article.id for article in found if not self._may_open(case, article, rules)]
            barred += reply.sources  # they stand under the answer as what it was made from
            kept = self._claimed(case, turn, recommender, [*steps, now], barred)
        titles = {article.id: article.title for article in found}
        return tuple((id, titles[id]) for id in kept.articles if id in titles) if kept is not None else ()

    def _claimed(
        self, case: Conversation, turn: Turn, recommender: Recommender, steps: Sequence[Step], barred: Sequence[str]
    ) -> Recommendation | None:
        found = recommender.after(steps, barred)
        if not found:
            return None
        shown = [(each.article, each.score, each.habit, each.near) for each in found]
        with self._kit.db.writing() as session:
            return Recommendations(session, self._kit.team).claim(case.id, turn.id, shown, recommender.version)

    def _steps(
        self, session: Session, case: Conversation, turn: Turn, about: Mapping[str, tuple[str, ...]]
    ) -> list[Step]:
        """What this customer needed lately, this turn left out."""
        aside, names, since = self._kit.catalogue.aside(), self._kit.catalogue.names(), datetime.now(UTC) - PAUSE
        theirs = [
            (names.of(each.intent), each)
            for each in Turns(session).before(turn, case.customer, since)
            if each.route == Route.ANSWER and each.intent
        ]
        return [
            step_of(name, each.article_ids, about, each.text, each.reply_text)
            for name, each in theirs
            if not each.out_of_scope and each.text != ERASED and name not in aside
        ]

    def _articles(self, session: Session) -> list[Article]:
        return articles(session, self._kit.team, bodies=False, names=self._kit.catalogue.names())

    def _may_open(self, case: Conversation, article: Article, rules: Rules) -> bool:
        """Whether the bot answers by itself what this article is about, in this channel."""
        named = [*article.intents]
        handled = handling(rules, case.channel, named).mode is Mode.AUTOMATIC
        return handled and not self._without & {*named, article.id}

    def _openable(self, case: Conversation, turn: Turn, wanted: str) -> str:
        """The title of an article that was recommended under the turn, or may have been pointed to, and may be opened;
        else empty."""
        with self._kit.db.reading() as session:
            kept = Recommendations(session, self._kit.team).of_turn(turn.id)
            found = [each for each in self._articles(session) if each.id == wanted]
        shown = turn.route in UNSURE or (kept is not None and wanted in kept.articles)
        return found[0].title if shown and found and self._may_open(case, found[0], self._kit.rules()) else ""

    def _answer(self, case: Conversation, turn_id: int, article: str, title: str, mark: str) -> None:
        first = self._kit.surface.person(case.customer).first_name
        request = ReplyRequest(title, None, {"first_name": first} if first else {})
        reply = self._responder().respond_from(article, request)
        if reply is None:
            raise Refused(wording.NOT_OPENED)
        now = self._kit.case(case.id)
        if now is None or now.state != "bot":
            raise Refused(wording.ALREADY_CALLED)
        titles = (title,) if reply.kind == "generated" else ()
        said = Said(reply.text, case.id, turn_id, person=True, done=True, sources=titles, mark=mark)
        self._kit.surface.say(case.channel, case.thread_ts, said)


def _line(row: tuple[str, float, float, float], titles: dict[str, str], opened: set[str]) -> str:
    article, score, habit, near = row
    title = text.escaped(titles.get(article, article), 150)
    log_says = f", {habit:.0%} by the log" if habit else ""
    return f"• “{title}” {score:.2f}: nearness {near:.2f}{log_says}{' – opened' if article in opened else ''}"
