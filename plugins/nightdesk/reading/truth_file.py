"""A truth file: which client had which event, and when. What is wrong with it is told by line, never by value."""

import csv
import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdesk.errors import UsageError

_REQUIRED = ("client_id", "event_date")
_NO_EVENT = ("", "none")
#: lines that an error names
_LINES_SHOWN = 5


@dataclass(frozen=True)
class Truth:
    """One line that names a client; `event_date` is None where nothing happened to it."""

    line: int
    client_id: str
    event_date: datetime.date | None
    first_visible_on: datetime.date | None


def read_truth(path: Path) -> list[Truth]:
    """The lines of a CSV file with the columns client_id and event_date, and perhaps event and first_visible_on; others
    are passed over.

    Raises UsageError that names the file, and the columns or lines that cannot be used.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            if missing := [name for name in _REQUIRED if name not in columns]:
                raise UsageError(
                    f"the truth file {path} has no column {', '.join(missing)}",
                    "It is CSV with a header: client_id, event_date (YYYY-MM-DD, empty: no event), and perhaps event.",
                )
            lines = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = type(error).__name__ if isinstance(error, UnicodeDecodeError) else error
        raise UsageError(f"the truth file {path} cannot be read: {said}", "Name a CSV file in UTF-8.") from None
    nameless = [line for line, row in lines if not _cell(row, "client_id")]
    if nameless:
        raise UsageError(f"the truth file {path} names no client in {_told(nameless)}", "Name one, or delete them.")
    return list(_parsed(path, lines))


def _parsed(path: Path, lines: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Truth]:
    dates: dict[tuple[int, str], datetime.date | None] = {}
    wrong: dict[int, None] = {}
    for line, row in lines:
        for name in ("event_date", "first_visible_on"):
            try:
                text = _cell(row, name)
                dates[line, name] = datetime.date.fromisoformat(text) if text else None
            except ValueError:
                wrong[line] = None
    if wrong:
        raise UsageError(f"the truth file {path} has what is no date in {_told(list(wrong))}", "Write YYYY-MM-DD.")
    for line, row in lines:
        has_event = "event" not in row or _cell(row, "event").lower() not in _NO_EVENT
        event_date = dates[line, "event_date"] if has_event else None
        yield Truth(line, _cell(row, "client_id"), event_date, dates[line, "first_visible_on"])


def _cell(row: Mapping[str, str], name: str) -> str:
    return (row.get(name) or "").strip()


def refuse_unknown(path: Path, truths: Sequence[Truth], known: Collection[str]) -> None:
    """Raise UsageError where lines name clients that no evaluated night knows."""
    if lines := [truth.line for truth in truths if truth.client_id not in known]:
        raise UsageError(
            f"the truth file {path} names clients that none of the nights knows: {_told(lines)}",
            "Correct or delete these lines, or name the nights and the profile that the file is about.",
        )


def _told(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:_LINES_SHOWN])
    more = ", …" if len(lines) > _LINES_SHOWN else ""
    return f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} ({shown}{more})"


def events_of(truths: Sequence[Truth]) -> list[dict[str, object]]:
    """The first event of each client that had one."""
    first: dict[str, Truth] = {}
    for truth in truths:
        if truth.event_date is not None:
            held = first.get(truth.client_id)
            if held is None or held.event_date is None or truth.event_date < held.event_date:
                first[truth.client_id] = truth
    return [
        {"client_id": one.client_id, "event_date": one.event_date, "first_visible_on": one.first_visible_on}
        for one in first.values()
    ]
