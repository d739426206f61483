"""`/support config`: who may change how the desk answers, in words or by a form, and what stands now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process

from bot import text
from bot.corrections import CorrectionDesk
from bot.kit import Kit
from bot.modes import Mode, Rule
from model.types import UnderstudyError
from storage.desk_rules import DeskRule, DeskRules, Scope

MODES = tuple(mode.value for mode in Mode)
DEFAULT = "default"
"""Takes back what was said of a channel or an intent."""
WORDS = ("mode", "channel", "intent", "answer", "show")
FORMS = {
    "mode": "mode automatic | draft | silent",
    "channel": "channel [#channel] automatic | draft | silent | default",
    "intent": "intent NAME [automatic | draft | silent | default] [0.8]",
    "answer": "answer [#channel] all | mentions",
    "show": "show",
}
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|#?([CG][A-Z0-9]{5,})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One change of a rule."""

    scope: Scope
    subject: str
    mode: str = ""
    threshold: float | None = None
    answer_all: bool = False


class Configuring:
    def __init__(self, kit: Kit, corrections: CorrectionDesk) -> None:
        self._kit, self._corrections = kit, corrections

    def words(self, said: Sequence[str], by: str, channel: str) -> str:
        """Do what the words after `config` say; gives one line.

        Args:
            channel: where it was said.

        Raises:
            UnderstudyError: what was expected, what was found, and the nearest right words.
            Refused: there is no such intent.
        """
        what = said[0].lower() if said else ""
        if what not in WORDS or (len(said) < 2 and what != "show"):
            raise UnderstudyError(_expected(what, " ".join(said)))
        if what == "show":
            return self.shown()
        self.guard(by)
        rest = [*said[1:]]
        if what == "mode":
            return self.change(Wanted("desk", "", _mode(rest, what)), by)
        if what == "intent":
            return self.change(self._intent(rest), by)
        return self.change(self._channel(what, rest, channel), by)

    def guard(self, by: str) -> None:
        """Raise UnderstudyError unless this user may change how the desk answers."""
        if not self._kit.people.may_set_up(by):
            owners = ", ".join(f"<@{owner}>" for owner in self._kit.people.owners())
            raise UnderstudyError(f"Only the bot's owners can change this{f': {owners}' if owners else ''}.")

    def change(self, wanted: Wanted, by: str) -> str:
        """Append a rule where it says something new; gives one line."""
        if wanted.scope == "channel" and wanted.subject == self._kit.people.channel():
            raise UnderstudyError(
                "This is the agents' channel, where the bot answers nobody: say it in the customers' channel, or name "
                "that one, as in `config channel <#C0123ABCD> silent`."
            )
        if not self._stands(wanted):
            with self._kit.db.writing() as session:
                DeskRules(session, self._kit.team).say(
                    wanted.scope,
                    wanted.subject,
                    by,
                    mode=wanted.mode,
                    threshold=wanted.threshold,
                    answer_all=wanted.answer_all,
                )
        return self.line(wanted)

    def trust(self, intent: str, by: str) -> str:
        """Let the bot answer an intent by itself; gives one line."""
        self.guard(by)
        name = self._corrections.label(intent)
        done = self.change(Wanted("intent", name, Mode.AUTOMATIC.value, self.rule("intent", name).threshold), by)
        return f"{done} `config intent {text.escaped(name, 80)} {DEFAULT}` takes it back."

    def line(self, rule: Wanted | DeskRule) -> str:
        """What a rule says, in one line."""
        if rule.scope == "desk":
            return f"The desk: *{rule.mode}*."
        if rule.scope == "channel":
            everything = "; every message there is answered" if rule.answer_all else ""
            return f"<#{rule.subject}>: *{rule.mode or 'as the desk'}*{everything}."
        level = f", answered from {rule.threshold:g}" if rule.threshold is not None else ""
        title = text.escaped(self._kit.catalogue.title(rule.subject), 150)
        return f"“{title}”: *{rule.mode or 'as the desk'}*{level}."

    def shown(self) -> str:
        """What stands, and the latest changes with who made them."""
        people, names = self._kit.people, self._kit.catalogue.names()
        with self._kit.db.reading() as session:
            rules = DeskRules(session, self._kit.team)
            rows, history = rules.standing(), rules.history(5)
        said = [row for row in rows if row.scope != "desk" and (row.mode or row.answer_all or row.threshold)]
        said = [replace(row, subject=names.of(row.subject)) if row.scope == "intent" else row for row in said]
        lines = [f"The desk: *{people.mode()}*.", *(self.line(row) for row in said[:30])]
        if len(said) > 30:
            lines.append(f"... and {len(said) - 30} more.")
        if history:
            lines.append("*Latest changes*")
        lines += [f"{row.at:%Y-%m-%d %H:%M} UTC, {_who(row.by)}: {self.line(row)}" for row in history]
        return "\n".join(lines)

    def rule(self, scope: Scope, subject: str) -> Rule:
        """What was said of a channel or an intent."""
        rules = self._kit.rules()
        return (rules.channels if scope == "channel" else rules.intents).get(subject, Rule())

    def _stands(self, wanted: Wanted) -> bool:
        """Whether the same is said already: a second click adds nothing to the history."""
        with self._kit.db.reading() as session:
            rows = DeskRules(session, self._kit.team).standing()
        found = next((row for row in rows if (row.scope, row.subject) == (wanted.scope, wanted.subject)), None)
        if found is None:
            return wanted == Wanted(wanted.scope, wanted.subject)
        return (found.mode, found.threshold, found.answer_all) == (wanted.mode, wanted.threshold, wanted.answer_all)

    def _intent(self, said: list[str]) -> Wanted:
        name = self._corrections.intent(said[0], "what no intent fits goes by its channel.")
        now = self.rule("intent", name)
        levels = [level for level in map(_threshold, said[1:]) if level is not None]
        modes = [word for word in said[1:] if _threshold(word) is None]
        if not said[1:] or len(levels) > 1 or len(modes) > 1:
            raise UnderstudyError(f"Expected `config {FORMS['intent']}`, found `{text.escaped(' '.join(said), 80)}`.")
        mode = _mode(modes, "intent") if modes else now.mode or ""
        taken_back = bool(modes) and modes[0].lower() == DEFAULT and not levels
        return Wanted("intent", name, mode, levels[0] if levels else None if taken_back else now.threshold)

    def _channel(self, what: str, said: list[str], here: str) -> Wanted:
        named = _CHANNEL.fullmatch(said[0])
        channel = (named.group(1) or named.group(2)) if named else here
        rest = said[1:] if named else said
        now = self.rule("channel", channel)
        if what == "channel":
            everything = channel in self._kit.rules().answer_all
            return Wanted("channel", channel, _mode(rest, what), answer_all=everything)
        if len(rest) != 1 or rest[0].lower() not in ("all", "mentions"):
            raise UnderstudyError(f"Expected `config {FORMS['answer']}`, found `{text.escaped(' '.join(said), 80)}`.")
        return Wanted("channel", channel, now.mode or "", answer_all=rest[0].lower() == "all")


