"""nightdesk digest: what head office is told of a night; mailed only when told to."""

from typing import Annotated

import typer

from nightdesk.cli.letters import fates_of, require_reached, say_fates
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


def digest(
    date: DateOption,
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Mail it to risk at head office and to the operators.")
    ] = False,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Print the head-office digest of a published night; mail it only when told to, to each address once a revision."""
    from nightdesk.night.digest_mail import send_digest
    from nightdesk.reading.digest import digest_input
    from nightdesk.reading.exporting import standing_night
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.digest import digest_text

    settings = get_settings()
    with standing_night(settings, day(date), profile) as night:
        source = digest_input(night, night.notes())
    told = send_digest(settings, night.publication) if send else []
    if as_json:
        rows = {"branches": source.branches, "items": source.items, "unsent": source.unsent}
        say_json({"date": source.business_date, "revision": source.revision, **rows, "sent": fates_of(told)})
    else:
        t = catalogue(lang.value)
        results.print(digest_text(source, lang.value), end="")
        if send:
            say_fates(told, t, t("digest.nobody"))
    require_reached(told, f"the digest of {source.business_date}")
