"""A small bank with every column that a rule reads: each indicator fires at one client and is quiet at another.

A client is named after what is wrong with it; GOOD and GOODSPV are as they should be. All dates lie around D.
"""

import datetime
import hashlib
from typing import Any

D = datetime.date(2026, 3, 31)  # a Tuesday
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
Row = dict[str, Any]
Bank = dict[str, list[Row]]


def ago(days: int) -> datetime.date:
    return D - datetime.timedelta(days=days)


def noon_of(days: int) -> datetime.datetime:
    return datetime.datetime.combine(ago(days), datetime.time(4))


def full_bank() -> Bank:
    """Source table -> rows."""
    bank: Bank = {
        "branch": [
            {"branch_id": "B1", "name": "B1", "parent_branch_id": "B2"},
            {"branch_id": "B2", "name": "B2", "parent_branch_id": None},
        ],
        "staff": [
            {"staff_id": "S1", "branch_id": "B1", "name": "S1", "role": "rm", "active_from": ago(900)}
            | {"active_to": ago(-900), "max_tasks_per_day": 3},
            {"staff_id": "S0", "branch_id": "B1", "name": "S0", "role": "rm", "active_to": ago(10)},
            {"staff_id": "S2", "branch_id": "B1", "name": "S2", "role": "rm", "active_from": ago(-10)},
            {"staff_id": "H1", "branch_id": "B1", "name": "H1", "role": "branch_head"},
            {"staff_id": "H2", "branch_id": "B2", "name": "H2", "role": "branch_head"},
            {"staff_id": "R1", "branch_id": "B2", "name": "R1", "role": "risk"},
        ],
        "fx_rate": [{"ccy": "USD", "business_date": ago(600), "rate": 7}],
    }
    _clients(bank)
    _flows(bank)
    _uses(bank)
    _rounds(bank)
    _loans(bank)
    _lines(bank)
    _projects(bank)
    _running(bank)
    _accounts(bank)
    _reviewed(bank)
    _observed(bank)
    _relations(bank)
    _security(bank)
    _outside(bank)
    return bank


def put(bank: Bank, table: str, **row: Any) -> None:
    bank.setdefault(table, []).append(row)


CLIENTS = ("GOOD", "NEW", "LATE", "FALL", "LINE", "DRAFT", "RETURN", "AWAY", "OLD", "PERSON", "GONE")
CLIENTS += ("BOOKED", "AGAIN", "GOODSPV", "BADSPV", "MIDSPV", "SOUND", "WEAK", "RUNSPV", "FAILSPV")


def _clients(bank: Bank) -> None:
    for name in CLIENTS:
        branch = "B2" if name == "AWAY" else "B1"
        put(
            bank,
            "client",
            client_id=name,
            name=f"{name} Ltd",
            short_name=name,
            is_natural_person=name == "PERSON",
            segment="retail" if name == "PERSON" else "corporate",
            sector_code="C26",
            group_id="G1" if name in ("GOOD", "OLD") else None,
            branch_id=branch,
            rm_id="S1" if branch == "B1" else None,
            onboard_date=ago(2000),
            closed_date=ago(100) if name == "GONE" else None,
            is_spv=name.endswith("SPV"),
            internal_grade="R4",
            marketing_consent=name in ("GOOD", "SOUND"),
        )
        put(
            bank,
            "account",
            account_id=f"A-{name}",
            client_id=name,
            branch_id=branch,
            kind="settlement",
            ccy="USD" if name == "OLD" else "CNY",
            overdraft_limit=5_000_000 if name == "GOOD" else 0,
            opened_on=ago(10 if name == "NEW" else 2000),
            closed_on=ago(100) if name == "GONE" else None,
        )


