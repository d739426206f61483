"""Says a text in plainer, fewer words, so that "no charge" and "free of charge" are the same to a check. English.

Only for comparing: both sides are put so, and nobody reads it. What it makes equal is equal in support English whatever
the business; a business's own words are left to the encoder.
"""

import re
from functools import lru_cache

from model.quantities import NUMBER_WORDS
from model.words import stem

_PHRASES = [
    (r"saturdays?\s+(?:and|or)\s+sundays?", "weekend"),
    (r"(?:free of charge|free of cost|for free|(?:at|for|with|there is|without) no (?:extra )?(?:cost|charge|fee)s?|"
     r"without (?:any )?(?:cost|charge|payment)|(?:costs?|pays?|charges?) (?:you )?nothing|for nothing|"
     r"no (?:cost|charge|fee) is (?:due|made))", "free"),
    (r"(?:is|are|be|was|were|am)(?:n['’]t| not) able to|(?:is|are|be|am) unable to|"
     r"(?:is|are) not (?:possible|allowed|permitted) to|(?:may|can)\s+not", "cannot"),
    (r"(?:will |would )?(?:is|are|be|am) (?:able|allowed|permitted|entitled|welcome) to", "can"),
    (r"(?:is|are)(?:n['’]t| not) (?:allowed|permitted)|(?:is|are) (?:forbidden|prohibited|banned)", "not allowed"),
    (r"(?:has|have|had) to|(?:is|are) (?:required|obliged|asked) to|needs? to", "must"),
    (r"(?:as|so) long as|provided(?: that)?|providing(?: that)?|on condition that|in case|should you", "if"),
    (r"(?:every time|whenever)", "when"),
    (r"no (?:more|longer|later) than|at (?:the )?(?:most|latest)|(?:a )?maximum(?: of)?|"
     r"as (?:much|many|long) as(?= \d)", "up to"),
    (r"no (?:less|fewer|earlier) than|(?:a )?minimum(?: of)?|at the earliest", "at least"),
    (r"(?:at once|right away|straight ?away|on the spot|instantly)", "immediately"),
    (r"(?:24/7|around the clock|24 hours a day|day or night|at any hour)", "day and night"),
    (r"(?:pays?|paid|paying|gives?|given|sends?|gets?|got|have|has|receives?) (?P<what>(?:\w+ ){0,3}?)money back|"
     r"(?:paid|pays?|paying) back", "refund"),
    (r"(?:log|sign)(?:s|ged|ging|ed|ing)? (?:in|on)\b", "signin"),
    (r"(?:log|sign)(?:s|ged|ging|ed|ing)? (?:out|off)\b", "signout"),
    (r"sign(?:s|ed|ing)? up", "register"),
    (r"called off", "cancelled"),
    (r"comes? with", "includes"),
    (r"(?:no one|no-one|none of)(?: else)?|nobody else", "nobody"),
    (r"brothers? (?:or|and) sisters?|sisters? (?:or|and) brothers?", "sibling"),
    (r"(?:two times)", "twice"),
    (r"(?:one time)", "once"),
    (r"(?:a|one) fortnight", "14 days"), (r"(?<=in )a week|(?<=for )a week|(?<=after )a week", "7 days"),
    (r"half an hour", "30 minutes"),
    (r"(?:one|(?<=for )an|(?<=after )an|(?<=within )an|an(?= hour before)|an(?= hour after)) hour", "1 hour"),
    (r"by (?:itself|themselves)|on its own", "automatically"),
    (r"each and every", "each"),
    (r"(?:in advance|beforehand|ahead(?: of time)?)", "before"),
    (r"monthly", "each month"), (r"(?:yearly|annually|annual)", "each year"), (r"daily", "each day"),
    (r"weekly", "each week"), (r"per", "each"),
]  # fmt: skip
"""Pattern and plainer words; the first that fits at a place is taken."""
_PHRASE = re.compile("|".join(rf"\b(?P<p{place}>{pattern})\b" for place, (pattern, _) in enumerate(_PHRASES)), re.I)
_OR_MORE = re.compile(
    r"(?P<what>(?:[£€$]\s?)?\d[\d.,]*(?:\s\w+)?)\s+(?P<way>(?:or|and)\s+"
    r"(?:more|older|over|above|longer|up|heavier|higher|later)|(?:or|and)\s+"
    r"(?:less|fewer|younger|under|below|shorter|earlier|lighter))\b",
    re.IGNORECASE,
)
_PENCE = re.compile(r"(?<=\d)\s?p\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_UP = re.compile(r"more|older|over|above|longer|up|heavier|higher|later", re.IGNORECASE)
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(word for word, value in NUMBER_WORDS.items() if value.isdigit())})"
_WEEKS = re.compile(
    rf"(?<![\w£€$.,:/-])(?:(?P<low>{_COUNT})(?P<to>(?<=\d)-|\s*(?:–|to|or|and)\s*))?(?P<high>{_COUNT})[ -]"
    r"(?:full |whole )?weeks?\b(?!-old\b| olds?\b)",
    re.IGNORECASE,
)
_GROUPS = """
cost price fee charge
pay payment payable paid
buy purchase bought
refund reimburse reimbursement repay repayment
delivery deliver ship shipping shipment
send sent dispatch
end cancel cancellation terminate termination stop finish
begin start commence began begun
keep kept stay remain retain
choose select pick chosen
change modify alter amend edit
allow permit
cover insure insured
include contain inclusive
need require necessary requirement
repair fix mend
broken faulty defective damaged
staff team employee colleague
phone telephone
call ring
email e-mail mail
photo picture image photograph
bill invoice
voucher coupon
discount reduction
car vehicle
bicycle bike
film movie
advert ad advertisement advertising
child children kid
person people
large big
larger bigger
quick fast rapid
register registration enrol enrolment
renew renewal extend extension
lend lent loan borrow
bring brought
sell sold
lose lost missing
steal stolen theft
write wrote written
give gave given
take took taken
leave left
tell told inform notify
hold held
incorrect wrong
somebody someone anyone anybody
everybody everyone
holiday vacation
trip journey
depart departure
arrive arrival
withdraw withdrawal
instalment installment
reply respond response
request ask
book booking
further additional
full whole entire
show display
instead rather
near nearby
receipt proof
owner holder
reject refuse decline
mobile cell
sunday sundays
"""
_SAME = {stem(word): line.split()[0] for line in _GROUPS.strip().splitlines() for word in line.split()}
_WORD = re.compile(r"(?<![\w@/.£€$-])[A-Za-z][a-z]+(?:-[a-z]+)?(?![\w@/]|\.\w)")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text in plainer words; numbers, links and names stay as they are."""
    text = _PHRASE.sub(lambda match: _PHRASES[int((match.lastgroup or "p0")[1:])][1] if match.lastgroup else "", text)
    text = _WEEKS.sub(_in_days, text)
    text = _PENCE.sub(" pence", _THOUSANDS.sub("", text))
    text = _OR_MORE.sub(lambda match: f"{'at least' if _UP.search(match['way']) else 'up to'} {match['what']}", text)
    return _WORD.sub(_word, text)


def _in_days(match: re.Match[str]) -> str:
    low, high = (7 * int(NUMBER_WORDS.get(said.lower(), said)) if said else 0 for said in match.group("low", "high"))
    return f"{low}{match['to']}{high} days" if low else f"{high} days"


def _word(match: re.Match[str]) -> str:
    word = match.group()
    if word[0].isupper() and match.start() and match.string[match.start() - 2 : match.start()] not in {". ", "! "}:
        return word  # a name
    same = _SAME.get(stem(word.lower()))
    if same is None or stem(same) == stem(word.lower()):
        return word
    return same[0].upper() + same[1:] if word[0].isupper() else same
