"""nightdesk outbox: what was mailed, what was refused, and what nobody knows the fate of."""

import getpass
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Column, Table

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    results,
    say_json,
)
from nightdesk.settings import get_settings

outbox_app = typer.Typer(help="The outbox of the morning lists: list, send, resolve.", no_args_is_help=True)


class State(StrEnum):
    """How far a message came."""

    pending = "pending"
    sending = "sending"
    sent = "sent"
    refused = "refused"
    uncertain = "uncertain"
    dropped = "dropped"


class Verdict(StrEnum):
    """What a person found out about a message of unknown fate."""

    sent = "sent"
    resend = "resend"
    drop = "drop"


@outbox_app.command("list")
def list_messages(
    date: Annotated[str | None, typer.Option("--date", help="Only this business date.", metavar="DATE")] = None,
    state: Annotated[State | None, typer.Option("--status", help="Only this status.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """List messages, by date and branch."""
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.outbox import list_rows
    from nightdesk.render.catalogue import catalogue

    with open_desk(get_settings()).connect() as connection:
        rows = list_rows(
            connection,
            profile=profile,
            business_date=day(date) if date else None,
            status=state.value if state else None,
        )
    if as_json:
        say_json([row.__dict__ for row in rows])
        return
    t = catalogue(lang.value)
    columns = (
        "business_date",
        "branch_id",
        "revision",
        "recipient",
        "status",
        "attempts",
        "detail",
        "message_id",
    )
    # an id is there to be copied: it is folded, never cut
    table = Table(*(Column(t(f"cli.outbox.{name}"), overflow="fold") for name in columns))
    for row in rows:
        cells = {name: str(getattr(row, name)) for name in columns}
        table.add_row(*({**cells, "status": t.label("cli.status.state", row.status)}[name] for name in columns))
    results.print(table)


@outbox_app.command()
def send(
    date: DateOption,
    restate: Annotated[
        bool, typer.Option("--restate", help="Send a revision of lists that were sent already.")
    ] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Send what a published night still owes: each list at most once, nothing of unknown fate."""
    from nightdesk.desk.database import open_desk
    from nightdesk.night.exporting import published_night
    from nightdesk.night.sending import send_lists
    from nightdesk.render.catalogue import catalogue

    settings = get_settings()
    with open_desk(settings).connect() as connection:
        published = published_night(connection, settings, day(date), profile)
    done = send_lists(settings, published, restate=restate)
    if as_json:
        say_json([delivery.__dict__ for delivery in done])
        return
    t = catalogue(lang.value)
    for delivery in done:
        results.print(f"{delivery.branch_id}  {delivery.status}  {delivery.detail}", markup=False)
    if not done:
        results.print(t("cli.outbox.none"))


@outbox_app.command()
def resolve(
    message_id: Annotated[str, typer.Argument(help="The message, as `outbox list` names it.")],
    verdict: Annotated[Verdict, typer.Option("--as", help="sent: it arrived; resend: send it; drop: never send it.")],
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Settle a message that was refused or whose fate is unknown."""
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.outbox import resolve as settle
    from nightdesk.render.catalogue import catalogue

    item = settle(open_desk(get_settings()), message_id, verdict.value, getpass.getuser())
    if as_json:
        say_json(item.__dict__)
    else:
        text = catalogue(lang.value)("cli.outbox.resolved", message=message_id, status=item.status)
        results.print(text, markup=False)
