"""One project's review and one night's checks, written out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from branch_sample import BRANCH, BUSINESS_DATE, CLIENTS, NOTES, withheld
from project_review_sample import REVIEWED
from project_sheet_sample import DUE, EMISSIONS, EQUATOR, GRIEVANCE, STANDARDS, TAXONOMY

from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Bands, Cost, ProjectInput, QualityInput, Unassessed

REVIEW: dict[str, Any] = {
    "project_id": "PRJ-0031",
    "client_id": "C000307",
    "branch_id": "B001",
    "name": "青岭 200MW 风电项目",
    "ep_category": "A",
    "cn_class": "B",
    "stage": "construction",
    "exposure_amt": Decimal("1240000000.00"),
    "physical_pct": Decimal("55.0000"),
    "progress_date": date(2026, 2, 28),
    "approved_on": date(2024, 6, 18),
    "cod_contract": date(2026, 6, 30),
    "cod_forecast": date(2026, 9, 15),
}

COVENANTS = [
    {
        "covenant_id": "V1",
        "project_id": "PRJ-0031",
        "name": "偿债备付率",
        "metric": "dscr",
        "level": "lock_up",
        "test_date": date(2025, 12, 31),
        "actual": Decimal("1.2200"),
        "operator": ">=",
        "limit_value": Decimal("1.15"),
        "status": "pass",
    },
    {
        "covenant_id": "V2",
        "project_id": "PRJ-0031",
        "name": "资产负债比",
        "metric": "gearing",
        "level": "default",
        "test_date": date(2025, 12, 31),
        "actual": Decimal("82.5"),
        "operator": "<=",
        "limit_value": Decimal("80"),
        "status": "breach",
    },
    {
        "covenant_id": "V2",
        "project_id": "PRJ-0031",
        "name": "资产负债比",
        "metric": "gearing",
        "level": "default",
        "test_date": date(2025, 6, 30),
        "actual": Decimal("70"),
        "operator": "<=",
        "limit_value": Decimal("80"),
        "status": "pass",
    },
    {
        "covenant_id": "V3",
        "project_id": "PRJ-0031",
        "name": "贷款存续期覆盖",
        "metric": "llcr",
        "level": "default",
        "test_date": date(2025, 12, 31),
        "actual": Decimal("1.60"),
        "operator": ">=",
        "limit_value": Decimal("1.20"),
        "status": "pass",
    },
    {
        "covenant_id": "V4",
        "project_id": "PRJ-0031",
        "name": "水保验收",
        "metric": "other",
        "level": None,
        "test_date": date(2025, 12, 31),
        "actual": None,
        "operator": ">=",
        "limit_value": Decimal("1"),
        "status": "pending",
    },
]

INCIDENTS = [
    {
        "incident_id": "I1",
        "project_id": "PRJ-0031",
        "kind": "penalty",
        "occurred_on": date(2026, 2, 10),
        "amount": Decimal("350000.00"),
        "closed_on": None,
        "source": "市生态环境局",
        "document_no": "环罚〔2026〕12号",
        "cause": "脱硫设施停运未报告",
        "verification": "not_verified",
    },
    {
        "incident_id": "I2",
        "project_id": "PRJ-0031",
        "kind": "accident",
        "occurred_on": date(2025, 8, 3),
        "amount": None,
        "closed_on": date(2025, 9, 1),
        "source": None,
        "is_of_client": True,
        "cause": "脚手架未验收",
        "fix": "更换分包商并复训",
        "verified_on": date(2025, 9, 20),
        "evidence_id": "EV9",
        "verification": "verified",
    },
]

ACTIONS = [
    {
        "action_id": "A1",
        "project_id": "PRJ-0031",
        "standard": "PS6",
        "description": "鸟类迁徙通道监测方案",
        "owner": "业主",
        "priority": "high",
        "due_on": date(2025, 12, 15),
        "done_on": None,
    },
    {
        "action_id": "A2",
        "project_id": "PRJ-0031",
        "standard": "PS1",
        "description": "环境管理体系文件更新",
        "owner": "业主",
        "priority": "medium",
        "due_on": date(2026, 3, 20),
        "done_on": None,
    },
    {
        "action_id": "A3",
        "project_id": "PRJ-0031",
        "standard": "PS4",
        "description": "进场道路安全标识",
        "owner": "总包",
        "priority": "low",
        "due_on": date(2026, 5, 1),
        "done_on": None,
    },
    {
        "action_id": "A4",
        "project_id": "PRJ-0031",
        "standard": "PS2",
        "description": "劳务实名制",
        "owner": "总包",
        "priority": "high",
        "due_on": date(2025, 10, 1),
        "done_on": date(2025, 9, 20),
        "evidence_id": "EV-4",
    },
]

PERMITS = [
    {
        "permit_id": "P1",
        "project_id": "PRJ-0031",
        "kind": "排污许可",
        "document_no": "91510-001P",
        "evidence_id": "EV-P1",
        "issued_on": date(2021, 3, 1),
        "renewal_due_on": date(2025, 12, 31),
        "law_zh": "排污许可管理条例第十四条",
        "law_en": "Pollutant Discharge Permit Regulation Art. 14",
        "is_operating_critical": True,
        "expires_on": date(2026, 3, 1),
        "renewal_filed_on": None,
    },
    {
        "permit_id": "P2",
        "project_id": "PRJ-0031",
        "kind": "取水许可",
        "evidence_id": "EV-P2",
        "is_operating_critical": False,
        "expires_on": date(2026, 5, 20),
        "renewal_filed_on": None,
    },
]

INSURANCES = [
    {"insurance_id": "N1", "project_id": "PRJ-0031", "kind": "建筑安装工程一切险", "expires_on": date(2027, 3, 1)},
]

SIGNALS = [
    {
        "project_id": "PRJ-0031",
        "indicator": "J12",
        "severity": "red",
        "change": "new",
        "opened_on": BUSINESS_DATE,
        "audience": "branch",
        "reason_zh": "累计提款 78.0%，经认证的工程进度 55.0%，超前 23.0 个百分点",
        "reason_en": "78.0% drawn against 55.0% certified progress: 23.0 points ahead",
    },
    {
        "project_id": "PRJ-0031",
        "indicator": "J11",
        "severity": "amber",
        "change": "same",
        "audience": "branch",
        "opened_on": date(2026, 2, 1),
        "reason_zh": "预计商业运营日较合同晚 77 天",
        "reason_en": "Commercial operation forecast 77 days later than contracted",
    },
    {
        "project_id": "PRJ-0031",
        "indicator": "T15",
        "severity": "red",
        "change": "new",
        "audience": "risk_only",
        "opened_on": BUSINESS_DATE,
        "reason_zh": "SECRET",
        "reason_en": "SECRET",
    },
]


#: the tables that a bank may leave out and that each panel comes from
PANELS = {
    "covenant": ("covenant_test",),
    "incident": ("esg_incident",),
    "action": ("esap_action",),
    "permit": ("permit",),
    "insurance": ("insurance",),
}


#: where the sample's tones begin
BANDS = Bands(
    tight_headroom_pct=Decimal(10),
    long_overdue_days=90,
    expiry_notice_days=90,
    expiry_told_days=730,
    least_coverage_pct=Decimal(40),
    incident_tones={"fatality": "red", "stop_order": "red"},
)


def project_input(language: Language = "zh_CN", **changes: Any) -> ProjectInput:
    """The sample project's input, with fields changed."""
    source = ProjectInput(
        business_date=BUSINESS_DATE,
        revision=1,
        restated=False,
        review=REVIEW,
        language=language,
        notes=replace(NOTES, not_supplied=("emission", "insurance"), unassessed=Unassessed(("esg_item",))),
        bands=BANDS,
        client=CLIENTS[2],
        branch=BRANCH,
        covenants=COVENANTS,
        incidents=INCIDENTS,
        actions=ACTIONS,
        permits=PERMITS,
        insurances=INSURANCES,
        signals=SIGNALS,
        standards=STANDARDS,
        emissions=EMISSIONS,
        due=DUE,
        taxonomy=TAXONOMY,
        equator=EQUATOR,
        grievance=GRIEVANCE,
        withheld=[withheld("C000307", "permit", project_id="PRJ-0031")],
        panels=PANELS,
        **REVIEWED,
    )
    return replace(source, **changes)


