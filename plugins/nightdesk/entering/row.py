"""The desk's door: a row that a person enters is read as a night's checks would read it, and refused where they would
hold it back.

What only a night can know (whether the row's parents are there, what the bank says of the same key) is left to it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.checks import CONTROLLED, typed_sql
from nightdesk.contract import Table, contract
from nightdesk.engine import Engine
from nightdesk.errors import Refused

#: tables whose raw rows the source's own totals are held against: the books are not kept at the desk
_BOOKS = (*CONTROLLED, "control_total")
_FAULTS = ("text_fault", "type_fault", "scale_fault", "cell_fault")
_LANDED = "landing.entered"


@dataclass(frozen=True)
class EnteredRow:
    """A row that may be entered: its table, its key as nights write it, and its cells, without the empty ones."""

    table: Table
    row_key: str
    cells: Mapping[str, str]


def read_row(name: str, cells: Mapping[str, str | None], zone: ZoneInfo) -> EnteredRow:
    """A row of a contract table from its cells, text as a source would give it; raises Refused where it would be held
    back, naming columns and never a cell.
    """
    table = contract().get(name)
    if table is None:
        raise _refused(name, "there is no such contract table", "Name a table of plugins/nightdesk/contract.yaml.")
    if name in _BOOKS:
        raise _refused(name, "its rows are the bank's books, held to the bank's totals", "Correct it at the bank.")
    if unknown := [column for column in cells if column not in table.columns]:
        raise _refused(name, f"there is no column {', '.join(unknown)}", f"Columns: {', '.join(table.columns)}.")
    given = {column: text.strip() for column, text in cells.items() if text is not None and text.strip()}
    if lacking := [column for column in table.required_columns if column not in given]:
        raise _refused(name, f"{', '.join(lacking)} is missing", "Give what the contract requires.")
    typed = _typed(table, given, zone)
    if faults := [str(typed[fault]) for fault in _FAULTS if typed[fault]]:
        wrong = ", ".join(dict.fromkeys(", ".join(faults).replace(",", ", ").split(", ")))
        raise _refused(
            name, f"{' '.join(wrong.split())} is not of its type", "Correct the cell as contract.yaml has it."
        )
    for column in table.columns.values():
        value = typed[column.name]
        if value is None:
            continue
        if column.values and value not in column.values:
            raise _refused(name, f"{column.name} is not on its list", f"Choose one of: {', '.join(column.values)}.")
        below = column.lowest is not None and value < column.lowest
        if below or (column.highest is not None and value > column.highest):
            raise _refused(name, f"{column.name} lies outside its range", "Correct the figure.")
    return EnteredRow(table, str(typed["row_key"]), given)


def _typed(table: Table, given: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """The one row as the check step types it."""
    with Engine() as engine:
        engine.insert(_LANDED, dict.fromkeys(given, "VARCHAR"), [given])
        # as of a day and a cut-off that nothing is later than: whether it is late is the nights' question
        far = datetime.datetime.max.replace(tzinfo=datetime.UTC) - datetime.timedelta(days=2)
        sql = typed_sql(table, _LANDED, given, business_date=far.date(), cutoff=far, zone=zone)
        return engine.rows(sql)[0]


def _refused(table: str, why: str, remedy: str) -> Refused:
    return Refused(f"the row of {table} was not entered: {why}", f"{remedy} Nothing was entered.")
