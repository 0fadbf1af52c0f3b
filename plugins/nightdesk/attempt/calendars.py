"""From when a night's working days are only guessed: what is told to people ahead of time, and the newest calendar."""

import datetime

from sqlalchemy import Connection

from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, resume_night
from nightdesk.bank_profile import Profile
from nightdesk.business_day import Calendar, CalendarGap
from nightdesk.checks import check_settings
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.publication import Publication, current
from nightdesk.settings import Settings


def gap_ahead(night: Night, calendar: Calendar) -> CalendarGap | None:
    """The first day that no calendar covers, when it lies within the policy's notice after the business date."""
    settings = check_settings(night.business_date, night.profile.name)
    notice = datetime.timedelta(days=int(settings["calendar_notice_days", ""]))
    return calendar.gap(night.business_date + datetime.timedelta(days=1), night.business_date + notice)


def calendar_of(settings: Settings, publication: Publication) -> Calendar:
    """The working days of a published night."""
    night = resume_night(settings, publication.attempt_id)
    with night_engine(night) as engine:
        return Inputs(night, engine).calendar()


def published_gap(settings: Settings, publication: Publication) -> CalendarGap | None:
    """What a published night has to say of the days ahead; None while calendars cover them."""
    return gap_ahead(resume_night(settings, publication.attempt_id), calendar_of(settings, publication))


def newest_calendar(settings: Settings, connection: Connection, bank: Profile) -> Calendar:
    """The working days as the newest published night knows them: the bank's own, where it supplies them."""
    latest = latest_published_date(connection, bank.name)
    if latest is None:
        return Calendar(bank.calendar)
    return calendar_of(settings, current(connection, bank.name, latest))
