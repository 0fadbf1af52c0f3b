"""A night in one line of each language: date, revision, lists, mails, and whose clients nobody could judge."""

import datetime
import textwrap

from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.reading.morning import look
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.settings import Settings

_SAID_AT_MOST = 500
#: the same beside what stands
_SAID_BESIDE = 250
_NOT_THROUGH = ("held", "failed", "lost")


def night_summary(settings: Settings, business_date: datetime.date) -> str:
    """What stands of a business date, as text for people who look at its run: a paragraph in each language, and how
    the last attempt at it ended where nothing is published, or that one did not go through; a note has room for it.

    Raises StoreError where what is published cannot be read.
    """
    morning = look(settings, business_date)
    if morning.revision is None:
        said = textwrap.shorten(morning.last_attempt, _SAID_AT_MOST, placeholder=" …")
        return "\n\n".join((_in_each("not_published", date=business_date), said))
    with open_desk(settings).connect() as connection:
        published = current(connection, load_profile(settings).name, business_date, morning.revision)
    with PublishedNight(settings, published) as night:
        branches = night.table("branch_summary")
    stands = _in_each(
        "mailed" if morning.is_mailing_day else "no_mail",
        date=business_date,
        revision=morning.revision,
        lists=len(branches) - sum(gap.state == "not_rendered" for gap in morning.missing),
        due=morning.lists,
        sent=morning.sent,
        clients=sum(row["clients_checked"] for row in branches),
        unknown=sum(row["clients_not_assessed"] for row in branches),
    )
    if morning.last_attempt.partition(":")[0] not in _NOT_THROUGH:
        return stands
    said = textwrap.shorten(morning.last_attempt, _SAID_BESIDE, placeholder=" …")
    return "\n\n".join((stands, _in_each("not_through"), said))


def backfill_summary(done: int, nights: list[str]) -> str:
    """What became of a backfill of these nights (business dates), in the same way."""
    first, last = (nights[0], nights[-1]) if nights else ("", "")
    return _in_each("backfill", first=first, last=last, done=done, nights=len(nights))


def _in_each(name: str, **values: object) -> str:
    return "\n\n".join(t(f"summary.{name}", **values) for t in map(catalogue, LANGUAGES))
