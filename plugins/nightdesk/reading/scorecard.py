"""The scorecards of a quarter, asked of a published night after its end: no night keeps them."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nightdesk.bank_profile import load_profile
from nightdesk.business_day import morning_of
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, published_between
from nightdesk.errors import UsageError
from nightdesk.policy import policy
from nightdesk.reading.people import client_names, course_names, staff_names
from nightdesk.reading.published_night import PublishedNight, Rows
from nightdesk.render.scorecard_input import Quarter, Scorecards, quarter_of
from nightdesk.settings import Settings

_QUARTER = re.compile(r"(\d{4})Q([1-4])")
#: what is exported of a measure
EXPORTED = ("staff_id", "quarter", "measure", "actual", "target", "score", "weight", "n")


def parsed_quarter(text: str) -> Quarter:
    """A quarter as people write it (2026Q3). Raises UsageError for what is none."""
    found = _QUARTER.fullmatch(text.strip().upper())
    if found is None:
        raise UsageError(f"--quarter {text!r} is no quarter", "Write it as YYYYQN, e.g. 2026Q3.")
    return quarter_of(datetime.date(int(found[1]), int(found[2]) * 3, 1))


def quarter_before(business_date: datetime.date) -> Quarter:
    """The last quarter that is over on the morning of a business date."""
    morning = morning_of(business_date)
    first = datetime.date(morning.year, (morning.month - 1) // 3 * 3 + 1, 1)
    return quarter_of(first - datetime.timedelta(days=1))


def night_of_quarter(settings: Settings, quarter: Quarter, profile: str | None = None) -> Publication:
    """The newest published night whose last quarter that is over is this one.

    Raises UsageError where the quarter is not over, or no such night is published.
    """
    bank = load_profile(settings, profile)
    today = now().astimezone(bank.zone).date()
    if today <= quarter.last_day:
        raise UsageError(
            f"the quarter {quarter.name} is not over: its last day is {quarter.last_day}",
            "Name an earlier one, or wait for the night of that day.",
        )
    last = quarter.next_last_day - datetime.timedelta(days=1)
    with open_desk(settings).connect() as connection:
        found = published_between(connection, bank.name, quarter.last_day, last)
    if not found:
        raise UsageError(
            f"no night from {quarter.last_day} to {last} is published, which would show {quarter.name} whole",
            f"Run one: nightdesk night --date {quarter.last_day}",
        )
    return found[-1]


def scorecards_of(night: PublishedNight) -> Scorecards:
    """The scorecards of the last quarter that is over as of a night."""
    ask, publication = night.inputs.ask, night.publication
    (row,) = ask("tasks_scorecard.quarter")
    quarter = Quarter(row["quarter"], row["first_day"], row["last_day"])
    with night.night.desk.connect() as connection:
        nights = published_between(connection, publication.profile, quarter.first_day, quarter.last_day)
    tables = policy(publication.profile)

    def rows(name: str) -> Sequence[Mapping[str, Any]]:
        return tables[name].effective(publication.business_date)

    return Scorecards(
        quarter=quarter,
        totals=ask("tasks_scorecard.total"),
        measures=ask("tasks_scorecard.measure"),
        items=ask("tasks_scorecard.item"),
        checks=ask("tasks_scorecard.game_check"),
        marks=ask("tasks_scorecard.game_item"),
        suggested=ask("tasks_training.suggested"),
        nights=len(nights),
        clients=client_names(night),
        staff=staff_names(night),
        courses=course_names(night),
        texts={
            str(one["measure"]): {name: str(value) for name, value in one.items()} for one in rows("scorecard_text")
        },
        check_texts={
            str(one["game_check"]): {"zh_CN": str(one["name_zh"]), "en": str(one["name_en"])}
            for one in rows("scorecard_check_text")
        },
        settings={str(one["setting"]): str(one["value"]) for one in rows("scorecard_setting")},
    )


def exported(night: PublishedNight) -> Rows:
    """What every measure of every person came to, by staff and measure."""
    rows = night.inputs.ask("tasks_scorecard.measure")
    found = [{name: row[name] for name in EXPORTED} for row in rows]
    return sorted(found, key=lambda row: (row["staff_id"], row["measure"]))
