"""Reviews of a bank that supplies nonsense: each piece of it has one clear line or a quarantined row, nothing is half
signed, and markup and formulas are text."""

import csv
import io
import json
from typing import Any

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings, show_night

from nightdesk.kept_facts import facts_text, hash_of
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

FACTS: list[dict[str, Any]] = [{"fact": "profile|stage", "name": None, "value": "operation", "tone": "grey"}]
MARKUP = '=HYPERLINK("http://x.example")<script>alert(1)</script>'


def review(project: str, **changes: Any) -> dict[str, Any]:
    at = {
        "prepared_at": f"{days_back(20)} 03:00:00",
        "facts_on": days_back(21),
        "known_at": f"{days_back(20)} 03:00:00",
    }
    facts = {"facts": facts_text(FACTS), "facts_hash": hash_of(FACTS)}
    row = {"project_id": project, "period_end": days_back(90), "verdict": "pass", "judgement": "fine"}
    return {**row, "prepared_by": "E1", **at, **facts, **changes}


def bank() -> dict[str, list[dict[str, Any]]]:
    found = ten_clients()
    found["staff"] += [{"staff_id": who, "branch_id": "B2", "name": who, "role": "esg"} for who in ("E1", "E2")]
    found["project"] = [
        {"project_id": project, "client_id": client, "branch_id": "B1", "name": project, "stage": "operation"}
        | {"ep_category": "A", "cn_class": "B", "sector_code": "D4411", "approved_on": days_back(700)}
        for project, client in (("P1", "C06"), ("P2", "C07"))
    ]
    item = {"project_id": "P1", "period_end": days_back(90), "evidence_id": "E1", "evidence_on": days_back(80)}
    found["esg_item"] = [
        {**item, "item": "so2", "unit": "g/m3", "value": 30, "permit_limit": 50},
        {**item, "item": "so_two", "unit": "mg/m3", "value": 30, "permit_limit": 50},
        {**item, "item": "nox", "unit": "mg/m3", "value": 45, "permit_limit": 50},
    ]
    found["emission"] = [
        {"project_id": "P1", "year": 2025, "scope1_t": -5, "scope2_t": 1, "scope3_t": None, "method_option": "1a"},
        {"project_id": "P2", "year": 2025, "scope1_t": 5, "scope2_t": 1, "scope3_t": None, "method_option": "1a"},
    ]
    found["esap_action"] = [
        {"action_id": "A1", "project_id": "P1", "standard": "PS1", "description": MARKUP, "due_on": days_back(5)}
        | {"done_on": None, "owner": "=1+1", "priority": "high", "evidence_id": None}
    ]
    found["esg_review"] = [review("P1"), review("P1", verdict="fail", judgement="worse"), review("P2")]
    found["decision"] = [
        {"decision_id": f"D{project}", "subject": "esg_review", "subject_key": f"{project}:{days_back(90)}"}
        | {"verdict": "approve", "decided_by": by, "decided_at": f"{days_back(19)} 03:00:00"}
        | {"known_at": f"{days_back(19)} 03:00:00"}
        for project, by in (("P1", "E2"), ("P2", "E1"))
    ]
    return found


@pytest.fixture(scope="module")
def settings(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = fresh_settings()
    show_night(made, D, write_sqlite(bank(), tmp_path_factory.mktemp("bad") / "bank.db"), "esg", "quality")
    return made


def rows(settings: Settings, table: str, form: str = "csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, D, form, None)).lstrip("\ufeff"))))


def test_given_an_unknown_item_a_negative_emission_and_two_reviews_of_one_period_then_each_is_quarantined_by_name(
    settings: Settings,
) -> None:
    found = {(row["table_name"], row["rule"]) for row in rows(settings, "quarantine")}
    assert {("esg_item", "code_unknown"), ("emission", "negative"), ("esg_review", "key_conflict")} <= found
    emitted = {row["project_id"]: row["reason"] for row in rows(settings, "financed_emission") if row["scope"] == "1"}
    assert emitted.get("P1", "held_back") == "held_back"


def test_given_a_unit_that_does_not_fit_then_the_figure_is_named_and_not_used(settings: Settings) -> None:
    states = {row["item"]: (row["state"], row["value"]) for row in rows(settings, "kpi") if row["project_id"] == "P1"}
    assert states["so2"] == ("unit_differs", "")
    assert states["nox"][0] == "near_limit"
    page = (settings.out / str(D) / "esg" / "P1.html").read_text(encoding="utf-8")
    assert "单位不符" in page


def test_given_two_reviews_of_a_period_or_an_approver_who_prepared_it_then_nothing_is_signed(
    settings: Settings,
) -> None:
    found = {(row["project_id"], row["period_end"]): row for row in rows(settings, "esg_review")}
    assert {row["state"] for row in found.values()} <= {"drafted", "prepared"}
    assert found["P2", str(days_back(90))]["state"] == "prepared"
    assert {row["approved_by"] for row in found.values()} == {""}


def test_given_markup_and_a_formula_in_fields_then_the_page_has_them_as_text_and_the_spreadsheet_runs_none(
    settings: Settings,
) -> None:
    page = (settings.out / str(D) / "esg" / "P1.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    (action,) = rows(settings, "action", "spreadsheet")
    assert action["description"].startswith("'=HYPERLINK")
    assert action["owner"] == "'=1+1"
    twin = json.loads((settings.out / str(D) / "quality.json").read_text(encoding="utf-8"))
    assert "alert(1)" not in json.dumps(twin)
