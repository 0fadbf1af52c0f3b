"""Cash flow available for debt service, by month, and what of it the debt that is there takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

from nightdesk.financing.schedule.money import PRECISE, ZERO, cents

_MONTHS = 12


@dataclass(frozen=True)
class Flow:
    """What a period between two due dates brings (CFADS), and what of it the debt that is there takes. Amounts."""

    cfads: Decimal
    service: Decimal

    def less(self, pct: Decimal) -> "Flow":
        """The same with so many percent less cash flow: the downside case. A negative cash flow stays as it is."""
        return Flow(cents(self.cfads * (100 - pct) / 100) if self.cfads > 0 else self.cfads, self.service)


class Cash:
    """Cash flow by month. Each period counts evenly over its months; a month that no period covers is not known."""

    def __init__(self, periods: Iterable[Mapping[str, Any]]) -> None:
        """`periods`: rows with `month_no` (12 * year + month of the end), `months`, `cfads_amt`, `service_amt`."""
        self._periods = [
            (row["month_no"] - row["months"], row["month_no"], row["months"], row["cfads_amt"], row["service_amt"])
            for row in periods
            if None not in (row["month_no"], row["months"], row["cfads_amt"], row["service_amt"]) and row["months"] > 0
        ]

    def flows(self, days: Sequence[date]) -> list[Flow] | None:
        """What lies between each of these days and the next, whole months; None where a month is not known."""
        numbers = [day.year * _MONTHS + day.month for day in days]
        found = [self._flow(begin, end) for begin, end in pairwise(numbers)]
        return [flow for flow in found if flow is not None] if None not in found else None

    def _flow(self, begin: int, end: int) -> Flow | None:
        cfads, service, known = ZERO, ZERO, 0
        with localcontext(PRECISE):
            for first, last, months, cash, due in self._periods:
                counted = min(end, last) - max(begin, first)
                if counted > 0:
                    cfads += cash * counted / months
                    service += due * counted / months
                    known += counted
            return Flow(cents(cfads), cents(service)) if known == end - begin else None
