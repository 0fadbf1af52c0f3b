"""A form that somebody began is told from one that nobody wrote into."""

from pathlib import Path

import pytest

from nightdesk.entering.check_report import is_begun

_DRAFTED = (
    "report: {loan_id: L1}\nchecked_on: ''\nconclusion: ''\njudgement: ''\n"
    "points:\n- {point_id: P1, text: a, answer: ''}\nnew_points: []\nneeds: []\nfacts: {outstanding_amt: '1'}\n"
)


def test_given_a_form_as_drafted_or_none_then_nobody_has_begun_it(tmp_path: Path) -> None:
    form = tmp_path / "form.yaml"
    assert not is_begun(form)
    form.write_text(_DRAFTED, encoding="utf-8")
    assert not is_begun(form)


@pytest.mark.parametrize(
    ("drafted", "written"),
    [
        ("judgement: ''", "judgement: seen"),
        ("conclusion: ''", "conclusion: normal"),
        ("checked_on: ''", "checked_on: 2026-03-31"),
        ("answer: ''", "answer: closed"),
        ("new_points: []", "new_points: [{text: b}]"),
        ("needs: []", "needs: [{kind: loan}]"),
        ("points:", "points: ["),  # half written: no YAML any more
        ("report:", "notes: of my own\nreport:"),
    ],
)
def test_given_a_form_with_anything_of_a_persons_then_it_is_begun(tmp_path: Path, drafted: str, written: str) -> None:
    form = tmp_path / "form.yaml"
    assert drafted in _DRAFTED
    form.write_text(_DRAFTED.replace(drafted, written, 1), encoding="utf-8")
    assert is_begun(form)
