"""What the sample project has of reviews, scores, figures, conditions and draws, written out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from nightdesk.render.catalogue import Language

Rows = list[dict[str, Any]]
DAY = date(2026, 3, 31)

_SIGNED: dict[str, Any] = {
    "project_id": "PRJ-0031",
    "period_end": date(2025, 12, 31),
    "subject_key": "PRJ-0031:2025-12-31",
    "state": "approved",
    "score_strict": Decimal("48.5"),
    "score_evidenced": Decimal("74.5"),
    "coverage": Decimal("65"),
    "verdict": "conditional",
    "judgement": "整改到位前不宜新增提款。\n=1+1 <b>鸟类监测</b>须补报。",
    "next_review_on": date(2026, 4, 30),
    "site_visit_on": date(2025, 12, 3),
    "consultant_on": None,
    "prepared_by": "S0041",
    "prepared_on": date(2026, 1, 15),
    "approved_by": "S0042",
    "approved_on": date(2026, 1, 16),
    "returned_by": None,
    "note": "同意",
    "facts_on": date(2026, 1, 14),
    "facts_hash": "5b93ec6af31fc23a55e2792825545832",
    "has_changed": True,
    "facts_hash_tonight": "0" * 32,
    "finding": "red",
    "is_perhaps_incomplete": False,
}
DRAFT = _SIGNED | dict.fromkeys(
    ("verdict", "judgement", "next_review_on", "site_visit_on", "prepared_by", "prepared_on",
     "approved_by", "approved_on", "note", "has_changed")
) | {"period_end": date(2026, 3, 31), "subject_key": "PRJ-0031:2026-03-31", "state": "drafted",
 "facts_on": DAY}  # fmt: skip
SIGNED = _SIGNED
REVIEWS: Rows = [DRAFT, SIGNED]
CONDITIONS: Rows = [
    {"condition_id": "PRJ-0031:2025-12-31:1", "period_end": date(2025, 12, 31),
     "condition": "补办排污许可续期", "state": "overdue"}
    | {"due_on": date(2026, 3, 1), "is_before_draw": True, "is_binding": True, "days_late": 30,
      "met_on": None, "evidence_id": None},
    {"condition_id": "PRJ-0031:2025-12-31:2", "period_end": date(2025, 12, 31),
     "condition": "公示申诉渠道", "state": "met"}
    | {"due_on": None, "is_before_draw": False, "is_binding": True, "days_late": 0,
      "met_on": date(2026, 2, 2), "evidence_id": "EV-9"},
]  # fmt: skip


def _fact(fact: str, value: str, tone: str, name: str | None = None) -> dict[str, Any]:
    return {"fact": fact, "name": name, "value": value, "tone": tone}


FACTS: Rows = [
    _fact("profile|ep_category", "A", "grey"),
    _fact("permit|P1", "expired 2026-03-01", "red", "排污许可"),
    _fact("action|A1", "long_overdue", "red", "鸟类迁徙通道监测方案"),
    _fact("incident|I1", "open", "amber", "penalty"),
    _fact("item|noise_night", "2025-12-31 49.00000000", "green"),
    _fact("emission|2025:1", "50000.00000000", "grey"),
    _fact("score|evidenced", "70.10", "grey"),
]
KEPT: Rows = [
    _fact("profile|ep_category", "A", "grey"),
    _fact("permit|P1", "soon 2026-03-01", "amber", "排污许可"),
    _fact("action|A1", "overdue", "amber", "鸟类迁徙通道监测方案"),
    _fact("action|A9", "open", "grey", "旧措施"),
    _fact("item|noise_night", "missing", "not_assessed"),
    _fact("emission|2025:1", "50000.00000000", "grey"),
    _fact("score|evidenced", "74.50", "grey"),
]
SCORES: Rows = [
    {"as_of": day, "score_strict": Decimal(strict), "score_evidenced": Decimal(evidenced),
     "coverage_pct": Decimal(coverage)}
    | {"item_count": 12, "evidenced_count": 7, "aged_count": 1}
    for day, strict, evidenced, coverage in (
        (date(2025, 3, 31), "40", "70", "57"),
        (date(2025, 9, 30), "45", "73", "62"),
        (date(2025, 12, 31), "48.5", "74.5", "65"),
        (DAY, "44.1", "70.1", "63"),
    )
]  # fmt: skip
ITEMS: Rows = [
    {"item": "permit_compliance", "part": "permits_compliance", "kind": "screening",
     "weight": Decimal("7.5"), "grade": Decimal(25)}
    | {"state": "evidenced", "period_end": date(2025, 12, 31), "evidence_id": "EV-1",
      "evidence_on": date(2026, 1, 20)},
    {"item": "contractor_labour", "part": "labour", "kind": "screening", "weight": Decimal(3), "grade": Decimal(50)}
    | {"state": "aged", "period_end": date(2024, 6, 30), "evidence_id": "EV-2", "evidence_on": date(2024, 7, 1)},
    {"item": "resettlement", "part": "resettlement", "kind": "screening", "weight": Decimal(4), "grade": None}
    | {"state": "missing", "period_end": None, "evidence_id": None, "evidence_on": None},
]  # fmt: skip
_KPI: dict[str, Any] = {
    "item": "noise_night",
    "unit": "dB(A)",
    "baseline_on": date(2025, 6, 30),
    "baseline": Decimal("52.00000000"),
    "value_before": Decimal(50),
    "period_end": date(2025, 12, 31),
    "value": Decimal("49.00000000"),
    "target": Decimal(48),
    "permit_limit": Decimal(55),
    "limit_pct": None,
    "evidence_id": "EV-3",
    "evidence_on": date(2026, 1, 10),
    "state": "within_limit",
}
KPIS: Rows = [
    _KPI,
    _KPI | {"item": "dust", "unit": "mg/m3", "value": Decimal("1.2"), "permit_limit": Decimal(1),
     "limit_pct": Decimal(120)}
    | {"state": "over_limit"},
    dict.fromkeys(_KPI) | {"item": "ltifr", "unit": "per 1m hours", "state": "missing"},
]  # fmt: skip
HISTORY: Rows = [
    {"item": "dust", "period_end": day, "value": Decimal(value), "permit_limit": Decimal(1)}
    for day, value in ((date(2025, 6, 30), "0.7"), (date(2025, 9, 30), "0.9"), (date(2025, 12, 31), "1.2"))
]
PARTIES: Rows = [
    {"role": "sponsor", "party_id": "C000001", "name": "青岭能源集团", "open_count": 0},
    {"role": "supplier", "party_id": "C000002", "name": "风机制造有限公司", "open_count": 1},
]
DRAWS: Rows = [
    {"request_id": "DR-1", "wanted_on": date(2026, 4, 10), "amount_amt": Decimal("12000000.00"), "item": item}
    | {"item_zh": zh, "item_en": en, "verdict": verdict}
    for item, zh, en, verdict in (
        ("esg_conditions", "环境和社会审查放款条件", "conditions of the environmental and social review", "fail"),
        ("insurance", "保险", "insurance", "not_assessed"),
        ("watch", "观察名单", "watch list", "pass"),
    )
]
NAMES: dict[str, dict[Language, str]] = {
    "permit_compliance": {"zh_CN": "许可与环保合规评定", "en": "Permit and legal compliance"},
    "contractor_labour": {"zh_CN": "承包商用工管理评定", "en": "Contractors' labour"},
    "resettlement": {"zh_CN": "征地补偿与安置评定", "en": "Land acquisition and resettlement"},
    "noise_night": {"zh_CN": "夜间噪声", "en": "Noise at night"},
    "dust": {"zh_CN": "扬尘", "en": "Dust"},
    "ltifr": {"zh_CN": "百万工时损失工时事故率", "en": "Lost-time injuries per million hours"},
}
STAFF = {"S0041": "王审", "S0042": "李核"}
#: what project_input adds of them
REVIEWED: dict[str, Any] = {
    "reviews": REVIEWS,
    "conditions": CONDITIONS,
    "facts": FACTS,
    "kept_facts": {"2025-12-31": KEPT},
    "scores": SCORES,
    "items": ITEMS,
    "kpis": KPIS,
    "kpi_history": HISTORY,
    "parties": PARTIES,
    "draws": DRAWS,
    "item_names": NAMES,
    "staff": STAFF,
    "method_changes": [date(2025, 11, 1)],
}
