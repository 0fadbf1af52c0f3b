"""What a brief for a visit is made of: one client's rows of one published night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import Row, Table


@dataclass(frozen=True)
class BriefInput:
    """One client's brief.

    `visit` is its row of tasks.visit_proposal, empty where none is planned; `items` what the visit serves; `members`
    the clients of its group with `branch_id`: those of another branch are counted and not named; `questions` and
    `cautions` as sql/asked/ gives them; `signals` are those that a branch may read, `cleared` those that are gone since
    the last contact.
    """

    business_date: date
    revision: int
    language: Language
    notes: Notes
    client: Row
    tier: Row = field(default_factory=dict)
    path: Row = field(default_factory=dict)
    warning: Row = field(default_factory=dict)
    owner: Row = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    visit: Row = field(default_factory=dict)
    background: Row = field(default_factory=dict)
    exposure: Row = field(default_factory=dict)
    balance: Row = field(default_factory=dict)
    items: Table = ()
    members: Table = ()
    loans: Table = ()
    products: Table = ()
    signals: Table = ()
    cleared: Table = ()
    dates: Table = ()
    needs: Table = ()
    offers: Table = ()
    questions: Sequence[Row] = ()
    cautions: Table = ()
    withheld: Table = ()
