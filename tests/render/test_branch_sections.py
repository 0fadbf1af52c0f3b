"""The sections of a list that are no cards, and a line's parts, each at its edges."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from branch_sample import BUSINESS_DATE, NOTES, branch_input, task

from nightdesk.render.branch_rows import BranchRows
from nightdesk.render.branch_sections import BranchSections

DAY = timedelta(days=1)
TIER: dict[str, Any] = {
    "client_id": "C000601", "branch_id": "B001", "tier": "important", "previous_tier": "core", "cause": "downgrade",
    "effective_from": date(2026, 4, 1),
}  # fmt: skip


def sections(**changes: Any) -> BranchSections:
    """A branch with nothing but what is named, in English."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("tasks", "warnings", "tiers", "signals", "steps", "cleared", "deciding"), ()
    )
    return BranchSections(branch_input("en", **nothing | changes))


def rows(**changes: Any) -> BranchRows:
    return sections(**changes)


def warned(client_id: str, colour: str | None = "red", **values: Any) -> dict[str, Any]:
    return {"client_id": client_id, "branch_id": "B001", "colour": colour, "score": Decimal(10), **values}


# -- tiers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed_on", "before"),
    [
        (BUSINESS_DATE, "Strategic"),
        (BUSINESS_DATE - 2 * DAY, "Strategic"),
        (BUSINESS_DATE - 3 * DAY, "Core"),
        (BUSINESS_DATE + DAY, "Core"),
        (None, "Core"),
    ],
)
def test_given_a_tier_that_changed_since_the_last_list_then_it_is_told_from_the_one_before(
    changed_on: date | None, before: str
) -> None:
    row = TIER | {"changed_on": changed_on, "changed_from": "strategic"}
    (change,) = sections(tiers=[row], notes=replace(NOTES, covers_days=3)).tier_changes()
    assert (change.before, change.after, change.direction) == (before, "Important", "down")


@pytest.mark.parametrize("values", [{"previous_tier": None}, {"tier": None}, {"previous_tier": "important"}])
def test_given_no_tier_before_or_now_or_the_same_one_then_nothing_changed(values: dict[str, None]) -> None:
    assert sections(tiers=[TIER | values]).tier_changes() == ()


def test_given_changes_of_tiers_then_upgrades_stand_first_by_client() -> None:
    found = [
        TIER | {"client_id": client, "previous_tier": before, "tier": after}
        for client, before, after in (
            ("C000702", "core", "important"), ("C000601", "important", "core"), ("C000533", "core", "standard"),
            ("C000307", "standard", "potential"),
        )
    ]  # fmt: skip
    assert [(one.client.id, one.direction, one.direction_label) for one in sections(tiers=found).tier_changes()] == [
        ("C000307", "up", "Up"), ("C000601", "up", "Up"), ("C000533", "down", "Down"),
        ("C000702", "down", "Down"),
    ]  # fmt: skip


# -- colours and what is missing --------------------------------------------------------------------------------------


def test_given_warnings_then_the_worst_colour_stands_first_and_in_it_the_most_points() -> None:
    found = [
        warned("C5", "green"), warned("C4", "violet"), warned("C3", "red", score=Decimal(5)), warned("C2", "red"),
        warned("C1", "red"), warned("C6", "red", score=None), warned("C7", "orange"), warned("C8", None),
    ]  # fmt: skip
    assert [row["client_id"] for row in sections(warnings=found).by_colour()] == [
        "C1", "C2", "C3", "C6", "C7", "C5", "C4", "C8",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({}, "no data and no indicator to assess this client by"),
        ({"not_supplied": "bureau.lenders"}, "the bank does not supply what it takes (see the notes)"),
        ({"not_assessed": "T01", "not_supplied": "bureau.lenders"}, "T01 Fall in deposits"),
        ({"not_supplied": "bureau.lenders;fx_rate:USD"}, "exchange rates USD"),
    ],
)
def test_given_a_client_without_a_colour_then_what_is_missing_is_said_and_what_no_bank_supplies_once_for_all(
    lists: dict[str, str], said: str
) -> None:
    (one,) = sections(warnings=[warned("C000601", "not_assessed", **lists), warned("C000118")]).not_assessed()
    assert one.client.id == "C000601"
    assert one.missing.lower() == said.lower()


def test_given_columns_that_the_branchs_clients_lack_then_the_notes_name_each_once_and_no_table_or_cause() -> None:
    found = [
        warned("C1", not_supplied="loan.rate_pct;bureau.lenders"), warned("C2", not_supplied="loan.rate_pct;statement"),
    ]  # fmt: skip
    assert sections(warnings=found).night().not_supplied == (*NOTES.not_supplied, "bureau.lenders", "loan.rate_pct")


