"""export, explain and status, as programs and people call them."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet
import pytest
from hand_bank import D, days_back
from terminal import Terminal

COLUMNS = {
    "client_tier": "business_date client_id branch_id tier qualified_tier score completeness months_below attention "
    "cause policy_version",
    "signal": "business_date client_id loan_id project_id indicator severity hard value threshold baseline unit "
    "first_seen change reason_zh reason_en",
    "warning": "business_date client_id branch_id colour score coverage floor_class",
    "task": "business_date branch_id owner_id client_id task_key kind rank priority due_on late_days "
    "reason_zh reason_en",
    "quarantine": "business_date table_name row_key rule severity",
    "night": "business_date profile status message revision cutoff_at backfill_reason backfill_by",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_an_export_says_the_same_in_every_format(two_published: Terminal, table: str, tmp_path: Path) -> None:
    text = two_published.run("export", table, "--date", str(D)).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert set(COLUMNS[table].split()) <= set(next(csv.reader(io.StringIO(text))))
    assert not text.startswith("\ufeff")
    document = json.loads(two_published.run("export", table, "--date", str(D), "--json").stdout)
    file = tmp_path / "new folder" / f"{table}.parquet"
    done = two_published.run("export", table, "--date", str(D), "--format", "parquet", "--out", str(file))
    assert done.exit_code == 0
    assert len(rows) == len(document) == pyarrow.parquet.read_table(file).num_rows
    for row, twin in zip(rows, document, strict=True):
        assert {name: value or None for name, value in row.items()} == {
            name: str(value).lower() if isinstance(value, bool) else None if value in (None, "") else str(value)
            for name, value in twin.items()
        }
    assert [path.name for path in file.parent.iterdir()] == [file.name], "no draft is left beside it"


def test_the_ledger_of_a_date_without_a_night_is_empty_and_keeps_its_columns(
    two_published: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "night.parquet"
    day = str(days_back(90))
    two_published.run("export", "night", "--date", day, "--format", "parquet", "--out", str(file))
    table = pyarrow.parquet.read_table(file)
    assert table.num_rows == 0
    assert {"status", "message", "backfill_reason"} <= set(table.column_names)


def test_a_place_that_cannot_be_written_is_one_line(two_published: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in (tmp_path, tmp_path / "file" / "below"):
        done = two_published.run("export", "task", "--date", str(D), "--out", str(out))
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert f"{out} cannot be written" in done.stderr


@pytest.mark.parametrize(("lang", "colour"), [("zh_CN", "红色"), ("en", "Red")])
def test_explain_puts_what_fired_first_and_cuts_nothing(two_published: Terminal, lang: str, colour: str) -> None:
    shown = two_published.run("explain", "C04", "--date", str(D), "--lang", lang).stdout
    lines = shown.splitlines()
    assert colour in lines[2]
    first = next(n for n, line in enumerate(lines) if line.startswith("  P01"))
    assert first < next(n for n, line in enumerate(lines) if line.startswith("  T02"))
    for fact in ("45 days", "30", "1/30/90", str(D), "instalment:L04|2026-02-14|principal"):
        assert fact in lines[first + 1]
    assert "…" not in lines[first + 1]


def test_explain_as_json_is_one_document_with_decimals_as_text(two_published: Terminal) -> None:
    found = json.loads(two_published.run("explain", "C04", "--date", str(D), "--json").stdout)
    late = next(row for row in found["indicators"] if row["indicator"] == "P01")
    assert (late["value"], late["threshold"], late["data_date"]) == ("45.0000", "30.0000", str(D))


def test_status_before_and_after_the_lists_are_out(terminal: Terminal) -> None:
    waiting = terminal.run("status", "--date", str(D), "--lang", "en")
    assert waiting.exit_code == 9
    assert "branch B1: not sent" in waiting.stdout
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert terminal.run("status", "--date", str(D)).exit_code == 0
    (terminal.home / "out" / str(D) / "branch" / "B2" / "list.html").unlink()
    found = terminal.run("status", "--date", str(D), "--json")
    assert found.exit_code == 9
    assert json.loads(found.stdout)["missing"] == [
        {"branch_id": "B2", "state": "not_rendered", "text": "the list of branch B2 is not rendered"}
    ]


def test_status_asks_about_this_morning_and_is_patient_until_the_deadline(two_published: Terminal) -> None:
    today = json.loads(two_published.run("status", "--json").stdout)
    assert today["revision"] is None
    assert [gap["state"] for gap in today["missing"]] == ["not_published"]
    assert two_published.run("status").exit_code == 9
    ahead = two_published.run("status", "--date", "2999-01-04", "--deadline", "07:30", "--lang", "en")
    assert ahead.exit_code == 0
    assert "07:30 has not passed" in ahead.stdout
    assert two_published.run("status", "--deadline", "25:00").exit_code == 2
