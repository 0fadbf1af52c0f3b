"""nightdesk brief: the sheet of paper for a visit to one client."""

from typing import Annotated

import typer

from nightdesk.cli.options import (
    JsonOption,
    Lang,
    PagesOption,
    ProfileOption,
    day_or_none,
    language_or_none,
    pages_folder,
    results,
    say_json,
)
from nightdesk.settings import get_settings


def brief(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    out: PagesOption = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Of which night, YYYY-MM-DD; by default the newest.", metavar="DATE")
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="By default that of the client's branch.")] = None,
) -> None:
    """The brief for a visit: one page in HTML and PDF, every figure from the published night."""
    from nightdesk.reading.briefing import brief_of, opened
    from nightdesk.render.brief import brief_page
    from nightdesk.render.client_page import render_client_page
    from nightdesk.render.outputs import path_part
    from nightdesk.render.paper import printed
    from nightdesk.whole_file import write_whole

    wanted = day_or_none(date)
    settings = get_settings()
    with opened(settings, wanted, profile) as night:
        source = brief_of(night, client, language_or_none(lang))
    html = render_client_page(brief_page(source))
    folder = pages_folder(out, settings.home, "brief", str(source.business_date))
    page = folder / f"brief_{path_part(client)}_{source.business_date}.html"
    write_whole(page.with_suffix(".pdf"), printed(html, source.business_date))
    write_whole(page, html.encode())
    if as_json:
        say_json({"date": source.business_date, "client_id": client, "page": page, "pdf": page.with_suffix(".pdf")})
        return
    results.print(str(page))
    results.print(str(page.with_suffix(".pdf")))
