"""nightdesk load-berka: the raw files of the PKDD'99 Czech bank into a database."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results, say_json

_HEADINGS = {Lang.zh_CN: ("表", "行数"), Lang.en: ("table", "rows")}


def load_berka(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the published .asc files.")],
    url: Annotated[str, typer.Option("--url", help="SQLAlchemy URL of the database to fill (PostgreSQL or SQLite).")],
    partial: Annotated[
        bool, typer.Option("--partial", help="Accept files with fewer rows than were published.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Load the raw Berka files as they are, for the profile `berka`; loading again replaces the rows."""
    from nightdesk_lab.berka import load

    with remarks.status(f"{folder} ..."):
        counts = load(folder, url, is_partial=partial)
    if as_json:
        say_json({"folder": folder, "tables": counts})
        return
    table = Table(*_HEADINGS[lang])
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    results.print(table)