def test_given_signals_that_ended_then_those_for_risk_alone_are_left_out_and_the_others_stand_by_client() -> None:
    ended = {"branch_id": "B001", "reason_en": "over", "severity": "red", "first_seen": BUSINESS_DATE}
    found = sections(
        cleared=[
            {"client_id": "C000601", "indicator": "T02", **ended},
            {"client_id": "C000601", "indicator": "T01", **ended, "severity": None, "reason_en": None},
            {"client_id": "C000118", "indicator": "T09", **ended},
            {"client_id": "C000118", "indicator": "T10", **ended, "audience": "risk_only"},
        ]
    ).cleared()
    assert [(one.client.id, one.indicator, one.severity, one.reason) for one in found] == [
        ("C000118", "T09", "red", "over"), ("C000601", "T01", "none", ""), ("C000601", "T02", "red", "over"),
    ]  # fmt: skip


# -- at rest ----------------------------------------------------------------------------------------------------------


def at_rest(n: int, **values: Any) -> list[dict[str, Any]]:
    row = {"client_id": "C000601", "branch_id": "B001", "state": "snoozed", "snoozed_until": date(2026, 4, 30)}
    return [{**row, "indicator": f"T{number:02}", **values} for number in range(10, 10 + n)]


@pytest.mark.parametrize(
    ("count", "more"), [(1, ""), (5, ""), (6, " and others, 6 in all"), (9, " and others, 9 in all")]
)
def test_given_signals_at_rest_then_the_first_five_are_named_and_how_many_there_are(count: int, more: str) -> None:
    (flag,) = sections(resting=at_rest(count)).resting_flag()
    assert flag.value.count("until 2026-04-30") == min(count, 5)
    assert flag.value.endswith(more or ")")
    assert sections(resting=[]).resting_flag() == ()


@pytest.mark.parametrize(
    ("values", "until"),
    [
        ({}, "2026-04-30"),
        ({"snoozed_until": None, "suppressed_until": date(2026, 5, 31)}, "2026-05-31"),
        ({"suppressed_until": date(2026, 5, 31)}, "2026-04-30"),
        ({"snoozed_until": None}, "—"),
    ],
)
def test_given_a_signal_at_rest_then_it_says_until_when(values: dict[str, Any], until: str) -> None:
    (flag,) = sections(resting=at_rest(1, **values)).resting_flag()
    assert f"until {until})" in flag.value


# -- rows -------------------------------------------------------------------------------------------------------------


def test_given_tasks_then_they_stand_by_rank_those_without_one_last_and_by_key_where_ranks_are_equal() -> None:
    found = [
        task(2, "C000601", task_key="b"), task(2, "C000601", task_key="a"), task(1, "C000118", task_key="z"),
        task(3, "C000118", task_key="c") | {"rank": None}, task(2, "C000118", task_key=None),
    ]  # fmt: skip
    assert [row["task_key"] for row in rows(tasks=found).tasks] == ["z", None, "a", "b", "c"]


@pytest.mark.parametrize(("branch_id", "is_below"), [("B001", False), ("B002", True), (None, False)])
def test_given_a_client_of_another_branch_then_its_task_is_of_below(branch_id: str | None, is_below: bool) -> None:
    found = rows(clients=[{"client_id": "C1", "branch_id": branch_id, "name": "甲"}])
    assert found.is_of_below(task(1, "C1")) is is_below
    assert found.is_of_below(task(1, "C2")) is False


@pytest.mark.parametrize(
    ("away", "named", "whose"),
    [
        ([], "李强", "S02"),
        ([{"owner_id": "S01", "deputy_id": "S02"}], "王敏 (away, 李强 acts)", "S01"),
        ([{"owner_id": "S01", "deputy_id": "S03"}], "李强", "S02"),
        ([{"owner_id": None, "deputy_id": "S02"}], "李强", "S02"),
    ],
)
def test_given_a_manager_who_is_away_then_whoever_stands_in_is_named_beside(
    away: list[dict[str, Any]], named: str, whose: str
) -> None:
    found = rows(away=[{"client_id": "C000601", "branch_id": "B001", **one} for one in away])
    person = found.owner(task(1, "C000601", owner_id="S02"))
    assert (person.name, person.id) == (named, whose)
    assert found.owner(task(1, "C000601", owner_id=None)).name == "Unassigned"
    assert found.owner(task(1, "C000601", owner_id="S99")).name == "S99"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"stage": None}, ""),
        ({"stage": "W0"}, ""),
        ({"stage": "W2"}, "watch list W2 observed"),
        ({"stage": "W2", "review_due": date(2026, 4, 30)}, "watch list W2 observed (review by 30 Apr)"),
        ({"stage": "W2", "decision": "pending", "proposed_stage": "W2"}, "watch list W2 observed (to be decided)"),
        ({"stage": "W2", "decision": "pending", "proposed_stage": "W3"}, "watch list W2 observed"),
        ({"stage": "W2", "decision": "taken", "proposed_stage": "W2"}, "watch list W2 observed"),
        (
            {"stage": "W2", "decision": "pending", "proposed_stage": "W2", "review_due": date(2026, 4, 30)},
            "watch list W2 observed (to be decided, review by 30 Apr)",
        ),
    ],
)
def test_given_a_client_on_the_watch_list_then_its_stage_and_what_is_due_about_it_are_told(
    values: dict[str, Any], said: str
) -> None:
    found = rows(watched=[{"client_id": "C000601", "branch_id": "B001", **values}])
    assert (found.stage("C000601"), found.stage("C000118")) == (said, "")


