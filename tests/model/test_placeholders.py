import pytest

from model.placeholders import Braced

SOURCES = (
    "Order {{Order Number}} is under '{{Order Status}}' on our site. Call {{Support Phone Number}}.",
    "We pay {{Currency Symbol}}{{Refund Amount}} back, {first_name}.",
)


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("", ""),
        ("Nothing yet", ""),
        ("Order {{Order Number}} is", ""),
        ("We pay {", "{"),
        ("We pay {{Currency Symbol}}{{Ref", "{{Ref"),
        ("We pay {{Refund Amount}", "{{Refund Amount}"),
        ("Hello {first_name}", ""),
        ("Hello {last", None),
        ("Order {{Order Nr", None),
        ("Order {{Order Number.", None),
        ("Order {Order Number}", None),
        ("Order }", None),
        ("Order {{Order Nr}} is on its way", None),
    ],
)
def test_what_is_begun_can_be_gone_on_with_or_not(text: str, begun: str | None) -> None:
    assert Braced(SOURCES).begun(text) == begun


@pytest.mark.parametrize(
    ("before", "wish", "text"),
    [
        ("Your ", "{{Oder Number}}", "Your {{Order Number}}"),
        ("Your ", "{{order number}}", "Your {{Order Number}}"),
        ("Your ", "{{Order Name}}", None),
        ("Your ", "{Order Number}", "Your {{Order Number}}"),
        ("Your ", "{{Order Number is on its way", "Your {{Order Number}}"),
        ("We pay ", "{{Amount}}", "We pay {{Currency Symbol}}"),
        ("We pay {{Currency Symbol}}", "{{Money}}", "We pay {{Currency Symbol}}{{Refund Amount}}"),
        ("It is under", ' "{{My Orders}}"', 'It is under "{{Order Status}}'),
        ("Under '", "{{My Orders}}", "Under '{{Order Status}}"),
        ("Your number ", "{{My Orders}}", None),
        ("We pay {{Currency Symbol}}", "} at once", None),
    ],
)
def test_the_meant_placeholder_is_misspelt_or_stands_behind_the_same_words(
    before: str, wish: str, text: str | None
) -> None:
    assert Braced(SOURCES).mended(before, wish) == text


def test_what_is_tolerated_is_gone_on_with() -> None:
    braced = Braced(SOURCES)
    braced.tolerate("Open {{Hours}}")
    assert braced.begun("Open {{Hours}} and {{Order St") == "{{Order St"
    assert Braced(SOURCES).foreign("Open {{Hours}}") == ["{{Hours}}"]
