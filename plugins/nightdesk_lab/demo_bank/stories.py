"""The stories: which clients decline, which only look so, and which have something due. Policy of the generator.

Shares are per 3,000 clients. `expected` names the indicators (and task kinds) that should tell the story.
"""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.frames import NULL, Bools, Floats, Ints
from nightdesk_lab.demo_bank.timeline import Timeline


@dataclass(frozen=True)
class Kind:
    """One story. `who`: borrower, company, anyone, construction, operation or project."""

    name: str
    per_3000: int
    who: str
    months_back: tuple[int, int]
    expected: tuple[str, ...]
    is_decline: bool = False
    is_ill: bool = False


KINDS = (
    Kind("lost_payer", 8, "borrower", (5, 9), ("T02", "T01", "T04", "T08", "P01"), is_decline=True, is_ill=True),
    Kind("one_large_purchase", 15, "company", (0, 0), ("T01",)),
    Kind("quiet_improver", 25, "company", (6, 9), ("tier_upgrade",)),
    Kind("instalment_uncovered", 12, "borrower", (0, 0), ("instalment_cover",), is_ill=True),
    Kind("drawn_limits", 7, "borrower", (5, 9), ("T04", "T05", "T06", "T02", "P01"), is_decline=True, is_ill=True),
    Kind("season", 25, "company", (99, 99), ("T02",)),
    Kind("late_wages", 6, "borrower", (5, 9), ("T02", "T01", "T07", "T08", "P01"), is_decline=True, is_ill=True),
    Kind("one_month_spiker", 15, "company", (1, 5), ("tier_upgrade_refused",)),
    Kind("holiday_dip", 15, "company", (99, 99), ()),
    Kind("technical_delay", 6, "borrower", (0, 0), (), is_ill=False),
    Kind("restructured", 3, "borrower", (5, 5), ("floor_special_mention",), is_ill=True),
    Kind("paid_late_once", 10, "borrower", (6, 6), ()),
    Kind("construction_delay", 3, "construction", (5, 8), ("J11", "J12", "J08", "P01"), is_decline=True, is_ill=True),
    Kind("permit_expiring", 3, "project", (1, 1), ("J15", "E04"), is_ill=True),
    Kind("environmental_penalty", 3, "operation", (4, 7), ("E01", "E03", "J16", "P01"), is_decline=True, is_ill=True),
    Kind("esap_overdue", 4, "project", (3, 5), ("E03",), is_ill=True),
    Kind("covenant_near_breach", 4, "operation", (3, 6), ("J16",), is_ill=True),
    Kind("cod_slip", 4, "construction", (2, 5), ("J11",), is_ill=True),
    Kind("draw_ahead", 3, "construction", (2, 5), ("J12",), is_ill=True),
    Kind("equity_behind", 3, "construction", (2, 5), ("J07",), is_ill=True),
    Kind("permit_expired", 1, "operation", (1, 1), ("J15", "E04"), is_ill=True),
    Kind("covenant_breach", 1, "operation", (2, 4), ("J16",), is_ill=True),
)

_NUMBER = {kind.name: number for number, kind in enumerate(KINDS)}
_PROJECT_ROLES = ("construction", "operation", "project")

#: days past due at the last day of the declining clients, in turn; 0: not overdue yet
_DAYS_PAST_DUE = (118, 4, 47, 0, 19, 101, 12, 0, 63, 3, 0, 25, 5, 0, 74, 14, 0, 110, 6, 35, 0, 17)


def number(name: str) -> int:
    """Position of a story in KINDS."""
    return _NUMBER[name]


@dataclass(frozen=True)
class StoryBook:
    """Who lives which story, one entry per client: kind (-1 none), start month, first day, days past due at the end.

    `first_unpaid` is the due date of the oldest unpaid instalment (NULL while everything is paid).
    """

    kind: Ints
    start_month: Ints
    started_on: Ints
    first_unpaid: Ints

    def of(self, *names: str) -> Bools:
        """Mask of the clients that live one of these stories."""
        return np.isin(self.kind, [number(name) for name in names])

    def part(self, low: int, high: int) -> "StoryBook":
        """The stories of clients low..high-1."""
        return StoryBook(
            *(array[low:high] for array in (self.kind, self.start_month, self.started_on, self.first_unpaid))
        )

    @property
    def is_decline(self) -> Bools:
        """Mask of the clients who decline."""
        return self.of(*(kind.name for kind in KINDS if kind.is_decline))

    @property
    def default_on(self) -> Ints:
        """The first day more than 90 days past due; NULL when there is none."""
        return np.where(self.first_unpaid == NULL, NULL, self.first_unpaid + 91)


