"""Care after the loan and around visits in one night: only what is due has a page, and a report is filed or refused."""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from icalendar import Calendar
from on_paper import lacking_beside
from openpyxl import load_workbook
from pypdf import PdfReader
from raw_codes import raw_codes
from typer.testing import CliRunner

from nightdesk.cli import app
from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.entries import known
from nightdesk.entering.check_report import Form, file_report, form_text, read_form, similarity
from nightdesk.errors import Refused, UsageError
from nightdesk.night.whole import run_night
from nightdesk.reading.briefing import brief_of, opened
from nightdesk.reading.drafting import drafts
from nightdesk.reading.exporting import export
from nightdesk.reading.gating import Draw, gate
from nightdesk.render.brief import brief_page
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.client_page import render_client_page
from nightdesk.settings import Settings

MakeSettings = Callable[[], Settings]
SAID = "The works go on as planned; receipts cover interest and nobody has left the firm since spring."
ANOTHER = "Orders fell by a third after the main buyer closed a plant: repayment now rests on the guarantor."


def ahead(days: int) -> datetime.date:
    return D + datetime.timedelta(days=days)


def care_bank() -> Bank:
    """Seven borrowers: two were checked lately, the others long ago; C10 builds a project and is about to draw."""
    bank = ten_clients()
    for client in bank["client"]:
        client["marketing_consent"] = 1 if client["client_id"] == "C03" else 0
    bank["staff"] += [{"staff_id": "H2", "branch_id": "B2", "name": "Head Two", "role": "branch_head"}]
    bank["staff"] += [{"staff_id": who, "branch_id": "B2", "name": who, "role": "esg"} for who in ("E1", "E2")]
    known = f"{days_back(20)} 03:00:00"
    bank["esg_review"] = [
        {"project_id": "PR1", "period_end": days_back(90), "verdict": "pass", "judgement": "fine", "prepared_by": "E1"}
        | {"prepared_at": known, "known_at": known}
    ]
    bank["decision"] = [
        {"decision_id": "DPR1", "subject": "esg_review", "subject_key": f"PR1:{days_back(90)}", "verdict": "approve"}
        | {"decided_by": "E2", "decided_at": f"{days_back(19)} 03:00:00", "known_at": f"{days_back(19)} 03:00:00"}
    ]
    contact: dict[str, Any] = {"staff_id": "S1", "channel": "meeting", "two_way": 1, "outcome": "done"}
    made = {"C03": 85, "C04": 5, "C05": 85, "C06": 5, "C07": 85, "C08": 5}
    bank["contact"] = [
        contact
        | {
            "contact_id": f"K{client}",
            "client_id": client,
            "kind": "post_loan",
            "occurred_at": f"{days_back(ago)} 10:00:00",
        }
        for client, ago in made.items()
    ]
    bank["check_report"] = [
        {
            "report_id": "R1", "loan_id": "L03", "kind": "site_check", "checked_on": days_back(85), "prepared_by": "S1",
            "checker_id": "H1", "conclusion": "sound", "judgement": SAID, "facts": '{"outstanding_amt": "3100000"}',
        }
    ]  # fmt: skip
    bank["check_point"] = [
        {
            "point_id": "P1",
            "loan_id": "L03",
            "report_id": "R1",
            "text": "tax receipts",
            "owner_id": "S1",
            "due_on": days_back(30),
        },
        {"point_id": "P2", "loan_id": "L03", "report_id": "R1", "text": "the roof", "answered_on": days_back(40)},
    ]
    bank["need"] = [
        {"need_id": "N1", "client_id": "C03", "raised_on": days_back(20), "kind": "equipment", "amount": 500000.0}
    ]
    bank["promise"] = [
        {
            "promise_id": "W1",
            "client_id": "C03",
            "staff_id": "S1",
            "text": "an answer",
            "made_on": days_back(30),
            "due_on": days_back(3),
            "kept_on": None,
        }
    ]
    _builds(bank)
    _goes_wrong(bank)
    return bank


