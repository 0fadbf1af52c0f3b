"""One night with a bad row of every kind: whom it concerns is not green, and lists, pages and mails say so."""

import csv
import io
from copy import deepcopy
from typing import Any

import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings, publish_night, show_night

from nightdesk.night.mailing import send_lists
from nightdesk.reading.exporting import export
from nightdesk.reading.morning import look, require_lists_out
from nightdesk.settings import Settings

#: the table whose row of the client is bad tonight -> the client, and the indicator that had fired on it, if any
BAD = {
    "covenant_test": ("C01", "J16"),
    "permit": ("C09", "E04"),
    "esap_action": ("C10", "E03"),
    "project_progress": ("C11", "J12"),
    "forbearance": ("C13", None),
    "statement": ("C14", None),
    "external_event": ("C15", None),
    "txn": ("C16", None),
    "payment": ("C17", None),
}
#: cells that are read as missing: the column -> the client
CELLS = {"closed_date": "C02", "accelerated_on": "C18", "paid_amt": "C19"}
#: whose rows are all in order
CLEAN = {"C07", "C08", "C12", "C20"}


def clone(bank: Bank, model: str, number: int) -> None:
    """A client of the branch B1 with everything that the model has, under ids of its own."""
    for table in ("client", "account", "txn", "loan", "instalment", "payment"):
        for line in [line for line in bank[table] if any(f"{p}{model}" in str(line) for p in "CAL")]:
            copy = {
                name: _renamed(value, model, number) if isinstance(value, str) else value
                for name, value in line.items()
            }
            bank[table].append(copy | ({"branch_id": "B1", "rm_id": "S1"} if table == "client" else {}))


def _renamed(value: str, model: str, number: int) -> str:
    for prefix in "CALP":
        value = value.replace(f"{prefix}{model}", f"{prefix}{number}")
    return value


def papers(bank: Bank, number: str, branch: str) -> None:
    """A project of the client with all of its papers in order."""
    project = f"J{number}"
    rows: dict[str, dict[str, Any]] = {
        "project": {"client_id": f"C{number}", "branch_id": branch, "name": "Dam"},
        "project_progress": {"as_of_date": days_back(20), "physical_pct": 100, "drawn_amt": 100},
        "covenant_test": {"covenant_id": f"K{number}", "name": "DSCR", "metric": "dscr", "test_date": days_back(60)},
        "permit": {"permit_id": f"P{number}", "kind": "discharge", "expires_on": "2030-01-01"},
        "esap_action": {"action_id": f"E{number}", "due_on": days_back(9), "done_on": days_back(10)},
    }
    rows["project"] |= {"debt_commit_amt": 100, "stage": "construction"}
    rows["covenant_test"] |= {"actual": 1.5, "operator": ">=", "limit_value": 1.2, "status": "pass"}
    rows["covenant_test"] |= {"loan_id": None, "waived_until": None}
    rows["permit"] |= {"issued_on": "2020-01-01", "is_operating_critical": 1, "renewal_filed_on": None}
    rows["esap_action"] |= {"priority": "high"}
    for table, line in rows.items():
        bank.setdefault(table, []).append({"project_id": project, **line})


def add(bank: Bank, table: str, project: str, **changed: Any) -> None:
    """Another row like that of the project, with these cells changed."""
    bank[table].append({**one(bank, table, project_id=project), **changed})


def one(bank: Bank, table: str, **key: Any) -> dict[str, Any]:
    [found] = [line for line in bank[table] if key.items() <= line.items()]
    return found


