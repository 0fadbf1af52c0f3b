"""Tables of lending: loan, loan_daily, instalment, payment, disbursement, forbearance."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import CURRENCIES, Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.loans import PRODUCTS, PROJECT, REVOLVING, Loans, Moves
from nightdesk_lab.demo_bank.names import spoken
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS
from nightdesk_lab.demo_bank.repayment import Repayment, Schedule
from nightdesk_lab.demo_bank.stories import CURED

_CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
#: days past due above which a loan is booked in the next class, how much later one bank officer in seven books it, and
#: for how long a loan whose arrears are paid stays watched
_CLASS_AFTER, _BOOKED_LATE, _WATCHED = (7, 90, 270, 360), 40, 190
#: days in arrears after which the bank calls the loans of the story, and days until a call is withdrawn
_CALLED_AFTER, _WITHDRAWN_AFTER = 60, 8
#: days after its start within which a project loan is drawn
_DRAWN_WITHIN = 1_300
#: days before the last one from which every change of a loan is its own version; before that, month ends
_FINE_DAYS = 60
_PURPOSES = (("工程进度款", "progress payment"), ("采购货款", "purchase of goods"), ("设备采购", "equipment"))
_OUTAGE = (("支付系统故障", "payment system outage"),)


def loan_ids(chunk: Chunk, loans: Loans) -> pa.Array:
    """Ids of the chunk's loans."""
    return ids("L", (chunk.low + 1 + loans.client) * 10 + loans.slot, 8)


def project_ids(curves: Curves) -> pa.Array:
    """Ids of the chunk's projects."""
    return ids("PRJ", curves.number + 1, 5)


def lending_frames(
    chunk: Chunk, loans: Loans, moves: Moves, repayment: Repayment, curves: Curves
) -> dict[str, pa.Table]:
    """All tables of a chunk's lending."""
    names = loan_ids(chunk, loans)
    return {
        "loan": _loan_versions(chunk, loans, repayment, curves, names),
        "loan_daily": _loan_daily(chunk, loans, repayment, names),
        "instalment": _instalments(chunk, loans, repayment, names),
        "payment": _payments(chunk, repayment, names),
        "disbursement": _disbursements(chunk, loans, moves, names),
        "forbearance": _forbearance(chunk, loans, names),
    }


def forborne_on(chunk: Chunk, loans: Loans) -> Ints:
    """Day of the restructuring of each loan; NULL for the others."""
    story = chunk.stories.of("restructured")[loans.client] & (loans.product != REVOLVING)
    granted = np.maximum(chunk.stories.started_on[loans.client] + 40, chunk.plan.timeline.first + 5)
    return np.where(story, granted, NULL)


def called_on(chunk: Chunk, loans: Loans) -> tuple[Ints, Ints]:
    """The day on which each loan is called, and that on which the call is withdrawn; NULL where neither is.

    A default that is cured goes on by its plan: its call is withdrawn on the day on which the arrears are paid.
    """
    stories, timeline, client = chunk.stories, chunk.plan.timeline, loans.client
    unpaid, started = stories.first_unpaid[client], stories.started_on[client]
    in_arrears = stories.of("loan_called")[client] & (unpaid != NULL)
    withdrawn = stories.of("call_withdrawn")[client]
    called = np.where(in_arrears, unpaid + _CALLED_AFTER, np.where(withdrawn, started, NULL))
    called = np.where(called == NULL, NULL, timeline.roll(np.where(called == NULL, timeline.first, called)))
    called = np.where(called > loans.start, called, NULL)
    paid = np.where(stories.ending[client] == CURED, stories.resolved_on[client], NULL)
    return called, np.where(called == NULL, NULL, np.where(withdrawn, called + _WITHDRAWN_AFTER, paid))


