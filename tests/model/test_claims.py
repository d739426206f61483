from model import claims, quantities


def test_numbers_inside_links_are_no_numbers() -> None:
    text = "See https://shop.example/a/42 or write to help2@shop.example."
    assert quantities.numbers(text) == []
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
