"""What a branch may be told of other branches' members of a group: sums of enough of them."""

from decimal import Decimal

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.ecosystem_input import EcosystemInput
from nightdesk.render.ecosystem_names import Names
from nightdesk.render.figures import Figures
from nightdesk.render.project_model import Cell
from nightdesk.render.rows import Row, decimal_of

#: by the amount of a group's total: which amount of a client shows that it stands behind it
_BEHIND = {
    "exposure_amt": "exposure_amt",
    "limit_amt": "exposure_amt",
    "overdue_amt": "exposure_amt",
    "deposits_amt": "deposits_amt",
}


class Others:
    """The members of other branches, as the branch that reads the page may be told of them.

    Where fewer of them than policy asks (ecosystem_setting others_least_count) stand behind a sum, neither that sum is
    told nor the group's, from which the branch's own can be taken.
    """

    def __init__(self, source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> None:
        self._rows = [source.clients[client] for client in source.members() if not names.is_own(client)]
        self._least, self._group, self._t, self._f = source.others_least, source.group, t, f

    def total(self, name: str) -> str:
        """An amount of the whole group."""
        return self._f.money(decimal_of(self._group, name)) if self._is_told(_BEHIND.get(name)) else self._too_few()

    def worst(self) -> str:
        """The worst colour of the whole group."""
        return self._t.label("colour", self._group.get("worst_colour")) if self._is_told() else self._too_few()

    def cells(self) -> tuple[Cell, ...]:
        """Their row among the group's members: how many, and what they owe and hold together; none without any."""
        if not self._rows:
            return ()
        return (
            Cell(self._t("ecosystem.others", n=len(self._rows)), is_heading=True),
            *(Cell(self._t("none")) for _ in range(3)),
            self._sum("exposure_amt"),
            self._sum("deposits_amt"),
        )

    def _sum(self, name: str) -> Cell:
        if not self._is_told(name):
            return Cell(self._too_few())
        return Cell(self._f.money(sum(_known(self._rows, name), Decimal(0))), is_number=True)

    def _is_told(self, name: str | None = None) -> bool:
        behind = len(self._rows) if name is None else len(_known(self._rows, name))
        return not self._rows or behind >= self._least

    def _too_few(self) -> str:
        return self._t("ecosystem.too_few", n=self._least)


def _known(rows: list[Row], name: str) -> list[Decimal]:
    return [value for row in rows if (value := decimal_of(row, name)) is not None]
