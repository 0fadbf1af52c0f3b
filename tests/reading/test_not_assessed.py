"""What pages say of tables and columns that a source does not supply, or supplies without saying since when."""

import datetime
from typing import Any

from nightdesk.contract import contract
from nightdesk.judged import about_projects, registries, review_reads
from nightdesk.reading.assessment import _without_record as without_record
from nightdesk.reading.assessment import missing_columns, quality_notes, read_as, review_notes
from nightdesk.render.made_of import Notes

D = datetime.date(2026, 3, 31)


def _feed(name: str, *, is_supplied: bool = True, is_point_in_time: bool = False, without: str = "") -> dict[str, Any]:
    columns = [column for column in contract()[name].columns if column != without]
    return {
        "table_name": name,
        "is_supplied": is_supplied,
        "is_point_in_time": is_point_in_time,
        "columns_supplied": ",".join(columns) if is_supplied else "",
    }


def test_given_a_table_without_a_column_then_it_is_missing_and_of_a_table_that_is_not_supplied_none_is() -> None:
    feeds = [_feed("branch", without="region"), _feed("client"), _feed("survey", is_supplied=False)]
    assert missing_columns(feeds) == {"branch.region"}


def test_given_tables_that_figures_rest_on_then_those_are_named_that_do_not_say_since_when() -> None:
    feeds = [
        _feed("loan"),
        _feed("txn", is_point_in_time=True),
        _feed("balance", is_supplied=False),
        _feed("survey"),
        *(_feed(name) for name in sorted(registries())),
    ]
    assert without_record(feeds, {"loan", "txn", "balance", *registries()}) == ("loan",)
    assert without_record(feeds, set()) == ()


def test_given_absences_that_have_a_meaning_then_a_missing_table_or_column_is_read_as_it_says() -> None:
    everything = [_feed(name) for name in contract()]
    assert read_as("contract", D, everything) == {}
    nothing = [_feed(name, is_supplied=False) for name in contract()]
    found = read_as("contract", D, nothing)
    assert found
    assert set(found) <= set(contract())
    for words in found.values():
        assert words["zh_CN"]
        assert words["en"]


def test_given_a_projects_page_then_it_names_of_the_tables_about_projects_those_missing_and_columns_that_lack() -> None:
    about = about_projects()
    notes = Notes(D, datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC), "policy", not_supplied=(about[1], "survey"))
    others = [_feed(name) for name in about if name not in ("permit", about[1])]
    feeds = [_feed("permit", without="expires_on"), *others]
    found = review_notes(notes, feeds)
    assert found.not_supplied == (about[1], "permit.expires_on")
    assert set(found.unassessed.tables) <= set(about)
    assert not set(found.unassessed.tables) & review_reads()
    assert set(found.reconstructed) <= set(about) | {"client"}


def test_given_the_quality_page_then_every_table_that_is_not_supplied_is_named_and_none_that_is() -> None:
    notes = Notes(D, datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC), "policy")
    feeds = [_feed("loan"), _feed("survey", is_supplied=False), _feed("txn", is_point_in_time=True)]
    found = quality_notes(notes, feeds, {"P01"})
    assert (found.not_supplied, found.reconstructed) == (("survey",), ("loan",))
