"""nightdesk digest: what head office is told of a night; mailed only when told to."""

from typing import Annotated

import typer

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    remarks,
    results,
    say_json,
)
from nightdesk.errors import MailError
from nightdesk.render.masking import masked_address
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
    from nightdesk.desk.database import open_desk
    from nightdesk.night.digest_mail import send_digest
    from nightdesk.reading.digest import digest_input
    from nightdesk.reading.exporting import standing_publication
    from nightdesk.reading.published_night import PublishedNight
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.digest import digest_text

    settings = get_settings()
    with open_desk(settings).connect() as connection:
        publication = standing_publication(connection, settings, day(date), profile, None)
    with PublishedNight(settings, publication) as night:
        source = digest_input(night, night.notes())
    told = send_digest(settings, publication) if send else []
    fates = [{"recipient": masked_address(one.recipient), "fate": one.fate} for one in told]
    if as_json:
        rows = {"branches": source.branches, "items": source.items, "unsent": source.unsent}
        say_json({"date": source.business_date, "revision": source.revision, **rows, "sent": fates})
    else:
        t = catalogue(lang.value)
        results.print(digest_text(source, lang.value), end="", markup=False)
        if send and not told:
            remarks.print(t("digest.nobody"))
        for one in fates:
            remarks.print(f"{one['recipient']} {t('digest.fate.' + one['fate'])}", markup=False)
    if failed := [one for one in told if one.fate not in ("sent", "already")]:
        raise MailError(
            f"the digest of {publication.business_date} did not reach {len(failed)} of {len(told)} addresses",
            "Mend the mail server and run the same command: nobody gets it twice. What was refused, or may have "
            "arrived, waits for a person: `nightdesk outbox list`, then `nightdesk outbox resolve`.",
        )
