"""What tonight does not have hides what stood: its client is neither gone nor green, whatever table it is of."""

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

pytestmark = pytest.mark.long

EVE = days_back(1)


def rows(settings: Settings, table: str, client_id: str | None = None, day: datetime.date = D) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(export(settings, table, day, "csv", None) or ""))
    return [row for row in found if client_id in (None, row["client_id"])]


def colours(settings: Settings, day: datetime.date = D) -> dict[str, str]:
    return {row["client_id"]: row["colour"] for row in rows(settings, "warning", day=day)}


def row(bank: Bank, table: str, **key: str) -> dict[str, Any]:
    [found] = [line for line in bank[table] if key.items() <= line.items()]
    return found


def test_given_a_red_loan_whose_row_is_bad_tonight_then_its_client_is_not_green_and_nothing_cleared(
    eve: Settings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), eve
    row(bank, "loan", loan_id="L05")["product"] = None
    row(bank, "client", client_id="C04")["name"] = None
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "tonight.db"))
    assert colours(settings)["C05"] == "not_assessed"
    assert rows(settings, "cleared", "C05") == []
    assert "P01" in {line["indicator"] for line in rows(settings, "suspended", "C05")}
    # the last good row of C04 stands in: what is 45 days past due still is
    assert colours(settings)["C04"] == "red"
    [warning] = rows(settings, "warning", "C04")
    assert "quarantine:client" in warning["not_assessed"].split(",")


def test_given_a_payment_in_quarantine_then_it_is_missing_every_night_until_a_good_one_comes(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    paid = {
        "payment_id": "PX",
        "loan_id": "L07",
        "due_date": days_back(30),
        "kind": "principal",
        "paid_on": days_back(9),
    }
    bank["payment"].append({**paid, "amount": None})
    run_night(settings, days_back(2), source=write_sqlite(bank, tmp_path / "first.db"))
    bank["payment"].pop()  # the source gives it once
    run_night(settings, EVE, source=write_sqlite(bank, tmp_path / "second.db"))
    [held] = rows(settings, "withheld", day=EVE)
    assert (held["row_key"], held["client_id"], held["since"]) == ("PX", "C07", str(days_back(2)))
    assert colours(settings, EVE)["C07"] == "not_assessed"
    bank["payment"].append({**paid, "amount": 1.0, "known_at": f"{D} 12:00:00"})
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "third.db"))
    assert rows(settings, "withheld") == []
    assert colours(settings)["C07"] == "green"


