from hypothesis import given
from hypothesis import strategies as st

from model.dataset import normalise as model_normalise
from storage.fingerprints import fingerprint, normalise


@given(st.text())
def test_the_log_and_the_models_agree_on_what_is_the_same_text(text: str) -> None:
    assert normalise(text) == model_normalise(text)


def test_case_width_spaces_and_closing_marks_do_not_count() -> None:
    assert fingerprint("Where  is it?") == fingerprint(" where is ｉt") != fingerprint("where was it")
