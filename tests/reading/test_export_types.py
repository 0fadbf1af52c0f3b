"""A figure is exported in the precision in which it is kept."""

import pyarrow as pa
import pytest
from sqlalchemy import Numeric

from nightdesk.desk.tables import step
from nightdesk.models import declared_columns
from nightdesk.reading.exporting import _LEDGER, _READINGS, _SCORES, _STEPS


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