def _loan_versions(chunk: Chunk, loans: Loans, repayment: Repayment, curves: Curves, names: pa.Array) -> pa.Table:
    timeline = chunk.plan.timeline
    out = repayment.outstanding
    wanted = np.zeros(out.shape, dtype=np.bool_)
    fine = max(timeline.days - _FINE_DAYS, 1)
    wanted[:, fine:] = out[:, fine:] != out[:, fine - 1 : -1]
    ends = timeline.month_starts[1:] - 1 - timeline.first
    ends = ends[ends < fine]
    if len(ends):
        wanted[:, ends] = out[:, ends] != np.column_stack([out[:, :1], out[:, ends[:-1]]])
        wanted[:, fine - 1] |= out[:, fine - 1] != out[:, ends[-1]]
    began = np.maximum(loans.start - timeline.first, 0)
    forborne = forborne_on(chunk, loans)
    unpaid = chunk.stories.first_unpaid[loans.client]
    resolved = chunk.stories.resolved_on[loans.client]
    booked_late = np.where(loans.client % 7 == 0, _BOOKED_LATE, 0)
    called, withdrawn = called_on(chunk, loans)
    turnings = [
        called,
        withdrawn,
        forborne,
        repayment.ended,
        resolved,
        np.where(resolved == NULL, NULL, resolved + _WATCHED),
    ]
    turnings += [np.where(unpaid == NULL, NULL, unpaid + days + 1 + booked_late) for days in _CLASS_AFTER]
    for turning in turnings:
        at = np.flatnonzero((turning >= timeline.first) & (turning <= timeline.last))
        wanted[at, turning[at] - timeline.first] = True
    wanted &= np.arange(timeline.days)[None, :] > began[:, None]
    exists = began < timeline.days
    wanted[np.flatnonzero(exists), began[exists]] = True
    wanted &= exists[:, None]
    loan, day = (array.astype(np.int64) for array in np.nonzero(wanted))
    when = day + timeline.first
    is_first = day == began[loan]
    in_arrears = (unpaid[loan] != NULL) & ((resolved[loan] == NULL) | (when < resolved[loan]))
    late = np.where(in_arrears, when - unpaid[loan] - booked_late[loan], -1)
    watched = (resolved[loan] != NULL) & (when >= resolved[loan]) & (when < resolved[loan] + _WATCHED)
    observed = (forborne[loan] != NULL) & (when >= forborne[loan])
    grade = np.maximum(np.searchsorted(np.array(_CLASS_AFTER), late), (observed | watched).astype(np.int64))
    is_called = (called[loan] != NULL) & (when >= called[loan])
    is_called &= (withdrawn[loan] == NULL) | (when < withdrawn[loan])
    ended = repayment.ended[loan]
    closed = (ended != NULL) & (when >= ended)
    known = np.where(
        is_first & (loans.start[loan] < timeline.first), timeline.first * DAY - 3_600, (when + 1) * DAY + 2_400
    )
    project = loans.project[loan]
    listed = np.array([bool(kind.taxonomy) for kind in PROJECT_KINDS])
    built = curves.kind[project] if curves.size else np.full(len(loan), -1)
    taxonomy = np.where((project >= 0) & listed[built], built, -1)
    status = np.where(closed, 1 + repayment.written_off[loan], 0)
    grade = np.where(status == 2, len(_CLASSES) - 1, grade)
    return frame(
        "loan",
        {
            "loan_id": names.take(pa.array(loan)),
            "client_id": chunk.client_ids.take(pa.array(loans.client[loan])),
            "project_id": project_ids(curves).take(pa.array(project, mask=project < 0))
            if curves.size
            else [None] * len(loan),
            "product": Coded(PRODUCTS, loans.product[loan]),
            "ccy": CURRENCIES[0],
            "limit_amt": loans.limit[loan],
            "is_revolving": loans.product[loan] == REVOLVING,
            "outstanding_amt": out[loan, day],
            "rate_pct": loans.rate[loan],
            "start_date": loans.start[loan],
            "maturity_date": loans.maturity[loan],
            "available_until": np.where(
                loans.product[loan] == PROJECT,
                np.minimum(loans.start[loan] + _DRAWN_WITHIN, loans.maturity[loan]),
                np.where(loans.product[loan] == REVOLVING, loans.maturity[loan], NULL),
            ),
            "asset_class": Coded(_CLASSES, grade),
            "forborne_on": np.where(observed, forborne[loan], NULL),
            "refinances_loan_id": names.take(pa.array(loans.repays[loan], mask=loans.repays[loan] < 0)),
            "accelerated_on": np.where(is_called, called[loan], NULL),
            "day_roll": Coded(("none", "next_workday"), loans.rolls[loan].astype(np.int64)),
            "repay_account_id": chunk.account_ids.take(pa.array(loans.repay_account[loan])),
            "taxonomy_version": Coded(("2025",), np.minimum(taxonomy, 0)),
            "taxonomy_code": Coded(tuple(kind.taxonomy for kind in PROJECT_KINDS), taxonomy),
            "status": Coded(("active", "closed", "written_off"), status),
        },
        known,
    )


def _loan_daily(chunk: Chunk, loans: Loans, repayment: Repayment, names: pa.Array) -> pa.Table:
    timeline = chunk.plan.timeline
    days = np.arange(timeline.days)[None, :] + timeline.first
    last = np.where(repayment.ended == NULL, timeline.last, repayment.ended)
    day, loan = (
        array.astype(np.int64) for array in np.nonzero(((days >= loans.start[:, None]) & (days <= last[:, None])).T)
    )
    return frame(
        "loan_daily",
        {
            "loan_id": names.take(pa.array(loan)),
            "business_date": day + timeline.first,
            "outstanding_amt": repayment.outstanding[loan, day],
            "limit_amt": loans.limit[loan],
        },
        (day + timeline.first + 1) * DAY + 2_700,
    )


