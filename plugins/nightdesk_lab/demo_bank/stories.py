"""Who lives which story, and when: first sign, depth, speed, first unpaid instalment, and how it ends."""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.frames import NULL, Bools, Floats, Ints
from nightdesk_lab.demo_bank.kinds import DEFAULTS_A_YEAR_PCT, KINDS, PROJECT_ROLES, number
from nightdesk_lab.demo_bank.timeline import Timeline

#: days after the last one up to which defaults are planned: whoever defaults then is in arrears or in decline today
_AHEAD = 150
#: how a default ends: all arrears are paid and payment goes on, everything is repaid, or it is written off
OPEN, CURED, REPAID, WRITTEN_OFF = range(4)
_ENDINGS = (0.40, 0.48, 0.12)
#: days from the default to its end: at least, and on average on top
_ENDS_AFTER, _ENDS_ON_AVERAGE, _WRITTEN_OFF_AFTER = 20, 100, 280
NEVER = 10_000
#: a bank with so many projects lives each of their stories at least once; one with fewer a share of them, or most of
#: its projects would be in trouble
_HAS_EVERY_KIND = 45
#: stories that need time before they end in default: draws to go astray, progress to fall behind
_TAKES_TIME = ("money_flows_back", "loan_to_broker", "construction_delay", "environmental_penalty")
#: days before the last one by which a story has to begin, or no report of it would be there yet
_NEEDS_DAYS = {
    "accounts_turn": 150, "auditor_leaves": 150, "one_loss": 150, "income_lost": 120, "auditor_rotates": 150,
    "late_accounts": 190,
    "covenant_drift": 400, "covenant_breach": 130, "weak_quarter": 230, "breach_waived": 130, "reserve_short": 130,
    "late_buyer": 130, "valued_lower": 60, "cod_slip": 60, "short_slip": 60, "restructured": 60, "draw_ahead": 60,
    "equity_behind": 90, "winter_pause": 80, "esap_overdue": 60, "action_done_late": 110, "bill_paid": 60,
    "debt_renewed": 60, "renewal_qualifies": 60, "drawn_limits": 150,
    "buyer_stops": 220, "subsidy_late": 320, "subsidy_settled": 220, "scope_grows": 120, "few_changes": 60,
    "overrun_on_credit": 200, "overrun_shared": 200,
    "money_flows_back": 100, "loan_to_broker": 100, "arrears_cured": 50, "paid_late_once": 50,
}  # fmt: skip


@dataclass(frozen=True)
class StoryBook:
    """Who lives which story, one entry per client: kind (-1 none) and the months and days that matter.

    `depth` (0-1) is how hard a decline bites and `speed` the months until it bites fully; from `end_month` on it heals.
    `first_unpaid` is the due date of the oldest unpaid instalment (NULL while everything is paid), `resolved_on` the
    day on which a default ends in the way of `ending`.
    """

    kind: Ints
    start_month: Ints
    started_on: Ints
    end_month: Ints
    first_unpaid: Ints
    resolved_on: Ints
    ending: Ints
    depth: Floats
    speed: Floats

    def of(self, *names: str) -> Bools:
        """Mask of the clients that live one of these stories."""
        return np.isin(self.kind, [number(name) for name in names])

    def take(self, at: "Ints | slice") -> "StoryBook":
        """The stories of some clients."""
        return StoryBook(**{name: values[at] for name, values in vars(self).items()})

    @property
    def is_decline(self) -> Bools:
        """Mask of the clients in trouble that may end in default."""
        return np.asarray(np.array([kind.default_weight > 0 for kind in KINDS])[self.kind] & (self.kind >= 0))

    @property
    def is_plain(self) -> Bools:
        """Mask of the clients whose business has no story: none at all, or one that lies beside it."""
        return np.asarray(np.array([kind.beside is not None for kind in KINDS])[self.kind] | (self.kind < 0))

    @property
    def default_on(self) -> Ints:
        """The first day more than 90 days past due; NULL when there is none."""
        return np.where(self.first_unpaid == NULL, NULL, self.first_unpaid + 91)

    def level(self, months: Ints) -> Floats:
        """How far each story has come, 0 to 1, of shape (clients, months): up with its speed, down as it heals."""
        since = months[None, :] - self.start_month[:, None] + 1
        healed = months[None, :] - self.end_month[:, None] + 1
        up = np.clip(since / self.speed[:, None], 0, 1)
        return np.clip(up - np.clip(healed / np.minimum(self.speed, 4)[:, None], 0, 1), 0, 1)


