"""Money that moves because of a story: one purchase, money for a month, loans that go astray, and look-alikes."""

import numpy as np

from nightdesk_lab.demo_bank import ledger as led
from nightdesk_lab.demo_bank import parties as par
from nightdesk_lab.demo_bank.clients import SETTLE, Chunk, target_balance
from nightdesk_lab.demo_bank.frames import NULL, Ints
from nightdesk_lab.demo_bank.ledger import Ledger
from nightdesk_lab.demo_bank.loans import REVOLVING, Loans, Moves
from nightdesk_lab.demo_bank.parties import Parties
from nightdesk_lab.demo_bank.plan import SPV

#: of a draw: what the first partner is paid, what comes back in the end, what goes to a broker
_PAID_ON, _COMES_BACK, _TO_BROKER = (95, 100), (78, 100), (60, 100)


def story_flows(chunk: Chunk, ledger: Ledger, parties: Parties, loans: Loans, moves: Moves, cash: Ints) -> None:
    """Adds all of them; what regularly moves settlement accounts is added to `cash` (clients, months)."""
    _one_large_purchase(chunk, ledger, parties)
    _one_month(chunk, ledger, parties)
    partners = _partners(chunk)
    if len(partners) > 1:
        _flows_back(chunk, ledger, parties, loans, moves, cash, partners)
        _two_way_trade(chunk, ledger, parties, cash, partners)
        _circular_trade(chunk, ledger, parties, cash, partners)
    _to_broker(chunk, ledger, loans, moves, cash)
    _private_lender(chunk, ledger, cash)
    _in_cash(chunk, ledger, loans, moves, cash)


def _partners(chunk: Chunk) -> Ints:
    """Companies without a story of their own that bank here all the time: they do business with the others."""
    clients = chunk.clients
    plain = chunk.stories.is_plain & clients.is_company & (clients.segment != SPV) & (clients.closed == NULL)
    return np.flatnonzero(plain & (clients.onboard < chunk.plan.timeline.first)).astype(np.int64)


def _pay(
    chunk: Chunk, ledger: Ledger, parties: Parties, cash: Ints, giver: Ints, taker: Ints, day: Ints, cents: Ints
) -> None:
    """Both sides of payments between clients of the bank; days after the last one fall away."""
    timeline = chunk.plan.timeline
    at = np.flatnonzero((day <= timeline.last) & (cents > 0))
    for own, other, credit in ((giver, taker, False), (taker, giver, True)):
        ledger.add(
            chunk.accounts.of(own[at], SETTLE),
            day[at],
            cents[at],
            credit=credit,
            purpose=led.OTHER,
            memo=led.M_GOODS if credit else led.M_PURCHASE,
            kind=led.COMPANY,
            channel=led.ONLINE,
            party=parties.first_client + other[at],
        )
        np.add.at(cash, (own[at], timeline.month_of(day[at])), cents[at] if credit else -cents[at])


def _draws_of(chunk: Chunk, loans: Loans, moves: Moves, story: str) -> tuple[Ints, Ints, Ints]:
    """Client, day and cents of what the clients of a story draw on their limits once it has begun."""
    drawn = (moves.cents > 0) & (loans.product[moves.loan] == REVOLVING)
    client = loans.client[moves.loan]
    drawn &= chunk.stories.of(story)[client] & (moves.day >= chunk.stories.started_on[client])
    at = np.flatnonzero(drawn & (moves.day >= chunk.plan.timeline.first))
    return client[at], moves.day[at], moves.cents[at]


def _share(cents: Ints, share: tuple[int, int]) -> Ints:
    return cents * share[0] // share[1]


def _flows_back(
    chunk: Chunk,
    ledger: Ledger,
    parties: Parties,
    loans: Loans,
    moves: Moves,
    cash: Ints,
    partners: Ints,
) -> None:
    """A draw goes to a partner at once and is back within days, from it or from a second one it was handed on to."""
    timeline = chunk.plan.timeline
    client, day, cents = _draws_of(chunk, loans, moves, "money_flows_back")
    first, second = partners[client % len(partners)], partners[(client + 1) % len(partners)]
    direct = client % 2 == 0
    paid, back = _share(cents, _PAID_ON), _share(cents, _COMES_BACK)
    _pay(chunk, ledger, parties, cash, client, first, timeline.roll(day + 1), paid)
    on = np.flatnonzero(~direct)
    _pay(chunk, ledger, parties, cash, first[on], second[on], timeline.roll(day[on] + 3), _share(paid[on], (9, 10)))
    last_hand = np.where(direct, first, second)
    _pay(chunk, ledger, parties, cash, last_hand, client, timeline.roll(day + 5), back)


