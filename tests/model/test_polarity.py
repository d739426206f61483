from model.polarity import clauses, opening, turned


def test_a_list_stays_denied_and_a_new_clause_does_not() -> None:
    found = clauses("We do not accept bank transfer, cash or cheque, but you can pay with PayPal.")
    assert [clause.negated for clause in found] == [True, True, True, False]


def test_a_list_of_subjects_is_denied_with_its_last_and_what_stands_before_it_is_not() -> None:
    listed = clauses("Gift cards, opened candles and earrings cannot be returned.")
    assert [clause.negated for clause in listed] == [True, True, True]
    assert [clause.negated for clause in clauses("You can pay by card, and cash is not taken.")] == [False, True]
    both = clauses("Visa and PayPal are accepted, cash and cheques are not.")
    assert [clause.negated for clause in both] == [False, False, True, True]
    assert not turned("Opened candles cannot be returned.", listed)
    assert turned("Opened candles can be returned.", listed)


def test_a_denied_condition_does_not_deny_what_follows() -> None:
    found = clauses("If you have no tracking e-mail, check your spam folder.")
    assert [clause.negated for clause in found] == [True, False]


def test_turned_statements_are_found_both_ways() -> None:
    sources = clauses("You can pay with PayPal.") + clauses("Gift cards cannot be returned.")
    assert turned("You cannot pay with PayPal.", sources)
    assert turned("Gift cards can be returned.", sources)
    assert not turned("You can pay with PayPal.", sources)
    assert not turned("Gift cards cannot be returned.", sources)


def test_openings() -> None:
    assert opening("Yes, Mia, you can.") == ("yes", "Mia, you can.")
    assert opening("No order was placed.") == ("", "No order was placed.")
    assert opening("Nothing.") == ("", "Nothing.")
