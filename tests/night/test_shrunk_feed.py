"""A feed that shrinks is not good news: red clients do not turn green, and no branch falls off the morning's lists."""

import csv
import datetime
import io
from copy import deepcopy
from pathlib import Path

import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings
from other_code import Code

from nightdesk.errors import DeadlineMissed, HeldNight
from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.reading.morning import look, require_lists_out
from nightdesk.render.catalogue import catalogue
from nightdesk.render.missing import table_words
from nightdesk.settings import Settings

pytestmark = pytest.mark.long

EVE = days_back(1)


def rows(settings: Settings, table: str, day: datetime.date = D) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(settings, table, day, "csv", None) or "")))


def without(bank: Bank, table: str, *loans: str) -> Bank:
    left = deepcopy(bank)
    left[table] = [row for row in left[table] if row["loan_id"] not in loans]
    return left


def test_given_credit_rows_that_vanish_then_the_night_is_held_or_their_client_is_not_assessed_and_nothing_cleared(
    eve: Settings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), eve
    everything = [loan["loan_id"] for loan in bank["loan"]]
    no_instalment = without(bank, "instalment", *everything)
    for shrunk, table in (
        (no_instalment, "instalment"),
        (without(no_instalment, "loan", *everything), "loan"),
        (without(bank, "loan", "L03", "L04", "L05"), "loan"),
    ):
        for name in ("loan", "instalment"):  # a feed without rows still has its columns
            shrunk[name] = shrunk[name] or [dict.fromkeys(bank[name][0])]
        with pytest.raises(HeldNight, match=rf"{table}: \d+ of \d+ rows of last night are gone without a") as held:
            run_night(settings, D, source=write_sqlite(shrunk, tmp_path / "shrunk.db"))
        assert held.value.exit_code == 4
    # the loan of C05, 91 days past due, is gone: with its instalments still there, and then with them
    for name, shrunk in (
        ("orphans", without(bank, "loan", "L05")),
        ("all", without(without(bank, "loan", "L05"), "instalment", "L05")),
    ):
        run_night(settings, D, source=write_sqlite(shrunk, tmp_path / f"{name}.db"))
        [warning] = [row for row in rows(settings, "warning") if row["client_id"] == "C05"]
        assert (warning["colour"], warning["previous_colour"]) == ("not_assessed", "red")
        assert "vanished:loan" in warning["not_assessed"].split(",")
        assert [row for row in rows(settings, "cleared") if row["client_id"] == "C05"] == []
        assert ("C05", "P01") in {(row["client_id"], row["indicator"]) for row in rows(settings, "suspended")}
    assert {row["colour"] for row in rows(settings, "warning") if row["client_id"] == "C07"} == {"green"}
    # it stays missing for as long as it is, and is what it was when it is back
    url = write_sqlite(shrunk, tmp_path / "all.db")
    for day in (days_back(-1), days_back(-3)):
        run_night(settings, day, source=url)
        assert {row["client_id"]: row["colour"] for row in rows(settings, "warning", day)}["C05"] == "not_assessed"
        assert "C05" not in {row["client_id"] for row in rows(settings, "cleared", day)}
        assert {row["since"] for row in rows(settings, "withheld", day)} == {str(D)}
    run_night(settings, days_back(-4), source=write_sqlite(bank, tmp_path / "back.db"))
    assert {row["client_id"]: row["colour"] for row in rows(settings, "warning", days_back(-4))}["C05"] == "red"
    [back] = [
        row for row in rows(settings, "signal", days_back(-4)) if (row["client_id"], row["indicator"]) == ("C05", "P01")
    ]
    # 90 days when it was last seen, and hard since
    assert (back["value"], back["first_seen"], back["change"]) == ("95.0000", str(EVE), "worse")
    assert rows(settings, "withheld", days_back(-4)) == []


def test_given_a_night_held_for_what_vanished_then_the_policy_row_that_it_asks_for_lets_it_run(
    eve: Settings, tmp_path: Path
) -> None:
    bank, settings, code = ten_clients(), eve, Code(tmp_path / "code")
    url = write_sqlite(without(bank, "loan", "L03", "L04", "L05"), tmp_path / "shrunk.db")
    with pytest.raises(HeldNight, match=r"loan: 3 of 6 rows .*\(50\.00%\).* give loan a vanished_max_pct"):
        run_night(settings, D, source=url)
    row = f"vanished_max_pct,loan,60,{D},{D},risk,three loans were sold\n"
    code.change("sql/policy/check.csv", "vanished_max_pct,", f"{row}vanished_max_pct,")
    code.night(settings, url)
    colours = {row["client_id"]: row["colour"] for row in rows(settings, "warning")}
    assert {colours[client] for client in ("C03", "C04", "C05")} == {"not_assessed"}
    assert rows(settings, "cleared") == []


