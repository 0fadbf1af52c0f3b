"""Explain: why a client has its tier and colour, with every input, from the very batches that the night read."""

import datetime
from typing import Any

from nightdesk.contract import contract
from nightdesk.desk.database import open_desk
from nightdesk.errors import UsageError
from nightdesk.models import build, models, ordered
from nightdesk.night.computing import earlier_products
from nightdesk.night.exporting import published_night
from nightdesk.night.published import columns_of
from nightdesk.night.rendering import PublishedNight
from nightdesk.policy import policy
from nightdesk.settings import Settings

#: source tables whose rows of a client are named, with the way from the client to them
_ROWS = {
    "client": "client_id = $client",
    "account": "client_id = $client",
    "loan": "client_id = $client",
    "instalment": "loan_id in (select loan_id from source.loan where client_id = $client)",
    "payment": "loan_id in (select loan_id from source.loan where client_id = $client)",
    "project": "client_id = $client",
}
_FEATURES = ("client_window", "client_balance", "client_exposure", "client_span")
_KEYS_SHOWN = 200
#: what is shown of an indicator's policy row
_RULE = (
    "name_zh",
    "name_en",
    "unit",
    "direction",
    "amber_value",
    "red_value",
    "hard_value",
    "window_days",
    "weight",
    "playbook",
)


def explain(
    settings: Settings,
    client_id: str,
    business_date: datetime.date,
    *,
    profile: str | None = None,
    revision: int | None = None,
) -> dict[str, Any]:
    """Tier and colour of a client on a date, with the inputs, thresholds, windows, data dates and source row keys.

    Raises UsageError when the night was never published or does not know the client.
    """
    with open_desk(settings).connect() as connection:
        publication = published_night(connection, settings, business_date, profile, revision)
    with PublishedNight(settings, publication) as night:
        ours = "where client_id = $client"
        warning = night.table("warning", ours, client=client_id)
        if not warning:
            raise UsageError(
                f"the night of {business_date} knows no active client {client_id!r}",
                "Correct the id, or name a date on which the client was there.",
            )
        tier = night.table("client_tier", ours, client=client_id)
        signals = {row["indicator"]: row for row in night.table("signal", ours, client=client_id)}
        return {
            "client_id": client_id,
            "business_date": business_date,
            "revision": publication.revision,
            "cutoff_at": publication.cutoff_at,
            "policy_version": night.night.attempt.policy_version,
            "base_ccy": night.night.profile.base_ccy,
            "tier": tier[0] if tier else None,
            "tier_inputs": _kept(night, "tiers/client_metric", client_id),
            "tier_policy": _policy(night, "tier"),
            "warning": warning[0],
            "indicators": _indicators(night, client_id, signals),
            "features": {name: _kept(night, f"features/{name}", client_id) for name in _FEATURES},
            "loans": _kept(night, "features/loan_state", client_id),
            "tasks": night.table("task", ours, client=client_id),
            "source_rows": _source_rows(night, client_id),
        }


def _kept(night: PublishedNight, lake_table: str, client_id: str) -> list[dict[str, Any]]:
    view = lake_table.replace("/", ".")
    if not night.engine.exists(view):
        night.inputs.kept(lake_table, columns_of(lake_table))
    return night.engine.rows(f"select * from {view} where client_id = $client order by all", client=client_id)


def _policy(night: PublishedNight, prefix: str) -> dict[str, list[dict[str, Any]]]:
    tables = policy(night.night.profile.name)
    return {
        name: [dict(row) for row in table.effective(night.publication.business_date)]
        for name, table in tables.items()
        if name.startswith(prefix)
    }


def _indicators(night: PublishedNight, client_id: str, signals: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Every applicable indicator of the client, also those that did not fire, from the pinned batches."""
    targets = sorted(table for table in models() if table.startswith("indicator."))
    engine = night.engine
    wanted = [*targets, "verdict.reading"]
    present = night.inputs.register(ordered(wanted, earlier_products("warnings")), "warnings")
    build(engine, wanted, present)
    # an indicator that measures does not know whether what it needs is supplied: its reading does
    readings = {
        row["indicator"]: {"is_assessed": row["is_assessed"], "not_supplied": row["missing"]}
        for row in engine.rows("select * from verdict.reading where client_id = $client", client=client_id)
    }
    found: list[dict[str, Any]] = []
    for table in targets:
        for row in engine.rows(f"select * from {table} where client_id = $client", client=client_id):
            rule = engine.rows("select * from policy.indicator where indicator = $code", code=row["indicator"])
            signal = signals.get(row["indicator"], {})
            found.append(
                {
                    **row,
                    **readings.get(row["indicator"], {}),
                    **{name: rule[0][name] for name in _RULE if rule},
                    "first_seen": signal.get("first_seen"),
                    "change": signal.get("change"),
                }
            )
    return found


def _source_rows(night: PublishedNight, client_id: str) -> dict[str, list[str]]:
    """Keys of the client's rows of each source table, the newest ones where there are many."""
    keys: dict[str, list[str]] = {}
    for name, where in _ROWS.items():
        for needed in ("loan", name):
            if not night.engine.exists(f"source.{needed}"):
                night.inputs.source(needed)
        columns = ", ".join(contract()[name].key)
        rows = night.engine.rows(
            f"select concat_ws('|', {columns}) as row_key from source.{name} where {where} order by row_key desc "
            f"limit {_KEYS_SHOWN}",
            client=client_id,
        )
        keys[name] = [row["row_key"] for row in rows]
    return keys
