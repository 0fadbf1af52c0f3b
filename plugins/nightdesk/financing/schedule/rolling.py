"""Due dates that fall on a day on which banks are closed."""

from collections.abc import Callable
from datetime import date, timedelta

from nightdesk.errors import UsageError

Works = Callable[[date], bool]
ROLLS = ("none", "following", "modified_following", "preceding")
#: no bank closes longer
_LONGEST_CLOSURE = 60


def rolled(day: date, roll: str, works: Works) -> date:
    """The day on which what is due on `day` is paid.

    `following`: the next working day; `modified_following`: that too, unless it lies in the next month, then the
    working day before; `preceding`: the working day before; `none`: the day itself.
    """
    if roll == "none":
        return day
    if roll == "preceding":
        return _first_worked(day, -1, works)
    after = _first_worked(day, 1, works)
    if roll == "modified_following" and (after.year, after.month) != (day.year, day.month):
        return _first_worked(day, -1, works)
    return after


def _first_worked(day: date, step: int, works: Works) -> date:
    for count in range(_LONGEST_CLOSURE):
        if works(day + timedelta(days=step * count)):
            return day + timedelta(days=step * count)
    raise UsageError(f"the calendar has no working day near {day}", "Choose another --calendar, or --roll none.")