def _goes_wrong(bank: Bank) -> None:
    """What a source gets wrong, each once; S2 is on leave, with the head of that branch as deputy; three are core."""
    bank["override"] = [
        {
            "override_id": f"O{client}", "client_id": client, "tier": "core", "reason_code": "GROUP",
            "requested_by": "S1", "approved_by": "H1", "valid_from": days_back(100), "valid_to": ahead(90),
        }
        for client in ("C02", "C04", "C07")
    ]  # fmt: skip
    bank["staff"] += [
        {"staff_id": "S9", "branch_id": "B1", "name": "赵退", "role": "rm", "active_to": days_back(5)},
    ]
    for client in bank["client"]:
        if client["client_id"] == "C01":
            client["rm_id"] = "S9"
    bank["absence"] = [{"staff_id": "S2", "from_on": days_back(1), "to_on": ahead(10), "deputy_id": "H2"}]
    team = {"client_id": "C02", "role": "rm", "valid_from": "2025-01-01"}
    bank["client_team"] = [team | {"staff_id": "S1"}, team | {"staff_id": "H1"}]
    bank["contact"] += [
        {
            "contact_id": "KAHEAD", "client_id": "C01", "staff_id": "S1", "kind": "fixed", "channel": "meeting",
            "two_way": 1, "occurred_at": f"{D} 10:00:00", "logged_at": f"{days_back(5)} 10:00:00",
        },
        {
            "contact_id": "KSALON1", "client_id": "C02", "staff_id": "H1", "kind": "salon", "channel": "meeting",
            "occurred_at": f"{days_back(9)} 15:00:00",
        },
        {
            "contact_id": "KSALON2", "client_id": "C04", "staff_id": "H1", "kind": "salon", "channel": "meeting",
            "occurred_at": f"{days_back(9)} 15:00:00",
        },
    ]  # fmt: skip
    bank["promise"].append({"promise_id": "W2", "client_id": "C01", "staff_id": "S1", "text": "a call", "due_on": None})
    bank["disbursement"].append({"disbursement_id": "DNEG", "loan_id": "L08", "drawn_on": days_back(3), "amount": -5.0})
    bank["loan"].append(
        {
            "loan_id": "L09", "client_id": "C09", "product": "fixed_asset", "limit_amt": 1e6, "outstanding_amt": 0.0,
            "is_revolving": 0, "start_date": "2024-01-01", "maturity_date": "2027-01-01", "status": "closed",
        }
    )  # fmt: skip
    bank["draw_request"] += [
        {"request_id": "DRCLOSED", "loan_id": "L09", "amount": 1e5, "wanted_on": ahead(5), "payee_id": "K8"},
        {"request_id": "DRNEG", "loan_id": "L08", "amount": -1e5, "wanted_on": ahead(5), "payee_id": "K8"},
    ]


def _builds(bank: Bank) -> None:
    """A project that keeps every condition of its draws."""
    bank["project"] = [
        {
            "project_id": "PR1", "client_id": "C10", "branch_id": "B2", "name": "Dam", "stage": "construction",
            "budget_amt": 1e8, "equity_commit_amt": 3e7, "debt_commit_amt": 7e7, "approved_on": "2024-01-01",
            "cod_contract": ahead(400), "cod_forecast": ahead(400),
        }
    ]  # fmt: skip
    bank["project_progress"] = [
        {
            "project_id": "PR1", "as_of_date": days_back(10), "physical_pct": 50, "planned_value": 5e7,
            "earned_value": 5e7, "actual_cost": 5e7, "total_debt_amt": 3.5e7, "drawn_amt": 3.5e7,
            "equity_paid_amt": 2.1e7,
            "change_order_amt": 0, "contingency_used_amt": 0,
        }
    ]  # fmt: skip
    bank["permit"] = [
        {
            "permit_id": "PM1",
            "project_id": "PR1",
            "kind": "construction_permit",
            "issued_on": "2024-01-01",
            "expires_on": ahead(900),
        }
    ]
    bank["insurance"] = [{"insurance_id": "I1", "project_id": "PR1", "kind": "car", "expires_on": ahead(300)}]
    bank["covenant_test"] = [
        {
            "covenant_id": "V1", "project_id": "PR1", "name": "gearing", "metric": "gearing", "level": "default",
            "test_date": days_back(20), "actual": 0.6, "operator": "<=", "limit_value": 0.75, "status": "pass",
        }
    ]  # fmt: skip
    bank["esap_action"] = [
        {
            "action_id": "A1",
            "project_id": "PR1",
            "standard": "PS1",
            "priority": "high",
            "due_on": days_back(9),
            "done_on": days_back(12),
        }
    ]
    bank["esg_incident"] = [
        {
            "incident_id": "E1",
            "project_id": "PR1",
            "kind": "stop_order",
            "occurred_on": days_back(300),
            "closed_on": days_back(250),
        }
    ]
    bank["loan"].append(
        {
            "loan_id": "L10", "client_id": "C10", "project_id": "PR1", "product": "project_finance", "limit_amt": 7e7,
            "outstanding_amt": 3.5e7, "is_revolving": 0, "start_date": "2024-06-01", "maturity_date": "2036-06-01",
            "repay_account_id": "A10", "available_until": ahead(200), "status": "active",
        }
    )  # fmt: skip
    for paid, due in ((1, days_back(30)), (0, ahead(60))):
        bank["instalment"].append(
            {
                "loan_id": "L10", "due_date": due, "kind": "interest", "due_amt": 1000.0, "paid_amt": 1000.0 * paid,
                "paid_on": due if paid else None,
            }
        )  # fmt: skip
    bank["payment"].append(
        {
            "payment_id": "P10",
            "loan_id": "L10",
            "due_date": days_back(30),
            "kind": "interest",
            "paid_on": days_back(30),
            "amount": 1000.0,
        }
    )
    bank["disbursement"] = [
        {
            "disbursement_id": f"D{n}",
            "loan_id": "L10",
            "drawn_on": days_back(ago),
            "amount": amount,
            "payee_id": f"K{n}",
            "stated_purpose": "works",
        }
        for n, ago, amount in ((1, 200, 2.5e7), (2, 12, 1e7))
    ]
    bank["draw_request"] = [
        {
            "request_id": "DR1",
            "loan_id": "L10",
            "amount": 1e6,
            "wanted_on": ahead(4),
            "payee_id": "K7",
            "purpose": "works",
        }
    ]


