"""Ways in which a request arrives untidy: slips, shouting, emoji, slang, insults, pasted e-mails and logs. Seeded."""

import random
import re
import string
from collections.abc import Callable

from model.augment import with_typos

Noise = Callable[[str, random.Random], str]
PASTED = 10_000
"""Characters of a pasted e-mail or log, the request among them."""

_EMOJI = (
    "😡",
    "😤",
    "🙏",
    "😭",
    "🤔",
    "😅",
    "👀",
    "📦",
    "💸",
    "❗",
    "🔥",
    "👍",
    ":rage:",
    ":pray:",
    ":sob:",
    ":package:",
)
_INSULTS = (
    "you useless idiots", "this is bloody ridiculous", "what a bunch of clowns", "you lot are a joke", "for fucks sake",
    "stupid bot", "are you kidding me", "worst company ever", "bunch of thieves", "I am sick of this shit",
)  # fmt: skip
_SLANG = {
    "you": "u", "your": "ur", "are": "r", "please": "pls", "thanks": "thx", "want to": "wanna", "going to": "gonna",
    "why": "y", "with": "wiv", "because": "cuz", "what is": "wots", "what": "wot", "my": "ma", "the": "da",
    "for": "4", "to": "2", "about": "bout", "have to": "gotta", "money": "dosh", "isn't": "aint", "don't": "dont",
    "cannot": "cant", "can't": "cant", "nothing": "nowt", "okay": "k", "hello": "yo", "people": "ppl", "before": "b4",
}  # fmt: skip
_SLANG_WORDS = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _SLANG), key=len, reverse=True))})\b", re.IGNORECASE)
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_NAMES = ("Priya Nair", "Tom Baker", "Chloé Martin", "Yusuf Demir", "Ana Costa")


def plain(text: str, chance: random.Random) -> str:
    return text


def bare(text: str, chance: random.Random) -> str:
    """No punctuation, no capitals."""
    return text.translate(_PUNCTUATION).lower()


def shouted(text: str, chance: random.Random) -> str:
    return text.upper() + chance.choice(("", "!!!", "?!?!"))


def emoji(text: str, chance: random.Random) -> str:
    """One to three, between words and at the end."""
    words = text.split()
    for _ in range(chance.randint(1, 3)):
        words.insert(chance.randint(1, len(words)), chance.choice(_EMOJI))
    return " ".join(words)


def insulting(text: str, chance: random.Random) -> str:
    insult = chance.choice(_INSULTS)
    return chance.choice((f"{insult}. {text}", f"{text} {insult}!!"))


def slang(text: str, chance: random.Random) -> str:
    """Words as they are texted."""
    said = _SLANG_WORDS.sub(lambda match: _SLANG[match.group().lower()], text)
    return f"{chance.choice(('', 'yo ', 'hey fam ', 'oi ', ''))}{said}{chance.choice(('', ' m8', ' lol', ' tbh', ''))}"


def everything(text: str, chance: random.Random) -> str:
    return emoji(insulting(bare(with_typos(slang(text, chance), chance), chance), chance), chance)


def pasted_mail(text: str, chance: random.Random) -> str:
    """A forwarded e-mail: headers above, signature, small print and the mail it answers below."""
    name = chance.choice(_NAMES)
    address = f"{name.split()[0].lower()}@mail.example"
    head = (
        f"From: {name} <{address}>\nTo: Support <support@shop.example>\n"
        f"Date: Mon, 2 Mar 2026 09:1{chance.randint(0, 9)}:22 +0000\n"
        f"Message-ID: <{chance.getrandbits(64):x}@mail.example>\nMIME-Version: 1.0\n"
        f"Received: from mx{chance.randint(1, 9)}.mail.example (10.0.{chance.randint(0, 255)}.7) by mx.shop.example\n"
        "Content-Type: text/plain; charset=utf-8\nSubject: Hello\n\nHello,\n\n"
    )
    tail = (
        f"\n\nKind regards,\n{name}\nHead of Operations | Northern Widgets Ltd\n"
        f"T +44 113 496 0{chance.randint(100, 999)}\nwww.widgets.example\n\n"
        "This e-mail and any attachment are confidential and may be privileged. If you are not the intended "
        "recipient you must not copy it or use it for any purpose.\nPlease consider the environment before "
        "printing.\nRegistered in England and Wales, number 0123456.\n"
    )
    quoted = ""
    while len(head) + len(text) + len(tail) + len(quoted) < PASTED:
        quoted += (
            f"\n> On {chance.randint(1, 28)} February 2026 Newsletter wrote:\n> Spring is on its way, and so are we.\n"
        )
        quoted += "> Read the story of our workshop and meet the team behind it.\n> Unsubscribe at any time.\n"
    return head + text + tail + quoted


