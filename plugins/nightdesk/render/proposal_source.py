"""What pages about proposals are made of: a client's open needs, and of each the bundles of the catalogue for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nightdesk.financing.proposal.reckoning import Reckoned
from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import Row


@dataclass(frozen=True)
class Words:
    """Policy's words by code, rows with `…_zh` and `…_en`: of products, bundles, shapes, rules and verdicts;
    documents by product, in their order."""

    product: Mapping[str, Row]
    bundle: Mapping[str, Row]
    shape: Mapping[str, Row]
    rule: Mapping[str, Row]
    verdict: Mapping[str, Row]
    documents: Mapping[str, Sequence[Row]]

    def lends(self, bundle: Row) -> bool:
        """Is money lent, or is the bundle a service?"""
        return self.product[str(bundle["product"])]["sizing"] != "none"


@dataclass(frozen=True)
class Proposed:
    """One bundle: its row of care.proposal, facts of care.proposal_fact, limits, and its loan in every shape (None
    where a limit stopped it before any table)."""

    row: Row
    facts: Sequence[Row] = ()
    limits: Sequence[Row] = ()
    reckoned: Reckoned | None = None


@dataclass(frozen=True)
class Needed:
    """One open need, and its bundles in the order of policy."""

    row: Row
    bundles: Sequence[Proposed]


@dataclass(frozen=True)
class ProposalInput:
    """One client's pages. `working` is its row of the formula of working capital, `covenants` are of its projects,
    `outcomes` its rows of care.need_outcome, `lost` its branch's of care.need_lost, `owner` is who looks after it.
    """

    business_date: date
    revision: int
    language: Language
    notes: Notes
    client: Row
    branch: Row
    needs: Sequence[Needed]
    words: Words
    owner: str | None = None
    standing: Row = field(default_factory=dict)
    working: Row = field(default_factory=dict)
    covenants: Sequence[Row] = ()
    outcomes: Sequence[Row] = ()
    lost: Sequence[Row] = ()