@pytest.fixture(scope="module")
def night(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = fresh_settings()
    source = write_sqlite(care_bank(), tmp_path_factory.mktemp("bank") / "bank.db")
    run_night(settings, D, source=source)
    return settings


def rows(settings: Settings, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, D, "csv", None)))))


def shown(settings: Settings, pattern: str) -> set[str]:
    folder = settings.out / str(D)
    return {str(path.relative_to(folder)) for path in folder.glob(pattern)}


def test_given_a_night_when_pages_are_made_then_only_what_is_due_has_one(night: Settings) -> None:
    checks = rows(night, "post_loan_check")
    near = {
        (row["client_id"], row["loan_id"])
        for row in checks
        if row["kind"] in ("first_check", "desk_check", "site_check", "key_check")
        and (row["state"] == "overdue" or (row["state"] == "open" and row["due_on"] <= str(ahead(8))))
    }
    assert shown(night, "client/*/check_*.html") == {f"client/{client}/check_{loan}.html" for client, loan in near}
    assert {"C03", "C05", "C07"} <= {client for client, _ in near}
    assert not {"C06", "C08"} & {client for client, _ in near}, "checked five days ago"
    visits = {row["client_id"] for row in rows(night, "visit_proposal") if row["visit_on"] <= str(ahead(6))}
    assert visits
    assert shown(night, "client/*/brief.html") == {f"client/{client}/brief.html" for client in visits}
    assert shown(night, "client/*/brief.pdf") == {f"client/{client}/brief.pdf" for client in visits}
    gates = {"client/C10/gate_DR1.pdf", "client/C09/gate_DRCLOSED.pdf"}
    assert shown(night, "client/*/gate_*.pdf") == gates
    assert shown(night, "person/*/handover.html") == {"person/H2/handover.html"}
    assert shown(night, "branch/*/contact_plan.html") == {f"branch/{name}/contact_plan.html" for name in ("B1", "B2")}


def test_given_each_printed_page_of_a_night_then_every_heading_stands_there_and_no_letter_is_missing(
    night: Settings,
) -> None:
    printed = sorted((night.out / str(D)).rglob("*.pdf"))
    kinds = {path.stem.split("_")[0] for path in printed}
    assert {"brief", "gate", "digest", "handover", "portfolio"} <= kinds
    lost = {str(path): found for path in printed if (found := lacking_beside(path.with_suffix(".html")))}
    assert lost == {}


def quarantined(settings: Settings) -> set[tuple[str, str, str]]:
    return {(row["table_name"], row["row_key"], row["rule"]) for row in rows(settings, "quarantine")}