def assign(
    random: np.random.Generator, timeline: Timeline, is_company: Bools, stage: Ints, may_have: Bools
) -> StoryBook:
    """Gives stories to clients.

    `stage` is 0 for project companies under construction, 1 for operating ones, -1 for other clients;
    `may_have` are the clients old enough for a story.
    """
    clients = len(is_company)
    kind_of = np.full(clients, -1, dtype=np.int64)
    left = {"plain": int(0.4 * (is_company & (stage < 0)).sum()), "project": int(np.ceil(0.7 * (stage >= 0).sum()))}
    for position, kind in enumerate(KINDS):
        pool = "project" if kind.who in _PROJECT_ROLES else "plain"
        fits = {
            "construction": stage == 0,
            "operation": stage == 1,
            "project": stage >= 0,
        }.get(kind.who, is_company & (stage < 0))
        free = np.flatnonzero(fits & (kind_of < 0) & may_have)
        wanted = min(max(1, round(kind.per_3000 * clients / 3000)), left[pool], len(free))
        kind_of[random.choice(free, wanted, replace=False)] = position
        left[pool] -= wanted
    return _dated(random, timeline, kind_of)


def _dated(random: np.random.Generator, timeline: Timeline, kind_of: Ints) -> StoryBook:
    low = np.array([kind.months_back[0] for kind in KINDS])[kind_of]
    high = np.array([kind.months_back[1] for kind in KINDS])[kind_of]
    back = low + np.floor(random.random(len(kind_of)) * (high - low + 1)).astype(np.int64)
    decline = np.flatnonzero(np.array([kind.is_decline for kind in KINDS])[kind_of] & (kind_of >= 0))
    days_past_due = np.zeros(len(kind_of), dtype=np.int64)
    days_past_due[decline] = np.resize(_DAYS_PAST_DUE, len(decline))
    days_past_due = np.minimum(days_past_due, max(timeline.days - 15, 0))
    unpaid = np.where(days_past_due > 0, timeline.last - days_past_due, NULL)
    # due days run from the 1st to the 28th only, so that every month has them
    within = unpaid - timeline.month_start(timeline.month_of(np.where(unpaid == NULL, timeline.first, unpaid)))
    unpaid = np.where(unpaid == NULL, NULL, unpaid - np.maximum(within - 27, 0))
    back += np.where(days_past_due > 0, days_past_due // 30, 0)
    month = np.clip(int(timeline.month_of(np.array([timeline.last]))[0]) - back, 0, None)
    started = timeline.month_start(month)
    purchase = np.flatnonzero(kind_of == number("one_large_purchase"))
    started[purchase] = timeline.roll(timeline.last - random.integers(18, 36, len(purchase)))
    soon = np.isin(kind_of, [number("instalment_uncovered"), number("technical_delay")])
    started[soon] = timeline.last - random.integers(3, 8, int(soon.sum()))
    none = kind_of < 0
    return StoryBook(
        kind=kind_of,
        start_month=np.where(none, 10_000, month),
        started_on=np.where(none, NULL, started),
        first_unpaid=unpaid,
    )


@dataclass(frozen=True)
class Effects:
    """What the stories do to a client's months: arrays of shape (clients, months)."""

    inflow: Floats
    target: Floats
    utilisation: Floats
    payroll: Floats
    payroll_delay: Ints
    skips_tax: Bools
    utility: Floats
    returned: Ints
    payer_lost: Bools


def effects(book: StoryBook, timeline: Timeline, calendar_month: Ints) -> Effects:
    """Turns stories into multipliers: 1 (or 0) before a story starts."""
    months = np.arange(timeline.months)
    since = months[None, :] - book.start_month[:, None]
    on = since >= 0
    step = np.where(on, since + 1, 0)
    decline = book.is_decline[:, None]
    lost, drawn, wages = (book.of(name)[:, None] for name in ("lost_payer", "drawn_limits", "late_wages"))
    ramp = np.where(decline, np.clip(step / 6, 0, 1), 0.0)
    depth = np.select([lost, drawn, wages], [0.22, 0.42, 0.5], 0.35)
    inflow = 1 - depth * ramp
    target = 1 - 0.95 * ramp
    growth = np.where(book.of("quiet_improver")[:, None], np.clip(step, 0, 8), 0)
    inflow, target = inflow * (1 + 0.22 * growth), target * (1 + 0.6 * growth)
    last_month = int(calendar_month[-1])
    wave = np.cos(2 * np.pi * (calendar_month - (last_month - 1 + 6)) / 12)
    low_season = 1 + 0.6 * np.where(book.of("season")[:, None], wave[None, :], 0.0)
    pace = timeline.month_pace()[None, :]
    holiday = np.where(book.of("holiday_dip")[:, None] & (pace < 0.93), 0.35, 1.0)
    return Effects(
        inflow=inflow * low_season * holiday,
        target=target * low_season**0.8 * np.where(holiday < 1, 0.6, 1.0),
        utilisation=np.where(decline & ~book.of("construction_delay")[:, None], np.clip(step / 5, 0, 1), 0.0),
        payroll=np.where(wages, 1 - 0.4 * ramp, 1.0),
        payroll_delay=np.where(wages, np.clip(step * 3, 0, 15), np.where(lost, np.clip((step - 2) * 2, 0, 8), 0)),
        skips_tax=(wages & (step >= 4)) | (lost & (step >= 7)),
        utility=np.where(wages | drawn, 1 - 0.35 * ramp, 1.0),
        returned=np.where((lost | wages) & (step >= 4), np.where(step >= 6, 4, 2), 0),
        payer_lost=np.where(lost, on, False),
    )