def _two_way_trade(chunk: Chunk, ledger: Ledger, parties: Parties, cash: Ints, partners: Ints) -> None:
    """Two firms that buy from each other every month: money goes round, and means nothing."""
    timeline = chunk.plan.timeline
    random = chunk.random("two-way")
    trader = np.flatnonzero(chunk.stories.of("two_way_trade")).astype(np.int64)
    client = np.repeat(trader, timeline.months)
    month = np.tile(np.arange(timeline.months), len(trader))
    other = partners[client % len(partners)]
    least = np.minimum(chunk.clients.inflow[client], chunk.clients.inflow[other])
    for giver, taker, share in ((client, other, 0.08), (other, client, 0.07)):
        cents = (least * share * np.exp(0.25 * random.standard_normal(len(client)))).astype(np.int64)
        day = timeline.workday_of_month(month, random.random(len(client)))
        _pay(chunk, ledger, parties, cash, giver, taker, day, cents)


def _circular_trade(chunk: Chunk, ledger: Ledger, parties: Parties, cash: Ints, partners: Ints) -> None:
    """Whose business shrinks sends about the same money round over two others each month: it looks like turnover."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    random = chunk.random("circular")
    told = np.flatnonzero(stories.of("circular_trade")).astype(np.int64)
    client, month = np.repeat(told, timeline.months), np.tile(np.arange(timeline.months), len(told))
    share = np.repeat(0.15 + 0.35 * stories.depth[told], timeline.months)
    on = (month >= np.maximum(stories.start_month[client], 0)) & (month < stories.end_month[client])
    client, month, share = client[on], month[on], share[on]
    first, second = partners[client % len(partners)], partners[(client + 1) % len(partners)]
    cents = (chunk.clients.inflow[client] * share).astype(np.int64)
    day = timeline.workday_of_month(month, random.random(len(client)))
    for giver, taker, later in ((client, first, 0), (first, second, 2), (second, client, 4)):
        _pay(chunk, ledger, parties, cash, giver, taker, timeline.roll(day + later), cents)
        cents = _share(cents, (98, 100))


def _to_broker(chunk: Chunk, ledger: Ledger, loans: Loans, moves: Moves, cash: Ints) -> None:
    """Borrowed money goes to a securities account; elsewhere a firm invests what it has to spare, and takes it back."""
    timeline = chunk.plan.timeline
    random = chunk.random("broker")
    client, day, cents = _draws_of(chunk, loans, moves, "loan_to_broker")
    _broker(chunk, ledger, cash, client, timeline.roll(day + 2), _share(cents, _TO_BROKER), credit=False)
    own = np.flatnonzero(chunk.stories.of("own_money_to_broker")).astype(np.int64)
    months = np.arange(1, timeline.months, 3)
    client, month = np.repeat(own, len(months)), np.tile(months, len(own))
    cents = (target_balance(chunk)[client] * (0.05 + 0.1 * random.random(len(client)))).astype(np.int64)
    for later, credit in ((0, False), (1, True)):
        day = timeline.roll(timeline.month_start(month + later) + 12)
        _broker(chunk, ledger, cash, client, day, cents, credit=credit)


def _broker(chunk: Chunk, ledger: Ledger, cash: Ints, client: Ints, day: Ints, cents: Ints, *, credit: bool) -> None:
    at = np.flatnonzero((day <= chunk.plan.timeline.last) & (cents > 0))
    ledger.add(
        chunk.accounts.of(client[at], SETTLE),
        day[at],
        cents[at],
        credit=credit,
        purpose=led.SECURITIES,
        memo=led.M_BROKER,
        kind=led.BROKER,
        channel=led.ONLINE,
        party=par.BROKERAGE,
    )
    np.add.at(cash, (client[at], chunk.plan.timeline.month_of(day[at])), cents[at] if credit else -cents[at])


def _private_lender(chunk: Chunk, ledger: Ledger, cash: Ints) -> None:
    """Whom banks lend no more goes to a pawn house: money once, and a payment for it each month until the end."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    told = np.flatnonzero(stories.of("private_lender")).astype(np.int64)
    client, month = np.repeat(told, timeline.months), np.tile(np.arange(timeline.months), len(told))
    since = month - np.maximum(stories.start_month[client], 0)
    on = np.flatnonzero((since >= 0) & (month < stories.end_month[client]))
    client, month, since = client[on], month[on], since[on]
    day = timeline.roll(timeline.month_start(month) + 7 + client % 12)
    for credit, chosen, share in ((True, since == 0, 0.25), (False, since > 0, 0.03)):
        at = np.flatnonzero(chosen & (day <= timeline.last))
        cents = (chunk.clients.inflow[client[at]] * share).astype(np.int64) + 1
        ledger.add(
            chunk.accounts.of(client[at], SETTLE),
            day[at],
            cents,
            credit=credit,
            purpose=led.OTHER,
            memo=led.M_CURRENT,
            kind=led.LENDER,
            channel=led.ONLINE,
            party=par.PAWN,
        )
        np.add.at(cash, (client[at], month[at]), cents if credit else -cents)


