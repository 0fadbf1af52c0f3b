"""A whole night on ten clients made by hand: every figure here was worked out on paper."""

import csv
import datetime
import email
import hashlib
import io
import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import CopySettings, MakeSettings, TwoNights, publish_night

from nightdesk.errors import HeldNight, Refused, SourceError, UsageError
from nightdesk.night.whole import run_night
from nightdesk.reading.explaining import explain
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings


def rows(settings: Settings, table: str, day: datetime.date = D) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(settings, table, day, "csv", None) or "")))


def file_hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_colours_are_those_of_the_arrears_and_the_lost_inflow(two_nights: TwoNights) -> None:
    found = {row["client_id"]: row["colour"] for row in rows(two_nights.settings, "warning")}
    assert found == {
        **dict.fromkeys(("C07", "C08"), "green"),
        **dict.fromkeys(
            ("C01", "C02", "C09", "C10"), "no_credit"
        ),  # C02's inflow fell, and no money of the bank is at risk
        "C06": "not_assessed",  # a line that is drawn, and nobody says what of it was due
        "C03": "orange",  # 12 days past due
        "C04": "red",  # 45 days
        "C05": "red",  # 91 days
    }


def test_a_signal_carries_its_figures(two_nights: TwoNights) -> None:
    signals = {(row["client_id"], row["indicator"]): row for row in rows(two_nights.settings, "signal")}
    late = signals["C05", "P01"]
    assert (late["value"], late["severity"], late["hard"], late["loan_id"]) == ("91.0000", "red", "true", "L05")
    lost = signals["C02", "T02"]
    # three credits of 150,000 in 90 days, against twelve of 500,000 in the 365 days before
    fall = 100 * (1 - (Decimal(450_000) / 90) / (Decimal(6_000_000) / 365))
    assert Decimal(lost["value"]) == fall.quantize(Decimal("0.0001"))
    arrears = {(client, "P01") for client in ("C03", "C04", "C05")}
    assert set(signals) == {("C02", "T02"), ("C02", "T03"), ("C06", "Q04"), *arrears}


def test_the_second_night_knows_what_the_first_said(two_nights: TwoNights) -> None:
    signals = rows(two_nights.settings, "signal")
    assert {row["first_seen"] for row in signals} == {str(days_back(1))}
    assert {(row["client_id"], row["change"]) for row in signals if row["indicator"] == "P01"} == {
        ("C03", "same"),
        ("C04", "same"),
        ("C05", "worse"),  # from 90 to 91 days: hard
    }


def test_what_is_due_and_not_covered_is_a_task_of_its_branch(two_nights: TwoNights) -> None:
    tasks = {(row["kind"], row["client_id"]): row for row in rows(two_nights.settings, "task")}
    cover = tasks["instalment_cover", "C07"]
    assert (cover["branch_id"], cover["owner_id"]) == ("B2", "S2")
    assert "5,000,000" in cover["reason_en"]
    assert ("maturity", "C08") in tasks
    assert not [key for key in tasks if key[0] == "contact"], "contacts are not supplied, so nobody is told to make one"


def test_keys_of_tasks_come_back_the_next_night(two_nights: TwoNights) -> None:
    before = {row["task_key"] for row in rows(two_nights.settings, "task", days_back(1)) if row["kind"] == "warning"}
    after = {row["task_key"] for row in rows(two_nights.settings, "task") if row["kind"] == "warning"}
    assert before == after


def test_a_list_holds_its_own_branch_only_and_the_language_is_the_branchs(two_nights: TwoNights) -> None:
    folder = two_nights.settings.out / str(D) / "branch"
    first, second = ((folder / branch / "list.txt").read_text(encoding="utf-8") for branch in ("B1", "B2"))
    assert "C04" in first
    assert "C07" not in first
    assert "C07" in second
    assert "C04" not in second
    assert "今日必办" in first
    assert "Must do today" in second


def test_each_list_was_mailed_once(two_nights: TwoNights) -> None:
    mails = [email.message_from_bytes(path.read_bytes()) for path in (two_nights.settings.home / "mail").glob("*.eml")]
    assert sorted(mail["To"] for mail in mails) == ["b1@bank.example", "b2@bank.example"]
    kinds = [part.get_content_type() for part in mails[0].walk()]
    assert {"text/plain", "text/html"} <= set(kinds)
    assert any("spreadsheet" in kind for kind in kinds)


def test_every_row_that_came_in_is_accounted_for(two_nights: TwoNights) -> None:
    twin = json.loads((two_nights.settings.out / str(D) / "quality.json").read_text(encoding="utf-8"))
    supplied = [row for row in twin["tables"] if row["supplied"]]
    assert {row["table_name"] for row in supplied} == set(ten_clients())
    assert all(row["rows_in"] == row["used"] + row["quarantined"] + row["late"] for row in supplied)


