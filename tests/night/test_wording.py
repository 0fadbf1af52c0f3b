"""A batch in words: templates filled from the figures beside them, once a row, and nothing else touched."""

import datetime

import pyarrow as pa
import pytest

from nightdesk.engine import Engine
from nightdesk.errors import PolicyError
from nightdesk.models import FIGURES, declared_columns, models
from nightdesk.night.wording import in_words

TOLD = """
    select * from (values
        (1, 'Loan {days:days} late', '逾期{days:days}', 'kept {days}', map(['days'], ['3'])),
        (2, 'in words {days}', '原文', null, null),
        (3, null, '{days:days}', null, map(['days'], [cast(null as varchar)]))
    ) as t (id, reason_en, reason_zh, detail, figures)
"""


def test_given_templates_and_figures_when_written_then_each_language_is_filled_and_the_figures_are_gone() -> None:
    with Engine() as engine:
        rows = in_words(engine.arrow(TOLD), "CNY").read_all()
    assert rows.schema.names == ["id", "reason_en", "reason_zh", "detail"]
    assert sorted(rows.to_pylist(), key=lambda row: row["id"]) == [
        {"id": 1, "reason_en": "Loan 3 days late", "reason_zh": "逾期3天", "detail": "kept {days}"},
        {"id": 2, "reason_en": "in words {days}", "reason_zh": "原文", "detail": None},
        {"id": 3, "reason_en": None, "reason_zh": "—", "detail": None},
    ]


def test_given_rows_without_figures_when_written_then_they_pass_as_they_are() -> None:
    with Engine() as engine:
        rows = in_words(engine.arrow("select '{days}' as reason_en, date '2026-03-31' as day"), "CNY").read_all()
    assert rows.to_pylist() == [{"reason_en": "{days}", "day": datetime.date(2026, 3, 31)}]


def test_given_no_row_at_all_when_written_then_the_columns_are_there() -> None:
    with Engine() as engine:
        rows = in_words(engine.arrow(f"{TOLD} where false"), "CNY").read_all()
    assert rows.num_rows == 0
    assert rows.schema.field("reason_zh").type == pa.string()


def test_given_a_template_that_asks_for_more_when_written_then_nothing_is() -> None:
    with Engine() as engine, pytest.raises(PolicyError, match=r"asks for \{amount\}"):
        in_words(engine.arrow("select '{amount:amt}' as reason_en, map(['days'], ['3']) as figures"), "CNY").read_all()


def test_given_tables_with_sentences_when_declared_then_they_are_given_with_figures_and_kept_without() -> None:
    told = {name for name, model in models().items() if model.columns and FIGURES in model.columns}
    assert told == {
        "warnings.signal",
        "warnings.cleared",
        "warnings.closed",
        "tasks.task",
        "tasks.offer_advice",
        "care.proposal_fact",
    }
    for table in told:
        layer, _, name = table.partition(".")
        endings = {column.rpartition("_")[2] for column in declared_columns(layer)[name]}
        assert {"zh", "en"} <= endings
        assert FIGURES not in declared_columns(layer)[name]