def threshold(word: str) -> float:
    """A confidence in words: `0.8` or `80%`.

    Raises:
        UnderstudyError: it is none.
    """
    found = _threshold(word)
    if found is None:
        raise UnderstudyError(f"Expected a confidence from 0 to 1, such as 0.8, found `{text.escaped(word, 40)}`.")
    return found


def _threshold(word: str) -> float | None:
    if not re.fullmatch(r"\d{1,3}(?:[.,]\d{1,6})?%?", word) and not re.fullmatch(r"[.,]\d{1,6}", word):
        return None
    number = float(word.rstrip("%").replace(",", "."))
    number = number / 100 if word.endswith("%") else number
    if number > 1:
        raise UnderstudyError(f"Expected a confidence from 0 to 1, such as 0.8, found `{text.escaped(word, 40)}`.")
    return number


def _mode(said: Sequence[str], what: str) -> str:
    """The one mode of these words; empty for `default`."""
    allowed = MODES if what == "mode" else (*MODES, DEFAULT)
    word = said[0].lower() if said else ""
    if len(said) == 1 and word in allowed:
        return "" if word == DEFAULT else word
    near = process.extractOne(word, allowed, score_cutoff=50) if word and len(said) == 1 else None
    hint = f" Did you mean `config {what} {near[0]}`?" if near and what == "mode" else ""
    hint = f" Did you mean `{near[0]}`?" if near and not hint else hint
    raise UnderstudyError(f"Expected `config {FORMS[what]}`, found `{text.escaped(' '.join(said), 80)}`.{hint}")


def _expected(what: str, said: str) -> str:
    near = process.extractOne(what, WORDS, score_cutoff=50) if what else None
    form = f"config {FORMS[near[0]]}" if near else f"config {' | '.join(WORDS)}"
    return f"Expected `{form}`, found `{text.escaped(said, 80)}`."


def _who(by: str) -> str:
    return f"<@{by}>" if by else "somebody"