def test_given_an_optional_cell_that_cannot_be_read_then_it_costs_the_cell_and_what_reads_it(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    row(bank, "client", client_id="C04")["closed_date"] = "0000-00-00"
    row(bank, "client", client_id="C01")["risk_appetite"] = "bold"  # read by no rule
    for loan in bank["loan"]:
        loan["accelerated_on"] = "0000-00-00" if loan["loan_id"] == "L07" else None
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    found = colours(settings)
    assert (found["C04"], found["C01"], found["C07"]) == ("red", "no_credit", "not_assessed")
    held = {
        (line["client_id"], line["table_name"], line["column_name"], line["reason"])
        for line in rows(settings, "withheld")
    }
    assert held == {
        ("C04", "client", "closed_date", "unreadable_cell"),
        ("C01", "client", "risk_appetite", "unreadable_cell"),
        ("C07", "loan", "accelerated_on", "unreadable_cell"),
    }
    twin = json.loads((settings.out / str(D) / "quality.json").read_text(encoding="utf-8"))
    said = {
        row["table_name"]: row
        for row in twin["expectations"]
        if row["rule"] == "cell_unreadable" and not row["success"]
    }
    assert (said["client"]["unexpected_count"], said["client"]["observed"]) == (1, "closed_date 1")
    assert "unreadable_cell:loan.accelerated_on" in rows(settings, "warning", "C07")[0]["not_assessed"].split(",")


def test_given_an_account_whose_balances_stop_while_others_come_then_its_client_is_named_and_not_assessed(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    bank["balance"] = [
        {"account_id": account["account_id"], "business_date": days_back(n), "eod_balance": 900_000.0}
        for account in bank["account"]
        for n in range(21)
        if account["account_id"] != "A07" or n > 7
    ]
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    [held] = rows(settings, "withheld")
    assert (held["client_id"], held["reason"], held["row_key"]) == ("C07", "stopped", f"A07|{days_back(8)}")
    [warning] = rows(settings, "warning", "C07")
    assert warning["colour"] == "not_assessed"
    assert {"T01", "T07", "stopped:balance"} <= set(warning["not_assessed"].split(","))
    assert not any("stopped" in row["not_assessed"] for row in rows(settings, "warning") if row["client_id"] != "C07")
    text = (settings.out / str(D) / "branch" / "B2" / "list.txt").read_text(encoding="utf-8")
    assert "came every day, and no more while others do" in text


@pytest.mark.parametrize("is_gone", [False, True])
def test_given_a_client_red_by_its_booked_class_alone_when_that_is_lost_then_it_is_neither_green_nor_better(
    fresh_settings: MakeSettings, tmp_path: Path, *, is_gone: bool
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    for loan in bank["loan"]:
        loan["asset_class"] = "substandard" if loan["loan_id"] == "L07" else "normal"
    run_night(settings, EVE, source=write_sqlite(bank, tmp_path / "before.db"))
    row(bank, "loan", loan_id="L07")["asset_class"] = "sub-standard"
    for loan in bank["loan"]:
        if is_gone:
            del loan["asset_class"]
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "tonight.db"))
    assert colours(settings, EVE)["C07"] == "red"
    [warning] = rows(settings, "warning", "C07")
    assert (warning["colour"], warning["change"], warning["previous_colour"]) == ("not_assessed", "same", "red")
    assert (warning["floor_class"], warning["floor_reason"]) == ("", "not_assessed")
    named = warning["not_assessed"].split(",")
    assert ("floor" in named, "unreadable_cell:loan.asset_class" in named) == (True, not is_gone)
    assert ("loan.asset_class" in warning["not_supplied"].split(",")) == is_gone
    assert colours(settings)["C08"] == ("not_assessed" if is_gone else "green")
    assert {colours(settings)[client] for client in ("C09", "C10")} == {"no_credit"}, "clients without a loan"
    text = (settings.out / str(D) / "branch" / "B2" / "list.txt").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if "C07 (missing" in line]
    assert "Five-class floor" in line
    assert "[Green] 客户07" not in text


def test_given_a_bank_that_never_books_a_class_then_the_floor_goes_by_days_past_due_and_names_what_it_lacks(
    eve: Settings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), eve
    assert not any("asset_class" in loan for loan in bank["loan"])
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    for client, colour, floor in (("C07", "green", "normal"), ("C05", "red", "substandard")):
        [warning] = rows(settings, "warning", client)
        assert (warning["colour"], warning["floor_class"]) == (colour, floor)
        assert "loan.asset_class" in warning["not_supplied"].split(",")
        assert "floor" not in warning["not_assessed"].split(",")


def test_given_an_incident_of_the_client_in_quarantine_then_the_pages_of_its_projects_say_so_and_not_none(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    plant = {"client_id": "C09", "branch_id": "B2", "name": "Plant", "stage": "operation"}
    bank["project"] = [{"project_id": project, **plant} for project in ("P1", "P2")]
    bank["project"].append({"project_id": "P3", **plant, "client_id": "C10"})
    incident = {"kind": "stop_order", "occurred_on": None, "published_on": days_back(3), "closed_on": None}
    incident |= {"amount": None, "source": "x"}
    bank["esg_incident"] = [
        {"incident_id": "I1", "project_id": None, "client_id": "C09", **incident},
        {"incident_id": "I2", "project_id": "P9", "client_id": "C10", **incident},
        {"incident_id": "I3", "project_id": None, "client_id": "C01", **incident, "occurred_on": days_back(9)},
    ]
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    reviews = {line["project_id"]: line for line in rows(settings, "project_review")}
    for project in ("P1", "P2", "P3"):
        found = reviews[project]
        assert (found["withheld_count"], found["withheld_tables"]) == ("1", "esg_incident"), project
        page = (settings.out / str(D) / "esg" / f"{project}.html").read_text(encoding="utf-8")
        assert "No incidents or penalties in the data supplied" not in page, project
        assert "1 row was not used and is not assessed." in page, project
