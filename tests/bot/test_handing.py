"""From an agent to a person: to whoever takes it, or to a colleague by name."""

import pytest

from bot import wording
from bot.corrections import Refused
from tests.bot.conftest import CALLED, Office
from tests.bot.test_two_agents import both


def test_the_bots_case_waits_for_whoever_takes_it(office: Office) -> None:
    asked = office.ask("parcel")
    told = office.handing.by_words(f"{asked.turn_id} wants it sent twice", "UAGENT")
    assert told == "It waits for a person now, and the customer knows."
    assert (office.case(asked).state, office.case(asked).holder) == ("waiting", None)
    assert office.surface.texts()[-1] == CALLED
    [card] = office.surface.cards.values()
    assert card.reason == "Handed over by UAGENT Smith: wants it sent twice"
    assert office.handing.by_words(str(asked.turn_id), "UAGENT2") == "It waits for a person already."


@pytest.mark.parametrize("said", ["@UAGENT2 Smith a <b> of hers", "@uagent2 a <b> of hers", "<@UAGENT2> a <b> of hers"])
def test_a_colleague_gets_it_and_is_called_on_the_card(office: Office, said: str) -> None:
    asked = office.ask("parcel")
    assert office.handing.by_words(f"#{asked.turn_id} {said}", "UAGENT") == "<@UAGENT2> has it now."
    assert (office.case(asked).state, office.case(asked).holder) == ("human", "UAGENT2")
    assert office.surface.texts()[-1] == wording.TAKEN.format(name="UAGENT2 Smith")
    [(_, channel, _, words, _)] = office.surface.notes
    assert channel == "CAGENTS"
    assert words == "<@UAGENT2>, <@UAGENT> gives you this request. Handed over by UAGENT Smith: a &lt;b&gt; of hers"


def test_from_one_colleague_to_another(office: Office) -> None:
    asked = office.ask("a human please")
    case = office.case(asked)
    office.cases.take(case.id, "UAGENT")
    assert office.handing.hand(case.id, "UAGENT", "UAGENT2", "knows lamps") == "<@UAGENT2> has it now."
    assert office.case(asked).holder == "UAGENT2"
    assert office.surface.texts()[-1] == wording.TAKEN.format(name="UAGENT2 Smith")
    assert office.handing.hand(case.id, "UAGENT", "UAGENT2") == "<@UAGENT2> has it already."
    assert "has this case: give it to somebody by name" in office.handing.hand(case.id, "UAGENT")
    # What the first one has in a window still is refused.
    assert office.cases.words.write(case.id, "UAGENT", "hello") == "<@UAGENT2> has this case."


def test_two_agents_give_one_case_to_two(office: Office) -> None:
    asked = office.ask("a human please")
    case = office.case(asked)
    office.cases.take(case.id, "UAGENT")
    other = {"UAGENT": "UAGENT2", "UAGENT2": "UAGENT"}
    told = both(lambda agent: office.handing.hand(case.id, agent, other[agent]))
    assert f"<@{office.case(asked).holder}> has it now." in told


def test_back_to_the_bot_and_what_is_closed(office: Office) -> None:
    asked = office.ask("a human please")
    assert office.handing.by_words(f"release {asked.turn_id}", "UAGENT") == "The bot has it again."
    assert office.case(asked).state == "bot"
    office.cases.resolve(office.case(asked).id)
    for words in (f"{asked.turn_id}", f"{asked.turn_id} @UAGENT2"):
        assert office.handing.by_words(words, "UAGENT") == "This case is resolved."


@pytest.mark.parametrize("words", ["", "release", "hello", "99999", "{} @nobody"])
def test_what_names_no_case_or_no_colleague(office: Office, words: str) -> None:
    asked = office.ask("parcel")
    with pytest.raises(Refused):
        office.handing.by_words(words.format(asked.turn_id), "UAGENT")
    assert office.handing.hand(office.case(asked).id, "UAGENT", "UMIA") == "<@UMIA> is no support agent."
    assert office.case(asked).state == "bot"
