"""Instalment schedules, who pays when, and the outstanding amount of every loan and day."""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import NULL, Bools, Ints, position, repeated
from nightdesk_lab.demo_bank.loans import PROJECT, RENEWAL, REVOLVING, TERM, Loans, Moves
from nightdesk_lab.demo_bank.stories import CURED, REPAID, WRITTEN_OFF

PRINCIPAL, INTEREST = 0, 1


@dataclass(frozen=True)
class Schedule:
    """Instalments sorted by loan, due date and kind. `paid_on` is NULL while something is unpaid."""

    loan: Ints
    due: Ints
    kind: Ints
    cents: Ints
    paid_on: Ints
    technical: Bools


@dataclass(frozen=True)
class Payments:
    """Part payments sorted by day: the instalment paid, the day and the cents."""

    instalment: Ints
    day: Ints
    cents: Ints


@dataclass(frozen=True)
class Repayment:
    """Everything about paying back. `outstanding` has the shape (loans, days), in cents at the end of each day.

    `settled` is what the loans of a default bring at its end beside their arrears (0: nothing, or written off), and
    `written_off` says which of those that `ended` did so.
    """

    schedule: Schedule
    payments: Payments
    outstanding: Ints
    ended: Ints
    settled: Ints
    written_off: Bools


def make_repayment(chunk: Chunk, loans: Loans, moves: Moves) -> Repayment:
    """Schedules and pays all instalments of a chunk's loans."""
    timeline = chunk.plan.timeline
    random = chunk.random("repayment")
    loan, due, kind = _due_dates(chunk, loans)
    paid_on, technical = _pay_days(chunk, random, loans, loan, due)
    cents = np.zeros(len(loan), dtype=np.int64)
    principal = kind == PRINCIPAL
    cents[principal] = _principal(loans, loan[principal])
    part = _part_paid(chunk, random, loans, loan, due, paid_on)
    payments = _payments(loan, due, cents, paid_on, part, principal)
    resolved = _given_up(chunk, loans)
    outstanding, settled = _outstanding(chunk, loans, moves, loan, payments, resolved)
    cents[~principal] = _interest(chunk, loans, outstanding, loan, due, kind, cents)
    payments = _payments(loan, due, cents, paid_on, part, np.ones(len(loan), dtype=np.bool_))
    keep = cents >= 100
    new_place = np.cumsum(keep) - 1
    paid = keep[payments.instalment]
    payments = Payments(new_place[payments.instalment[paid]], payments.day[paid], payments.cents[paid])
    paid_off = np.isin(loans.product, (TERM, RENEWAL)) & (loans.maturity <= timeline.last) & (resolved == NULL)
    written_off = (chunk.stories.ending == WRITTEN_OFF)[loans.client]
    return Repayment(
        schedule=Schedule(loan[keep], due[keep], kind[keep], cents[keep], paid_on[keep], technical[keep]),
        payments=payments,
        outstanding=outstanding,
        ended=np.where(paid_off, timeline.roll(loans.maturity), resolved),
        settled=np.where(written_off, 0, settled),
        written_off=written_off,
    )


def _given_up(chunk: Chunk, loans: Loans) -> Ints:
    """The day on which a loan in default is repaid from collateral and guarantees, or written off; else NULL."""
    stories = chunk.stories
    ends = (stories.resolved_on != NULL) & np.isin(stories.ending, (REPAID, WRITTEN_OFF))
    return np.where(ends, stories.resolved_on, NULL)[loans.client]


