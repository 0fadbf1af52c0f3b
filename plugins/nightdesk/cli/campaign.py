"""nightdesk campaign: what campaigns brought, and each branch's list of whom it may offer to."""

from typing import Annotated

import typer
from rich.table import Column, Table

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    PagesOption,
    ProfileOption,
    day,
    language_or_none,
    pages_folder,
    results,
    say_json,
    say_pages,
)
from nightdesk.settings import get_settings


def campaign(
    date: DateOption,
    out: PagesOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: Annotated[
        Lang | None, typer.Option("--lang", help="By default zh_CN, and of a branch's list the branch's.")
    ] = None,
) -> None:
    """Say what campaigns brought against their hold-out groups; write that page, and a list for each branch."""
    from nightdesk.reading.campaigning import campaign_input
    from nightdesk.reading.exporting import standing_night
    from nightdesk.render.campaign import write_campaigns
    from nightdesk.render.catalogue import catalogue

    settings, when = get_settings(), day(date)
    with standing_night(settings, when, profile) as night:
        source = campaign_input(night)
    pages = write_campaigns(pages_folder(out, settings.home, "campaign", date), source, language_or_none(lang))
    if as_json:
        told = [
            {
                **{key: value for key, value in one.row.items() if not key.startswith("name_")},
                "uplift_points": one.found.points if one.found else None,
                "low_points": one.found.low_points if one.found else None,
                "high_points": one.found.high_points if one.found else None,
                "not_known": one.reason,
            }
            for one in source.uplifts
        ]
        say_json({"date": when, "revision": night.publication.revision, "campaigns": told, "pages": pages})
        return
    t = catalogue((lang or Lang.zh_CN).value)
    columns = ("campaign", "days", "treatment", "hold_out", "uplift")
    table = Table(*(Column(t(f"campaign.{name}"), overflow="fold") for name in columns))
    for one in source.uplifts:
        is_running = one.reason == "running"
        shares = [f"{arm.k}/{arm.n}" if is_running else str(arm) for arm in (one.treatment, one.hold_out)]
        uplift = str(one.found) if one.found else t.label("campaign_unknown", one.reason)
        table.add_row(str(one.row["campaign"]), f"{one.row['starts_on']} – {one.row['ends_on']}", *shares, uplift)
    results.print(table if source.uplifts else t("campaign.none"))
    say_pages(t, pages)
