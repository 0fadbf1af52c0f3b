"""Tables of projects: project, project_progress, insurance, and project_cashflow and covenant_test."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Floats, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import project_ids
from nightdesk_lab.demo_bank.loans import Loans
from nightdesk_lab.demo_bank.project_cash import cashflow_frames
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS
from nightdesk_lab.demo_bank.repayment import Repayment

_COUNTRIES = ("CN",)


def project_frames(chunk: Chunk, curves: Curves, loans: Loans, repayment: Repayment) -> dict[str, pa.Table]:
    """The tables of a chunk's projects; empty where it has none."""
    if not curves.size:
        return {}
    names = project_ids(curves)
    return {
        "project": _project(chunk, curves, names),
        "project_progress": _progress(chunk, curves, names),
        **cashflow_frames(chunk, curves, loans, repayment, names),
        "insurance": _insurance(chunk, curves, names),
    }


def _project(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """One version when approved, one more when the forecast of the start of operation slips."""
    timeline = chunk.plan.timeline
    random = chunk.random("projects")
    kinds_zh = pa.array([kind.zh for kind in PROJECT_KINDS]).take(pa.array(curves.kind))
    kinds_en = pa.array([kind.en for kind in PROJECT_KINDS]).take(pa.array(curves.kind))
    owner_names = chunk.client_names.take(pa.array(curves.owner))
    owners = pc.utf8_slice_codeunits(owner_names, 0, 4)
    title_en = pc.binary_join_element_wise("Project", pa.array(curves.number + 1).cast(pa.string()), kinds_en, " ")
    title_zh = pc.binary_join_element_wise(owners, kinds_zh, "项目", "")
    # the trade sets the category; a site may be harder than its trade, or easier
    usual = np.array([kind.category for kind in PROJECT_KINDS])[curves.kind]
    category = np.clip(usual + random.choice(3, curves.size, p=[0.08, 0.82, 0.1]) - 1, 0, 2)
    columns: dict[str, object] = {
        "project_id": names,
        "client_id": chunk.client_ids.take(pa.array(curves.owner)),
        "branch_id": ids("B", chunk.clients.branch[curves.owner] + 1, 3),
        "name": pc.if_else(pc.string_is_ascii(owner_names), title_en, title_zh),
        "sector_code": Coded(tuple(kind.code for kind in PROJECT_KINDS), curves.kind),
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
        "approved_amt": curves.debt,
    }
    first = frame("project", columns, np.full(curves.size, timeline.first * DAY - 7_200))
    at = np.flatnonzero((curves.slip_known_on != NULL) & (curves.slip_known_on <= timeline.last))
    columns["cod_forecast"] = curves.cod_forecast
    later = frame("project", columns, np.where(curves.slip_known_on == NULL, 0, curves.slip_known_on) * DAY + 61_200)
    # a review grades it graver, or lists it where nothing is graver; or it says what the bank says already
    reviewed = np.flatnonzero(curves.stories.of("category_graver", "category_confirmed"))
    graver = curves.stories.of("category_graver")
    proposed = np.where(graver, np.maximum(category - 1, 0), category)
    columns["proposed_category"] = Coded(("A", "B", "C"), proposed)
    columns["esg_listed_on"] = np.where(graver & (category == 0), curves.stories.started_on, NULL)
    known = np.maximum(curves.stories.started_on, timeline.first) * DAY + 62_000
    told = frame("project", columns, known)
    return pa.concat_tables([first, later.take(pa.array(at)), told.take(pa.array(reviewed))])


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
    cost = _cost(chunk, curves, project, month)
    drawn = (debt * curves.drawn[project, month]).astype(np.int64) // 1_000_000 * 1_000_000
    paid = ((budget - debt) * curves.equity[project, month]).astype(np.int64)
    # money beyond the plan: another lender's bridge loan alone, or with the sponsors' part of it
    since = month - curves.stories.start_month[project]
    beyond = np.where(since >= 1, (budget * (0.03 + 0.05 * curves.stories.depth[project])).astype(np.int64), 0)
    share = curves.capital[project]
    on_credit, shared = (
        curves.stories.of(name)[project] & (since >= 1) for name in ("overrun_on_credit", "overrun_shared")
    )
    owed = np.where(on_credit, debt + beyond, np.where(shared, debt + beyond * (10_000 - share) // 10_000, drawn))
    paid = np.where(shared, budget - debt + beyond * (share + 300) // 10_000, paid)
    used = np.minimum(0.6 * physical * (budget // 20) + np.maximum(cost.overrun - 1.01, 0) * earned, budget // 20)
    return frame(
        "project_progress",
        {
            "project_id": names.take(pa.array(project)),
            "as_of_date": ends[month],
            "physical_pct": (physical * 1_000_000).astype(np.int64),
            "planned_value": (budget * curves.planned[project, month]).astype(np.int64),
            "earned_value": earned,
            "actual_cost": (earned * cost.overrun).astype(np.int64),
            "total_debt_amt": np.maximum(owed, drawn),
            "drawn_amt": drawn,
            "equity_paid_amt": paid,
            "change_order_amt": (budget * cost.changes).astype(np.int64),
            "contingency_used_amt": used.astype(np.int64),
            "certified_by": "独立工程师 Independent Engineer",
        },
        (ends[month] + 5) * DAY + 57_600,
    )


@dataclass(frozen=True)
class _Cost:
    """By report: what was spent on a unit of work done, and the change orders approved so far, of the budget."""

    overrun: Floats
    changes: Floats


def _cost(chunk: Chunk, curves: Curves, project: Ints, month: Ints) -> _Cost:
    """Each project has a cost level and a habit of changes of its own; stories come on top, month by month."""
    random = chunk.random("cost")
    stories = curves.stories
    usual = 1.01 + np.clip(0.012 * random.standard_normal(curves.size), -0.03, 0.03)
    habit = np.clip(0.014 * np.exp(0.5 * random.standard_normal(curves.size)), 0, 0.04)
    step = np.clip(month - stories.start_month[project] + 1, 0, 8)
    depth = stories.depth[project]
    overruns = stories.of("overrun_on_credit", "overrun_shared")[project]
    overrun = usual[project] + 0.015 * np.where(stories.of("construction_delay")[project], step, 0)
    overrun += np.where(overruns, (0.006 + 0.012 * depth) * step, 0.0)
    changes = habit[project] * curves.physical[project, month]
    changes += np.where(stories.of("scope_grows")[project], (0.05 + 0.09 * depth) * np.minimum(step / 4, 1), 0.0)
    few = stories.of("few_changes")[project] & (step > 0)
    changes = np.where(few, np.maximum(changes, 0.03 + 0.018 * depth), changes)
    return _Cost(overrun, changes)


def _insurance(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """All-risk and liability cover for a year at a time, renewed some weeks before it ends."""
    timeline = chunk.plan.timeline
    random = chunk.random("insurance")
    numbers = np.arange(-(-timeline.days // 365) + 2)
    project, kind, year = (array.ravel() for array in np.indices((curves.size, 2, len(numbers))))
    begins = random.integers(0, 365, (curves.size, 2))[project, kind]
    ends = timeline.first + begins + 365 * year
    renewed = ends - 365 - random.integers(10, 45, len(project))
    shown = np.flatnonzero((renewed <= timeline.last) | (year == 0))
    known = np.where(year == 0, timeline.first * DAY - 7_200, renewed * DAY + 61_200)
    known = np.maximum(known, timeline.first * DAY - 7_200 + year * 60)
    return frame(
        "insurance",
        {
            "insurance_id": ids("INS", (curves.number[project] + 1) * 10 + kind, 6),
            "project_id": names.take(pa.array(project)),
            "kind": Coded(("all_risk", "third_party_liability"), kind),
            "expires_on": ends,
        },
        known,
    ).take(pa.array(shown))
