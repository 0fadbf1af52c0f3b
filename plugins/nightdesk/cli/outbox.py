"""nightdesk outbox: what was mailed, what was refused, and what nobody knows the fate of."""

import datetime
import getpass
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from nightdesk.bank_time import bank_time
from nightdesk.cli.mailed import say_mailed
from nightdesk.cli.options import (
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    results,
    say_json,
)
from nightdesk.cli.outbox_table import plain, say_table, zones_of
from nightdesk.errors import MailError, UsageError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.desk.outbox import Item
    from nightdesk.desk.publication import Publication
    from nightdesk.render.catalogue import Catalogue

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


IdsArgument = Annotated[
    list[str] | None, typer.Argument(help="Messages, as `outbox list` names them.", metavar="[ID]...")
]
DatesOption = Annotated[
    list[str] | None, typer.Option("--date", help="Business date, YYYY-MM-DD; may be repeated.", metavar="DATE")
]
StatusOption = Annotated[State | None, typer.Option("--status", help="Only this status.")]


@outbox_app.command("list")
def list_messages(
    dates: DatesOption = None,
    state: StatusOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """List messages, by date and branch."""
    rows = _chosen(None, dates, state, profile)
    if as_json:
        say_json([row.__dict__ for row in rows])
    else:
        say_table(rows, lang)


@outbox_app.command()
def send(
    ids: IdsArgument = None,
    dates: DatesOption = None,
    state: StatusOption = None,
    restate: Annotated[
        bool, typer.Option("--restate", help="Send a revision of lists that were sent already.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be sent; send nothing.")] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Send what published nights still owe: of dates, of all dates with --status pending, or the named messages.

    Each leaves at most once, and nothing of unknown fate. Exit code 7 unless all of these dates is out, lists and
    letters.
    """
    from nightdesk.desk.database import open_desk
    from nightdesk.night.letters import require_letters_out, send_waiting, waiting_letters
    from nightdesk.night.mailing import delivery_of, plan_lists, send_lists
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.masking import masked_address

    if state not in (None, State.pending):
        raise UsageError(
            f"a list that is {state.value} is not sent",
            f"Settle it first: nightdesk outbox resolve --status {state.value} --as resend.",
        )
    if not (ids or dates or state):
        raise UsageError("what is to be sent is not said", "Name messages, --date DATE, or --status pending.")
    settings, t = get_settings(), catalogue(lang.value)
    # of named ones, those that do not wait are told since when they are what
    chosen = _chosen(ids, dates, None if ids else state, profile) if ids or not dates else []
    # a message that left is named for its branch, which is to have another one
    named = {row.message_id for row in chosen} if ids and not restate else None
    nights = _nights(chosen, dates, profile)
    branches = {night: _branches(chosen, night) if ids else None for night in nights}
    if plan:
        planned = [
            row
            for night in nights
            for row in plan_lists(settings, night, branches=branches[night], message_ids=named, restate=restate)
        ]
        with open_desk(settings).connect() as connection:
            planned += [row for night in nights for row in waiting_letters(connection, night, named, branches[night])]
        if as_json:
            say_json([row.__dict__ for row in planned])
        elif planned:
            say_table(planned, lang, t("cli.outbox.plan"))
        else:
            results.print(t("cli.outbox.none"))
        return
    done, letters, failed = {}, {}, []
    for night in nights:
        only = branches[night]
        try:
            letters[night] = [delivery_of(one) for one in send_waiting(settings, night, named, only)]
            require_letters_out(settings, night, named, only)
        except MailError as error:
            failed.append(error)  # no list waits for a letter
        try:
            done[night] = send_lists(settings, night, branches=only, message_ids=named, restate=restate)
        except MailError as error:
            failed.append(error)  # one date must not keep the others waiting
    if failed:
        more = f"; and {len(failed) - 1} more of these dates' lists or letters" if len(failed) > 1 else ""
        raise MailError(f"{failed[0].what}{more}", failed[0].remedy)
    if as_json:
        say_json([one.__dict__ for night, deliveries in done.items() for one in [*deliveries, *letters[night]]])
        return
    for night, deliveries in done.items():
        for one in [*deliveries, *letters[night]]:
            status = t.label("cli.status.state", one.status)
            results.print(plain(f"{one.branch_id}  {masked_address(one.recipient)}  {status}  {one.detail}"))
        if not ids:
            say_mailed(night, deliveries, lang)
    if named:
        _say_settled(chosen, t)
    elif not any([*done.values(), *letters.values()]) if ids else not done:
        results.print(t("cli.outbox.none"))


@outbox_app.command()
def resolve(
    verdict: Annotated[Verdict, typer.Option("--as", help="sent: it arrived; resend: send it; drop: never send it.")],
    ids: IdsArgument = None,
    dates: DatesOption = None,
    state: StatusOption = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be settled; settle nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Settle what --date and --status choose; without it they only plan.")
    ] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Settle messages that were refused or whose fate is unknown: the named ones, or all of --date and --status."""
    from nightdesk.desk import outbox
    from nightdesk.desk.database import open_desk
    from nightdesk.render.catalogue import catalogue

    if not (ids or dates or state):
        raise UsageError("what is to be settled is not said", "Name messages, or choose by --date and --status.")
    t = catalogue(lang.value)
    rows = _chosen(ids, dates, state, profile)
    if ids:
        outbox.require_resolvable(rows, [row.message_id for row in rows], verdict.value)
    else:  # a choice is of what can be settled so; a sent list among the day's is no mistake of the one who asks
        allowed = outbox.resolvable(verdict.value) if state else outbox.UNSETTLED
        rows = [row for row in rows if row.status in allowed and row.status in outbox.resolvable(verdict.value)]
    if plan or not (ids or yes):
        if as_json:
            say_json([row.__dict__ for row in rows])
            return
        if rows:
            becomes = t.label("cli.status.state", outbox.RESOLUTIONS[verdict.value])
            say_table(rows, lang, t("cli.outbox.plan_resolve", status=becomes))
        results.print(t("cli.outbox.unchanged") if rows else t("cli.outbox.nothing_chosen"))
        return
    settled = outbox.resolve(
        open_desk(get_settings()), [row.message_id for row in rows], verdict.value, getpass.getuser()
    )
    if as_json:
        say_json([item.__dict__ for item in settled])
        return
    for item in settled:
        text = t("cli.outbox.resolved", message=item.handle, status=t.label("cli.status.state", item.status))
        results.print(plain(text))
    if not settled:
        results.print(t("cli.outbox.nothing_chosen"))


def _chosen(
    ids: Sequence[str] | None, dates: Sequence[str] | None, state: State | None, profile: str | None
) -> "list[Item]":
    """The named messages, or those of these dates and status, each of which narrows the choice where it is given.

    Raises UsageError for a named message that another option rules out: one of the two is a mistake.
    """
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.naming import named_rows
    from nightdesk.desk.outbox import list_rows

    days = {day(date) for date in dates or ()}
    with open_desk(get_settings()).connect() as connection:
        if ids:
            return _all_within(named_rows(connection, ids, profile), days, state)
        rows = list_rows(connection, profile=profile, status=state.value if state else None)
    return [row for row in rows if not days or row.business_date in days]


def _all_within(rows: "list[Item]", days: Collection[datetime.date], state: State | None) -> "list[Item]":
    for row in rows:
        if days and row.business_date not in days:
            raise UsageError(
                f"the list {row.handle} is not of {', '.join(map(str, sorted(days)))}",
                "Leave out --date, or the message.",
            )
        if state and row.status != state.value:
            raise UsageError(
                f"the list {row.handle} is {row.status}, not {state.value}", "Leave out --status, or the message."
            )
    return rows


def _nights(named: "Sequence[Item]", dates: Sequence[str] | None, profile: str | None) -> "list[Publication]":
    """The published nights of these messages, or else of these dates, oldest first."""
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.publication import current
    from nightdesk.reading.exporting import standing_publication

    settings = get_settings()
    with open_desk(settings).connect() as connection:
        if dates and not named:
            return [standing_publication(connection, settings, one, profile) for one in sorted({day(d) for d in dates})]
        found = sorted({(row.business_date, row.profile) for row in named})
        return [current(connection, name, business_date) for business_date, name in found]


def _branches(named: "Sequence[Item]", night: "Publication") -> list[str]:
    """The branches of a night whose messages were named: the others' lists are not entered, nor asked for."""
    of = (night.profile, night.business_date)
    return sorted({row.branch_id for row in named if (row.profile, row.business_date) == of})


def _say_settled(rows: "Sequence[Item]", t: "Catalogue") -> None:
    """Of messages that were named to be sent and are not to be: since when they are what."""
    zones = zones_of(rows)
    for row in rows:
        if row.status in ("sent", "dropped") and row.updated_at is not None:
            at = bank_time(row.updated_at, zones[row.profile])
            results.print(plain(t(f"cli.outbox.already.{row.status}", message=row.handle, at=at)))
