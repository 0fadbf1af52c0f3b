"""Tables of projects: project, project_progress, project_cashflow, covenant_test, insurance, emission."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids, project_ids
from nightdesk_lab.demo_bank.loans import PROJECT, Loans
from nightdesk_lab.demo_bank.repayment import Repayment
from nightdesk_lab.demo_bank.sectors import PROJECT_KINDS

_COUNTRIES = ("CN",)


def project_frames(chunk: Chunk, curves: Curves, loans: Loans, repayment: Repayment) -> dict[str, pa.Table]:
    """The tables of a chunk's projects; empty where it has none."""
    if not curves.size:
        return {}
    names = project_ids(curves)
    return {
        "project": _project(chunk, curves, names),
        "project_progress": _progress(chunk, curves, names),
        **_cashflow_and_covenants(chunk, curves, loans, repayment, names),
        "insurance": _insurance(chunk, curves, names),
        "emission": _emission(chunk, curves, names),
    }


def _project(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """One version when approved, one more when the forecast of the start of operation slips."""
    timeline = chunk.plan.timeline
    random = chunk.random("projects")
    english = pa.array(chunk.plan.is_english(chunk.clients.branch[curves.owner]))
    kinds_zh = pa.array([kind[1] for kind in PROJECT_KINDS]).take(pa.array(curves.kind))
    kinds_en = pa.array([kind[2] for kind in PROJECT_KINDS]).take(pa.array(curves.kind))
    owners = pc.utf8_slice_codeunits(chunk.client_names.take(pa.array(curves.owner)), 0, 4)
    title_en = pc.binary_join_element_wise("Project", pa.array(curves.number + 1).cast(pa.string()), kinds_en, " ")
    title_zh = pc.binary_join_element_wise(owners, kinds_zh, "项目", "")
    category = np.where(random.random(curves.size) < 0.3, 0, np.where(random.random(curves.size) < 0.8, 1, 2))
    columns: dict[str, object] = {
        "project_id": names,
        "client_id": chunk.client_ids.take(pa.array(curves.owner)),
        "branch_id": ids("B", chunk.clients.branch[curves.owner] + 1, 3),
        "name": pc.if_else(english, title_en, title_zh),
        "sector_code": Coded(tuple(kind[0] for kind in PROJECT_KINDS), curves.kind),
        "country": Coded(_COUNTRIES, np.zeros(curves.size, dtype=np.int64)),
        "stage": Coded(("construction", "operation"), curves.stage),
        "budget_amt": curves.budget,
        "contingency_amt": curves.budget // 20,
        "equity_commit_amt": curves.budget - curves.debt,
        "debt_commit_amt": curves.debt,
        "capital_ratio": curves.capital,
        "cod_contract": curves.cod_contract,
        "cod_forecast": curves.cod_contract,
        "longstop_date": curves.longstop,
        "concession_end": curves.cod_contract + 9_000,
        "ep_category": Coded(("A", "B", "C"), category),
        "cn_class": Coded(("A", "B", "C"), category),
        "approved_on": curves.approved,
    }
    first = frame("project", columns, np.full(curves.size, timeline.first * DAY - 7_200))
    at = np.flatnonzero((curves.slip_known_on != NULL) & (curves.slip_known_on <= timeline.last))
    columns["cod_forecast"] = curves.cod_forecast
    later = frame("project", columns, np.where(curves.slip_known_on == NULL, 0, curves.slip_known_on) * DAY + 61_200)
    return pa.concat_tables([first, later.take(pa.array(at))])


def _progress(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """A certified report five days after each month end, for projects under construction."""
    timeline = chunk.plan.timeline
    ends = timeline.month_starts[1:] - 1
    seen = ends + 5 <= timeline.last
    building = (curves.stage == 0)[:, None] & seen[None, :]
    project, month = (array.astype(np.int64) for array in np.nonzero(building))
    budget, debt = curves.budget[project], curves.debt[project]
    physical = curves.physical[project, month]
    earned = (budget * physical).astype(np.int64)
    step = np.clip(month - curves.stories.start_month[project] + 1, 0, 8)
    overrun = 1.01 + 0.015 * np.where(curves.stories.of("construction_delay")[project], step, 0)
    drawn = (debt * curves.drawn[project, month]).astype(np.int64) // 1_000_000 * 1_000_000
    return frame(
        "project_progress",
        {
            "project_id": names.take(pa.array(project)),
            "as_of_date": ends[month],
            "physical_pct": (physical * 1_000_000).astype(np.int64),
            "planned_value": (budget * curves.planned[project, month]).astype(np.int64),
            "earned_value": earned,
            "actual_cost": (earned * overrun).astype(np.int64),
            "total_debt_amt": drawn,
            "drawn_amt": drawn,
            "equity_paid_amt": ((budget - debt) * curves.equity[project, month]).astype(np.int64),
            "change_order_amt": (budget * 0.01 * physical).astype(np.int64),
            "contingency_used_amt": (budget // 20 * physical * np.where(overrun > 1.03, 1.0, 0.6)).astype(np.int64),
            "certified_by": "独立工程师 Independent Engineer",
        },
        (ends[month] + 5) * DAY + 57_600,
    )


def _quarters(chunk: Chunk, ahead: int) -> Ints:
    """Quarter ends from the bank's first day to `ahead` quarters after its last."""
    timeline = chunk.plan.timeline
    months = np.arange(0, timeline.months + 3 * ahead + 1)
    ends = timeline.month_start(months + 1) - 1
    is_quarter = (months + timeline.calendar_month[0] - 1) % 3 == 2
    return np.asarray(ends[is_quarter], dtype=np.int64)


def _cashflow_and_covenants(
    chunk: Chunk, curves: Curves, loans: Loans, repayment: Repayment, names: pa.Array
) -> dict[str, pa.Table]:
    timeline = chunk.plan.timeline
    random = chunk.random("cashflow")
    ends = _quarters(chunk, 4)
    loan_of = np.full(chunk.size, -1, dtype=np.int64)
    lends = np.flatnonzero(loans.product == PROJECT)
    loan_of[loans.client[lends]] = lends
    loan = loan_of[curves.owner]
    level = repayment.outstanding[loan, 0].astype(np.float64)
    service = np.where(curves.stage == 1, level * (0.0095 + 0.018), 0.0)[:, None] * np.ones((1, len(ends)))
    base = 1.42 + 0.2 * random.random(curves.size)
    began = timeline.month_of(ends)[None, :] - curves.stories.start_month[:, None]
    bad = np.where(began >= 0, 1.0, 0.0)
    cover = base[:, None] + 0.03 * random.standard_normal((curves.size, len(ends)))
    cover = np.maximum(cover, 1.36)
    for name, reached in (("covenant_near_breach", 1.155), ("covenant_breach", 1.04), ("environmental_penalty", 1.16)):
        cover = np.where(curves.stories.of(name)[:, None] & (bad > 0), reached, cover)
    operating = (curves.stage == 1)[:, None]
    past = (ends + 20 <= timeline.last)[None, :]
    project, quarter, kind = [], [], []
    for number, mask in enumerate((operating & past, np.ones_like(past) & (operating | past), operating & ~past)):
        rows, columns = np.nonzero(mask)
        project.append(rows)
        quarter.append(columns)
        kind.append(np.full(len(rows), number))
    at, when, what = (np.concatenate(arrays).astype(np.int64) for arrays in (project, quarter, kind))
    planned = np.where(what == 1, base[at], cover[at, when])
    due = np.maximum(service[at, when], 1.0)
    reserve = (2 * service[at, when] * 1.05 * 100).astype(np.int64) // 100
    runs = curves.stage[at] == 1
    output = np.where(runs, curves.budget[at] // 400_000, NULL)
    cashflow = frame(
        "project_cashflow",
        {
            "project_id": names.take(pa.array(at)),
            "period_end": ends[when],
            "kind": Coded(("actual", "base_case", "forecast"), what),
            "cfads": np.where(runs, (planned * due).astype(np.int64), 0),
            "principal": np.where(runs, (due * 0.65).astype(np.int64), 0),
            "interest": np.where(runs, (due * 0.35).astype(np.int64), 0),
            "dsra_balance": np.where(runs, reserve * 104 // 100, NULL),
            "dsra_required": np.where(runs, reserve, NULL),
            "output": np.where(runs, (output * np.where(what == 1, 1.0, planned / base[at])).astype(np.int64), NULL),
            "output_p50": output,
            "offtaker_receivable_days": np.where(runs, 50 + at % 20, NULL),
            "offtaker_contract_days": np.where(runs, 60, NULL),
            "subsidy_days_late": np.where(runs, at % 40, NULL),
        },
        np.where(what == 0, (ends[when] + 20) * DAY + 57_600, timeline.first * DAY - 7_200),
    )
    return {"project_cashflow": cashflow, "covenant_test": _covenants(chunk, curves, loans, loan, ends, cover, names)}


def _covenants(
    chunk: Chunk,
    curves: Curves,
    loans: Loans,
    loan: Ints,
    ends: Ints,
    cover: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    names: pa.Array,
) -> pa.Table:
    """Debt service cover (lock-up and default level) of operating projects; gearing of those under construction."""
    timeline = chunk.plan.timeline
    tested = np.flatnonzero(ends + 20 <= timeline.last)
    project = np.tile(np.repeat(np.arange(curves.size), len(tested)), 2)
    when = np.tile(tested, 2 * curves.size)
    level = np.repeat(np.array([0, 1]), curves.size * len(tested))
    operating = curves.stage[project] == 1
    keep = operating | (level == 1)
    project, when, level, operating = project[keep], when[keep], level[keep], operating[keep]
    ratio = (cover[project, when] * 10_000).astype(np.int64)
    limit = np.where(operating, np.where(level == 0, 11_000, 10_500), 8_500)
    actual = np.where(operating, ratio, 10_000 - curves.capital[project] - 400)
    breach = np.where(operating, actual < limit, actual > limit)
    return frame(
        "covenant_test",
        {
            "covenant_id": ids("COV", (curves.number[project] + 1) * 10 + level, 6),
            "project_id": names.take(pa.array(project)),
            "loan_id": loan_ids(chunk, loans).take(pa.array(loan[project])),
            "name": Coded(
                ("DSCR 锁定线 lock-up", "DSCR 违约线 default", "资产负债率 gearing"), np.where(operating, level, 2)
            ),
            "metric": Coded(("dscr", "gearing"), np.where(operating, 0, 1)),
            "level": Coded(("lock_up", "default"), level),
            "test_date": ends[when],
            "actual": actual,
            "operator": Coded((">=", "<="), np.where(operating, 0, 1)),
            "limit_value": limit,
            "cure_days": np.full(len(project), 30),
            "status": Coded(("pass", "breach"), breach.astype(np.int64)),
        },
        (ends[when] + 20) * DAY + 57_600,
    )


def _insurance(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """All-risk and liability cover, renewed well before it ends."""
    project = np.repeat(np.arange(curves.size), 2)
    kind = np.tile(np.array([0, 1]), curves.size)
    ends = chunk.plan.timeline.last + 100 + (project * 37 + kind * 11) % 230
    return frame(
        "insurance",
        {
            "insurance_id": ids("INS", (curves.number[project] + 1) * 10 + kind, 6),
            "project_id": names.take(pa.array(project)),
            "kind": Coded(("all_risk", "third_party_liability"), kind),
            "expires_on": ends,
        },
        np.full(len(project), chunk.plan.timeline.first * DAY - 7_200),
    )


def _emission(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """Yearly greenhouse gases of the years before the bank's last, known in March of the following year."""
    timeline = chunk.plan.timeline
    last_year = int(np.datetime64(timeline.last, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
    project = np.repeat(np.arange(curves.size), 2)
    year = np.tile(np.array([last_year - 2, last_year - 1]), curves.size)
    grown = curves.budget[project] // 10_000_000 * np.where(curves.kind[project] % 2 == 0, 3, 40)
    published = (year + 1 - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 60
    shown = published <= timeline.last
    return frame(
        "emission",
        {
            "project_id": names.take(pa.array(project)),
            "year": year,
            "scope1_t": grown * 10_000 + project * 17,
            "scope2_t": grown * 4_000,
            "scope3_t": grown * 9_000,
            "method_option": "2a",
            "data_quality": 2 + project % 3,
        },
        published * DAY + 36_000,
    ).filter(pa.array(shown))
