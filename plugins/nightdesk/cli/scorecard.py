"""nightdesk scorecard: the scorecards of a quarter that is over, each figure with the rows that it is made of."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, PagesOption, ProfileOption, results, say_json, say_pages
from nightdesk.settings import get_settings


def scorecard(
    quarter: Annotated[str, typer.Option("--quarter", help="A quarter that is over, e.g. 2026Q3.", metavar="QUARTER")],
    staff: Annotated[
        str | None, typer.Option("--staff", help="Of one person, in both languages; of everybody.", metavar="ID")
    ] = None,
    out: PagesOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write the scorecards of a quarter: page, PDF and workbook a person, and a page a branch of its own people."""
    from nightdesk.night.scorecards import issue_scorecards
    from nightdesk.reading.scorecard import night_of_quarter, parsed_quarter
    from nightdesk.render.catalogue import catalogue

    settings = get_settings()
    publication = night_of_quarter(settings, parsed_quarter(quarter), profile)
    issued = issue_scorecards(settings, publication, staff_id=staff, out=out)
    totals = _of_one(issued.cards.totals, staff)
    if as_json:
        measures = _of_one(issued.cards.measures, staff)
        say_json(
            {
                "quarter": issued.cards.quarter.name,
                "date": publication.business_date,
                "revision": issued.revision,
                "totals": totals,
                "measures": measures,
                "changes": _of_one(issued.changes, staff),
                "pages": list(issued.pages),
            }
        )
        return
    t = catalogue(lang.value)
    results.print(
        t("cli.scorecard.of", quarter=issued.cards.quarter.name, date=publication.business_date, n=issued.revision)
    )
    for row in totals:
        total = t("none") if row["total"] is None else row["total"]
        gate = t.label("scorecard_gate", row["gate"])
        results.print(t("cli.scorecard.person", branch=row["branch_id"], staff=row["staff_id"], total=total, gate=gate))
    say_pages(t, issued.pages)


def _of_one(rows: Iterable[Mapping[str, Any]], staff: str | None) -> list[Mapping[str, Any]]:
    """The rows of one person, of everybody where nobody is named."""
    return [row for row in rows if staff in (None, row["staff_id"])]
