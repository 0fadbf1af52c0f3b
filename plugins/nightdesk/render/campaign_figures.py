"""What pages of campaigns are made of, and the uplift of each: the difference of its arms, where that can be told."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nightdesk.render.rows import Row
from nightdesk.wilson import Difference, Rate, difference, rate


@dataclass(frozen=True)
class Uplift:
    """A campaign with the share of each arm that bought. `found` is None where it is not known yet, and `reason` says
    why: `running` (days of outcome are left) or `few` (an arm is smaller than policy asks)."""

    row: Row
    treatment: Rate
    hold_out: Rate
    found: Difference | None
    reason: str | None


@dataclass(frozen=True)
class CampaignInput:
    """Everything that the pages of campaigns are made of: `lists` has the rows of each branch that has any."""

    business_date: datetime.date
    revision: int
    profile: str
    uplifts: Sequence[Uplift]
    branches: Mapping[str, Row]
    lists: Mapping[str, Sequence[Row]]
    staff: Mapping[str, str]


def uplift_of(row: Row) -> Uplift:
    """The uplift of one row of tasks_campaigning.result."""
    arms = {arm: (int(str(row[f"{arm}_bought"])), int(str(row[f"{arm}_clients"]))) for arm in ("treatment", "hold_out")}
    confidence, least = Decimal(str(row["confidence_pct"])), int(str(row["arm_clients"]))
    few = min(n for _, n in arms.values()) < max(least, 1)
    reason = "running" if not row["is_known"] else "few" if few else None
    return Uplift(
        row=row,
        treatment=rate(*arms["treatment"], confidence),
        hold_out=rate(*arms["hold_out"], confidence),
        found=None if reason else difference(arms["treatment"], arms["hold_out"], confidence),
        reason=reason,
    )
