"""Flows beside the daily business: own transfers, foreign currency, interest, returns, group, projects."""

import numpy as np

from nightdesk_lab.demo_bank import ledger as led
from nightdesk_lab.demo_bank import parties as par
from nightdesk_lab.demo_bank.clients import (
    DEPOSIT,
    DISBURSE,
    FOREIGN,
    REPAY,
    SETTLE,
    WEALTH,
    Chunk,
    alive_months,
    is_building,
    target_balance,
)
from nightdesk_lab.demo_bank.effects import Effects
from nightdesk_lab.demo_bank.frames import Ints
from nightdesk_lab.demo_bank.ledger import Ledger
from nightdesk_lab.demo_bank.loans import PROJECT, Loans
from nightdesk_lab.demo_bank.parties import Parties
from nightdesk_lab.demo_bank.repayment import Repayment

#: how many days before a due date a separate repayment account is filled
_FUNDED_AHEAD = 10


def side_flows(
    chunk: Chunk,
    ledger: Ledger,
    parties: Parties,
    effects: Effects,
    loans: Loans,
    repayment: Repayment,
    cash: Ints,
    income: Ints,
) -> None:
    """Adds all of them; what moves the settlement account's plan is added to `cash` (clients, months)."""
    _savings(chunk, ledger, cash)
    _funding(chunk, ledger, loans, repayment)
    _foreign(chunk, ledger, parties)
    _interest(chunk, ledger)
    _returns(chunk, ledger, parties, effects, income)
    _group(chunk, ledger, parties, cash, income)
    _construction(chunk, ledger, parties, loans, repayment, cash)


def _own_transfer(ledger: Ledger, source: Ints, target: Ints, day: Ints, cents: Ints, memo: int = led.M_OWN) -> None:
    for account, credit in ((source, False), (target, True)):
        ledger.add(account, day, cents, credit=credit, purpose=led.OWN, memo=memo, kind=led.RELATED, channel=led.ONLINE)


