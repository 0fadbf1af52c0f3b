"""nightdesk load-berka, load-cumcm, load-ifc: published files into a database, for the profile of that name."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results, say_json

_HEADINGS = {Lang.zh_CN: ("表", "行数"), Lang.en: ("table", "rows")}
FolderArgument = Annotated[Path, typer.Argument(help="Folder that holds the published files.")]
UrlOption = Annotated[str, typer.Option("--url", help="SQLAlchemy URL of the database to fill (PostgreSQL or SQLite).")]
PartialOption = Annotated[bool, typer.Option("--partial", help="Accept fewer rows than were published.")]


def load_berka(
    folder: FolderArgument,
    url: UrlOption,
    partial: PartialOption = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Load the raw files of the Berka bank as they are, for the profile `berka`; loading again replaces the rows."""
    from nightdesk_lab.berka import load

    _say(folder, lambda: load(folder, url, is_partial=partial), as_json, lang)


def load_cumcm(
    folder: FolderArgument,
    url: UrlOption,
    partial: PartialOption = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Load the firms and purchase invoices of CUMCM 2020 (problem C) as they are, for the profile `cumcm`."""
    from nightdesk_lab.cumcm import load

    _say(folder, lambda: load(folder, url, is_partial=partial), as_json, lang)


def load_ifc(
    folder: FolderArgument,
    url: UrlOption,
    partial: PartialOption = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Load the investment projects that IFC has disclosed as they are, for the profile `ifc`."""
    from nightdesk_lab.ifc import load

    _say(folder, lambda: load(folder, url, is_partial=partial), as_json, lang)


def _say(folder: Path, load: Callable[[], dict[str, int]], as_json: bool, lang: Lang) -> None:
    with remarks.status(f"{folder} ..."):
        counts = load()
    if as_json:
        say_json({"folder": folder, "tables": counts})
        return
    table = Table(*_HEADINGS[lang])
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    results.print(table)
