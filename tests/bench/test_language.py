from collections import Counter

from bench.language import MESSAGES, counted, read, recall


def test_there_are_enough_messages_in_both_halves() -> None:
    rows = read(MESSAGES)
    assert len({row["text"] for row in rows}) == len(rows)
    foreign = Counter((row["language"], row["half"]) for row in rows if row["language"] != "en")
    assert sum(foreign.values()) >= 150
    assert len({language for language, _ in foreign}) >= 12
    assert min(foreign.values()) >= 3


def test_false_alarms_are_listed_and_recall_has_a_line_for_all() -> None:
    assert counted("x", ["where is my parcel please", "Wo ist denn mein Paket"])[1:] == [2, 1, "Wo ist denn mein Paket"]
    rows = [{"text": "Wo ist denn mein Paket", "language": "de"}, {"text": "我的包裹在哪里", "language": "zh"}]
    assert recall(rows)[-1] == ["all", 2, 2, 2]
