"""What people observed is explained with their own words, whether it stands or is over; without any nothing is said."""

import datetime

import pytest

from nightdesk.cli.explained.verdict import Verdict
from nightdesk.cli.options import Lang, results
from nightdesk.render.catalogue import catalogue

SEEN = {
    "observed_on": datetime.date(2026, 3, 1), "name_zh": "停工停产", "name_en": "Work has stopped",
    "counted_severity": "red", "stands_until": datetime.date(2026, 5, 30), "staff_id": "S1",
    "checker_id": None, "code": "work_stopped",
    "is_standing": True, "note": "the gates were shut",
}  # fmt: skip
OVER = {**SEEN, "note": None, "checker_id": "S2", "is_standing": False}


@pytest.mark.parametrize(
    ("lang", "name", "over"), [(Lang.zh_CN, "停工停产", "已到期"), (Lang.en, "Work has stopped", "over")]
)
def test_given_observations_when_explained_then_each_says_who_saw_what_until_when_and_in_which_words(
    lang: Lang, name: str, over: str
) -> None:
    with results.capture() as said:
        Verdict(catalogue(lang.value), lang, "CNY").observations([SEEN, OVER])
    lines = said.get().splitlines()
    (seen, words, past) = (line for line in lines if "2026-03-01" in line or "gates" in line)
    assert name in seen
    assert "2026-05-30" in seen
    assert "S1" in seen
    assert words.strip() == "the gates were shut"
    assert "S2" in past
    assert past.endswith(over)
    assert not seen.endswith(over)


def test_given_nobody_observed_anything_then_explain_has_no_heading_for_it() -> None:
    with results.capture() as said:
        Verdict(catalogue("en"), Lang.en, "CNY").observations([])
    assert said.get() == ""
