"""nightdesk esg portfolio, disclosure: the review of the whole book, and its yearly tables."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    PagesOption,
    ProfileOption,
    day,
    pages_folder,
    say_json,
    say_pages,
)
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.reading.published_night import PublishedNight
    from nightdesk.render.book import BookInput


def portfolio(
    date: DateOption,
    out: PagesOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write the review of the whole book as of a published night: page, PDF and workbook, in both languages."""
    from nightdesk.reading.book import portfolio_inputs

    _write("portfolio", portfolio_inputs, date, out, profile, as_json, lang)


def disclosure(
    date: DateOption,
    out: PagesOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write the yearly tables of financed emissions and the Equator Principles: page, PDF, workbook and CSV."""
    from nightdesk.reading.book import disclosure_inputs

    _write("disclosure", disclosure_inputs, date, out, profile, as_json, lang)


def _write(
    kind: str,
    inputs: "Callable[[PublishedNight], Sequence[BookInput]]",
    date: str,
    out: Path | None,
    profile: str | None,
    as_json: bool,
    lang: Lang,
) -> None:
    from nightdesk.reading.exporting import standing_night
    from nightdesk.render.book_output import write_book
    from nightdesk.render.catalogue import catalogue

    settings, when = get_settings(), day(date)
    with standing_night(settings, when, profile) as night:
        pages = write_book(pages_folder(out, settings.home, "esg", date), inputs(night), with_csv=kind == "disclosure")
    if as_json:
        say_json({"kind": kind, "date": when, "revision": night.publication.revision, "pages": pages})
        return
    say_pages(catalogue(lang.value), pages)


COMMANDS = (portfolio, disclosure)
