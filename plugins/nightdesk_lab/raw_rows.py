"""Raw tables of published data into any SQLAlchemy database as they are: raw names, every value text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Column, Connection, MetaData, Table, Text, create_engine, delete, insert, inspect
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from nightdesk.addresses import masked_url, unusable_url
from nightdesk.errors import SourceError
from nightdesk.failures import reduced

_ROWS_A_STATEMENT = 5_000


@dataclass(frozen=True)
class RawRows:
    """The rows of one raw table, as often as they are asked for."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Mapping[str, str]]]


def write(url: str, tables: Sequence[RawRows]) -> None:
    """Put the rows of all tables into the database at `url`, in one transaction; rows that are there are replaced.

    Raises SourceError for a database that holds other tables of these names, before anything is written; and for one
    that cannot be reached or goes away, whose rows then stay as they were.
    """
    metadata = MetaData()
    for table in tables:
        Table(table.name, metadata, *(Column(column, Text) for column in table.columns))
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        why = unusable_url(error)
        raise SourceError(f"the database address cannot be used: {why}", "Give an SQLAlchemy URL.") from None
    try:
        with engine.begin() as connection:
            _refuse_other_tables(connection, tables)
            metadata.create_all(connection)
            for table in tables:
                target = metadata.tables[table.name]
                connection.execute(delete(target))
                rows = table.rows()
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


def _refuse_other_tables(connection: Connection, tables: Sequence[RawRows]) -> None:
    """A bank's contract tables are called client, account and loan too: never empty those."""
    inspector = inspect(connection)
    names = set(inspector.get_table_names())
    for table in tables:
        if table.name in names and {str(one["name"]) for one in inspector.get_columns(table.name)} != set(
            table.columns
        ):
            raise SourceError(
                f"the database already has a table {table.name!r} with other columns",
                "Load the raw files into a database of their own.",
            )
