"""How the desk did: figures of a time for agents, and the intents that the bot may answer by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from bot import text
from bot.arguments import pairs, span
from bot.corrections import CorrectionDesk
from bot.kit import Kit
from bot.modes import Mode, handling
from model.types import OOS
from storage.desk_rules import DeskRules
from storage.drafts import Drafts, drafts
from storage.recommendations import Recommendations
from storage.scores import UNSCORED, Satisfaction, Scores
from storage.statistics import Stats
from storage.training_runs import TrainingRuns
from storage.turns import Turns

FORMS = {"": "7d", "intent": "intent=refund"}
WEEK = timedelta(days=7)
DRAFTS_SINCE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """What the owner has set."""

    zone: tzinfo = UTC
    minutes: float = 5.0
    """What a case costs an agent, in minutes; 0: nothing is said of it."""
    share: float = 0.95
    """Of an intent's drafts sent as they were: from there on the bot may answer it by itself."""
    drafts: int = 20
    """So many drafts at least."""


@dataclass(frozen=True, slots=True)
class Figures:
    stats: Stats
    since: datetime
    span: timedelta
    intent: str = ""
    """Of this intent alone; empty for all."""
    title: str = ""
    training_seconds: float | None = None
    handed: tuple[tuple[str, int], ...] = ()
    """(why, turns), the most frequent first."""
    drafts: dict[str, Drafts] = field(default_factory=dict)
    recommended: tuple[int, int] = (0, 0)
    """Cases in which something was recommended, and those in which it was opened."""
    scored: Satisfaction = UNSCORED
    """What customers gave."""


@dataclass(frozen=True, slots=True)
class Ripe:
    """An intent whose drafts agents send as they are."""

    intent: str
    title: str
    drafts: Drafts


def wanted(words: Sequence[str], corrections: CorrectionDesk) -> tuple[timedelta, str]:
    """What the words behind `stats` ask for: a time, and an intent or none.

    Raises:
        UnderstudyError: what was expected, what was found.
        Refused: there is no such intent.
    """
    given = pairs(words, FORMS)
    otherwise = "`stats` without an intent counts those."
    intent = corrections.intent(given["intent"], otherwise) if "intent" in given else ""
    return (span(given[""]) if "" in given else WEEK), intent


def figures(kit: Kit, yard: Yardsticks, length: timedelta = WEEK, intent: str = "") -> Figures:
    """The figures of the time until now."""
    since = datetime.now(UTC) - length
    names = kit.catalogue.names()
    called = {intent, *(old for old in names.successors if names.of(old) == intent)} if intent else set()
    with kit.db.reading() as session:
        stats = Turns(session).stats(since, kit.team, called, yard.zone)
        made = drafts(session, kit.team, since, today=names.of)
        run = TrainingRuns(session, kit.team).concluded("intent")
        recommended = Recommendations(session, kit.team).counts(since, called)
        scored = Scores(session, kit.team).mean(since, called)
    seconds = (run.finished_at - run.started_at).total_seconds() if run and run.finished_at else None
    return Figures(
        stats,
        since,
        length,
        intent,
        kit.catalogue.title(intent) if intent else "",
        seconds,
        why(kit, stats),
        {name: each for name, each in made.items() if not intent or name == intent},
        recommended,
        scored,
    )


def why(kit: Kit, stats: Stats) -> tuple[tuple[str, int], ...]:
    """Why people were called."""
    person = sum(
        number
        for names, number in stats.handed
        if any(name != OOS and kit.catalogue.get(name).handoff for name in names)
    )
    found = {
        "wanted a person": person,
        "an agent made a request": stats.opened,
        "the bot was at a loss": sum(number for _, number in stats.handed) - person,
        "pressed “Talk to a person”": stats.asked,
        "the bot failed": stats.failed,
    }
    return tuple(sorted(((words, number) for words, number in found.items() if number), key=lambda each: -each[1]))