def test_given_what_a_source_gets_wrong_then_each_has_a_line_a_quarantined_row_or_is_stopped_with_its_rule(
    night: Settings,
) -> None:
    held = {(table, key) for table, key, _ in quarantined(night)}
    wrong = {
        ("contact", "KAHEAD"),
        ("promise", "W2"),
        ("disbursement", "DNEG"),
        ("draw_request", "DRNEG"),
    }
    assert wrong <= held
    assert "KAHEAD" not in {row["slot"] for row in rows(night, "contact_plan")}
    gate_of_closed = {row["item"]: row["verdict"] for row in rows(night, "draw_gate") if row["loan_id"] == "L09"}
    assert gate_of_closed["loan"] == "fail"
    issues = {row["client_id"]: row["issue"] for row in rows(night, "client_owner") if row["issue"]}
    assert issues == {"C01": "owner_left", "C02": "several_managers"}
    page = (night.out / str(D) / "branch" / "B1" / "contact_plan.html").read_text(encoding="utf-8")
    assert "原管户经理已离职，由所列人员接管" in page
    assert "团队表中同时有两名管户经理" in page
    quality = (night.out / str(D) / "quality.html").read_text(encoding="utf-8")
    for name in ("contact", "promise", "disbursement", "draw_request"):
        assert name in quality


def test_given_a_contact_plan_then_fixed_and_special_stand_side_by_side_and_its_figures_are_those_of_the_exports(
    night: Settings,
) -> None:
    plan = [row for row in rows(night, "contact_plan") if row["branch_id"] == "B1"]
    page = night.out / str(D) / "branch" / "B1" / "contact_plan.html"
    html = page.read_text(encoding="utf-8")
    assert 0 < html.index("2：固定联系与拜访") < html.index("N：专项沟通（按事件）")
    book = load_workbook(page.with_suffix(".xlsx"))
    told = {name: [list(row) for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames}
    open_ = [row for row in plan if row["state"] == "open"]
    assert len(told["未完成联系"]) - 1 == len(open_) > 0
    clients = told["客户"]
    touch = clients[0].index("下次联系日")
    days = [row[touch].date() for row in clients[1:] if row[touch] is not None]
    assert days == sorted(days), "one sortable date a client"
    assert {str(day) for day in days} == {row["next_touch_on"] for row in plan if row["next_touch_on"]}
    coverage = [row for row in rows(night, "contact_coverage") if row["branch_id"] == "B1"]
    fixed = sum(int(row["asked_count"]) for row in coverage if row["kind"] != "special")
    special = sum(int(row["asked_count"]) for row in coverage if row["event"] == "all")
    asked = told["2固定联系"][0].index("应做")
    assert sum(row[asked] for row in told["2固定联系"][1:]) == fixed > 0
    assert [row[asked] for row in told["N专项沟通"][1:2]] == [special]
    salon = told["集体活动"][1:]
    assert [(row[0].date(), row[1], row[2]) for row in salon] == [(days_back(9), "王行长 H1", 2)]


@pytest.mark.parametrize(("branch", "language"), [("B1", "zh_CN"), ("B2", "en")])
def test_given_a_contact_plan_then_each_of_its_totals_is_the_number_of_rows_behind_it(
    night: Settings, branch: str, language: Language
) -> None:
    t = catalogue(language)
    book = load_workbook(night.out / str(D) / "branch" / branch / "contact_plan.xlsx")

    def table(name: str) -> list[dict[str, Any]]:
        head, *rows_of = book[t(f"book_sheet.{name}")].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows_of if set(row[1:]) != {None}]

    def of(row: dict[str, Any], column: str) -> Any:
        return row[t(f"book_column.{column}")]

    def figures(rows_of: list[dict[str, Any]], running: list[dict[str, Any]]) -> dict[str, int]:
        states = [of(row, "state") for row in rows_of]
        counts = {f"{one}_count": states.count(t(f"contact_state.{one}")) for one in ("done", "done_late", "missed")}
        assert sum(counts.values()) == len(states)
        late = sum(of(row, "late_days") is not None for row in running)
        return counts | {
            "open_count": len(running),
            "overdue_count": late,
            "asked_count": len(states) + len(running),
        }

    closed, open_ = table("contact_closed"), table("contact_open")
    everything = t("contact_event.all")
    counted = [("kind", row) for row in table("contact_fixed")] + [
        ("event", row) for row in table("contact_special") if of(row, "event") != everything
    ]
    assert counted
    for key, row in counted:
        same = [[one for one in part if of(one, key) == of(row, key)] for part in (closed, open_)]
        expected = figures(same[0], same[1])
        assert {name: of(row, name) for name in expected} == expected, of(row, key)
    special = t("owed_contact.special")
    for part in ("fixed", "special"):
        same = [[one for one in of_ if (of(one, "kind") == special) == (part == "special")] for of_ in (closed, open_)]
        expected = figures(same[0], same[1])
        expected["done_count"] += expected.pop("done_late_count")
        assert expected.pop("asked_count") == sum(len(part_of) for part_of in same)
        people = {name: sum(of(row, f"{part}_{name}") for row in table("contact_person")) for name in expected}
        assert people == expected
        shown = ("done_count", "open_count", "missed_count")
        clients = {name: sum(of(row, f"{part}_{name}") or 0 for row in table("contact_client")) for name in shown}
        assert clients == {name: expected[name] for name in shown}
    # by whom each is asked of, and by whose client each is: what is another's is said in the remarks
    counts = [
        f"{part}_{name}" for part in ("fixed", "special") for name in ("done_count", "open_count", "missed_count")
    ]
    persons = {of(row, "staff"): sum(of(row, name) for name in counts) for row in table("contact_person")}
    by_client: Counter[str] = Counter()
    also = re.compile(r"其中(\d+)项由(.+?)承办|(\d+) of these asked of (.+)$")
    for row in table("contact_client"):
        found = also.search(of(row, "remark") or "")
        elsewhere, other = (int(found[1] or found[3]), found[2] or found[4]) if found else (0, "")
        by_client[of(row, "staff")] += sum(of(row, name) or 0 for name in counts) - elsewhere
        by_client[other] += elsewhere
    assert +by_client == {staff: n for staff, n in persons.items() if n}


