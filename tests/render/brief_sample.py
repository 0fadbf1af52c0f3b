"""A brief whose every section is filled to its limit and beyond, with sentences as long as policy's longest."""

from datetime import date
from decimal import Decimal
from typing import Any

from exit_sample import NOTES

from nightdesk.policy import policy
from nightdesk.render.brief_source import BriefInput
from nightdesk.render.catalogue import Language

DAY = date(2026, 10, 15)
_LONG = {
    "zh": "近12个月入账1,234.56万元中，最大回款方（本行其他机构的客户）占72.5%（黄线50%），集中度指数0.61；"
    "付出资金的本行可追踪比例66.0%，竖线后为未继续追踪的资金集散户；数据至2026-10-14，行业景气指数同期下降12.3%",
    "en": "Payments that came round in circles of two to four are 31.0% of the CNY 12,345,678 received in 90 days "
    "(amber line 20%); the largest: C000118 > N**** > C000245 > C000118 (after the bar: hubs through which money "
    "was not followed); 66.0% of what was paid can be followed",
}


def _worded(name: str, **more: Any) -> dict[str, Any]:
    return {f"{name}_zh": _LONG["zh"], f"{name}_en": _LONG["en"], **more}


def full_brief(language: Language, rows: int = 9) -> BriefInput:
    """Nine rows of everything: more than any section prints."""
    at = [*range(rows)]
    cautions = list(policy()["brief_caution_text"].effective(DAY))
    return BriefInput(
        business_date=DAY,
        revision=12,
        language=language,
        notes=NOTES,
        client={
            "client_id": "C000118",
            "branch_id": "B001",
            "name": "长江新材料科技股份有限公司",
            "short_name": "长江新材料科技集团",
            "is_natural_person": False,
        },
        tier={
            "tier": "strategic", "sponsor_group_id": "G00012", "carrier_client_id": "C000100",
            "changed_on": date(2026, 10, 1), "changed_from": "core",
        },
        path={
            "target_tier": "strategic", "lever": "balance", "lever_amt": Decimal("123456789.00"),
            "by_on": date(2026, 12, 31),
        },
        warning={"colour": "orange", "colour_since": date(2026, 10, 2)},
        owner={"owner_id": "S0012", "is_away": True, "deputy_id": "S0013"},
        people={"S0012": "欧阳丽华 Ouyang Lihua", "S0013": "王敏"},
        visit={"visit_on": date(2026, 10, 19)},
        background={
            "last_on": date(2026, 9, 1), "uncounted": "purpose", "last_outcome": "follow_up", "last_channel": "meeting",
            "promise_state": "late", "promise_due_on": date(2026, 10, 1), "colour_before": "amber",
        },
        exposure={"exposure_amt": Decimal("1234567890.12"), "overdue_amt": Decimal("12345678.90")},
        balance={"avg_30d_amt": Decimal("98765432.10")},
        items=[{"kind": "collateral_valuation", "loan_id": f"L{n:08d}", "due_on": date(2026, 10, 20)} for n in at],
        members=[
            {
                "client_id": f"C00010{n}", "name": f"长江新材料第{n}控股发展有限责任公司", "short_name": None,
                "is_natural_person": False, "client_kind": "company", "exposure_amt": Decimal("223456789.00"),
                "branch_id": "B001",
            }
            for n in at
        ],
        loans=[
            {
                "loan_id": f"L{n:08d}", "product": "working_capital_term", "limit_amt": Decimal("50000000.00"),
                "outstanding_amt": Decimal("48000000.00"), "rate_pct": Decimal("4.35"),
                "maturity_date": date(2027, 3, 1), "ead_amt": Decimal("48000000.00"),
            }
            for n in at
        ],
        products=[{"product": one} for one in ("settlement", "deposit", "wealth", "working_capital", "fixed_asset")],
        signals=[
            _worded("reason", severity="amber", indicator=f"T{n:02d}", opened_on=date(2026, 9, 20))
            | {"is_since_contact": True}
            for n in at
        ],
        cleared=[{"indicator": "T01"}],
        dates=[
            {
                "kind": "maturity", "due_on": date(2026, 11, 1), "subject": f"L{n:08d}",
                "amount_amt": Decimal("48000000.00"),
            }
            for n in at
        ],
        needs=[{"raised_on": date(2026, 9, 1), "kind": "equipment", "amount": Decimal("5000000.00")} for _ in at],
        questions=[
            _worded("fact", place=n, figures={}, words_zh="近期主要付款方的变化情况如何，后续订单和账期安排是什么？",
                    words_en="How have the main payers changed, and what orders and terms are agreed from here on?")
            for n in range(3)
        ],
        cautions=cautions,
    )  # fmt: skip