def _counts(table: str, read: int, duplicates: int, superseded: int, quarantined: int, late: int) -> dict[str, Any]:
    rows_in = read - duplicates - superseded
    return {
        "table_name": table,
        "kind": "daily",
        "supplied": True,
        "rows_read": read,
        "duplicates": duplicates,
        "superseded": superseded,
        "stored": 0,
        "rows_in": rows_in,
        "used": rows_in - quarantined - late,
        "quarantined": quarantined,
        "late": late,
    }


TABLES = [
    _counts("client", 3000, 0, 0, 0, 0),
    _counts("txn", 4211, 3, 2, 4, 1),
    _counts("loan", 820, 0, 0, 0, 0),
    {"table_name": "bureau", "kind": "snapshot", "supplied": False},
]


def check(table_name: str, rule: str, **values: Any) -> dict[str, Any]:
    """A finding of the checks with the usual values, where `values` do not say otherwise."""
    row: dict[str, Any] = {
        "table_name": table_name,
        "expectation": rule,
        "rule": rule,
        "severity": "critical",
        "scope": "row",
        "success": False,
        "unexpected_count": 0,
        "column_name": None,
        "observed": None,
        "sample_keys": None,
        "detail": None,
    }
    return row | values


EXPECTATIONS = [
    check(
        "balance",
        "balance_continuity",
        severity="warning",
        scope="table",
        unexpected_count=2,
        column_name="gap",
        observed="2419752.31",
        sample_keys="****0101;****1401",
    ),
    check("control_total", "control_sum", scope="table", unexpected_count=1, column_name="sum_gap"),
    check("txn", "amount_scale", unexpected_count=1, column_name="scale_fault", sample_keys="****X9</b>"),
    check("txn", "parent_missing", unexpected_count=3, column_name="account_id__missing", sample_keys="****2330"),
    check("client", "key_conflict", success=True, column_name="key_fault"),
]

