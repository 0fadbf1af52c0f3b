"""nightdesk propose: what may be offered for a client's open needs, and the two pages about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, ProfileOption, day_or_none, language_or_none, results, say_json
from nightdesk.cli.outbox_table import plain
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.render.client_page import ClientPage
    from nightdesk.render.proposal_source import ProposalInput


def propose(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    need: Annotated[
        str | None, typer.Option("--need", help="One need; by default every open one.", metavar="ID")
    ] = None,
    product: Annotated[
        str | None, typer.Option("--product", help="One product of the catalogue.", metavar="CODE")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Of which night, YYYY-MM-DD; by default the newest.", metavar="DATE")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder that the pages are written into: one for the client, one for the bank."),
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="By default that of the client's branch.")] = None,
) -> None:
    """What may be offered for a client's open needs, and why not; --out: a page for the client and one for the bank.

    The page for the client is written only where something may be offered; it has no figure that is the bank's alone.
    """
    from nightdesk.reading.briefing import opened
    from nightdesk.reading.proposing import proposal_input
    from nightdesk.render.proposal_client import proposal_page
    from nightdesk.render.proposal_internal import internal_page

    wanted = day_or_none(date)
    with opened(get_settings(), wanted, profile) as night:
        source = proposal_input(night, client, need=need, product=product, language=language_or_none(lang))
    pages: dict[str, Path] = {}
    if out is not None and source.needs:
        views = {"client": proposal_page(source), "internal": internal_page(source)}
        pages = {kind: _write(out, kind, view, source, need) for kind, view in views.items() if view is not None}
    if as_json:
        rows = [one.row for each in source.needs for one in each.bundles]
        say_json({"date": source.business_date, "client_id": client, "proposals": rows, "pages": pages})
        return
    _say(source)
    for page in pages.values():
        results.print(str(page))
        results.print(str(page.with_suffix(".pdf")))


def _write(out: Path, kind: str, view: "ClientPage", source: "ProposalInput", need: str | None) -> Path:
    from nightdesk.render.client_page import render_client_page
    from nightdesk.render.outputs import path_part
    from nightdesk.render.paper import printed
    from nightdesk.whole_file import write_whole

    html = render_client_page(view)
    parts = [path_part(str(source.client["client_id"])), *([path_part(need)] if need else [])]
    page = out / f"proposal_{'_'.join(parts)}_{source.business_date}_{kind}.html"
    write_whole(page.with_suffix(".pdf"), printed(html, source.business_date))
    write_whole(page, html.encode())
    return page


def _say(source: "ProposalInput") -> None:
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.figures import Figures
    from nightdesk.render.proposal_parts import reasons, said
    from nightdesk.render.rows import decimal_of, int_of

    t, f = catalogue(source.language), Figures(source.language, source.notes.base_ccy)
    if not source.needs:
        results.print(t("cli.propose.none", client=source.client["client_id"], date=source.business_date))
        return
    table = Table()
    for name in ("need_id", "bundle", "amount", "tenor", "shape", "verdict", "facts"):
        table.add_column(t(f"proposal_column.{name}"), overflow="fold")
    for each in source.needs:
        for one in each.bundles:
            row, words = one.row, source.words
            sides = ("why", "why_shape") if row["verdict"] == "offer" else ("why_not",)
            table.add_row(
                plain(str(row["need_id"])),
                plain(said(words.bundle[str(row["bundle"])], "name", t)),
                plain(f.money(decimal_of(row, "amount"))),
                plain(t("proposal.months", n=months) if (months := int_of(row, "tenor_months")) else t("none")),
                plain(said(words.shape[str(row["shape"])], "name", t) if row["shape"] else t("none")),
                plain(said(words.verdict[str(row["verdict"])], "name", t)),
                plain(t("proposal.semicolon").join(fact for side in sides for fact in reasons(one, side, t))),
            )
    results.print(table)