def _in_cash(chunk: Chunk, ledger: Ledger, loans: Loans, moves: Moves, cash: Ints) -> None:
    """A part of each draw is taken in cash; elsewhere a firm that buys from farmers pays in cash each month."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    drawer, drawn_on, cents = _draws_of(chunk, loans, moves, "cash_from_draws")
    trader = np.flatnonzero(stories.of("cash_trade")).astype(np.int64)
    client, month = np.repeat(trader, timeline.months), np.tile(np.arange(timeline.months), len(trader))
    on = timeline.month_start(month) + 9
    parts = (
        (drawer, timeline.roll(drawn_on + 2 + drawn_on % 6), (cents * (0.08 + 0.3 * stories.depth[drawer]))),
        (client, timeline.roll(on), chunk.clients.inflow[client] * 0.04),
    )
    for owner, day, amount in parts:
        at = np.flatnonzero((day <= timeline.last) & (day >= stories.started_on[owner]) & (amount >= 1))
        taken = amount[at].astype(np.int64)
        ledger.add(
            chunk.accounts.of(owner[at], SETTLE),
            day[at],
            taken,
            credit=False,
            purpose=led.CASH,
            memo=led.M_CASH,
            channel=led.COUNTER,
        )
        np.add.at(cash, (owner[at], timeline.month_of(day[at])), -taken)


def _one_large_purchase(chunk: Chunk, ledger: Ledger, parties: Parties) -> None:
    buyer = np.flatnonzero(chunk.stories.of("one_large_purchase"))
    ledger.add(
        chunk.accounts.of(buyer, SETTLE),
        chunk.stories.started_on[buyer],
        (target_balance(chunk)[buyer] * 0.62).astype(np.int64) + 1,
        credit=False,
        purpose=led.OTHER,
        memo=led.M_EQUIPMENT,
        kind=led.COMPANY,
        channel=led.COUNTER,
        party=parties.suppliers[buyer, 3],
    )


def _one_month(chunk: Chunk, ledger: Ledger, parties: Parties) -> None:
    """Money that comes for one month only."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    spiker = np.flatnonzero(stories.of("one_month_spiker"))
    cents = chunk.clients.inflow[spiker] * 12
    month = stories.start_month[spiker]
    for credit, day in (
        (True, timeline.roll(timeline.month_start(month) + 1)),
        (False, timeline.roll(timeline.month_start(month + 1) + 2)),
    ):
        at = np.flatnonzero((day <= timeline.last) & (day >= timeline.first))
        ledger.add(
            chunk.accounts.of(spiker[at], SETTLE),
            day[at],
            cents[at],
            credit=credit,
            purpose=led.OTHER,
            memo=led.M_CURRENT,
            kind=led.COMPANY,
            channel=led.COUNTER,
            party=parties.payers[spiker[at], 5],
        )
