"""Published accounts of companies, and what reports are due: statement, report_due."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Floats, Ints, frame
from nightdesk_lab.demo_bank.lending import project_ids
from nightdesk_lab.demo_bank.plan import SMALL, SPV

_AUDITORS = ("立衡会计师事务所", "明鉴会计师事务所", "华诚会计师事务所", "Meridian CPA")


def statement_frames(chunk: Chunk, curves: Curves) -> dict[str, pa.Table]:
    """Statements of the quarters that ended inside the bank's days (and one before), and the dates they are due."""
    timeline = chunk.plan.timeline
    random = chunk.random("statements")
    reports = chunk.clients.is_company & ((chunk.clients.segment != SMALL) | (random.random(chunk.size) < 0.35))
    reports &= (chunk.clients.onboard < timeline.first) & (chunk.clients.closed == NULL)
    months = np.arange(-1, timeline.months, dtype=np.int64)
    ends = timeline.month_start(months + 1) - 1
    calendar_month = (months + timeline.calendar_month[0] - 1) % 12 + 1
    quarters = np.flatnonzero((calendar_month % 3 == 0) & (ends < timeline.last))
    ends, quarter_of_year = ends[quarters], calendar_month[quarters] // 3
    month = np.maximum(months[quarters], 0)
    client, quarter = (
        array.astype(np.int64) for array in np.nonzero(reports[:, None] & np.ones((1, len(ends)), dtype=bool))
    )
    annual = quarter_of_year[quarter] == 4
    lag = np.where(annual, 85, 28) + random.integers(-8, 9, len(client))
    published = ends[quarter] + lag
    due = ends[quarter] + np.where(annual, 120, 45)
    seen = published <= timeline.last
    due_frame = _report_due(chunk, curves, client, due, published)
    client, quarter, month_of, published = client[seen], quarter[seen], month[quarter[seen]], published[seen]
    since = np.clip(month_of - chunk.stories.start_month[client] + 1, 0, 9)
    decline = np.where(chunk.stories.is_decline[client], since, 0)
    figures = _figures(chunk, random, client, quarter_of_year[quarter], decline)
    columns: dict[str, object] = {
        "client_id": chunk.client_ids.take(pa.array(client)),
        "period_end": ends[quarter],
        "published_on": published,
        "scope": "parent",
        "is_ytd": np.ones(len(client), dtype=np.bool_),
        "audited": quarter_of_year[quarter] == 4,
        "opinion": Coded(
            ("clean", "qualified"), np.where(quarter_of_year[quarter] == 4, (decline >= 4).astype(np.int64), -1)
        ),
        "auditor": Coded(_AUDITORS, np.where(quarter_of_year[quarter] == 4, client % len(_AUDITORS), -1)),
    }
    return {"statement": frame("statement", columns | figures, published * DAY + 61_200), "report_due": due_frame}


def _figures(chunk: Chunk, random: np.random.Generator, client: Ints, quarter: Ints, decline: Ints) -> dict[str, Ints]:
    """Balance sheet and income of the year so far, cents; they add up (assets = liabilities + equity)."""
    yearly = chunk.clients.inflow[client].astype(np.float64) * 12
    spv = chunk.clients.segment[client] == SPV
    noise = np.exp(0.04 * random.standard_normal(len(client)))
    ytd = yearly * quarter / 4 * noise * (1 - 0.05 * decline)
    margin = 0.07 + 0.06 * (client % 10) / 10 - 0.02 * decline
    assets = yearly * np.where(spv, 5.0, 1.15) * noise
    leverage = np.where(spv, 0.72, 0.42 + 0.16 * (client % 7) / 7) + 0.02 * decline
    liabilities = assets * leverage
    debt = liabilities * np.where(spv, 0.95, 0.55)
    interest = debt * 0.04 * quarter / 4
    ebit = ytd * np.where(spv, 0.45, margin)
    pretax = ebit - interest
    cents: dict[str, Floats] = {
        "revenue": ytd,
        "cost_of_sales": ytd * 0.78,
        "ebit": ebit,
        "ebitda": ebit + assets * 0.03 * quarter / 4,
        "net_income": pretax * 0.75,
        "pretax_profit": pretax,
        "interest_expense": interest,
        "operating_cash_flow": ebit * np.where(decline > 3, -0.3, 1.05),
        "total_assets": assets,
        "current_assets": assets * 0.55,
        "cash": assets * 0.09,
        "receivables": assets * (0.18 + 0.02 * decline),
        "inventory": assets * 0.15,
        "current_liabilities": liabilities * 0.66,
        "total_debt": debt,
        "retained_earnings": assets * 0.2,
        "impairment_loss": assets * 0.001,
        "related_party_sales": ytd * 0.03,
        "external_guarantees": assets * 0.04,
    }
    rounded = {name: np.floor(value).astype(np.int64) for name, value in cents.items()}
    owed = np.floor(liabilities).astype(np.int64)
    return rounded | {"total_liabilities": owed, "equity": rounded["total_assets"] - owed}


def _report_due(chunk: Chunk, curves: Curves, client: Ints, due: Ints, published: Ints) -> pa.Table:
    """Each report when it becomes due, and again when received; projects owe certificates and ESG reports too."""
    timeline = chunk.plan.timeline
    asked = np.maximum(due - 60, timeline.first - 1)
    ends = timeline.month_starts[1:][timeline.calendar_month % 3 == 0] - 1
    project = np.tile(np.repeat(np.arange(curves.size), len(ends)), 2)
    due_2 = np.tile(ends, 2 * curves.size) + 40
    received = due_2 - 2 - project % 9
    kind = np.r_[np.zeros(len(client)), np.repeat([1, 2], curves.size * len(ends))].astype(np.int64)
    who = np.r_[client, curves.owner[project]]
    where = np.r_[np.full(len(client), -1), project].astype(np.int64)
    due_on, received = np.r_[due, due_2], np.r_[published, received]
    asked = np.r_[asked, np.maximum(due_2 - 60, timeline.first - 1)]
    names = project_ids(curves).take(pa.array(where, mask=where < 0)) if curves.size else [None] * len(who)
    columns: dict[str, object] = {
        "client_id": chunk.client_ids.take(pa.array(who)),
        "project_id": names,
        "kind": Coded(("statement", "covenant_certificate", "esg_report"), kind),
        "due_on": due_on,
        "received_on": np.full(len(who), NULL),
    }
    first = frame("report_due", columns, asked * DAY + 30_000).filter(pa.array(asked <= timeline.last))
    columns["received_on"] = received
    final = frame("report_due", columns, np.maximum(received, asked) * DAY + 64_800)
    return pa.concat_tables([first, final.filter(pa.array((received <= timeline.last) & (asked <= timeline.last)))])
