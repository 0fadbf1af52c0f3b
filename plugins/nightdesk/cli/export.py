"""nightdesk export: published results as CSV, Parquet or JSON."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand

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
    spreadsheet = "spreadsheet"
    parquet = "parquet"
    json = "json"


class ExportCommand(TyperCommand):
    """Names the tables in its help, which are known where they are written and load slowly."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with every table that can be exported."""
        from nightdesk.reading.exporting import TABLES

        for parameter in self.params:
            if isinstance(parameter, TyperArgument) and parameter.name == "table":
                parameter.help = f"One of: {', '.join(TABLES)}."
        super().format_help(ctx, formatter)


def export(
    table: Annotated[str, typer.Argument(help="The table.")],
    date: DateOption,
    form: Annotated[
        Form, typer.Option("--format", help="spreadsheet: CSV, no text of which counts as a formula.")
    ] = Form.csv,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; without it, stdout.")] = None,
    revision: Annotated[int | None, typer.Option("--revision", help="A revision other than the standing one.")] = None,
    client: Annotated[
        str | None, typer.Option("--client", help="Of whom readings (indicator_reading) are.", metavar="ID")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, help="Or of how many clients: each night the same ones.", metavar="N"),
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write a published table: sorted by key, decimals plain, dates ISO, empty = null."""
    from nightdesk.reading import exporting

    settings = get_settings()
    if table not in exporting.TABLES:
        raise UsageError(f"there is no published table {table!r}", f"Choose one of: {', '.join(exporting.TABLES)}.")
    if as_json and out is None:
        form = Form.json
    if form is Form.parquet and out is None:
        raise UsageError("Parquet cannot be written to a terminal", "Name a file with --out.")
    text = exporting.export(
        settings, table, day(date), form.value, out, revision=revision, profile=profile, client=client, sample=sample
    )
    if text is not None:
        typer.echo(text, nl=False)
    elif as_json:
        say_json({"table": table, "date": date, "format": form.value, "out": out})
    else:
        from nightdesk.render.catalogue import catalogue

        results.print(catalogue(lang.value)("cli.export.done", table=table, path=out))
