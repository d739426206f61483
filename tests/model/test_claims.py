from model import claims


def values(text: str) -> list[tuple[str, str]]:
    return [(number.value, number.unit) for number in claims.numbers(text)]


def test_numbers_carry_their_units() -> None:
    assert values("It costs £3.90 and takes 2-4 working days.") == [
        ("3.90", "£"),
        ("2", "working day"),
        ("4", "working day"),
    ]
    assert values("10 % off, wash at 30 °C, before 14:00.") == [("10", "%"), ("30", "°C"), ("14:00", "")]
    assert values("two attempts and one more day, but one thing") == [("2", "attempt"), ("1", "day")]


def test_numbers_inside_links_are_no_numbers() -> None:
    text = "See https://shop.example/a/42 or write to help2@shop.example."
    assert values(text) == []
    assert claims.links(text) == {"https://shop.example/a/42", "help2@shop.example"}


def test_names_are_capitalised_words_that_do_not_begin_the_sentence() -> None:
    assert [name for name, _ in claims.names("Please ask Swiftline or I'll call the UK, Mia.")] == [
        "Swiftline",
        "UK",
        "Mia",
    ]
    assert claims.names("Standard delivery is free.") == []


def test_commitments() -> None:
    assert claims.commitments("We will refund you and I'll call.") == [("we", "refund"), ("i", "cal")]
