"""What a repayment shape is: how much of the principal is due on each due date."""

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import ClassVar

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import cents
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms

#: what shapes take beside the terms that every contract has, as the options that give it
EXTRAS = {
    "payment": "--payment",
    "principal_rows": "--principal-rows",
    "cfads": "--cfads",
    "step_up_pct": "--step-up-pct",
    "month_weights": "--month-weights",
    "balloon": "--balloon",
}


class Shape(ABC):
    """One contract's repayment. An object serves one schedule: it may remember what it reckoned last.

    Whatever a shape says, the table pays no more than is owed, and the last due date takes what is left.
    """

    #: the extras that it takes, and those of them that it cannot do without
    takes: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[frozenset[str]] = frozenset()
    #: interest runs on all that was drawn, not on what is still owed
    is_on_drawn: ClassVar[bool] = False
    #: instalments are reckoned over the periods as they are: odd days of the first one are spread by that alone
    spreads_odd_days: ClassVar[bool] = False

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        for name, option in EXTRAS.items():
            if name in terms.extras and name not in self.takes:
                raise UsageError(f"{option} says nothing to shape {terms.shape}", "Leave it out, or choose another.")
            if name in self.needs and name not in terms.extras:
                raise UsageError(f"shape {terms.shape} needs {option}", f"Give {option}.")

    @property
    def principal_dues(self) -> int | None:
        """How many due dates pay principal, where the shape itself says so."""
        return None

    @property
    def ends_when_repaid(self) -> bool:
        """Is the schedule over when nothing is owed any more, whatever due dates were still to come?"""
        return False

    @abstractmethod
    def principal(self, at: Standing) -> Decimal:
        """The principal due, to the cent. Asked once for each due date that pays principal."""

    def interest(self, at: Standing) -> Decimal:
        """The interest due, to the cent. Asked once for each due date, before `principal`."""
        return cents(at.accrued)


def too_small(at: Standing, payment: Decimal, interest: Decimal) -> UsageError:
    """A payment that does not cover the interest, or of an endless contract nothing but the interest."""
    how = "smaller than" if payment < interest else "no more than"
    return UsageError(
        f"--payment {payment} is {how} the interest {interest} due on {at.due.on}",
        "Give a larger payment, a lower rate, or capitalise the interest.",
    )
