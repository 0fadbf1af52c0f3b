"""The money flows of a chunk's clients: receipts, wages, taxes, purchases, loans, transfers."""

import numpy as np

from nightdesk_lab.demo_bank import ledger as led
from nightdesk_lab.demo_bank import parties as par
from nightdesk_lab.demo_bank.clients import SETTLE, Chunk, alive_months, is_building, target_balance
from nightdesk_lab.demo_bank.ecosystem import tie_flows
from nightdesk_lab.demo_bank.effects import Effects
from nightdesk_lab.demo_bank.frames import Floats, Ints, position, repeated, split_exactly
from nightdesk_lab.demo_bank.ledger import Ledger
from nightdesk_lab.demo_bank.loans import Loans, Moves
from nightdesk_lab.demo_bank.parties import Parties
from nightdesk_lab.demo_bank.plan import PRIVATE, SPV, variable_rows
from nightdesk_lab.demo_bank.repayment import Repayment
from nightdesk_lab.demo_bank.sectors import SECTORS, season
from nightdesk_lab.demo_bank.side_flows import side_flows
from nightdesk_lab.demo_bank.story_flows import story_flows

#: how far one month's receipts stray (log), by segment: the typical client, and the spread (log) between clients.
#: Measured robustly on monthly sums: of persons' accounts half do not stray at all and a tenth by 0.65 and more (Berka,
#: 358 accounts), purchases of small Chinese firms by 0.94 in the median and 0.40 to 1.98 in the middle four fifths
#: (123 firms, CUMCM 2020 C). Receipts are smoother than purchases and larger firms than small ones: half of it for the
#: small, and less upwards. Part of it stays for months, so that falls over 90 days are as common as measured there
#: (25% or more: 10-16% of readings of persons, 34% of small firms).
_STRAYS = (0.16, 0.26, 0.45, 0.08, 0.22)
_STRAYS_SPREAD = (0.4, 0.5, 0.6, 0.3, 0.9)
#: share of persons whose receipts do not stray (a salary), and how much of a month's straying is left the month after
_STEADY_PERSONS, _STAYS = 0.5, 0.45
#: yearly growth of a client's business (log): its spread between clients
_GROWTH = 0.09


def make_flows(
    chunk: Chunk, parties: Parties, loans: Loans, moves: Moves, repayment: Repayment, effects: Effects
) -> Ledger:
    """All transactions of a chunk but the opening balances."""
    ledger = Ledger()
    timeline = chunk.plan.timeline
    size, months = chunk.size, timeline.months
    cash = np.zeros((size, months), dtype=np.int64)  # what else moves on the settlement account, per month
    loan_flows(chunk, ledger, loans, moves, repayment, cash)
    income = _monthly_income(chunk, effects)
    side_flows(chunk, ledger, parties, effects, loans, repayment, cash, income)
    story_flows(chunk, ledger, parties, loans, moves, cash)
    tie_flows(chunk, ledger, parties, cash)
    received = _receipts(chunk, ledger, parties, effects, income)
    fixed = _fixed_costs(chunk, ledger, effects, income)
    spent = _purchases_per_month(chunk, effects, income, received, fixed, cash)
    _purchases(chunk, ledger, parties, spent)
    return ledger


