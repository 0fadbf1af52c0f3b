"""Terms and tables as tests write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from nightdesk.financing.schedule.cycle import Cycle
from nightdesk.financing.schedule.day_count import DAY_COUNTS
from nightdesk.financing.schedule.table import Row, schedule
from nightdesk.financing.schedule.terms import Terms

_DATES = ("paid_out", "first_due", "maturity", "capitalise_to", "first_principal")
_EXTRAS = ("payment", "principal_rows", "cfads", "month_weights", "step_up_pct", "balloon")


def agreed(shape: str, principal: str, rate_pct: str, paid_out: str, first_due: str, **others: Any) -> Terms:
    """A contract: amounts and dates as text; `resets` and `draws` as {date: number}; rows as "1,2,3"."""
    given: dict[str, Any] = {"paid_out": paid_out, "first_due": first_due, **others}
    for name in _DATES:
        if given.get(name):
            given[name] = date.fromisoformat(given[name])
    for name in ("resets", "draws"):
        given[name] = tuple((date.fromisoformat(day), Decimal(value)) for day, value in given.get(name, {}).items())
    given["every"] = Cycle.read(given.get("every", "1M"), given.pop("month_end", False))
    given["day_count"] = DAY_COUNTS[given.get("day_count", "30E/360")]
    extras = {name: given.pop(name) for name in _EXTRAS if name in given}
    given["extras"] = {
        name: tuple(map(Decimal, text.split(","))) if "," in text else Decimal(text) for name, text in extras.items()
    }
    return Terms(principal=Decimal(principal), rate_pct=Decimal(rate_pct), shape=shape, **given)


def said(rows: list[Row]) -> str:
    """A table as text, a line per row: day, drawn, principal, interest, balance; 0 stays out of sight as a dash."""
    return "\n".join(
        " ".join([str(row.due_on), *(_amount(one) for one in (row.drawn, row.principal, row.interest, row.balance))])
        for row in rows
    )


def table(*words: str, **others: Any) -> str:
    """The table of a contract."""
    return said(schedule(agreed(*words, **others)))


def lines(text: str) -> str:
    """A table as a test writes it, indented."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def _amount(amount: Decimal) -> str:
    return format(amount, "f") if amount else "-"
