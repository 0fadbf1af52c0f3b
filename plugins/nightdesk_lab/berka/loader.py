"""Puts the raw Berka files into any SQLAlchemy database as they are: raw names, every value text."""

from functools import partial
from pathlib import Path

from nightdesk_lab.berka.raw_files import RAW_TABLES, checked_count, file_of, rows_of
from nightdesk_lab.raw_rows import RawRows, write


def load(folder: Path, url: str, *, is_partial: bool = False) -> dict[str, int]:
    """Load every raw file of `folder` into the database at `url`; loading again replaces the rows.

    Values stay the text of the file: an empty field is an empty string, codes and dates are not interpreted,
    and a heller cannot be lost to a float. `is_partial` accepts files with fewer rows than were published.

    Returns the row count of each table.
    Raises SourceError, before anything is written, for a missing or truncated file, and as `write` does.
    """
    files = [(table, file_of(folder, table)) for table in RAW_TABLES]
    counts = {table.name: checked_count(path, table, is_partial=is_partial) for table, path in files}
    write(url, [RawRows(table.name, table.columns, partial(rows_of, path, table)) for table, path in files])
    return counts
