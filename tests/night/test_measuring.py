"""What is measured of one client again is made of its rows alone, and says what it says among all."""

from night_runs import TwoNights

from nightdesk.models import models
from nightdesk.reading.measuring import READINGS, measure
from nightdesk.reading.published_night import PublishedNight


def test_given_a_client_when_it_is_measured_then_no_indicator_makes_rows_of_others_and_its_own_are_those_among_all(
    two_nights: TwoNights,
) -> None:
    indicators = [table for table in models() if table.startswith("warnings_indicator.")]
    assert len(indicators) > 90
    wanted = f"select * from {READINGS[0]} where client_id = $client order by all"
    with PublishedNight(two_nights.settings, two_nights.second.publication) as alone:
        client = str(alone.table("warning")[0]["client_id"])
        measure(alone, client)
        others = {
            table: count
            for table in (*indicators, *READINGS)
            if (count := alone.engine.value(f"select count(*) from {table} where client_id <> '{client}'"))
        }
        own = alone.engine.rows(wanted, client=client)
    assert others == {}
    with PublishedNight(two_nights.settings, two_nights.second.publication) as every:
        assert len(every.table("warning")) > 1
        measure(every)
        assert len(every.engine.rows(f"select distinct client_id from {READINGS[0]}")) > 1
        assert own == every.engine.rows(wanted, client=client) != []
