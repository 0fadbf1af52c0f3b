"""Balloon (气球贷): an annuity that leaves an agreed amount for the last due date."""

from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import ZERO
from nightdesk.financing.schedule.shapes.annuity import Annuity
from nightdesk.financing.schedule.standing import Standing


class Balloon(Annuity):
    """`balloon` is due on the last due date, on top of its instalment."""

    takes = frozenset({"balloon"})
    needs = takes

    def remainder(self, at: Standing) -> Decimal:
        """The balloon. Raises UsageError when more is left for the end than is owed."""
        balloon = self.terms.amount("balloon") or ZERO
        if balloon < ZERO or (at.number == 0 and balloon > at.balance):
            raise UsageError(
                f"--balloon {balloon} is not between 0 and the {at.balance} owed on {at.due.on}", "Give a part of it."
            )
        return min(balloon, at.balance)


SHAPE = Balloon