def before() -> Bank:
    """The bank of the eve: what is bad tomorrow has fired today, where an indicator reads it."""
    bank = ten_clients()
    for number, model in ((11, "01"), (12, "01"), (13, "07"), (14, "07"), (15, "07"), (16, "07"), (17, "07")):
        clone(bank, model, number)
    for number, model in ((18, "07"), (19, "07"), (20, "07")):
        clone(bank, model, number)
    for number, branch in (("01", "B1"), ("09", "B2"), ("10", "B2"), ("11", "B1"), ("12", "B1")):
        papers(bank, number, branch)
    for client in bank["client"]:
        client |= {"closed_date": None, "is_spv": 0}
    for loan in bank["loan"]:
        loan["accelerated_on"] = None
    # beside each of these stands an older or another row that is in order: it must not be read as recovery
    add(bank, "covenant_test", "J01", test_date=days_back(30), actual=0.8, status="breach")
    add(bank, "permit", "J09", permit_id="P09b", expires_on=days_back(5))
    add(bank, "esap_action", "J10", action_id="E10b", due_on=days_back(100), done_on=None)
    add(bank, "project_progress", "J11", as_of_date=days_back(10), physical_pct=10)
    bank["forbearance"] = [{"loan_id": "L13", "granted_on": "2024-02-01", "probation_until": "2024-08-01"}]
    bank["statement"] = [{"client_id": "C14", "period_end": "2025-12-31", "published_on": "2026-03-01"}]
    bank["external_event"] = [{"event_id": "V0", "client_id": "C15", "kind": "lawsuit", "published_on": days_back(9)}]
    return bank


def tonight(bank: Bank) -> Bank:
    """The same bank with a fault in a row of each kind."""
    bank = deepcopy(bank)
    one(bank, "covenant_test", project_id="J01", test_date=days_back(30))["name"] = None
    one(bank, "permit", permit_id="P09b")["kind"] = None
    one(bank, "esap_action", action_id="E10b")["due_on"] = "2025-02-30"
    one(bank, "project_progress", project_id="J11", as_of_date=days_back(10))["as_of_date"] = "today"
    bank["forbearance"][0]["granted_on"] = "2026-02-30"
    bank["statement"][0]["published_on"] = "soon"
    bank["external_event"].append(
        {**bank["external_event"][0], "event_id": "V1", "published_on": D, "client_id": "C15"}
    )
    bank["external_event"][-1]["kind"] = None
    spoiled = next(line for line in bank["txn"] if line["account_id"] == "A16")
    bank["txn"].append({**spoiled, "txn_id": "TX", "booked_on": D, "amount": None})
    paid = next(line for line in bank["payment"] if line["loan_id"] == "L17")
    bank["payment"].append({**paid, "payment_id": "PX", "paid_on": D, "amount": None})
    one(bank, "client", client_id="C02")["closed_date"] = "0000-00-00"
    one(bank, "loan", loan_id="L18")["accelerated_on"] = "0000-00-00"
    next(line for line in bank["instalment"] if line["loan_id"] == "L19" and line["paid_on"])["paid_amt"] = "much"
    # the registry: a branch and a client twice, one without a name, one with a bad date, and a new one without a name
    bank["branch"].append({**one(bank, "branch", branch_id="B2"), "name": "another name"})
    bank["client"].append({**one(bank, "client", client_id="C04"), "name": "another name"})
    one(bank, "client", client_id="C05")["name"] = None
    one(bank, "client", client_id="C03")["onboard_date"] = "2020-02-30"
    bank["client"].append({**one(bank, "client", client_id="C20"), "client_id": "C31", "name": None})
    return bank


@pytest.fixture(scope="module")
def held_back(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings, folder, bank = fresh_settings(), tmp_path_factory.mktemp("banks"), before()
    publish_night(settings, days_back(1), write_sqlite(bank, folder / "eve.db"))
    done = show_night(settings, D, write_sqlite(tonight(bank), folder / "tonight.db"), "lists", "esg")
    send_lists(settings, done.publication)
    return settings


def rows(settings: Settings, table: str, day: Any = D, of: str | None = None) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(export(settings, table, day, "csv", None) or ""))
    return [line for line in found if of in (None, line["client_id"])]


def by_client(settings: Settings, table: str, day: Any = D) -> dict[str, dict[str, str]]:
    return {line["client_id"]: line for line in rows(settings, table, day)}