def test_given_warnings_then_a_client_is_asked_for_one_contact_about_them_if_its_colour_asks_for_one(
    night: Settings,
) -> None:
    asked = [row["client_id"] for row in rows(night, "contact_plan") if row["event"] == "warning"]
    coloured = {row["client_id"] for row in rows(night, "warning") if row["colour"] in ("red", "orange", "amber")}
    told = [
        row["client_id"]
        for row in rows(night, "task")
        if row["kind"] == "warning" and row["client_id"] in coloured and row["severity"] != "blue"
    ]
    assert sorted(asked) == sorted(set(told))
    assert len(told) >= len(asked) > 0


def test_given_hand_overs_then_the_plan_of_the_branch_and_the_packs_name_the_same_clients(night: Settings) -> None:
    named: set[str] = set()
    for branch, language in (("B1", "zh_CN"), ("B2", "en")):
        t = catalogue(language)  # type: ignore[arg-type]
        book = load_workbook(night.out / str(D) / "branch" / branch / "contact_plan.xlsx")
        head, *told = book[t("book_sheet.contact_owner")].iter_rows(values_only=True)
        client, *moved = (head.index(t(f"book_column.{name}")) for name in ("client", "handed_on", "acting"))
        named |= {str(row[client]).split()[-1] for row in told if any(row[one] is not None for one in moved)}
    packs = {
        found
        for path in (night.out / str(D)).glob("person/*/handover.html")
        for found in re.findall(r"\bC\d\d\b", path.read_text(encoding="utf-8"))
    }
    assert named == packs != set()


def test_given_a_manager_on_leave_then_the_deputy_has_a_pack_of_each_client_and_nobody_else_has_one(
    night: Settings,
) -> None:
    html = (night.out / str(D) / "person" / "H2" / "handover.html").read_text(encoding="utf-8")
    owed = {row["client_id"] for row in rows(night, "client_owner") if row["deputy_id"] == "H2"} & {
        row["client_id"] for row in rows(night, "client_tier") if row["tier"] != "standard"
    }
    assert owed
    for client in sorted(owed):
        assert client in html
    assert "Li Si S2" in html
    assert str(ahead(10)) in html
    assert "C03" not in html, "another branch's"


def test_given_a_night_then_no_page_or_list_in_chinese_shows_a_code_of_the_data(night: Settings) -> None:
    pages = [
        path
        for path in (night.out / str(D)).rglob("*")
        if path.suffix in (".html", ".txt") and not path.name.startswith("quality")
    ]
    chinese = {path: text for path in pages if (text := path.read_text(encoding="utf-8")).count("，") > 5}
    assert {"list.html", "brief.html", "digest.html"} <= {path.name for path in chinese}
    assert any("check_" in path.name for path in chinese)
    # an open point is told as it was written
    found = {str(path): codes for path, text in chinese.items() if (codes := raw_codes(text) - {"tax"})}
    assert found == {}


