"""nightdesk backfill: nights in order, planned beforehand, traced afterwards."""

from typing import Annotated

import typer
from rich.table import Table

from nightdesk.cli.night import say_calendar_gap, say_result, step_progress, summary
from nightdesk.cli.options import (
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    SourceOption,
    day,
    results,
    say_json,
)
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings


def backfill(
    first: Annotated[str, typer.Option("--from", help="First business date.", metavar="D1")],
    last: Annotated[
        str | None, typer.Option("--to", help="Last business date, included; the latest published one.", metavar="D2")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would be run, rewritten and mailed; do nothing.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the ledger.")] = "",
    send: Annotated[bool, typer.Option("--send/--no-send", help="Mail the lists, marked as a backfill.")] = False,
    restate: Annotated[
        bool, typer.Option("--restate", help="With --send: send a revision of lists that were sent already.")
    ] = False,
    reread: Annotated[
        bool, typer.Option("--reread", help="Ask the source again, as it is now, instead of what the nights read.")
    ] = False,
    profile: ProfileOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Run the nights of a range in order; mails nobody unless told to, and leaves a trace."""
    from nightdesk.ranges import backfilling
    from nightdesk.render.catalogue import catalogue

    settings, t = get_settings(), catalogue(lang.value)
    date_from, date_to = day(first, "--from"), day(last, "--to") if last else None
    if plan:
        nights = backfilling.plan(
            settings, date_from, date_to, profile=profile, send=send, restate=restate, is_rereading=reread
        )
        if as_json:
            say_json([{**planned.__dict__, "would_mail": planned.mail == "yes"} for planned in nights])
            return
        table = Table(
            t("cli.plan.date"),
            t("cli.plan.rewrites"),
            t("cli.plan.sent"),
            t("cli.plan.mails"),
            t("cli.plan.reads"),
            title=t("cli.plan.title"),
        )
        for planned in nights:
            standing = planned.standing_revision
            table.add_row(
                str(planned.business_date),
                t("cli.plan.new") if standing is None else t("revision", n=standing),
                str(planned.lists_sent),
                t(f"cli.plan.mail.{planned.mail}"),
                t(f"cli.plan.read.{planned.reads}"),
            )
        results.print(table)
        return
    if not reason.strip():
        raise UsageError("a backfill needs a reason", "Add --reason TEXT, or --plan to look first.")
    with step_progress(lang) as progress:
        done = backfilling.run_backfill(
            settings,
            date_from,
            date_to,
            reason=reason,
            profile=profile,
            source=source,
            send=send,
            restate=restate,
            is_rereading=reread,
            progress=progress,
        )
    if as_json:
        say_json([summary(result, is_sending=send) for result in done])
        return
    for result in done:
        say_result(result, lang, is_sending=send)
    say_calendar_gap(done[-1], lang)
