"""What the page of a plan of contingency and exit is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import Row, Table


@dataclass(frozen=True)
class ExitRules:
    """What policy says of plans: the lines of the two numbers (code to lowest value), the matrix and the horizon.

    `cells`: (viability, protection) to the strategy's names by language.
    """

    viability: Mapping[str, Decimal]
    protection: Mapping[str, Decimal]
    horizon_months: int
    cells: Mapping[tuple[str, str], Mapping[Language, str]]


@dataclass(frozen=True)
class ExitInput:
    """One client's row of warnings.exit_plan and its rows of the tables beside it; `signals` those a branch may read.

    `guarantors` carry `name` where they are clients of the bank; `people` are (role, name) of whom to turn to.
    """

    business_date: date
    revision: int
    plan: Row
    language: Language
    notes: Notes
    rules: ExitRules
    client: Row = field(default_factory=dict)
    branch: Row = field(default_factory=dict)
    signals: Table = ()
    collaterals: Table = ()
    guarantors: Table = ()
    dates: Table = ()
    steps: Table = ()
    people: tuple[tuple[str, str], ...] = ()
