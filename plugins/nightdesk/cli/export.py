"""nightdesk export: published results as CSV, Parquet or JSON."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    results,
    say_json,
)
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings


class Form(StrEnum):
    """Formats of an export."""

    csv = "csv"
    parquet = "parquet"
    json = "json"


def export(
    table: Annotated[str, typer.Argument(help="client_tier, signal, warning, task, quarantine, night, …")],
    date: DateOption,
    form: Annotated[Form, typer.Option("--format", help="Format of the export.")] = Form.csv,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; without it, stdout.")] = None,
    revision: Annotated[int | None, typer.Option("--revision", help="A revision other than the standing one.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write a published table: sorted by key, decimals plain, dates ISO, empty = null."""
    from nightdesk.night import exporting

    settings = get_settings()
    if table not in exporting.TABLES:
        raise UsageError(f"there is no published table {table!r}", f"Choose one of: {', '.join(exporting.TABLES)}.")
    if as_json and out is None:
        form = Form.json
    if form is Form.parquet and out is None:
        raise UsageError("Parquet cannot be written to a terminal", "Name a file with --out.")
    text = exporting.export(settings, table, day(date), form.value, out, revision=revision, profile=profile)
    if text is not None:
        typer.echo(text, nl=False)
    elif as_json:
        say_json({"table": table, "date": date, "format": form.value, "out": out})
    else:
        from nightdesk.render.catalogue import catalogue

        results.print(catalogue(lang.value)("cli.export.done", table=table, path=out))
