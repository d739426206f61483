from hypothesis import given
from hypothesis import strategies as st

from model.textmeasures import chrf, rouge_l


def test_known_values() -> None:
    assert rouge_l("the cat sat", "the cat sat") == 1
    assert abs(rouge_l("the cat", "the cat sat on it") - 4 / 7) < 1e-9
    assert chrf("abc", "xyz") == 0
    assert 0.3 < chrf("delivery takes 2 days", "delivery takes 3 days") < 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_measures_lie_between_0_and_1_and_sameness_is_1(a: str, b: str) -> None:
    assert 0 <= chrf(a, b) <= 1
    assert 0 <= rouge_l(a, b) <= 1
    assert rouge_l(a, a) == 1
    assert abs(chrf(a, a) - 1) < 1e-9