def _monthly_income(chunk: Chunk, effects: Effects) -> Ints:
    """Planned operating receipts, cents of shape (clients, months)."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("income")
    year = season(clients.sector, timeline.calendar_month)
    pace = timeline.month_pace()[None, :]
    # a project company is paid by contract: its business neither grows nor shrinks
    growth = np.where(clients.segment == SPV, 0.1, 1.0) * _GROWTH
    trend = np.exp((growth * random.standard_normal(chunk.size))[:, None] * np.arange(timeline.months)[None, :] / 12)
    noise = _noise(chunk, random)
    calm = np.isin(clients.segment, (PRIVATE, SPV))[:, None]
    income = clients.inflow[:, None] * np.where(calm, 1.0, year * pace) * trend * noise * effects.inflow
    income[is_building(chunk)] = 0
    return (income * alive_months(chunk)).astype(np.int64)


def _noise(chunk: Chunk, random: np.random.Generator) -> Floats:
    """A factor per client and month around 1, each client with a spread of its own."""
    segment = chunk.clients.segment
    strays = np.array(_STRAYS)[segment]
    strays = strays * np.exp(np.array(_STRAYS_SPREAD)[segment] * random.standard_normal(chunk.size))
    steady = (segment == PRIVATE) & (random.random(chunk.size) < _STEADY_PERSONS)
    strays = np.where(steady, 0.02, np.clip(strays, 0.02, 1.1))
    shocks = random.standard_normal((chunk.size, chunk.plan.timeline.months))
    fresh = np.sqrt(1 - _STAYS**2)
    for month in range(1, shocks.shape[1]):
        shocks[:, month] = _STAYS * shocks[:, month - 1] + fresh * shocks[:, month]
    return np.asarray(np.exp(strays[:, None] * shocks - strays[:, None] ** 2 / 2))


def _counts(random: np.random.Generator, rate: Floats, months: int) -> Ints:
    rate = rate[:, None] * np.ones((1, months))
    return np.maximum(np.floor(rate + random.random(rate.shape)), 1).astype(np.int64)


def _receipts(chunk: Chunk, ledger: Ledger, parties: Parties, effects: Effects, income: Ints) -> Ints:
    """Receipts from regular payers; gives what came in per month (less than planned where a payer is lost)."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("receipts")
    months = timeline.months
    person = clients.segment == PRIVATE
    rate = np.where(
        person,
        np.minimum(1 + 0.1 * variable_rows(clients, chunk.plan.txn_per_month), 3),
        0.42 * variable_rows(clients, chunk.plan.txn_per_month),
    )
    # a payer can only be missed where several pay
    rate = np.where(chunk.stories.of("lost_payer"), np.maximum(rate, 6.0), rate)
    counts = np.where(income > 0, _counts(random, rate, months), 0).ravel()
    cell = repeated(counts)
    client, month = cell // months, cell % months
    weights = np.exp(0.35 * random.standard_normal(len(cell)))
    cents = split_exactly(income.ravel(), weights, cell)
    day = timeline.workday_of_month(month, random.random(len(cell)))
    rank = parties.pick_payer(random, client)
    salary = person[client] & (position(counts) == 0)
    rank[salary] = 0
    day[salary] = timeline.roll(timeline.month_starts[month] + 9 + client % 6)[salary]
    retail = np.array([sector.sells_to_persons for sector in SECTORS])[np.maximum(clients.sector, 0)] & ~person
    to_person = retail[client]
    # a payer that leaves and is replaced: its business is another's from then on
    rank[effects.payer_replaced[client, month] & (rank == 0)] = par.REGULARS - 1
    # a lost payer is the regular payer of rank 0: its receipts are simply not there any more
    gone = effects.payer_lost[client, month] & (rank == 0)
    kept = ~gone & (day <= timeline.last)
    spv = clients.segment[client] == SPV
    party = np.where(to_person, parties.person[client, rank], parties.payers[client, rank])
    for chosen, purpose in ((kept & salary, led.PAYROLL), (kept & ~salary, led.OTHER)):
        at = np.flatnonzero(chosen)
        memo = np.where(spv[at], led.M_TARIFF, np.where(at % 5 == 0, led.M_SERVICE, led.M_GOODS))
        ledger.add(
            chunk.accounts.of(client[at], SETTLE),
            day[at],
            cents[at],
            credit=True,
            purpose=purpose,
            memo=np.where(salary[at], led.M_PAYROLL, memo),
            kind=np.where(to_person[at], led.PERSON, led.COMPANY),
            channel=np.where(to_person[at], led.POS, np.where(at % 3 == 0, led.COUNTER, led.ONLINE)),
            party=party[at],
        )
    received = np.bincount(cell[~gone], weights=cents[~gone], minlength=chunk.size * months)
    return received.astype(np.int64).reshape(chunk.size, months)