def _due_dates(chunk: Chunk, loans: Loans) -> tuple[Ints, Ints, Ints]:
    timeline = chunk.plan.timeline
    unpaid = chunk.stories.first_unpaid[loans.client]
    earliest = np.where(unpaid == NULL, 0, np.minimum(timeline.month_of(unpaid), 0))
    begin = np.maximum(timeline.month_of(loans.start), earliest)
    end = timeline.month_of(loans.maturity)
    last = np.where(loans.product == REVOLVING, np.minimum(end, timeline.months), end)
    counts = np.maximum(last - begin + 1, 0)
    loan, month = repeated(counts), begin[repeated(counts)] + position(counts)
    due = timeline.month_start(month) + loans.due_day[loan] - 1
    unpaid = chunk.stories.first_unpaid[loans.client[loan]]
    begins = np.where(unpaid == NULL, timeline.first, np.minimum(unpaid, timeline.first))
    inside = (due >= begins) & (due > loans.start[loan] + 5) & (due <= loans.maturity[loan])
    inside &= (loans.product[loan] != REVOLVING) | (due <= timeline.last + 35)
    left = end[loan] - month
    pays_interest = inside & (left % loans.interest_every[loan] == 0)
    every = loans.principal_every[loan]
    pays_principal = inside & (every > 0) & (left % np.maximum(every, 1) == 0) & (month >= loans.principal_from[loan])
    both = [np.flatnonzero(pays_principal), np.flatnonzero(pays_interest)]
    at = np.concatenate(both)
    kind = np.repeat(np.array([PRINCIPAL, INTEREST]), [len(found) for found in both])
    order = np.lexsort((kind, due[at], loan[at]))
    at, kind = at[order], kind[order]
    return loan[at], due[at], kind


