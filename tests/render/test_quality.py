"""The quality page: failures first, in both languages, keys masked; and its twin for machines."""

import json

import pytest
from project_sample import EXPECTATIONS, QUARANTINE, TABLES, TOTALS, check, quality_input

from golden import matches
from nightdesk.checks.suites import suite
from nightdesk.contract import contract
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.render.quality import render_quality


def test_given_the_sample_night_when_rendered_then_page_and_twin_are_the_golden_ones() -> None:
    rendered = render_quality(quality_input())
    assert matches("quality.html", rendered.html)
    assert matches("quality.json", rendered.json)


def test_given_rows_in_another_order_when_rendered_then_the_page_is_the_same() -> None:
    turned = quality_input(tables=TABLES[::-1], totals=TOTALS[::-1], quarantine=QUARANTINE[::-1])
    assert render_quality(turned).html == render_quality(quality_input()).html


def test_given_failures_when_rendered_then_what_holds_the_night_leads_and_each_effect_has_its_words() -> None:
    html = render_quality(quality_input()).html
    shown = ("control_sum<", "amount_scale<", "parent_missing<", "balance_continuity<", "key_conflict ·")
    places = [html.index(name) for name in shown]
    assert places == sorted(places)
    for zh, en in (("暂停发布", "Holds the night"), ("隔离该行", "Row quarantined"), ("提示", "Warning")):
        assert f'<span lang="zh-CN">{zh}</span> <span lang="en">{en}</span>' in html
    assert "致命" not in html


def test_given_a_published_night_with_rows_in_quarantine_then_the_page_does_not_say_that_it_was_held() -> None:
    rows = [row for row in EXPECTATIONS if row["scope"] == "row"]
    rendered = render_quality(quality_input(expectations=rows, totals=[TOTALS[0]]))
    assert (rendered.twin["published"], rendered.twin["holds"], rendered.twin["warnings"]) == (True, 0, 0)
    assert "Hold the night: 0" in rendered.html
    assert 'class="state some"' in rendered.html


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("amount_scale", "amount 的小数位超出约定", "amount has more decimals"),
        ("parent_missing", "account_id 指向的记录不存在", "account_id names a record that does not exist"),
        ("balance_continuity", "差额合计 2419752.31", "2419752.31 unexplained in all"),
    ],
)
def test_given_a_finding_when_rendered_then_rule_column_and_remedy_are_in_words(rule: str, zh: str, en: str) -> None:
    html = render_quality(quality_input()).html
    assert zh in html
    assert en in html
    assert catalogue("zh_CN")(f"remedy.{rule}") in html
    assert catalogue("en")(f"remedy.{rule}") in html.replace("&#39;", "'")
    assert "scale_fault" not in html
    assert "account_id__missing" not in html


def test_given_every_rule_of_the_suites_when_looked_up_then_both_languages_have_its_words_and_a_remedy() -> None:
    rules = {expectation.rule for table in contract() for expectation in suite(table)}
    for language in LANGUAGES:
        messages = catalogue(language).messages
        assert [rule for rule in sorted(rules) if not {f"rule.{rule}", f"remedy.{rule}"} <= set(messages)] == []


def test_given_a_rule_that_no_catalogue_knows_when_rendered_then_its_code_and_detail_are_shown() -> None:
    html = render_quality(quality_input(expectations=[check("txn", "moon_phase", detail="full · 3")])).html
    assert "full · 3" in html
    assert "moon_phase" in html


def test_given_equal_totals_when_rendered_then_they_are_folded_and_counted_below_the_others() -> None:
    html = render_quality(quality_input()).html
    folded = html[html.index("<details>") :]
    assert html.index("5,000,012.00") < html.index("<details>")
    assert "918,273,645.01" in folded
    assert "918,273,645.01" not in html[: html.index("<details>")]
    assert "All 2 control totals are equal" in render_quality(quality_input(totals=[TOTALS[0]] * 2)).html


def test_given_quarantined_keys_when_rendered_then_no_whole_key_is_on_page_or_twin() -> None:
    rendered = render_quality(quality_input())
    for row in QUARANTINE:
        assert row["row_key"] not in rendered.html + rendered.json
    assert "****2330" in rendered.html
    assert "<b>" not in rendered.html.split("</head>")[1]


def test_given_both_languages_when_rendered_then_every_heading_has_both() -> None:
    html = render_quality(quality_input()).html
    for zh, en in (("数据质量", "Data quality"), ("控制总额", "Control totals"), ("隔离的行", "Quarantined rows")):
        assert zh in html
        assert en in html


def test_given_rows_that_do_not_add_up_when_rendered_then_page_and_twin_say_so() -> None:
    lost = [TABLES[0] | {"used": 2999}]
    rendered = render_quality(quality_input(tables=lost, expectations=[], totals=[], quarantine=[]))
    assert "Rows do not add up" in rendered.html
    assert json.loads(rendered.json)["failed"] == 1
    assert json.loads(rendered.json)["tables"][0]["balanced"] is False


def test_given_a_clean_night_when_rendered_then_it_says_that_every_check_passed() -> None:
    clean = quality_input(expectations=[EXPECTATIONS[-1]], totals=[TOTALS[0]], quarantine=[], tables=TABLES[:3])
    rendered = render_quality(clean)
    assert "Every check passed" in rendered.html
    assert rendered.twin["failed"] == 0


def test_given_a_held_night_when_rendered_then_the_reason_leads_and_nothing_counts_as_published() -> None:
    rendered = render_quality(quality_input(held="txn: B002 CNY 12.00", revision=None))
    assert "Night held, nothing published" in rendered.html
    assert 'class="state bad"' in rendered.html
    assert "txn: B002 CNY 12.00" in rendered.html
    assert rendered.twin["published"] is False


def test_given_control_totals_when_written_for_machines_then_they_are_exact_decimals() -> None:
    totals = json.loads(render_quality(quality_input()).json)["control_totals"]
    assert [row["expected_sum"] for row in totals] == ["5000012.00", "918273645.01"]
