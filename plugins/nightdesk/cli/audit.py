"""nightdesk audit: who decided, released, sent, restated or backfilled, and whether the trail of it is whole."""

import datetime
import json
from typing import Annotated, Any

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.settings import get_settings

audit_app = typer.Typer(
    help="Who did what between two nights, in a chain that shows every change.", no_args_is_help=True
)

#: what a line of the list says of a row
_SHOWN = ("seq", "at", "act", "who", "checker_id", "subject", "subject_key", "verdict", "business_date", "revision")


@audit_app.command()
def verify(
    expect: Annotated[
        str | None, typer.Option("--expect", help="An end of the trail noted elsewhere.", metavar="NUMBER:HASH")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Go through the whole chain; exit code 6, and the first broken row by its number, where it is not whole.

    Note the end that it prints where the database cannot reach it: with --expect that end has to be in the chain still.
    """
    from nightdesk.desk import audit
    from nightdesk.desk.database import open_desk
    from nightdesk.render.catalogue import catalogue

    expected = None if expect is None else audit.noted(expect)
    with open_desk(get_settings()).connect() as connection:
        seq, digest = audit.verify(connection, expected)
    if as_json:
        say_json({"rows": seq, "end": f"{seq}:{digest}"})
        return
    results.print(catalogue(lang.value)("cli.audit.whole", n=seq, end=f"{seq}:{digest}"))


@audit_app.command("list")
def list_(
    first: Annotated[str | None, typer.Option("--from", help="From this day on.", metavar="DATE")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Up to this day.", metavar="DATE")] = None,
    act: Annotated[str | None, typer.Option("--act", help="decided, released, sent, restated, backfilled ...")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Show what was done, in its order, in bank time; with --json all that the rows say."""
    from nightdesk.bank_profile import load_profile
    from nightdesk.bank_time import bank_time
    from nightdesk.desk import audit
    from nightdesk.desk.database import open_desk
    from nightdesk.render.catalogue import catalogue

    settings, t = get_settings(), catalogue(lang.value)
    bank = load_profile(settings, profile)

    def begin(text: str | None, option: str, more: int) -> datetime.datetime | None:
        if text is None:
            return None
        wanted = day(text, option) + datetime.timedelta(days=more)
        return datetime.datetime.combine(wanted, datetime.time(), bank.zone)

    with open_desk(settings).connect() as connection:
        found = audit.rows(
            connection, profile=bank.name, act=act, first=begin(first, "--from", 0), before=begin(last, "--to", 1)
        )
    if as_json:
        said: list[dict[str, Any]] = [one.__dict__ for one in found]
        say_json({"profile": bank.name, "rows": said})
        return
    table = Table(box=None)
    for name in _SHOWN:
        table.add_column(t(f"cli.audit.{name}"))
    for one in found:
        row = {**json.loads(one.detail), **one.__dict__, "at": bank_time(one.at, bank.zone)}
        row |= {"act": t.label("audit_act", one.act), "subject": t.label("decision_subject", one.subject)}
        if "verdict" in row:
            row["verdict"] = t.label("decision_verdict", row["verdict"])
        table.add_row(*("" if row.get(name) is None else str(row[name]) for name in _SHOWN))
    results.print(table)
