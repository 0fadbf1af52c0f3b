"""The quality page's rows: what the checks of an attempt found, read back from the lake and the ledger."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from nightdesk.attempt.calendars import gap_ahead
from nightdesk.attempt.inputs import Inputs, night_engine
from nightdesk.attempt.opening import Night
from nightdesk.business_day import morning_of
from nightdesk.checks import WITHHELD
from nightdesk.contract import contract
from nightdesk.desk.ledger import feeds_of, get_attempt
from nightdesk.desk.remedy import night_command, release_command
from nightdesk.engine import Engine
from nightdesk.models import declared_columns
from nightdesk.night.cost import night_cost
from nightdesk.reading.assessment import colouring_indicators, quality_notes, read_as
from nightdesk.reading.published import QUARANTINE
from nightdesk.reading.showing import held_folder
from nightdesk.render.inputs import Hold, Notes, QualityInput
from nightdesk.render.outputs import write_quality
from nightdesk.render.quality import render_quality
from nightdesk.row_key import masked_key

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


def quality_input(night: Night, notes: Notes, revision: int | None, held: Hold | None = None) -> QualityInput:
    """Everything that the quality page of an attempt says."""
    with night.desk.connect() as connection:
        feeds = feeds_of(connection, night.attempt.attempt_id)
        snapshot = get_attempt(connection, night.attempt.attempt_id).source_snapshot
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        return QualityInput(
            business_date=night.business_date,
            notes=replace(
                quality_notes(notes, feeds, colouring_indicators(night.profile.name, night.business_date)),
                read_as=read_as(night.profile.name, night.business_date, feeds),
            ),
            revision=revision,
            tables=[_feed(row) for row in feeds],
            expectations=_found(inputs, engine, "result", RESULT) + _plan_gaps(inputs, engine),
            totals=_found(inputs, engine, "total", TOTAL),
            quarantine=_quarantine(inputs, engine),
            held=held,
            remedy=_remedy(night, held),
            snapshot=snapshot,
            cost=night_cost(night),
            calendar_gap=gap_ahead(night, inputs.calendar()),
            ledger={"attempt_id": night.attempt.attempt_id, "policy_version": night.attempt.policy_version},
        )


def _remedy(night: Night, held: Hold | None) -> str:
    """The command that a held night waits for: a person's word, or the night again."""
    if held is None:
        return ""
    command = release_command if held.is_releasable else night_command
    return command(night.profile.name, night.business_date)


def write_held_page(night: Night, held: Hold) -> Path:
    """The quality page of a night that the checks hold, beside what is shown of its date; returns where it is."""
    notes = Notes(
        morning=morning_of(night.business_date),
        cutoff=night.attempt.cutoff_at,
        policy_version=night.attempt.policy_version,
        base_ccy=night.profile.base_ccy,
        zone=night.profile.zone,
    )
    folder = held_folder(night.settings, night.business_date)
    return write_quality(folder, render_quality(quality_input(night, notes, None, held)))


def _feed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "table_name": row["table_name"],
        "kind": "daily" if contract()[row["table_name"]].is_daily else "snapshot",
        "supplied": row["is_supplied"],
        "rows_read": row["rows_read"],
        "duplicates": row["rows_duplicate"],
        "superseded": row["rows_superseded"],
        "held": row["rows_held"],
        "rows_in": row["rows_in"],
        "used": row["rows_used"],
        "quarantined": row["rows_quarantined"],
        "late": row["rows_late"],
    }


def _found(inputs: Inputs, engine: Engine, name: str, columns: dict[str, pa.DataType]) -> list[dict[str, Any]]:
    inputs.kept(f"checks/{name}", {column: _SQL[kind] for column, kind in columns.items()})
    return engine.rows(f"select * from checks.{name} order by all")


def _plan_gaps(inputs: Inputs, engine: Engine) -> list[dict[str, Any]]:
    """Where plan, payments and balance disagree, as findings that tell; nothing of a night that the checks hold."""
    inputs.kept("features/plan_gap", declared_columns("features")["plan_gap"])
    found = engine.rows(
        "select table_name, rule, count(*) as unexpected_count, list(row_key order by row_key)[1:5] as row_keys"
        " from features.plan_gap group by table_name, rule order by table_name, rule"
    )
    told = {"severity": "warning", "scope": "row", "success": False, "column_name": "", "observed": "", "detail": ""}
    return [
        {
            **told,
            "expectation": row["rule"],
            "sample_keys": ";".join(masked_key(key) for key in row.pop("row_keys")),
            **row,
        }
        for row in found
    ]


def _quarantine(inputs: Inputs, engine: Engine) -> list[dict[str, Any]]:
    """Rows kept out, and since when each of their keys is."""
    inputs.kept("checks/quarantine", QUARANTINE)
    inputs.kept("checks/withheld", WITHHELD)
    return engine.rows(
        "select q.*, coalesce(first.since, q.business_date) as since from checks.quarantine as q left join"
        " (select table_name, row_key, min(since) as since from checks.withheld where column_name is null"
        " group by table_name, row_key) as first on q.table_name = first.table_name and q.row_key = first.row_key"
        " order by all"
    )
