"""What a list and the pages about people take from a night's rows: names, what ended, what is still asked."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from nightdesk.reading.contact_pages import _branch_name, _clients
from nightdesk.reading.contact_pages import _named as named_in_row
from nightdesk.reading.published_night import _ended, _named, _with_earlier
from nightdesk.reading.received import _all_known
from nightdesk.reading.showing import _number, _told_revision

D = datetime.date(2026, 3, 31)


def _row(client_id: str, indicator: str = "P01", **cells: Any) -> dict[str, Any]:
    return {"client_id": client_id, "indicator": indicator, "loan_id": None, "project_id": None, **cells}


def test_given_what_ended_since_the_last_list_then_it_is_told_once_and_of_the_branchs_own_clients() -> None:
    tonight = [_row("C1", branch_id="B1")]
    before = [
        _row("C1", branch_id="B1"),  # the same again
        _row("C1", loan_id="L1", branch_id="B1"),
        _row("C2", branch_id="B2"),  # moved to this branch since
        _row("C3", branch_id="B1"),  # moved away since
    ]
    found = _with_earlier(tonight, before, "B1", [{"client_id": "C1"}, {"client_id": "C2"}])
    assert [(row["client_id"], row["loan_id"], row["branch_id"]) for row in found] == [
        ("C1", None, "B1"),
        ("C1", "L1", "B1"),
        ("C2", None, "B1"),
    ]


def test_given_an_episode_that_closed_then_its_signal_is_not_told_beside_it() -> None:
    closed, cleared = [_row("C1", was="closed")], [_row("C1", was="cleared"), _row("C2", was="cleared")]
    assert [(row["client_id"], row["was"]) for row in _ended(closed, cleared)] == [("C1", "closed"), ("C2", "cleared")]


def test_given_staff_then_a_list_has_the_branchs_own_and_whom_its_tasks_name() -> None:
    staff = {key: {"staff_id": key, "branch_id": branch} for key, branch in (("S1", "B1"), ("S2", "B2"), ("S3", "B2"))}
    tasks = [{"owner_id": "S2", "feedback_by": None}, {"owner_id": None}]
    assert [row["staff_id"] for row in _named(staff, "B1", tasks)] == ["S1", "S2"]
    assert [row["staff_id"] for row in _named(staff, "B1", [{"feedback_by": "S3"}])] == ["S1", "S3"]


@pytest.mark.parametrize(
    ("verdicts", "is_current"),
    [
        ([True], True),
        ([True, True], True),
        ([True, None], None),
        ([None], None),
        ([None, False], False),
        ([False, True], False),
        ([], True),
    ],
)
def test_given_recipients_then_one_who_is_behind_counts_before_one_of_whom_nobody_knows(
    verdicts: list[bool | None], is_current: bool | None
) -> None:
    assert _all_known(verdicts) is is_current


@pytest.mark.parametrize(
    ("branch", "zh", "en"),
    [
        ({"branch_id": "B1", "name": "一支行", "name_en": "First"}, "一支行 B1", "First B1"),
        ({"branch_id": "B1", "name": "一支行", "name_en": None}, "一支行 B1", "一支行 B1"),
        ({"branch_id": "B1", "name": "一支行", "name_en": ""}, "一支行 B1", "一支行 B1"),
    ],
)
def test_given_a_branch_then_its_english_name_stands_on_english_pages_where_it_has_one(
    branch: dict[str, Any], zh: str, en: str
) -> None:
    assert (_branch_name(branch, "zh_CN"), _branch_name(branch, "en")) == (zh, en)


def test_given_clients_that_were_handed_over_then_each_is_counted_once_and_under_its_own_word() -> None:
    rows = [
        {"client_id": client, "handover": handover}
        for client, handover in (
            ("C1", "handed_over"),
            ("C1", "handed_over"),
            ("C2", "handed_over"),
            ("C3", "stands_in"),
        )
    ]
    assert (_clients(rows, "handed_over"), _clients(rows, "stands_in"), _clients([], "stands_in")) == (2, 1, 0)


def test_given_a_row_then_those_are_named_whom_it_speaks_of_and_nobody_else() -> None:
    clients, staff = {"C1": "晨 C1"}, {"S1": "One"}
    assert named_in_row({"place": 1}, clients, staff) == {"place": 1}
    row = {"client_id": "C1", "staff_id": "S1", "carrier_id": "C1", "also_asked_id": "S1"}
    found = named_in_row(row, clients, staff)
    assert (found["client"], found["carrier"]) == ("晨 C1", "晨 C1")
    assert "One" in found["staff"]
    assert "One" in found["also_asked"]
    nobody = named_in_row({"carrier_id": None, "also_asked_id": None}, clients, staff)
    assert (nobody["carrier"], nobody["also_asked"]) == ("", "")
    assert "client" not in nobody


@pytest.mark.parametrize(("name", "number"), [("12-ab", 12), ("3", 3), ("before", 0), ("-1", 0), ("", 0)])
def test_given_a_folder_of_a_revision_then_its_number_is_the_head_of_its_name(name: str, number: int) -> None:
    assert _number(name) == number


@pytest.mark.parametrize(
    ("text", "revision"),
    [('{"revision": 2}', 2), ('{"revision": "2"}', None), ("{}", None), ("[]", None), ("no", None), (None, None)],
)
def test_given_a_folder_of_before_there_were_links_then_its_quality_page_tells_its_revision(
    tmp_path: Path, text: str | None, revision: int | None
) -> None:
    if text is not None:
        (tmp_path / "quality.json").write_text(text, encoding="utf-8")
    assert _told_revision(tmp_path) == revision