def _pay_days(chunk: Chunk, random: np.random.Generator, loans: Loans, loan: Ints, due: Ints) -> tuple[Ints, Bools]:
    """Debited on the due date (or the next workday where the loan says so); a few late; stories as they say."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    client = loans.client[loan]
    paid = np.where(loans.rolls[loan], timeline.roll(due), due)
    slow = (random.random(len(due)) < 0.004) & (due < timeline.last - 30) & stories.is_plain[client]
    paid = np.where(slow, due + 1 + client % 3, paid)
    month = timeline.month_of(due)
    started, depth = stories.started_on[client], stories.depth[client]
    in_start_month = month == stories.start_month[client]
    paid = np.where(stories.of("paid_late_once")[client] & in_start_month, due + 3 + client % 12, paid)
    paid = np.where(stories.of("restructured")[client] & in_start_month, due + 18, paid)
    # a habit: a few days late time and again, for no reason that is of weight
    habit = stories.of("habitually_late")[client] & (random.random(len(due)) < 0.25)
    paid = np.where(habit, due + random.integers(1, 6, len(due)), paid)
    # arrears of 5 to 60 days on one instalment, and what falls due meanwhile is paid with it
    cured, lasts = stories.of("arrears_cured")[client], 5 + (75 * depth**2).astype(np.int64)
    paid = np.where(cured & (due >= started) & (due < started + 31), due + lasts, paid)
    meanwhile = cured & (due >= started + 31) & (due < started + lasts)
    paid = np.where(meanwhile, np.maximum(started + lasts, due + 1), paid)
    technical = stories.of("technical_delay")[client] & (
        ((due >= timeline.last - 100) & (due < timeline.last - 68))
        | ((due >= timeline.last - 6) & (due <= timeline.last))
    )
    paid = np.where(technical, due + 4, paid)
    # of those who are late by habit, half have the bank's own evidence that it was no want of money
    technical |= habit & (client % 2 == 0) & (paid > due + 1) & (paid <= timeline.last)
    unpaid_from = stories.first_unpaid[client]
    troubled = unpaid_from != NULL
    before = np.where(troubled, unpaid_from - due, 10_000)
    stumbles = (before >= 35) & (before <= 70) & (depth > 0.55) & ~stories.of("sudden_stop")[client]
    paid = np.where(stumbles, due + 2 + client % 9, paid)
    # a little later each month, until it does not come any more
    creeping = stories.of("pays_ever_later")[client] & (started <= due) & (before > 0)
    creeping &= month < stories.end_month[client]
    paid = np.where(creeping, due + 2 + np.clip((due - started) // 12, 0, 22), paid)
    unpaid = troubled & (before <= 0)
    resolved, ending = stories.resolved_on[client], stories.ending[client]
    pays_up = unpaid & (resolved != NULL) & np.isin(ending, (CURED, REPAID))
    paid = np.where(unpaid, NULL, paid)
    paid = np.where(pays_up & ((due <= resolved) | (ending == REPAID)), resolved, paid)
    goes_on = pays_up & (ending == CURED) & (due > resolved)
    paid = np.where(goes_on, np.where(loans.rolls[loan], timeline.roll(due), due), paid)
    # what was due before the bank's first day and is paid later is paid inside its days
    paid = np.where((paid != NULL) & (paid < timeline.first), timeline.first, paid)
    return np.where(paid > timeline.last, NULL, paid), technical


def _principal(loans: Loans, loan: Ints) -> Ints:
    """Equal parts of what there is to repay; the last takes the remainder."""
    counts = np.bincount(loan, minlength=loans.size)
    whole = np.where(
        loans.product == PROJECT, np.maximum(loans.opening, 0), np.where(loans.opening > 0, loans.opening, loans.limit)
    )
    whole = np.where((loans.product == PROJECT) & (loans.principal_from > -1_000), loans.limit, whole)
    each = whole // np.maximum(counts, 1)
    cents = each[loan]
    is_last = np.r_[loan[1:] != loan[:-1], True] if len(loan) else np.zeros(0, dtype=np.bool_)
    cents[is_last] += (whole - each * counts)[loan[is_last]]
    return cents


def _part_paid(chunk: Chunk, random: np.random.Generator, loans: Loans, loan: Ints, due: Ints, paid_on: Ints) -> Ints:
    """Day of a first part payment of 40%: some pay in two parts before the date, some in trouble manage no more."""
    stories, timeline = chunk.stories, chunk.plan.timeline
    client = loans.client[loan]
    two_parts = (random.random(len(loan)) < 0.03) & stories.is_plain[client] & (paid_on != NULL)
    two_parts &= due - 8 > np.maximum(loans.start[loan], timeline.first)
    struggles = (due == stories.first_unpaid[client]) & (client % 3 == 0) & (due + 2 <= timeline.last)
    struggles &= due + 2 >= timeline.first
    return np.where(two_parts, due - 8, np.where(struggles, due + 2, NULL))


def _payments(loan: Ints, due: Ints, cents: Ints, paid_on: Ints, part: Ints, chosen: Bools) -> Payments:
    first = np.flatnonzero(chosen & (part != NULL))
    rest = np.flatnonzero(chosen & (paid_on != NULL))
    in_parts = part[rest] != NULL
    amount = np.r_[cents[first] * 2 // 5, cents[rest] - np.where(in_parts, cents[rest] * 2 // 5, 0)]
    instalment, day = np.r_[first, rest], np.r_[part[first], paid_on[rest]]
    order = np.lexsort((due[instalment], loan[instalment], day))
    return Payments(instalment[order].astype(np.int64), day[order], amount[order])


def _outstanding(
    chunk: Chunk, loans: Loans, moves: Moves, loan: Ints, payments: Payments, resolved: Ints
) -> tuple[Ints, Ints]:
    """Cents at the end of each day, and what is left on the day on which a default ends: from then on nothing is."""
    timeline = chunk.plan.timeline
    change = np.zeros((loans.size, timeline.days), dtype=np.int64)
    change[:, 0] = loans.opening
    np.add.at(change, (moves.loan, np.maximum(moves.day - timeline.first, 0)), moves.cents)
    np.subtract.at(change, (loan[payments.instalment], payments.day - timeline.first), payments.cents)
    outstanding = np.cumsum(change, axis=1)
    at = np.flatnonzero(resolved != NULL)
    left = np.zeros(loans.size, dtype=np.int64)
    left[at] = outstanding[at, resolved[at] - timeline.first]
    outstanding[at] *= np.arange(timeline.first, timeline.last + 1)[None, :] < resolved[at, None]
    return outstanding, left


def _interest(chunk: Chunk, loans: Loans, outstanding: Ints, loan: Ints, due: Ints, kind: Ints, cents: Ints) -> Ints:
    """Interest on what is outstanding the day before the due date; in the future, on what the schedule leaves."""
    timeline = chunk.plan.timeline
    day = np.clip(due - 1 - timeline.first, 0, timeline.days - 1)
    base = outstanding[loan, day]
    to_come = np.where((kind == PRINCIPAL) & (due > timeline.last) & (loans.principal_from[loan] <= -1_000), cents, 0)
    running = np.cumsum(to_come) - to_come
    starts = np.flatnonzero(np.r_[True, loan[1:] != loan[:-1]]) if len(loan) else np.zeros(0, dtype=np.int64)
    before = np.repeat(running[starts], np.diff(np.r_[starts, len(loan)]))
    base = np.maximum(base - (running - before), 0)
    interest = base * loans.rate[loan] // 1_000_000 * loans.interest_every[loan] // 12
    return np.asarray(interest[kind == INTEREST])