@dataclass(frozen=True)
class Cast:
    """Who can live what, one mask per client; `stage` is 0 for project companies under construction, 1 for operating
    ones, -1 for other clients; `is_large` is of companies; `may_have` are the clients old enough for a story."""

    stage: Ints
    is_company: Bools
    is_large: Bools
    borrows: Bools
    has_limit: Bools
    reports: Bools
    may_have: Bools

    def fits(self, who: str) -> Bools:
        """The clients to whom a story of this kind of client can happen."""
        plain = self.is_company & (self.stage < 0)
        masks = {
            "construction": self.stage == 0,
            "operation": self.stage == 1,
            "project": self.stage >= 0,
            "borrower": plain & self.borrows,
            "large": plain & self.borrows & self.is_large,
            "smaller": plain & self.borrows & ~self.is_large,
            "limited": plain & self.has_limit,
            "reporter": plain & self.borrows & self.reports,
            "issuer": plain & self.borrows,
            "company": plain,
            "person": ~self.is_company & self.borrows,
        }
        return np.asarray(masks[who] & self.may_have)


def assign(random: np.random.Generator, timeline: Timeline, cast: Cast, seed: int) -> StoryBook:
    """Gives stories to clients, and defaults to some of those in trouble; `seed`: for stories beside a business."""
    clients = len(cast.stage)
    kind_of = np.full(clients, -1, dtype=np.int64)
    projects = int((cast.stage >= 0).sum())
    left = {"plain": int(0.45 * (cast.stage < 0).sum()), "project": int(np.ceil(0.85 * projects))}
    carry = float(np.random.default_rng([seed, 2]).random())
    for position, kind in enumerate(KINDS):
        if kind.beside is not None:
            continue
        pool = "project" if kind.who in PROJECT_ROLES else "plain"
        size = projects / 60 if pool == "project" else clients / 3_000
        length = (timeline.days + _AHEAD) / 730 if kind.when == "history" else 1.0
        free = np.flatnonzero(cast.fits(kind.who) & (kind_of < 0))
        exact = kind.per_3000 * size * length
        if pool == "project" and projects < _HAS_EVERY_KIND:
            carry += exact
            count = int(carry)
            carry -= count
        else:
            count = max(1, round(exact))
        wanted = min(count, left[pool], len(free))
        kind_of[random.choice(free, wanted, replace=False)] = position
        left[pool] -= wanted
    wanted_defaults = DEFAULTS_A_YEAR_PCT / 100 * float(cast.borrows.sum()) * (timeline.days + _AHEAD) / 365.25
    book = _dated(random, timeline, kind_of, _defaulting(random, kind_of, wanted_defaults))
    for position, kind in enumerate(KINDS):
        if kind.beside is not None:
            _tell_beside(np.random.default_rng([seed, 1, *kind.name.encode()]), timeline, cast, book, position)
    return book


def _tell_beside(random: np.random.Generator, timeline: Timeline, cast: Cast, book: StoryBook, position: int) -> None:
    """Gives a story beside the business to clients that have none, in place; none where nobody is left."""
    kind = KINDS[position]
    nearest, farthest = kind.beside or (0, 0)
    size = int((cast.stage >= 0).sum()) / 60 if kind.who in PROJECT_ROLES else len(cast.stage) / 3_000
    free = np.flatnonzero(cast.fits(kind.who) & (book.kind < 0))
    exact = kind.per_3000 * size
    is_rare = kind.who in PROJECT_ROLES and size * 60 < _HAS_EVERY_KIND
    count = int(exact + random.random()) if is_rare else max(1, round(exact))
    if is_rare:  # some projects of a bank with few have no story at all
        count = min(count, max(0, int(0.9 * size * 60) - int(((book.kind >= 0) & (cast.stage >= 0)).sum())))
    at = random.choice(free, min(count, len(free)), replace=False)
    farthest = min(farthest, timeline.days - 25)
    day = timeline.last - random.integers(min(nearest, farthest - 1), farthest, len(at))
    book.kind[at] = position
    book.started_on[at] = day
    book.start_month[at] = timeline.month_of(day)
    book.depth[at] = 0.25 + 0.6 * random.random(len(at))
    book.speed[at] = 1.0


def _defaulting(random: np.random.Generator, kind_of: Ints, wanted: float) -> Bools:
    """Which clients in trouble default; who stops paying without warning, or whose loans are called, always does."""
    weight = np.where(kind_of >= 0, np.array([kind.default_weight for kind in KINDS])[kind_of], 0.0)
    chosen = np.isin(kind_of, [number("sudden_stop"), number("loan_called")])
    rest = np.flatnonzero((weight > 0) & ~chosen)
    more = min(max(1, round(wanted) - int(chosen.sum())), len(rest))
    if more:
        chosen[random.choice(rest, more, replace=False, p=weight[rest] / weight[rest].sum())] = True
    return chosen


def _month_day(timeline: Timeline, day: Ints) -> Ints:
    """The day itself, or the 28th of its month: instalments are due on days that every month has."""
    within = day - timeline.month_start(timeline.month_of(day))
    return np.asarray(day - np.maximum(within - 27, 0), dtype=np.int64)


