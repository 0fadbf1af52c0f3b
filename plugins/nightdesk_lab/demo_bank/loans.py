"""Loans of a chunk: terms, draws, schedules, payments and the outstanding amount of every day."""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.clients import DISBURSE, REPAY, SETTLE, Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.effects import Effects
from nightdesk_lab.demo_bank.frames import NULL, Bools, Ints
from nightdesk_lab.demo_bank.plan import PRIVATE, SPV

PRODUCTS = (
    "working_capital", "fixed_asset", "project_finance", "personal_business",
    "working_capital_term", "working_capital_term",
)  # fmt: skip
#: a renewal is a term loan that begins as another one matures, and repays it
REVOLVING, FIXED, PROJECT, PERSONAL, TERM, RENEWAL = range(6)
#: stories of a loan that the next one repays
_RENEWS = ("debt_renewed", "renewal_qualifies")
#: stories about single instalments: these clients have one a month
_PAYS_MONTHLY = (
    "instalment_uncovered", "technical_delay", "paid_late_once", "restructured", "arrears_cured", "habitually_late",
)  # fmt: skip
#: how much of a revolving limit healthy firms use: a wide spread, a tenth of them nearly all of it
_USE_A, _USE_B, _FULLY_DRAWN = 2.0, 2.6, (0.86, 0.995)
#: how far that strays from month to month: the typical firm, and the spread (log) between firms
_USE_STRAYS, _USE_STRAYS_SPREAD = 0.03, 0.6
_WAN = 1_000_000  # ten thousand yuan in cents


@dataclass(frozen=True)
class Loans:
    """Loans of a chunk, one entry each. `opening` is what is drawn before the bank's first day.

    Interest falls due every `interest_every` months and principal every `principal_every` months (0: never) on
    `due_day`, counted back from the month of `maturity`. `principal_from` is the first month that repays. `repays` is
    the loan that this one was drawn to repay, -1 for none.
    """

    client: Ints
    slot: Ints
    product: Ints
    limit: Ints
    opening: Ints
    start: Ints
    maturity: Ints
    rate: Ints
    due_day: Ints
    interest_every: Ints
    principal_every: Ints
    principal_from: Ints
    rolls: Bools
    repay_account: Ints
    draw_account: Ints
    project: Ints
    repays: Ints

    @property
    def size(self) -> int:
        """Number of loans."""
        return len(self.client)


@dataclass(frozen=True)
class Moves:
    """Draws (positive cents) and voluntary repayments (negative) by loan and epoch day, those before the first day
    of the bank dated the day before it."""

    loan: Ints
    day: Ints
    cents: Ints