def text(settings: Settings, branch: str) -> str:
    return (settings.out / str(D) / "branch" / branch / "list.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", BAD)
def test_given_a_bad_row_of_a_table_then_its_client_is_not_green_and_what_stood_on_it_stays(
    held_back: Settings, table: str
) -> None:
    client, indicator = BAD[table]
    warning = by_client(held_back, "warning")[client]
    assert (warning["colour"], f"quarantine:{table}" in warning["not_assessed"].split(",")) == ("not_assessed", True)
    assert client not in by_client(held_back, "cleared")
    if indicator:
        assert (client, indicator) in {
            (s["client_id"], s["indicator"]) for s in rows(held_back, "signal", days_back(1))
        }
        assert (client, indicator) in {(s["client_id"], s["indicator"]) for s in rows(held_back, "suspended")}
        assert indicator in warning["not_assessed"].split(",")
    branch = "B2" if client in ("C09", "C10") else "B1"
    held = {(line["table_name"], line["reason"], line["branch_id"]) for line in rows(held_back, "withheld", of=client)}
    # a date that is part of the key and cannot be read is another row, and the one that it was is gone
    gone = {(table, "vanished", branch)} if table == "project_progress" else set()
    assert held == {(table, "quarantine", branch)} | gone
    assert client in text(held_back, branch)


def test_given_rows_in_order_beside_them_then_their_clients_are_as_they_were(held_back: Settings) -> None:
    eve, found = (by_client(held_back, "warning", day) for day in (days_back(1), D))
    assert {client: found[client]["colour"] for client in CLEAN} == dict.fromkeys(CLEAN, "green")
    assert {client for client, line in eve.items() if line["colour"] == "green"} >= CLEAN


def test_given_a_bad_row_of_a_project_then_its_page_says_so_and_is_not_green(held_back: Settings) -> None:
    review = {line["project_id"]: line for line in rows(held_back, "project_review")}
    for table, project in zip(list(BAD)[:4], ("J01", "J09", "J10", "J11"), strict=True):
        assert review[project]["withheld_tables"] == table
        page = (held_back.out / str(D) / "esg" / f"{project}.html").read_text(encoding="utf-8")
        assert "verdict v-not_assessed" in page
        assert "未通过校验" in page or "failed a check" in page
    assert review["J12"]["withheld_count"] == "0"


@pytest.mark.parametrize("column", CELLS)
def test_given_a_cell_that_cannot_be_read_then_it_costs_the_cell_and_what_reads_it(
    held_back: Settings, column: str
) -> None:
    client = CELLS[column]
    [held] = rows(held_back, "withheld", of=client)
    assert (held["column_name"], held["reason"]) == (column, "unreadable_cell")
    eve, found = (by_client(held_back, "warning", day)[client] for day in (days_back(1), D))
    kept = {"closed_date": eve["colour"]}  # what fires without it still does
    assert found["colour"] == kept.get(column, "not_assessed")
    assert f"unreadable_cell:{held['table_name']}.{column}" in found["not_assessed"].split(",")


def test_given_registry_rows_that_are_bad_then_lists_are_made_and_mailed_and_name_whom_they_concern(
    held_back: Settings,
) -> None:
    found = by_client(held_back, "warning")
    assert [found[client]["colour"] for client in ("C03", "C04", "C05")] == [
        by_client(held_back, "warning", days_back(1))[client]["colour"] for client in ("C03", "C04", "C05")
    ]
    held = {line["row_key"] for line in rows(held_back, "withheld") if line["table_name"] in ("client", "branch")}
    assert held == {"B2", "C02", "C03", "C04", "C05", "C31"}
    for client in ("C03", "C04", "C05", "C31"):
        assert client in text(held_back, "B1")
    assert "C09" in text(held_back, "B2")
    morning = look(held_back, D)
    assert (morning.lists, morning.sent, list(morning.missing)) == (2, 2, [])
    require_lists_out(held_back, D)
