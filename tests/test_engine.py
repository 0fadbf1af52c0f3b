"""The engine: what is bound, which columns a batch must have, and what a file that is not whole comes to."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nightdesk.engine import Engine
from nightdesk.errors import PolicyError, StoreError


def test_a_dollar_in_a_comment_or_a_text_is_no_parameter_and_one_after_them_is() -> None:
    sql = """-- the client's $share of it
select 'it''s $share' as said, $share as share -- and the bank's $rest"""
    with Engine({"share": 5}) as engine:
        assert engine.rows(sql) == [{"said": "it's $share", "share": 5}]
        engine.build("a.shown", sql, as_view=True)
        assert engine.rows("select * from a.shown") == [{"said": "it's $share", "share": 5}]


def test_a_column_that_a_batch_lacks_is_unknown_and_refused_where_a_sum_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "batch.parquet"
    pq.write_table(pa.table({"client_id": ["C1"]}), file)
    columns = {"client_id": "VARCHAR", "inflow_180d_amt": "DECIMAL(38,2)"}
    with Engine() as engine:
        engine.view_of_files("previous.client_window", [str(file)], columns)
        assert engine.rows("select * from previous.client_window") == [{"client_id": "C1", "inflow_180d_amt": None}]
        with pytest.raises(StoreError, match=r"previous.client_window lacks the column inflow_180d_amt.*replay"):
            engine.view_of_files("previous.client_window", [str(file)], columns, is_complete=True)


@pytest.mark.parametrize("left", [0, 50, -8])
def test_a_file_that_is_cut_off_is_named_with_the_night_that_writes_it_anew(tmp_path: Path, left: int) -> None:
    file = tmp_path / "night=2026-03-31" / "batch.parquet"
    file.parent.mkdir()
    pq.write_table(pa.table({"client_id": [f"C{n}" for n in range(2000)]}), file)
    file.write_bytes(file.read_bytes()[:left])
    with Engine() as engine, pytest.raises(StoreError, match=r"batch\.parquet cannot be read.*--from 2026-03-31 "):
        engine.view_of_files("source.client", [str(file)], {"client_id": "VARCHAR"})


def test_the_hash_of_files_is_that_of_their_rows_and_columns_in_any_order(tmp_path: Path) -> None:
    def hashed(*parts: dict[str, list[object]]) -> str:
        files = []
        for number, part in enumerate(parts):
            pq.write_table(pa.table(part), tmp_path / f"{number}.parquet")
            files.append(str(tmp_path / f"{number}.parquet"))
        with Engine() as engine:
            return engine.hash_of_files(files)

    whole = hashed({"a": [1, 2, None], "b": ["x", "y", None]})
    assert hashed({"a": [None, 2], "b": [None, "y"]}, {"a": [1], "b": ["x"]}) == whole
    assert hashed({"a": [1, 2], "b": ["x", "y"]}) != whole
    assert hashed({"a": [1, 2, None], "b": ["y", "x", None]}) != whole
    assert hashed({"a": [1, 2, None], "c": ["x", "y", None]}) != whole
    assert hashed() == ""


@pytest.mark.parametrize("count", [0, 1])
def test_a_table_of_small_rows_is_there_until_it_is_dropped(count: int) -> None:
    with Engine() as engine:
        engine.insert("policy.share", {"name": "VARCHAR"}, [{"name": "a"}] * count)
        assert engine.exists("policy.share")
        engine.drop("policy.share")
        engine.build("policy.share", "select 1 as name", as_view=True)  # nothing of another kind is in its place


def test_the_hash_of_files_may_leave_out_a_column_and_rows(tmp_path: Path) -> None:
    """What a batch's rows hash to is the same by themselves and in a file with others'."""
    own = pa.table({"a": [1, 2], "b": ["x", None]})
    shared = pa.table({"a": [1, 2, 3], "b": ["x", None, "y"], "of": ["first", "first", "second"]})
    with_null = own.append_column("of", pa.nulls(2, pa.string()))
    for name, rows in (("own", own), ("shared", shared), ("with_null", with_null)):
        pq.write_table(rows, tmp_path / name)
    with Engine() as engine:
        alone = engine.hash_of_files([str(tmp_path / "own")], without="of")
        assert engine.hash_of_files([str(tmp_path / "shared")], "of = 'first'", "of") == alone
        assert engine.hash_of_files([str(tmp_path / "with_null")], without="of") == alone
        assert engine.hash_of_files([str(tmp_path / "shared")], without="of") != alone
        assert engine.hash_of_files([str(tmp_path / "shared")], "of = 'second'", "of") != alone
        assert engine.hash_of_files([str(tmp_path / "own")]) == alone


#: one list of all rows cannot be spilled
_LIST = "select list(n) as days from range(20_000_000) as r (n)"


def test_a_table_for_which_memory_does_not_suffice_is_named_with_the_limit_and_its_setting() -> None:
    with Engine(memory_limit="50MB", threads=1) as engine:
        with pytest.raises(PolicyError, match=r"no memory left for features\.client_day within") as said:
            engine.build("features.client_day", _LIST, as_view=False)
        assert said.value.exit_code == 8
        assert "NIGHTDESK_MEMORY_LIMIT, which is 50MB (" in said.value.what
        assert said.value.remedy.startswith("Raise NIGHTDESK_MEMORY_LIMIT")


def test_a_table_whose_rows_find_no_memory_while_they_are_read_is_named_too() -> None:
    with Engine(memory_limit="50MB", threads=1) as engine:
        engine.build("features.client_day", _LIST, as_view=True)
        for read in (engine.rows, engine.value, lambda sql: engine.arrow(sql).read_all()):
            with pytest.raises(PolicyError, match=r"no memory left for features\.client_day within"):
                read("select * from features.client_day")
        with pytest.raises(PolicyError, match="no memory left for a statement within"):
            engine.rows(_LIST)


def test_tables_on_disk_are_kept_beyond_what_memory_holds_and_go_with_the_engine(tmp_path: Path) -> None:
    rows = "select cast(n as varchar) || repeat('x', 50) as client_id, hash(n) as value from range(1_000_000) as r (n)"
    with Engine(memory_limit="50MB", threads=1, spill=tmp_path, is_on_disk=True) as engine:
        for table in ("features.client_day", "features.client_month"):
            engine.build(table, rows, as_view=False)
        assert engine.value("select count(*) from features.client_day where client_id like '77%'") == 11_111
        assert list(tmp_path.rglob("tables.duckdb"))
    assert not list(tmp_path.iterdir())
