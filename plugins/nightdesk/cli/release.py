"""nightdesk release: a person lets a held night go on, and the ledger keeps who, why, and what was overridden."""

from typing import Annotated

import typer

from nightdesk.cli.night import say_calendar_gap, say_result, step_progress, summary
from nightdesk.cli.options import DateOption, JsonOption, Lang, LangOption, ProfileOption, day, say_json
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings


def release(
    date: DateOption,
    by: Annotated[str, typer.Option("--by", help="Who answers for it; the ledger and the lists name them.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the ledger, and on the lists.")],
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Mail the lists when the next day is a workday.")
    ] = False,
    restate: Annotated[
        bool, typer.Option("--restate", help="With --send: send a revision of lists that were sent already.")
    ] = False,
    record_only: Annotated[
        bool,
        typer.Option("--record-only", help="Only record it; in Airflow then clear `prepare.check` and what follows."),
    ] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Release a held night: its checks are overridden by a person, and it goes on without asking the source again."""
    from nightdesk.night import releasing

    if restate and not send:
        raise UsageError("--restate says what is sent again, and nothing is sent", "Give --send as well.")
    settings, business_date = get_settings(), day(date)
    if record_only:
        releasing.record_release(settings, business_date, by=by, reason=reason, profile=profile)
        return
    with step_progress(lang) as progress:
        result = releasing.release_night(
            settings,
            business_date,
            by=by,
            reason=reason,
            profile=profile,
            send=send,
            restate=restate,
            progress=progress,
        )
    if as_json:
        say_json(summary(result, is_sending=send))
        return
    say_result(result, lang, is_sending=send)
    say_calendar_gap(result, lang)
