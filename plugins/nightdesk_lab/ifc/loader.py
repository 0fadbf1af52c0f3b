"""Puts IFC's file of disclosed projects into any SQLAlchemy database as it is: its column names, every value text."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from nightdesk.errors import SourceError
from nightdesk_lab.raw_rows import RawRows, write

_FILE, _TABLE = "ifc_investment_services_projects.csv", "ifc_project"
COLUMNS = (
    "Date Disclosed",
    "Project Name",
    "Document Type",
    "Project Number",
    "Project Url",
    "Product Line",
    "Company Name",
    "Country",
    "IFC Country Code",
    "Industry",
    "Environmental Category",
    "Department",
    "Status",
    "Projected Board Date",
    "IFC Approval Date",
    "IFC Signed Date",
    "IFC Invested Date",
    "IFC investment for Risk Management(Million - USD)",
    "IFC investment for Guarantee(Million - USD)",
    "IFC investment for Loan(Million - USD)",
    "IFC investment for Equity(Million - USD)",
    "Total IFC investment as approved by Board(Million - USD)",
    "WB Country Code",
    "As of Date",
)
#: how many rows were published as of 2025-12-04
_PUBLISHED = 6_777
_FETCH = "Fetch the file again and repeat the command; nothing was loaded."


def load(folder: Path, url: str, *, is_partial: bool = False) -> dict[str, int]:
    """Load the projects into the database at `url`; loading again replaces the rows.

    `is_partial` accepts fewer rows than were published. Returns the row count of the table.
    Raises SourceError, before anything is written, for a file that is missing, truncated or of another form, and as
    `write` does.
    """
    table = RawRows(_TABLE, COLUMNS, partial(_rows, folder / _FILE))
    count = sum(1 for _ in table.rows())
    if count < _PUBLISHED and not is_partial:
        raise SourceError(f"{_FILE} has {count} rows and was published with {_PUBLISHED}", _FETCH)
    write(url, [table])
    return {_TABLE: count}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if tuple(header) != COLUMNS:
                raise SourceError(f"{path.name} does not begin with the columns {list(COLUMNS)}", _FETCH)
            for fields in reader:
                line = reader.line_num
                if len(fields) != len(COLUMNS):
                    raise SourceError(f"{path.name}, line {line} has {len(fields)} fields, not {len(COLUMNS)}", _FETCH)
                yield dict(zip(COLUMNS, fields, strict=True))
    except (csv.Error, UnicodeDecodeError):
        raise SourceError(f"{path.name} cannot be read after line {line}", _FETCH) from None
    except OSError:
        raise SourceError(f"{path} is not there or cannot be read", f"Name the folder that holds {_FILE}.") from None
