"""nightdesk ecosystem: who a client is tied to, whose trouble reaches it, and where its money comes from and goes."""

from pathlib import Path
from typing import Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, ProfileOption, day_or_none, language_or_none, results, say_json
from nightdesk.settings import get_settings


def ecosystem(
    client: Annotated[str, typer.Argument(help="The id of a client, or of a group: then of the client that leads it.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that the page and its PDF are written into.")],
    date: Annotated[
        str | None, typer.Option("--date", help="Of which night, YYYY-MM-DD; by default the newest.", metavar="DATE")
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option("--branch", help="Which branch reads it: others' clients are not named. By default its own."),
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="By default that of the branch.")] = None,
) -> None:
    """A client's ecosystem on a page: picture and table of its ties, group, contagion, payables, deposits, leads."""
    from nightdesk.reading.briefing import opened
    from nightdesk.reading.ecosystem import ecosystem_of
    from nightdesk.render.client_page import render_client_page
    from nightdesk.render.ecosystem import ecosystem_page
    from nightdesk.render.outputs import path_part
    from nightdesk.render.paper import printed
    from nightdesk.whole_file import write_whole

    wanted = day_or_none(date)
    with opened(get_settings(), wanted, profile) as night:
        source = ecosystem_of(night, client, branch, language_or_none(lang))
    html = render_client_page(ecosystem_page(source))
    name = f"ecosystem_{path_part(client)}_for_{path_part(source.branch)}_{source.business_date}"
    page = out / f"{name}.html"
    write_whole(page.with_suffix(".pdf"), printed(html, source.business_date))
    write_whole(page, html.encode())
    if as_json:
        say_json(
            {"date": source.business_date, "client_id": source.client_id, "branch_id": source.branch}
            | {"page": page, "pdf": page.with_suffix(".pdf")}
        )
        return
    results.print(str(page))
    results.print(str(page.with_suffix(".pdf")))
