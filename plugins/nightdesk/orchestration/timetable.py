"""The timetable of the DAGs: once a day in bank time, and each scheduled run is called by its business date."""

from typing import TYPE_CHECKING, Any

from airflow.timetables.trigger import CronTriggerTimetable

from nightdesk.business_day import business_date_for

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
