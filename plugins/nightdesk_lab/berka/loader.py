"""Puts the raw Berka files into any SQLAlchemy database as they are: raw names, every value text."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, Text, create_engine, delete, insert, inspect
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from nightdesk.addresses import masked_url, unusable_url
from nightdesk.errors import SourceError
from nightdesk.failures import reduced
from nightdesk_lab.berka.raw_files import RAW_TABLES, RawTable, checked_count, file_of, rows_of

_ROWS_A_STATEMENT = 5_000


def load(folder: Path, url: str, *, is_partial: bool = False) -> dict[str, int]:
    """Load every raw file of `folder` into the database at `url`; loading again replaces the rows.

    Values stay the text of the file: an empty field is an empty string, codes and dates are not interpreted,
    and a heller cannot be lost to a float. `is_partial` accepts files with fewer rows than were published.

    Returns the row count of each table.
    Raises SourceError, before anything is written, for a missing or truncated file or for a database that
    holds other tables of these names; and for a database that cannot be reached or goes away, whose rows then
    stay as they were.
    """
    files = [(table, file_of(folder, table)) for table in RAW_TABLES]
    counts = {table.name: checked_count(path, table, is_partial=is_partial) for table, path in files}
    metadata = MetaData()
    for table in RAW_TABLES:
        Table(table.name, metadata, *(Column(column, Text) for column in table.columns))
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        why = unusable_url(error)
        raise SourceError(f"the database address cannot be used: {why}", "Give an SQLAlchemy URL.") from None
    try:
        with engine.begin() as connection:
            _refuse_other_tables(connection)
            metadata.create_all(connection)
            for table, path in files:
                target = metadata.tables[table.name]
                connection.execute(delete(target))
                rows = rows_of(path, table)
                while chunk := list(islice(rows, _ROWS_A_STATEMENT)):
                    connection.execute(insert(target), chunk)
    except SQLAlchemyError as error:
        address = masked_url(engine.url.render_as_string(hide_password=False))
        raise SourceError(
            f"the database {address} did not take the rows: {reduced(error)}",
            "Check that it runs and may be written to, and repeat the command.",
        ) from None
    finally:
        engine.dispose()
    return counts


def _refuse_other_tables(connection: Connection) -> None:
    """A bank's contract tables are called client, account and loan too: never empty those."""
    for table, columns in _present(connection):
        if columns != set(table.columns):
            raise SourceError(
                f"the database already has a table {table.name!r} with other columns",
                "Load the raw files into a database of their own.",
            )


def _present(connection: Connection) -> Iterator[tuple[RawTable, set[str]]]:
    inspector = inspect(connection)
    names = set(inspector.get_table_names())
    for table in RAW_TABLES:
        if table.name in names:
            yield table, {str(column["name"]) for column in inspector.get_columns(table.name)}
