"""nightdesk night: one whole night without an orchestrator."""

import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from nightdesk.bank_profile import load_profile
from nightdesk.cli.mailed import mailed_document, say_mailed
from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    SourceOption,
    day,
    gap_document,
    gap_line,
    remarks,
    results,
    say_json,
)
from nightdesk.desk.remedy import send_command
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.night.whole import NightResult


def night(
    date: DateOption,
    profile: ProfileOption = None,
    source: SourceOption = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", help="Cut-off as an ISO timestamp; without a zone it is bank time.", metavar="TS"),
    ] = None,
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Mail the lists when the next day is a workday.")
    ] = False,
    restate: Annotated[
        bool, typer.Option("--restate", help="With --send: send a revision of lists that were sent already.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Run one night: extract, check, compute, publish, render; send only when told to."""
    from nightdesk.night.whole import NightResult, run_night  # the engine and the lake load slowly

    if restate and not send:
        raise UsageError("--restate says what is sent again, and nothing is sent", "Give --send as well.")
    settings = get_settings()
    business_date = day(date)
    cutoff = _instant(known_at, load_profile(settings, profile).zone) if known_at else None
    with step_progress(lang) as progress:
        result: NightResult = run_night(
            settings,
            business_date,
            profile=profile,
            source=source,
            known_at=cutoff,
            send=send,
            restate=restate,
            progress=progress,
        )
    if as_json:
        say_json(summary(result, is_sending=send))
    else:
        say_result(result, lang, is_sending=send)
        say_calendar_gap(result, lang)


def say_calendar_gap(result: "NightResult", lang: Lang) -> None:
    """Say from when the working days ahead are only guessed, while there is time to mend it."""
    from nightdesk.attempt.calendars import published_gap
    from nightdesk.render.catalogue import catalogue

    if gap := published_gap(get_settings(), result.publication):
        remarks.print(gap_line(catalogue(lang.value), gap))


def _instant(text: str, zone: datetime.tzinfo) -> datetime.datetime:
    try:
        read = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--known-at {text!r} is not a timestamp",
            "Write it as 2026-04-01T05:00 or 2026-04-01T05:00+08:00.",
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


class step_progress:  # noqa: N801  # used as a function: `with step_progress(lang) as say`
    """A line per step on stderr; calls are (step, None) when it begins and (step, rows) when it is done."""

    def __init__(self, lang: Lang) -> None:
        from nightdesk.render.catalogue import catalogue

        self._t = catalogue(lang.value)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=remarks,
            transient=False,
        )
        self._open: dict[str, int] = {}

    def __enter__(self) -> "step_progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._open:
            self._progress.stop()

    def __call__(self, step: str, rows: int | None) -> None:
        """Begin a step, or finish it with its row count."""
        self._progress.start()  # not before: a night that is refused says one line and no more
        if rows is None:
            self._open[step] = self._progress.add_task(self._t(f"cli.step.{step}"), total=1)
        else:
            task = self._open[step]
            self._progress.update(
                task,  # type: ignore[arg-type]
                description=f"{self._t(f'cli.step.{step}')}  [dim]{rows:,}[/dim]",
                completed=1,
            )


def summary(result: "NightResult", *, is_sending: bool) -> dict[str, object]:
    """A night's result as a plain document; where it was to mail, with the branches that got nothing, and why."""
    from nightdesk.attempt.calendars import published_gap

    published = result.publication
    return {
        "business_date": published.business_date,
        "profile": published.profile,
        "revision": published.revision,
        "is_new": result.is_new,
        "cutoff_at": published.cutoff_at,
        "content_hash": published.content_hash,
        "rows": result.rows,
        "lists": [{"branch_id": d.branch_id, "status": d.status, "detail": d.detail} for d in result.deliveries],
        "left_out": mailed_document(published, result.deliveries) if is_sending else [],
        "calendar_gap": gap_document(published_gap(get_settings(), published)),
        "out": get_settings().out / f"{published.business_date}",
    }


def say_result(result: "NightResult", lang: Lang, *, is_sending: bool) -> None:
    """A night's result as a few lines."""
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.read_mails import receipts_waiting
    from nightdesk.render.catalogue import catalogue

    t, published = catalogue(lang.value), result.publication
    key = "cli.night.published" if result.is_new else "cli.night.unchanged"
    results.print(t(key, date=published.business_date, revision=t("revision", n=published.revision)))
    results.print(t("cli.night.out", path=get_settings().out / f"{published.business_date}"))
    if is_sending:
        say_mailed(published, result.deliveries, lang)
    else:
        results.print(t("cli.night.nobody_mailed", command=send_command(published.profile, published.business_date)))
        with open_desk(get_settings()).connect() as connection:
            waiting = receipts_waiting(connection, published.profile, published.business_date)
        if waiting:
            results.print(t("cli.status.receipts", n=waiting))
