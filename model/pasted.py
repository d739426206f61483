"""What of a pasted e-mail or log is the customer's own: without headers, quoted mail, signatures and machine's lines.

Such lines speak of phone numbers, newsletters and orders, and would outshout the one request among them. What is left
out here is only left out of the understanding: the message is stored as it came. Loads no torch.
"""

import re

_HEADERS = re.compile(
    r"^(from|to|cc|bcc|date|sent|received|return-path|reply-to|message-id|in-reply-to|references|mime-version|importance|"
    r"content-[a-z-]+|x-[a-z-]+|dkim-signature|authentication-results|delivered-to|list-[a-z-]+):\s",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^subject:\s*((re|fwd?|aw|wg):\s*)*", re.IGNORECASE)
_OTHERS_MAIL = re.compile(
    r"^\s*(-{2,}\s*(original|forwarded) message.*|begin forwarded message:?|_{10,}|on .{5,120} wrote:)\s*$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^\s*(--|(kind|best|warm|kindest|with (kind|best)) (regards|wishes)|regards|yours (sincerely|faithfully|truly)|"
    r"sincerely|best|cheers|(many )?thanks( in advance)?|thank you|sent from my .{1,40})\s*[,.!]*\s*$",
    re.IGNORECASE,
)
_TRACE = re.compile(
    r"^\s*(at [\w.$<>]+\(|file \".*\", line \d+|traceback |caused by: |.*\w(?-i:Error|Exception)\b)", re.IGNORECASE
)
_STAMPED = re.compile(r"^\s*[\[(<]?(\d{4}-\d\d-\d\d|\d\d[/.:]\d\d[/.:]\d\d|\w{3} +\d+ \d\d:\d\d|\d+(\.\d+){3}\b)")
_PLAIN = re.compile(r"^[\"'“‘(]*[^\W\d_]+(['’-][^\W\d_]+)*[\"'”’).,!?;:…-]*$")
_SALUTATION = re.compile(r"^\s*(hello|hi|hey|dear|good (morning|afternoon|evening))\b(\s+\S+){0,3}\W*$", re.IGNORECASE)
SIGNATURE_LINES = 15
"""Lines after a sign-off that may be a signature; more are taken for words that go on."""
_WORDS = 0.5
"""Share of plain words below which a line is a machine's."""


def own_words(text: str) -> str:
    """The lines that a person wrote to be read here; the whole text where that would leave no words."""
    kept: list[str] = []
    signing: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if _others(line, kept):
            break
        if line.lstrip().startswith((">", "|")) or _of_a_machine(line, lines[number - 1] if number else ""):
            continue
        if signing or (_SIGN_OFF.match(line) and _any_words(kept)):
            signing.append(line)
        else:
            kept.append(_SUBJECT.sub("", line))
    if sum(1 for line in signing if line.strip()) > SIGNATURE_LINES:
        kept += signing
    else:
        kept += [line for line in signing if re.match(r"\s*p\.?\s?s\b", line, re.IGNORECASE)]
    asked = [line for line in kept if not _SALUTATION.match(line)]
    kept = asked if _any_words(asked) else kept
    return "\n".join(kept).strip() if _any_words(kept) else text


def _others(line: str, before: list[str]) -> bool:
    """Whether somebody else's mail begins here; where nothing stands before it, it is the one that was pasted."""
    reply_block = line.lower().startswith("from: ") and "@" in line
    return (bool(_OTHERS_MAIL.match(line)) or reply_block) and _any_words(before)


def _any_words(lines: list[str]) -> bool:
    return any(len(re.findall(r"[^\W\d_]{2,}", line)) >= 2 for line in lines) or any(
        not line.isascii() and any(c.isalpha() for c in line) for line in lines
    )


def _of_a_machine(line: str, above: str) -> bool:
    if _HEADERS.match(line) or _TRACE.match(line):
        return True
    if line[:1] in " \t" and _HEADERS.match(above):
        return True  # a header that goes on
    words = line.split()
    plain = sum(1 for word in words if _PLAIN.match(word))
    if _STAMPED.match(line) and plain < 0.75 * len(words):
        return True
    return len(words) >= 4 and plain < _WORDS * len(words)
