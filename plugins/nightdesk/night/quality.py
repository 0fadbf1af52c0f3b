"""The quality page's rows: what the checks of an attempt found, read back from the lake and the ledger."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from nightdesk.attempt.calendars import gap_ahead
from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night
from nightdesk.business_day import morning_of
from nightdesk.contract import contract
from nightdesk.desk.ledger import feeds_of, get_attempt
from nightdesk.desk.read_mails import mails_of_attempt
from nightdesk.desk.remedy import night_command, release_command
from nightdesk.engine import Engine
from nightdesk.night.cost import night_cost
from nightdesk.reading.assessment import colouring_indicators, quality_notes, read_as
from nightdesk.reading.showing import held_folder
from nightdesk.render.made_of import Hold, Notes, QualityInput
from nightdesk.render.outputs import write_quality
from nightdesk.render.quality import render_quality
from nightdesk.row_key import masked_key

#: what the page tells of a mail to the mailbox of answers
_OF_MAIL = ("kind", "staff_id", "taken", "refused", "detail")


def quality_input(
    night: Night, inputs: Inputs, engine: Engine, notes: Notes, revision: int | None, held: Hold | None = None
) -> QualityInput:
    """All that the quality page of an attempt says; `inputs` and `engine` are the attempt's, as they are open."""
    with night.desk.connect() as connection:
        feeds = feeds_of(connection, night.attempt.attempt_id)
        snapshot = get_attempt(connection, night.attempt.attempt_id).source_snapshot
        answers = mails_of_attempt(connection, night.attempt.attempt_id)
    return QualityInput(
        business_date=night.business_date,
        notes=replace(
            quality_notes(notes, feeds, colouring_indicators(night.profile.name, night.business_date)),
            read_as=read_as(night.profile.name, night.business_date, feeds),
        ),
        revision=revision,
        tables=[_feed(row) for row in feeds],
        expectations=_found(inputs, engine, "result") + _told(inputs),
        totals=_found(inputs, engine, "total"),
        quarantine=inputs.ask("quarantined_since"),
        held=held,
        remedy=_remedy(night, held),
        snapshot=snapshot,
        cost=night_cost(night),
        calendar_gap=gap_ahead(night, inputs.calendar()),
        class_count=inputs.ask("class_count")[0],
        implausible=[] if held else inputs.ask("implausible"),
        answers=[{name: getattr(mail, name) for name in _OF_MAIL} for mail in answers],
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
    with night_engine(night) as engine:
        made = quality_input(night, Inputs(night, engine), engine, notes, None, held)
    return write_quality(folder, render_quality(made))


def _feed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "table_name": row["table_name"],
        "kind": "daily" if contract()[row["table_name"]].is_daily else "snapshot",
        "supplied": row["is_supplied"],
        "rows_read": row["rows_read"],
        "duplicates": row["rows_duplicate"],
        "superseded": row["rows_superseded"],
        "stored": row["rows_stored"],
        "rows_in": row["rows_in"],
        "used": row["rows_used"],
        "quarantined": row["rows_quarantined"],
        "late": row["rows_late"],
    }


def _found(inputs: Inputs, engine: Engine, name: str) -> list[dict[str, Any]]:
    inputs.found(name)
    return engine.rows(f"select * from night.{name} order by all")


def _told(inputs: Inputs) -> list[dict[str, Any]]:
    """What no check finds and the page tells as findings: where plan, payments and balance disagree, and decisions on
    releases that the bank supplied; of a night that the checks hold the latter alone."""
    keys: dict[tuple[str, str, int], list[str]] = {}
    for row in inputs.ask("unchecked"):
        keys.setdefault((row["table_name"], row["rule"], row["unexpected_count"]), []).append(row["row_key"])
    told = {"severity": "warning", "scope": "row", "success": False, "column_name": "", "observed": "", "detail": ""}
    return [
        {
            **told,
            "table_name": table,
            "rule": rule,
            "expectation": rule,
            "unexpected_count": count,
            "sample_keys": ";".join(masked_key(key) for key in found),
        }
        for (table, rule, count), found in keys.items()
    ]
