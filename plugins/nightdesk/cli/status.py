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
    business_date = day(date) if date else morning.yesterday(settings, profile)
    is_due = deadline is None or morning.is_past(settings, business_date, deadline, profile)
    found = morning.look(settings, business_date, profile)
    if as_json:
        missing = [{**gap.__dict__, "text": str(gap)} for gap in found.missing]
        say_json({**found.__dict__, "missing": missing, "is_out": not found.missing, "is_due": is_due})
    else:
        key = "out" if not found.missing else "missing" if found.revision else "not_published"
        values = {"date": business_date, "revision": found.revision, "sent": found.sent, "lists": found.lists}
        results.print(t(f"cli.status.{key}", **values))
        for gap in found.missing if found.revision else ():
            state = t.label("cli.status.state", gap.state)
            results.print(f"  {t('cli.status.gap', branch=gap.branch_id, state=state)}", markup=False)
        results.print(f"  {t('cli.status.last', said=found.last_attempt)}", markup=False)
        if found.replay:
            results.print(f"  {t('cli.status.replay', command=found.replay)}", markup=False)
        if not is_due:
            results.print(t("cli.status.not_due", deadline=deadline))
    if found.missing and is_due:
        raise typer.Exit(DeadlineMissed.exit_code)