def _savings(chunk: Chunk, ledger: Ledger, cash: Ints) -> None:
    """Each quarter something goes from the settlement to the deposit or wealth account, or comes back."""
    timeline = chunk.plan.timeline
    random = chunk.random("savings")
    alive = alive_months(chunk)
    settled = chunk.stories.is_plain
    for slot, memo in ((DEPOSIT, led.M_OWN), (WEALTH, led.M_WEALTH)):
        account = chunk.accounts.of(np.arange(chunk.size), slot)
        moves = (
            (account >= 0)[:, None] & alive & settled[:, None] & (np.arange(timeline.months) % 3 == slot - 1)[None, :]
        )
        client, month = (array.astype(np.int64) for array in np.nonzero(moves))
        cents = (chunk.clients.inflow[client] * (0.02 + 0.06 * random.random(len(client)))).astype(np.int64) + 1
        day = timeline.workday_of_month(month, random.random(len(client)))
        saves = (month // 3 + client) % 2 == 0
        shown = day <= timeline.last
        settle = chunk.accounts.of(client, SETTLE)
        for chosen in (shown & saves, shown & ~saves):
            at = np.flatnonzero(chosen)
            forth = bool(saves[at].all())
            here, there = settle[at], account[client[at]]
            _own_transfer(ledger, here if forth else there, there if forth else here, day[at], cents[at], memo)
            np.add.at(cash, (client[at], month[at]), -cents[at] if forth else cents[at])


def _funding(chunk: Chunk, ledger: Ledger, loans: Loans, repayment: Repayment) -> None:
    """Separate repayment accounts are filled ten days ahead; in one story the next instalment's money is missing."""
    timeline, schedule = chunk.plan.timeline, repayment.schedule
    separate = loans.repay_account == chunk.accounts.of(loans.client, REPAY)
    fill = schedule.due - _FUNDED_AHEAD
    wanted = separate[schedule.loan] & (fill <= timeline.last) & (loans.repay_account[schedule.loan] >= 0)
    forgets = chunk.stories.of("instalment_uncovered")[loans.client[schedule.loan]]
    wanted &= ~(forgets & (schedule.due > timeline.last))
    at = np.flatnonzero(wanted)
    loan = schedule.loan[at]
    source = chunk.accounts.of(loans.client[loan], SETTLE)
    _own_transfer(ledger, source, loans.repay_account[loan], np.maximum(fill[at], timeline.first), schedule.cents[at])


def _foreign(chunk: Chunk, ledger: Ledger, parties: Parties) -> None:
    """Export receipts in dollars or euro, and what is paid from them."""
    timeline = chunk.plan.timeline
    random = chunk.random("foreign")
    account = chunk.accounts.of(np.arange(chunk.size), FOREIGN)
    client, month = (array.astype(np.int64) for array in np.nonzero((account >= 0)[:, None] & alive_months(chunk)))
    for credit, share in ((True, 0.02), (False, 0.019)):
        for _ in range(2):
            cents = (chunk.clients.inflow[client] * share * np.exp(0.2 * random.standard_normal(len(client)))).astype(
                np.int64
            )
            day = timeline.workday_of_month(month, random.random(len(client)))
            at = np.flatnonzero((day <= timeline.last) & (cents > 0))
            side = parties.payers if credit else parties.suppliers
            ledger.add(
                account[client[at]],
                day[at],
                cents[at],
                credit=credit,
                purpose=led.OTHER,
                memo=led.M_GOODS if credit else led.M_PURCHASE,
                kind=led.COMPANY,
                channel=led.COUNTER,
                party=side[client[at], 1],
            )


def _interest(chunk: Chunk, ledger: Ledger) -> None:
    """The bank pays interest on the 21st of a quarter's last month."""
    timeline = chunk.plan.timeline
    quarter_ends = np.flatnonzero(timeline.calendar_month % 3 == 0)
    pays = np.zeros((chunk.size, timeline.months), dtype=np.bool_)
    pays[:, quarter_ends] = True
    client, month = (array.astype(np.int64) for array in np.nonzero(pays & alive_months(chunk)))
    day = timeline.month_starts[month] + 20
    cents = (target_balance(chunk)[client] * 0.0006).astype(np.int64) + 1
    at = np.flatnonzero(day <= timeline.last)
    ledger.add(
        chunk.accounts.of(client[at], SETTLE),
        day[at],
        cents[at],
        credit=True,
        purpose=led.INTEREST,
        memo=led.M_INTEREST,
        kind=led.BANK,
        party=par.THIS_BANK,
    )


def _returns(chunk: Chunk, ledger: Ledger, parties: Parties, effects: Effects, income: Ints) -> None:
    """Payments that come back for want of cover: rare for the healthy, frequent near the end of some stories."""
    timeline = chunk.plan.timeline
    random = chunk.random("returns")
    rare = random.random(effects.returned.shape) < 0.004
    counts = np.where(alive_months(chunk) & (income > 0), effects.returned + rare, 0)
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    client, month = cell // timeline.months, cell % timeline.months
    day = timeline.workday_of_month(month, random.random(len(cell)))
    cents = (chunk.clients.inflow[client] * (0.01 + 0.05 * random.random(len(cell)))).astype(np.int64) + 1
    at = np.flatnonzero(day < timeline.last)
    settle = chunk.accounts.of(client[at], SETTLE)
    party = parties.suppliers[client[at], 2]
    paid = ledger.add(
        settle,
        day[at],
        cents[at],
        credit=False,
        purpose=led.OTHER,
        memo=led.M_PURCHASE,
        kind=led.COMPANY,
        channel=led.ONLINE,
        party=party,
        returned=1,
    )
    ledger.add(
        settle,
        day[at] + 1,
        cents[at],
        credit=True,
        purpose=led.OTHER,
        memo=led.M_RETURNED,
        kind=led.COMPANY,
        party=party,
        reverses=paid,
    )


def _group(chunk: Chunk, ledger: Ledger, parties: Parties, cash: Ints, income: Ints) -> None:
    """Members of a group lend each other money: not business with the outside."""
    timeline = chunk.plan.timeline
    random = chunk.random("group")
    member = np.flatnonzero((chunk.clients.group >= 0) & chunk.stories.is_plain & (income.min(axis=1) > 0))
    order = member[np.argsort(chunk.clients.group[member], kind="stable")]
    same = chunk.clients.group[order[1:]] == chunk.clients.group[order[:-1]]
    giver, taker = order[:-1][same], order[1:][same]
    pair = np.repeat(np.arange(len(giver)), timeline.months)
    month = np.tile(np.arange(timeline.months), len(giver))
    least = np.minimum(chunk.clients.inflow[giver], chunk.clients.inflow[taker])[pair]
    cents = (least * (0.03 + 0.07 * random.random(len(pair)))).astype(np.int64) + 1
    day = timeline.workday_of_month(month, random.random(len(pair)))
    at = np.flatnonzero((random.random(len(pair)) < 0.6) & (day <= timeline.last))
    for own, other, credit in ((giver, taker, False), (taker, giver, True)):
        ledger.add(
            chunk.accounts.of(own[pair[at]], SETTLE),
            day[at],
            cents[at],
            credit=credit,
            purpose=led.OTHER,
            memo=led.M_CURRENT,
            kind=led.RELATED,
            channel=led.ONLINE,
            party=parties.first_client + other[pair[at]],
        )
        np.add.at(cash, (own[pair[at]], month[at]), cents[at] if credit else -cents[at])


def _construction(
    chunk: Chunk, ledger: Ledger, parties: Parties, loans: Loans, repayment: Repayment, cash: Ints
) -> None:
    """Draws go to contractors within days; sponsors' equity pays the interest during construction."""
    timeline = chunk.plan.timeline
    payments, schedule = repayment.payments, repayment.schedule
    loan = schedule.loan[payments.instalment]
    at = np.flatnonzero((loans.product[loan] == PROJECT) & is_building(chunk)[loans.client[loan]])
    client, day = loans.client[loan[at]], np.maximum(payments.day[at] - 4, timeline.first)
    cents = payments.cents[at] + payments.cents[at] // 20
    ledger.add(
        chunk.accounts.of(client, SETTLE),
        day,
        cents,
        credit=True,
        purpose=led.OTHER,
        memo=led.M_EQUITY,
        kind=led.RELATED,
        channel=led.ONLINE,
        party=parties.payers[client, 0],
    )
    np.add.at(cash, (client, timeline.month_of(day)), cents)
    rows = ledger.joined()
    spend = chunk.accounts.at[:, DISBURSE]
    drawn = np.flatnonzero((rows["purpose"] == led.DISBURSED) & np.isin(rows["account"], spend[spend >= 0]))
    # in stories what is drawn waits for weeks, or is not paid on at all
    stories, drawn_by = chunk.stories, chunk.accounts.client[rows["account"][drawn]]
    since = rows["day"][drawn] >= stories.started_on[drawn_by]
    waits = np.where(stories.of("draw_paid_later")[drawn_by] & since, 40, 3)
    day = timeline.roll(rows["day"][drawn] + waits)
    is_paid = (day <= timeline.last) & ~(stories.of("draw_lies_idle")[drawn_by] & since)
    shown = drawn[is_paid]
    account = rows["account"][shown]
    ledger.add(
        account,
        day[is_paid],
        rows["cents"][shown] - rows["cents"][shown] // 50,
        credit=False,
        purpose=led.OTHER,
        memo=led.M_WORKS,
        kind=led.COMPANY,
        channel=led.COUNTER,
        party=parties.suppliers[chunk.accounts.client[account], 0],
    )
