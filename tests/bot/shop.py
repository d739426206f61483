"""A desk whose customers have orders, told in approved answers."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.lookup import OwnOrders
from bot.order_file import CsvOrders
from storage.intents import Intents
from tests.bot.conftest import Office, database, made
from tests.bot.fakes import INTENTS

ORDERS = """customer,number,state,placed,expected,delivered,tracking,items,total
UMIA,10042,shipped,2026-11-20,2026-11-26,,https://track.example/1,2 blue mugs,£29
UMIA,10031,delivered,2026-10-02,,2026-10-06,,1 wool blanket,£89
UTOM,10057,shipped,2026-11-16,2026-11-20,,https://track.example/secret,1 brass lamp,£65
UTOM,10063,packing,2026-11-23,2026-11-26,,,4 zebra plates,£82
UTOM,10038,cancelled,2026-10-30,,,,3 candles,£36
T0FINCH/UMIA,10066,packing,2026-11-20,,,,12 espresso cups,£118
"""
STATUS = """Hi {first_name}, order {order_number} ({items}) {order_state}. [Track it]({tracking_link})
---
Hi {first_name}, order {order_number} ({items}) {order_state}.
---
Hello {first_name}, it is on its way."""
REFUND = "Order {order_number} ({items}): {refund_state}.\n---\nFive working days."
GENERAL = "Hello Umia, it is on its way."
MINE = "Hi Umia, order 10042 (2 blue mugs) is on its way. [Track it](https://track.example/1)"
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
OF_TOM = ("10057", "10063", "10038", "lamp", "zebra", "candles", "£65", "£82", "£36", "secret")
"""What no customer but Tom may read."""


def a_shop(folder: Path, mode: str = "automatic", lookup: type[CsvOrders] = CsvOrders, quiet: float = 0.0) -> Office:
    db = database(folder)
    answers = {"order_status": STATUS, "refund": REFUND}
    with db.writing() as session:
        for intent in INTENTS:
            if intent.name in answers:
                Intents(session, "T1").upsert(replace(intent, answer=answers[intent.name]), "starter")
    path = folder / "orders.csv"
    path.write_text(ORDERS, "utf-8")
    gate = OwnOrders(lookup(path, lambda: MONDAY.date()), "T1", lambda: MONDAY)
    return made(db, mode, orders=gate, quiet=quiet)
