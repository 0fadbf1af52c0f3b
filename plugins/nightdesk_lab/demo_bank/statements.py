"""Published accounts of companies, and what reports are due: statement, report_due."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Floats, Ints, frame
from nightdesk_lab.demo_bank.lending import project_ids
from nightdesk_lab.demo_bank.plan import LARGE, SPV

_AUDITORS = ("立衡会计师事务所", "明鉴会计师事务所", "华诚会计师事务所", "Meridian CPA")
_OPINIONS = ("clean", "qualified", "disclaimer")
#: how much of a story the accounts show; stories that are not named show nothing
_SHOWS = {
    "accounts_turn": 1.0,
    "auditor_leaves": 0.6,
    "drawn_limits": 0.6,
    "late_wages": 0.6,
    "lost_payer": 0.5,
    "creditors_sue": 0.5,
    "pays_ever_later": 0.4,
    "bill_advanced": 0.4,
    "collateral_falls": 0.3,
    "decline_recovers": 0.4,
    "environmental_penalty": 0.3,
}
#: sound firms: operating margin and liabilities over assets, with their spreads between firms and between periods. So
#: wide that some of them make losses or owe four fifths: a weak statement alone tells little
_MARGIN, _MARGIN_SPREAD, _MARGIN_STRAYS = 0.085, 0.055, 0.015
_LEVERAGE, _LEVERAGE_SPREAD = 0.52, 0.15


def statement_frames(chunk: Chunk, curves: Curves) -> dict[str, pa.Table]:
    """Statements of the quarters that ended inside the bank's days (and one before), and the dates they are due."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    random = chunk.random("statements")
    reports = chunk.clients.reports & (chunk.clients.onboard < timeline.first) & (chunk.clients.closed == NULL)
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
    published = ends[quarter] + lag + _delay(chunk, client, ends[quarter])
    due = ends[quarter] + np.where(annual, 120, 45)
    seen = published <= timeline.last
    due_frame = _report_due(chunk, curves, client, due, published)
    level = stories.level(np.arange(timeline.months))[client, month[quarter]]
    figures = _figures(chunk, random, client, quarter_of_year[quarter], level)
    figures = {name: value[seen] for name, value in figures.items()}
    client, quarter, published = client[seen], quarter[seen], published[seen]
    auditor, opinion, audited = _audit(chunk, client, quarter_of_year[quarter] == 4, published)
    columns: dict[str, object] = {
        "client_id": chunk.client_ids.take(pa.array(client)),
        "period_end": ends[quarter],
        "published_on": published,
        "scope": "parent",
        "is_ytd": np.ones(len(client), dtype=np.bool_),
        "audited": audited,
        "opinion": Coded(_OPINIONS, np.where(audited, opinion, -1)),
        "auditor": Coded(_AUDITORS, np.where(audited, auditor, -1)),
    }
    return {"statement": frame("statement", columns | figures, published * DAY + 61_200), "report_due": due_frame}


def _delay(chunk: Chunk, client: Ints, period_end: Ints) -> Ints:
    """Days beyond the usual: a year of lateness without meaning, and that of firms whose accounts are no good news."""
    stories = chunk.stories
    started = np.where(stories.started_on == NULL, np.iinfo(np.int32).max, stories.started_on)[client]
    since = period_end + 30 - started
    depth = stories.depth[client]
    careless = stories.of("late_accounts")[client] & (since >= 0) & (since < 365)
    hiding = stories.of("accounts_turn", "auditor_leaves")[client] & (since >= 60) & (depth > 0.5)
    return np.where(careless | hiding, 22 + (60 * depth).astype(np.int64), 0)


def _audit(chunk: Chunk, client: Ints, annual: Bools, published: Ints) -> tuple[Ints, Ints, Bools]:
    """Auditor, opinion and whether audited: accounts of the year; where an auditor changes, the first accounts of all
    and the first after the change too, so that there is one before and one after."""
    stories = chunk.stories
    started = np.where(stories.started_on == NULL, np.iinfo(np.int32).max, stories.started_on)[client]
    since = published - np.maximum(started, chunk.plan.timeline.first + 60)
    told = stories.of("auditor_leaves", "auditor_rotates")[client]
    changes = told & (since >= 0)
    turned = stories.of("accounts_turn")[client] & (since > 200)
    deep = stories.depth[client] > 0.65
    leaves = changes & stories.of("auditor_leaves")[client]
    opinion = np.select([leaves & deep, leaves | (turned & deep)], [2, 1], 0)
    is_first = np.r_[True, client[1:] != client[:-1]] if len(client) else np.zeros(0, dtype=np.bool_)
    is_first_since = changes & np.r_[True, ~changes[:-1] | is_first[1:]] if len(client) else changes
    audited = annual | (told & is_first & ~changes) | is_first_since
    return (client + changes) % len(_AUDITORS), opinion, np.asarray(audited)


