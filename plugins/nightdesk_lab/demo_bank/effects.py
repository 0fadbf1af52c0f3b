"""What the stories do to a client's months."""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.frames import Bools, Floats, Ints
from nightdesk_lab.demo_bank.stories import StoryBook
from nightdesk_lab.demo_bank.timeline import Timeline

#: how much of its depth a story takes from the receipts; stories that are not named take nothing
_FALL = {
    "lost_payer": 0.3,
    "late_wages": 0.8,
    "drawn_limits": 0.7,
    "accounts_turn": 0.5,
    "auditor_leaves": 0.3,
    "pays_ever_later": 0.4,
    "account_frozen": 0.6,
    "creditors_sue": 0.4,
    "guarantee_circle": 0.3,
    "collateral_falls": 0.3,
    "bill_advanced": 0.4,
    "money_flows_back": 0.2,
    "loan_to_broker": 0.2,
    "private_lender": 0.4,
    "circular_trade": 0.5,
    "revenue_diverted": 0.8,
    "income_lost": 1.0,
    "decline_recovers": 0.9,
    "environmental_penalty": 0.3,
}
#: the stories in which limits fill up, and how far at full depth
_FILLS = {
    "drawn_limits": 1.0,
    "lost_payer": 0.7,
    "late_wages": 0.6,
    "accounts_turn": 0.5,
    "creditors_sue": 0.4,
    "bill_advanced": 0.6,
    "decline_recovers": 0.3,
    "money_flows_back": 0.6,
    "loan_to_broker": 0.6,
}


@dataclass(frozen=True)
class Effects:
    """Arrays of shape (clients, months): factors are 1 and counts 0 where no story is on."""

    level: Floats
    inflow: Floats
    target: Floats
    utilisation: Floats
    payroll: Floats
    payroll_delay: Ints
    skips_tax: Bools
    utility: Floats
    returned: Ints
    payer_lost: Bools
    payer_replaced: Bools


def effects(book: StoryBook, timeline: Timeline, calendar_month: Ints) -> Effects:
    """Turns stories into multipliers."""
    months = np.arange(timeline.months)
    level = book.level(months)
    since = months[None, :] - book.start_month[:, None]
    healthy_again = months[None, :] >= book.end_month[:, None]
    on = (since >= 0) & ~healthy_again
    step = np.where(on, since + 1, 0)
    depth = book.depth[:, None]
    bites = level * depth
    lost, wages = (book.of(name)[:, None] for name in ("lost_payer", "late_wages"))
    inflow = 1 - bites * _share(book, _FALL)
    target = 1 - np.where(book.is_decline[:, None], 0.95 * level * np.sqrt(depth), 0.0)
    target *= 1 - np.where(book.of("decline_recovers")[:, None], 0.5 * bites, 0.0)
    growth = np.where(book.of("quiet_improver")[:, None], np.clip(step, 0, 8), 0)
    inflow, target = inflow * (1 + 0.22 * growth), target * (1 + 0.6 * growth)
    last_month = int(calendar_month[-1])
    wave = np.cos(2 * np.pi * (calendar_month - (last_month - 1 + 6)) / 12)
    low_season = 1 + 0.6 * np.where(book.of("season")[:, None], wave[None, :], 0.0)
    pace = timeline.month_pace()[None, :]
    holiday = np.where(book.of("holiday_dip")[:, None] & (pace < 0.93), 1 - depth, 1.0)
    moved = book.of("wage_day_moved")[:, None] & (since >= 0)
    return Effects(
        level=level,
        inflow=inflow * low_season * holiday,
        target=target * low_season**0.8 * np.where(holiday < 1, 0.6, 1.0),
        utilisation=level * np.sqrt(depth) * _share(book, _FILLS),
        payroll=1 - np.where(wages, 0.5 * bites, 0.0),
        payroll_delay=np.where(
            moved, 9, np.where(wages, np.clip(step * 3, 0, 15), np.where(lost, np.clip((step - 2) * 2, 0, 8), 0))
        ),
        skips_tax=(wages & (level > 0.7)) | (lost & (level > 0.9) & (depth > 0.6)),
        utility=1 - np.where(book.of("late_wages", "drawn_limits", "accounts_turn")[:, None], 0.4 * bites, 0.0),
        returned=np.where((lost | wages) & (level > 0.6), np.where(level > 0.9, 4, 2), 0),
        payer_lost=lost & on,
        payer_replaced=book.of("payer_replaced")[:, None] & (since >= 0),
    )


def _share(book: StoryBook, shares: dict[str, float]) -> Floats:
    share = np.zeros(len(book.kind))
    for name, value in shares.items():
        share[book.of(name)] = value
    return share[:, None]
