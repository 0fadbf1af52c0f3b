"""Tables beside the loans: bureau, off-balance items, account covenants, profit."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.bills import bill_frame
from nightdesk_lab.demo_bank.clients import DEPOSIT, DSRA, SETTLE, WEALTH, Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Floats, Ints, frame
from nightdesk_lab.demo_bank.loans import Loans
from nightdesk_lab.demo_bank.plan import PRIVATE
from nightdesk_lab.demo_bank.repayment import Repayment


def credit_frames(chunk: Chunk, loans: Loans, repayment: Repayment, curves: Curves, daily: Ints) -> dict[str, pa.Table]:
    """All of them for one chunk. `daily` holds closing balances of shape (accounts, days)."""
    debt = _month_end_debt(chunk, loans, repayment)
    return {
        "bureau": _bureau(chunk, debt),
        "offbalance": bill_frame(chunk),
        "account_covenant": _account_covenants(chunk, curves),
        "client_profit_month": _profit(chunk, debt, daily),
    }


def full_months(chunk: Chunk) -> Ints:
    """Months that ended by the bank's last day."""
    timeline = chunk.plan.timeline
    return np.flatnonzero(timeline.month_starts[1:] - 1 <= timeline.last).astype(np.int64)


def _month_end_debt(chunk: Chunk, loans: Loans, repayment: Repayment) -> Ints:
    """What each client owes this bank at month ends, cents of shape (clients, full months)."""
    timeline = chunk.plan.timeline
    ends = timeline.month_starts[1:][full_months(chunk)] - 1 - timeline.first
    debt = np.zeros((chunk.size, len(ends)), dtype=np.int64)
    np.add.at(debt, loans.client, repayment.outstanding[:, ends])
    return debt


def _bureau(chunk: Chunk, debt: Ints) -> pa.Table:
    """What borrowers owe everywhere, known on the 20th of the following month."""
    timeline = chunk.plan.timeline
    random = chunk.random("bureau")
    months = full_months(chunk)
    known = timeline.month_starts[months + 1] + 19
    client, month = (array.astype(np.int64) for array in np.nonzero((debt > 0) & (known <= timeline.last)[None, :]))
    share = 0.3 + 0.6 * random.random(chunk.size)
    total = (debt[client, month] / share[client]).astype(np.int64)
    default_on = chunk.stories.default_on[client]
    ends = timeline.month_starts[months[month] + 1]
    resolved = chunk.stories.resolved_on[client]
    late = (default_on != NULL) & (default_on < ends) & ((resolved == NULL) | (resolved >= ends))
    return frame(
        "bureau",
        {
            "client_id": chunk.client_ids.take(pa.array(client)),
            "month": timeline.month_starts[months[month]],
            "total_debt_amt": total,
            "overdue_90_amt": np.where(late, debt[client, month], 0),
            "lenders": 1 + (share[client] < 0.6).astype(np.int64) + (share[client] < 0.4),
        },
        known[month] * DAY + 36_000,
    )


def _account_covenants(chunk: Chunk, curves: Curves) -> pa.Table:
    """Projects in operation route their revenue through the bank and keep an average balance."""
    timeline = chunk.plan.timeline
    months = full_months(chunk)
    owner = curves.owner[curves.stage == 1]
    client, month = np.repeat(owner, len(months)), np.tile(months, len(owner))
    inflow = chunk.clients.inflow[client]
    return frame(
        "account_covenant",
        {
            "account_id": chunk.account_ids.take(pa.array(chunk.accounts.of(client, SETTLE))),
            "month": timeline.month_starts[month],
            "agreed_pct": np.full(len(client), 800_000),
            "required_avg_amt": inflow // 2,
            "revenue_due_amt": inflow * 105 // 100,
        },
        (timeline.month_starts[month + 1] + 2) * DAY - 60,
    ).filter(pa.array(timeline.month_starts[month + 1] <= timeline.last))


def _month_averages(chunk: Chunk, daily: Ints) -> Floats:
    """Mean deposit balance per client and full month, cents."""
    timeline, accounts = chunk.plan.timeline, chunk.accounts
    months = full_months(chunk)
    starts = (timeline.month_starts[:-1] - timeline.first)[months]
    ends = (timeline.month_starts[1:] - timeline.first)[months]
    sums = np.add.reduceat(daily, starts, axis=1)
    if len(ends) and ends[-1] < timeline.days:
        sums[:, -1] = daily[:, starts[-1] : ends[-1]].sum(axis=1)
    counted = np.isin(accounts.slot, (SETTLE, DEPOSIT, WEALTH, DSRA))
    means = np.zeros((chunk.size, len(months)), dtype=np.float64)
    np.add.at(means, accounts.client[counted], sums[counted] / (ends - starts)[None, :])
    return means


def _profit(chunk: Chunk, debt: Ints, daily: Ints) -> pa.Table:
    """Income and cost per client and month, known on the fifth of the next; 3% of clients are missing in it."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("profit")
    months = full_months(chunk)
    known = timeline.month_starts[months + 1] + 4
    kept = (random.random(chunk.size) > 0.03)[:, None] & (known <= timeline.last)[None, :]
    kept &= clients.onboard[:, None] < timeline.month_starts[months][None, :]
    kept &= (clients.closed == NULL)[:, None] | (clients.closed[:, None] > timeline.month_starts[months][None, :])
    client, month = (array.astype(np.int64) for array in np.nonzero(kept))
    deposits = np.maximum(_month_averages(chunk, daily)[client, month], 0)
    owed = debt[client, month]
    draw = random.random(len(client))
    return frame(
        "client_profit_month",
        {
            "client_id": chunk.client_ids.take(pa.array(client)),
            "month": timeline.month_starts[months[month]],
            "ftp_income": (deposits * 0.009 / 12 + owed * 0.014 / 12).astype(np.int64),
            "fee_income": (clients.inflow[client] * 0.0006 * draw).astype(np.int64),
            "opex": np.where(clients.segment[client] == PRIVATE, 15_000, 60_000)
            + (deposits * 0.0005 / 12).astype(np.int64),
            "expected_loss": (owed * 0.005 / 12).astype(np.int64),
            "economic_capital": (owed * 0.08).astype(np.int64),
        },
        known[month] * DAY + 32_400,
    )
