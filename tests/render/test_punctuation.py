"""A published sentence as a reader of its language has it."""

import pytest

from nightdesk.render.catalogue import catalogue
from nightdesk.render.punctuation import full_width


@pytest.mark.parametrize(
    ("published", "read"),
    [
        (
            "贷款已逾期45天(最早未还到期日2026-02-14,逾期金额1.00万元);数据至2026-03-31",
            "贷款已逾期45天（最早未还到期日2026-02-14，逾期金额1.00万元）；数据至2026-03-31",
        ),
        ("余额1,234,567.00元,比率为1:3", "余额1,234,567.00元，比率为1:3"),
        ("当日07:30前:致电客户", "当日07:30前：致电客户"),
        ("L03,L04", "L03,L04"),
    ],
)
def test_given_a_chinese_sentence_when_shown_then_its_marks_are_full_width_and_numbers_are_whole(
    published: str, read: str
) -> None:
    assert full_width(published, catalogue("zh_CN")) == read
    assert full_width(published, catalogue("en")) == published