def pasted_log(text: str, chance: random.Random) -> str:
    """A program's log with the request in its middle."""

    def lines(characters: int) -> str:
        made = ""
        while len(made) < characters:
            made += (
                f"2026-03-02T10:{chance.randint(10, 59)}:{chance.randint(10, 59)}.{chance.randint(0, 999):03d}Z "
                f"{chance.choice(('INFO', 'DEBUG', 'WARN'))} worker[{chance.randint(1, 64)}] "
                f"{chance.choice(('GET', 'POST'))} /api/v2/items/{chance.randint(1, 99999)} "
                f"{chance.choice(('200', '304', '503'))} in {chance.randint(1, 999)}ms "
                f"id={chance.getrandbits(48):012x}\n"
            )
        return made

    half = (PASTED - len(text)) // 2
    return f"{lines(half)}\n{text}\n\n{lines(half)}"


def answered_mail(text: str, chance: random.Random) -> str:
    """An answer above the mails it answers, as office programs write it: nothing is quoted by a sign."""
    name = chance.choice(_NAMES)
    thread = ""
    while len(thread) + len(text) < PASTED:
        other = chance.choice(_NAMES)
        thread += (
            f"\nFrom: {other} <{other.split()[0].lower()}@widgets.example>\n"
            f"Sent: {chance.randint(1, 28)} February 2026\nTo: {name}\n"
            "Subject: RE: Kitchen for the new office\n\nHi all,\n\n"
            f"The tables come on Tuesday and the painter needs {chance.randint(2, 9)} more days. "
            "Who orders the coffee, and may we cancel the old contract with the caterer?\n\nBest,\n{other}\n"
        )
    return f"Hi there\n\n{text}\n\nThank you,\n{name}\nOffice manager\n{thread}"


def stack_trace(text: str, chance: random.Random) -> str:
    """The request, and below it what a program said when it fell over."""
    trace = 'Exception in thread "main" java.lang.IllegalStateException: session expired\n'
    while len(trace) + len(text) < PASTED:
        method = "".join(chance.choices(string.ascii_lowercase, k=9))
        trace += (
            f"\tat com.example.{method}.Checkout${chance.randint(1, 9)}.go(Checkout.java:{chance.randint(1, 900)})\n"
        )
    return f"{text}\n\n{trace}"


def server_log(text: str, chance: random.Random) -> str:
    """The request among the lines of a web server."""
    made = [text]
    while sum(map(len, made)) < PASTED:
        made.insert(
            chance.randint(0, len(made)),
            f"10.1.{chance.randint(0, 255)}.{chance.randint(0, 255)} - - "
            f"[02/Mar/2026:10:{chance.randint(10, 59)}:07 +0000] "
            f'"GET /shop/basket?item={chance.randint(1, 9999)} HTTP/1.1" 200 {chance.randint(100, 9999)} "-" '
            '"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"',
        )
    return "\n".join(made)


NOISES: dict[str, Noise] = {
    "as written": plain,
    "typos, one word in five": with_typos,
    "no punctuation, no capitals": bare,
    "CAPITALS": shouted,
    "emoji": emoji,
    "insults": insulting,
    "slang": slang,
    "slang, typos, insults, emoji, no punctuation": everything,
}
PASTES: dict[str, Noise] = {
    "as written": plain,
    "in an e-mail of 10,000 characters": pasted_mail,
    "in a log of 10,000 characters": pasted_log,
    "above the mails it answers": answered_mail,
    "above a stack trace": stack_trace,
    "among a web server's lines": server_log,
}
