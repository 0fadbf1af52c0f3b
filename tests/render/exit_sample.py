"""Plans of contingency and exit for the tests of their page: one of which all is known, one of which little is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from nightdesk.render.catalogue import Language
from nightdesk.render.exit_source import ExitInput, ExitRules
from nightdesk.render.made_of import Notes

DAY = date(2026, 10, 15)
STRATEGIES = (
    "support", "support_secured", "reduce_cure", "reduce_schedule", "restructure_secured", "restructure_or_sell",
    "enforce_or_sale", "sell_or_enforce", "sell_or_write_off",
)  # fmt: skip
RULES = ExitRules(
    viability={"viable": Decimal("1.10"), "doubtful": Decimal("0.80")},
    protection={"full": Decimal(100), "part": Decimal(60)},
    horizon_months=24,
    cells={
        (viability, protection): {"zh_CN": f"策略{number}", "en": STRATEGIES[number]}
        for number, (viability, protection) in enumerate(
            (one, other) for one in ("viable", "doubtful", "not_viable") for other in ("full", "part", "low")
        )
    },
)
NOTES = Notes(
    morning=date(2026, 10, 16),
    cutoff=datetime(2026, 10, 15, 21, tzinfo=UTC),
    policy_version="p1",
    data_to=DAY,
    indicator_names={"P01": {"zh_CN": "逾期天数", "en": "days past due"}},
)
PLAN: dict[str, Any] = {
    "client_id": "C1",
    "branch_id": "B1",
    "stage": "W4",
    "since": date(2026, 8, 1),
    "rule": "overdue_90d",
    "exposure_amt": Decimal("120000000.00"),
    "overdue_amt": Decimal("5000000.00"),
    "max_days_past_due": 95,
    "viability": "doubtful",
    "viability_ratio": Decimal("0.9500"),
    "cash_amt": Decimal("95000000.00"),
    "cash_source": "statement",
    "cash_data_on": date(2025, 12, 31),
    "cash_share_pct": Decimal("40.0000"),
    "service_amt": Decimal("100000000.00"),
    "viability_gap": None,
    "protection": "part",
    "protection_pct": Decimal("75.0000"),
    "realisable_amt": Decimal("90000000.00"),
    "protection_gap": None,
    "strategy": "restructure_secured",
    "strategy_zh": "重组并新增担保",
    "strategy_en": "Restructure with new security",
    "means_zh": "重组须以新增担保为前提",
    "means_en": "Restructure only against new security",
    "next_test_on": date(2026, 12, 31),
    "test_due_on": date(2027, 2, 9),
    "freezes_limits": True,
    "draws_need_risk": True,
    "state": "drafted",
    "renew_by": date(2026, 10, 30),
}
UNKNOWN = PLAN | {
    "stage": "W3",
    "rule": "red",
    "exposure_amt": None,
    "overdue_amt": None,
    "max_days_past_due": None,
    **dict.fromkeys(("viability_ratio", "cash_amt", "cash_share_pct", "service_amt", "cash_data_on"), None),
    **dict.fromkeys(("protection_pct", "realisable_amt", "next_test_on", "test_due_on"), None),
    "viability": "not_assessed",
    "viability_gap": "no_statement_table",
    "protection": "not_assessed",
    "protection_gap": "no_collateral_table",
    "strategy": "gather",
    "strategy_zh": "先补齐数据再定策略",
    "strategy_en": "Gather what is missing first",
}


def step(number: int, role: str, due: date, words: str) -> dict[str, Any]:
    return {"step": number, "owner_role": role, "due_on": due, "action_zh": f"办理{words}", "action_en": f"do {words}"}


def plan_of(language: Language, plan: dict[str, Any] | None = None, **more: Any) -> ExitInput:
    """A plan of which all is known."""
    return ExitInput(
        business_date=DAY,
        revision=1,
        plan=plan or PLAN,
        language=language,
        notes=NOTES,
        rules=RULES,
        **{
            "client": {"name": "江东港机制造有限公司", "short_name": "江东港机", "is_natural_person": False},
            "branch": {"branch_id": "B1", "name": "江东支行", "name_en": "Jiangdong Branch"},
            "signals": [
                {
                    "indicator": "P01", "severity": "red", "hard": True, "opened_on": date(2026, 7, 10),
                    "reason_zh": "逾期95天", "reason_en": "95 days past due",
                },
            ],
            "collaterals": [
                {
                    "collateral_id": "K1", "kind": "real_estate", "value_amt": Decimal("150000000.00"),
                    "valued_on": date(2025, 9, 1), "revalue_by": date(2026, 9, 1),
                    "prior_lien_amt": Decimal("15000000.00"), "realisable_pct": 70,
                    "share_pct": Decimal("100.0000"), "realisable_amt": Decimal("90000000.00"),
                    "seized_on": None,
                },
                {
                    "collateral_id": "K2", "kind": "equipment", "value_amt": Decimal("9000000.00"), "valued_on": None,
                    "revalue_by": None, "prior_lien_amt": None, "realisable_pct": 50, "share_pct": Decimal("25.0000"),
                    "realisable_amt": Decimal("0.00"), "seized_on": date(2026, 3, 1),
                },
            ],
            "guarantors": [
                {
                    "guarantor_id": "G1", "guarantor_branch_id": "B1", "name": "江东控股", "loan_count": 2,
                    "guaranteed_amt": Decimal("50000000.00"), "colour": "orange", "days_past_due": 3,
                },
                {
                    "guarantor_id": "G2", "guarantor_branch_id": "B9", "name": "远山集团", "loan_count": 1,
                    "guaranteed_amt": None, "colour": "red", "days_past_due": 200,
                },
                {"guarantor_id": "G3", "guarantor_branch_id": None, "loan_count": 1, "guaranteed_amt": Decimal(1)},
            ],
            "dates": [
                {"kind": "valuation", "subject": "K1", "on_date": date(2026, 9, 1), "is_past": True},
                {
                    "kind": "covenant_test", "subject": "DSCR", "on_date": date(2026, 12, 31), "amount_amt": None,
                    "is_past": False,
                },
                {
                    "kind": "called", "subject": "L9", "on_date": date(2026, 9, 9), "is_past": True,
                    "amount_amt": Decimal("4140000.00"),
                },
                {
                    "kind": "unpaid_interest", "subject": "L9", "on_date": date(2026, 7, 11), "is_past": True,
                    "amount_amt": Decimal("36900.00"),
                },
                {"kind": "watch_review", "subject": "W4", "on_date": date(2026, 10, 20), "is_past": False},
            ],
            "steps": [
                step(1, "rm", date(2026, 8, 5), "一"),
                step(4, "risk", date(2026, 10, 16), "二"),
            ],
            "people": (("rm", "李静"), ("branch_head", "王强")),
            **more,
        },
    )  # fmt: skip