def test_explain_shows_inputs_thresholds_and_row_keys(two_nights: TwoNights) -> None:
    found = explain(two_nights.settings, "C04", D)
    late = next(row for row in found["indicators"] if row["indicator"] == "P01")
    assert (late["value"], late["threshold"], late["data_date"]) == (Decimal(45), Decimal(30), D)
    assert found["warning"]["colour"] == "red"
    assert "L04|2026-02-14|principal" in found["source_rows"]["instalment"]
    with pytest.raises(UsageError, match="knows no active client 'C99'"):
        explain(two_nights.settings, "C99", D)


def test_a_rerun_keeps_revision_and_bytes(two_nights: TwoNights, copy_of: CopySettings) -> None:
    settings = copy_of(two_nights.settings)
    before = file_hashes(settings.out / str(D))
    again = run_night(settings, D, source=two_nights.source)
    assert (again.is_new, again.publication.revision) == (False, 1)
    assert again.publication.content_hash == two_nights.second.publication.content_hash
    assert file_hashes(settings.out / str(D)) == before


def test_an_earlier_night_is_refused_with_the_command_that_replays(two_nights: TwoNights) -> None:
    with pytest.raises(Refused, match=f"nightdesk backfill --from {days_back(1)} --to {D}"):
        run_night(two_nights.settings, days_back(1), source=two_nights.source)


def test_a_cut_off_that_has_not_passed_is_refused(fresh_settings: MakeSettings, tmp_path: Path) -> None:
    source = write_sqlite(ten_clients(), tmp_path / "bank.db")
    with pytest.raises(Refused, match="has not passed"):
        run_night(fresh_settings(), datetime.date(2999, 1, 4), source=source)


def test_a_missing_required_table_is_named_and_nothing_is_published(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank = ten_clients()
    del bank["instalment"]
    settings = fresh_settings()
    with pytest.raises(SourceError, match="required table 'instalment' is missing"):
        run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    with pytest.raises(UsageError, match="no published night"):
        export(settings, "task", D, "csv", None)
    assert [row["status"] for row in rows(settings, "night")] == ["failed"]


def test_every_required_table_that_is_missing_or_empty_is_named_before_anything_is_read(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank = ten_clients()
    del bank["instalment"]
    path = tmp_path / "bank.db"
    source = write_sqlite(bank, path)
    with sqlite3.connect(path) as connection:
        connection.execute("delete from account")
        connection.execute("delete from branch")
    settings = fresh_settings()
    with pytest.raises(SourceError) as said:
        run_night(settings, D, source=source)
    assert str(said.value).startswith(
        "the required table 'instalment' is missing and the required tables 'branch', 'account' are empty in sqlite:///"
    )
    assert "\n" not in str(said.value)
    assert [row["status"] for row in rows(settings, "night")] == ["failed"]
    assert not (settings.home / "lake" / "landing").exists()


def test_a_bank_that_lends_nothing_has_its_night(fresh_settings: MakeSettings, tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    source = write_sqlite(ten_clients(), path)
    with sqlite3.connect(path) as connection:
        connection.execute("delete from loan")
        connection.execute("delete from instalment")
    settings = fresh_settings()
    publish_night(settings, D, source)
    assert not {row["floor_class"] for row in rows(settings, "warning")} - {""}


def test_a_later_night_may_bring_no_transactions(eve: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    settings, source = eve, write_sqlite(ten_clients(), path)
    with sqlite3.connect(path) as connection:
        connection.execute("delete from txn")
    publish_night(settings, D, source)
    found = {row["client_id"]: row["colour"] for row in rows(settings, "warning")}
    assert (found["C02"], found["C07"], found["C04"]) == ("no_credit", "green", "red")


def test_a_broken_control_total_holds_the_night(fresh_settings: MakeSettings, tmp_path: Path) -> None:
    bank = ten_clients()
    bank["control_total"] = [{"table_name": "loan", "business_date": D, "row_count": 6, "amount_sum": 1.0}]
    settings = fresh_settings()
    with pytest.raises(HeldNight, match="loan"):
        run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    assert [row["status"] for row in rows(settings, "night")] == ["held"]
    assert (settings.out / f"{D}.held" / "quality.html").exists(), "beside what is shown, of which there is nothing yet"
    assert not (settings.out / str(D)).exists()


def test_rows_known_after_the_cut_off_change_nothing(two_nights: TwoNights, eve: Settings, tmp_path: Path) -> None:
    bank = ten_clients()
    after = "2026-04-01 05:00:01"  # the cut-off is 05:00 bank time
    bank["txn"].append({**bank["txn"][0], "txn_id": "T-late", "booked_on": D, "amount": 9e6, "known_at": after})
    bank["payment"].append(
        {
            "payment_id": "P-late",
            "loan_id": "L05",
            "due_date": days_back(91),
            "kind": "principal",
            "paid_on": D,
            "amount": 10_000.0,
            "known_at": after,
        }
    )
    publish_night(eve, D, write_sqlite(bank, tmp_path / "bank.db"))
    for table in ("client_tier", "signal", "warning", "task"):
        assert export(eve, table, D, "csv", None) == export(two_nights.settings, table, D, "csv", None)