def _figures(chunk: Chunk, random: np.random.Generator, client: Ints, quarter: Ints, level: Floats) -> dict[str, Ints]:
    """Balance sheet and income of the year so far, cents; they add up (assets = liabilities + equity).

    Each quarter has its own ups and downs, and the year so far is the sum of them; what came before the first statement
    is in it.
    """
    stories = chunk.stories
    is_first = np.r_[True, client[1:] != client[:-1]] if len(client) else np.zeros(0, dtype=np.bool_)
    quarters = np.where(is_first, quarter, 1)
    begins = is_first | (quarter == 1)
    shows = np.zeros(chunk.size)
    for name, share in _SHOWS.items():
        shows[stories.of(name)] = share
    bites = level * (shows * (0.4 + 0.6 * stories.depth))[client]
    one_loss = np.where(stories.of("one_loss")[client], level * (0.5 + 0.3 * stories.depth[client]), 0.0)
    usual = _MARGIN + _MARGIN_SPREAD * random.standard_normal(chunk.size)
    owes = np.clip(_LEVERAGE + _LEVERAGE_SPREAD * random.standard_normal(chunk.size), 0.12, 0.86)
    yearly = chunk.clients.inflow[client].astype(np.float64) * 12
    spv = chunk.clients.segment[client] == SPV
    noise = np.exp(0.07 * random.standard_normal(len(client)))
    sales = yearly * quarters / 4 * noise * (1 - 0.5 * bites)
    margin = usual[client] + _MARGIN_STRAYS * random.standard_normal(len(client)) - 0.22 * bites - 0.25 * one_loss
    assets = yearly * np.where(spv, 5.0, 1.15) * np.exp(0.03 * random.standard_normal(len(client)))
    leverage = np.minimum(np.where(spv, 0.72, owes[client]) + 0.3 * bites, 0.99)
    liabilities = assets * leverage
    debt = liabilities * np.where(spv, 0.95, 0.55)
    interest = debt * 0.04 * quarters / 4
    ebit = sales * np.where(spv, 0.45, margin)
    pretax = ebit - interest
    flows: dict[str, Floats] = {
        "revenue": sales,
        "cost_of_sales": sales * (0.78 + 0.1 * bites),
        "ebit": ebit,
        "ebitda": ebit + assets * 0.03 * quarters / 4,
        "net_income": np.where(pretax > 0, pretax * 0.75, pretax),
        "pretax_profit": pretax,
        "interest_expense": interest,
        "operating_cash_flow": ebit * 1.05 + sales * (0.06 * random.standard_normal(len(client)) - 0.15 * bites),
        "impairment_loss": assets * (0.00025 * quarters + 0.03 * one_loss),
        "related_party_sales": sales * 0.03,
    }
    cents = {name: _year_to_date(value, begins) for name, value in flows.items()} | {
        "total_assets": assets,
        "current_assets": assets * (0.55 - 0.1 * bites),
        "cash": assets * 0.09 * (1 - 0.8 * bites),
        "receivables": assets * (0.18 + 0.12 * bites),
        "inventory": assets * 0.15,
        "current_liabilities": liabilities * (0.66 + 0.15 * bites),
        "total_debt": debt,
        "retained_earnings": assets * (0.2 - 0.2 * bites),
        # one large firm in four is listed
        "market_value": np.where(_is_listed(chunk)[client], (assets - liabilities) * 1.4 + assets * 0.1, np.nan),
        "external_guarantees": assets * np.where(stories.of("guarantee_circle")[client], 0.25, 0.04),
    }
    rounded = {
        name: np.where(np.isnan(value), NULL, np.floor(np.nan_to_num(value))).astype(np.int64)
        for name, value in cents.items()
    }
    owed = np.floor(liabilities).astype(np.int64)
    return rounded | {"total_liabilities": owed, "equity": rounded["total_assets"] - owed}


def _is_listed(chunk: Chunk) -> Bools:
    return np.asarray((chunk.clients.segment == LARGE) & (np.arange(chunk.size) % 4 == 1))


def _year_to_date(value: Floats, begins: Bools) -> Floats:
    """Running sums that begin anew where `begins` says so."""
    if not len(value):
        return value
    total = np.cumsum(value)
    start = np.maximum.accumulate(np.where(begins, np.arange(len(value)), 0))
    return np.asarray(total - (total - value)[start])


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
