"""A client's pages of proposals: a loan that may be offered, one that would be forbearance, a service, and what
stands beside them on the bank's own page."""

from datetime import date
from decimal import Decimal

from exit_sample import NOTES

from nightdesk.financing.proposal.cash import Cash
from nightdesk.financing.proposal.reckoning import Reckoned, reckon
from nightdesk.render.catalogue import Language
from nightdesk.render.proposal_source import Needed, ProposalInput, Proposed, Words

PAID_OUT = date(2026, 10, 26)


def a_loan(*, tenor_months: int = 60, every_months: int = 3, sizing: str = "cash") -> Reckoned:
    """4.86 million as an annuity at 3.70%, from cash flow that carries it."""
    term = {
        "shape": "annuity",
        "place": 1,
        "share_pct": None,
        "sizing": sizing,
        "wanted_amt": Decimal("4860000.00"),
        "least_amt": Decimal(1),
        "rate_pct": Decimal("3.70"),
        "paid_out_on": PAID_OUT,
        "tenor_months": tenor_months,
        "every_months": every_months,
        "day_count": "A/360",
        "cover_least": Decimal("1.20"),
        "life_cover_least": Decimal("1.20"),
        "round_amt": Decimal(10_000),
        "downside_pct": Decimal(15),
        "cod_on": None,
        "grace_months": 6,
    }
    amounts = {"cfads_amt": Decimal(400_000) * tenor_months, "service_amt": Decimal(0)}
    flow = {"month_no": 12 * 2026 + 10 + tenor_months, "months": tenor_months, **amounts}
    return reckon([term], Cash([flow]), {})


def word(**more: object) -> dict[str, object]:
    """A row of policy's words."""
    return {
        f"{name}_{lang}": f"{name} {lang}" for name in ("name", "what", "parts", "security") for lang in ("zh", "en")
    } | more


def a_limit(rule: str, is_met: bool | None, value: str | None, limit: str | None, **more: object) -> dict[str, object]:
    amounts = {key: None if one is None else Decimal(one) for key, one in (("value", value), ("limit_value", limit))}
    return {"rule": rule, "is_met": is_met, "value_code": None, "limit_code": None, **amounts, **more}


