"""What operating projects earn for their debt, and the covenants tested on it: project_cashflow, covenant_test."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Floats, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import PROJECT, Loans
from nightdesk_lab.demo_bank.names import spoken
from nightdesk_lab.demo_bank.project_forecast import Service, forecast_frame
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS
from nightdesk_lab.demo_bank.repayment import Repayment

#: debt service cover of sound projects: loans are sized at 1.2 (sun) to 1.4 (wind) and above; how it strays by quarter,
#: and the covenants' lock-up and default levels (contracts: 1.05 to 1.25)
_COVER, _COVER_SPREAD, _COVER_RANGE, _COVER_STRAYS = 1.42, 0.11, (1.25, 1.8), 0.05
_LOCK_UP, _DEFAULT = 11_000, 10_500
#: how far a contract lets gearing pass what the plan of finance comes to, in ten-thousandths
_GEARING_ROOM = 500
_COVENANTS = (
    ("偿债备付率锁定线", "DSCR lock-up"),
    ("偿债备付率违约线", "DSCR default"),
    ("资产负债率", "Gearing"),
)
#: trades that are owed a subsidy or a tariff surcharge
_SUBSIDISED = ("陆上风电", "光伏发电", "垃圾焚烧发电", "污水处理厂")


def _cover(chunk: Chunk, curves: Curves, ends: Ints, base: Floats, random: np.random.Generator) -> Floats:
    """Debt service cover of shape (projects, quarters), with the stories in it."""
    timeline, stories = chunk.plan.timeline, curves.stories
    months = timeline.month_of(ends)
    cover = base[:, None] + _COVER_STRAYS * random.standard_normal((curves.size, len(ends)))
    cover = np.maximum(cover, 1.13)
    level, depth = stories.level(months), stories.depth[:, None]
    since = months[None, :] - stories.start_month[:, None]
    on = since >= 0
    # drifts to the line and below it; falls at once; fails once or nearly, and is as before
    drift = cover - (cover - 1.0) * np.minimum(level * (0.8 + 0.4 * depth), 1.05)
    cover = np.where(stories.of("covenant_drift")[:, None], drift, cover)
    cover = np.where(stories.of("covenant_breach")[:, None] & on, 1.04 - 0.12 * depth, cover)
    cover = np.where(stories.of("environmental_penalty")[:, None], cover - (0.2 + 0.35 * depth) * level, cover)
    brief = on & (since < 3)
    cover = np.where(stories.of("weak_quarter")[:, None] & brief, 1.11 + 0.06 * depth, cover)
    cover = np.where(stories.of("breach_waived")[:, None] & brief, 1.07, cover)
    return np.asarray(cover)


def _quarters(chunk: Chunk, ahead: int) -> Ints:
    """Quarter ends from the bank's first day to `ahead` quarters after its last."""
    timeline = chunk.plan.timeline
    months = np.arange(0, timeline.months + 3 * ahead + 1)
    ends = timeline.month_start(months + 1) - 1
    is_quarter = (months + timeline.calendar_month[0] - 1) % 3 == 2
    return np.asarray(ends[is_quarter], dtype=np.int64)


