"""What every drawing is made with: where a value lies on a scale, and how round the scale's end is."""

from decimal import Decimal

import pytest

from nightdesk.render.drawing import BASE, PLOT, Scale, rounded_up, shown


@pytest.mark.parametrize(
    ("most", "value", "share"),
    [
        ("4", "0", "0"), ("4", "-1", "0"), ("4", "0.4", "0.1"), ("4", "2", "0.5"), ("4", "4", "1"), ("4", "5", "1"),
        ("0", "0", "0"), ("0", "5", "0"), ("0.5", "0.5", "1"),
    ],
)  # fmt: skip
def test_given_a_value_then_it_lies_at_its_share_of_the_plot_and_beyond_the_scale_at_its_end(
    most: str, value: str, share: str
) -> None:
    assert Scale(Decimal(most)).at(Decimal(value)) == BASE - PLOT * Decimal(share)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("-5", "1"), ("0", "1"), ("0.3", "0.4"), ("0.5", "0.5"), ("1", "1"), ("1.01", "2"), ("2", "2"), ("2.5", "4"),
        ("4.5", "5"), ("5.5", "10"), ("10", "10"), ("11", "20"), ("430", "500"),
    ],
)  # fmt: skip
def test_given_the_most_of_a_scale_then_it_is_a_round_number_that_is_no_less(value: str, found: str) -> None:
    assert rounded_up(Decimal(value)) == Decimal(found)


@pytest.mark.parametrize(
    ("value", "text"), [("2", "2"), ("2.04", "2"), ("2.05", "2.1"), ("0.25", "0.3"), ("100", "100")]
)
def test_given_a_value_of_a_scale_then_it_is_as_short_as_it_goes(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text