TOTALS = [
    {
        "table_name": "txn",
        "business_date": BUSINESS_DATE,
        "branch_id": "B001",
        "ccy": "CNY",
        "expected_count": 2100,
        "actual_count": 2100,
        "expected_sum": Decimal("918273645.01"),
        "actual_sum": Decimal("918273645.01"),
        "success": True,
    },
    {
        "table_name": "txn",
        "business_date": BUSINESS_DATE,
        "branch_id": "B002",
        "ccy": "CNY",
        "expected_count": 2112,
        "actual_count": 2111,
        "expected_sum": Decimal("5000012.00"),
        "actual_sum": Decimal("5000000.00"),
        "success": False,
    },
]

QUARANTINE = [
    {"table_name": "txn", "row_key": f"6222020200112233{number}", "rule": "parent_missing", "severity": "critical"}
    for number in range(3)
] + [
    {
        "table_name": "txn",
        "row_key": "<b>TX9</b>",
        "rule": "amount_scale",
        "severity": "critical",
        "detail": "amount",
    }
]


READ_AS: dict[str, dict[Language, str]] = {
    "loan.day_roll": {"zh_CN": "到期日遇节假日不顺延", "en": "due dates do not roll over holidays"},
    "balance": {"zh_CN": "余额由交易流水推算", "en": "balances are replayed from transactions"},
}


def _night(seconds: str) -> dict[str, Any]:
    sizes = {"peak_bytes": 640_000_000, "spill_bytes": 0, "written_bytes": 8_400_000}
    return {"seconds": Decimal(seconds), "cpu_seconds": Decimal(seconds), **sizes}


def _took(step: str, seconds: str, **changes: Any) -> dict[str, Any]:
    took = {"step": step, "status": "done", "tries": 1, "row_count": 120_000, "written_bytes": 4_200_000}
    measured = {"seconds": Decimal(seconds), "cpu_seconds": Decimal(seconds) * 2, "peak_bytes": 512_000_000}
    return {**took, **measured, "spill_bytes": 0, **changes}


COST = Cost(
    steps=[
        _took("extract", "12.345", tries=2),
        _took("check", "3.2", spill_bytes=64_000_000, peak_bytes=640_000_000),
        _took("publish", "0.4", row_count=None, written_bytes=0),
    ],
    nights=[
        {"business_date": BUSINESS_DATE - timedelta(days=2), **_night("40.0")},
        {"business_date": BUSINESS_DATE - timedelta(days=1), **_night("10.0")},
        {"business_date": BUSINESS_DATE, **_night("15.945")},
    ],
)


def quality_input(**changes: Any) -> QualityInput:
    """The sample night's checks, with fields changed."""
    source = QualityInput(
        business_date=BUSINESS_DATE,
        notes=replace(NOTES, read_as=READ_AS),
        revision=2,
        tables=TABLES,
        expectations=EXPECTATIONS,
        totals=TOTALS,
        quarantine=QUARANTINE,
        cost=COST,
        class_count={"loans": 42, "drifts": 3, "ahead": 2, "unknown": 1, "forecast_on": BUSINESS_DATE},
    )
    return replace(source, **changes)
