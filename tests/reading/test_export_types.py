"""A figure is exported in the precision in which it is kept."""

import datetime

import pyarrow as pa
import pytest
from sqlalchemy import Numeric

from nightdesk.desk.tables import step
from nightdesk.engine import Engine
from nightdesk.models import declared_columns
from nightdesk.reading.exporting import _LEDGER, _READINGS, _SCORES, _STEPS
from nightdesk.reading.published import PUBLISHED, columns_of, exported_columns, ordered_select


@pytest.mark.parametrize("name", ["seconds", "cpu_seconds"])
def test_given_a_step_then_its_times_are_exported_as_the_ledger_keeps_them(name: str) -> None:
    kept = step.c[name].type
    assert isinstance(kept, Numeric)
    assert _STEPS.field(name).type == pa.decimal128(kept.precision, kept.scale)


def test_given_a_reading_then_its_value_is_exported_as_a_signal_keeps_it() -> None:
    kept = pa.decimal128(18, 4)
    assert declared_columns("warnings")["signal"]["value"] == f"DECIMAL({kept.precision},{kept.scale})"
    assert _READINGS.field("value").type == kept


def test_given_a_scorecard_then_figures_have_cents_and_scores_too() -> None:
    types = {name: str(_SCORES.field(name).type) for name in ("actual", "target", "score")}
    assert types == {"actual": "decimal128(18, 2)", "target": "decimal128(18, 2)", "score": "decimal128(9, 2)"}


def test_given_instants_then_they_are_exported_with_their_zone() -> None:
    instants = [field for schema in (_LEDGER, _STEPS) for field in schema if field.name.endswith("_at")]
    assert {str(field.type) for field in instants} == {"timestamp[us, tz=UTC]"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_given_a_published_table_then_its_own_columns_stand_first_and_the_night_is_told_once(name: str) -> None:
    lake_table, _ = PUBLISHED[name]
    own, told = columns_of(lake_table), exported_columns(lake_table)
    assert list(told.items())[: len(own)] == list(own.items())
    assert list(told)[len(own) :] == ([] if "business_date" in own else ["business_date"])


def test_given_a_table_that_says_no_night_when_asked_for_one_then_it_is_last_and_the_rows_are_in_their_order() -> None:
    columns = ", ".join(f"{column} {kind}" for column, kind in columns_of("warnings/loan_class").items())
    with Engine() as engine:
        engine.execute("create schema warnings")
        engine.execute(f"create table warnings.loan_class ({columns})")
        engine.execute("insert into warnings.loan_class (loan_id) values ('L3'), ('L1'), ('L2')")
        rows = engine.rows(ordered_select("loan_class", night=datetime.date(2026, 3, 31)))
        bare = engine.rows(ordered_select("loan_class"))
    assert [(row["loan_id"], row["business_date"]) for row in rows] == [
        (loan, datetime.date(2026, 3, 31)) for loan in ("L1", "L2", "L3")
    ]
    assert list(rows[0]) == list(exported_columns("warnings/loan_class"))
    assert list(bare[0]) == list(columns_of("warnings/loan_class"))
