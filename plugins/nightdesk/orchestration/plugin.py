"""What Nightdesk registers with Airflow; every process of Airflow loads it through plugins/nightdesk_airflow.py."""

from airflow.plugins_manager import AirflowPlugin

from nightdesk.orchestration import notes
from nightdesk.orchestration.timetable import BankMornings, QuarterDays, WeekBeginnings


class NightdeskPlugin(AirflowPlugin):
    """The timetable that names runs by their business date, and the listener that hangs notes on them."""

    name = "nightdesk"
    timetables = [BankMornings, WeekBeginnings, QuarterDays]  # noqa: RUF012  # as Airflow declares it
    listeners = [notes]  # noqa: RUF012
