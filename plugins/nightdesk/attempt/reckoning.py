"""The repayment tables of a night's proposals, for the models that read them: reckoned between two parts of a layer.

The models that say what is to be reckoned (RECKONED_OF) are built first, then these tables are there for the others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from nightdesk.engine import Engine
from nightdesk.financing.proposal.cash import Cash
from nightdesk.financing.proposal.reckoning import Reckoned, reckon
from nightdesk.models import Model, build, ordered
from nightdesk.reckoned import RECKONED, RECKONED_OF

_TERM, _CASH, _SEASON = RECKONED_OF


def reckoned_for(to_build: Iterable[Model]) -> Sequence[str]:
    """The models that have to be built first, where one of these reads a table of RECKONED; else none."""
    return RECKONED_OF if any(model.reads & RECKONED.keys() for model in to_build) else ()


def reckon_within(engine: Engine, present: Collection[str]) -> set[str]:
    """Build what the tables of RECKONED are made of, and make them; returns what was built for it."""
    first = ordered(RECKONED_OF, present)
    build(engine, RECKONED_OF, present)
    found = reckoned_of(engine)
    put_measures(engine, found)
    engine.insert("night.repayment_row", RECKONED["night.repayment_row"], _rows(found))
    return {model.table for model in first}


def reckoned_of(engine: Engine, where: str = "", **values: object) -> dict[str, Reckoned]:
    """By proposal, its loan in every shape: of the terms in `engine` that meet `where`, if it says something."""
    terms = _grouped(engine.rows(f"select * from {_TERM} {where} order by all", **values), "proposal_id")
    needs = sorted({str(rows[0]["need_id"]) for rows in terms.values()})
    clients = sorted({str(rows[0]["client_id"]) for rows in terms.values()})
    ours = "where list_contains($ids, {key}) order by all"
    cash = _grouped(engine.rows(f"select * from {_CASH} {ours.format(key='need_id')}", ids=needs), "need_id")
    season = defaultdict[str, dict[int, Decimal]](dict)
    for row in engine.rows(f"select * from {_SEASON} {ours.format(key='client_id')}", ids=clients):
        season[row["client_id"]][row["calendar_month"]] = row["inflow_amt"]
    return {
        proposal: reckon(rows, Cash(cash.get(str(rows[0]["need_id"]), ())), season[rows[0]["client_id"]])
        for proposal, rows in terms.items()
    }


def _grouped(rows: Iterable[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict[str, list[dict[str, Any]]](list)
    for row in rows:
        found[str(row[key])].append(row)
    return found


def put_measures(engine: Engine, found: Mapping[str, Reckoned]) -> None:
    """Make `night.repayment_measure` of these proposals."""
    engine.insert("night.repayment_measure", RECKONED["night.repayment_measure"], _measures(found))


def _measures(found: Mapping[str, Reckoned]) -> Iterator[dict[str, object]]:
    for proposal, reckoned in found.items():
        for shape in reckoned.shapes:
            yield {
                "proposal_id": proposal,
                "shape": shape.shape,
                "is_chosen": shape is reckoned.chosen,
                "problem": shape.problem,
                "amount_amt": shape.amount if shape.amount is not None else reckoned.amount,
                "capacity_amt": reckoned.capacity,
                "capacity_down_amt": reckoned.capacity_down,
                "cash_amt": reckoned.cash,
                "min_dscr": shape.min_dscr,
                "avg_dscr": shape.avg_dscr,
                "min_dscr_down": shape.min_dscr_down,
                "life_cover": shape.life_cover,
                "life_cover_down": shape.life_cover_down,
                "peak_service_amt": shape.peak_service,
                "total_interest_amt": shape.total_interest,
                "average_life_years": shape.average_life_years,
            }


def _rows(found: Mapping[str, Reckoned]) -> Iterator[dict[str, object]]:
    for proposal, reckoned in found.items():
        rows: Sequence[Any] = reckoned.chosen.rows[1:] if reckoned.chosen else ()
        for row in rows:
            yield {
                "proposal_id": proposal,
                "due_on": row.due_on,
                "principal_amt": row.principal,
                "interest_amt": row.interest,
                "balance_amt": row.balance,
            }
