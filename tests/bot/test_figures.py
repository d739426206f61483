import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from slack_sdk import WebClient

from bot import plot
from bot.configuring import Configuring
from bot.corrections import Refused
from bot.figures import Figures, Yardsticks, figures, hours, lines, offer, ripe, spoken, wanted
from bot.listeners.stats import handle_stats
from bot.report import status
from model.types import UnderstudyError
from storage.drafts import Drafts
from storage.scores import Scores
from storage.statistics import OUTCOMES, Stats
from tests.bot.conftest import Office
from tests.bot.listeners.test_register import NOWHERE, app_of

YARD = Yardsticks(minutes=5, share=0.9, drafts=3)
DAY = date(2026, 11, 19)


def drafted(office: Office, count: int, sent: int) -> None:
    for number in range(count):
        heard = office.ask(f"refund {number}?", user=f"U{number}", channel=f"D{number}")
        if number < sent:
            assert office.cases.drafts.send(heard.turn_id, "UAGENT") == ""
        else:
            office.cases.resolve(office.case(heard).id)


def test_the_figures_in_words(office: Office) -> None:
    for n, words in enumerate(("parcel", "refund", "a human please", "nonsense", "hm refund")):
        office.ask(words, user=f"U{n}", channel=f"D{n}")
    told = lines(office.kit, figures(office.kit, YARD), 5)
    assert told[0] == "*The last 7 days:* 5 messages in 5 cases."
    assert told[1] == "Answered alone: 2 cases (40%), which saved about 10 min."
    assert told[2] == "Handed over: 1 wanted a person."
    assert told[3] == "Besides: 1 asked back, 1 out of scope."
    assert "95%" in told[5]
    one = lines(office.kit, figures(office.kit, YARD, timedelta(hours=24), "refund"), 0)
    assert one[0] == "*The last 24 hours of “Where is my refund?”:* 2 messages in 2 cases."
    assert one[1] == "Answered alone: 1 case (50%)."


def test_what_customers_gave_is_told_of_all_and_of_an_intent(office: Office) -> None:
    for n, (words, score) in enumerate((("parcel", 5), ("refund", 4), ("refund again", 1), ("nonsense", 0))):
        heard = office.ask(words, user=f"U{n}", channel=f"D{n}")
        if score:
            with office.kit.db.writing() as session:
                Scores(session, "T1").give(office.case(heard).id, score)
    assert "Customers gave 3.3 of 5 (3 scores)." in lines(office.kit, figures(office.kit, YARD), 5)
    assert "Customers gave 2.5 of 5 (2 scores)." in lines(office.kit, figures(office.kit, YARD, intent="refund"), 5)
    parcels = figures(office.kit, YARD, intent="order_status")
    assert "Customers gave 5.0 of 5 (1 score)." in lines(office.kit, parcels, 5)
    assert "of 5" not in str(lines(office.kit, figures(office.kit, YARD, intent="return_how"), 5))
    assert "Customers gave 3.3 of 5 (3 scores)." in status(office.kit, "v1")


def test_without_messages_there_is_one_line(office: Office) -> None:
    assert lines(office.kit, figures(office.kit, YARD), 5) == ["*The last 7 days:* 0 messages in 0 cases."]


def test_an_intent_whose_drafts_are_sent_as_they_are_is_offered_until_it_is_trusted(drafting: Office) -> None:
    drafting.kit.people.set_up("CAGENTS", ["UOWNER"])
    drafted(drafting, 3, sent=3)
    [found] = ripe(drafting.kit, YARD)
    assert (found.intent, found.drafts) == ("refund", Drafts(3, 0, 0, 0))
    assert offer(found) == "Agents sent 3 of 3 drafts for “Where is my refund?” unchanged (100%)."
    assert ripe(drafting.kit, replace(YARD, drafts=4)) == []
    config = Configuring(drafting.kit, drafting.corrections)
    with pytest.raises(UnderstudyError, match="Only the bot's owners"):
        config.trust("refund", "UAGENT")
    assert config.trust("refund", "UOWNER").startswith("“Where is my refund?”: *automatic*.")
    assert ripe(drafting.kit, YARD) == []
    heard = drafting.ask("refund now", user="UTOM", channel="DTOM")
    assert drafting.turn(heard).reply_kind == "verbatim"
    config.words(["intent", "refund", "default"], "UOWNER", "CHELP")
    assert ripe(drafting.kit, YARD) == [], "what was decided is not asked again for the same drafts"


