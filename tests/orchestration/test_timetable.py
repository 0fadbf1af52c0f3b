"""The timetable of the DAGs: when it runs, what its runs are called, and that every process of Airflow knows it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest

from nightdesk.settings import project_root


def mornings(cron: str = "5 5 * * *", zone: str = "Asia/Shanghai", cut_off: str = "05:00") -> Any:
    from nightdesk.orchestration.timetable import BankMornings

    return BankMornings(cron, timezone=zone, cut_off=cut_off)


def run_id(timetable: Any, at: str, run_type: str = "scheduled") -> str:
    """What a run of that type, of this instant, is called; the scheduler speaks in UTC."""
    from airflow.utils.types import DagRunType

    after = pendulum.parse(at).in_timezone("UTC")  # type: ignore[union-attr]
    return str(timetable.generate_run_id(run_type=DagRunType(run_type), run_after=after, data_interval=None))


@pytest.mark.parametrize(
    ("cron", "zone", "cut_off", "at", "expected"),
    [
        (
            "5 5 * * *",
            "Asia/Shanghai",
            "05:00",
            "2026-10-16T05:05+08:00",
            "scheduled__2026-10-15__2026-10-16T05:05+08:00",
        ),
        # a morning whose UTC day is the business date, and one whose UTC day is the morning's
        (
            "30 9 * * *",
            "Asia/Shanghai",
            "09:00",
            "2026-10-16T09:30+08:00",
            "scheduled__2026-10-15__2026-10-16T09:30+08:00",
        ),
        # a cut-off right before midnight: the run is two calendar days after its date
        (
            "3 0 * * *",
            "Asia/Shanghai",
            "23:58",
            "2026-10-17T00:03+08:00",
            "scheduled__2026-10-15__2026-10-17T00:03+08:00",
        ),
        # the night in which Prague's clocks go back, and the one after
        (
            "5 5 * * *",
            "Europe/Prague",
            "05:00",
            "2026-10-25T05:05+01:00",
            "scheduled__2026-10-24__2026-10-25T05:05+01:00",
        ),
        (
            "5 5 * * *",
            "Europe/Prague",
            "05:00",
            "2026-10-24T05:05+02:00",
            "scheduled__2026-10-23__2026-10-24T05:05+02:00",
        ),
    ],
)
def test_a_scheduled_run_is_called_by_its_business_date(
    cron: str, zone: str, cut_off: str, at: str, expected: str
) -> None:
    assert run_id(mornings(cron, zone, cut_off), at) == expected


def test_the_same_date_run_again_by_another_schedule_has_another_name() -> None:
    early, late = (
        run_id(mornings(cron), at)
        for cron, at in (("5 5 * * *", "2026-10-16T05:05+08:00"), ("5 6 * * *", "2026-10-16T06:05+08:00"))
    )
    assert early != late
    assert early[:21] == late[:21] == "scheduled__2026-10-15"


def test_a_run_that_a_person_starts_is_not_called_by_a_date_that_it_may_not_be_about() -> None:
    assert run_id(mornings(), "2026-10-16T05:05+08:00", "manual") == "manual__2026-10-15T21:05:00+00:00"


def test_airflow_takes_the_names_for_runs_of_their_type() -> None:
    from airflow.configuration import conf
    from airflow.utils.types import DagRunType

    name = run_id(mornings(zone="America/New_York"), "2026-10-16T05:05-04:00")
    assert DagRunType.from_run_id(name) is DagRunType.SCHEDULED
    assert __import__("re").match(conf.get("scheduler", "allowed_run_id_pattern"), name)


def test_it_runs_every_morning_of_the_bank_also_when_the_clocks_change() -> None:
    from airflow.timetables.base import TimeRestriction

    timetable, zone = mornings(zone="Europe/Prague"), ZoneInfo("Europe/Prague")
    found, last = [], None
    for _ in range(3):
        info = timetable.next_dagrun_info(
            last_automated_data_interval=last,
            restriction=TimeRestriction(pendulum.datetime(2026, 10, 23, 20), None, catchup=True),
        )
        last = info.data_interval
        found.append(info.run_after.astimezone(zone).replace(tzinfo=None))
    assert [str(at) for at in found] == [f"2026-10-{day} 05:05:00" for day in (24, 25, 26)]


def following(name: str, first: str, number: int) -> list[str]:
    """The first mornings of a timetable of some working days, in bank time."""
    from airflow.timetables.base import TimeRestriction

    import nightdesk.orchestration.timetable as timetables

    made = getattr(timetables, name)("30 7 * * *", timezone="Asia/Shanghai", cut_off="05:00", calendar="china")
    found, last = [], None
    for _ in range(number):
        info = made.next_dagrun_info(
            last_automated_data_interval=last,
            restriction=TimeRestriction(pendulum.parse(first), None, catchup=True),  # type: ignore[arg-type]
        )
        last = info.data_interval
        found.append(str(info.run_after.in_timezone("Asia/Shanghai").naive()))
    return found


def test_a_week_begins_on_the_first_day_that_the_bank_works_also_after_the_holidays_and_on_a_working_weekend() -> None:
    # National Day 2026: off from 1 to 7 October, worked on Saturday 10 October and on Sunday 20 September
    assert following("WeekBeginnings", "2026-09-17T00:00+08:00", 5) == [
        "2026-09-21 07:30:00",
        "2026-09-28 07:30:00",
        "2026-10-08 07:30:00",
        "2026-10-12 07:30:00",
        "2026-10-19 07:30:00",
    ]


def test_a_quarters_day_is_its_fifth_working_day() -> None:
    assert following("QuarterDays", "2026-06-20T00:00+08:00", 2) == ["2026-07-07 07:30:00", "2026-10-13 07:30:00"]


def test_a_run_of_a_week_is_called_by_the_business_date_that_it_is_about() -> None:
    import nightdesk.orchestration.timetable as timetables

    made = timetables.WeekBeginnings("30 7 * * *", timezone="Asia/Shanghai", cut_off="05:00", calendar="china")
    assert run_id(made, "2026-10-08T07:30+08:00") == "scheduled__2026-10-07__2026-10-08T07:30+08:00"


PROBE = """
import json
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.plugins_manager import get_plugin_info
from nightdesk.orchestration.timetable import BankMornings, QuarterDays
quarter = decode_timetable(json.loads(json.dumps(encode_timetable(
    QuarterDays("30 7 * * *", timezone="Europe/Prague", cut_off="23:58", calendar="weekdays")))))
made = decode_timetable(json.loads(json.dumps(encode_timetable(
    BankMornings("3 0 * * *", timezone="Europe/Prague", cut_off="23:58")))))
print(json.dumps([made.summary, made.zone, made.cut_off, type(made) is BankMornings,
                  type(quarter) is QuarterDays and quarter.calendar,
                  [(one["name"], one["listeners"]) for one in get_plugin_info() if one["name"] == "nightdesk"]]))
"""


def test_a_process_that_knows_only_the_plugins_folder_reads_the_timetable_back(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project_root() / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [
        "3 0 * * *",
        "Europe/Prague",
        "23:58",
        True,
        "weekdays",
        [["nightdesk", ["nightdesk.orchestration.notes"]]],
    ]