def a_proposal(language: Language) -> ProposalInput:
    """One need with a loan that may be offered, a loan that a limit stops, and a service; what stands beside them."""
    rules = {
        name: word(place=place, unit=unit, bound=bound)
        for place, (name, unit, bound) in enumerate(
            [
                ("amount", "amt", "above"),
                ("date", "days", "most"),
                ("watch", "code", "most"),
                ("class", "code", "most"),
                ("tenor", "months", "least"),
                ("share", "pct", "most"),
                ("cover", "ratio", "least"),
                ("replaced", "int", "known"),
            ],
            1,
        )
    }
    empty = dict.fromkeys(
        [
            "amount",
            "tenor_months",
            "shape",
            "min_dscr",
            "paid_out_on",
            "rate_low_pct",
            "rate_high_pct",
            "rate_pct",
            "margin_pct",
            "capacity_amt",
            "capacity_down_amt",
            "life_cover",
            "life_cover_down",
            "security_gap_amt",
        ]
    )
    row = {**empty, "need_id": "N1", "project_id": "P1", "place": 1}
    money = {
        "amount": Decimal("4860000.00"),
        "capacity_amt": Decimal("5000000.00"),
        "security_gap_amt": Decimal("12.50"),
    }
    price = {
        name: Decimal(one) for name, one in (("rate_low_pct", "3.30"), ("rate_high_pct", "4.60"), ("rate_pct", "3.70"))
    }
    cover = {"min_dscr": Decimal("1.25"), "life_cover": Decimal("1.31"), "margin_pct": Decimal("0.90")}
    loan = {**row, **money, **price, **cover, "tenor_months": 60, "shape": "annuity", "paid_out_on": PAID_OUT}
    told = {"words_zh": "因为", "words_en": "because", "place": 1}
    bundles = [
        Proposed(
            {**loan, "proposal_id": "X1", "bundle": "plant", "product": "loan", "verdict": "offer"},
            [{**told, "side": side} for side in ("why", "why_shape", "why_not")],
            [
                a_limit("cover", True, "1.25", "1.20"),
                a_limit("amount", True, "4860000", None),
                a_limit("watch", True, "0", "1", value_code="W0", limit_code="W1"),
                a_limit("class", None, None, "0", limit_code="normal"),
                a_limit("share", False, "70.015", "70"),
            ],
            a_loan(),
        ),
        Proposed(
            {**row, "proposal_id": "X2", "bundle": "short", "product": "turnover", "verdict": "forbearance"}
            | {"capacity_amt": Decimal("100.00")},
            [{**told, "side": "why_not"}],
            [
                a_limit("date", False, "31", "30"),
                a_limit("tenor", True, "36", "12"),
                a_limit("replaced", None, "2", None),
            ],
        ),
        Proposed({**row, "proposal_id": "X3", "bundle": "service", "product": "service", "verdict": "offer"}),
    ]
    sizing = {"loan": "cash", "turnover": "working_capital", "service": "none"}
    cost = {"funding_pct": Decimal("2.30"), "risk_cost_pct": Decimal("0.50")}
    day = date(2026, 10, 15)
    need = {
        "need_id": "N1",
        "kind": "equipment",
        "asked_amt": Decimal("5000000.00"),
        "by_when": day,
        "project_id": "P1",
        "project_debt_amt": Decimal(1_000_000),
        "budget_amt": Decimal(8_000_000),
    }
    test = {"project_id": "P1", "actual": Decimal("1.4")}
    outcome = {
        "need_id": "N0",
        "need_kind": "equipment",
        "raised_on": date(2025, 1, 2),
        "asked_amt": Decimal(9),
        "offered_on": date(2025, 2, 2),
        "accepted_on": None,
        "funded_on": None,
        "max_days_past_due_12m": None,
        "class_12m": None,
        "risk_outcome_12m": None,
        "state": "lost",
        "lost_reason": "price",
    }
    year = {
        "max_days_past_due_12m": 31,
        "class_12m": "special_mention",
        "risk_outcome_12m": "late",
        "state": "a_year_on",
    }
    working = {
        "period_end": date(2025, 12, 31),
        "sales_amt": Decimal(1_000_000),
        "margin_pct": Decimal(8),
        "growth_pct": Decimal(10),
        "inventory_days": Decimal("36.5"),
        "receivable_days": Decimal("73.0"),
        "payable_days": Decimal("36.5"),
        "cycle_days": Decimal("73.0"),
        "need_amt": Decimal("205222.22"),
        "own_funds_amt": Decimal(50_000),
        "working_loan_amt": None,
        "capacity_amt": Decimal("155222.22"),
    }
    return ProposalInput(
        business_date=day,
        revision=2,
        language=language,
        notes=NOTES,
        client={"client_id": "C1", "name": "Harbour Works", "short_name": "Harbour", "is_natural_person": False},
        branch={"branch_id": "B1", "name": "江东支行", "name_en": "Jiangdong Branch"},
        needs=[Needed(need, bundles)],
        words=Words(
            product={name: word(sizing=how, **cost) for name, how in sizing.items()},
            bundle={name: word() for name in ("plant", "short", "service")},
            shape={"annuity": word()},
            rule=rules,
            verdict={name: word() for name in ("offer", "refused", "forbearance")},
            documents={
                "loan": [word(document="licence"), word(document="accounts")],
                "service": [word(document="licence")],
            },
        ),
        owner="Wang",
        standing={"colour": "amber", "stage_level": 1, "asset_class": "normal", "days_past_due": 3}
        | {"exposure_amt": Decimal(7), "group_exposure_amt": None},
        working=working,
        covenants=[
            {
                **test,
                "covenant_id": "K1",
                "name": "DSCR",
                "metric": "dscr",
                "operator": ">=",
                "limit_value": Decimal("1.25"),
            },
            {
                **test,
                "covenant_id": "K2",
                "name": None,
                "metric": "dscr",
                "operator": ">=",
                "limit_value": Decimal("1.26"),
            },
            # (1 + 4.86) of 8 million, as a share and as a percentage
            {
                **test,
                "covenant_id": "K3",
                "name": "gearing",
                "metric": "gearing",
                "operator": "<=",
                "limit_value": Decimal(1),
            },
            {
                **test,
                "covenant_id": "K4",
                "name": "gearing",
                "metric": "gearing",
                "operator": "<=",
                "limit_value": Decimal(73),
            },
            {
                **test,
                "covenant_id": "K5",
                "name": "LLCR",
                "metric": "llcr",
                "operator": ">=",
                "limit_value": Decimal(1),
            },
            {
                **test,
                "covenant_id": "K6",
                "name": "other",
                "metric": "dscr",
                "operator": ">=",
                "limit_value": Decimal(1),
            }
            | {"project_id": "P2"},
        ],
        outcomes=[outcome, {**outcome, **year, "need_id": "N2", "raised_on": date(2025, 3, 2), "lost_reason": None}],
        lost=[
            {"lost_reason": reason, "lost_count": n, "decided_count": 9, "lost_amt": Decimal(n), "last_on": day}
            for reason, n in (("price", 1), ("speed", 3))
        ],
    )
