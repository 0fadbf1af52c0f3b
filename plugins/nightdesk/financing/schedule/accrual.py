"""Interest by day, on whatever is outstanding and at whatever rate holds on each day."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext

from nightdesk.financing.schedule.day_count import DayCount
from nightdesk.financing.schedule.money import PRECISE, ZERO
from nightdesk.financing.schedule.terms import Terms

#: an amount that bears interest, and the day from which it does
Lot = tuple[Decimal, date]
_PERCENT = 100


class Accrual:
    """The rates of a contract over time, with its day count. A reset holds from its day on."""

    def __init__(self, terms: Terms) -> None:
        self._day_count: DayCount = terms.day_count
        self._resets = [day for day, _ in terms.resets]
        self._rates = [terms.rate_pct, *(rate for _, rate in terms.resets)]

    def rate_on(self, day: date) -> Decimal:
        """The yearly rate in percent for the night that begins on `day`."""
        return self._rates[bisect_right(self._resets, day)]

    def interest(self, lots: Iterable[Lot], to: date) -> Decimal:
        """What the lots have earned up to `to`, not rounded: divided once, so that an exact half cent stays one."""
        with localcontext(PRECISE):
            earned = sum((amount * self._rate_units(since, to) for amount, since in lots), ZERO)
            return earned / (_PERCENT * self._day_count.per_year)

    def factor(self, first: date, last: date, rate_pct: Decimal) -> Decimal:
        """What one unit of money earns between two days at one rate."""
        with localcontext(PRECISE):
            return rate_pct * self._day_count.units(first, last) / (_PERCENT * self._day_count.per_year)

    def _rate_units(self, first: date, last: date) -> Decimal:
        """Rate times units, each piece between two resets at its own rate."""
        total, since = ZERO, first
        for day in self._resets[bisect_right(self._resets, first) :]:
            if day >= last:
                break
            total += self.rate_on(since) * self._day_count.units(since, day)
            since = day
        return total + self.rate_on(since) * self._day_count.units(since, last)
