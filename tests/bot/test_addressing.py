import pytest

from bot.addressing import Facts, Incoming, Whose, whose

BOT = "U0BOT"


def say(text: str, channel: str = "C1", user: str = "U1", thread: str = "") -> Incoming:
    return Incoming(channel, "2.0", user, text, thread)


@pytest.mark.parametrize(
    ("message", "facts", "expected"),
    [
        (say("hi", "D1"), Facts(BOT, False), Whose.CUSTOMER),
        (say("hi", "D1"), Facts(BOT, True), Whose.TEST),
        (say("hi"), Facts(BOT, False), Whose.NOBODY),
        (say("hi"), Facts(BOT, False, answer_all=True), Whose.CUSTOMER),
        (say("hi", thread="1.0"), Facts(BOT, False, answer_all=True), Whose.NOBODY),
        (say("<@U0BOT> hi"), Facts(BOT, False), Whose.CUSTOMER),
        (say("<@U0BOT> hi"), Facts(BOT, True), Whose.TEST),
        (say("<@U5> ask <@U0BOT>"), Facts(BOT, False), Whose.NOBODY),
        (say("<@U0BOT> hi", thread="1.0"), Facts(BOT, False), Whose.CUSTOMER),
        (say("more", thread="1.0"), Facts(BOT, False, case_customer="U1"), Whose.CUSTOMER),
        (say("<@U5> look", thread="1.0"), Facts(BOT, False, case_customer="U1"), Whose.NOBODY),
        (say("<@U0BOT> me too", thread="1.0"), Facts(BOT, False, case_customer="U9"), Whose.NOBODY),
        (say("I help", thread="1.0"), Facts(BOT, True, case_customer="U9"), Whose.AGENT),
        (say("<@U9> I help", thread="1.0"), Facts(BOT, True, case_customer="U9"), Whose.AGENT),
        (say("<@U0BOT> x"), Facts(BOT, True, internal=True), Whose.NOBODY),
        (say("psst", thread="1.0"), Facts(BOT, True, internal=True, card=True), Whose.INTERNAL),
        (say("<@U0BOT> psst", thread="1.0"), Facts(BOT, False, internal=True, card=True), Whose.NOBODY),
        (say("psst", thread="1.0"), Facts(BOT, True, card=True), Whose.INTERNAL),
        (say("psst", thread="1.0", user=BOT), Facts(BOT, True, card=True), Whose.NOBODY),
        (say("x", "D1", user=BOT), Facts(BOT, False), Whose.NOBODY),
    ],
)
def test_whose(message: Incoming, facts: Facts, expected: Whose) -> None:
    assert whose(message, facts) is expected
