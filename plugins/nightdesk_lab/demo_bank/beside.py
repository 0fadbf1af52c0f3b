"""Rows of the stories beside a client's business: on its site, in its reports, its pledge, and what was seen."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import SETTLE, Chunk, target_balance
from nightdesk_lab.demo_bank.credit import full_months
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.incident_words import mended, words
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import Loans
from nightdesk_lab.demo_bank.names import said, spoken
from nightdesk_lab.demo_bank.people import hand_over

_INCIDENTS = ("fatality", "accident", "protest", "grievance", "physical_damage")
#: story, kind of incident, and how many days later it is closed: at least, and so many more at full depth; none: open
_ON_SITE: tuple[tuple[str, str, tuple[int, int] | None], ...] = (
    ("fatal_accident", "fatality", (60, 120)),
    ("slight_accident", "accident", (5, 20)),
    ("neighbours_protest", "protest", None),
    ("grievance_answered", "grievance", (10, 15)),
    ("storm_damage", "physical_damage", None),
    ("storm_repaired", "physical_damage", (25, 60)),
)
#: days between two valuations of pledged shares, before the fall and over it; of the loan the value at first, the line
#: at which more has to be pledged, and the value once they have fallen (the least, and so much more at full depth)
_VALUED_EVERY, _PLEDGED_BEFORE, _FALLS_OVER = 7, 60, 28
_WORTH, _LINE, _FALLEN, _DIPPED = 1.9, 1.3, (1.26, 0.3), (1.62, 0.15)
#: share of its receipts that a borrower routes here, in ten-thousandths of a percent
_ROUTED = 500_000
_SUSPICIONS = ("trade_background", "gambling_rumour", "private_lending_rumour")
#: who tells of incidents
_TELLER = (("地方应急管理局", "Local emergency management bureau"),)


def beside_frames(chunk: Chunk, loans: Loans) -> dict[str, pa.Table]:
    """Rows to be added to those of each table; keys are of a range of their own."""
    return {
        "esg_incident": _incidents(chunk),
        "report_due": _reports(chunk),
        "account_covenant": _balances(chunk),
        **_pledges(chunk, loans),
        "observation": _suspicions(chunk),
    }


def _incidents(chunk: Chunk) -> pa.Table:
    """What happened on a site of a client without a project here: told, and told again once it is closed."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    parts: list[tuple[Ints, Ints, Ints]] = []
    for story, kind, closes in _ON_SITE:
        at = np.flatnonzero(stories.of(story)).astype(np.int64)
        ends = np.full(len(at), NULL)
        if closes is not None:
            ends = stories.started_on[at] + closes[0] + (closes[1] * stories.depth[at]).astype(np.int64)
        parts.append((at, np.full(len(at), _INCIDENTS.index(kind)), ends))
    client, kind_of, closed = (np.concatenate(arrays).astype(np.int64) for arrays in zip(*parts, strict=True))
    occurred = stories.started_on[client]
    english = chunk.is_english(client)
    columns: dict[str, object] = {
        "incident_id": ids("INB", chunk.low + 1 + client, 8),
        "client_id": chunk.client_ids.take(pa.array(client)),
        "kind": Coded(_INCIDENTS, kind_of),
        "occurred_on": occurred,
        "published_on": occurred + 2,
        "amount": np.full(len(client), NULL),
        "closed_on": np.full(len(client), NULL),
        "source": spoken(_TELLER, np.zeros(len(client), dtype=np.int64), english),
        **words(_INCIDENTS, kind_of, client, english),
    }
    first = frame("esg_incident", columns, (occurred + 2) * DAY + 64_800)
    over = np.flatnonzero((closed != NULL) & (closed <= timeline.last))
    columns |= {"closed_on": closed, **mended(_INCIDENTS, kind_of, client, closed, english)}
    final = frame("esg_incident", columns, np.where(closed == NULL, 0, closed) * DAY + 64_800)
    return pa.concat_tables([first, final.take(pa.array(over))])


