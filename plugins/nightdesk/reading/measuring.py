"""What a published night measured of clients, made again from its pinned batches: readings are not kept."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from nightdesk.errors import UsageError
from nightdesk.models import ASKED, BASE_COLOUR, earlier_products, models, ordered
from nightdesk.reading.published_night import PublishedNight

#: what was measured of a client, and the layer after the one that measures: what that one kept is read
READINGS = ("warnings_verdict.reading", "warnings_verdict.contagion", "warnings_verdict.quality")
_LAYER_AFTER = "tiers"
#: the schema of the indicators' tables
_INDICATOR = "warnings_indicator."
_ASKED = f"{ASKED}.indicator_reading"
_AGREED = "asked.agreed_line"


def measure(night: PublishedNight, client_id: str | None = None) -> None:
    """Make READINGS of one client, or of all, from the pinned batches.

    For one client each indicator is a table of its rows alone, and what one other model reads is a view, so that the
    engine asks it for these rows alone; what several share is made once, since planning it anew for each costs more
    than its rows do. (All indicators as views below one query took 12.0 CPU s to plan for 1,000 clients and 102
    indicators, each by itself 4.7.) What the night kept is read and not made again, others' colours without contagion
    too. A rule that weighs a client against others still sees the others.
    """
    engine, present = night.engine, earlier_products(_LAYER_AFTER) | {BASE_COLOUR}
    measuring = ordered(READINGS, present)
    night.inputs.register(measuring, _LAYER_AFTER)
    engine.build(BASE_COLOUR, models()["asked.base_colour"].sql, as_view=True)
    readers = Counter(read for model in measuring for read in model.reads)
    for model in measuring:
        if client_id is not None and (model.table in READINGS or model.table.startswith(_INDICATOR)):
            engine.schema(model.table.partition(".")[0])
            engine.execute(
                f"create table {model.table} as select * from (\n{model.sql}\n) as every where client_id = $client",
                client=client_id,
            )
        else:
            engine.build(
                model.table, model.sql, as_view=model.is_view or (client_id is not None and readers[model.table] < 2)
            )


def readings(night: PublishedNight, clients: Collection[str]) -> list[dict[str, Any]]:
    """Every indicator in force of these clients: whether it applies and is assessed, its value, or why there is none.

    Sorted by client and indicator.
    """
    measure(night, next(iter(clients)) if len(clients) == 1 else None)
    model = models()[_ASKED]
    night.inputs.register([model], ASKED)
    night.engine.build(_ASKED, model.sql, as_view=True)
    return night.engine.rows(
        f"select * from {_ASKED} where list_contains($chosen, client_id) order by client_id, indicator",
        chosen=sorted(clients),
    )


def agreed_lines(night: PublishedNight, client_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The lines that hold for a client in place of policy's (its contracts', a project company's), by project and
    indicator; after `measure`.
    """
    model = models()[_AGREED]
    night.inputs.register([model], ASKED)
    night.engine.build(_AGREED, model.sql, as_view=True)
    rows = night.engine.rows(f"select * from {_AGREED} where client_id = $client order by all", client=client_id)
    return {(row["project_id"], row["indicator"]): row for row in rows}


def sample(night: PublishedNight, number: int) -> list[str]:
    """So many of the night's clients, those whose ids' digests come first: the same ones each night."""
    known = _clients(night)
    return sorted(known, key=lambda one: (hashlib.sha256(one.encode()).digest(), one))[:number]


def require_client(night: PublishedNight, client_id: str) -> None:
    """Raises UsageError when the night has no verdict of the client."""
    if client_id not in _clients(night):
        raise UsageError(
            f"the night of {night.publication.business_date} knows no active client {client_id!r}",
            "Correct the id, or name a date on which the client was there.",
        )


def _clients(night: PublishedNight) -> Sequence[str]:
    return [str(row["client_id"]) for row in night.table("warning")]