def make_loans(chunk: Chunk, curves: Curves) -> Loans:
    """Who borrows what. Stories that need a loan have one; their due day fits the days past due they shall show."""
    random = chunk.random("loans")
    clients, stories, timeline = chunk.clients, chunk.stories, chunk.plan.timeline
    person = clients.segment == PRIVATE
    bullet = (random.random(chunk.size) < 0.1) & ~person & (clients.segment != SPV) & stories.is_plain
    renews = stories.of(*_RENEWS)
    groups = [
        (np.flatnonzero(clients.borrows), REVOLVING),
        (np.flatnonzero(clients.invests & ~person), FIXED),
        (curves.owner, PROJECT),
        (np.flatnonzero(clients.invests & person), PERSONAL),
        (np.flatnonzero(bullet | renews), TERM),
        (np.flatnonzero(renews), RENEWAL),
    ]
    client = np.concatenate([found for found, _ in groups]).astype(np.int64)
    product = np.concatenate([np.full(len(found), kind) for found, kind in groups]).astype(np.int64)
    order = np.lexsort((product, client))
    client, product = client[order], product[order]
    size = len(client)
    is_project = product == PROJECT
    curve = np.searchsorted(curves.owner, client) if curves.size else np.zeros(size, dtype=np.int64)
    curve = np.where(is_project, curve, -1)
    building = is_project & (curves.stage[curve] == 0) if curves.size else np.zeros(size, dtype=np.bool_)

    draw = random.random(size)
    inflow = clients.inflow[client]
    times = np.select(
        [product == REVOLVING, product == FIXED, product == PERSONAL],
        [0.7 + 1.1 * draw, 3 + 4 * draw, 8 + 12 * draw],
        0.6,
    )
    limit = np.maximum((inflow * times).astype(np.int64) // (10 * _WAN) * (10 * _WAN), 10 * _WAN)
    if curves.size:
        limit = np.where(is_project, curves.debt[curve], limit)
    due_day = np.where(product == PROJECT, 20, np.array([21, 20, 15, 10, 5, 26])[random.integers(0, 6, size)])
    due_day = _story_due_day(chunk, client, due_day)
    # a client's renewal comes right after the loan that it repays
    new = np.flatnonzero(product == RENEWAL)
    old = new - 1
    turns = np.maximum(timeline.month_of(stories.started_on[client[new]]), 0)
    due_day[new] = due_day[old]
    matures = timeline.month_start(turns) + due_day[old] - 1
    age = (random.random(size) * np.select([product == REVOLVING, product == TERM], [600, 330], 1_200)).astype(np.int64)
    start = timeline.first - 20 - age
    fresh = (random.random(size) < 0.2) & stories.is_plain[client] & ~is_project
    start = np.where(fresh, timeline.first + (random.random(size) * timeline.days * 0.9).astype(np.int64), start)
    if curves.size:
        start = np.where(is_project, curves.approved[curve] + 30, start)
    # an arrear that is old on the first day is of a loan that is older
    unpaid = stories.first_unpaid[client]
    start = np.where((unpaid != NULL) & ~is_project, np.minimum(start, unpaid - 120), start)
    start[old] = np.minimum(start[old], matures - 330)
    start = timeline.roll(np.maximum(start, clients.onboard[client] + 15))
    start[new] = timeline.roll(matures)
    years = np.select([product == FIXED, product == PERSONAL, product == TERM], [6, 10, 1], 3)
    months_to_end = np.where(
        product == TERM, random.integers(3, 18, size), 12 * years - np.clip((timeline.first - start) // 30, 0, None)
    )
    if curves.size:
        months_to_end = np.where(is_project, random.integers(130, 190, size), months_to_end)
    base_month = np.maximum(timeline.month_of(start), 0)
    end_month = base_month + np.maximum(months_to_end, 14)
    end_month = np.where(product == TERM, base_month + np.maximum(months_to_end, 3), end_month)
    end_month[old], end_month[new] = turns, turns + 12
    maturity = timeline.month_start(end_month) + due_day - 1
    # a framework for revolving credit ends some day after the bank's last one: a few of them soon
    ahead = timeline.last + 5 + (random.random(size) * 700).astype(np.int64)
    maturity = np.where(product == REVOLVING, ahead, maturity)
    ran = np.clip((timeline.first - start) / 1_900, 0, 0.6)
    opening = np.where(start < timeline.first, (limit * (1 - ran)).astype(np.int64) // _WAN * _WAN, 0)
    if curves.size:
        drawn_before = (curves.debt[curve] * curves.drawn[curve, 0]).astype(np.int64) // _WAN * _WAN
        paid_down = (limit * (0.65 + 0.3 * draw)).astype(np.int64) // _WAN * _WAN
        opening = np.where(is_project, np.where(building, drawn_before, paid_down), opening)
    limit[new] = np.where(opening[old] > 0, opening[old], limit[old])
    repays = np.full(size, -1, dtype=np.int64)
    repays[new] = old
    forced = stories.is_decline[client] | stories.of(*_PAYS_MONTHLY)[client]
    accounts = chunk.accounts
    repay = accounts.of(client, REPAY)
    settle = accounts.of(client, SETTLE)
    spend = accounts.of(client, DISBURSE)
    first_principal = np.where(building, _month_after_cod(chunk, curves, curve), -1_000)
    return Loans(
        client=client,
        slot=product + 1,
        product=product,
        limit=limit,
        opening=np.where(product == REVOLVING, 0, opening),
        start=start,
        maturity=maturity,
        rate=_rates(random, product, size),
        due_day=due_day,
        interest_every=np.where((product == PROJECT) & ~forced, 3, 1),
        principal_every=np.select(
            [product == REVOLVING, product == FIXED, product == PROJECT, product >= TERM],
            [0, np.where(forced, 1, 3), 6, 1_000],
            1,
        ),
        principal_from=first_principal,
        rolls=random.random(size) < 0.5,
        repay_account=np.where((repay >= 0) & (product != REVOLVING), repay, settle),
        draw_account=np.where(spend >= 0, spend, settle),
        project=curve,
        repays=repays,
    )


def _rates(random: np.random.Generator, product: Ints, size: int) -> Ints:
    """Yearly rates in ten-thousandths of a percent."""
    base = np.array([365, 385, 360, 420, 370, 370])[product]
    return (base + random.integers(-20, 90, size)) * 100


def _story_due_day(chunk: Chunk, client: Ints, due_day: Ints) -> Ints:
    """Due days on which a story's instalment falls due exactly when the story says."""
    stories, timeline = chunk.stories, chunk.plan.timeline
    unpaid = stories.first_unpaid[client]
    when = np.where(unpaid == NULL, timeline.first, unpaid)
    due_day = np.where(unpaid == NULL, due_day, when - timeline.month_start(timeline.month_of(when)) + 1)
    due_day = np.where(stories.of("technical_delay")[client], _day_of_month(chunk, timeline.last - 3), due_day)
    # due two to six days after the last day; on the 28th or the 1st where the month has no such day for certain
    today = _day_of_month(chunk, timeline.last)
    soon = np.array([_day_of_month(chunk, timeline.last + 2 + step) for step in range(5)])[client % 5]
    soon = np.where(soon > 28, 28 if today < 28 else 1, soon)
    return np.where(stories.of("instalment_uncovered")[client], soon, due_day)


def _day_of_month(chunk: Chunk, day: int) -> int:
    days = np.array([day])
    timeline = chunk.plan.timeline
    return int((days - timeline.month_start(timeline.month_of(days)))[0]) + 1


def _month_after_cod(chunk: Chunk, curves: Curves, curve: Ints) -> Ints:
    if not curves.size:
        return np.zeros(len(curve), dtype=np.int64)
    timeline = chunk.plan.timeline
    days = curves.cod_contract[curve] - timeline.first
    return np.asarray(days // 30 + 6, dtype=np.int64)


def make_moves(chunk: Chunk, loans: Loans, curves: Curves, effects: Effects) -> Moves:
    """Draws and voluntary repayments inside the bank's days (and the first draw of loans that start in them)."""
    timeline = chunk.plan.timeline
    random = chunk.random("moves")
    parts: list[tuple[Ints, Ints, Ints]] = []
    revolving = np.flatnonzero(loans.product == REVOLVING)
    months = timeline.months
    size = len(revolving)
    base = random.beta(_USE_A, _USE_B, size)
    low, high = _FULLY_DRAWN
    full = chunk.stories.of("fully_drawn")[loans.client[revolving]]
    base = np.where(full, low + (high - low) * random.random(size), base)
    # whose limit fills up has something left to draw at first
    fills = effects.utilisation.max(axis=1, initial=0.0)[loans.client[revolving]] > 0
    base = np.where(fills, 0.65 * base, base)
    strays = _USE_STRAYS * np.exp(_USE_STRAYS_SPREAD * random.standard_normal(size))
    wobble = np.cumsum(strays[:, None] * random.standard_normal((size, months)), axis=1)
    wobble -= wobble.mean(axis=1, keepdims=True)
    wobble *= np.where(full, 0.15, 1.0)[:, None]
    share = np.clip(base[:, None] + np.clip(wobble, -0.3, 0.3), 0.03, 0.995)
    pull = effects.utilisation[loans.client[revolving]]
    share = share + np.clip(0.985 - share, 0, None) * pull
    level = (loans.limit[revolving][:, None] * share).astype(np.int64) // _WAN * _WAN
    begins = timeline.month_of(np.maximum(loans.start[revolving], timeline.first))
    level = np.where(np.arange(months)[None, :] >= begins[:, None], level, 0)
    change = np.diff(level, axis=1, prepend=0)
    loan, month = (array.astype(np.int64) for array in np.nonzero(change))
    day = timeline.month_starts[month] + 2 + np.floor(random.random(len(loan)) * 20).astype(np.int64)
    day = np.maximum(timeline.roll(day), loans.start[revolving][loan])
    # what was drawn before the bank's first day
    day = np.where((month == 0) & (loans.start[revolving][loan] < timeline.first), timeline.first - 1, day)
    parts.append((revolving[loan], day, change[loan, month]))

    fresh = np.flatnonzero((loans.start >= timeline.first) & (loans.product != REVOLVING) & (loans.product != PROJECT))
    parts.append((fresh, loans.start[fresh], loans.limit[fresh]))

    for at in np.flatnonzero((loans.project >= 0) & (loans.opening < loans.limit)):
        curve = int(loans.project[at])
        if curves.stage[curve] != 0:
            continue
        level = (curves.debt[curve] * curves.drawn[curve]).astype(np.int64) // _WAN * _WAN
        steps = np.diff(level, prepend=loans.opening[at])
        month = np.flatnonzero(steps > 0).astype(np.int64)
        drawn_on = timeline.roll(timeline.month_starts[month] + 3 + (at + month) % 15)
        parts.append((np.full(len(month), at, dtype=np.int64), np.maximum(drawn_on, loans.start[at]), steps[month]))
    joined = [np.concatenate(arrays).astype(np.int64) for arrays in zip(*parts, strict=True)]
    # nothing is drawn on a limit in arrears, nor afterwards: the bank has frozen it
    unpaid = chunk.stories.first_unpaid[loans.client[joined[0]]]
    frozen = (unpaid != NULL) & (joined[1] >= np.maximum(unpaid, timeline.first)) & (loans.project[joined[0]] < 0)
    inside = (joined[1] <= timeline.last) & ~frozen
    loan, day, cents = (array[inside] for array in joined)
    order = np.lexsort((day, loan))
    return Moves(loan[order], day[order], cents[order])