def _reports(chunk: Chunk) -> pa.Table:
    """An ESG report that a borrower owes: it never comes, or comes within two weeks."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    client = np.flatnonzero(stories.of("report_withheld", "report_days_late")).astype(np.int64)
    due = stories.started_on[client]
    columns: dict[str, object] = {
        "client_id": chunk.client_ids.take(pa.array(client)),
        "kind": "esg_report",
        "due_on": due,
        "received_on": np.full(len(client), NULL),
    }
    asked = np.maximum(due - 60, timeline.first - 1)
    first = frame("report_due", columns, asked * DAY + 30_000)
    late = stories.of("report_days_late")[client]
    received = due + 4 + (10 * stories.depth[client]).astype(np.int64)
    columns["received_on"] = np.where(late, received, NULL)
    final = frame("report_due", columns, received * DAY + 64_800)
    return pa.concat_tables([first, final.filter(pa.array(late & (received <= timeline.last)))])


def _balances(chunk: Chunk) -> pa.Table:
    """A borrower routes half of its receipts here and keeps a balance: from a month on of more than it has, or less."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    told = np.flatnonzero(stories.of("balance_not_kept", "balance_just_kept")).astype(np.int64)
    months = full_months(chunk)
    client, month = np.repeat(told, len(months)), np.tile(months, len(told))
    asked = np.where(stories.of("balance_not_kept")[client], 1.3 + 1.4 * stories.depth[client], 0.35)
    asked = np.where(month >= stories.start_month[client], asked, 0.2)
    return frame(
        "account_covenant",
        {
            "account_id": chunk.account_ids.take(pa.array(chunk.accounts.of(client, SETTLE))),
            "month": timeline.month_starts[month],
            "agreed_pct": np.full(len(client), _ROUTED),
            "required_avg_amt": (target_balance(chunk)[client] * asked).astype(np.int64),
            "revenue_due_amt": chunk.clients.inflow[client],
        },
        (timeline.month_starts[month + 1] + 2) * DAY - 60,
    ).filter(pa.array(timeline.month_starts[month + 1] <= timeline.last))


def _pledges(chunk: Chunk, loans: Loans) -> dict[str, pa.Table]:
    """Listed shares pledged for a client's first loan, valued each week: their price falls below the line at which more
    has to be pledged, or falls and stays well above it."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    told = np.flatnonzero(stories.of("shares_fall", "shares_dip")).astype(np.int64)
    loan = np.searchsorted(loans.client, told)
    has = loan < loans.size
    told, loan = told[has], loan[has]
    falls = np.maximum(stories.started_on[told], loans.start[loan] + 14)
    pledged = np.maximum(falls - _PLEDGED_BEFORE, np.maximum(loans.start[loan], timeline.first))
    weeks = np.arange(-(-timeline.days // _VALUED_EVERY) + 1)
    item, week = (array.ravel() for array in np.meshgrid(np.arange(len(told)), weeks, indexing="ij"))
    valued = pledged[item] + week * _VALUED_EVERY
    is_bad, depth = stories.of("shares_fall")[told], stories.depth[told]
    least = np.where(is_bad, _FALLEN[0] - _FALLEN[1] * depth, _DIPPED[0] - _DIPPED[1] * depth)
    along = np.clip((valued - falls[item]) / _FALLS_OVER, 0, 1)
    shown = np.flatnonzero(valued <= timeline.last)
    item, valued, along = item[shown], valued[shown], along[shown]
    limit = loans.limit[loan]
    keys = ids("COS", chunk.low + 1 + told, 8)
    known = np.maximum(pledged * DAY + 61_200, timeline.first * DAY - 7_200)
    return {
        "collateral": frame(
            "collateral",
            {
                "collateral_id": keys.take(pa.array(item)),
                "kind": "listed_shares",
                "value_amt": (limit[item] * (_WORTH - (_WORTH - least[item]) * along)).astype(np.int64),
                "margin_line_amt": (limit[item] * _LINE).astype(np.int64),
                "valued_on": valued,
                "prior_lien_amt": np.zeros(len(item), dtype=np.int64),
            },
            np.maximum(valued * DAY + 61_200, timeline.first * DAY - 7_200),
        ),
        "collateral_loan": frame(
            "collateral_loan",
            {"collateral_id": keys, "loan_id": loan_ids(chunk, loans).take(pa.array(loan))},
            known,
        ),
    }


def _suspicions(chunk: Chunk) -> pa.Table:
    """A suspicion that a manager reports; that which passed was reported long ago, and nothing came of it."""
    clients, stories = chunk.clients, chunk.stories
    at = np.flatnonzero(stories.of("dealings_doubted", "rumour_passed")).astype(np.int64)
    day = chunk.plan.timeline.roll(stories.started_on[at] - 3)
    head = ids("S", clients.branch[at] + 1, 4)
    manager = hand_over(chunk.plan).manager[chunk.low + at]
    # the head saw it where nobody manages the client; two people stand behind what is grave
    grave = stories.of("dealings_doubted")[at] & (stories.depth[at] > 0.6) & (manager >= 0)
    return frame(
        "observation",
        {
            "observation_id": ids("OBB", chunk.low + 1 + at, 8),
            "client_id": chunk.client_ids.take(pa.array(at)),
            "code": Coded(_SUSPICIONS, at % len(_SUSPICIONS)),
            "severity": Coded(("amber", "red"), grave.astype(np.int64)),
            "observed_on": day,
            "staff_id": ids("S", np.where(manager >= 0, manager, clients.branch[at]) + 1, 4),
            "checker_id": pc.if_else(pa.array(grave), head, None),
            "note": said(("同业告知", "told by a competitor"), chunk.is_english(at)),
        },
        day * DAY + 66_000,
    )
