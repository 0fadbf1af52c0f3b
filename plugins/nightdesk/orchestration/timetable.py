"""The timetables of the DAGs: each day in bank time, or one working day of each week or quarter; each scheduled run is
called by its business date."""

from typing import TYPE_CHECKING, Any

from airflow.timetables.trigger import CronTriggerTimetable

from nightdesk.business_day import Calendar, business_date_for, quarter_day, week_begins

if TYPE_CHECKING:
    import datetime

    from airflow.timetables.base import DataInterval
    from airflow.utils.types import DagRunType
    from pendulum import DateTime


class BankMornings(CronTriggerTimetable):
    """A cron in bank time; the run of an instant is about the latest business date whose cut-off has come by then.

    `timezone` is the bank's (a name such as Asia/Shanghai), `cut_off` its cut-off (HH:MM on the day after).
    """

    def __init__(self, cron: str, *, timezone: str, cut_off: str) -> None:
        super().__init__(cron, timezone=timezone)
        self.zone = timezone
        self.cut_off = cut_off

    def serialize(self) -> dict[str, Any]:
        """What another process makes the same timetable of."""
        return {"cron": self._expression, "timezone": self.zone, "cut_off": self.cut_off}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "BankMornings":
        """The timetable of which that was said."""
        return cls(data["cron"], timezone=data["timezone"], cut_off=data["cut_off"])

    def business_date_of(self, instant: "datetime.datetime") -> "datetime.date":
        """The business date that a run at this instant (aware) is about."""
        return business_date_for(instant, self.zone, self.cut_off)

    def generate_run_id(
        self, *, run_type: "DagRunType", run_after: "DateTime", data_interval: "DataInterval | None", **extra: Any
    ) -> str:
        """`scheduled__<business date>__<instant in bank time>`; what a person starts may be about another date.

        The instant stays: after a change of the schedule a business date may be run a second time.
        """
        if run_type != "scheduled":
            return super().generate_run_id(run_type=run_type, run_after=run_after, data_interval=data_interval, **extra)
        at = run_after.in_timezone(self.zone)
        return run_type.generate_run_id(
            suffix=f"{self.business_date_of(run_after)}__{at.isoformat(timespec='minutes')}"
        )


class WeekBeginnings(BankMornings):
    """The same, on the first morning of each week on which the bank works; `calendar` is its kind (china, weekdays).

    The scheduler knows no days of the bank's own: whoever runs asks the night's calendar once more before it mails.
    """

    def __init__(self, cron: str, *, timezone: str, cut_off: str, calendar: str) -> None:
        super().__init__(cron, timezone=timezone, cut_off=cut_off)
        self.calendar = calendar

    def serialize(self) -> dict[str, Any]:
        """What another process makes the same timetable of."""
        return {**super().serialize(), "calendar": self.calendar}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "WeekBeginnings":
        """The timetable of which that was said."""
        return cls(data["cron"], timezone=data["timezone"], cut_off=data["cut_off"], calendar=data["calendar"])

    @property
    def summary(self) -> str:
        """What the web pages say of it: the time of day alone would promise every day."""
        return f"{super().summary} (workday 1 of a week)"

    def is_its_day(self, instant: "DateTime") -> bool:
        """Whether the morning of an instant is one on which it runs."""
        return self._is_its(Calendar(self.calendar), instant.in_timezone(self.zone).date())

    def _is_its(self, calendar: Calendar, morning: "datetime.date") -> bool:
        return week_begins(calendar, morning)

    def _onward(self, at: "DateTime") -> "DateTime":
        while not self.is_its_day(at):
            at = super()._get_next(at)
        return at

    def _back(self, at: "DateTime") -> "DateTime":
        while not self.is_its_day(at):
            at = super()._get_prev(at)
        return at

    def _get_next(self, current: "DateTime") -> "DateTime":
        return self._onward(super()._get_next(current))

    def _get_prev(self, current: "DateTime") -> "DateTime":
        return self._back(super()._get_prev(current))

    def _align_to_next(self, current: "DateTime") -> "DateTime":
        return self._onward(super()._align_to_next(current))

    def _align_to_prev(self, current: "DateTime") -> "DateTime":
        return self._back(super()._align_to_prev(current))


class QuarterDays(WeekBeginnings):
    """The same, on the morning of each quarter's fifth working day: by then the bank has booked the quarter before."""

    @property
    def summary(self) -> str:
        """The same."""
        return f"{self._expression} (workday {QUARTER_WORKDAY} of a quarter)"

    def _is_its(self, calendar: Calendar, morning: "datetime.date") -> bool:
        return quarter_day(calendar, morning, QUARTER_WORKDAY)


#: the working day of a quarter on which the scorecards of the one before are made
QUARTER_WORKDAY = 5
