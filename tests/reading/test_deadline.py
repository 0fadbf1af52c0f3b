"""When a morning's deadline has passed, in the bank's time."""

import datetime
from pathlib import Path

import pytest

from nightdesk.errors import UsageError
from nightdesk.reading import morning
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
UTC = datetime.UTC


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def _at(monkeypatch: pytest.MonkeyPatch, instant: datetime.datetime) -> None:
    monkeypatch.setattr(morning, "now", lambda: instant)


@pytest.mark.parametrize(
    ("instant", "is_past"),
    [
        (datetime.datetime(2026, 3, 31, 23, 29, 59, tzinfo=UTC), False),
        (datetime.datetime(2026, 3, 31, 23, 30, tzinfo=UTC), True),  # 07:30 on 1 April in Shanghai
        (datetime.datetime(2026, 4, 1, 12, tzinfo=UTC), True),
    ],
)
def test_given_a_deadline_then_it_has_passed_from_that_minute_of_the_morning_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, instant: datetime.datetime, is_past: bool
) -> None:
    _at(monkeypatch, instant)
    assert morning.is_past(settings, D, "07:30") is is_past


@pytest.mark.parametrize("deadline", ["0:00", "23:59", "7:5"])
def test_given_a_time_of_day_then_it_can_be_a_deadline(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, deadline: str
) -> None:
    _at(monkeypatch, datetime.datetime(2026, 4, 2, tzinfo=UTC))
    assert morning.is_past(settings, D, deadline)


@pytest.mark.parametrize("deadline", ["24:00", "23:60", "07", "seven", "07:", ":30", "-1:00", ""])
def test_given_what_is_no_time_of_day_then_it_is_said(settings: Settings, deadline: str) -> None:
    with pytest.raises(UsageError, match="is not a time of day"):
        morning.is_past(settings, D, deadline)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime.datetime(2026, 3, 31, 15, 59, tzinfo=UTC), datetime.date(2026, 3, 30)),
        (datetime.datetime(2026, 3, 31, 16, 0, tzinfo=UTC), D),  # midnight in Shanghai
    ],
)
def test_given_an_instant_then_the_night_of_that_morning_is_the_one_of_the_day_before_in_bank_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, instant: datetime.datetime, day: datetime.date
) -> None:
    _at(monkeypatch, instant)
    assert morning.yesterday(settings) == day
