from model.words import content, stem, tokens


def test_inflections_of_a_word_meet() -> None:
    for group in (
        ("charge", "charges", "charged", "charging"),
        ("delivery", "deliveries"),
        ("ship", "shipped", "ships"),
        ("cancel", "cancelled", "cancels"),
        ("box", "boxes"),
        ("return", "returning"),
    ):
        assert len({stem(word) for word in group}) == 1, group


def test_short_words_and_numbers_are_left_alone() -> None:
    assert stem("gas") == "gas"
    assert stem("30s") == "30s"


def test_function_words_go_and_contractions_lose_their_tail() -> None:
    assert tokens("I don't like Mia's box") == ["i", "don", "like", "mia", "box"]
    assert content("How do I return the boxes?") == ["return", "box"]
