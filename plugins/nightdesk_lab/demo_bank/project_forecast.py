"""What operating projects are forecast to earn for their debt: one issue of the model each half year."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, Coded, Floats, Ints, frame
from nightdesk_lab.demo_bank.loans import Loans
from nightdesk_lab.demo_bank.repayment import Repayment
from nightdesk_lab.demo_bank.timeline import Timeline

#: an issue has so many quarters, and whole years after them; a new one comes every so many quarters, so many days after
#: the last of them ended
_QUARTERS, _EVERY, _ISSUED_AFTER = 8, 2, 28
#: what is earned in the years after the loans, of what was earned in their last
_TAIL = 0.8
#: trouble that the model takes to stay; of any other weak quarter it expects that it passes
_LASTS = ("covenant_drift", "covenant_breach", "environmental_penalty")


@dataclass(frozen=True)
class Service:
    """The debt of each project as its loan repays it: equal parts of `opening` (cents) over `months` from the bank's
    first, with interest at `rate` (a share a year) on the rest."""

    opening: Floats
    months: Floats
    rate: Floats

    @classmethod
    def of(cls, repayment: Repayment, loans: Loans, loan: Ints, timeline: Timeline) -> "Service":
        """The debt of projects that borrow as `loan`."""
        months = np.maximum(timeline.month_of(loans.maturity[loan]), 1).astype(np.float64)
        return cls(repayment.outstanding[loan, 0].astype(np.float64), months, loans.rate[loan] / 1_000_000)

    def due(self, ends: Ints, lengths: Ints) -> tuple[Floats, Floats]:
        """Principal and interest of periods that end after so many months and are so many months long, of shape
        (projects, periods)."""
        whole = self.months[:, None]
        begins, ends = np.minimum(ends - lengths, whole), np.minimum(ends, whole)
        principal = self.opening[:, None] * (ends - begins) / whole
        owed = self.opening[:, None] * (1 - (begins + ends) / 2 / whole)
        return np.asarray(principal), np.asarray(owed * self.rate[:, None] * (ends - begins) / 12)


def forecast_frame(
    curves: Curves, names: pa.Array, timeline: Timeline, ends: Ints, debt: Service, base: Floats, cover: Floats
) -> pa.Table:
    """The rows of kind `forecast`: by issue, eight quarters and then years up to the end of the concession.

    `ends` are the quarter ends that `cover` has columns for; what an issue knows are those before it.
    """
    months = timeline.month_of(ends)
    runs = np.flatnonzero(curves.stage == 1)
    last = timeline.month_of(curves.cod_contract + 9_000)
    # as it stood on the bank's first day, and after every second quarter
    issues = [(-1, timeline.first * DAY - 7_200)]
    issues += [
        (at, (int(ends[at]) + _ISSUED_AFTER) * DAY + 61_200)
        for at in range(len(ends))
        if at % _EVERY == 0 and ends[at] + _ISSUED_AFTER <= timeline.last
    ]
    parts = []
    for at, known in issues:
        begin = int(months[at]) + 1 if at >= 0 else int(months[0]) - 2
        until, length = _periods(begin, int(last[runs].max(initial=begin)), int(timeline.calendar_month[0]))
        level = base if at < 0 else np.where(_lasting(curves, int(months[at])), cover[:, at], base)
        principal, interest = debt.due(until[None, :], length[None, :])
        tail = debt.opening[:, None] / debt.months[:, None] * length[None, :] * _TAIL
        cfads = level[:, None] * np.where(until[None, :] > debt.months[:, None], tail, principal + interest)
        shown = (until[None, :] - length[None, :] <= last[:, None]) & np.isin(np.arange(curves.size), runs)[:, None]
        project, period = (array.astype(np.int64) for array in np.nonzero(shown))
        columns = {
            "project_id": names.take(pa.array(project)),
            "period_end": timeline.month_start(until[period]) - 1,
            "kind": Coded(("forecast",), np.zeros(len(project), dtype=np.int64)),
            "cfads": cfads[project, period].astype(np.int64),
            "principal": principal[project, period].astype(np.int64),
            "interest": interest[project, period].astype(np.int64),
        }
        parts.append(frame("project_cashflow", columns, np.full(len(project), known)))
    return pa.concat_tables(parts)


def _lasting(curves: Curves, month: int) -> Ints:
    """Which projects are in trouble that lasts, in that month."""
    on = (curves.stories.start_month <= month) & (curves.stories.end_month > month)
    return np.asarray(curves.stories.of(*_LASTS) & on)


def _periods(begin: int, last: int, first_calendar_month: int) -> tuple[Ints, Ints]:
    """Ends (months after the bank's first month began) and lengths in months: quarters, and then calendar years, the
    first of them what is left of its year."""
    quarters = begin + 3 * np.arange(1, _QUARTERS + 1)
    into_year = (int(quarters[-1]) + first_calendar_month - 1) % 12
    years = int(quarters[-1]) + 12 - into_year + 12 * np.arange((last - int(quarters[-1])) // 12 + 2)
    until = np.concatenate([quarters, years]).astype(np.int64)
    return until, np.diff(until, prepend=begin)
