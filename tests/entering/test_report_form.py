"""The file of a check report: as it is drafted, as it comes back, and what of it cannot be read."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from nightdesk.entering.check_report import form_text, is_begun, read_form
from nightdesk.errors import UsageError
from nightdesk.render.check_draft import Draft

DRAFT = Draft(
    business_date=datetime.date(2026, 3, 31),
    revision=1,
    due={"loan_id": "L1", "kind": "post_loan"},
    client={"client_id": "C1"},
    branch={"branch_id": "B1"},
    facts=(),
    open_points=({"point_id": 7, "text": "排污许可证未续期"},),
)
WRITTEN: dict[str, Any] = {
    "checked_on": datetime.date(2026, 4, 2),
    "conclusion": " watch ",
    "judgement": " 现场\n查看  ",
}


def filled(tmp_path: Path, **changes: Any) -> Path:
    """The draft's file, with parts of it changed by a person; None takes a part out."""
    found = yaml.safe_load(form_text(DRAFT, "S1", "S2")) | WRITTEN | changes
    path = tmp_path / "form.yaml"
    kept = {name: value for name, value in found.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return path


def test_given_a_draft_when_written_and_read_back_then_it_is_the_same_and_nobody_has_begun_it(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(form_text(DRAFT, "S1", "S2"), encoding="utf-8")
    assert not is_begun(path)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "report:", "what is to be written stands above the facts"
    assert "排污许可证未续期" in path.read_text(encoding="utf-8")
    form = read_form(filled(tmp_path))
    assert (form.loan_id, form.night, form.facts_hash) == ("L1", datetime.date(2026, 3, 31), DRAFT.facts_hash)
    assert (form.drafted_by, form.checker_id, form.facts) == ("S1", "S2", DRAFT.said)


def test_given_a_form_that_was_filled_in_then_texts_are_trimmed_and_what_is_empty_is_left_out(tmp_path: Path) -> None:
    points = [{"point_id": 7, "text": "a", "answer": " 已续期 "}, {"point_id": 8, "text": "b"}]
    raised = [{"text": " 待补报告 ", "due_on": datetime.date(2026, 5, 1), "note": "", "kind": None}]
    form = read_form(filled(tmp_path, points=points, new_points=raised, needs=[{"kind": "green", "amount": 5}]))
    assert (form.checked_on, form.conclusion, form.judgement) == (datetime.date(2026, 4, 2), "watch", "现场 查看")
    assert form.answers == {"7": "已续期", "8": ""}
    assert form.new_points == ({"text": "待补报告", "due_on": "2026-05-01"},)
    assert form.needs == ({"kind": "green", "amount": "5"},)
    empty = read_form(filled(tmp_path, points=None, new_points=None, needs=None, facts={"a": None, "b": 1}))
    assert (empty.answers, empty.new_points, empty.needs, empty.facts) == ({}, (), (), {"a": None, "b": "1"})
    unsaid = read_form(filled(tmp_path, conclusion="", judgement=None))
    assert (unsaid.conclusion, unsaid.judgement) == ("", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"report": None}, "is not the file of a draft"),
        ({"report": "L1"}, "is not the file of a draft"),
        ({"notes": "mine"}, "is not the file of a draft"),
        ({"report": {"loan_id": "L1"}}, "lacks a part"),
        ({"checked_on": ""}, "lacks a part"),
        ({"checked_on": None}, "lacks a part"),
        ({"checked_on": "soon"}, "lacks a part"),
        ({"points": [{"text": "a"}]}, "lacks a part"),
        ({"points": ["a"]}, "lacks a part"),
        ({"new_points": ["a"]}, "lacks a part"),
        ({"facts": "a"}, "lacks a part"),
    ],
)
def test_given_a_form_that_lacks_a_part_then_one_line_says_so(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        read_form(filled(tmp_path, **changes))
    assert refused.value.remedy


@pytest.mark.parametrize("content", [b"report: [", b"\xff\xfe", None])
def test_given_what_is_no_text_of_yaml_or_not_there_then_one_line_says_so_and_a_draft_is_not_written_over_it(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "form.yaml"
    if content is not None:
        path.write_bytes(content)
    assert is_begun(path) is (content is not None)
    with pytest.raises(UsageError, match=r"form\.yaml cannot be read as a report"):
        read_form(path)


@pytest.mark.parametrize(
    ("points", "begun"),
    [
        ([{"point_id": 7, "text": "a", "answer": ""}], False),
        ([{"point_id": 7, "text": "a"}], False),
        ([{"point_id": 7, "text": "a", "answer": "x"}], True),
        ([{"point_id": 7, "text": "a", "answer": "", "mine": ""}], True),
        (["a"], True),
        ({"a": "b"}, True),
        (None, False),
    ],
)
def test_given_points_with_anything_of_a_persons_then_the_form_is_begun(
    tmp_path: Path, points: Any, begun: bool
) -> None:
    path = filled(tmp_path, checked_on=None, conclusion=None, judgement=None, points=points)
    assert is_begun(path) is begun


def test_given_yaml_that_is_no_form_at_all_then_it_is_somebodys(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text("- a\n", encoding="utf-8")
    assert is_begun(path)
    with pytest.raises(UsageError, match="is not the file of a draft"):
        read_form(path)
