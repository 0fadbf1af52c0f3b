"""Shares of small numbers with what they may be: Wilson's interval of a binomial share, Newcombe's of two apart."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from statistics import NormalDist

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Rate:
    """`k` of `n`, in percent to one decimal, and the interval it may lie in; of none (n = 0) nothing is known."""

    k: int
    n: int
    pct: Decimal | None
    low_pct: Decimal | None
    high_pct: Decimal | None

    def __str__(self) -> str:
        return f"{self.pct}% [{self.low_pct}–{self.high_pct}] {self.k}/{self.n}" if self.n else f"— {self.k}/{self.n}"


def rate(k: int, n: int, confidence_pct: Decimal) -> Rate:
    """The share of `k` in `n` with its interval. Raises ValueError where k is no part of n, or the confidence none."""
    if not 0 <= k <= n or not 0 < confidence_pct < 100:
        raise ValueError(f"{k} of {n} at {confidence_pct}% is no share")
    if n == 0:
        return Rate(k, n, None, None, None)
    share, low, high = _bounds(k, n, confidence_pct)
    return Rate(k, n, _pct(share), _pct(low), _pct(high))


@dataclass(frozen=True)
class Difference:
    """By how much one share lies above another, in percentage points to one decimal, and the interval it may lie in."""

    points: Decimal
    low_points: Decimal
    high_points: Decimal

    def __str__(self) -> str:
        return f"{self.points:+} [{self.low_points:+}–{self.high_points:+}]"


def difference(one: tuple[int, int], other: tuple[int, int], confidence_pct: Decimal) -> Difference:
    """How far k of n lies above another k of n: the hybrid score interval (Newcombe 1998, method 10, no correction).

    Raises ValueError as `rate` does, and where either n is 0: of none nothing is known.
    """
    for k, n in (one, other):
        if not 0 <= k <= n or n == 0 or not 0 < confidence_pct < 100:
            raise ValueError(f"{k} of {n} at {confidence_pct}% is no share to compare")
    (p1, l1, u1), (p2, l2, u2) = (_bounds(k, n, confidence_pct) for k, n in (one, other))
    with localcontext(prec=28):
        low = (p1 - p2) - ((p1 - l1) ** 2 + (u2 - p2) ** 2).sqrt()
        high = (p1 - p2) + ((u1 - p1) ** 2 + (p2 - l2) ** 2).sqrt()
    return Difference(_pct(p1 - p2), _pct(low), _pct(high))


def _bounds(k: int, n: int, confidence_pct: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """The share, and the ends of its interval, unrounded; n is not 0."""
    with localcontext(prec=28):
        z, count, share = _z(confidence_pct), Decimal(n), Decimal(k) / n
        width = z * (share * (1 - share) / count + z * z / (4 * count * count)).sqrt()
        middle, scale = share + z * z / (2 * count), 1 + z * z / count
        # at the ends the formula gives them exactly, its rounding does not
        low = Decimal(0) if k == 0 else (middle - width) / scale
        high = Decimal(1) if k == n else (middle + width) / scale
    return share, low, high


@lru_cache(maxsize=8)
def _z(confidence_pct: Decimal) -> Decimal:
    """How many standard deviations a two-sided interval of this confidence is wide to each side."""
    return Decimal(str(round(NormalDist().inv_cdf(0.5 + float(confidence_pct) / 200), 9)))


def _pct(share: Decimal) -> Decimal:
    return (share * 100).quantize(TENTH, ROUND_HALF_UP)