def cashflow_frames(
    chunk: Chunk, curves: Curves, loans: Loans, repayment: Repayment, names: pa.Array
) -> dict[str, pa.Table]:
    """Both tables: what a project earned for its debt each quarter, and how its covenants were tested on it."""
    timeline = chunk.plan.timeline
    random = chunk.random("cashflow")
    ends = _quarters(chunk, 4)
    loan_of = np.full(chunk.size, -1, dtype=np.int64)
    lends = np.flatnonzero(loans.product == PROJECT)
    loan_of[loans.client[lends]] = lends
    loan = loan_of[curves.owner]
    debt = Service.of(repayment, loans, loan, timeline)
    months = timeline.month_of(ends)
    principal, interest = debt.due(months[None, :] + 1, np.full((1, len(ends)), 3))
    operating = (curves.stage == 1)[:, None]
    principal, interest = principal * operating, interest * operating
    service = principal + interest
    base = np.clip(_COVER + _COVER_SPREAD * random.standard_normal(curves.size), *_COVER_RANGE)
    cover = _cover(chunk, curves, ends, base, random)
    past = (ends + 20 <= timeline.last)[None, :]
    project, quarter, kind = [], [], []
    for number, mask in enumerate((operating & past, np.ones_like(past) & (operating | past))):
        rows, columns = np.nonzero(mask)
        project.append(rows)
        quarter.append(columns)
        kind.append(np.full(len(rows), number))
    at, when, what = (np.concatenate(arrays).astype(np.int64) for arrays in (project, quarter, kind))
    planned = np.where(what == 1, base[at], cover[at, when])
    due = np.maximum(service[at, when], 1.0)
    stories, depth = curves.stories, curves.stories.depth[at]
    since = months[when] - stories.start_month[at]
    short = stories.of("reserve_short")[at] & (since >= 0)
    funded = np.where(short, 0.85 - 0.5 * depth, 1.04)
    reserve = (2 * service[at, when] * 1.05 * 100).astype(np.int64) // 100
    runs = curves.stage[at] == 1
    output = np.where(runs, curves.budget[at] // 110, NULL)
    waits, owed = _delays(curves, at, since)
    cashflow = frame(
        "project_cashflow",
        {
            "project_id": names.take(pa.array(at)),
            "period_end": ends[when],
            "kind": Coded(("actual", "base_case"), what),
            "cfads": np.where(runs, (planned * due).astype(np.int64), 0),
            "principal": principal[at, when].astype(np.int64),
            "interest": interest[at, when].astype(np.int64),
            "dsra_balance": np.where(runs, (reserve * funded).astype(np.int64), NULL),
            "dsra_required": np.where(runs, reserve, NULL),
            "output": np.where(runs, (output * np.where(what == 1, 1.0, planned / base[at])).astype(np.int64), NULL),
            "output_p50": output,
            "offtaker_receivable_days": np.where(runs, waits, NULL),
            "offtaker_contract_days": np.where(runs, 60, NULL),
            "subsidy_days_late": np.where(runs, owed, NULL),
        },
        np.where(what == 0, (ends[when] + 20) * DAY + 57_600, timeline.first * DAY - 7_200),
    )
    forecast = forecast_frame(curves, names, timeline, ends, debt, base, cover)
    return {
        "project_cashflow": pa.concat_tables([cashflow, forecast]),
        "covenant_test": _covenants(chunk, curves, loans, loan, ends, cover, names),
    }


def _delays(curves: Curves, at: Ints, since: Ints) -> tuple[Ints, Ints]:
    """Days that buyers take to pay, and that a subsidy is late (NULL: none is owed), of projects `at` in months `since`
    their story began."""
    stories, depth = curves.stories, curves.stories.depth[at]
    on = since >= 0
    slow = stories.of("late_buyer")[at] & on & (since < 9)
    stops = stories.of("buyer_stops")[at] & on
    waits = 45 + at % 20 + np.where(slow, 26, 0)
    waits += np.where(stops, (np.clip(since + 3, 0, 15) * (5 + 12 * depth)).astype(np.int64), 0)
    trades = np.array([kind.zh in _SUBSIDISED for kind in PROJECT_KINDS])
    late, settled = stories.of("subsidy_late")[at], stories.of("subsidy_settled")[at]
    owed = 10 + at % 40 + np.where(late & on, (np.clip(since + 3, 0, 18) * (12 + 14 * depth)).astype(np.int64), 0)
    owed = np.where(settled & on & (since < 7), 55 + (30 * depth).astype(np.int64), owed)
    return waits, np.where(trades[curves.kind[at]] | late | settled, owed, NULL)


def _covenants(
    chunk: Chunk,
    curves: Curves,
    loans: Loans,
    loan: Ints,
    ends: Ints,
    cover: Floats,
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
    limit = np.where(
        operating, np.where(level == 0, _LOCK_UP, _DEFAULT), 10_000 - curves.capital[project] + _GEARING_ROOM
    )
    actual = np.where(operating, ratio, 10_000 - curves.capital[project] - 400)
    breach = np.where(operating, actual < limit, actual > limit)
    waived = breach & curves.stories.of("breach_waived")[project]
    return frame(
        "covenant_test",
        {
            "covenant_id": ids("COV", (curves.number[project] + 1) * 10 + level, 6),
            "project_id": names.take(pa.array(project)),
            "loan_id": loan_ids(chunk, loans).take(pa.array(loan[project])),
            "name": spoken(_COVENANTS, np.where(operating, level, 2), chunk.is_english(curves.owner[project])),
            "metric": Coded(("dscr", "gearing"), np.where(operating, 0, 1)),
            "level": Coded(("lock_up", "default"), level),
            "test_date": ends[when],
            "actual": actual,
            "operator": Coded((">=", "<="), np.where(operating, 0, 1)),
            "limit_value": limit,
            "cure_days": np.full(len(project), 30),
            "status": Coded(("pass", "breach", "waived"), breach.astype(np.int64) + waived),
            "waived_until": np.where(waived, ends[when] + 200, NULL),
        },
        (ends[when] + 20) * DAY + 57_600,
    )
