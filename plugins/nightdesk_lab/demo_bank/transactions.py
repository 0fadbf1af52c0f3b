"""Opening balances, and the `txn` and `balance` tables of a chunk: every balance is the sum of what was booked."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank import ledger as led
from nightdesk_lab.demo_bank import parties as par
from nightdesk_lab.demo_bank.clients import (
    CURRENCIES,
    DEPOSIT,
    DISBURSE,
    DSRA,
    FOREIGN,
    SETTLE,
    WEALTH,
    Chunk,
    target_balance,
)
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.ledger import Ledger
from nightdesk_lab.demo_bank.loans import Loans
from nightdesk_lab.demo_bank.parties import Parties
from nightdesk_lab.demo_bank.repayment import Repayment

#: share of rows that reach the bank's books only days later, ordinarily and in the last three days
_LATE, _LATE_AT_THE_END = 0.0008, 0.006


@dataclass(frozen=True)
class Booked:
    """The chunk's transactions in booking order: the `txn` table, and the arrays that others need beside it."""

    table: pa.Table
    account: Ints
    day: Ints
    cents: Ints
    known_at: Ints
    is_late: Ints
    daily: Ints


def book(
    chunk: Chunk, ledger: Ledger, parties: Parties, loans: Loans, repayment: Repayment, loan_ids: pa.Array
) -> Booked:
    """Adds opening and closing amounts, sorts, numbers and dates everything.

    `daily` of the result has the shape (accounts, days): cents at the end of each day.
    """
    _open_accounts(chunk, ledger, loans, repayment)
    rows = _before_closing(chunk, ledger.joined())
    daily = _daily(chunk, rows)
    rows, daily = _close_accounts(chunk, ledger, rows, daily)
    order = np.argsort(rows["day"], kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    reverses = rows["reverses"][order]
    rows = {name: values[order] for name, values in rows.items()}
    known_at, late = _known(chunk, rows["day"])
    numbers = ids("T", chunk.number * 10_000_000 + np.arange(len(order), dtype=np.int64), 12)
    party = pa.array(rows["party"], mask=rows["party"] < 0)
    reversed_place = np.where(reverses >= 0, place[np.maximum(reverses, 0)], -1)
    table = frame(
        "txn",
        {
            "txn_id": numbers,
            "account_id": chunk.account_ids.take(pa.array(rows["account"])),
            "booked_on": rows["day"],
            "direction": Coded(("D", "C"), rows["credit"]),
            "amount": rows["cents"],
            "ccy": Coded(CURRENCIES, chunk.accounts.ccy[rows["account"]]),
            "counterparty_id": parties.ids.take(party),
            "counterparty_name": parties.names.take(party),
            "counterparty_bank": parties.banks.take(party),
            "counterparty_kind": Coded(led.COUNTERPARTY_KINDS, rows["kind"]),
            "memo": Coded(led.MEMOS, rows["memo"]),
            "purpose": Coded(led.PURPOSES, rows["purpose"]),
            "is_returned": rows["returned"] == 1,
            "reverses_txn_id": numbers.take(pa.array(reversed_place, mask=reversed_place < 0)),
            "loan_id": loan_ids.take(pa.array(rows["loan"], mask=rows["loan"] < 0)),
            "channel": Coded(led.CHANNELS, rows["channel"]),
        },
        known_at,
    )
    return Booked(table, rows["account"], rows["day"], rows["cents"], known_at, late, daily)


def _known(chunk: Chunk, day: Ints) -> tuple[Ints, Ints]:
    """Before dawn of the next day for nearly all; for late rows, an afternoon up to five days on."""
    random = chunk.random("known")
    size = len(day)
    known = (day + 1) * DAY + 600 + random.integers(0, 3 * 3_600, size)
    rate = np.where(day > chunk.plan.timeline.last - 3, _LATE_AT_THE_END, _LATE)
    late = np.flatnonzero(random.random(size) < rate)
    lag = random.integers(0, 4, len(late))
    told, told_lag = _told_at_the_end(chunk, day)
    late, lag = np.r_[told, late], np.r_[told_lag, lag]
    late, kept = np.unique(late, return_index=True)
    lag = lag[kept]
    known[late] = (day[late] + 1 + lag) * DAY + 9 * 3_600 + random.integers(0, 8 * 3_600, len(late))
    return known, late.astype(np.int64)


def _told_at_the_end(chunk: Chunk, day: Ints) -> tuple[Ints, Ints]:
    """One row for each of the last afternoons, so that the latest nights of every bank meet a late one; and its lag."""
    last = chunk.plan.timeline.last
    rows: list[int] = []
    lags: list[int] = []
    for when in range(last - 3, last + 2) if chunk.number == 0 else ():
        booked = np.setdiff1d(np.flatnonzero((day < when) & (day >= when - 4)), rows)
        if len(booked):
            rows.append(int(booked[-1]))
            lags.append(when - int(day[rows[-1]]) - 1)
    return np.array(rows, dtype=np.int64), np.array(lags, dtype=np.int64)


def _daily(chunk: Chunk, rows: dict[str, Ints]) -> Ints:
    timeline = chunk.plan.timeline
    accounts = len(chunk.accounts.client)
    cell = rows["account"] * timeline.days + rows["day"] - timeline.first
    signed = np.where(rows["credit"] == 1, rows["cents"], -rows["cents"])
    # exact: sums of whole cents far below 2**53
    change = np.bincount(cell, weights=signed, minlength=accounts * timeline.days)
    return np.cumsum(change.reshape(accounts, timeline.days).astype(np.int64), axis=1)


def _open_accounts(chunk: Chunk, ledger: Ledger, loans: Loans, repayment: Repayment) -> None:
    """What is on each account at first, enough that a healthy client never falls short."""
    timeline, accounts, stories = chunk.plan.timeline, chunk.accounts, chunk.stories
    random = chunk.random("opening")
    slot, client = accounts.slot, accounts.client
    inflow = chunk.clients.inflow[client]
    spread = np.exp(0.8 * random.standard_normal(len(slot)))
    level = np.select(
        [slot == SETTLE, slot == DEPOSIT, slot == WEALTH, slot == FOREIGN, slot == DISBURSE],
        [target_balance(chunk)[client], 1.2 * inflow * spread, 0.8 * inflow * spread, 0.1 * inflow, 0.05 * inflow],
        0.0,
    ).astype(np.int64)
    service = np.bincount(
        loans.client[repayment.schedule.loan],
        weights=np.where(repayment.schedule.due <= timeline.first + 180, repayment.schedule.cents, 0),
        minlength=chunk.size,
    )
    level = np.where(slot == DSRA, (service[client] * 1.06).astype(np.int64), level)
    daily = _daily(chunk, ledger.joined())
    days = np.arange(timeline.days)[None, :] + timeline.first
    declines_from = np.where(stories.is_decline, stories.started_on, timeline.last + 1)[client][:, None]
    lowest = np.where(days < declines_from, daily, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    floor = np.where(slot == SETTLE, inflow // 6, inflow // 500)
    level = np.maximum(level, floor - np.minimum(lowest, 0))
    level = np.maximum(level, _cover(chunk, loans, repayment) - daily[:, -9:].min(axis=1))
    day = np.maximum(accounts.opened, timeline.first)
    at = np.flatnonzero(level > 0)
    ledger.add(
        at.astype(np.int64),
        day[at],
        level[at],
        credit=True,
        purpose=led.OWN,
        memo=led.M_OPENING,
        kind=led.BANK,
        party=par.THIS_BANK,
    )


def _cover(chunk: Chunk, loans: Loans, repayment: Repayment) -> Ints:
    """What a healthy client's paying account must hold in the last days for the instalments of the next ten."""
    timeline, schedule = chunk.plan.timeline, repayment.schedule
    soon = (schedule.due > timeline.last - 10) & (schedule.due <= timeline.last + 10)
    stories = chunk.stories
    soon &= ~(stories.is_decline | stories.of("instalment_uncovered"))[loans.client[schedule.loan]]
    need = np.bincount(
        loans.repay_account[schedule.loan[soon]],
        weights=schedule.cents[soon] * 1.1,
        minlength=len(chunk.accounts.client),
    )
    return np.where(need > 0, need, np.iinfo(np.int32).min).astype(np.int64)


def _close_accounts(chunk: Chunk, ledger: Ledger, rows: dict[str, Ints], daily: Ints) -> tuple[dict[str, Ints], Ints]:
    accounts = chunk.accounts
    at = np.flatnonzero(accounts.closed != NULL)
    if not len(at):
        return rows, daily
    left = daily[at, -1]
    at, left = at[left > 0].astype(np.int64), left[left > 0]
    ledger.add(
        at,
        accounts.closed[at],
        left,
        credit=False,
        purpose=led.OWN,
        memo=led.M_OWN,
        kind=led.BANK,
        channel=led.COUNTER,
    )
    rows = _before_closing(chunk, ledger.joined())
    return rows, _daily(chunk, rows)


def _before_closing(chunk: Chunk, rows: dict[str, Ints]) -> dict[str, Ints]:
    """Bills that a holiday would move past the closing of an account are paid on its last day."""
    closed = chunk.accounts.closed[rows["account"]]
    return rows | {"day": np.where(closed == NULL, rows["day"], np.minimum(rows["day"], closed))}


def balance_shown(chunk: Chunk) -> Bools:
    """Which accounts have a balance on which days, shape (accounts, days): while they are open."""
    timeline, accounts = chunk.plan.timeline, chunk.accounts
    days = np.arange(timeline.days)[None, :] + timeline.first
    closed = np.where(accounts.closed == NULL, timeline.last, accounts.closed)
    return np.asarray((days >= accounts.opened[:, None]) & (days <= closed[:, None]))


def balance_frame(chunk: Chunk, daily: Ints, shown: Bools) -> pa.Table:
    """The end-of-day balance of every account and day it was open, day by day."""
    timeline = chunk.plan.timeline
    day, account = (array.astype(np.int64) for array in np.nonzero(shown.T))
    return frame(
        "balance",
        {
            "account_id": chunk.account_ids.take(pa.array(account)),
            "business_date": day + timeline.first,
            "eod_balance": daily[account, day],
            "ccy": Coded(CURRENCIES, chunk.accounts.ccy[account]),
        },
        (day + timeline.first + 1) * DAY + 5_400,
    )
