"""A loan as it stands on one due date: what a shape sees of it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from nightdesk.financing.schedule.dates import Due


@dataclass
class Standing:
    """What is owed before the instalment of a due date, and what lies ahead.

    `accrued` is the interest of the period, not rounded; `planned` the interest that an instalment is reckoned with,
    which differs only where odd days of the first period are paid apart. `rate_pct` is the rate that holds now.
    `is_drawn`: money was drawn since the last due date; `is_reset`: the rate is another one since. `number` counts the
    due dates that pay principal, from 0; `left` says how many of them there are from this one on, None where the
    contract is open-ended.
    """

    due: Due
    balance: Decimal
    drawn: Decimal
    accrued: Decimal
    planned: Decimal
    is_drawn: bool
    is_reset: bool
    rate_pct: Decimal
    number: int
    left: int | None
    later: Callable[[], list[tuple[Due, Decimal]]]

    @property
    def is_changed(self) -> bool:
        """Has anything changed that an instalment with its interest was reckoned from?"""
        return self.is_drawn or self.is_reset

    @cached_property
    def ahead(self) -> list[tuple[Due, Decimal]]:
        """Every later due date with what one unit of money earns in its period, at the rate that holds now."""
        return self.later()
