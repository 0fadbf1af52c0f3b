"""The sentence about a guarantor reads as one, whether it may name a client's number or says that it is elsewhere."""

import datetime

import pytest

from nightdesk.policy import policy
from nightdesk.render.sentences import Sentences

D = datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("language", "detail", "said"),
    [
        ("zh_CN", "elsewhere", "保证人(其他机构的客户)自身为红色预警"),
        ("zh_CN", "C1", "保证人(C1)自身为红色预警"),
        ("en", "elsewhere", "The guarantor (a client of another branch) is red by itself"),
        ("en", "C1", "The guarantor (C1) is red by itself"),
    ],
)
def test_given_a_red_guarantor_when_told_then_the_sentence_parses(language: str, detail: str, said: str) -> None:
    rows = policy("contract")["indicator_reason"].effective(D)
    row = next(row for row in rows if (row["indicator"], row["reason_case"]) == ("K05", "red"))
    template = str(row["reason_zh" if language == "zh_CN" else "reason_en"])
    figures = {"detail": detail, "value": "712", "data_date": "2026-03-31"}
    assert Sentences(language, "CNY").fill(template, figures).startswith(said)  # type: ignore[arg-type]
