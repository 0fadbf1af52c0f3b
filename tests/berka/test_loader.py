"""Loading the raw files: as they are, again without harm, and not at all when something is wrong with them."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from nightdesk.errors import SourceError
from nightdesk_lab.berka import load
from nightdesk_lab.berka.raw_files import RAW_TABLES, file_of

PUBLISHED = {
    "district": 77,
    "account": 4_500,
    "client": 5_369,
    "disp": 5_369,
    "order": 6_471,
    "loan": 682,
    "card": 892,
    "trans": 49_102,
}


def rows(url: str, table: str) -> list[tuple[str, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(f'select * from "{table}"'))]
    engine.dispose()
    return sorted(found)


def test_given_the_published_files_their_row_counts_are_those_of_the_publication(raw_sqlite: str) -> None:
    assert {table.name: len(rows(raw_sqlite, table.name)) for table in RAW_TABLES} == PUBLISHED


def test_given_the_published_files_every_value_is_the_files_text(raw_postgres: str, berka_folder: Path) -> None:
    for table in RAW_TABLES:
        with file_of(berka_folder, table).open(newline="") as file:
            written = [tuple(fields) for fields in csv.reader(file, delimiter=";")][1:]
        assert rows(raw_postgres, table.name) == sorted(written), table.name


def test_loading_twice_leaves_one_copy(small_bank: str, small_folder: Path) -> None:
    before = {table.name: rows(small_bank, table.name) for table in RAW_TABLES}
    counts = load(small_folder, small_bank, is_partial=True)
    assert {name: rows(small_bank, name) for name in counts} == before
    assert {name: len(found) for name, found in before.items()} == counts


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "loan.asc").unlink(), "holds no loan.asc"),
        (lambda folder: cut(folder / "loan.asc", 100), "loan.asc is truncated: its last line does not end"),
        (lambda folder: cut(folder / "loan.asc", 0), "loan.asc is empty"),
        (lambda folder: (folder / "loan.asc").write_text('"loan_id";"x"\n1;2\n'), "begins with the columns"),
        (lambda folder: (folder / "card.asc").open("a").write("7;8\r\n"), "card.asc, line 3 has 2 fields"),
        (lambda folder: (folder / "card.asc").open("ab").write(b'"\xff";8;9;9\r\n'), "card.asc cannot be read"),
        (lambda folder: (folder / "card.asc").open("a").write('7;8;9;"open\r\n'), "card.asc cannot be read"),
    ],
)
def test_a_harmed_file_is_named_and_nothing_is_loaded(
    harm: object, said: str, small_folder: Path, tmp_path: Path
) -> None:
    harm(small_folder)  # type: ignore[operator]
    with pytest.raises(SourceError, match=said) as caught:
        load(small_folder, f"sqlite:///{tmp_path / 'raw.db'}", is_partial=True)
    assert caught.value.remedy
    assert not (tmp_path / "raw.db").exists()


def test_a_file_cut_between_two_lines_is_noticed_by_its_count(small_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"district\.asc is truncated: it has 2 rows and was published with 77"):
        load(small_folder, f"sqlite:///{tmp_path / 'raw.db'}")


def test_a_database_with_other_tables_of_these_names_is_left_alone(small_folder: Path, empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("create table client (client_id text, name text)"))
        connection.execute(text("insert into client values ('C1', 'kept')"))
    engine.dispose()
    with pytest.raises(SourceError, match="already has a table 'client'"):
        load(small_folder, empty_database, is_partial=True)
    assert rows(empty_database, "client") == [("C1", "kept")]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "the database address cannot be used"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "did not take the rows"),
        ("sqlite:////nowhere/at/all/raw.db", "did not take the rows"),
    ],
)
def test_a_database_that_does_not_answer_is_one_clear_error_without_its_password(
    url: str, said: str, small_folder: Path
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        load(small_folder, url, is_partial=True)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_prints_the_counts_and_ends_with_3_for_a_missing_file(small_folder: Path, tmp_path: Path) -> None:
    from nightdesk.cli import app

    arguments = ["load-berka", str(small_folder), "--url", f"sqlite:///{tmp_path / 'raw.db'}", "--partial", "--json"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["tables"]["trans"] == 9
    (small_folder / "trans_prefix_19930101_19940331.asc").unlink()
    assert CliRunner().invoke(app, arguments).exit_code == 3
