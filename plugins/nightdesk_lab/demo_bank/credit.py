"""Tables beside the loans: collateral, guarantees, links, bureau, off-balance items, account covenants, profit."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import DEPOSIT, DSRA, SETTLE, WEALTH, Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Floats, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import FIXED, PERSONAL, PROJECT, Loans
from nightdesk_lab.demo_bank.plan import PRIVATE, SPV
from nightdesk_lab.demo_bank.repayment import Repayment


def credit_frames(chunk: Chunk, loans: Loans, repayment: Repayment, curves: Curves, daily: Ints) -> dict[str, pa.Table]:
    """All of them for one chunk. `daily` holds closing balances of shape (accounts, days)."""
    names = loan_ids(chunk, loans)
    debt = _month_end_debt(chunk, loans, repayment)
    return {
        **_collateral(chunk, loans, names),
        **_guarantees(chunk, loans, names),
        "bureau": _bureau(chunk, debt),
        "offbalance": _offbalance(chunk),
        "account_covenant": _account_covenants(chunk, curves),
        "client_profit_month": _profit(chunk, debt, daily),
    }


def _first_known(chunk: Chunk, rows: int) -> Ints:
    return np.full(rows, chunk.plan.timeline.first * DAY - 7_200)


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


def _collateral(chunk: Chunk, loans: Loans, names: pa.Array) -> dict[str, pa.Table]:
    timeline = chunk.plan.timeline
    random = chunk.random("collateral")
    at = np.flatnonzero((np.isin(loans.product, (FIXED, PERSONAL, PROJECT))) | (random.random(loans.size) < 0.3))
    loan = loans.client[at] * 10 + loans.slot[at]
    keys = ids("COL", chunk.low * 10 + 10 + loan, 8)
    value = (loans.limit[at] * (1.55 + 0.8 * random.random(len(at)))).astype(np.int64)
    known = np.maximum(loans.start[at] * DAY + 61_200, timeline.first * DAY - 7_200)
    kind = np.where(loans.product[at] == PROJECT, 2, np.where(random.random(len(at)) < 0.7, 0, 1))
    return {
        "collateral": frame(
            "collateral",
            {
                "collateral_id": keys,
                "kind": Coded(("real_estate", "equipment", "project_assets"), kind),
                "value_amt": value,
                "valued_on": timeline.last - random.integers(20, 300, len(at)),
                "insured_until": timeline.last + random.integers(60, 400, len(at)),
                "prior_lien_amt": np.where(random.random(len(at)) < 0.05, value // 10, 0),
            },
            known,
        ),
        "collateral_loan": frame(
            "collateral_loan", {"collateral_id": keys, "loan_id": names.take(pa.array(at))}, known
        ),
    }


def _guarantees(chunk: Chunk, loans: Loans, names: pa.Array) -> dict[str, pa.Table]:
    """Members of a group guarantee each other; the first member controls the others; a few clients supply others."""
    timeline, group = chunk.plan.timeline, chunk.clients.group
    random = chunk.random("guarantees")
    head = {int(number): int(client) for client, number in reversed(list(enumerate(group.tolist()))) if number >= 0}
    heads = np.array([head.get(int(number), -1) for number in group.tolist()], dtype=np.int64)
    members = np.flatnonzero((heads >= 0) & (heads != np.arange(chunk.size)))
    at = np.flatnonzero(np.isin(loans.client, members) & (random.random(loans.size) < 0.6))
    guarantee = frame(
        "guarantee",
        {
            "guarantee_id": ids("GUA", (chunk.low + 1 + loans.client[at]) * 10 + loans.slot[at], 8),
            "loan_id": names.take(pa.array(at)),
            "guarantor_client_id": chunk.client_ids.take(pa.array(heads[loans.client[at]])),
            "amount": loans.limit[at],
        },
        np.maximum(loans.start[at] * DAY + 61_200, timeline.first * DAY - 7_200),
    )
    companies = np.flatnonzero(np.isin(chunk.clients.segment, (0, 1, 2)))
    buyers = companies[random.permutation(len(companies))[: len(companies) // 12]]
    sellers = np.roll(buyers, 1)
    buyers, sellers = (buyers[buyers != sellers], sellers[buyers != sellers])
    client = np.r_[heads[members], heads[members], sellers]
    other = np.r_[members, members, buyers]
    kind = np.repeat(np.array([0, 2, 1]), [len(members), len(members), len(buyers)])
    share = np.where(kind == 0, 510_000 + 10_000 * (other % 45), NULL)
    link = frame(
        "client_link",
        {
            "client_id": chunk.client_ids.take(pa.array(client)),
            "other_client_id": chunk.client_ids.take(pa.array(other)),
            "kind": Coded(("controls", "supplies", "same_group"), kind),
            "share_pct": share,
            "valid_from": np.full(len(client), timeline.first - 400),
        },
        _first_known(chunk, len(client)),
    )
    return {"guarantee": guarantee, "client_link": link}


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
    late = (default_on != NULL) & (default_on < timeline.month_starts[months[month] + 1])
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


def _offbalance(chunk: Chunk) -> pa.Table:
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("offbalance")
    at = np.flatnonzero(
        (random.random(chunk.size) < 0.12) & clients.is_company & (clients.segment != SPV) & (clients.closed == NULL)
    )
    amount = clients.inflow[at] // 4 // 1_000_000 * 1_000_000 + 1_000_000
    issued = np.maximum(timeline.last - random.integers(5, 170, len(at)), clients.onboard[at] + 5)
    issued = np.minimum(issued, timeline.last)
    return frame(
        "offbalance",
        {
            "offbalance_id": ids("OBS", chunk.low + 1 + at, 6),
            "client_id": chunk.client_ids.take(pa.array(at)),
            "kind": Coded(("acceptance", "guarantee", "letter_of_credit"), at % 3),
            "amount": amount,
            "margin_amt": amount // 5,
            "expires_on": issued + 182,
            "advanced_amt": np.zeros(len(at), dtype=np.int64),
            "advanced_on": np.full(len(at), NULL),
        },
        issued * DAY + 61_200,
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