def test_given_a_draw_that_keeps_every_condition_when_asked_then_it_passes_every_check(night: Settings) -> None:
    announced = {row["item"]: row["verdict"] for row in rows(night, "draw_gate") if row["request_id"] == "DR1"}
    assert set(announced.values()) == {"pass"}, announced
    _, asked = gate(night, Draw("L10", Decimal("10000000"), ahead(3), "K7"))
    assert {row["item"]: row["verdict"] for row in asked if row["verdict"] != "pass"} == {}
    assert len(asked) == 16, "every item of policy draw_gate applies to a project with an entrusted payment"
    words = ["gate", "L10", "--amount", "10,000,000", "--on", str(ahead(3)), "--payee", "K7"]
    where = {"NIGHTDESK_HOME": str(night.home), "NIGHTDESK_DESK_URL": night.desk_url}
    assert CliRunner().invoke(app, words, env=where).exit_code == 0
    assert CliRunner().invoke(app, [*words[:3], "900,000,000,000", *words[4:]], env=where).exit_code == 5
    unnamed = CliRunner().invoke(app, words[:-2], env=where | {"COLUMNS": "400"})
    assert unnamed.exit_code == 5
    assert "未指明收款人（--payee）" in unnamed.output
    assert "--payee" not in CliRunner().invoke(app, words, env=where | {"COLUMNS": "400"}).output


def test_given_no_folder_then_a_brief_and_a_draft_lie_below_the_home_and_a_draft_is_of_people_that_are_known(
    night: Settings,
) -> None:
    where = {"NIGHTDESK_HOME": str(night.home), "NIGHTDESK_DESK_URL": night.desk_url}
    made = CliRunner().invoke(app, ["brief", "C03", "--date", str(D)], env=where)
    assert made.exit_code == 0, made.output
    page = night.home / "brief" / str(D) / f"brief_C03_{D}.html"
    assert page.exists()
    assert page.with_suffix(".pdf").exists()
    words = ["check", "draft", "L03", "--by", "S1", "--checker", "H1"]
    made = CliRunner().invoke(app, words, env=where)
    assert made.exit_code == 0, made.output
    form = night.home / "checks" / f"check_L03_{D}.yaml"
    assert form.exists()
    assert CliRunner().invoke(app, words, env=where).exit_code == 0, "what nobody wrote into is drafted anew"
    written = form.read_text(encoding="utf-8").replace("judgement: ''", "judgement: what a person saw")
    form.write_text(written, encoding="utf-8")
    again = CliRunner().invoke(app, [*words[:6], "S2"], env=where)
    assert again.exit_code == 2, again.output
    assert form.read_text(encoding="utf-8") == written
    form.unlink()
    for at in (4, 6):
        unknown = CliRunner().invoke(app, [*words[:at], "NOBODY", *words[at + 1 :]], env=where)
        assert unknown.exit_code == 2, unknown.output
        assert not form.exists()


def test_given_a_brief_when_made_by_command_then_it_is_one_sheet_and_says_nothing_of_what_is_for_risk_alone(
    night: Settings,
) -> None:
    with opened(night, D, None) as published:
        source = brief_of(published, "C03")
        risk = [row["indicator"] for row in published.table("signal", "where audience = 'risk_only'")]
        with pytest.raises(UsageError, match="knows no active client 'C99'"):
            brief_of(published, "C99")
    html = render_client_page(brief_page(source))
    assert [code for code in risk if code in html] == []
    assert "应于 2026-03-28 前兑现，尚未兑现" in html
    assert "先答复尚未兑现的承诺" in html
    pdf = next((night.out / str(D)).glob("client/*/brief.pdf"))
    assert len(PdfReader(pdf).pages) == 1


def test_given_persons_with_visits_when_calendars_are_made_then_each_event_has_its_uid_and_no_one_is_busy(
    night: Settings,
) -> None:
    (path,) = (night.out / str(D)).glob("person/S1/calendar.ics")
    made = Calendar.from_ical(path.read_bytes())
    events = made.walk("VEVENT")
    visits = {row["visit_id"] for row in rows(night, "visit_proposal") if row["owner_id"] == "S1"}
    uids = [str(event["uid"]) for event in events]
    assert {f"visit-{visit}@nightdesk" for visit in visits} <= set(uids)
    assert len(uids) == len(set(uids))
    assert {str(event["transp"]) for event in events} == {"TRANSPARENT"}


