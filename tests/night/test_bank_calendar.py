"""The bank's own calendar counts wherever working days do: in the checks, in a plan, in lists, and ahead of time."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.business_day import Calendar
from nightdesk.errors import HeldNight
from nightdesk.night.whole import NightResult, run_night
from nightdesk.ranges import backfilling
from nightdesk.reading.morning import look
from nightdesk.reading.published_night import PublishedNight, branch_makers
from nightdesk.settings import Settings

pytestmark = pytest.mark.long

SATURDAY = days_back(3)
#: more than the rows of a usual day from which a feed is judged by its volume
ROWS_A_DAY = 120


def busy_until(last: date) -> Bank:
    """The ten clients, with a hundred and twenty transactions on every weekday of the four weeks up to `last`."""
    bank = ten_clients()
    for back in range(28):
        day = last - timedelta(days=back)
        if day.weekday() < 5:
            bank["txn"] += [
                {
                    "txn_id": f"busy-{day:%y%m%d}-{number}",
                    "account_id": f"A{number % 10 + 1:02d}",
                    "booked_on": day,
                    "direction": "C",
                    "amount": 1.0,
                    "counterparty_kind": "company",
                    "purpose": "other",
                }
                for number in range(ROWS_A_DAY)
            ]
    return bank


def own_day(day: date, *, works: object, **more: Any) -> dict[str, Any]:
    return {"day": day, "is_workday": works, "source": "notice 7", **more}


def run(settings: Settings, bank: Bank, path: Path, day: date) -> NightResult:
    return run_night(settings, day, source=write_sqlite(bank, path / "bank.db"))


def test_given_a_holiday_of_the_banks_own_when_its_feeds_are_empty_then_the_night_is_not_held(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank = busy_until(days_back(1))
    with pytest.raises(HeldNight, match="feed_empty"):
        run(fresh_settings(), bank, tmp_path, D)
    bank["calendar_day"] = [own_day(D, works=0)]
    assert run(fresh_settings(), bank, tmp_path, D).publication.revision == 1


def test_given_a_working_saturday_of_the_banks_own_when_its_feeds_are_empty_then_the_night_is_held(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank = busy_until(SATURDAY - timedelta(days=1))
    assert run(fresh_settings(), bank, tmp_path, SATURDAY).publication.revision == 1
    bank["calendar_day"] = [own_day(SATURDAY, works=1)]
    with pytest.raises(HeldNight, match="feed_empty"):
        run(fresh_settings(), bank, tmp_path, SATURDAY)


@pytest.mark.parametrize(
    "rows",
    [
        [own_day(D, works="perhaps")],
        [own_day(D, works=0, known_at="2026-04-01T05:00:01+08:00")],
        [own_day(D, works=0), own_day(D, works=1)],
    ],
    ids=["in quarantine", "late", "in conflict with itself"],
)
def test_given_a_holiday_that_the_checks_keep_out_then_it_does_not_count(
    fresh_settings: MakeSettings, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    bank = busy_until(days_back(1))
    bank["calendar_day"] = rows
    with pytest.raises(HeldNight, match="feed_empty"):
        run(fresh_settings(), bank, tmp_path, D)


def test_given_a_holiday_of_the_banks_own_then_plan_send_and_status_know_that_nothing_is_mailed(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, bank = fresh_settings(), ten_clients()
    bank["calendar_day"] = [own_day(D + timedelta(days=1), works=0)]
    source = write_sqlite(bank, tmp_path / "bank.db")
    assert [one.mail for one in backfilling.plan(settings, D, D, send=True)] == ["yes"], "no night has said so yet"
    result = run_night(settings, D, source=source, send=True)
    assert result.deliveries == []
    assert [one.mail for one in backfilling.plan(settings, days_back(1), D, send=True)] == ["yes", "no_workday"]
    morning = look(settings, D)
    assert (morning.is_mailing_day, morning.missing) == (False, [])


@pytest.mark.parametrize(("days_ahead", "is_said"), [(45, True), (46, False)])
def test_given_days_ahead_that_are_only_guessed_then_people_are_told_within_the_policys_notice(
    fresh_settings: MakeSettings, tmp_path: Path, days_ahead: int, is_said: bool
) -> None:
    settings, bank = fresh_settings(), ten_clients()
    guessed = D + timedelta(days=days_ahead)
    bank["calendar_day"] = [own_day(guessed, works=1) | {"source": "provisional"}]
    run(settings, bank, tmp_path, D)
    line = f"Working days of 2026 from {guessed} on are provisional: update chinesecalendar or fill calendar_day"
    page = (settings.out / str(D) / "quality.html").read_text(encoding="utf-8")
    assert (line in page) == is_said
    gap = look(settings, D).calendar_gap
    assert (gap.first_day if gap else None) == (guessed if is_said else None)


def test_given_a_held_night_then_its_quality_page_tells_of_the_days_ahead_too(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, bank = fresh_settings(), busy_until(days_back(1))
    bank["calendar_day"] = [own_day(D + timedelta(days=9), works=1) | {"source": "provisional"}]
    with pytest.raises(HeldNight):
        run(settings, bank, tmp_path, D)
    page = settings.out / f"{D}.held" / "quality.html"
    assert "provisional: update chinesecalendar" in page.read_text(encoding="utf-8")


def test_given_a_guessed_day_then_only_a_list_whose_dates_reach_it_says_so_and_names_it(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, bank = fresh_settings(), ten_clients()
    of_c06 = next(loan for loan in bank["loan"] if loan["client_id"] == "C06")
    of_c06["maturity_date"] = date(2026, 4, 27)  # a Monday: to be settled by Friday 24 April

    published = run(settings, bank, tmp_path, D).publication

    def flags(day: date, *, works: int) -> tuple[date | None, ...]:
        """The days that the lists of B1 (until 24 April) and of B2 (until 3 April) call provisional, where the bank's
        calendar has a day that it guesses."""
        calendar = Calendar.of_bank("china", [own_day(day, works=works) | {"source": "provisional"}])
        with PublishedNight(settings, published) as night:
            night.calendar = lambda: calendar  # type: ignore[method-assign]
            return tuple(make().notes.calendar_provisional_from for make in branch_makers(night, ["B1", "B2"]).values())

    assert flags(date(2026, 4, 3), works=1) == (date(2026, 4, 3), date(2026, 4, 3))
    assert flags(date(2026, 4, 24), works=1) == (date(2026, 4, 24), None)
    assert flags(date(2026, 4, 25), works=0) == (date(2026, 4, 25), None), "a day off behind a deadline moved it ahead"
    assert flags(date(2026, 4, 27), works=1) == (None, None)
