"""Options that several commands share, and how results are said: to a person, or as one JSON document."""

import datetime
import json
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from nightdesk.errors import UsageError
from nightdesk.render.inert import escaped, inert

if TYPE_CHECKING:
    from nightdesk.business_day import CalendarGap
    from nightdesk.render.catalogue import Catalogue, Language


class Lang(StrEnum):
    """Languages of the output."""

    zh_CN = "zh_CN"  # noqa: N815  # the locale's name
    en = "en"


JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the output.")]
DateOption = Annotated[str, typer.Option("--date", help="Business date, YYYY-MM-DD.", metavar="DATE")]
ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", help="Folder of sql/extract/ that maps the source (NIGHTDESK_PROFILE)."),
]
PagesOption = Annotated[Path | None, typer.Option("--out", help="Folder of the pages; below the home.", metavar="DIR")]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="SQLAlchemy URL of the bank's tables (NIGHTDESK_SOURCE_URL).")
]


class Plain(Console):
    """A terminal that says text as it is: nothing in it is markup or has a colour, no character of it acts, and a line
    is one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, soft_wrap=True, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Every text on its way to the terminal, cells of tables too."""
        return super().render_str(inert(text), **options)


#: progress and remarks; results go to stdout
remarks = Plain(stderr=True)
#: results go whole into a file or a pipe: only a terminal has an edge at which a table must be cut
results = Plain(width=None if sys.stdout.isatty() else 1000)


def day(text: str, option: str = "--date") -> datetime.date:
    """A date option's value; raises UsageError when it is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a date", "Write it as YYYY-MM-DD, e.g. 2026-03-31.") from None


def day_or_none(text: str | None, option: str = "--date") -> datetime.date | None:
    """The same of an option that need not be given."""
    return None if text is None else day(text, option)


def language_or_none(lang: Lang | None) -> "Language | None":
    """The language of pages that is asked for; None where each has its own."""
    return None if lang is None else lang.value


def pages_folder(out: Path | None, home: Path, *below: str) -> Path:
    """Where a command writes its pages: where it is told to, else in a folder of its own below the home."""
    return home.joinpath(*below) if out is None else out


def gap_line(t: "Catalogue", gap: "CalendarGap") -> str:
    """What to say of the first day ahead that no calendar covers."""
    return t(f"calendar_gap.{gap.kind}", year=gap.first_day.year, day=gap.first_day.isoformat())


def gap_document(gap: "CalendarGap | None") -> dict[str, Any] | None:
    """The same for a JSON document."""
    return {"kind": gap.kind, "first_day": gap.first_day} if gap else None


def say_json(document: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document: decimals as strings, ISO dates."""
    typer.echo(escaped(json.dumps(document, default=_plain, ensure_ascii=False, indent=2)))


def say_pages(t: "Catalogue", pages: Iterable[Path]) -> None:
    """Say to a person where a command has written its pages, a line each."""
    for page in pages:
        results.print(t("cli.esg_book.out", path=page))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
