"""Principal as agreed row by row (按约定还本计划): one amount for each due date that pays principal."""

from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.money import ZERO
from nightdesk.financing.schedule.shape import Shape
from nightdesk.financing.schedule.standing import Standing
from nightdesk.financing.schedule.terms import Terms


class PrincipalRows(Shape):
    """The rows have to add up to what is owed: to what was drawn and the interest that was capitalised."""

    takes = frozenset({"principal_rows"})
    needs = takes

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._rows = terms.amounts("principal_rows") or ()
        if any(row < 0 for row in self._rows):
            raise UsageError("--principal-rows has a negative amount", "Give amounts from 0.")

    @property
    def principal_dues(self) -> int | None:
        """As many as there are rows."""
        return len(self._rows)

    def principal(self, at: Standing) -> Decimal:
        """The next row. Raises UsageError when rows and due dates, or rows and what is owed, do not fit."""
        if at.left != len(self._rows) - at.number:
            raise UsageError(
                f"--principal-rows has {len(self._rows)} amounts for {at.number + (at.left or 0)} due dates",
                "Give one amount for each due date that pays principal, 0 where none is due.",
            )
        row = self._rows[at.number]
        if row > at.balance or (at.left == 1 and row != at.balance):
            total, owed = sum(self._rows, ZERO), at.balance + sum(self._rows[: at.number], ZERO)
            raise UsageError(
                f"--principal-rows adds up to {total}, and {owed} has to be repaid by {at.due.on}",
                "Give rows that add up to what is drawn, with any interest that is capitalised.",
            )
        return row


SHAPE = PrincipalRows
