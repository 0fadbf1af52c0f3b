"""Puts the raw files of the 123 firms into any SQLAlchemy database as they are: raw names, every value text."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from nightdesk.errors import SourceError
from nightdesk_lab.raw_rows import RawRows, write

#: the firms' file, whose fields are divided by blanks, and the folder of a file of purchase invoices for each firm
_FIRMS, _INVOICES = "企业信息.csv", "invoices_in"
_FIRM_COLUMNS = ("企业代号", "企业名称", "信誉评级", "是否违约")
_INVOICE_COLUMNS = ("企业代号", "发票号码", "开票日期", "销方单位代号", "金额", "税额", "价税合计", "发票状态")
#: how many rows were published
_PUBLISHED = {"firm": 123, "invoice_in": 210_947}
_FETCH = "Fetch the files again and repeat the command; nothing was loaded."


def load(folder: Path, url: str, *, is_partial: bool = False) -> dict[str, int]:
    """Load the firms and their purchase invoices into the database at `url`; loading again replaces the rows.

    `is_partial` accepts fewer rows than were published. Returns the row count of each table.
    Raises SourceError, before anything is written, for a file that is missing, truncated or of another form, and as
    `write` does.
    """
    tables = [
        RawRows("firm", _FIRM_COLUMNS, partial(_firms, folder)),
        RawRows("invoice_in", _INVOICE_COLUMNS, partial(_invoices, folder)),
    ]
    counts = {table.name: sum(1 for _ in table.rows()) for table in tables}
    for name, count in counts.items():
        if count < _PUBLISHED[name] and not is_partial:
            raise SourceError(f"{name} has {count} rows and was published with {_PUBLISHED[name]}", _FETCH)
    write(url, tables)
    return counts


def _firms(folder: Path) -> Iterator[dict[str, str]]:
    """A name may have blanks in it: the code stands before it, grade and outcome behind."""
    lines = _text(folder / _FIRMS).splitlines()
    if not lines or tuple(lines[0].split()) != _FIRM_COLUMNS:
        raise SourceError(f"{_FIRMS} does not begin with the columns {list(_FIRM_COLUMNS)}", _FETCH)
    for number, line in enumerate(lines[1:], 2):
        code, _, rest = line.strip().partition(" ")
        name, *behind = rest.rsplit(" ", 2)
        if not code or len(behind) != 2:
            raise SourceError(f"{_FIRMS}, line {number} has not the {len(_FIRM_COLUMNS)} fields", _FETCH)
        yield dict(zip(_FIRM_COLUMNS, (code, name, *behind), strict=True))


def _invoices(folder: Path) -> Iterator[dict[str, str]]:
    files = sorted((folder / _INVOICES).glob("*.csv"))
    if not files:
        raise SourceError(f"{folder / _INVOICES} holds no invoices", "Name the folder that holds 企业信息.csv.")
    for path in files:
        rows = csv.reader(_text(path).splitlines(), strict=True)
        header = next(rows, [])
        if tuple(name.strip() for name in header) != _INVOICE_COLUMNS:
            raise SourceError(f"{path.name} begins with the columns {header}, not {list(_INVOICE_COLUMNS)}", _FETCH)
        for number, fields in enumerate(rows, 2):
            if len(fields) != len(_INVOICE_COLUMNS):
                raise SourceError(f"{path.name}, line {number} has {len(fields)} fields", _FETCH)
            yield dict(zip(_INVOICE_COLUMNS, fields, strict=True))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"{path} is not there or cannot be read as UTF-8", _FETCH) from None
