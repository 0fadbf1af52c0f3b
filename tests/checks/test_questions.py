"""Questions: what is asked together, and of each case once, is what is asked of every row on its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdesk import worked_out
from nightdesk.checks import answers
from nightdesk.checks.asserting import failing
from nightdesk.checks.expectation import BETWEEN, GREATER, IN_SET, NOT_NULL, NULL, Expectation
from nightdesk.checks.questions import ask

MATCH = "expect_column_values_to_not_match_regex"
Asked = tuple[Expectation, dict[str, Any]]


def asked(expect: str, **arguments: Any) -> Asked:
    return Expectation(f"{expect} {arguments}", "warning", "row", "rows", expect, arguments), arguments


def positions(frame: pa.Table, *questions: Asked) -> list[list[int]]:
    return [verdict.positions for verdict in ask("invented", questions, frame)]


def test_given_columns_of_one_question_then_each_row_is_told_under_its_own_column() -> None:
    frame = pa.table({"a": [1, -1, None, -1], "b": [-1, 2, -3, 4], "c": [5, 6, 7, 8]})
    questions = [asked(BETWEEN, column=name, min_value=0) for name in ("a", "b", "c")]
    assert positions(frame, *questions) == [[1, 3], [0, 2], []]


def test_given_cells_that_are_there_or_not_then_both_kinds_of_presence_are_told() -> None:
    frame = pa.table({"flag": [None, "why", None], "name": ["x", None, None], "none": pa.nulls(3, pa.string())})
    questions = [asked(NULL, column="flag"), asked(NOT_NULL, column="name"), asked(NULL, column="none")]
    assert positions(frame, *questions) == [[1], [1, 2], []]


def test_given_lists_of_values_then_each_column_is_held_to_its_own() -> None:
    frame = pa.table({"kind": ["a", "b", None, "c"], "mode": ["b", "a", "b", "c"]})
    questions = [
        asked(IN_SET, column="kind", value_set=["a", "b"]),
        asked(IN_SET, column="mode", value_set=["b", "c"]),
    ]
    assert positions(frame, *questions) == [[3], [1]]


def test_given_a_pair_of_columns_then_rows_are_compared_and_those_without_one_of_them_are_not() -> None:
    frame = pa.table({"end": [3, 1, None, 2], "start": [2, 2, 2, 2], "n": [-1, 0, 0, -1]})
    pair = asked(GREATER, column_A="end", column_B="start", or_equal=True, ignore_row_if="either_value_is_missing")
    assert positions(frame, pair, asked(BETWEEN, column="n", min_value=0)) == [[1], [0, 3]]


def test_given_an_answer_that_is_known_then_the_same_value_elsewhere_gets_it_and_a_new_one_is_asked() -> None:
    question = asked(IN_SET, column="c", value_set=["known", "also known"])
    assert positions(pa.table({"c": ["known", "odd"]}), question) == [[1]]
    assert positions(pa.table({"c": ["odd", "known", "odd"]}), question) == [[0, 2]]
    assert positions(pa.table({"c": ["also known", "odder", None]}), question) == [[1]]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (asked(BETWEEN, column="a", min_value=3, max_value=5), [(9, 0), (-9, 0), (3, 0), (4, 0), (5, 0), (None, 0)]),
        (asked(BETWEEN, column="a", max_value=0, strict_max=True), [(1, 0), (0, 0), (-1, 0), (None, 0)]),
        (asked(NOT_NULL, column="a"), [(1, 0), (None, 0)]),
        (
            asked(GREATER, column_A="a", column_B="b", or_equal=True, ignore_row_if="either_value_is_missing"),
            [(1, 2), (2, 2), (3, 2), (None, 2), (3, None), (None, None)],
        ),
        (asked(IN_SET, column="c", value_set=["x", "yy"]), [("x", 0), ("yy", 0), ("other", 0), ("???", 0), (None, 0)]),
    ],
)
def test_given_one_case_of_a_question_when_it_is_asked_then_no_other_case_has_to_be_ever(
    home: Path, monkeypatch: pytest.MonkeyPatch, question: Asked, rows: list[tuple[Any, Any]]
) -> None:
    names = ("c", "b") if question[0].expect == IN_SET else ("a", "b")
    kinds = (pa.string() if names[0] == "c" else pa.int64(), pa.int64())
    columns = {name: pa.array([row[n] for row in rows], kinds[n]) for n, name in enumerate(names)}
    (wanted,) = failing("invented", [question], columns)
    frame = pa.table(columns)
    for number in range(len(rows)):
        forget()
        (home / "cache" / "answers.json").unlink(missing_ok=True)
        assert positions(frame.slice(number, 1), question) == [[0] if number in wanted else []]
        with monkeypatch.context() as closed:
            closed.delattr("nightdesk.checks.questions.failing")
            assert positions(frame, question) == [wanted]


def test_given_the_same_words_with_other_bounds_or_another_type_then_it_is_another_question() -> None:
    frame = pa.table({"n": [0, 5, 10]})
    questions = [asked(BETWEEN, column="n", min_value=1), asked(BETWEEN, column="n", min_value=6)]
    assert positions(frame, *questions) == [[0], [0, 1]]
    assert positions(pa.table({"n": [10, 5, 0]}), questions[1]) == [[1, 2]]


def test_given_many_numbers_then_all_are_told() -> None:
    frame = pa.table({"n": list(range(-1_500, 1_500)), "m": [0] * 3_000})
    questions = [asked(BETWEEN, column="n", min_value=0), asked(BETWEEN, column="m", min_value=1)]
    assert positions(frame, *questions) == [list(range(1_500)), list(range(3_000))]


def test_given_more_distinct_texts_than_are_known_then_all_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightdesk.checks.questions.KNOWN_CASES", 2)
    frame = pa.table({"name": ["a&amp;b", "c", "d", None, "c", "&lt;"]})
    assert positions(frame, asked(MATCH, column="name", regex="&[a-z]+;")) == [[0, 5]]


@pytest.mark.parametrize("bounds", [{"min_value": 3}, {"max_value": 5}, {"min_value": 3, "max_value": 5}])
@pytest.mark.parametrize("strict", [{}, {"strict_min": True}, {"strict_max": True}])
def test_given_numbers_at_just_under_and_over_the_bounds_then_each_is_told_as_on_its_own(
    bounds: dict[str, int], strict: dict[str, bool]
) -> None:
    numbers = [2**62, -(2**62), 2, 3, 4, 5, 6, None, -1, 7]
    columns = {"n": pa.array(numbers, pa.int64())}
    question = asked(BETWEEN, column="n", **bounds, **strict)
    assert positions(pa.table(columns), question) == failing("invented", [question], columns)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home that keeps answers, for a process that knows none."""
    before = list(worked_out._folders)
    worked_out.keep_below(tmp_path)
    forget()
    yield tmp_path
    worked_out._folders[:] = before
    forget()


