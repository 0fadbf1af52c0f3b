"""The published files of the PKDD'99 Czech bank: names, columns, row counts, and how they are read."""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nightdesk.errors import SourceError

_FETCH = "Fetch the file again and repeat the command; nothing was loaded."


@dataclass(frozen=True)
class RawTable:
    """One raw table: its name in the database, its columns as published, and the files it may come in.

    `files` maps a file name to the number of rows it was published with; the first name present is taken.
    """

    name: str
    columns: tuple[str, ...]
    files: dict[str, int]


#: every raw table, in the order it is loaded
RAW_TABLES = (
    RawTable("district", tuple(f"A{number}" for number in range(1, 17)), {"district.asc": 77}),
    RawTable("account", ("account_id", "district_id", "frequency", "date"), {"account.asc": 4_500}),
    RawTable("client", ("client_id", "birth_number", "district_id"), {"client.asc": 5_369}),
    RawTable("disp", ("disp_id", "client_id", "account_id", "type"), {"disp.asc": 5_369}),
    RawTable(
        "order",
        ("order_id", "account_id", "bank_to", "account_to", "amount", "k_symbol"),
        {"order.asc": 6_471},
    ),
    RawTable(
        "loan",
        ("loan_id", "account_id", "date", "amount", "duration", "payments", "status"),
        {"loan.asc": 682},
    ),
    RawTable("card", ("card_id", "disp_id", "type", "issued"), {"card.asc": 892}),
    RawTable(
        "trans",
        (
            "trans_id",
            "account_id",
            "date",
            "type",
            "operation",
            "amount",
            "balance",
            "k_symbol",
            "bank",
            "account",
        ),
        {"trans.asc": 1_056_320, "trans_prefix_19930101_19940331.asc": 49_102},
    ),
)


def file_of(folder: Path, table: RawTable) -> Path:
    """The file of `table` in `folder`.

    Raises SourceError naming the file that is missing.
    """
    if not folder.is_dir():
        raise SourceError(f"the folder {folder} does not exist", "Name the folder that holds the .asc files.")
    for name in table.files:
        if (folder / name).is_file():
            return folder / name
    raise SourceError(
        f"{folder} holds no {' or '.join(table.files)}", "Put the missing file there and repeat the command."
    )


def rows_of(path: Path, table: RawTable) -> Iterator[dict[str, str]]:
    """The rows of one file, every value the text between its separators, nothing trimmed or converted.

    Raises SourceError with the line when the header is another, a row has too few or too many fields, the
    text is not UTF-8, or the file ends inside a line.
    """
    _require_whole_last_line(path)
    line = 0
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, delimiter=";", strict=True)
            header = next(reader, [])
            if tuple(header) != table.columns:
                raise SourceError(f"{path.name} begins with the columns {header}, not {list(table.columns)}", _FETCH)
            for fields in reader:
                line = reader.line_num
                if len(fields) != len(table.columns):
                    raise SourceError(
                        f"{path.name}, line {line} has {len(fields)} fields instead of {len(table.columns)}",
                        _FETCH,
                    )
                yield dict(zip(table.columns, fields, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} cannot be read after line {line}: {error}", _FETCH) from None
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}", "Check the file's permissions.") from None


def checked_count(path: Path, table: RawTable, *, is_partial: bool = False) -> int:
    """The number of rows of the file, every one of them read.

    Raises SourceError when a row cannot be read or, unless `is_partial`, when there are fewer than were
    published: a file cut between two lines looks whole otherwise.
    """
    count = sum(1 for _ in rows_of(path, table))
    published = table.files[path.name]
    if count < published and not is_partial:
        raise SourceError(f"{path.name} is truncated: it has {count} rows and was published with {published}", _FETCH)
    return count


def _require_whole_last_line(path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            if file.tell() == 0:
                raise SourceError(f"{path.name} is empty", _FETCH)
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                raise SourceError(f"{path.name} is truncated: its last line does not end", _FETCH)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}", "Check the file's permissions.") from None