def _dated(random: np.random.Generator, timeline: Timeline, kind_of: Ints, defaults: Bools) -> StoryBook:
    size = len(kind_of)
    low = np.array([kind.lead[0] for kind in KINDS])[kind_of]
    high = np.array([kind.lead[1] for kind in KINDS])[kind_of]
    when = np.array([kind.when for kind in KINDS])[kind_of]
    lead = low + np.floor(random.random(size) * (high - low + 1)).astype(np.int64)
    wait = np.where(np.isin(kind_of, [number(name) for name in _TAKES_TIME]), 250, 0)
    wait = np.minimum(wait, timeline.days)
    default_on = (
        timeline.first + wait + np.floor(random.random(size) * (timeline.days + _AHEAD - wait)).astype(np.int64)
    )
    unpaid = _month_day(timeline, default_on - 91)
    defaults = defaults & (unpaid <= timeline.last - 2)
    # what begins before the bank's first month is over is left out: of an early default no warning can be seen
    room = timeline.month_of(unpaid)
    early = defaults & (lead > 0) & (room < 3)
    # the only one of its kind is told all the same, without a default
    alone = early & (np.bincount(kind_of + 1)[kind_of + 1] == 1)
    defaults, early = defaults & ~alone, early & ~alone
    kind_of = np.where(early, number("sudden_stop"), kind_of)
    # who the main payer was takes some months to be told
    before = np.where(kind_of == number("lost_payer"), 2, 1)
    lead = np.where(defaults, np.where(early, 0, np.minimum(lead, np.maximum(room - before, 0))), lead)
    needs = np.array([_NEEDS_DAYS.get(kind.name, 25) for kind in KINDS])[kind_of]
    any_day = (
        timeline.first + 20 + np.floor(random.random(size) * np.maximum(timeline.days - 20 - needs, 1)).astype(np.int64)
    )
    month = np.where(defaults, timeline.month_of(unpaid) - lead, timeline.month_of(any_day))
    # a default that still lies ahead is a decline today
    ahead = ~defaults & (np.array([kind.default_weight for kind in KINDS])[kind_of] > 0) & (kind_of >= 0)
    coming = ahead & (unpaid > timeline.last - 2)
    month = np.where(coming, np.minimum(timeline.month_of(unpaid) - lead, timeline.months - 5), month)
    month = np.where(when == "always", -24, month)
    started = np.where(defaults & (lead == 0), unpaid, timeline.month_start(month))
    started, month = _at_the_end(random, timeline, kind_of, started, month)
    speed = np.where(lead > 0, np.maximum(lead * (0.3 + 0.5 * random.random(size)), 1.0), 1 + 5 * random.random(size))
    speed = np.where(kind_of == number("covenant_drift"), 9 + 5 * random.random(size), speed)
    hold = 1 + np.floor(random.random(size) * 6).astype(np.int64)
    recovers = (ahead & ~coming) | np.isin(kind_of, [number("decline_recovers"), number("one_loss")])
    draw = random.random(size)
    ending = np.where(defaults, random.choice([CURED, REPAID, WRITTEN_OFF], size, p=_ENDINGS), OPEN)
    lasts = _ENDS_AFTER + np.floor(-_ENDS_ON_AVERAGE * np.log(1 - draw)).astype(np.int64)
    lasts += np.where(ending == WRITTEN_OFF, _WRITTEN_OFF_AFTER, 0)
    resolved = timeline.roll(np.where(defaults, unpaid + 91 + lasts, timeline.first))
    resolved = np.where(defaults & (resolved <= timeline.last - 5), resolved, NULL)
    healing = timeline.month_of(np.where(resolved == NULL, timeline.last, resolved))
    end_month = np.where(recovers, month + np.ceil(speed).astype(np.int64) + hold, NEVER)
    end_month = np.where((resolved != NULL) & (ending == CURED), healing, end_month)
    none = kind_of < 0
    return StoryBook(
        kind=kind_of,
        start_month=np.where(none, NEVER, month),
        started_on=np.where(none, NULL, started),
        end_month=np.where(none, NEVER, end_month),
        first_unpaid=np.where(defaults, unpaid, NULL),
        resolved_on=resolved,
        ending=np.where(resolved == NULL, OPEN, ending),
        depth=0.25 + 0.6 * random.random(size),
        speed=speed,
    )


def _at_the_end(
    random: np.random.Generator, timeline: Timeline, kind_of: Ints, started: Ints, month: Ints
) -> tuple[Ints, Ints]:
    """Stories that are due around the last day, each at its own distance from it."""
    for name, nearest, farthest in (
        ("one_large_purchase", 18, 36),
        ("instalment_uncovered", 3, 8),
        ("technical_delay", 3, 8),
        ("permit_unfiled", 20, 45),
        ("permit_expired", 9, 30),
        ("permit_filed", 20, 45),
        ("one_month_spiker", 30, 150),
        ("quiet_improver", 180, 270),
    ):
        at = np.flatnonzero(kind_of == number(name))
        day = timeline.last - random.integers(nearest, farthest, len(at))
        started[at] = timeline.roll(day) if name == "one_large_purchase" else day
        month[at] = timeline.month_of(day)
    return started, month
