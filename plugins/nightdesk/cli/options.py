"""Options that several commands share, and how results are said: to a person, or as one JSON document."""

import datetime
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from nightdesk.errors import UsageError


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
SourceOption = Annotated[
    str | None, typer.Option("--source", help="SQLAlchemy URL of the bank's tables (NIGHTDESK_SOURCE_URL).")
]

#: progress and remarks; results go to stdout
remarks = Console(stderr=True, highlight=False)
#: results go whole into a file or a pipe: only a terminal has an edge at which a table must be cut
results = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 1000)


def day(text: str, option: str = "--date") -> datetime.date:
    """A date option's value; raises UsageError when it is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a date", "Write it as YYYY-MM-DD, e.g. 2026-03-31.") from None


def say_json(document: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document: decimals as strings, ISO dates."""
    typer.echo(json.dumps(document, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