def instalment_set_on(chunk: Chunk, loans: Loans, schedule: Schedule) -> Ints:
    """Day on whose evening an instalment becomes known: with the loan, or ten days ahead where interest floats."""
    timeline = chunk.plan.timeline
    with_loan = np.maximum(loans.start[schedule.loan], timeline.first - 1)
    floats = loans.product[schedule.loan] == REVOLVING
    ahead = np.maximum(with_loan, np.minimum(schedule.due - 10, timeline.last))
    return np.where(floats, ahead, with_loan)


def _instalments(chunk: Chunk, loans: Loans, repayment: Repayment, names: pa.Array) -> pa.Table:
    """One version when the instalment is set, one more after each payment."""
    timeline, schedule, payments = chunk.plan.timeline, repayment.schedule, repayment.payments
    size = len(schedule.loan)
    set_on = instalment_set_on(chunk, loans, schedule)
    order = np.argsort(payments.instalment, kind="stable")
    instalment = payments.instalment[order]
    running = np.cumsum(payments.cents[order])
    starts = (
        np.flatnonzero(np.r_[True, instalment[1:] != instalment[:-1]]) if len(order) else np.zeros(0, dtype=np.int64)
    )
    before = np.repeat((running - payments.cents[order])[starts], np.diff(np.r_[starts, len(order)]))
    at = np.r_[np.arange(size), instalment]
    reason = np.where(schedule.technical[at] & (schedule.due[at] < timeline.last), 0, -1)
    # why a payment is delayed is on record the day after the due date, not before
    delayed = np.flatnonzero(schedule.technical & (schedule.due < timeline.last))
    at = np.r_[at, delayed]
    reason = np.r_[np.where(np.arange(len(reason)) < size, -1, reason), np.zeros(len(delayed), dtype=np.int64)]
    paid = np.r_[np.zeros(size, dtype=np.int64), running - before, np.zeros(len(delayed), dtype=np.int64)]
    paid_on = np.r_[np.full(size, NULL), payments.day[order], np.full(len(delayed), NULL)]
    known = np.r_[
        set_on * DAY + 23 * 3_600, (payments.day[order] + 1) * DAY + 3_000, (schedule.due[delayed] + 2) * DAY + 3_600
    ]
    return frame(
        "instalment",
        {
            "loan_id": names.take(pa.array(schedule.loan[at])),
            "due_date": schedule.due[at],
            "kind": Coded(("principal", "interest"), schedule.kind[at]),
            "due_amt": schedule.cents[at],
            "paid_amt": paid,
            "paid_on": paid_on,
            "technical_reason": spoken(_OUTAGE, reason, chunk.is_english(loans.client[schedule.loan[at]])),
        },
        known,
    )


def _payments(chunk: Chunk, repayment: Repayment, names: pa.Array) -> pa.Table:
    payments, schedule = repayment.payments, repayment.schedule
    numbers = chunk.number * 1_000_000 + np.arange(len(payments.day), dtype=np.int64)
    return frame(
        "payment",
        {
            "payment_id": ids("P", numbers, 10),
            "loan_id": names.take(pa.array(schedule.loan[payments.instalment])),
            "due_date": schedule.due[payments.instalment],
            "kind": Coded(("principal", "interest"), schedule.kind[payments.instalment]),
            "paid_on": payments.day,
            "amount": payments.cents,
        },
        (payments.day + 1) * DAY + 3_000,
    )


def _disbursements(chunk: Chunk, loans: Loans, moves: Moves, names: pa.Array) -> pa.Table:
    drawn = np.flatnonzero((moves.cents > 0) & (moves.day >= chunk.plan.timeline.first))
    loan, day = moves.loan[drawn], moves.day[drawn]
    numbers = chunk.number * 1_000_000 + np.arange(len(drawn), dtype=np.int64)
    purpose = np.where(loans.product[loan] == PROJECT, 0, np.where(loans.product[loan] == REVOLVING, 1, 2))
    return frame(
        "disbursement",
        {
            "disbursement_id": ids("D", numbers, 10),
            "loan_id": names.take(pa.array(loan)),
            "drawn_on": day,
            "amount": moves.cents[drawn],
            "payee_id": ids("K", (loan * 37 + day) % 400 + 1, 6),
            "stated_purpose": spoken(_PURPOSES, purpose, chunk.is_english(loans.client[loan])),
        },
        (day + 1) * DAY + 1_800,
    )


def _forbearance(chunk: Chunk, loans: Loans, names: pa.Array) -> pa.Table:
    granted = forborne_on(chunk, loans)
    at = np.flatnonzero((granted != NULL) & (granted <= chunk.plan.timeline.last))
    return frame(
        "forbearance",
        {
            "loan_id": names.take(pa.array(at)),
            "granted_on": granted[at],
            "kind": "term_extension",
            "probation_until": granted[at] + 365,
        },
        (granted[at] + 1) * DAY + 3_600,
    )
