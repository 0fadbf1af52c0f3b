"""What each kind of verdict looks at, as the rules of this version are: a new rule moves its tables by itself."""

import datetime

import pytest

from nightdesk.contract import contract
from nightdesk.judged import (
    about_projects,
    colour_reads,
    deed_reads,
    floor_reads,
    not_read,
    panel_reads,
    registries,
    review_reads,
    tokens_read,
)
from nightdesk.reading.assessment import colouring_indicators, list_notes, quality_notes, read_as, review_notes
from nightdesk.render.made_of import Notes, Unassessed

DAY = datetime.date(2026, 3, 31)
COLOURING = colouring_indicators("contract", DAY)
NOTES = Notes(morning=DAY, cutoff=datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC), policy_version="p")


def feeds(*absent: str, without_record: tuple[str, ...] = ()) -> list[dict[str, object]]:
    return [
        {
            "table_name": name,
            "is_supplied": name not in absent,
            "is_point_in_time": name not in without_record,
            "columns_supplied": ",".join(c for c in table.columns if f"{name}.{c}" not in absent),
        }
        for name, table in contract().items()
    ]


def test_given_every_table_supplied_then_each_is_read_for_the_colour_or_named_once() -> None:
    unassessed = list_notes(NOTES, feeds(), COLOURING).unassessed
    named = [*unassessed.tables, *unassessed.floor_only, *unassessed.deeds_only]
    assert len(named) == len(set(named))
    assert {*named, *colour_reads(COLOURING), *registries(), "control_total"} == set(contract())


@pytest.mark.parametrize(
    "table",
    ["target", "sector_index"],
)
def test_given_a_table_that_no_rule_reads_then_the_list_names_it_and_not_where_it_is_missing(table: str) -> None:
    assert table in list_notes(NOTES, feeds(), COLOURING).unassessed.tables
    assert table not in list_notes(NOTES, feeds(table), COLOURING).unassessed.tables


def test_given_tables_that_only_the_floor_or_only_tasks_and_tiers_read_then_the_list_says_that_much() -> None:
    unassessed = list_notes(NOTES, feeds(), COLOURING - {"P04", "P05", "P07"}).unassessed
    assert {"bureau", "forbearance"} <= set(unassessed.floor_only)
    assert {"offbalance", "contact", "override", "product_holding"} <= set(unassessed.deeds_only)


def test_given_the_indicators_on_data_quality_then_they_judge_no_colour() -> None:
    assert "statement" in colour_reads({"Q03"})
    assert not {"Q01", "Q02", "Q03", "Q04"} & COLOURING
    assert "contact" not in colour_reads(COLOURING | {"Q03"})


def test_given_one_indicator_more_then_its_table_is_no_longer_named() -> None:
    without = COLOURING - {"O01", "O02"}
    assert "observation" in not_read(set(contract()), colour_reads(without), floor_reads(), deed_reads())
    assert "observation" not in not_read(set(contract()), colour_reads(COLOURING), floor_reads(), deed_reads())


def test_given_a_project_then_its_page_names_what_is_about_projects_and_nothing_else() -> None:
    notes = review_notes(Notes(**{**NOTES.__dict__, "not_supplied": ("permit", "survey")}), feeds("permit", "survey"))
    assert notes.not_supplied == ("permit",)
    lacking = feeds("esap_action.done_on", "esap_action.evidence_id", "loan.day_roll", "esap_action")
    assert review_notes(NOTES, feeds("esap_action.done_on", "loan.day_roll")).not_supplied == ("esap_action.done_on",)
    assert review_notes(NOTES, lacking).not_supplied == (), "the table is named, not its columns"
    assert notes.unassessed == Unassessed(())
    assert "esg_incident" in review_reads()
    assert set(about_projects()) >= {"permit", "emission", "covenant_test"}


@pytest.mark.parametrize(
    ("panel", "tables"),
    [
        ("esg.covenant", {"covenant_test"}),
        ("esg.incident", {"esg_incident"}),
        ("esg.action", {"esap_action"}),
        ("esg.permit", {"permit"}),
        ("esg.insurance", {"insurance"}),
    ],
)
def test_given_a_panel_then_the_table_that_fills_it_is_derived_from_its_model(panel: str, tables: set[str]) -> None:
    assert panel_reads(panel) - {"project"} == tables


def test_given_tables_without_record_then_only_those_that_figures_of_the_page_rest_on_are_named() -> None:
    rows = feeds("forbearance", without_record=("branch", "staff", "loan", "emission", "permit", "forbearance"))
    assert list_notes(NOTES, rows, COLOURING).reconstructed == ("loan", "permit", "emission")
    assert review_notes(NOTES, rows).reconstructed == ("loan", "permit", "emission")
    assert list_notes(NOTES, feeds(without_record=("branch",)), COLOURING).reconstructed == ()
    assert review_notes(NOTES, feeds(without_record=("survey",))).reconstructed == ()
    assert review_notes(NOTES, feeds(without_record=("contact",))).reconstructed == ("contact",)
    assert list_notes(NOTES, feeds(without_record=("contact",)), COLOURING).reconstructed == ("contact",)


def test_given_the_quality_page_then_a_table_that_any_verdict_reads_is_assessed() -> None:
    unread = quality_notes(NOTES, feeds(), COLOURING).unassessed.tables
    assert "sector_index" in unread
    assert not {"esg_incident", "contact", "bureau", "loan", "control_total", "branch"} & set(unread)


def test_given_absences_with_a_meaning_by_contract_then_they_are_told_where_an_indicator_rests_on_them() -> None:
    assert read_as("contract", DAY, feeds()) == {}
    meant = read_as("contract", DAY, feeds("loan.day_roll", "loan.product", "balance", "account.closed_on"))
    assert list(meant) == ["account.closed_on", "balance", "loan.day_roll"]
    assert meant["loan.day_roll"] == {"zh_CN": "到期日遇节假日不顺延", "en": "due dates do not roll over holidays"}
    assert {"loan.day_roll", "instalment.technical_reason"} <= tokens_read({"P01"})
    assert "loan.day_roll" not in tokens_read({"T01"})
    assert {"balance", "balance.ccy"} <= tokens_read({"T01"})
    assert tokens_read(set()) == frozenset()
