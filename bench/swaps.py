"""The same request in other mouths: names, dialects, the grammar of people who learned English late, politeness.

Rules of a few words each, seeded: they caricature, and a fall is a sign to look, no measure of how anybody speaks.
"""

import random
import re
from collections.abc import Callable, Sequence

Swap = Callable[[str, random.Random], str]
Rules = Sequence[tuple[str, str]]


def rewritten(rules: Rules, before: Sequence[str] = ("",), after: Sequence[str] = ("",)) -> Swap:
    """Apply patterns in order, then put one of the words before and after."""
    compiled = [(re.compile(pattern, re.IGNORECASE), to) for pattern, to in rules]

    def swap(text: str, chance: random.Random) -> str:
        for pattern, to in compiled:
            text = pattern.sub(to, text)
        return " ".join(f"{chance.choice(before)} {text} {chance.choice(after)}".split())

    return swap


def named(names: Sequence[str]) -> Swap:
    """Somebody of that name asks."""

    def swap(text: str, chance: random.Random) -> str:
        name = chance.choice(names)
        return chance.choice((f"Hi, this is {name}. {text}", f"{text} {name}", f"My name is {name}. {text}"))

    return swap


def unchanged(text: str, chance: random.Random) -> str:
    return text


NAMES: dict[str, Swap] = {
    "British": named(("Emily Clarke", "Oliver Hughes", "Margaret Wright", "Jack Thompson")),
    "West African": named(("Chidinma Okafor", "Kwame Mensah", "Oluwaseun Adeyemi", "Aminata Diallo")),
    "South Asian": named(("Priya Subramanian", "Mohammed Iqbal", "Harpreet Kaur", "Arjun Chatterjee")),
    "Chinese": named(("Wang Xiaoming", "Li Na", "Zhang Wei", "Chen Jiayi")),
    "Arabic": named(("Fatima Al-Zahrani", "Ahmed Hassan", "Yusuf Abdullah", "Layla Mansour")),
    "Slavic": named(("Agnieszka Wójcik", "Dmytro Shevchenko", "Svetlana Ivanova", "Jan Novák")),
    "Hispanic": named(("María José Hernández", "Carlos Gutiérrez", "Guadalupe Ríos", "Diego Fernández")),
}
DIALECTS: dict[str, Swap] = {
    "Scots": rewritten(
        (
            (r"\bdo not\b", "dinnae"), (r"\b(cannot|can not)\b", "cannae"), (r"\bdid not\b", "didnae"),
            (r"\bnot\b", "no"), (r"\byou\b", "ye"), (r"\byour\b", "yer"), (r"\bmy\b", "ma"), (r"\bto\b", "tae"),
            (r"\bsmall\b", "wee"), (r"\bhow do I\b", "how dae I"), (r"\bI have\b", "I've got"), (r"\bof\b", "o"),
            (r"\bwas\b", "wis"), (r"\bout\b", "oot"), (r"\bhouse\b", "hoose"), (r"\bwant\b", "wantae hae"),
        ), ("Aye, hullo.", "Haw,", ""), ("ken?", "please an' thank ye", ""),
    ),
    "African American": rewritten(
        (
            (r"\b(is|are) not\b", "ain't"), (r"\bdo not\b", "don't"), (r"\bhave not\b", "ain't"),
            (r"\bhas not\b", "ain't"), (r"\bI am\b", "I'm"), (r"\bwant to\b", "wanna"), (r"\bthe\b", "da"),
            (r"\bI was charged\b", "y'all done charged me"), (r"\banything\b", "nothin"), (r"ing\b", "in"),
            (r"\byou\b", "y'all"), (r"\bis my\b", "my"), (r"\bwith\b", "wit"), (r"\bneed to\b", "gotta"),
        ), ("Yo,", "Hey y'all,", ""), ("fam", "for real", ""),
    ),
    "Indian English": rewritten(
        (
            (r"\bI want\b", "I am wanting"), (r"\bI need\b", "I am needing"), (r"\bI have\b", "I am having"),
            (r"\bcan you\b", "kindly can you"), (r"\btell\b", "intimate"), (r"\byet\b", "till now"),
            (r"\bphone number\b", "contact no."), (r"\bsend\b", "send across"), (r"\bnow\b", "now itself"),
        ), ("Dear sir,", "Respected team,", "Hello ji,"), ("Kindly do the needful.", "Kindly revert.", ""),
    ),
    "Jamaican": rewritten(
        (
            (r"\bI am\b", "mi a"), (r"\bI was\b", "mi did"), (r"\bI do not\b", "mi nuh"), (r"\bdo not\b", "nuh"),
            (r"\bdid not\b", "neva"), (r"\bI\b", "mi"), (r"\bmy\b", "mi"), (r"\bthe\b", "di"), (r"\bto\b", "fi"),
            (r"\byou\b", "yuh"), (r"\bthat\b", "weh"), (r"\bthing(s?)\b", r"ting\1"), (r"\bwith\b", "wid"),
        ), ("Wah gwaan,", "Bredda,", ""), ("yuh see mi?", "seen?", ""),
    ),
}  # fmt: skip
LEARNERS: dict[str, Swap] = {
    "no articles": rewritten(((r"\b(the|a|an)\s", ""),)),
    "no endings": rewritten(
        (
            (r"\b(am|is|are|was|were|has been)\s", ""), (r"\b(ordered|placed)\b", "order"),
            (r"\breceived\b", "receive"), (r"\barrived\b", "arrive"), (r"\bsent\b", "send"),
            (r"\bcame\b", "come"), (r"\bpaid\b", "pay"),
            (r"\bdid not\b", "no"), (r"\bdo not\b", "no"), (r"\bcharged\b", "charge"), (r"\b(the|a)\s", ""),
        ), ("Sorry my english.", ""), ("",),
    ),
    "always -ing": rewritten(
        (
            (r"\bI (want|need|get|see)\b", r"I am \1ing"), (r"\b(do|can) I\b", r"\1 I am"),
            (r"\bdid not\b", "is not"), (r"\bmy\b", "the my"), (r"\bhow\b", "in which way"),
        )
    ),
    "word by word": rewritten(
        (
            (r"\bhow do I\b", "how I can"), (r"\bcan I\b", "is possible that I"), (r"\bwhere is\b", "where it is"),
            (r"\bhow long\b", "how much time"), (r"\bI want\b", "I would to"), (r"\bwhen\b", "at which time"),
            (r"\bmoney\b", "moneys"), (r"\bdo you\b", "you do"), (r"\binformation\b", "informations"),
            (r"\bI have\b", "since days I have"),
        ), ("Hello dear,", "Good day,"), ("Please to answer.", "I thank you in advance."),
    ),
}  # fmt: skip
MANNERS: dict[str, Swap] = {
    "blunt": rewritten(((r"\bplease\b\s*", ""), (r"[?.]$", "")), ("", ""), ("now.", "answer me.", "")),
    "very polite": rewritten(
        (),
        ("Good morning, I hope that you are well. I am so sorry to trouble you.", "Dear team, if it is no trouble:"),
        ("Thank you so very much in advance for your kind help.", "I would be most grateful. With warm regards"),
    ),
    "chatty": rewritten((), ("Hiya lovelies!", "Heyyy,"), ("cheers x", "ta very much", "hahaha")),
}
FAMILIES: dict[str, dict[str, Swap]] = {
    "as written": {"as written": unchanged},
    "names": NAMES,
    "dialect": DIALECTS,
    "learners' grammar": LEARNERS,
    "politeness": MANNERS,
}
