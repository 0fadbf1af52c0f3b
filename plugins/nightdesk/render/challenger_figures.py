"""What the page of the challenger is made of."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightdesk.challenger.judging import Drift, Judged
from nightdesk.challenger.reasons import Reason
from nightdesk.render.rows import Row


@dataclass(frozen=True)
class Beside:
    """An offer of tonight: the rule's score and place, and the challenger's probability, place and reasons."""

    row: Row
    rule_place: int
    probability_pct: float
    place: int
    reasons: Sequence[Reason]


@dataclass(frozen=True)
class ChallengerInput:
    """A trained challenger and how it did: `tried_on` is the day up to which the one that is judged had learned,
    `pending` how many settled offers nobody answered."""

    business_date: datetime.date
    revision: int
    profile: str
    settings: Mapping[str, float]
    tried_on: datetime.date
    tried_rows: int
    tried_accepted: int
    trained_rows: int
    trained_accepted: int
    pending: int
    judged: Judged
    drift: Sequence[Drift]
    tonight: int
    beside: Sequence[Beside]
