"""nightdesk status: are the morning's lists out? For people, and for cron."""

from typing import TYPE_CHECKING, Annotated

import typer

from nightdesk.cli.options import (
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    gap_document,
    gap_line,
    results,
    say_json,
)
from nightdesk.errors import DeadlineMissed
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.reading.morning import Morning
    from nightdesk.render.catalogue import Catalogue


def status(
    deadline: Annotated[
        str | None,
        typer.Option("--deadline", help="Before this bank time a missing list is no failure.", metavar="HH:MM"),
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Business date; the day before today.", metavar="DATE")
    ] = None,
    print_timer: Annotated[
        bool, typer.Option("--print-timer", help="Print a systemd service and timer that ask this at the deadline.")
    ] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say whether the morning's lists are out; exit code 9 when they are not. Needs no Airflow."""
    if print_timer:
        from nightdesk.upkeep.systemd import units

        settings = get_settings(profile)
        for name, text in units(settings).items():
            typer.echo(f"# {name}\n{text}")
        return
    from nightdesk.reading import morning
    from nightdesk.render.catalogue import catalogue

    settings, t = get_settings(), catalogue(lang.value)
    business_date = day(date) if date else morning.yesterday(settings, profile)
    is_due = deadline is None or morning.is_past(settings, business_date, deadline, profile)
    found = morning.look(settings, business_date, profile)
    if as_json:
        missing = [{**gap.__dict__, "text": str(gap)} for gap in found.missing]
        out = {"missing": missing, "is_out": not found.missing, "is_due": is_due}
        say_json({**found.__dict__, **out, "calendar_gap": gap_document(found.calendar_gap)})
    else:
        is_out = "out" if found.is_mailing_day else "no_mail"
        key = is_out if not found.missing else "missing" if found.revision else "not_published"
        results.print(t(f"cli.status.{key}", date=business_date, **_figures(found, t)))
        for name, n in (("behind", found.behind), ("behind_unknown", found.behind_unknown)):
            if n:
                stands = t("revision", n=found.revision)
                results.print(f"  {t(f'cli.status.{name}', n=n, revision=stands, command=found.restate)}")
        for gap in found.missing if found.revision else ():
            state = t.label("cli.status.state", gap.state)
            results.print(f"  {t('cli.status.gap', branch=gap.branch_id, state=state)}")
        results.print(f"  {t('cli.status.last', said=_last(found, t))}")
        if not found.revision:
            results.print(f"  {_nights(found, profile, t)}")
        if found.receipts_waiting:
            results.print(f"  {t('cli.status.receipts', n=found.receipts_waiting)}")
        if found.replay:
            results.print(f"  {t('cli.status.replay', command=found.replay)}")
        if found.calendar_gap:
            results.print(f"  {gap_line(t, found.calendar_gap)}")
        if not is_due:
            results.print(t("cli.status.not_due", deadline=deadline))
    if found.missing and is_due:
        raise typer.Exit(DeadlineMissed.exit_code)


def _last(found: "Morning", t: "Catalogue") -> str:
    """How the latest attempt ended, in words; what the ledger notes of it is English in either language."""
    status, _, noted = found.last_attempt.partition(":")
    if not noted:
        return t("cli.status.attempt.none")
    # of a published one the revision is said above
    rest = noted.partition(";")[2] if status == "published" else noted
    word = t.label("cli.status.attempt", status)
    return f"{word}{t('list.colon')}{rest.strip()}" if rest.strip() else word


def _nights(found: "Morning", profile: str | None, t: "Catalogue") -> str:
    """Which nights there are, and how the newest one is asked about."""
    if found.nights is None:
        return t("cli.status.no_night")
    first, newest, n = found.nights
    span = t("cli.status.span", first=first, newest=newest) if first < newest else str(newest)
    command = f"nightdesk status --date {newest}{f' --profile {profile}' if profile else ''}"
    return t("cli.status.nights", span=span, n=n, command=command)


def _figures(found: "Morning", t: "Catalogue") -> dict[str, object]:
    """What stands, and which revision went to how many."""
    parts = [
        t("cli.status.part", revision=t("revision", n=revision), n=n) for revision, n in found.sent_by_revision.items()
    ]
    by = t("cli.status.by", parts=t("list.join").join(parts)) if parts else ""
    stands = t("revision", n=found.revision) if found.revision else ""
    return {"revision": stands, "sent": found.sent, "lists": found.lists, "by": by}
