"""nightdesk weekly: the last seven days of a branch, for its head; mailed only when told to."""

from typing import Annotated

import typer

from nightdesk.cli.letters import fates_of, require_reached, say_fates
from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    PagesOption,
    ProfileOption,
    day,
    say_json,
    say_pages,
)
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings


def weekly(
    date: DateOption,
    branch: Annotated[str | None, typer.Option("--branch", help="Of one branch; of all.", metavar="ID")] = None,
    out: PagesOption = None,
    send: Annotated[bool, typer.Option("--send/--no-send", help="Mail it to the head of each branch.")] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write the week of each branch: done, late, missed, false alarms, promises, money, needs, whom to thank."""
    from nightdesk.desk.database import open_desk
    from nightdesk.night.weekly import send_weeks, write_weeks
    from nightdesk.reading.exporting import standing_publication
    from nightdesk.render.catalogue import catalogue

    if out and send:
        raise UsageError(
            "--out does not go with --send: mails name the home's folder, where nothing would lie",
            "Run it twice: with --send, and with --out.",
        )
    settings = get_settings()
    with open_desk(settings).connect() as connection:
        publication = standing_publication(connection, settings, day(date), profile)
    pages = write_weeks(settings, publication, branch_id=branch, out=out)
    told = send_weeks(settings, publication, branch_id=branch) if send else []
    if as_json:
        say_json(
            {
                "date": publication.business_date,
                "revision": publication.revision,
                "pages": pages,
                "sent": fates_of(told),
            }
        )
    else:
        t = catalogue(lang.value)
        say_pages(t, pages)
        if send:
            say_fates(told, t, t("weekly.nobody"))
    require_reached(told, f"the week up to {publication.business_date}")
