"""Control totals: what the bank's own system says its raw rows add up to, by table, branch and currency.

Totals are of the rows known by the cut-off of their business date (05:00 bank time of the next day), duplicates and
dirty rows included. Daily tables: every row of that date. `loan` and `instalment` are snapshots: of each key its
newest row known by then, for the last days of the bank only. The branch is the account's, or the client's. Totals
without a branch are those of the whole bank, rows of accounts and clients that do not exist included.
"""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import CURRENCIES, Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.loans import Loans
from nightdesk_lab.demo_bank.plan import Plan
from nightdesk_lab.demo_bank.repayment import Repayment

CUT_OFF = 5 * 3_600
#: days at the end for which the totals of snapshots are given
SNAPSHOT_DAYS = 10
#: the day on which one total is wrong, counted back from the last
BROKEN_BEFORE_END = 20
_TABLES = ("txn", "balance", "loan", "instalment")


class ControlTotals:
    """Adds up chunk by chunk; `frame` gives the table."""

    def __init__(self, plan: Plan, *, with_balance: bool) -> None:
        self._plan = plan
        self._tables = [name for name in _TABLES if with_balance or name != "balance"]
        # branch 0 holds what belongs to no branch; in the table that place is the whole bank's
        shape = (len(_TABLES), plan.branches + 1, len(CURRENCIES), plan.timeline.days)
        self._rows = np.zeros(shape, dtype=np.int64)
        self._cents = np.zeros(shape, dtype=np.int64)

    def _groups(self, chunk: Chunk, account: Ints) -> tuple[Ints, Ints]:
        """Branch (1-based, 0 for accounts that do not exist) and currency of accounts; -1 does not exist."""
        there = np.maximum(account, 0)
        branch = chunk.clients.branch[chunk.accounts.client[there]] + 1
        return np.where(account >= 0, branch, 0), np.where(account >= 0, chunk.accounts.ccy[there], 0)

    def add_txn(self, chunk: Chunk, account: Ints, day: Ints, cents: Ints, known_at: Ints, sign: int = 1) -> None:
        """Rows booked on `day`, without those known after its cut-off; with sign -1 rows are taken out again."""
        timeline = self._plan.timeline
        in_time = (known_at <= (day + 1) * DAY + CUT_OFF) & (day >= timeline.first) & (day <= timeline.last)
        account, day, cents = account[in_time], day[in_time] - timeline.first, cents[in_time]
        branch, ccy = self._groups(chunk, account)
        size = self._rows[0].size
        cell = (branch * len(CURRENCIES) + ccy) * timeline.days + day
        self._rows[0] += sign * np.bincount(cell, minlength=size).reshape(self._rows[0].shape)
        # exact: sums of whole cents far below 2**53
        sums = np.bincount(cell, weights=cents.astype(np.float64), minlength=size)
        self._cents[0] += sign * sums.astype(np.int64).reshape(self._rows[0].shape)

    def add_balances(self, chunk: Chunk, daily: Ints, shown: Bools) -> None:
        """Closing balances of shape (accounts, days) where `shown`."""
        branch, ccy = self._groups(chunk, np.arange(len(daily), dtype=np.int64))
        np.add.at(self._rows[1], (branch, ccy), shown.astype(np.int64))
        np.add.at(self._cents[1], (branch, ccy), np.where(shown, daily, 0))

    def add_lending(self, chunk: Chunk, loans: Loans, repayment: Repayment, set_on: Ints) -> None:
        """Outstanding amounts of loans that have begun, and instalments set by each of the last days."""
        timeline = self._plan.timeline
        branch = chunk.clients.branch[loans.client] + 1
        days = np.arange(max(timeline.days - SNAPSHOT_DAYS, 0), timeline.days)
        began = np.maximum(loans.start - timeline.first, 0)[:, None] <= days[None, :]
        schedule = repayment.schedule
        for at, day in enumerate(days.tolist()):
            np.add.at(self._rows[2, :, 0, day], branch, began[:, at].astype(np.int64))
            np.add.at(self._cents[2, :, 0, day], branch, np.where(began[:, at], repayment.outstanding[:, day], 0))
            known = set_on <= day + timeline.first
            np.add.at(self._rows[3, :, 0, day], branch[schedule.loan], known.astype(np.int64))
            np.add.at(self._cents[3, :, 0, day], branch[schedule.loan], np.where(known, schedule.cents, 0))

    def add_orphans(self, table: str, cents: Ints) -> None:
        """Rows of `loan` or `instalment` that belong to no client of the bank, known from the start."""
        days = self._plan.timeline.days
        last = slice(max(days - SNAPSHOT_DAYS, 0), days)
        self._rows[_TABLES.index(table), 0, 0, last] += len(cents)
        self._cents[_TABLES.index(table), 0, 0, last] += int(cents.sum())

    @property
    def broken_on(self) -> int:
        """The epoch day whose first total of `txn` is wrong; NULL for a bank too young to have one."""
        timeline = self._plan.timeline
        return timeline.last - BROKEN_BEFORE_END if timeline.days > BROKEN_BEFORE_END + 5 else NULL

    def frame(self) -> tuple[pa.Table, list[str]]:
        """The table, and the row keys of the total that is broken on purpose."""
        timeline = self._plan.timeline
        chosen = np.array([_TABLES.index(name) for name in self._tables])
        rows, sums = self._rows.copy(), self._cents.copy()
        rows[:, 0], sums[:, 0] = rows.sum(axis=1), sums.sum(axis=1)
        table, branch, ccy, day = (array.astype(np.int64) for array in np.nonzero(rows[chosen]))
        order = np.lexsort((ccy, branch, table, day))
        table, branch, ccy, day = (array[order] for array in (chosen[table], branch, ccy, day))
        cents = sums[table, branch, ccy, day]
        broken = np.flatnonzero((table == 0) & (day + timeline.first == self.broken_on) & (branch > 0))[:1]
        cents[broken] += 12_345
        columns = {
            "table_name": Coded(_TABLES, table),
            "business_date": day + timeline.first,
            "branch_id": ids("B", np.where(branch > 0, branch, -1), 3),
            "ccy": Coded(CURRENCIES, ccy),
            "row_count": rows[table, branch, ccy, day],
            "amount_sum": cents,
        }
        result = frame("control_total", columns, (day + timeline.first + 1) * DAY + 4 * 3_600)
        keys = result.select(["table_name", "business_date", "branch_id", "ccy"]).take(pa.array(broken)).to_pylist()
        return result, ["|".join(str(value) for value in row.values()) for row in keys]