@pytest.fixture
def completed(night: Settings, tmp_path: Path) -> Callable[..., Form]:
    """The form of L03's draft, completed; changed as a test says."""
    with opened(night, D, None) as published:
        text = form_text(drafts(published, open_desk(night), ["L03"])["L03"](), "S1", "H1")

    def complete(**changed: Any) -> Form:
        form = yaml.safe_load(text)
        form |= {"checked_on": str(D), "conclusion": "watch", "judgement": ANOTHER}
        form["points"] = [{**point, "answer": "received"} for point in form["points"]]
        form |= changed
        path = tmp_path / "form.yaml"
        path.write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
        return read_form(path)

    return complete


def filed(settings: Settings, form: Form, by: str = "S1") -> Any:
    with opened(settings, D, None) as published:
        return file_report(settings, published, open_desk(settings), form, by)


@pytest.mark.parametrize(
    ("changed", "by", "said"),
    [
        ({"judgement": SAID}, "S1", "100% alike that of report R1"),
        ({"judgement": SAID.upper().replace(";", " -")}, "S1", "100% alike"),
        ({"judgement": "All fine."}, "S1", "judgement is too short. Write at least 20"),
        ({"points": [{"point_id": "P1", "answer": ""}]}, "S1", "the open point P1 has no answer"),
        ({"points": []}, "S1", "the open point P1 has no answer"),
        ({}, "H1", "H1 is the checker of this draft and cannot sign it"),
        ({}, "S2", "S2 did not draft it"),
        ({"conclusion": ""}, "S1", "it has no conclusion"),
        ({"facts": {"outstanding_amt": "1"}}, "S1", "its facts are not those that were drafted"),
        ({"checked_on": "2099-01-01"}, "S1", "2099-01-01 lies ahead"),
        ({"checked_on": str(days_back(90))}, "S1", "report R1 is newer"),
        ({"needs": [{"kind": "castle"}]}, "S1", "kind is not on its list"),
    ],
)
def test_given_a_report_that_may_not_stand_then_it_is_refused_in_a_line_and_nothing_is_entered(
    night: Settings, completed: Callable[..., Form], changed: dict[str, Any], by: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        filed(night, completed(**changed), by)
    assert known(open_desk(night), "contract", datetime.datetime.max.replace(tzinfo=datetime.UTC)) == {}


def test_given_a_good_report_when_filed_then_it_is_kept_with_its_hash_answers_points_and_needs_and_counts_at_once(
    night: Settings, completed: Callable[..., Form]
) -> None:
    form = completed(
        new_points=[{"text": "the buyer's letter", "owner_id": "S1", "due_on": str(ahead(30))}],
        needs=[{"kind": "working_capital", "amount": "2000000.00"}],
    )
    kept = filed(night, form)
    entered = known(open_desk(night), "contract", datetime.datetime.max.replace(tzinfo=datetime.UTC))
    assert {name: len(found) for name, found in entered.items()} == {"check_report": 1, "check_point": 2, "need": 1}
    assert entered["check_report"][0].row["report_hash"] == kept.report_hash
    assert entered["need"][0].row["client_id"] == "C03"
    answered = next(one.row for one in entered["check_point"] if one.row_key == "P1")
    assert (answered["answer"], answered["answered_in"]) == ("received", kept.report_id)
    with open_desk(night).connect() as connection:
        acts = [row.act for row in audit.rows(connection)]
        audit.verify(connection)
    assert sorted(acts)[-4:] == ["entered", "filed", "noted", "noted"]
    with opened(night, D, None) as published:
        again = drafts(published, open_desk(night), ["L03"])["L03"]()
    assert again.last_report is not None
    assert again.last_report["report_id"] == kept.report_id
    assert [str(point["text"]) for point in again.open_points] == ["the buyer's letter"]
    with pytest.raises(Refused, match="100% alike that of report desk-"):
        filed(night, Form(**{**form.__dict__, "answers": {f"{kept.report_id}-1": "came"}}))


def test_given_two_judgements_then_letters_and_words_are_compared_and_not_marks_or_their_order() -> None:
    assert similarity("A b c.", "c, B; a") == 100
    assert similarity("", "") == 0
    assert similarity(SAID, ANOTHER) < 60