def _flows(bank: Bank) -> None:
    """Payments in and out; on each working day a small one at GOOD and, until a week ago, at AWAY."""
    number = 0

    def txn(name: str, days: int, direction: str, amount: int, **more: Any) -> None:
        nonlocal number
        number += 1
        put(bank, "txn", **{**_PLAIN, "txn_id": f"T{number}", "account_id": f"A-{name}", "booked_on": ago(days)}
            | {"direction": direction, "amount": amount, "ccy": "USD" if name == "OLD" else "CNY", **more})  # fmt: skip

    for name in CLIENTS:
        if name in ("GONE", "NEW"):
            continue
        for days in range(0, 600, 12):
            falls = name in ("FALL", "BADSPV") and days < 90
            if name == "AWAY" and days < 7:
                continue
            payer = (0, 1, 0, 3, 4)[days % 60 // 12]
            # of FALL the main payer is gone for good, of LINE nearly everything comes from it
            if name == "FALL" and days < 90 and payer == 0:
                continue
            amount = 2_000_000 if name == "LINE" and payer == 0 else 50_000 if falls else 200_000
            paid_by: Row = {"counterparty_id": f"P{payer}", "counterparty_name": f"P{payer}"}
            paid_by["counterparty_bank"] = "Other Bank" if payer == 1 else None
            txn(name, days, "C", amount, **paid_by)
            txn(name, days, "D", 40_000 if falls else 180_000)
        for days in sorted({*range(0, 600, 10), *(range(30) if name == "GOOD" else ())}):
            low = days < 60 and name in ("FALL", "BADSPV")
            overdrawn = -1_000_000 if name in ("GOOD", "DRAFT") and days % 50 == 0 else None
            amount = overdrawn or (10_000 if low else 5_000_000)
            put(bank, "balance", account_id=f"A-{name}", business_date=ago(days), eod_balance=amount)
            bank["balance"][-1]["ccy"] = "USD" if name == "OLD" else "CNY"
    for days in range(60):
        if ago(days).weekday() < 5:
            txn("GOOD", days, "D", 100, purpose="fee")
            if days >= 9:
                txn("AWAY", days, "D", 100)
    for days in (3, 6, 9, 12, 15):
        txn("RETURN", days, "D", 1_000, is_returned=True)
        txn("GOOD", days + 1, "C", 900_000, purpose="own_transfer")
        txn("GOOD", days + 2, "C", 900_000, purpose="loan_disbursement", counterparty_kind="bank", loan_id="L-GOOD")
    txn("LATE", 20, "C", 700_000)
    txn("LATE", 18, "D", 700_000, reverses_txn_id=f"T{number}")
    # what runs a firm is paid each month: by GOOD still, by DRAFT no longer
    for days in range(21, 560, 30):
        for purpose, kind in (("payroll", "person"), ("tax", "government"), ("social_security", "government")):
            txn("GOOD", days, "D", 20_000, purpose=purpose, counterparty_kind=kind)
            if days > 100:
                txn("DRAFT", days, "D", 20_000, purpose=purpose, counterparty_kind=kind)
        txn("GOOD", days, "D", 5_000, purpose="utility")
        txn("DRAFT", days, "D", 5_000 if days > 100 else 500, purpose="utility")
    for days in (11, 41):  # other banks' money just before what is due
        txn("FALL", days, "C", 5_000, counterparty_kind="bank", counterparty_name="other bank", counterparty_id="B9")
    txn("FALL", 35, "D", 20_000, purpose="cash")
    txn("PERSON", 40, "D", 5_000, counterparty_kind="lender")


def _rounds(bank: Bank) -> None:
    """Money that goes round: of WEAK a draw that comes back or goes to a broker, and payments that FAILSPV answers."""
    number = 0

    def paid(giver: str, taker: str, days: int, amount: int, **more: Any) -> None:
        nonlocal number
        for name, other, direction in ((giver, taker, "D"), (taker, giver, "C")):
            number += 1
            row = {**_PLAIN, "txn_id": f"R{number}", "account_id": f"A-{name}", "booked_on": ago(days), "ccy": "CNY"}
            if name in CLIENTS:
                put(bank, "txn", **row | {"direction": direction, "amount": amount, "counterparty_id": other, **more})

    put(bank, "disbursement", disbursement_id="U-WEAK", loan_id="L-WEAK", drawn_on=ago(20), amount=100_000)
    bank["disbursement"][-1] |= {"payee_id": "AGAIN", "stated_purpose": "goods"}
    paid("WEAK", "AGAIN", 19, 90_000, counterparty_name="Again Ltd")
    paid("AGAIN", "WEAK", 17, 60_000)
    paid("WEAK", "B7", 16, 15_000, counterparty_kind="broker", purpose="securities")
    paid("WEAK", "FAILSPV", 50, 400_000)
    paid("FAILSPV", "WEAK", 48, 390_000)
    paid("AGAIN", "B8", 50, 10_000_000, counterparty_kind="bank")  # where nearly all it pays has arrived


def _uses(bank: Bank) -> None:
    """Draws and what became of them, and what is agreed on the accounts of project companies."""
    for name, left in (("GOODSPV", 10_000), ("BADSPV", 500_000)):
        row: Row = {
            "account_id": f"U-{name}",
            "client_id": name,
            "branch_id": "B1",
            "kind": "disbursement",
            "ccy": "CNY",
        }
        put(bank, "account", **row, overdraft_limit=0, opened_on=ago(2000), closed_on=None)
        put(bank, "balance", account_id=f"U-{name}", business_date=ago(1), eod_balance=left, ccy="CNY")
        put(bank, "disbursement", disbursement_id=f"U-{name}", loan_id=f"L-{name}", drawn_on=ago(200), amount=1_000_000)
        row = {"account_id": f"A-{name}", "month": datetime.date(2026, 2, 1), "agreed_pct": 80}
        put(bank, "account_covenant", **row, required_avg_amt=2_500_000, revenue_due_amt=400_000)
    put(bank, "disbursement", disbursement_id="U-FALL", loan_id="L-FALL", drawn_on=ago(40), amount=100_000)
    # a loan paid another one back
    _loan(bank, "AGAIN", "L-RENEW", start_date=ago(98), maturity_date=ago(-200))
    put(bank, "instalment", loan_id="L-RENEW", due_date=ago(-200), kind="principal", due_amt=800_000)
    paid: Row = {"loan_id": "L-AGAIN", "due_date": ago(99), "kind": "principal"}
    put(bank, "instalment", **paid, due_amt=20_000, paid_amt=20_000, paid_on=ago(99))
    put(bank, "payment", **paid, payment_id="L-AGAIN-large", paid_on=ago(99), amount=20_000)
    put(bank, "offbalance", offbalance_id="U-OLD", client_id="OLD", kind="acceptance", amount=1, expires_on=ago(-9))


_PLAIN: Row = {"counterparty_kind": "company", "purpose": "other", "is_returned": False, "channel": "branch"}
_PLAIN |= {"counterparty_id": "P9", "reverses_txn_id": None, "loan_id": None}


def _loan(bank: Bank, name: str, loan_id: str, **more: Any) -> None:
    row: Row = {
        "loan_id": loan_id,
        "client_id": name,
        "product": "working_capital",
        "ccy": "CNY",
        "limit_amt": 1_000_000,
    }
    row |= {"is_revolving": False, "outstanding_amt": 800_000, "rate_pct": "4.5", "start_date": ago(700)}
    row |= {"maturity_date": ago(-700), "asset_class": "normal", "day_roll": "none", "repay_account_id": f"A-{name}"}
    row |= {"taxonomy_version": "2025", "taxonomy_code": "1.1", "available_until": ago(-300)}
    put(bank, "loan", **row | {"status": "active", **more})


def _plan(bank: Bank, loan_id: str, *, paid: bool = True, late: tuple[int, ...] = (), kind: str = "principal") -> None:
    """An instalment each thirty days; what fell due before the payment table begins is paid in the plan alone."""
    for days in range(610, -100, -30):
        due: Row = {"loan_id": loan_id, "due_date": ago(days), "kind": kind, "due_amt": 1_000}
        is_paid = days > 0 and (paid or days > 70)
        on = ago(days) + datetime.timedelta(days=12 if days in late else 0)
        put(bank, "instalment", **due, paid_amt=1_000 if is_paid else 0, paid_on=on if is_paid else None)
        if is_paid and days < 500:
            put(bank, "payment", payment_id=f"{loan_id}{kind}{days}", loan_id=loan_id, due_date=ago(days), kind=kind)
            bank["payment"][-1] |= {"paid_on": on, "amount": 1_000}


def _loans(bank: Bank) -> None:
    _loan(bank, "NEW", "L-NEW")  # a balance, and no plan
    _loan(bank, "GOOD", "L-GOOD")
    _plan(bank, "L-GOOD")
    _plan(bank, "L-GOOD", kind="interest")
    _loan(bank, "LATE", "L-LATE", asset_class="substandard", project_id=None)
    _plan(bank, "L-LATE", late=(340, 250, 160), paid=False)
    _plan(bank, "L-LATE", late=(340, 250, 160), paid=False, kind="interest")
    # a roll over a weekend, an evidenced delay, a call, a renewal, a concession
    _loan(
        bank,
        "OLD",
        "L-OLD",
        ccy="USD",
        forborne_on=ago(200),
        refinances_loan_id="L-GOOD",
        asset_class="special_mention",
    )
    _plan(bank, "L-OLD")
    _loan(bank, "OLD", "L-ROLL", day_roll="next_workday")
    _plan(bank, "L-ROLL")
    put(bank, "instalment", loan_id="L-ROLL", due_date=datetime.date(2026, 3, 28), kind="principal", due_amt=10)
    _loan(bank, "PERSON", "L-TECH")
    _plan(bank, "L-TECH")
    put(bank, "instalment", loan_id="L-TECH", due_date=ago(5), kind="interest", due_amt=10, technical_reason="clearing")
    _loan(bank, "RETURN", "L-CALL", accelerated_on=ago(10))
    _plan(bank, "L-CALL")
    _loan(bank, "FALL", "L-FALL")
    _plan(bank, "L-FALL")
    put(bank, "forbearance", loan_id="L-FALL", granted_on=ago(500), kind="extension", probation_until=ago(-300))
    # red by the five-class floor alone: a class that the bank books, a second concession under observation
    _loan(bank, "BOOKED", "L-BOOKED", asset_class="substandard")
    _plan(bank, "L-BOOKED")
    _loan(bank, "AGAIN", "L-AGAIN", forborne_on=ago(100))
    _plan(bank, "L-AGAIN")
    put(bank, "forbearance", loan_id="L-AGAIN", granted_on=ago(690), kind="extension", probation_until=ago(-300))
    put(bank, "disbursement", disbursement_id="D1", loan_id="L-GOOD", drawn_on=ago(30), amount=950_000)
    for name, bad in (("GOOD", 0), ("FALL", 300)):
        put(bank, "bureau", client_id=name, month=datetime.date(2026, 2, 1), total_debt_amt=1_000, overdue_90_amt=bad)
    bank["bureau"][-1]["lenders"] = 2
    put(bank, "offbalance", offbalance_id="O1", client_id="GOOD", kind="guarantee", amount=500_000, margin_amt=100_000)
    bank["offbalance"][-1]["expires_on"] = ago(-90)
    put(bank, "offbalance", offbalance_id="O2", client_id="GOOD", kind="acceptance", amount=900_000, expires_on=ago(1))
    put(bank, "offbalance", offbalance_id="O3", client_id="GOOD", kind="acceptance", amount=100_000, expires_on=ago(9))
    bank["offbalance"][-1].update(advanced_on=ago(8), advanced_amt=100_000)
    put(bank, "guarantee", guarantee_id="G1", loan_id="L-GOOD", guarantor_client_id="GOOD", amount=100_000)
    for name, end in (("GOOD", ago(90)), ("LATE", ago(500)), ("FALL", ago(90)), ("RETURN", ago(90)), ("OLD", ago(90)),
                      ("LINE", ago(90)), ("GOODSPV", ago(90)), ("BADSPV", ago(90))):  # fmt: skip
        put(bank, "statement", client_id=name, period_end=end, published_on=end + datetime.timedelta(days=60))


def _accounts(bank: Bank) -> None:
    """Quarters of two years, added up within the year: of a sound firm, and of one whose last year is bad."""
    put(bank, "report_due", client_id="GOODSPV", project_id="PR-GOODSPV", kind="esg_report", due_on=ago(70))
    bank["report_due"][-1]["received_on"] = ago(75)
    for name in ("SOUND", "WEAK"):
        _loan(bank, name, f"L-{name}")
        _plan(bank, f"L-{name}")
        put(bank, "report_due", client_id=name, kind="statement", due_on=ago(70))
        bank["report_due"][-1]["received_on"] = ago(75) if name == "SOUND" else None
        for quarter in range(9):
            year, of_year = 2023 + (quarter + 3) // 4, (quarter + 3) % 4 + 1
            end = datetime.date(year, 3 * of_year + 1, 1) if of_year < 4 else datetime.date(year + 1, 1, 1)
            bad = name == "WEAK" and year == 2025
            million = {
                "revenue": of_year * (3 if bad else 6), "cost_of_sales": of_year * (2 if bad else 4),
                "ebit": of_year * (-1 if bad else 1), "ebitda": of_year * (-1 if bad else 2),
                "net_income": of_year * (-2 if bad else 1), "pretax_profit": of_year * (-2 if bad else 1),
                "interest_expense": of_year * 0.5, "operating_cash_flow": of_year * (-1 if bad else 1),
                "impairment_loss": of_year * (1 if bad else 0), "related_party_sales": of_year * (1 if bad else 0),
                "total_assets": 100, "current_assets": 40, "cash": 2, "receivables": 20 if bad else 10,
                "inventory": 20 if bad else 10, "current_liabilities": 60 if bad else 25,
                "total_liabilities": 96 if bad else 40, "total_debt": 60 if bad else 20,
                "retained_earnings": -10 if bad else 30, "equity": 4 if bad else 60,
                "external_guarantees": 20 if bad else 5,
            }  # fmt: skip
            row: Row = {"client_id": name, "period_end": end - datetime.timedelta(days=1), "scope": "parent"}
            row["market_value"] = 90_000_000 if name == "SOUND" else None
            row |= {"published_on": end + datetime.timedelta(days=40), "is_ytd": True, "audited": of_year == 4}
            row |= {"auditor": "Auditors", "opinion": "qualified" if bad else "clean"} if of_year == 4 else {}
            put(bank, "statement", **row, **{column: int(value * 1_000_000) for column, value in million.items()})


def _lines(bank: Bank) -> None:
    """Revolving loans: one steady, one that fills up; the bank's daily record ends a week ago."""
    for name, start, end in (("GOOD", 300_000, 300_000), ("LINE", 500_000, 970_000)):
        loan_id = f"R-{name}"
        _loan(bank, name, loan_id, is_revolving=True, outstanding_amt=end)
        _plan(bank, loan_id, kind="interest")
        for days in range(7, 100):
            amount = start if days > 60 else end
            put(bank, "loan_daily", loan_id=loan_id, business_date=ago(days), outstanding_amt=amount)
            bank["loan_daily"][-1]["limit_amt"] = 1_000_000


def _projects(bank: Bank) -> None:
    """A good one, one where everything is wrong, and one with the small faults that a large one would hide."""
    for name in ("GOODSPV", "BADSPV", "MIDSPV"):
        project, bad, mid = f"PR-{name}", name == "BADSPV", name == "MIDSPV"
        _loan(bank, name, f"L-{name}", project_id=project)
        _plan(bank, f"L-{name}")
        row: Row = {"project_id": project, "client_id": name, "branch_id": "B1", "name": project, "sector_code": "D44"}
        row |= {"country": "CN", "stage": "construction", "budget_amt": 9_000_000, "contingency_amt": 100_000}
        row |= {"equity_commit_amt": 1_000_000, "debt_commit_amt": 2_000_000, "capital_ratio": "0.3"}
        row |= {"cod_contract": ago(30 if bad else -200), "cod_forecast": ago(-300 if bad else -200)}
        row |= {"longstop_date": ago(5 if bad or mid else -400), "concession_end": ago(-4000), "ep_category": "A"}
        # one on the list of major risk, one that is to be of a graver category, in a sector under transition policy
        row |= {"cn_class": "B", "esg_listed_on": ago(20) if bad else None, "proposed_category": "A" if mid else None}
        row |= {"ep_category": None, "sector_code": "D4411"} if mid else {}
        put(bank, "project", **row, approved_on=ago(800), approved_amt=2_500_000, department="energy")
        row = {"project_id": project, "as_of_date": ago(20), "physical_pct": 20 if bad else 60, "drawn_amt": 1_200_000}
        row |= {"equity_paid_amt": 100_000 if bad else 700_000, "certified_by": "engineer"}
        row |= {"total_debt_amt": 7_000_000 if bad else 1_500_000, "contingency_used_amt": 90_000 if bad else 50_000}
        row |= {"planned_value": 5_400_000, "earned_value": 2_700_000 if bad else 5_400_000}
        row |= {"actual_cost": 3_600_000 if bad else 5_400_000, "change_order_amt": 1_800_000 if bad else 90_000}
        put(bank, "project_progress", **row)
        row = {"project_id": project, "standard": "PS1", "description": "d", "owner": "o", "evidence_id": "e"}
        put(bank, "esap_action", **row, action_id=f"E-{name}", due_on=ago(100), done_on=None if bad else ago(120))
        put(bank, "esap_action", **row, action_id=f"H-{name}", due_on=ago(40), priority="high")
        bank["esap_action"][-1]["done_on"] = None if bad or mid else ago(50)
        for kind, expires, issued, filed in (
            ("discharge", 5 if bad else -300, 700, None),
            ("noise", 2 if bad else -200, 700, None),
            ("water", 3 if mid else -300, 700, 80),  # run out, and being renewed
            ("eia", -500, -9 if mid else 800, None),  # to be issued, and the building goes on
        ):
            row = {"permit_id": f"{kind}-{name}", "project_id": project, "kind": kind, "expires_on": ago(expires)}
            row |= {"issued_on": ago(issued), "renewal_filed_on": ago(filed) if filed else None}
            row |= {"document_no": kind, "evidence_id": f"{kind}.pdf"} if kind != "noise" else {}
            put(bank, "permit", **row, is_operating_critical=kind in ("discharge", "water"))
        put(bank, "insurance", insurance_id=f"I1-{name}", project_id=project, kind="car", expires_on=ago(10))
        put(bank, "insurance", insurance_id=f"I2-{name}", project_id=project, kind="car", expires_on=ago(-200))
        test: Row = {"name": "DSCR", "metric": "dscr", "level": "default", "operator": ">=", "limit_value": "1.2"}
        put(bank, "covenant_test", covenant_id=f"V1-{name}", project_id=project, test_date=ago(40), **test)
        bank["covenant_test"][-1] |= {"actual": "1.1" if bad else "1.5", "status": "breach" if bad else "pass"}
        put(bank, "covenant_test", covenant_id=f"V2-{name}", loan_id=f"L-{name}", test_date=ago(40), **test)
        until = ago(5 if mid else -60)  # one that is waived, one whose waiver has run out
        bank["covenant_test"][-1] |= {"actual": "1.0", "status": "waived", "waived_until": until, "cure_days": 30}
        test = {"name": "gearing", "metric": "gearing", "level": "default", "operator": "<=", "limit_value": "0.8"}
        put(bank, "covenant_test", covenant_id=f"V3-{name}", project_id=project, test_date=ago(40), **test)
        bank["covenant_test"][-1] |= {"actual": "0.6", "status": "pass"}
    seen = {"document_no": "N1", "cause": "pump", "fix": "seal", "evidence_id": "EV1"}
    for number, more in enumerate(
        (
            {"project_id": "PR-BADSPV", "kind": "penalty", "published_on": ago(50), "amount": 10, "source": "press"},
            {"client_id": "BADSPV", "kind": "spill", "closed_on": ago(9), "verified_on": ago(8), **seen},
            {"client_id": "BADSPV", "kind": "spill", "published_on": ago(-9)},
            {"project_id": "PR-GOODSPV", "kind": "stop_order", "closed_on": ago(9), "event_key": "order"},
            {"project_id": "PR-BADSPV", "kind": "grievance"},
            {"project_id": "PR-BADSPV", "kind": "physical_damage", "closed_on": ago(9)},
            {"project_id": "PR-GOODSPV", "kind": "grievance", "closed_on": ago(9)},
        )
    ):
        put(bank, "esg_incident", incident_id=f"X{number}", occurred_on=ago(60), **more)


def _reviewed(bank: Bank) -> None:
    """What projects measure and are graded by, each half-year: one stays as it was, one gets worse."""
    put(bank, "report_due", client_id="BADSPV", project_id="PR-BADSPV", kind="esg_report", due_on=ago(70))
    screened = ("permit_compliance", "climate_physical", "labour_conditions", "esg_disclosure", "board_oversight")
    for project, is_bad in (("PR-GOODSPV", False), ("PR-BADSPV", True)):
        for days in (600, 420, 240, 60):
            worse = is_bad and days == 60
            row: Row = {"project_id": project, "period_end": ago(days), "evidence_on": ago(days - 20)}
            for item in screened:
                put(bank, "esg_item", **row, item=item, value=25 if worse else 100, unit="grade", evidence_id=item)
            limit: Row = {"item": "so2", "unit": "mg/m3", "target": 20, "permit_limit": 50, "evidence_id": "so2"}
            put(bank, "esg_item", **row, **limit, value=60 if worse else 20)
            put(bank, "esg_item", **row, item="ltifr", unit="per 1m hours", value=9 if worse else 1)

    # of one the bank has verified figures and of the other an estimate; of a listed firm and of one that is not
    for table, holder, name, is_verified in (
        ("emission", "project_id", "PR-GOODSPV", True),
        ("emission", "project_id", "PR-BADSPV", False),
        ("client_emission", "client_id", "SOUND", True),
        ("client_emission", "client_id", "WEAK", False),
    ):
        for year in (2024, 2025):
            row = {holder: name, "year": year, "scope1_t": 900, "scope2_t": 300, "scope3_t": 2_000}
            row |= {"method_option": "1a" if is_verified else "3a", "data_quality": 1 if is_verified else 5}
            put(bank, table, **row)

    # a review that H2 approved, and two of its conditions
    noon = datetime.datetime.combine(ago(20), datetime.time(4))
    review: Row = {"project_id": "PR-BADSPV", "period_end": ago(90), "verdict": "conditional", "judgement": "as seen"}
    review |= {"next_review_on": ago(-60), "site_visit_on": ago(40), "consultant_on": ago(50), "facts_on": ago(21)}
    review |= {"prepared_by": "S1", "prepared_at": noon, "facts_hash": "0", "facts": "", "coverage_pct": 50}
    put(bank, "esg_review", **review, score_strict=40, score_evidenced=60)
    signed: Row = {"subject": "esg_review", "subject_key": f"PR-BADSPV:{ago(90)}", "verdict": "approve"}
    put(bank, "decision", decision_id="DC2", decided_by="R1", decided_at=noon, **signed)
    condition: Row = {"project_id": "PR-BADSPV", "period_end": ago(90), "is_before_draw": True, "evidence_id": "E"}
    for name, due, met, gone in (("K1", 5, None, None), ("K2", -5, ago(1), None), ("K3", -5, None, ago(1))):
        put(bank, "esg_condition", condition_id=name, condition=name, due_on=ago(due), met_on=met, withdrawn_on=gone)
        bank["esg_condition"][-1] |= condition


def _observed(bank: Bank) -> None:
    """What people saw: one checked by a second person, one of a suspicion, one that has run out."""
    for number, (name, code, severity, days, more) in enumerate(
        (
            ("FALL", "orders_lost", "red", 20, {"checker_id": "H1", "note": "seen on a visit"}),
            ("BADSPV", "construction_halted", "amber", 20, {"project_id": "PR-BADSPV"}),
            ("LINE", "trade_background", "amber", 20, {}),
            ("GOOD", "orders_lost", "amber", 80, {"expires_on": ago(10)}),
            ("GOOD", "gambling_rumour", "amber", 100, {}),
        )
    ):
        row: Row = {"observation_id": f"OB{number}", "client_id": name, "code": code, "severity": severity}
        put(bank, "observation", **row, observed_on=ago(days), staff_id="S1", **more)


def _running(bank: Bank) -> None:
    """Two projects in operation: one that earns its debt service well, and one that hardly earns it any more."""
    ends = [datetime.date(year, month, day) for year in (2025, 2026, 2027, 2028) for month, day in QUARTER_ENDS]
    for name in ("RUNSPV", "FAILSPV"):
        project, bad = f"PR-{name}", name == "FAILSPV"
        loan: Row = {"project_id": project, "outstanding_amt": 1_000_000, "maturity_date": datetime.date(2028, 3, 20)}
        _loan(bank, name, f"L-{name}", **loan)
        _plan(bank, f"L-{name}")
        row: Row = {"project_id": project, "client_id": name, "branch_id": "B1", "name": project, "stage": "operation"}
        row |= {"cod_contract": ago(800), "cod_forecast": ago(790), "concession_end": datetime.date(2028, 12, 31)}
        put(bank, "project", **row, approved_on=ago(2000))
        for end in ends:
            row = {"project_id": project, "period_end": end, "kind": "actual" if end < D else "forecast"}
            row |= {"cfads": 90_000 if bad else 240_000, "principal": 80_000, "interest": 20_000}
            row |= {"dsra_balance": 80_000 if bad else 200_000, "dsra_required": 200_000}
            row |= {"output": 80 if bad else 100, "output_p50": 100, "offtaker_contract_days": 60}
            row |= {"offtaker_receivable_days": 180 if bad else 60, "subsidy_days_late": 400 if bad else 10}
            put(bank, "project_cashflow", **row)
        for number in range(4):
            actual = 1.5 - 0.07 * number if bad else 1.5
            put(bank, "covenant_test", covenant_id=f"V1-{name}", project_id=project, test_date=ago(300 - 80 * number))
            bank["covenant_test"][-1] |= {"name": "DSCR", "metric": "dscr", "level": "default", "operator": ">="}
            bank["covenant_test"][-1] |= {"limit_value": "1.2", "actual": f"{actual:.2f}", "loan_id": f"L-{name}"}


def _relations(bank: Bank) -> None:
    for name in CLIENTS:
        for back in range(1, 14):
            year, month = divmod(D.year * 12 + D.month - 1 - back, 12)
            put(bank, "client_profit_month", client_id=name, month=datetime.date(year, month + 1, 1), ftp_income=9_000)
            bank["client_profit_month"][-1] |= {"fee_income": 500, "opex": 400, "expected_loss": 300}
            bank["client_profit_month"][-1]["economic_capital"] = 20_000
        put(bank, "product_holding", client_id=name, product="payroll", amount=1)
        bank["product_holding"][-1]["since"] = ago(-5 if name == "LATE" else 900)
    noon = datetime.datetime.combine(ago(20), datetime.time(4))
    put(bank, "contact", contact_id="K1", client_id="GOOD", staff_id="S1", occurred_at=noon, kind="fixed", two_way=True)
    bank["contact"][-1] |= {"channel": "call", "outcome": "answered"}
    put(
        bank, "contact", contact_id="K2", client_id="LATE", staff_id="S1", occurred_at=noon, kind="visit", two_way=False
    )
    bank["contact"][-1]["channel"] = "call"
    # what a person reported of tonight's arrears of LATE
    task = hashlib.md5(f"LATE|warning|P01|{D}".encode(), usedforsecurity=False).hexdigest()[:12]
    put(bank, "task_feedback", task_key=task, status="acknowledged", done_at=noon, staff_id="S1", checker_id="H1")
    bank["task_feedback"][-1]["note"] = "visited"
    put(bank, "decision", decision_id="DC1", subject="override", subject_key="V1", verdict="approve", decided_by="H1")
    bank["decision"][-1] |= {"checker_id": "S1", "decided_at": noon, "until": ago(-30), "note": "as asked"}
    put(bank, "client_link", client_id="LATE", other_client_id="GOODSPV", kind="controls", share_pct=60)
    bank["client_link"][-1] |= {"valid_from": ago(900), "valid_to": ago(-900)}
    put(bank, "override", override_id="V1", client_id="GOOD", tier="strategic", reason_code="head_office")
    bank["override"][-1] |= {"requested_by": "S1", "approved_by": "H1", "valid_from": ago(30), "valid_to": ago(-60)}
    _promised(bank)


def _promised(bank: Bank) -> None:
    """What clients need and were promised, who looks after them while others are away, and a draw that is announced."""
    need: Row = {"client_id": "GOOD", "kind": "equipment", "amount": 100_000, "raised_on": ago(40)}
    put(bank, "need", need_id="N1", **need, by_when=ago(-40), status="open", price_amt=150_000)
    put(bank, "need", need_id="N2", **need, by_when=ago(5), status="won", closed_on=ago(6))
    put(bank, "need", need_id="N3", **need, by_when=ago(5), status="lost", closed_on=ago(6), lost_reason="price")
    need = {"client_id": "SOUND", "kind": "refinance", "amount": 800_000, "raised_on": ago(40), "by_when": ago(-60)}
    need |= {"refinances_loan_id": "L-SOUND", "take_out_kind": "bond", "take_out_amt": 900_000}
    need["take_out_on"] = ago(-300)
    put(bank, "need", need_id="N4", **need, status="open")
    plan: Row = {"campaign_id": "K1", "product": "payroll", "client_kind": "company", "name": "代发工资"}
    plan["name_en"] = "wages"
    put(bank, "campaign_plan", **plan, starts_on=ago(30), ends_on=ago(-30), outcome_days=60, hold_out_pct=20)
    for name, offered, outcome, answered in (
        ("GOOD", 45, "declined", ago(40)),
        ("SOUND", 20, "accepted", ago(10)),
        ("WEAK", 310, "declined", ago(300)),
        ("LINE", 9, "pending", None),
    ):
        row: Row = {"offer_id": f"OF-{name}", "client_id": name, "product": "payroll", "offered_on": ago(offered)}
        put(bank, "offer", **row, outcome=outcome, outcome_on=answered)
    for staff_id, course, completed, expires in (
        ("S1", "anti_money_laundering", 300, -60),
        ("S1", "post_loan_management", 700, -20),
        ("H1", "anti_money_laundering", 800, 60),
    ):
        put(bank, "training", staff_id=staff_id, course=course, completed_on=ago(completed), expires_on=ago(expires))
    put(bank, "survey", response_id="Q1", client_id="LATE", staff_id="S1", answered_on=ago(3), csat=1, nps=2)
    put(bank, "survey", response_id="Q2", client_id="GOOD", staff_id="S1", answered_on=ago(3), csat=5, nps=10)
    promise: Row = {"client_id": "GOOD", "staff_id": "S1", "text": "an answer", "made_on": ago(20)}
    put(bank, "promise", promise_id="W1", **promise, due_on=ago(3))
    put(bank, "promise", promise_id="W2", **promise, due_on=ago(9), kept_on=ago(10))
    put(bank, "client_team", client_id="GOOD", staff_id="S1", role="rm", valid_from=ago(400), valid_to=ago(-400))
    put(bank, "absence", staff_id="S1", from_on=ago(30), to_on=ago(20), deputy_id="H1")
    put(bank, "draw_request", request_id="DR1", loan_id="L-GOODSPV", amount=20_000_000, wanted_on=ago(-5))
    bank["draw_request"][-1] |= {"payee_id": "K1", "purpose": "works"}
    report: Row = {"loan_id": "L-GOODSPV", "kind": "site_check", "prepared_by": "S1", "checker_id": "H1"}
    put(bank, "check_report", report_id="CR1", **report, checked_on=ago(60), conclusion="sound", judgement="as planned")
    bank["check_report"][-1] |= {"filed_at": noon_of(59), "facts_hash": "f1", "report_hash": "h1", "facts": "{}"}
    put(bank, "check_point", point_id="CP1", loan_id="L-GOODSPV", report_id="CR1", text="the roof", owner_id="S1")
    bank["check_point"][-1] |= {"due_on": ago(20), "answer": "mended", "answered_in": "CR1", "answered_on": ago(10)}


#: what the night before knew of the collateral
VALUED_BEFORE: list[Row] = [
    {"collateral_id": f"{kind}-{name}", "valued_on": ago(900), "value_amt": value}
    for name in ("SOUND", "WEAK")
    for kind, value in (("C", 1_600_000), ("S", 110_000))
]


def _security(bank: Bank) -> None:
    """What secures the loans of a sound firm, and of one whose security fails; their guarantors are as they are."""
    for name, kind, value, days in (("SOUND", "real_estate", 1_500_000, 90), ("WEAK", "equipment", 900_000, 200)):
        put(bank, "collateral", collateral_id=f"C-{name}", kind=kind, value_amt=value, valued_on=ago(days))
        bank["collateral"][-1] |= {"prior_lien_amt": 0 if name == "SOUND" else 600_000}
        bank["collateral"][-1] |= {"insured_until": ago(-300 if name == "SOUND" else 5)}
        bank["collateral"][-1] |= {"seized_on": None if name == "SOUND" else ago(9)}
        put(bank, "collateral_loan", collateral_id=f"C-{name}", loan_id=f"L-{name}")
        put(bank, "collateral", collateral_id=f"S-{name}", kind="listed_shares", value_amt=100_000)
        bank["collateral"][-1] |= {"margin_line_amt": 50_000, "valued_on": D}
        if name == "WEAK":
            bank["collateral"][-1] |= {"margin_line_amt": 120_000, "valued_on": ago(40)}
        put(bank, "collateral_loan", collateral_id=f"S-{name}", loan_id=f"L-{name}")
    for loan_id, giver in (("L-CALL", "SOUND"), ("L-WEAK", "LATE")):
        put(bank, "guarantee", guarantee_id=f"G-{giver}", loan_id=loan_id, guarantor_client_id=giver, amount=1_000)


def _outside(bank: Bank) -> None:
    """What is reported of the same two: of one that it sues, of the other all there is."""
    put(bank, "external_event", event_id="E0", client_id="SOUND", kind="lawsuit", published_on=ago(30))
    bank["external_event"][-1] |= {"role": "plaintiff", "amount": 9_000_000, "event_key": "K0", "source": "court"}
    said: dict[str, Row] = {
        "lawsuit": {"role": "defendant", "amount": 90_000_000},
        "enforced": {"amount": 5_000_000},
        "dishonest_debtor": {"amount": 5_000_000},
        "tax_arrears": {"amount": 2_000_000},
        "account_frozen": {"amount": 3_000_000},
        "share_pledge": {"value": 90},
        "executive_change": {},
        "rating_change": {"value": -2},
        "bond_default": {"amount": 8_000_000},
        "sanction": {},
        "inspection": {},
    }
    for number, (kind, more) in enumerate(said.items(), start=1):
        put(bank, "external_event", event_id=f"E{number}", client_id="WEAK", kind=kind, published_on=ago(20))
        bank["external_event"][-1] |= {"role": "subject", "event_key": f"K{number}", "source": "register", **more}
