"""The answers in a workbook as it was mailed, or in a CSV file: read within bounds, nothing of it run or followed."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from nightdesk.entering.answers import Answer
from nightdesk.errors import Refused
from nightdesk.render.catalogue import LANGUAGES, catalogue

LARGEST_FILE = 10_000_000
_LARGEST_UNPACKED, _MOST_PARTS = 100_000_000, 300
MOST_ROWS, _MOST_COLUMNS = 5_000, 100
_LONGEST_CELL = 2_000
#: columns of a file by the field of Answer that they fill, and the word of the catalogues that heads them
_COLUMNS = {
    "card_code": "code",
    "answer": "words",
    "answer_note": "note",
    "answered_by": "by",
    "task_key": "task_key",
}
_SHORT = {"feedback": "words", "反馈": "words", "note": "note", "备注": "note", "staff_id": "by"}
#: cells of one row, from 1 on
_Row = tuple[int, Sequence[str]]
#: stands for a cell that is a formula: it is no answer, and nobody works it out
FORMULA = "\x00formula"


def read_answers(content: bytes) -> list[Answer]:
    """What a file answers, row by row; rows without an answer and without a note are left out.

    Raises Refused for a file that is too large, is neither kind, or has no columns of a card's code and answer.
    """
    if len(content) > LARGEST_FILE:
        raise _refused("it is larger than 10 MB", "Send the workbook as it was mailed, without pictures.")
    sheets = _sheets(content) if content.startswith(b"PK") else iter([_csv_rows(content)])
    for rows in sheets:
        found = _answers(rows)
        if found is not None:
            return found
    raise _refused(
        "no sheet of it has columns of the card code and the answer",
        "Use the list's own workbook, or a CSV with the columns card_code, answer, note and by.",
    )


def _sheets(content: bytes) -> Iterator[Iterator[_Row]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise _refused("unpacked it is larger than any list", "Send the workbook as it was mailed.")
        # formulas stay text, and links to other files are left where they are
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Refused:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, SyntaxError) as error:
        raise _refused("it is no workbook that can be read", "Save it as .xlsx, or as CSV.") from error
    try:
        for sheet in book.worksheets:
            yield _sheet_rows(sheet)
    finally:
        book.close()


def _sheet_rows(sheet: object) -> Iterator[_Row]:
    rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS)  # type: ignore[attr-defined]
    for number, cells in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if getattr(cell, "data_type", "n") == "f":
        return FORMULA
    value = getattr(cell, "value", None)
    return "" if value is None else str(value)[:_LONGEST_CELL].strip()


def _csv_rows(content: bytes) -> Iterator[_Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            # what a spreadsheet would take for a formula is text here; its apostrophe of before is none of it
            yield number, [cell[:_LONGEST_CELL].strip() for cell in cells[:_MOST_COLUMNS]]
    except csv.Error as error:
        raise _refused("it is no CSV that can be read", "Save it as .xlsx, or as CSV.") from error


def _answers(rows: Iterable[_Row]) -> list[Answer] | None:
    """The answers of a sheet; None where it has not the columns."""
    places: dict[str, int] | None = None
    found = []
    for number, cells in rows:
        if places is None:
            places = _places(cells)
            if not {"code", "words"} <= places.keys():
                return None
            continue
        if number > MOST_ROWS + 1:
            raise _refused(f"it has more than {MOST_ROWS} rows", "Send the list's own workbook.")
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if said["words"] or said.get("note"):
            code = "".join(letter for letter in said["code"] if letter not in " -\u3000").upper()
            found.append(Answer(number=number, **{**said, "code": code}))
    return found if places is not None else None


def _places(head: Sequence[str]) -> dict[str, int]:
    words: dict[str, str] = {}
    for column, field in _COLUMNS.items():
        for said in (column, field, *(catalogue(one)(f"column.{column}") for one in LANGUAGES)):
            words[said.casefold()] = field
    places: dict[str, int] = {}
    for known in (words, _SHORT):  # a list's own heading goes before what people call it in a file of their own
        for place, heading in enumerate(head):
            headed = known.get(heading.casefold())
            if headed is not None and place not in places.values():
                places.setdefault(headed, place)
    return places


def _refused(what: str, remedy: str) -> Refused:
    return Refused(f"the file of answers was not taken: {what}", f"{remedy} Nothing was entered.")


def file_source(content: bytes) -> str:
    """The door of a file: the same file is the same one, whatever it is called."""
    return f"file {hashlib.sha256(content).hexdigest()[:24]}"
