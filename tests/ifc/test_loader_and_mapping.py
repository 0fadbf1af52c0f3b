"""IFC's list from its file to contract tables, on SQLite and PostgreSQL alike."""

import datetime
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from ifc_files import NAME
from typer.testing import CliRunner

from nightdesk.contract import contract
from nightdesk.errors import SourceError
from nightdesk.source import Selection, open_source
from nightdesk_lab.ifc import load
from nightdesk_lab.ifc.loader import COLUMNS

ZONE = ZoneInfo("America/New_York")


def mapped(url: str, name: str) -> list[dict[str, str | None]]:
    source, table = (
        open_source(url, "ifc", ZONE, frozenset({"account", "txn", "loan", "instalment"})),
        contract()[name],
    )
    with source.moment() as bank:
        columns = bank.columns(table)
        assert columns is not None
        selection = Selection(until=datetime.date(2025, 12, 31))
        rows = bank.stream(table, columns, selection).read_all().to_pylist()
    source.engine.dispose()
    return sorted(rows, key=str)


def test_given_the_list_then_each_project_has_its_category_stage_dates_and_what_was_approved_to_the_cent(
    small_list: str,
) -> None:
    found = {(r["project_id"], r["name"]): r for r in mapped(small_list, "project")}
    told = {
        key: (r["ep_category"], r["stage"], r["country"], r["approved_on"], r["approved_amt"])
        for key, r in found.items()
    }
    assert told == {
        ("101", "Wind One"): ("A", "construction", "VN", "2020-03-31", "150050000"),
        ("102", "Wind Two"): ("B", "operation", "VN", None, "1000000"),
        ("99", "Old Wind"): ("C", "operation", None, "2001-12-31", None),
        ("103", "Bank"): ("FI", "operation", "KE", "2016-02-29", "7500000"),
        ("104", "Nobody"): ("Other", "construction", "TD", "2016-02-29", "10000"),
        ("200", "Twice"): ("A", "operation", "GN", "2017-12-14", "150000000"),
        ("200", "Twice Again"): ("A", "construction", "GN", "2017-12-14", "150000000"),
    }
    assert {r["known_at"] for r in found.values()} == {"2025-12-04 23:59:59"}  # the list is one day's


def test_given_one_company_written_in_several_ways_then_it_is_one_client_called_by_its_lowest_number(
    small_list: str,
) -> None:
    owners = {r["project_id"]: r["client_id"] for r in mapped(small_list, "project")}
    assert owners == {"101": "C99", "102": "C99", "99": "C99", "103": "C103", "104": "C104", "200": "C200"}
    names = {r["client_id"]: r["name"] for r in mapped(small_list, "client")}
    assert names == {"C99": "Alpha power", "C103": "Beta", "C104": "Not disclosed (project 104)", "C200": "Gamma"}


def test_given_a_department_in_two_spellings_then_it_is_one_branch_and_the_project_keeps_what_the_source_wrote(
    small_list: str,
) -> None:
    assert {r["branch_id"] for r in mapped(small_list, "branch")} == {"Infra & Nature", "Asia"}
    found = {r["project_id"]: (r["branch_id"], r["department"]) for r in mapped(small_list, "project")}
    assert found["101"] == ("Infra & Nature", "Infra &amp; Nature")
    assert found["102"] == ("Infra & Nature", "Infra & Nature")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Project Number,Project Name\n", "does not begin with the columns"),
        (",".join(COLUMNS) + "\n1,2\n", "line 2 has 2 fields"),
        (",".join(COLUMNS) + '\n"1', "cannot be read after line 1"),
    ],
)
def test_given_a_harmed_file_then_it_is_named_and_nothing_is_loaded(
    small_folder: Path, tmp_path: Path, text: str, said: str
) -> None:
    (small_folder / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        load(small_folder, f"sqlite:///{tmp_path / 'none.db'}", is_partial=True)
    assert not (tmp_path / "none.db").exists()


def test_given_no_file_then_the_folder_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there or cannot be read"):
        load(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", is_partial=True)


def test_given_fewer_rows_than_were_published_then_they_are_refused_unless_that_is_meant(
    small_folder: Path, tmp_path: Path
) -> None:
    from nightdesk.cli import app

    command = ["load-ifc", str(small_folder), "--url", f"sqlite:///{tmp_path / 'raw.db'}", "--json"]
    assert CliRunner().invoke(app, command).exit_code != 0
    taken = CliRunner().invoke(app, [*command, "--partial"])
    assert json.loads(taken.stdout)["tables"] == {"ifc_project": 7}


def test_given_the_published_list_then_every_row_is_a_project_and_the_two_numbers_that_stand_twice_are_those_known(
    published_list: str,
) -> None:
    rows = mapped(published_list, "project")
    numbers = [r["project_id"] for r in rows]
    assert len(rows) == 6777
    assert {number for number in numbers if numbers.count(number) > 1} == {"31866", "24374"}
    assert {r["ep_category"] for r in rows} == {"A", "B", "C", "FI", "Other"}
