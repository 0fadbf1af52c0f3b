"""One branch's morning, written out by hand: every section of a list has something in it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from nightdesk.render.branch import Rendered, render_view
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import BranchInput, Notes, Unassessed

BUSINESS_DATE = date(2026, 3, 31)
MORNING = date(2026, 4, 1)

NOTES = Notes(
    morning=MORNING,
    cutoff=datetime(2026, 3, 31, 21, 0, tzinfo=UTC),
    policy_version="2026-01-01/3f9a2c",
    data_to=BUSINESS_DATE,
    not_supplied=("bureau", "statement"),
    unassessed=Unassessed(("report_due", "external_event"), ("forbearance",), ("offbalance", "contact")),
    indicator_names={"T01": {"zh_CN": "存款下降", "en": "Fall in deposits"}},
)

BRANCH = {
    "branch_id": "B001",
    "name": "城东支行",
    "name_en": "Chengdong Branch",
    "list_email": "chengdong@example.com",
    "language": "zh_CN",
    "mail_mode": "masked",
}

STAFF = [
    {"staff_id": "S01", "branch_id": "B001", "name": "王敏", "role": "rm"},
    {"staff_id": "S02", "branch_id": "B001", "name": "李强", "role": "rm"},
    {"staff_id": "S03", "branch_id": "B001", "name": "陈立 Chen Li", "role": "branch_head"},
]

CLIENTS = [
    {
        "client_id": "C000118",
        "name": "长江新材料科技股份有限公司",
        "short_name": "长江新材",
        "is_natural_person": False,
    },
    {
        "client_id": "C000245",
        "name": "华东精密机械有限公司",
        "short_name": "华东精机",
        "is_natural_person": False,
    },
    {
        "client_id": "C000307",
        "name": "青岭风电开发有限公司",
        "short_name": "青岭风电",
        "is_natural_person": False,
    },
    {
        "client_id": "C000412",
        "name": "Harbour Logistics Co., Ltd.",
        "short_name": "Harbour Log.",
        "is_natural_person": False,
    },
    {"client_id": "C000533", "name": "欧阳文博", "short_name": None, "is_natural_person": True},
    {
        "client_id": "C000601",
        "name": "南湖食品集团有限公司",
        "short_name": "南湖食品",
        "is_natural_person": False,
    },
    {
        "client_id": "C000702",
        "name": "<script>alert(1)</script>有限公司",
        "short_name": "<script>alert(1)</script>",
        "is_natural_person": False,
    },
    {"client_id": "C000810", "name": "=1+1", "short_name": "=1+1", "is_natural_person": False},
    {
        "client_id": "C000905",
        "name": "天元置业有限公司",
        "short_name": "天元置业",
        "is_natural_person": False,
    },
    {
        "client_id": "C001002",
        "name": "Sun & Sea Trading",
        "short_name": "Sun & Sea",
        "is_natural_person": False,
    },
    {"client_id": "C001100", "name": "新设小微公司", "short_name": "新设小微", "is_natural_person": False},
]


def task(rank: int, client_id: str, **values: Any) -> dict[str, Any]:
    """A task row with the usual values, where `values` do not say otherwise."""
    row: dict[str, Any] = {
        "business_date": BUSINESS_DATE,
        "branch_id": "B001",
        "owner_id": "S01",
        "client_id": client_id,
        "task_key": f"{rank:012x}",
        "kind": "warning",
        "subject": None,
        "rank": rank,
        "priority": Decimal("50.0000"),
        "due_on": date(2026, 4, 3),
        "late_days": -2,
        "overdue_level": "ok",
        "colour": "amber",
        "tier": "important",
        "exposure_amt": Decimal("12000000.00"),
        "sev_points": Decimal("20.0"),
        "urgency_points": Decimal("5.4"),
        "tier_points": Decimal("6.0"),
        "exposure_points": Decimal("8.6"),
        "value_points": Decimal("0"),
        "is_must_do": False,
        "is_later": False,
        "status": "open",
        "feedback_note": None,
        "feedback_by": None,
        "started_on": BUSINESS_DATE,
        "change": "new",
        "indicator": None,
        "severity": None,
        "is_hard": False,
        "loan_id": None,
        "project_id": None,
        "audience": "branch",
        "reason_zh": "原因",
        "reason_en": "Reason",
        "next_step_zh": "下一步",
        "next_step_en": "Next",
    }
    return row | values


TASKS = [
    task(
        1,
        "C000118",
        colour="red",
        tier="strategic",
        indicator="P01",
        severity="red",
        is_hard=True,
        loan_id="L20231107",
        is_must_do=True,
        change="worse",
        exposure_amt=Decimal("368000000.00"),
        priority=Decimal("83.9"),
        sev_points=Decimal("40"),
        urgency_points=Decimal("14.6"),
        tier_points=Decimal("15"),
        exposure_points=Decimal("14.3"),
        due_on=date(2026, 3, 30),
        late_days=2,
        overdue_level="L1",
        reason_zh="本金逾期 34 天（红线 30 天），逾期金额 1,250.00 万元；最早未还到期日 2026-02-25;数据至2026-03-31",
        reason_en="Principal 34 days past due (limit 30), CNY 12.50m; oldest due date 2026-02-25; data to 2026-03-31",
        next_step_zh="当日约见实际控制人，核实还款来源，暂停新增放款",
        next_step_en="Meet the controlling shareholder today, verify the source of repayment, stop new drawings",
    ),
    task(
        2,
        "C000118",
        colour="red",
        tier="strategic",
        indicator="T02",
        severity="red",
        is_must_do=True,
        exposure_amt=Decimal("368000000.00"),
        priority=Decimal("79.0"),
        change="same",
        reason_zh="近 90 天日均入账 41.20 万元，较前 365 天下降 46%（红线 40%）;数据至2026-03-31",
        reason_en="Inflow of 90 days is CNY 412.0k a day, 46% below the 365 before (limit 40%); data to 2026-03-31",
        next_step_zh="核实主要付款方是否变更结算行",
        next_step_en="Ask whether the main payers moved their account",
    ),
    task(
        3,
        "C000307",
        owner_id="S02",
        colour="red",
        tier="core",
        indicator="J12",
        severity="red",
        project_id="PRJ-0031",
        is_must_do=True,
        due_on=MORNING,
        late_days=0,
        exposure_amt=Decimal("1240000000.00"),
        priority=Decimal("77.2"),
        sev_points=Decimal("40"),
        urgency_points=Decimal("10"),
        tier_points=Decimal("10.5"),
        exposure_points=Decimal("15"),
        value_points=Decimal("1.7"),
        reason_zh="累计提款 78.0%，经认证的工程进度 55.0%，超前 23.0 个百分点（红线 20）",
        reason_en="78.0% drawn against 55.0% certified progress: 23.0 points ahead (limit 20)",
        next_step_zh="提款前取得监理进度证明，未取得前停止放款",
        next_step_en="Obtain the engineer's certificate before any drawing",
        status="acknowledged",
        feedback_by="S02",
        feedback_note="已约监理单位周四现场核验",
    ),
    task(
        4,
        "C000245",
        owner_id="S02",
        colour="orange",
        tier="core",
        kind="instalment_cover",
        is_near=True,
        loan_id="L20250316",
        is_must_do=True,
        due_on=date(2026, 4, 2),
        late_days=-1,
        exposure_amt=Decimal("86000000.00"),
        priority=Decimal("61.8"),
        reason_zh="2026-04-06 到期本息 320.00 万元，还款账户余额 41.75 万元，缺口 278.25 万元",
        reason_en="CNY 3.20m due on 2026-04-06, repayment account holds CNY 417.5k: CNY 2.78m short",
        next_step_zh="提醒客户到期前两个工作日足额存入",
        next_step_en="Ask the client to fund the account two working days ahead",
    ),
    task(
        5,
        "C000533",
        owner_id="S01",
        colour="orange",
        tier="important",
        indicator="T08",
        severity="red",
        is_must_do=True,
        exposure_amt=Decimal("4300000.00"),
        priority=Decimal("58.4"),
        reason_zh="近 30 天退票 5 笔（红线 4 笔）",
        reason_en="5 returned payments in 30 days (limit 4)",
        next_step_zh="核实退票原因并登记",
        next_step_en="Find out why and file a note",
    ),
    task(
        6,
        "C000412",
        owner_id=None,
        colour="amber",
        tier="potential",
        kind="maturity",
        loan_id="L20250402",
        is_must_do=True,
        exposure_amt=Decimal("9800.00"),
        priority=Decimal("55.1"),
        due_on=date(2026, 4, 15),
        late_days=-9,
        reason_zh="贷款 980.00 万元将于 2026-04-15 到期",
        reason_en="Loan of CNY 9.80m matures on 2026-04-15",
        next_step_zh="确认还款或续贷安排",
        next_step_en="Agree on repayment or renewal",
    ),
    task(
        7,
        "C000601",
        owner_id="S03",
        colour="blue",
        kind="contact",
        due_on=date(2026, 3, 20),
        late_days=8,
        overdue_level="L3",
        reason_zh="3 月第 2 次定期联系尚未完成",
        reason_en="Second regular contact of March not made",
        next_step_zh="安排面访或视频会议",
        next_step_en="Arrange a visit or a video call",
        change=None,
        priority=Decimal("44.0"),
    ),
    task(
        8,
        "C000702",
        colour="amber",
        indicator="T04",
        severity="amber",
        priority=Decimal("41.0"),
        reason_zh="额度使用率 91%（黄线 85%）<b>注意</b>",
        reason_en="Utilisation 91% (limit 85%) <b>x</b>",
    ),
    task(
        9,
        "C000810",
        colour="amber",
        kind="esg_review",
        project_id="987654321098765432",
        priority=Decimal("40.0"),
        reason_zh="=1+1",
        reason_en="=1+1",
        feedback_note="+cmd",
    ),
    task(
        10,
        "C000905",
        colour="blue",
        audience="risk_only",
        indicator="T16",
        severity="red",
        loan_id="L66600001",
        priority=Decimal("39.0"),
        reason_zh="疑似资金回流 SECRET",
        reason_en="suspected round-tripping SECRET",
        next_step_zh="SECRET",
        next_step_en="SECRET",
    ),
    task(11, "C001002", is_later=True, owner_id="S01"),
    task(12, "C000601", is_later=True, owner_id="S03", kind="contact"),
    task(
        13,
        "C000245",
        owner_id="S02",
        status="false_alarm",
        feedback_by="S02",
        feedback_note="客户更换结算行，流水已补充",
        indicator="T01",
        severity="amber",
        reason_zh="余额下降 52%",
        reason_en="Balance down 52%",
    ),
    task(
        14,
        "C000118",
        colour="red",
        tier="strategic",
        indicator="P03",
        severity="amber",
        loan_id="L20231107",
        is_must_do=True,
        change="same",
        exposure_amt=Decimal("368000000.00"),
        priority=Decimal("83.9"),
        due_on=date(2026, 3, 30),
        late_days=2,
        overdue_level="L1",
        reason_zh="贷款欠息已 12 天（预警线 1 天）;数据至2026-03-31",
        reason_en="Interest 12 days past due (amber line 1); data to 2026-03-31",
        next_step_zh="当日约见实际控制人，核实还款来源，暂停新增放款",
        next_step_en="Meet the controlling shareholder today, verify the source of repayment, stop new drawings",
    ),
]


def steps(rank: int, indicator: str) -> list[dict[str, Any]]:
    """The steps of a task of arrears: one that is late, two of one day, one ahead."""
    usual = {
        "business_date": BUSINESS_DATE,
        "branch_id": "B001",
        "client_id": "C000118",
        "task_key": f"{rank:012x}",
        "indicator": indicator,
        "band": "over_90",
    }
    return [
        usual | {"step": number} | step
        for number, step in enumerate(
            (
                {
                    "owner_role": "rm",
                    "due_on": date(2026, 3, 30),
                    "late_days": 2,
                    "action": "written_demand",
                    "action_zh": "发出书面催收通知并取得回执",
                    "action_en": "send a written demand and get its receipt",
                    "evidence": "demand_receipt",
                    "evidence_zh": "催收通知回执",
                    "evidence_en": "receipt of the demand",
                },
                {
                    "owner_role": "branch_head",
                    "due_on": MORNING,
                    "late_days": 0,
                    "action": "stop_draw",
                    "action_zh": "暂停提款",
                    "action_en": "stop the draw",
                    "evidence": "draw_stop_notice",
                    "evidence_zh": "暂停提款通知",
                    "evidence_en": "notice of the draw stop",
                },
                {
                    "owner_role": "legal",
                    "due_on": date(2026, 4, 15),
                    "late_days": -9,
                    "action": "examine_acceleration",
                    "action_zh": None,
                    "action_en": None,
                    "evidence": None,
                    "evidence_zh": None,
                    "evidence_en": None,
                },
                {
                    "owner_role": "branch_head",
                    "due_on": MORNING,
                    "late_days": 0,
                    "action": "report_to_risk",
                    "action_zh": "向风险管理部门报告",
                    "action_en": "report to risk",
                    "evidence": "risk_report",
                    "evidence_zh": "风险报告",
                    "evidence_en": "report to risk",
                },
            ),
            start=1,
        )
    ]


#: two tasks that ask for the same, and one of a suspicion, whose steps would tell it
STEPS = [
    *steps(1, "P01"),
    *steps(14, "P03"),
    {**steps(10, "T16")[0], "client_id": "C000905", "action_zh": "SECRET", "action_en": "SECRET"},
]

DECIDING = [
    {"branch_id": "B001", "client_id": client_id, "colour": colour, "rule": rule, "subject": subject} | figures
    for client_id, colour, rule, subject, figures in (
        ("C000118", "red", "score", None, {"value": Decimal("62.5000"), "line": Decimal("60.0000")}),
        ("C000118", "red", "hard", "P01", {}),
        ("C000118", "red", "hard", "J15", {}),
        ("C000307", "red", "floor", "overdue_90", {}),
        ("C000905", "blue", "reserved", None, {}),
    )
]

#: groups of indicators whose points are more than they may count
CAPPED = [
    {
        "client_id": "C000118",
        "branch_id": "B001",
        "group_code": "P",
        "points": Decimal("60.00"),
        "told_points": Decimal("60.00"),
        "cap": 40,
    },
]
PATHS = [
    {"branch_id": "B001", "client_id": "C000118", "month": month, "night": night, "score": score, "colour": colour}
    for month, night, score, colour in (
        (date(2025, 12, 1), date(2025, 12, 31), Decimal("0.00"), "green"),
        (date(2026, 1, 1), date(2026, 1, 31), Decimal("0.00"), "green"),
        (date(2026, 2, 1), None, None, None),
        (date(2026, 3, 1), date(2026, 3, 31), Decimal("62.50"), "red"),
    )
]

SIGNALS = [
    {
        "branch_id": "B001",
        "client_id": "C000118",
        "indicator": indicator,
        "weight": weight,
        "first_seen": first_seen,
        "data_date": BUSINESS_DATE,
        "points": Decimal(weight),
        "unit": unit,
        "clears": clears,
    }
    for indicator, weight, first_seen, unit, clears in (
        ("P01", 25, date(2026, 2, 26), "days", "value < 1"),
        ("P03", 15, date(2026, 3, 20), "days", None),
        ("T02", 12, date(2026, 3, 29), "pct", "value < 25"),
    )
]

CLEARED = [
    {
        "business_date": BUSINESS_DATE,
        "client_id": "C001002",
        "branch_id": "B001",
        "loan_id": None,
        "project_id": None,
        "indicator": "T03",
        "severity": "amber",
        "first_seen": date(2026, 2, 11),
        "last_seen": date(2026, 3, 30),
        "reason_zh": "入账同比降幅回落至 8%",
        "reason_en": "Inflow is back within 8% of last year",
    },
    {
        "business_date": BUSINESS_DATE,
        "client_id": "C000601",
        "branch_id": "B001",
        "indicator": "T15",
        "severity": "red",
        "first_seen": date(2026, 3, 1),
        "audience": "risk_only",
        "reason_zh": "SECRET",
        "reason_en": "SECRET",
    },
]

TIERS = [
    {
        "client_id": "C000601",
        "branch_id": "B001",
        "tier": "important",
        "previous_tier": "core",
        "cause": "downgrade",
        "effective_from": MORNING,
    },
    {
        "client_id": "C001002",
        "branch_id": "B001",
        "tier": "core",
        "previous_tier": "important",
        "cause": "upgrade",
        "effective_from": MORNING,
    },
    {
        "client_id": "C000905",
        "branch_id": "B001",
        "tier": "standard",
        "previous_tier": "standard",
        "cause": "kept",
        "effective_from": date(2026, 1, 1),
    },
]

COLOURS = {
    "C000118": "red",
    "C000307": "red",
    "C000245": "orange",
    "C000533": "orange",
    "C000412": "amber",
    "C000702": "amber",
    "C000810": "amber",
    "C000601": "blue",
    "C000905": "blue",
    "C001002": "blue",
    "C001100": "not_assessed",
}

STANDING = {
    "score": Decimal("62.50"),
    "peer_group": "sector",
    "peer_count": 41,
    "peer_median_score": Decimal("0.00"),
    "score_above_peers": Decimal("62.50"),
    "score_90d_ago": Decimal("12.50"),
    "score_90d_ago_on": date(2025, 12, 31),
    "score_change_90d": Decimal("50.00"),
    "quadrant": "worse_deteriorating",
}

WARNINGS = [
    {
        "business_date": BUSINESS_DATE,
        "client_id": client_id,
        "branch_id": "B001",
        "colour": colour,
        "previous_colour": colour,
        "score": Decimal("40.5000"),
        "coverage": Decimal("0.8421"),
        "floor_class": "special_mention",
        "colour_since": date(2026, 3, 2),
        "not_assessed": "T01;T02" if colour == "not_assessed" else "",
    }
    | (STANDING if client_id == "C000118" else {})
    for client_id, colour in COLOURS.items()
] + [
    {
        "business_date": BUSINESS_DATE,
        "client_id": f"C1{number:05d}",
        "branch_id": "B001",
        "colour": "no_credit" if number in (1, 2) else "green" if number % 9 else "blue",
        "previous_colour": "green",
        "score": Decimal("0"),
        "coverage": Decimal("1"),
        "floor_class": "normal",
        "colour_since": date(2026, 1, 5),
        "not_assessed": "",
    }
    for number in range(180)
]

SUMMARY = {
    "branch_id": "B001",
    "clients_checked": 191,
    "signals_new": 9,
    "signals_cleared": 1,
    "not_assessed_clients": 1,
}


def withheld(client_id: str | None, table: str, **other: Any) -> dict[str, Any]:
    """A row of a client that was not used tonight."""
    row: dict[str, Any] = dict.fromkeys(("column_name", "loan_id", "project_id"))
    row |= {"business_date": BUSINESS_DATE, "branch_id": "B001", "client_id": client_id, "table_name": table}
    return row | {"row_key": "SECRET", "reason": "quarantine", "rule": "amount_scale", "since": BUSINESS_DATE} | other


WITHHELD = [
    withheld("C000533", "loan", loan_id="L00007"),
    withheld("C000533", "instalment", loan_id="L00007", rule="parent_quarantined"),
    withheld("C000533", "instalment", loan_id="L00007", rule="parent_quarantined", row_key="SECRET 2"),
    withheld("C009999", "client", rule="required_missing"),
    withheld("C000601", "account", reason="vanished", since=date(2026, 3, 30)),
    withheld("C000601", "loan", column_name="rate_pct", loan_id="L00008", reason="unreadable_cell"),
    withheld(None, "branch", rule="enum_unknown"),
]


def branch_input(language: Language = "zh_CN", **changes: Any) -> BranchInput:
    """The sample branch's input, with fields changed."""
    source = BranchInput(
        business_date=BUSINESS_DATE,
        revision=1,
        restated=False,
        branch=BRANCH,
        language=language,
        notes=NOTES,
        staff=STAFF,
        clients=CLIENTS,
        tasks=TASKS,
        steps=STEPS,
        deciding=DECIDING,
        paths=PATHS,
        capped=CAPPED,
        cleared=CLEARED,
        warnings=WARNINGS,
        tiers=TIERS,
        signals=SIGNALS,
        withheld=WITHHELD,
        summary=SUMMARY,
    )
    return replace(source, **changes)


def render_branch(source: BranchInput) -> Rendered:
    """A branch's list in every form, at once."""
    return render_view(branch_view(source), source)
