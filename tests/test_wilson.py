"""Shares of small numbers: the interval is Wilson's, to the digit."""

from decimal import Decimal

import pytest

from nightdesk.wilson import difference, rate

NINETY_FIVE = Decimal(95)


@pytest.mark.parametrize(
    ("k", "n", "said"),
    [
        (3, 10, "30.0% [10.8–60.3] 3/10"),
        (0, 10, "0.0% [0.0–27.8] 0/10"),
        (10, 10, "100.0% [72.2–100.0] 10/10"),
        (1, 1, "100.0% [20.7–100.0] 1/1"),
        (0, 1, "0.0% [0.0–79.3] 0/1"),
        (50, 100, "50.0% [40.4–59.6] 50/100"),
        (0, 0, "— 0/0"),
    ],
)
def test_given_so_many_of_so_many_then_the_interval_is_wilson_s(k: int, n: int, said: str) -> None:
    assert str(rate(k, n, NINETY_FIVE)) == said


def test_given_another_confidence_then_the_interval_is_as_much_wider_or_narrower() -> None:
    assert str(rate(3, 10, Decimal(90))) == "30.0% [12.7–55.8] 3/10"
    assert str(rate(3, 10, Decimal(99))) == "30.0% [8.0–68.0] 3/10"


@pytest.mark.parametrize(("k", "n", "confidence"), [(4, 3, 95), (-1, 3, 95), (1, 3, 0), (1, 3, 100)])
def test_given_what_is_no_share_then_it_is_refused(k: int, n: int, confidence: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        rate(k, n, Decimal(confidence))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), "+20.0 [+5.2–+33.4]"),
        ((9, 10), (3, 10), "+60.0 [+17.1–+80.9]"),
        ((10, 10), (0, 20), "+100.0 [+67.9–+100.0]"),
        ((5, 56), (0, 29), "+8.9 [-3.8–+19.3]"),
        ((48, 80), (56, 70), "-20.0 [-33.4–-5.2]"),
    ],
)
def test_given_two_shares_then_their_difference_has_newcombe_s_interval(
    one: tuple[int, int], other: tuple[int, int], said: str
) -> None:
    assert str(difference(one, other, NINETY_FIVE)) == said


@pytest.mark.parametrize(
    ("one", "other", "confidence"),
    [((0, 0), (1, 2), 95), ((1, 2), (0, 0), 95), ((1, 2), (3, 2), 95), ((1, 2), (1, 2), 0), ((1, 2), (1, 2), 100)],
)
def test_given_none_on_one_side_or_what_is_no_share_then_no_difference_is_told(
    one: tuple[int, int], other: tuple[int, int], confidence: int
) -> None:
    with pytest.raises(ValueError, match="no share to compare"):
        difference(one, other, Decimal(confidence))


def test_given_a_confidence_under_one_percent_then_it_is_one() -> None:
    assert str(rate(1, 2, Decimal("0.5"))) == "50.0% [49.8–50.2] 1/2"
    assert str(difference((1, 2), (1, 2), Decimal("0.5"))) == "+0.0 [-0.3–+0.3]"
