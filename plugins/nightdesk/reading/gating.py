"""What the gate would say of a draw that nobody has announced: the rules of the newest published night, on one row."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nightdesk.attempt.inputs import source_types
from nightdesk.bank_profile import load_profile
from nightdesk.contract import contract
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.publication import Publication, current
from nightdesk.errors import Refused, UsageError
from nightdesk.models import build, earlier_products, ordered
from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight, Rows
from nightdesk.settings import Settings

_TABLE = "draw_request"
_GATE = "care.draw_gate"
_LAYER = "care"
#: the id of a draw that is asked about and not announced: no bank's own id is empty of letters
_ASKED = "-"


@dataclass(frozen=True)
class Draw:
    """A draw somebody thinks of: of which loan, in the loan's currency, when, and to whom it is paid."""

    loan_id: str
    amount: Decimal
    wanted_on: datetime.date
    payee_id: str | None = None


def gate(settings: Settings, draw: Draw, *, profile: str | None = None) -> tuple[Publication, Rows]:
    """The newest published night, and a named row of `draw_gate` for each item that applies, failures first.

    Raises UsageError where the amount is not above zero, the day lies before that night, or it knows no such loan;
    Refused where no night is published.
    """
    if draw.amount <= 0:
        raise UsageError("a draw has an amount above zero", "Correct --amount.")
    bank = load_profile(settings, profile)
    with open_desk(settings).connect() as connection:
        latest = latest_published_date(connection, bank.name)
        if latest is None:
            raise Refused("no night is published yet", "Run one first: nightdesk night --date YYYY-MM-DD")
        publication = current(connection, bank.name, latest)
    if draw.wanted_on < publication.business_date:
        raise UsageError(
            f"{draw.wanted_on} lies before the newest published night, {publication.business_date}", "Correct --on."
        )
    with PublishedNight(settings, publication) as night:
        if not night.source("loan", "loan_id", "where loan_id = $loan", loan=draw.loan_id):
            raise UsageError(f"the night of {publication.business_date} knows no loan {draw.loan_id}", "Correct it.")
        present = night.inputs.register(ordered([_GATE], earlier_products(_LAYER)), _LAYER)
        row = {
            "request_id": _ASKED,
            "loan_id": draw.loan_id,
            "amount": draw.amount,
            "wanted_on": draw.wanted_on,
            "payee_id": draw.payee_id,
        }
        night.engine.drop(f"source.{_TABLE}")
        night.engine.insert(f"source.{_TABLE}", source_types(contract()[_TABLE]), [row])
        build(night.engine, [_GATE], present)
        return publication, sorted(night.engine.rows(f"select * from {_GATE}"), key=_stops_first)


def gate_rules(publication: Publication) -> dict[str, dict[str, Any]]:
    """By item of the gate what policy says of it that night: its unit, and its rule in words of both languages."""
    rules: dict[str, dict[str, Any]] = {}
    for name in ("draw_gate_text", "draw_gate"):
        for rule in policy(publication.profile)[name].effective(publication.business_date):
            rules.setdefault(str(rule["item"]), {}).update(rule)
    return rules


def _stops_first(row: Mapping[str, object]) -> tuple[int, str]:
    order = ("fail", "not_assessed", "waived", "pass")
    return order.index(str(row["verdict"])), str(row["item"])
