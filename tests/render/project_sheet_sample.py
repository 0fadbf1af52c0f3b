"""What the sample project has beside its panels: standards, reviews, emissions, taxonomy, principles, grievances."""

from datetime import date
from decimal import Decimal
from typing import Any

Rows = list[dict[str, Any]]

_NOTHING = {
    "is_triggered": False,
    "has_high_risk": None,
    "actions_overdue": None,
    "actions_open": None,
    "actions_done": None,
    "incidents_open": None,
    "permits_due": None,
    "permits_without_end": None,
    "items_over_limit": None,
    "items_near_limit": None,
    "incidents_unknown": None,
    "items_unproven": None,
    "items_without_limit": None,
    "reason": "nothing_known",
    "grade": "not_assessed",
}
_KNOWN = dict.fromkeys(_NOTHING, 0) | {"is_triggered": True, "has_high_risk": False, "reason": None}
STANDARDS: Rows = [
    _KNOWN | {"standard": "PS1", "grade": "red", "incidents_open": 1, "has_high_risk": True},
    _KNOWN
    | {"standard": "PS2", "grade": "open", "actions_open": 1}
    | {"needed_zh": "承包商用工检查", "needed_en": "check of contractors' labour"},
    _KNOWN | {"standard": "PS3", "grade": "amber", "items_near_limit": 1, "actions_overdue": 1},
    _KNOWN | {"standard": "PS4", "grade": "nothing_open", "is_settled": True, "actions_done": 1},
    *[_NOTHING | {"standard": f"PS{n}"} for n in range(5, 8)],
    _NOTHING | {"standard": "PS8", "needed_zh": "文物调查结论", "needed_en": "survey of cultural heritage"},
]
EMISSIONS: Rows = [
    {
        "year": 2025,
        "scope": scope,
        "outstanding_amt": Decimal("300000000.00"),
        "denominator_amt": Decimal("1000000000.00"),
        "basis": "committed_financing",
        "basis_on": date(2024, 6, 18),
        "attribution_pct": Decimal("30.0000") if tonnes is not None else None,
        "emission_t": tonnes,
        "financed_t": None if tonnes is None else tonnes * Decimal("0.3"),
        "report_due_on": date(2026, 6, 30),
        "quality": quality,
        "option": "2a",
        "reason": None if tonnes is not None else "scope_not_reported",
    }
    for scope, tonnes, quality in ((1, Decimal(50000), 2), (2, Decimal(9000), 2), (3, None, None))
]
DUE: Rows = [
    {"kind": "desk_review", "rule": "rhythm", "every_months": 3, "due_on": date(2026, 3, 31), "state": "overdue"}
    | {"done_on": date(2025, 12, 20), "late_days": 1, "reason": None},
    {"kind": "event_review", "rule": "E04", "every_months": None, "due_on": date(2026, 4, 7), "state": "open"}
    | {"done_on": None, "late_days": 0, "reason": None},
    {"kind": "consultant", "rule": "rhythm", "every_months": 3, "due_on": None, "state": "not_assessed"}
    | {"done_on": None, "late_days": 0, "reason": "not_recorded"},
    {
        "kind": "approval",
        "rule": "prepared",
        "asked_by": "S0041",
        "every_months": None,
        "due_on": date(2026, 4, 3),
        "state": "open",
    }
    | {"done_on": None, "late_days": 0, "reason": None}
    | {"event_on": date(2026, 3, 27), "period_end": date(2025, 12, 31)},
]
TAXONOMY: Rows = [
    {"taxonomy_version": "2025", "taxonomy_code": "3.2.1", "loan_count": 2, "outstanding_amt": Decimal("800000000.00")},
    {"taxonomy_version": None, "taxonomy_code": None, "loan_count": 1, "outstanding_amt": None},
]
EQUATOR: dict[str, Any] = {
    "product": "project_finance",
    "cost_usd": Decimal("238095238.10"),
    "debt_usd": Decimal("170000000.00"),
    "commitment_usd": None,
    "is_in_scope": True,
    "scope_rule": "project_cost_reached",
    "category": "A",
    "country": "CN",
    "is_designated": False,
    "standard": "ifc_standards",
    "principles": "1;2;3;4;5;6;7;8;9;10",
    "principles_as_appropriate": None,
    "climate_assessment": "required",
    "emission_year": 2025,
    "emission_t": Decimal(59000),
    "is_high_emission": False,
}
GRIEVANCE: dict[str, Any] = {
    "open_count": 3,
    "closed_count": 2,
    "unknown_count": 0,
    "oldest_open_days": 75,
    "reported_open": Decimal("0.0000"),
    "reported_on": date(2025, 12, 31),
    "open_then": 2,
    "is_contradicted": True,
}