def forget() -> None:
    """As a new process."""
    answers._known.clear()
    answers._kept.clear()


QUESTIONS = (
    asked(BETWEEN, column="n", min_value=0),
    asked(GREATER, column_A="n", column_B="m", or_equal=True, ignore_row_if="either_value_is_missing"),
    asked(MATCH, column="name", regex="&[a-z]+;"),
)


def test_given_answers_below_the_home_when_another_process_asks_then_only_new_cases_are_put(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[list[Any]] = []

    def noted(name: str, arguments: list[Asked], columns: dict[str, pa.Array]) -> list[list[int]]:
        put.append([column.to_pylist() for column in columns.values()])
        return failing(name, arguments, columns)

    monkeypatch.setattr("nightdesk.checks.questions.failing", noted)
    first = pa.table({"n": [5, -7, None], "m": [5, 0, 1], "name": ["张三", "a&amp;", None]})
    assert positions(first, *QUESTIONS) == [[1], [1], [1]]
    forget()
    again = pa.table({"n": [-900, 0, 12], "m": [-900, 1, 3], "name": ["a&amp;", "张三", None]})
    assert positions(again, QUESTIONS[1], QUESTIONS[2]) == [[1], [0]]
    assert len(put) == 1  # a number above the other one was not there before, and was foreseen
    assert positions(pa.table({"name": ["&lt;", "a&amp;"]}), QUESTIONS[2]) == [[0, 1]]
    assert put[1:] == [[["&lt;"]]]  # a text was not
    assert "张三" not in (home / "cache" / "answers.json").read_text("utf-8")


def test_given_a_damaged_file_of_answers_when_asked_then_all_is_put_again(home: Path) -> None:
    frame = pa.table({"n": [-1, 1], "m": [0, 0], "name": ["x", "&lt;"]})
    assert positions(frame, *QUESTIONS) == [[0], [0], [1]]
    file = home / "cache" / "answers.json"
    file.write_text(file.read_text("utf-8").replace(":1", ":0"), "utf-8")
    forget()
    assert positions(frame, *QUESTIONS) == [[0], [0], [1]]


def test_given_no_row_then_nothing_is_asked_and_nothing_fails() -> None:
    frame = pa.table({"c": pa.array([], pa.string())})
    (verdict,) = ask("invented", [asked("no_such_expectation", column="c")], frame)
    assert (verdict.element_count, verdict.positions) == (0, [])


def test_given_rows_then_the_verdict_counts_all_of_them_and_not_the_distinct_values() -> None:
    (verdict,) = ask("invented", [asked(NULL, column="c")], pa.table({"c": ["x", "x", None, "x"]}))
    assert (verdict.element_count, verdict.unexpected_count) == (4, 3)


@settings(deadline=None, max_examples=15)
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-2, 2)),
            st.one_of(st.none(), st.integers(-2, 2)),
            st.one_of(st.none(), st.sampled_from(["a", "b", "c"])),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_given_any_rows_then_the_answers_are_those_of_every_row_asked_on_its_own(rows: list[tuple[Any, ...]]) -> None:
    columns = {
        name: pa.array([row[number] for row in rows], kind)
        for number, (name, kind) in enumerate({"n": pa.int64(), "m": pa.int64(), "c": pa.string()}.items())
    }
    questions = [
        asked(BETWEEN, column="n", min_value=0),
        asked(BETWEEN, column="m", min_value=0),
        asked(NOT_NULL, column="m"),
        asked(IN_SET, column="c", value_set=["a", "b"]),
        asked(GREATER, column_A="n", column_B="m", or_equal=True, ignore_row_if="either_value_is_missing"),
    ]
    assert positions(pa.table(columns), *questions) == failing("invented", questions, columns)
