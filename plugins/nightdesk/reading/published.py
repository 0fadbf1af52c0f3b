"""Reading what was published: the tables of a publication, and how they are written for others."""

import csv
import datetime
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database

from nightdesk.attempt.batches import find, view
from nightdesk.attempt.findings import EXPORTED, FINDINGS
from nightdesk.desk.packs import unpacked
from nightdesk.desk.pins import pins_of
from nightdesk.desk.publication import Publication
from nightdesk.engine import Engine
from nightdesk.models import declared_columns, export_keys
from nightdesk.render.inert import escaped, inert
from nightdesk.settings import Settings
from nightdesk.sql_text import literal
from nightdesk.steps import COMPUTED

#: published tables: export name -> lake table and the key that rows are sorted by
PUBLISHED: dict[str, tuple[str, tuple[str, ...]]] = {
    **{name: (f"{layer}/{name}", key) for layer in COMPUTED for name, key in export_keys(layer).items()},
    **{name: (f"checks/{name}", key) for name, key in EXPORTED.items()},
}


def columns_of(lake_table: str) -> dict[str, str]:
    """Declared columns of a published lake table."""
    layer, _, name = lake_table.partition("/")
    return FINDINGS[name] if layer == "checks" else declared_columns(layer)[name]


def exported_columns(lake_table: str) -> dict[str, str]:
    """Columns of a published lake table as it is exported: its own, and the night last where none of them says it, so
    that whoever reads columns by their place finds each where it was."""
    own = columns_of(lake_table)
    return own if _NIGHT in own else {**own, _NIGHT: "DATE"}


#: the column that says of which night an exported row is
_NIGHT = "business_date"
#: what a spreadsheet takes for the beginning of a formula
_FORMULA = ("=", "+", "-", "@")
#: tells a spreadsheet that the file is UTF-8
_BOM = "\ufeff"


@contextmanager
def reader(settings: Settings, desk: Database, attempt_id: str, lake_tables: list[str]) -> Iterator[Engine]:
    """An engine with the named lake tables of an attempt as views `layer.name`.

    Raises StoreError, with the command that repairs it, when one is not what was written.
    """
    with desk.connect() as connection:
        pins = pins_of(connection, attempt_id)
        loose = unpacked(connection, (pins[name] for name in lake_tables if name in pins))
    work = settings.home / "work"
    work.mkdir(parents=True, exist_ok=True)
    with Engine(memory_limit=settings.memory_limit, threads=settings.threads, spill=work) as engine:
        for name in lake_tables:
            batches = [pins[name].batch_id] if name in pins and pins[name].row_count else []
            found = find(settings.lake_root, desk, name, batches, [pins[name]] if batches else [], loose=loose)
            view(engine, name.replace("/", "."), found, columns_of(name))
        yield engine


def ordered_select(name: str, where: str = "", *, night: datetime.date | None = None) -> str:
    """The query of a published table, in its total order; of a `night`, as it is exported (`exported_columns`)."""
    lake_table, key = PUBLISHED[name]
    columns = ", ".join(f'"{column}"' for column in columns_of(lake_table))
    if night and _NIGHT not in columns_of(lake_table):
        columns += f", date '{night}' as {_NIGHT}"
    rest = [column for column in columns_of(lake_table) if column not in key]
    order = ", ".join(f'"{column}" nulls first' for column in (*key, *rest))
    return f"select {columns} from {lake_table.replace('/', '.')} {where} order by {order}"


def content_hash(settings: Settings, desk: Database, attempt_id: str) -> str:
    """A hash over every published row of an attempt, in order: equal content, equal hash."""
    digest = hashlib.sha256()
    with reader(settings, desk, attempt_id, [table for table, _ in PUBLISHED.values()]) as engine:
        for name in PUBLISHED:
            body = engine.value(
                "select md5(string_agg(md5(t::varchar), '' order by md5(t::varchar))) "
                f"from ({ordered_select(name)}) as t"
            )
            digest.update(f"{name}={body};".encode())
    return digest.hexdigest()


def export(
    settings: Settings, desk: Database, publication: Publication, name: str, form: str, out: Path | None
) -> str | None:
    """Write a published table as csv, spreadsheet, parquet or json; returns the text when no file was named.

    CSV is UTF-8 without BOM, empty = null, plain decimals, ISO dates; characters that act (controls, bidirectional
    marks) are left out. JSON has decimals as strings and such characters as escapes; Parquet has them as they are.
    A spreadsheet is the CSV with a BOM, and an apostrophe before text that would be a formula. The columns are those of
    `exported_columns`: every row says of which night it is, also where the table does not.
    """
    lake_table, _ = PUBLISHED[name]
    with reader(settings, desk, publication.attempt_id, [lake_table]) as engine:
        query = ordered_select(name, night=publication.business_date)
        if form == "parquet":
            if out is None:
                raise ValueError("parquet needs a file")
            engine.execute("set preserve_insertion_order = true")
            engine.execute(f"copy ({query}) to {literal(str(out))} (format parquet)")
            return None
        rows = engine.rows(query)
    return write_text(rows, list(exported_columns(lake_table)), form, out)


def write_text(rows: list[dict[str, Any]], columns: list[str], form: str, out: Path | None) -> str | None:
    """Rows as CSV or JSON text, into a file where one is named."""
    if form == "json":
        body = escaped(json.dumps(rows, default=_plain, ensure_ascii=False, indent=1)) + "\n"
    elif form == "spreadsheet":
        body = _BOM + _csv(rows, columns, _no_formula)
    else:
        body = _csv(rows, columns, inert)
    if out is None:
        return body
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(body, encoding="utf-8", newline="")
    return None


def _no_formula(text: str) -> str:
    """Text that a spreadsheet shows instead of running it."""
    shown = inert(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def _csv(rows: list[dict[str, Any]], columns: list[str], say: Callable[[str], str]) -> str:
    """Rows as CSV; `say` is what becomes of a text, figures and dates are said as they are."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        values = (row[name] for name in columns)
        writer.writerow(
            "" if value is None else say(value) if isinstance(value, str) else _plain(value) for value in values
        )
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