def _fixed_costs(chunk: Chunk, ledger: Ledger, effects: Effects, income: Ints) -> Ints:
    """Wages, tax, social security, power and fees on their usual days; gives their sum per month."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("fixed")
    size, months = chunk.size, timeline.months
    company = clients.is_company
    alive = alive_months(chunk)
    base = np.where(income.max(axis=1) > 0, clients.inflow, clients.inflow // 40)
    total = np.zeros((size, months), dtype=np.int64)
    size_of_wages = np.where(clients.segment == SPV, 0.01, 0.12 + 0.08 * random.random(size))
    usual = 5 + np.floor(random.random(size) * 11).astype(np.int64)
    jitter = 1 + 0.02 * random.standard_normal((size, months))
    late = effects.payroll_delay
    costs = (
        (led.PAYROLL, led.M_PAYROLL, size_of_wages[:, None] * effects.payroll, usual[:, None] + late, led.PERSON, -1),
        (led.TAX, led.M_TAX, 0.03 * np.where(effects.skips_tax, 0.0, 1.0), 14, led.GOVERNMENT, par.TAX_BUREAU),
        (led.SOCIAL, led.M_SOCIAL, 0.02 * np.where(effects.skips_tax, 0.0, 1.0), 19, led.GOVERNMENT, par.SOCIAL_FUND),
        (led.UTILITY, led.M_POWER, 0.015 * effects.utility, 21 - usual[:, None] % 4, led.COMPANY, par.GRID),
        (led.FEE, led.M_FEE, 0.0004 * np.ones((size, months)), 24, led.BANK, par.THIS_BANK),
    )
    for purpose, memo, share, day_of_month, kind, party in costs:
        due = (purpose == led.FEE) | company[:, None]
        cents = (base[:, None] * share * jitter * alive * due).astype(np.int64)
        client, month = (array.astype(np.int64) for array in np.nonzero(cents > 100))
        cents = np.where(cents > 100, cents, 0)
        day = timeline.roll(timeline.month_starts[month] + np.broadcast_to(day_of_month, (size, months))[client, month])
        shown = day <= timeline.last
        total += cents
        ledger.add(
            chunk.accounts.of(client[shown], SETTLE),
            day[shown],
            cents[client, month][shown],
            credit=False,
            purpose=purpose,
            memo=memo,
            kind=kind,
            party=party,
        )
    return total


def _purchases_per_month(chunk: Chunk, effects: Effects, income: Ints, received: Ints, fixed: Ints, cash: Ints) -> Ints:
    """What a client spends beside its fixed costs so that its balance stays near what it likes to hold."""
    target = target_balance(chunk)[:, None] * effects.target
    balance = target[:, 0]
    spent = np.zeros(income.shape, dtype=np.int64)
    alive = alive_months(chunk)
    for month in range(income.shape[1]):
        change = received[:, month] - fixed[:, month] + cash[:, month]
        wish = change + 0.6 * (balance - target[:, month])
        spend = np.where(alive[:, month], np.maximum(wish, 0.02 * received[:, month]), 0)
        spent[:, month] = spend.astype(np.int64)
        balance = balance + change - spent[:, month]
    return spent


def _purchases(chunk: Chunk, ledger: Ledger, parties: Parties, spent: Ints) -> None:
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("purchases")
    months = timeline.months
    person = clients.segment == PRIVATE
    rate = np.where(person, 0.85, 0.56) * variable_rows(clients, chunk.plan.txn_per_month)
    counts = np.where(spent > 0, _counts(random, rate, months), 0).ravel()
    cell = repeated(counts)
    client, month = cell // months, cell % months
    cents = split_exactly(spent.ravel(), np.exp(0.7 * random.standard_normal(len(cell))), cell)
    draw = random.random(len(cell))
    any_day = timeline.month_starts[month] + np.floor(
        draw * (timeline.month_starts[month + 1] - timeline.month_starts[month])
    ).astype(np.int64)
    day = np.where(person[client], any_day, timeline.workday_of_month(month, draw))
    rank = random.integers(0, par.REGULARS, len(cell))
    cash = (random.random(len(cell)) < 0.03) & person[client]
    kept = day <= timeline.last
    works = clients.segment[client] == SPV
    for chosen, purpose in ((kept & cash, led.CASH), (kept & ~cash, led.OTHER)):
        at = np.flatnonzero(chosen)
        memo = np.where(person[client[at]], led.M_SPENDING, np.where(works[at], led.M_WORKS, led.M_PURCHASE))
        ledger.add(
            chunk.accounts.of(client[at], SETTLE),
            day[at],
            cents[at],
            credit=False,
            purpose=purpose,
            memo=np.where(cash[at], led.M_CASH, memo),
            kind=led.COMPANY,
            channel=np.where(person[client[at]], led.MOBILE, led.ONLINE),
            party=np.where(cash[at], -1, parties.suppliers[client[at], rank[at]]),
        )


def loan_flows(chunk: Chunk, ledger: Ledger, loans: Loans, moves: Moves, repayment: Repayment, cash: Ints) -> None:
    """Draws, voluntary repayments and instalments; adds what touches the settlement account to `cash`."""
    timeline = chunk.plan.timeline
    shown = np.flatnonzero(moves.day >= timeline.first)
    loan, day, cents = moves.loan[shown], moves.day[shown], moves.cents[shown]
    settle = chunk.accounts.of(loans.client[loan], SETTLE)
    for chosen, credit, purpose, memo in (
        (cents > 0, True, led.DISBURSED, led.M_DRAWN),
        (cents < 0, False, led.REPAID, led.M_REPAID),
    ):
        at = np.flatnonzero(chosen)
        ledger.add(
            loans.draw_account[loan[at]] if credit else settle[at],
            day[at],
            np.abs(cents[at]),
            credit=credit,
            purpose=purpose,
            memo=memo,
            party=par.THIS_BANK,
            loan=loan[at],
        )
    on_settle = loans.draw_account[loan] == settle
    np.add.at(cash, (loans.client[loan[on_settle]], timeline.month_of(day[on_settle])), cents[on_settle])
    payments = repayment.payments
    loan = repayment.schedule.loan[payments.instalment]
    ledger.add(
        loans.repay_account[loan],
        payments.day,
        payments.cents,
        credit=False,
        purpose=led.REPAID,
        memo=led.M_REPAID,
        party=par.THIS_BANK,
        loan=loan,
    )
    _default_ends(chunk, ledger, loans, repayment, cash)
    # where a separate repayment account pays, side_flows funds it from here on another day of about the same month
    np.subtract.at(cash, (loans.client[loan], timeline.month_of(payments.day)), payments.cents)


def _default_ends(chunk: Chunk, ledger: Ledger, loans: Loans, repayment: Repayment, cash: Ints) -> None:
    """Owners, guarantors and buyers of collateral pay what a default's end takes: the arrears and what is left."""
    timeline, payments = chunk.plan.timeline, repayment.payments
    left = np.flatnonzero(repayment.settled > 0)
    loan, day, cents = left, repayment.ended[left], repayment.settled[left]
    ledger.add(
        loans.repay_account[loan],
        day,
        cents,
        credit=False,
        purpose=led.REPAID,
        memo=led.M_REPAID,
        party=par.THIS_BANK,
        loan=loan,
    )
    paying = repayment.schedule.loan[payments.instalment]
    at = np.flatnonzero(payments.day == chunk.stories.resolved_on[loans.client[paying]])
    np.subtract.at(cash, (loans.client[loan], timeline.month_of(day)), cents)
    loan, day, cents = np.r_[loan, paying[at]], np.r_[day, payments.day[at]], np.r_[cents, payments.cents[at]]
    ledger.add(
        loans.repay_account[loan],
        day,
        cents,
        credit=True,
        purpose=led.OTHER,
        memo=led.M_PROCEEDS,
        kind=led.RELATED,
        channel=led.COUNTER,
    )
    np.add.at(cash, (loans.client[loan], timeline.month_of(day)), cents)
