"""What a post-loan check's draft tells as changed: signals by their codes, one matter once; and of a first report."""

from datetime import date
from typing import Any

import pytest
from exit_sample import NOTES

from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.check_draft import Draft
from nightdesk.render.check_report import check_page
from nightdesk.render.project_model import Sheet

DAY = date(2026, 10, 15)
DUE = {
    "client_id": "C1", "loan_id": "L1", "kind": "regular", "state": "open", "due_on": DAY, "basis": "policy",
    "late_days": 0,
}  # fmt: skip


def _signal(indicator: str, severity: str, reason: str) -> dict[str, Any]:
    return {"indicator": indicator, "severity": severity, "reason_zh": reason, "reason_en": reason}


def _changes(language: Language, signals: list[dict[str, Any]], last: dict[str, Any] | None = None) -> Sheet:
    draft = Draft(DAY, 1, DUE, {"client_id": "C1"}, {}, (), signals=signals, last_report=last)
    title = catalogue(language)("check.changes")
    (sheet,) = [one for one in check_page(draft, NOTES, None, language).sheets if one.title == title]
    assert isinstance(sheet, Sheet)
    return sheet


@pytest.mark.parametrize(
    ("language", "codes"), [("zh_CN", "E04、J15"), ("en", "E04, J15")]
)  # what divides a list is the language's own
def test_given_two_signals_that_say_the_same_when_told_then_once_with_both_codes_and_the_graver_colour(
    language: Language, codes: str
) -> None:
    same = "licence PMT1 has expired"
    signals = [_signal("J15", "amber", same), _signal("E04", "red", same), _signal("F01", "amber", "less")]
    sheet = _changes(language, signals)
    told = [(row[0].text, row[2].mark.tone if row[2].mark else None) for row in sheet.rows]
    assert told == [(f"{codes} {same}", "red"), ("F01 less", "amber")]
    assert {(row[1].text, row[1].is_number) for row in sheet.rows} == {("—", True)}, "it stands among figures"


def test_given_a_first_report_when_there_are_signals_then_the_page_says_that_they_are_tonight_s() -> None:
    assert _changes("zh_CN", [_signal("F01", "red", "x")]).said == "首份报告，没有上次可比，所列为目前的信号"
    assert _changes("zh_CN", []).said == "首份报告，无可比较"
    filed = {"checked_on": DAY, "report_id": "R1", "facts": "{}"}
    assert _changes("zh_CN", [_signal("F01", "red", "x")], filed).said == ""
    assert _changes("zh_CN", [], filed).said == "无变化"