def test_given_columns_and_a_table_that_are_gone_then_nobody_is_worse_or_better_for_it_and_page_one_names_them(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    del bank["payment"]
    for loan in bank["loan"]:
        loan |= {"asset_class": "normal", "known_at": f"{days_back(3)} 12:00:00"}
    bank["statement"] = [{"client_id": "C01", "period_end": "2025-12-31", "published_on": days_back(20)}]
    run_night(settings, EVE, source=write_sqlite(bank, tmp_path / "before.db"))
    fired = {(row["client_id"], row["indicator"]) for row in rows(settings, "signal", EVE) if row["indicator"] < "Q"}
    assert {client for client, indicator in fired if indicator == "P01"} == {"C03", "C04", "C05"}
    del bank["statement"]
    for loan in bank["loan"]:
        del loan["asset_class"], loan["known_at"]
    for instalment in bank["instalment"]:
        del instalment["paid_amt"]
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "tonight.db"), send=True)
    eve, found = ({row["client_id"]: row for row in rows(settings, "warning", day)} for day in (EVE, D))
    for client in ("C03", "C04", "C05"):  # a day that nobody has paid on is overdue, whatever was paid of it
        assert found[client]["colour"] == eve[client]["colour"]
    for client in ("C06", "C07", "C08"):
        assert found[client]["colour"] == "not_assessed"
        assert "instalment.paid_amt" in found[client]["not_supplied"].split(",")
    assert {found[client]["colour"] for client in ("C09", "C10")} == {"no_credit"}
    tonight = {(row["client_id"], row["indicator"]) for row in rows(settings, "signal") if row["indicator"] < "Q"}
    assert {pair for pair in tonight if pair[1] == "P01"} == {pair for pair in fired if pair[1] == "P01"}
    assert tonight <= fired
    assert [row for row in rows(settings, "cleared") if row["indicator"].startswith("P")] == []
    gone = {(row["table_name"], row["column_name"], row["reason"]) for row in rows(settings, "withheld")}
    assert {line for line in gone if line[2] != "vanished"} == {
        ("instalment", "paid_amt", "column_gone"),
        ("loan", "asset_class", "column_gone"),
        ("loan", "known_at", "column_gone"),
        ("statement", "", "table_gone"),
    }
    assert {line[0] for line in gone if line[2] == "vanished"} == {"statement"}
    text = (settings.out / str(D) / "branch" / "B2" / "list.txt").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if "Gone tonight" in line)
    parts = ("instalment.paid_amt", "loan.asset_class", "loan.known_at", "statement")
    assert [part for part in parts if table_words([part], catalogue("en")) not in line] == []


def test_given_a_branch_that_is_gone_and_a_client_that_is_there_twice_then_both_keep_their_list_and_are_named(
    eve: Settings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), eve
    bank["branch"] = [branch for branch in bank["branch"] if branch["branch_id"] == "B1"]
    twice = next(client for client in bank["client"] if client["client_id"] == "C05")
    bank["client"].append({**twice, "name": "another name"})
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "tonight.db"), send=True)
    held = {(row["table_name"], row["row_key"], row["reason"], row["branch_id"]) for row in rows(settings, "withheld")}
    assert held == {("branch", "B2", "vanished", "B2"), ("client", "C05", "quarantine", "B1")}
    assert {row["client_id"]: row["colour"] for row in rows(settings, "warning")}["C05"] == "red"
    lists = settings.out / str(D) / "branch"
    assert "C05" in (lists / "B1" / "list.txt").read_text(encoding="utf-8")
    assert (lists / "B2" / "list.txt").exists()
    morning = look(settings, D)
    assert (morning.lists, morning.sent, list(morning.missing)) == (2, 2, [])


def test_given_a_branch_that_is_bad_on_the_first_night_then_its_list_is_missed(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    bank["branch"].append({**bank["branch"][1], "name": "another name"})
    run_night(settings, D, source=write_sqlite(bank, tmp_path / "first.db"), send=True)
    held = {row["client_id"]: row["branch_id"] for row in rows(settings, "withheld") if row["table_name"] == "client"}
    assert held == {f"C{number:02d}": "B2" for number in range(7, 11)}
    with pytest.raises(DeadlineMissed, match="the list of branch B2 is not in registry"):
        require_lists_out(settings, D)
