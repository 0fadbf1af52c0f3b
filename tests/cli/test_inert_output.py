"""What the bank's data and other servers say comes out as text: on the terminal, in documents and in exports."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hand_bank import D
from sqlalchemy import insert
from terminal import Terminal

from nightdesk.desk.database import open_desk
from nightdesk.desk.tables import outbox
from nightdesk.reading.published import write_text
from nightdesk.render.inert import escaped

#: markup of the terminal library, an escape sequence, a line turned around, a beep, a deletion
HOSTILE = "450 [/x] [bold]no\x1b[31m\u202e\x07\x7f\U000e0041 end"
ACTING = "\x1b\u202e\x07\x7f\U000e0041"


def _acting(text: str) -> list[str]:
    return sorted({f"U+{ord(letter):04X}" for letter in text if letter in ACTING})


def _refused(terminal: Terminal, detail: str) -> None:
    """A list in the outbox that a server refused in these words."""
    with open_desk(terminal.settings()).begin() as connection:
        connection.execute(
            insert(outbox).values(
                message_id="<nightdesk.contract.B1@localhost>",
                profile="contract",
                business_date=D,
                branch_id="B1",
                kind="branch_list",
                revision=1,
                recipient="b1@bank.example",
                language="zh_CN",
                subject="subject",
                is_restated=False,
                is_backfill=False,
                status="refused",
                attempts=1,
                detail=detail,
            )
        )


def test_given_a_servers_reply_with_markup_and_controls_when_listed_then_it_is_shown_as_text(
    terminal: Terminal,
) -> None:
    _refused(terminal, HOSTILE)
    listed = terminal.run("outbox", "list", "--lang", "en")
    assert listed.exit_code == 0, listed.output
    assert "450 [/x] [bold]no[31m end" in listed.output
    assert _acting(listed.output) == []
    document = terminal.run("outbox", "list", "--json")
    assert _acting(document.output) == []
    assert json.loads(document.stdout)[0]["detail"] == HOSTILE, "a program reads it as it is"


@pytest.mark.parametrize("word", ["--date", "--known-at"])
def test_given_a_hostile_argument_when_refused_then_the_line_is_inert(terminal: Terminal, word: str) -> None:
    value = f"2026-03-31{HOSTILE}"
    words = ["night", "--date", value] if word == "--date" else ["night", "--date", str(D), word, value]
    said = terminal.run(*words, "--json")
    assert said.exit_code == 2
    assert _acting(said.output) == []
    assert "[/x]" in said.stderr


ROW = {
    "id": "=1+1",
    "note": HOSTILE,
    "phone": "+86 10",
    "link": " @SUM(A1)",
    "dash": "-2+3",
    "fall": Decimal("-12.50"),
    "count": -3,
    "nothing": None,
    "plain": "张三; a, b",
}


def test_given_hostile_cells_when_exported_as_csv_then_they_are_inert_and_otherwise_as_they_are() -> None:
    text = write_text([ROW], list(ROW), "csv", None) or ""
    (row,) = csv.DictReader(io.StringIO(text))
    assert _acting(text) == []
    assert (row["id"], row["phone"], row["fall"], row["count"], row["nothing"]) == (
        "=1+1",
        "+86 10",
        "-12.50",
        "-3",
        "",
    )
    assert row["plain"] == "张三; a, b"


def test_given_hostile_cells_when_exported_for_a_spreadsheet_then_no_text_is_a_formula() -> None:
    text = write_text([ROW], list(ROW), "spreadsheet", None) or ""
    assert text.startswith("\ufeff"), "so that a spreadsheet reads it as UTF-8"
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert [row[name] for name in ("id", "phone", "link", "dash")] == ["'=1+1", "'+86 10", "' @SUM(A1)", "'-2+3"]
    assert (row["fall"], row["count"], row["plain"]) == ("-12.50", "-3", "张三; a, b")
    assert _acting(text) == []


def test_given_hostile_cells_when_exported_as_json_then_they_are_escaped_and_read_back_exactly(tmp_path: Path) -> None:
    out = tmp_path / "a $HOME ${x} folder" / "rows.json"
    write_text([ROW], list(ROW), "json", out)
    assert _acting(out.read_text(encoding="utf-8")) == []
    assert json.loads(out.read_text(encoding="utf-8"))[0]["note"] == HOSTILE


def test_given_a_document_without_such_characters_when_escaped_then_not_a_byte_differs() -> None:
    document = json.dumps({"name": "张三 𠮷野家", "lines": "a\nb"}, ensure_ascii=False, indent=1)
    assert escaped(document) == document


def test_given_a_dollar_in_the_path_when_exported_in_every_format_then_the_file_is_there(
    terminal: Terminal, tmp_path: Path
) -> None:
    for form in ("csv", "spreadsheet", "json", "parquet"):
        out = tmp_path / "$HOME and ${x} $as_of" / f"task.{form}"
        done = terminal.run("export", "task", "--date", str(D), "--format", form, "--out", str(out))
        assert done.exit_code == 0, done.output
        assert out.stat().st_size > 0
