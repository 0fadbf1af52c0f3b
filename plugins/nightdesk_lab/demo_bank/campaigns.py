"""The table `campaign_plan`: a campaign that is over, and one that runs."""

import datetime
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.frames import DAY, Ints, frame
from nightdesk_lab.demo_bank.plan import Plan

_EPOCH = datetime.date(1970, 1, 1)
#: days of outcome, and the percentage held out
_OUTCOME_DAYS, HOLD_OUT_PCT = 150, 20
#: days before its first one that a campaign is planned
_PLANNED_BEFORE = 20


@dataclass(frozen=True)
class Campaign:
    """One campaign among companies: the product that is offered, from its first day to its last."""

    campaign_id: str
    name: str
    name_en: str
    product: str
    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def first(self) -> int:
        """Its first day, in days since 1970."""
        return (self.starts_on - _EPOCH).days

    @property
    def last(self) -> int:
        """Its last one."""
        return (self.ends_on - _EPOCH).days


CAMPAIGNS = (
    Campaign(
        "payroll_2026",
        "2026年代发工资推介",
        "Payroll offers of 2026",
        "payroll",
        datetime.date(2026, 4, 1),
        datetime.date(2026, 6, 30),
    ),
    Campaign(
        "cash_management_2026h2",
        "2026年下半年现金管理推介",
        "Cash management offers, second half of 2026",
        "cash_management",
        datetime.date(2026, 9, 15),
        datetime.date(2026, 12, 15),
    ),
)


def campaign_frame(plan: Plan) -> pa.Table:
    """Those that are planned by the bank's last day."""
    told = [one for one in CAMPAIGNS if one.first - _PLANNED_BEFORE <= plan.timeline.last]

    def each(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    return frame(
        "campaign_plan",
        {
            "campaign_id": [one.campaign_id for one in told],
            "name": [one.name for one in told],
            "name_en": [one.name_en for one in told],
            "product": [one.product for one in told],
            "client_kind": "company",
            "starts_on": each([one.first for one in told]),
            "ends_on": each([one.last for one in told]),
            "outcome_days": each([_OUTCOME_DAYS] * len(told)),
            "hold_out_pct": each([HOLD_OUT_PCT * 10_000] * len(told)),
        },
        each([(one.first - _PLANNED_BEFORE) * DAY for one in told]),
    )
