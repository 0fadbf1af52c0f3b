"""nightdesk status: are the morning's lists out? For people, and for cron."""

from typing import Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.errors import DeadlineMissed
from nightdesk.settings import get_settings


def status(
    deadline: Annotated[
        str | None,
        typer.Option("--deadline", help="Before this bank time a missing list is no failure.", metavar="HH:MM"),
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Business date; the day before today.", metavar="DATE")
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say whether the morning's lists are out; exit code 9 when they are not. Needs no Airflow."""
    from nightdesk.night import morning
    from nightdesk.render.catalogue import catalogue

    settings, t = get_settings(), catalogue(lang.value)
    business_date = day(date) if date else morning.yesterday(settings)
    is_due = deadline is None or morning.is_past(settings, business_date, deadline)
    found = morning.look(settings, business_date, profile)
    if as_json:
        say_json({**found.__dict__, "is_out": not found.missing, "is_due": is_due})
    else:
        key = "cli.status.out" if not found.missing else "cli.status.missing"
        results.print(t(key, date=business_date, revision=found.revision or "-", sent=found.sent, lists=found.lists))
        for line in found.missing[:20]:
            results.print(f"  {line}")
        if not is_due:
            results.print(t("cli.status.not_due", deadline=deadline))
    if found.missing and is_due:
        raise typer.Exit(DeadlineMissed.exit_code)
