"""The sheet of a draw's gate: what failed leads, figures have their units, and evidence is named in words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from exit_sample import NOTES
from raw_codes import raw_codes

from golden import matches
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.client_page import render_client_page
from nightdesk.render.figures import Figures
from nightdesk.render.gate_sheet import GateInput, gate_figure, gate_page

RULES = {
    item: {"unit": unit, "bound": bound, "basis": basis, "rule_zh": f"规则{item[0]}", "rule_en": f"rule {item}"}
    for item, unit, bound, basis in (
        ("capital", "points", "most", "project"),
        ("availability", "days", "least", "loan"),
        ("payee", "amt", "from", "draw"),
        ("watch", "level", "most", "client"),
        ("loan", None, None, "loan"),
    )
}


def item(name: str, verdict: str, value: str | None, limit: str | None, evidence: str | None) -> dict[str, Any]:
    return {
        "client_id": "C1", "loan_id": "L1", "request_id": "DR1", "wanted_on": date(2026, 10, 20),
        "amount_amt": Decimal("20694000.00"), "item": name, "item_zh": f"检查{name[0]}", "item_en": f"check {name}",
        "verdict": verdict, "value": None if value is None else Decimal(value),
        "limit_value": None if limit is None else Decimal(limit), "evidence": evidence,
        "waived_by": None, "waived_until": None, "first_seen": date(2026, 10, 13),
    }  # fmt: skip


ITEMS = [
    item("availability", "pass", "420", "0", "loan:L1"),
    item("capital", "fail", "7.8626", "5", "project_progress:PRJ1|2026-09-30"),
    item("payee", "not_assessed", None, "10000000", None),
    item("loan", "pass", None, None, "loan:L1"),
    item("watch", "pass", "0", "1", "client:C1"),
]


def told(language: Language) -> list[list[str]]:
    page = gate_page(GateInput(date(2026, 10, 15), 1, language, NOTES, ITEMS, {"client_id": "C1"}, {}, RULES))
    return [[cell.mark.label if cell.mark else cell.text for cell in row] for row in page.sheets[0].rows]  # type: ignore[union-attr]


def test_given_items_then_what_failed_leads_with_units_and_evidence_in_words() -> None:
    rows = told("zh_CN")
    assert [row[0] for row in rows] == ["不符", "未评估", "通过", "通过", "通过"]
    assert [row[2] for row in rows] == ["项目整体", "本笔提款", "本笔贷款", "本笔贷款", "该客户"], "whose limit it is"
    assert rows[0][3:5] == ["7.86个百分点", "不超过5个百分点"]
    assert rows[0][-1] == "项目进度 PRJ1 2026-09-30"
    assert rows[1][3:5] == ["—", "自CNY 10,000,000.00起适用"]
    assert rows[2][3:5] == ["420天", "不少于0天"]
    assert rows[3][3:5] == ["—", "见规则"], "an item without a limit is held to its rule"
    assert rows[4][3:5] == ["第0级", "不超过第1级"]
    assert told("en")[0][3] == "7.86 points"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "days", "—"),
        (None, "points", "—"),
        (None, None, "—"),
        ("0", "days", "0 days"),
        ("1.005", "level", "stage 1.01"),
        ("1", "count", "1 against it"),
        ("190000.01", "amt", "CNY 190,000.01"),
        ("1.005", None, "1.01"),
        (None, "amt", "—"),
        ("1.005", "points", "1.01 points"),
    ],
)
def test_given_a_figure_then_its_unit_stands_beside_it_and_an_unknown_one_has_none(
    value: str | None, unit: str | None, said: str
) -> None:
    shown = gate_figure(None if value is None else Decimal(value), unit, catalogue("en"), Figures("en", "CNY"))
    assert shown == said


def test_given_signals_that_stop_draws_then_each_is_named() -> None:
    stopped = item("stop_signals", "fail", "2", "0", "client:C1;indicator:P01;indicator:J09")
    source = GateInput(date(2026, 10, 15), 1, "zh_CN", NOTES, [stopped], {"client_id": "C1"}, {}, RULES)
    (row,) = gate_page(source).sheets[0].rows  # type: ignore[union-attr]
    assert row[-1].text == "客户 C1、P01 逾期天数、J09"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", "项目 P1、环境与社会审查 P1 2025-12-31、2026-02-10起待批准"),
        ("en", "waits for approval since 2026-02-10"),
    ],
)
def test_given_a_review_that_waits_then_the_sheet_says_since_when(language: Language, said: str) -> None:
    waits = item(
        "esg_conditions", "not_assessed", None, "0", "project:P1;esg_review:P1|2025-12-31;waits_since:2026-02-10"
    )
    source = GateInput(date(2026, 10, 15), 1, language, NOTES, [waits], {"client_id": "C1"}, {}, RULES)
    (row,) = gate_page(source).sheets[0].rows  # type: ignore[union-attr]
    assert row[-1].text.endswith(said)


@pytest.mark.parametrize(
    ("name", "verdict", "evidence", "said"),
    [
        ("payee", "fail", "draw_request:DR1;payee_is:borrower", "收款人即借款人本身"),
        ("payee", "fail", "draw_request:DR1;payee_is:group", "收款人与借款人同属一集团或有控制关系"),
        ("payee", "not_assessed", "draw_request:DR1;payee_is:not_recorded", "本行数据不含收款人"),
        ("esg_conditions", "not_assessed", "project:P1;review_is:none", "尚无审查"),
        (
            "esg_conditions",
            "not_assessed",
            "project:P1;review_is:returned",
            "已被退回，须重新编制",
        ),
        (
            "esg_conditions",
            "not_assessed",
            "project:P1;review_is:closed",
            "已退回，不再需要；此后未再编制",
        ),
        ("esg_conditions", "not_assessed", "project:P1;waits_since:2026-02-10", "2026-02-10起待批准"),
        ("loan", "fail", "loan:L1;loan_is:written_off", "贷款已核销"),
    ],
)
def test_given_what_stops_a_draw_then_head_and_evidence_say_what_is_wrong(
    name: str, verdict: str, evidence: str, said: str
) -> None:
    stopped = item(name, verdict, "1", "0", evidence)
    page = gate_page(GateInput(date(2026, 10, 15), 1, "zh_CN", NOTES, [stopped], {"client_id": "C1"}, {}, RULES))
    (row,) = page.sheets[0].rows  # type: ignore[union-attr]
    assert row[-1].text.split("、")[-1] == said
    assert page.issues[0].endswith(f"（{said}）")


@pytest.mark.parametrize(
    ("seen", "language", "said"),
    [
        (date(2026, 10, 13), "zh_CN", "2026-10-13夜"),
        (
            date(2026, 10, 13),
            "en",
            "night of 2026-10-13",
        ),
        (None, "en", "—"),
    ],
)
def test_given_a_request_then_the_sheet_says_since_which_night_it_is_known(
    seen: date | None, language: Language, said: str
) -> None:
    items = [{**one, "first_seen": seen} for one in ITEMS]
    page = gate_page(GateInput(date(2026, 10, 15), 1, language, NOTES, items, {"client_id": "C1"}, {}, RULES))
    assert said in [fact.value for fact in page.profile]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sheet_then_it_names_no_table_by_its_code(language: Language) -> None:
    source = GateInput(date(2026, 10, 15), 1, language, NOTES, ITEMS, {"client_id": "C1"}, {}, RULES)
    html = render_client_page(gate_page(source))
    assert "project_progress" not in html
    if language == "zh_CN":
        assert raw_codes(html) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_the_page_is_the_golden_one(language: Language) -> None:
    source = GateInput(date(2026, 10, 15), 1, language, NOTES, ITEMS, {"client_id": "C1"}, {}, RULES)
    assert matches(f"gate_{language}.html", render_client_page(gate_page(source)))
