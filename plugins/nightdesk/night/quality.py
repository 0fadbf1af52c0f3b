"""The quality page's rows: what the checks of an attempt found, read back from the lake and the ledger."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from nightdesk.business_day import morning_of
from nightdesk.contract import contract
from nightdesk.desk.ledger import feeds_of
from nightdesk.engine import Engine
from nightdesk.night.inputs import Inputs, night_engine
from nightdesk.night.opening import Night
from nightdesk.night.published import QUARANTINE
from nightdesk.render.inputs import Notes, QualityInput
from nightdesk.render.outputs import write_quality
from nightdesk.render.quality import render_quality

#: columns of the findings in the lake
RESULT = {
    "table_name": pa.string(),
    "expectation": pa.string(),
    "rule": pa.string(),
    "severity": pa.string(),
    "scope": pa.string(),
    "success": pa.bool_(),
    "unexpected_count": pa.int64(),
    "column_name": pa.string(),
    "observed": pa.string(),
    "sample_keys": pa.string(),
    "detail": pa.string(),
}
TOTAL = {
    "table_name": pa.string(),
    "business_date": pa.date32(),
    "branch_id": pa.string(),
    "ccy": pa.string(),
    "expected_count": pa.int64(),
    "actual_count": pa.int64(),
    "expected_sum": pa.decimal128(38, 2),
    "actual_sum": pa.decimal128(38, 2),
    "success": pa.bool_(),
}
_SQL = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
    pa.decimal128(38, 2): "DECIMAL(38,2)",
}


def quality_input(night: Night, notes: Notes, revision: int | None, held: str | None = None) -> QualityInput:
    """Everything that the quality page of an attempt says."""
    with night.desk.connect() as connection:
        feeds = feeds_of(connection, night.attempt.attempt_id)
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        return QualityInput(
            business_date=night.business_date,
            notes=notes,
            revision=revision,
            tables=[_feed(row) for row in feeds],
            expectations=_found(inputs, engine, "result", RESULT),
            totals=_found(inputs, engine, "total", TOTAL),
            quarantine=_quarantine(inputs, engine),
            held=held,
            ledger={"attempt_id": night.attempt.attempt_id, "policy_version": night.attempt.policy_version},
        )


def write_held_page(night: Night, held: str) -> Path:
    """The quality page of a night that the checks hold; returns where it is."""
    notes = Notes(
        morning=morning_of(night.business_date),
        cutoff=night.attempt.cutoff_at,
        policy_version=night.attempt.policy_version,
        base_ccy=night.profile.base_ccy,
        zone=night.profile.zone,
    )
    folder = night.settings.out / str(night.business_date)
    return write_quality(folder, render_quality(quality_input(night, notes, None, held)))


def _feed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "table_name": row["table_name"],
        "kind": "daily" if contract()[row["table_name"]].is_daily else "snapshot",
        "supplied": row["is_supplied"],
        "rows_read": row["rows_read"],
        "duplicates": row["rows_duplicate"],
        "superseded": row["rows_superseded"],
        "rows_in": row["rows_in"],
        "used": row["rows_used"],
        "quarantined": row["rows_quarantined"],
        "late": row["rows_late"],
    }


def _found(inputs: Inputs, engine: Engine, name: str, columns: dict[str, pa.DataType]) -> list[dict[str, Any]]:
    inputs.kept(f"checks/{name}", {column: _SQL[kind] for column, kind in columns.items()})
    return engine.rows(f"select * from checks.{name} order by all")


def _quarantine(inputs: Inputs, engine: Engine) -> list[dict[str, Any]]:
    inputs.kept("checks/quarantine", QUARANTINE)
    return engine.rows("select * from checks.quarantine order by all")