def ripe(kit: Kit, yard: Yardsticks) -> list[Ripe]:
    """Intents that agents answer by sending the bot's drafts as they are, the most frequent first."""
    now, rules, names = datetime.now(UTC), kit.rules(), kit.catalogue.names()
    with kit.db.reading() as session:
        decided = {
            names.of(row.subject): row.at for row in DeskRules(session, kit.team).standing() if row.scope == "intent"
        }
        made = drafts(session, kit.team, now - DRAFTS_SINCE, after=decided, today=names.of)
    found = [
        Ripe(name, kit.catalogue.title(name), each)
        for name, each in made.items()
        if each.decided >= yard.drafts
        and each.share >= yard.share
        and kit.catalogue.has(name)
        and not kit.catalogue.get(name).handoff
        and handling(rules, "", [name]).mode is Mode.DRAFT
    ]
    return sorted(found, key=lambda each: -each.drafts.decided)


def lines(kit: Kit, found: Figures, minutes: float) -> list[str]:
    """The figures in words, a line each, escaped."""
    stats = found.stats
    of = f" of “{text.escaped(found.title, 150)}”" if found.intent else ""
    messages, cases = text.counted(stats.turns, "message"), text.counted(stats.cases, "case")
    told = [f"*The last {spoken(found.span)}{of}:* {messages} in {cases}."]
    if not stats.turns:
        return told
    saved = f", which saved about {hours(stats.alone * minutes)}" if minutes and stats.alone else ""
    told.append(f"Answered alone: {text.counted(stats.alone, 'case')} ({_share(stats.alone, stats.cases)}){saved}.")
    handed = ", ".join(f"{number} {words}" for words, number in found.handed)
    told.append(f"Handed over: {handed}." if handed else "Handed over: none.")
    others = ((stats.drafted, "drafted"), (stats.clarified, "asked back"), (stats.offered, "out of scope"),
              (stats.small_talk, "small talk"), (stats.silent, "silent"))  # fmt: skip
    rest = ", ".join(f"{number} {words}" for number, words in others if number)
    told += [f"Besides: {rest}."] if rest else []
    told.append(
        f"Disliked: {_share(stats.bad, stats.answered + stats.drafted)} of the answers ({stats.bad}); "
        f"relabelled: {_share(stats.corrected, stats.turns)} of the messages ({stats.corrected})."
    )
    told += filter(None, [satisfied(found.scored)])
    shown, opened = found.recommended
    if shown:
        seen = text.counted(shown, "case")
        told.append(f"“You may also need”: shown in {seen}, opened in {opened} ({_share(opened, shown)}).")
    if stats.p50_ms is not None and stats.p95_ms is not None:
        told.append(f"Half of the replies took {stats.p50_ms:,.0f} ms or less, 95% {stats.p95_ms:,.0f} ms or less.")
    if found.training_seconds is not None:
        told.append(f"The last training took {found.training_seconds:,.0f} s.")
    return told + drafted(kit, found.drafts)


def satisfied(scored: Satisfaction) -> str:
    """`Customers gave 4.5 of 5 (2 scores).`; empty without any."""
    return f"Customers gave {scored.mean:.1f} of 5 ({text.counted(scored.count, 'score')})." if scored.count else ""


def drafted(kit: Kit, made: dict[str, Drafts], most: int = 10) -> list[str]:
    """What became of drafts, an intent a line, the most frequent first."""
    ranked = sorted(made.items(), key=lambda each: -(each[1].decided + each[1].waiting))
    told = ["*Drafts by intent*"] if ranked else []
    for name, each in ranked[:most]:
        rest = f", {each.waiting} wait" if each.waiting else ""
        told.append(
            f"• {text.escaped(kit.catalogue.title(name), 100)}: {each.unchanged} sent unchanged, {each.edited} edited, "
            f"{each.unsent} not sent{rest}"
        )
    return told + ([f"... and {len(ranked) - most} more intents."] if len(ranked) > most else [])


def offer(each: Ripe) -> str:
    """Why the bot may answer this intent by itself, escaped."""
    made = each.drafts
    return (
        f"Agents sent {made.unchanged} of {made.decided} drafts for “{text.escaped(each.title, 150)}” unchanged "
        f"({_share(made.unchanged, made.decided)})."
    )


def spoken(length: timedelta) -> str:
    """`7 days`, `24 hours`."""
    count = round(length.total_seconds() / 3600)
    unit = "hour" if count % 24 or count < 48 else "day"
    count = count if unit == "hour" else count // 24
    return f"{count} {unit}{'' if count == 1 else 's'}"


def hours(minutes: float) -> str:
    """`40 min`, `3.5 h`."""
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"