def test_below_the_share_nothing_is_offered(drafting: Office) -> None:
    drafted(drafting, 4, sent=3)
    assert ripe(drafting.kit, YARD) == []
    told = lines(drafting.kit, figures(drafting.kit, YARD), 5)
    assert "• Where is my refund?: 3 sent unchanged, 0 edited, 1 not sent" in told


def test_a_draft_sent_in_other_words_is_edited(drafting: Office) -> None:
    one, same = drafting.ask("refund"), drafting.ask("refund", user="UTOM", channel="DTOM")
    drafting.followups.edit_answer(one.turn_id, "Six working days.", "UAGENT", 0)
    drafting.followups.edit_answer(same.turn_id, "Five working days. ", "UAGENT", 0)
    assert figures(drafting.kit, YARD).drafts == {"refund": Drafts(1, 1, 0, 0)}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("soon", "Expected a time such as 7d"),
        ("7d 8d", "Expected `[7d] [intent=refund]`, found `8d`."),
        ("intnt=refund", "Did you mean `intent=refund`?"),
        ("intent=oos", "out of scope"),
    ],
)
def test_wrong_words_get_one_line(office: Office, words: str, line: str) -> None:
    with pytest.raises((UnderstudyError, Refused)) as told:
        wanted(words.split(), office.corrections)
    assert line in str(told.value)


def test_where_the_upload_fails_there_is_the_text_alone(office: Office) -> None:
    office.ask("parcel")
    _, services = app_of(office)
    nobody = WebClient("xoxb-test", base_url=NOWHERE)
    command = {"text": "stats 7d", "user_id": "UAGENT", "channel_id": "CAGENTS"}
    words, blocks = handle_stats(services, command, nobody)
    services.workers.close()
    assert words.startswith("*The last 7 days:* 1 message in 1 case.")
    assert blocks


def test_words() -> None:
    assert [spoken(timedelta(hours=n)) for n in (1, 24, 36, 48, 168)] == [
        "1 hour", "24 hours", "36 hours", "2 days", "7 days",
    ]  # fmt: skip
    assert [hours(n) for n in (5, 89, 90, 600)] == ["5 min", "89 min", "1.5 h", "10.0 h"]


counts = st.dictionaries(st.sampled_from(OUTCOMES), st.integers(1, 10**6))
days = st.dictionaries(st.integers(0, 200).map(lambda n: DAY + timedelta(days=n)), counts, min_size=1, max_size=60)


@settings(max_examples=8, deadline=None)
@given(days, st.text(alphabet="abc $_^{}\\é€", max_size=60), st.lists(st.integers(1, 10**6), max_size=4))
def test_any_figures_become_a_picture(found: dict[date, dict[str, int]], title: str, handed: list[int]) -> None:
    stats = Stats(1, 1, 1, 1, 1, 1, 1, 1, 1, None, None, {}, days=tuple(sorted(found.items())))
    reasons = tuple((f"reason {n}", number) for n, number in enumerate(handed))
    made = Figures(stats, datetime.now(UTC), timedelta(days=7), "x", title, None, reasons)
    picture = Image.open(BytesIO(plot.draw(made)))
    assert picture.size == (1200, 690)
    ground = picture.convert("RGBA").getpixel((1, 1))
    assert ground == (255, 255, 255, 255), "opaque: as legible in a dark client as in a light one"
    bars = plot.columns(made)
    assert len(bars) <= plot.MOST_DAYS
    assert sum(sum(each.values()) for _, each in bars) == sum(sum(each.values()) for each in found.values())


def test_no_process_that_draws_nothing_loads_the_plotter() -> None:
    code = "import sys, bot.app, bot.plot, bot.listeners.stats; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False", done.stderr