@pytest.mark.parametrize(
    ("amount", "not_supplied", "said"),
    [
        (None, (), "credit not supplied"),
        (Decimal(0), ("loan",), "credit not supplied"),
        (Decimal(0), ("bureau",), "no credit"),
        (Decimal("0.01"), ("loan",), "exposure CNY 0.01"),
    ],
)
def test_given_an_exposure_then_nothing_is_told_from_what_nobody_knows(
    amount: Decimal | None, not_supplied: tuple[str, ...], said: str
) -> None:
    found = rows(notes=replace(NOTES, not_supplied=not_supplied))
    assert found.exposure(task(1, "C000601", exposure_amt=amount)) == said


@pytest.mark.parametrize(
    ("first_seen", "change", "told"),
    [
        (BUSINESS_DATE, "same", "new"),
        (BUSINESS_DATE - 2 * DAY, "same", "new"),
        (BUSINESS_DATE - 3 * DAY, "same", "same"),
        (BUSINESS_DATE, "worse", "worse"),
        (None, "same", "same"),
    ],
)
def test_given_what_first_fired_since_the_last_list_then_it_is_new_to_whoever_reads_this_one(
    first_seen: date | None, change: str, told: str
) -> None:
    signal = {"client_id": "C000601", "branch_id": "B001", "indicator": "T01", "first_seen": first_seen}
    found = rows(signals=[signal], notes=replace(NOTES, covers_days=3))
    assert found.since_last_list(task(1, "C000601", indicator="T01", change=change))["change"] == told


def test_given_episodes_then_a_task_has_that_of_its_own_loan_or_the_newest_of_its_indicator() -> None:
    def episode(opened: int, seen: int, loan_id: str | None = None) -> dict[str, Any]:
        return {"client_id": "C000601", "branch_id": "B001", "indicator": "T01", "loan_id": loan_id, "project_id": None,
                "opened_on": date(2026, 3, opened), "last_seen": date(2026, 3, seen)}  # fmt: skip

    own, older, newer = episode(1, 5, "L1"), episode(9, 30, "L2"), episode(10, 30, "L3")
    found = rows(episodes=[newer, own, older])

    def of(**values: Any) -> Mapping[str, object]:
        return found.episode(task(1, "C000601", **{"indicator": "T01", **values}))

    assert of(loan_id="L1") == own
    assert of(loan_id="L2") == older
    assert of(loan_id="L9") == of() == newer
    assert of(indicator="T02") == of(indicator=None) == {}


@pytest.mark.parametrize(("kind", "is_told"), [("warning", True), ("risk_signal", False), ("contact", False)])
def test_given_signals_of_the_same_matter_then_only_a_warning_names_them(kind: str, is_told: bool) -> None:
    signal = {"client_id": "C000601", "branch_id": "B001", "indicator": "T01", "told_with": "T02;T03"}
    row = task(1, "C000601", indicator="T01", kind=kind)
    assert (rows(signals=[signal]).told_with(row) == " (the same matter: T02, T03)") is is_told
    assert rows().told_with(row) == ""


@pytest.mark.parametrize(("kind", "count"), [("warning", 1), ("risk_signal", 1), ("contact", 0)])
def test_given_steps_then_only_warnings_and_what_is_told_in_their_place_have_them(kind: str, count: int) -> None:
    steps = [{"task_key": "K", "client_id": "C000601", "branch_id": "B001"}]
    assert len(rows(steps=steps).steps_of_task(task(1, "C000601", task_key="K", kind=kind))) == count


def test_given_lines_that_are_put_off_then_the_first_that_is_due_is_named_and_none_where_none_is() -> None:
    found = rows()

    def said(*due: date | None) -> str:
        return found.put_off([found.line(task(n, "C000601", due_on=day)) for n, day in enumerate(due)])

    assert said() == ""
    assert said(None) == "1 more is put off; it is on sheet “List”"
    assert "the first due 3 Apr" in said(date(2026, 4, 9), None, date(2026, 4, 3))
    assert said(date(2026, 4, 9), None, date(2026, 4, 3)).startswith("3 more are put off")
