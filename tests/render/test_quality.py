"""The quality page: failures first, in both languages, keys masked; and its twin for machines."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from project_sample import COST, EXPECTATIONS, NOTES, QUARANTINE, TABLES, TOTALS, check, quality_input, replace

from golden import matches
from nightdesk.checks.suites import releasable_rules, suite
from nightdesk.contract import contract
from nightdesk.released import Overridden, Release
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.render.made_of import Cost, Hold, Unassessed
from nightdesk.render.quality import render_quality


def test_given_the_sample_night_when_rendered_then_page_and_twin_are_the_golden_ones() -> None:
    rendered = render_quality(quality_input())
    assert matches("quality.html", rendered.html)
    assert matches("quality.json", rendered.json)


def test_given_the_counts_of_a_table_then_they_balance_only_where_no_row_was_lost_or_made_on_the_way() -> None:
    counts = {"rows_read": 20, "duplicates": 1, "superseded": 2, "stored": 3, "rows_in": 14, "used": 9,
              "quarantined": 4, "late": 1}  # fmt: skip

    def balance(**changed: object) -> bool | None:
        row = TABLES[0] | {"supplied": True} | counts | changed
        (told,) = render_quality(quality_input(tables=[row])).twin["tables"]
        return told["balanced"]  # type: ignore[no-any-return]

    assert balance() is True
    assert {name: balance(**{name: count + 1}) for name, count in counts.items()} == dict.fromkeys(counts, False)
    assert balance(superseded=None, rows_read=18) is True, "a count that nobody told is none"
    assert balance(supplied=False, rows_read=5) is None


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


def test_given_a_clean_night_when_rendered_then_it_says_how_many_checks_passed() -> None:
    clean = quality_input(expectations=[EXPECTATIONS[-1]], totals=[TOTALS[0]], quarantine=[], tables=TABLES[:3])
    rendered = render_quality(clean)
    assert "All 2 checks that ran passed" in rendered.html
    assert rendered.twin["failed"] == 0


@pytest.mark.parametrize(
    ("is_releasable", "zh", "en"),
    [
        (True, "可由有权人负责放行", "a person may release it"),
        (False, "其中有不得放行的检查", "Some of these checks nobody may release"),
    ],
)
def test_given_a_held_night_when_rendered_then_it_leads_with_what_that_means_and_how_it_goes_on(
    is_releasable: bool, zh: str, en: str
) -> None:
    held, remedy = Hold(("txn: B002 CNY 12.00", "loan: 3 of 6 rows"), is_releasable), "nightdesk go-on --date D"
    rendered = render_quality(quality_input(held=held, remedy=remedy, revision=None))
    html = rendered.html
    assert 'class="state bad"' in html
    in_order = ("本夜暂停发布：1 项检查未通过", zh, en, remedy, 'class="legend"', "control_sum<", "txn: B002 CNY 12.00")
    assert [html.index(said) for said in in_order] == sorted(html.index(said) for said in in_order)
    assert "1 check failed; what was published before stays visible" in html, "one check, of which two lines speak"
    twin = rendered.twin
    assert (twin["published"], twin["is_releasable"], twin["remedy"]) == (False, is_releasable, remedy)
    assert twin["held"] == "txn: B002 CNY 12.00; loan: 3 of 6 rows"


RELEASED = Release("Chen", "the loans were sold", (Overridden("control_total", "control_sum", "the total"),))


@pytest.mark.parametrize("is_replayed", [False, True])
def test_given_a_released_night_when_rendered_then_nothing_of_it_counts_as_held_and_who_released_what_is_said(
    is_replayed: bool,
) -> None:
    notes = replace(NOTES, released=replace(RELEASED, is_replayed=is_replayed))
    rendered = render_quality(quality_input(notes=notes))
    html = rendered.html
    assert 'class="state some"' in html
    assert "已发布第 2 版（经人工放行）" in html
    assert "经 Chen 放行后发布，理由：the loans were sold；放行的检查：控制总额（金额与控制总额不符）" in html
    assert "Chen released the night all the same, because: the loans were sold" in html
    assert ("沿用原放行" in html, "the release was taken over" in html) == (is_replayed, is_replayed)
    below = html[html.index('class="legend"') :]
    assert "暂停发布" not in html[: html.index("这些检查原使本夜暂停发布")], (
        "neither the state nor the legend says held"
    )
    assert "人工放行 1 项" in html
    assert below.index("经人工放行的检查") < below.index("control_sum<") < below.index("amount_scale<")
    assert '<tr class="bad"><td data-label="后果 Effect">' not in below
    twin = rendered.twin
    assert (twin["holds"], twin["released"]) == (0, ["the total"])


def test_given_another_check_than_the_released_one_when_rendered_then_that_one_still_holds() -> None:
    other = replace(RELEASED, checks=(Overridden("loan", "too_much_vanished", "the loans"),))
    rendered = render_quality(quality_input(notes=replace(NOTES, released=other)))
    assert rendered.twin["holds"] == 1
    assert "使本夜暂停发布的检查" in rendered.html


def test_given_every_rule_that_may_be_released_then_both_languages_have_a_word_for_it() -> None:
    for language in LANGUAGES:
        messages = catalogue(language).messages
        assert [rule for rule in sorted(releasable_rules()) if f"overridden.{rule}" not in messages] == []


def test_given_control_totals_when_written_for_machines_then_they_are_exact_decimals() -> None:
    totals = json.loads(render_quality(quality_input()).json)["control_totals"]
    assert [row["expected_sum"] for row in totals] == ["5000012.00", "918273645.01"]


@pytest.mark.parametrize(
    ("snapshot", "zh", "en"),
    [
        ("one_snapshot", "所有表取自同一时点", "All tables were read as of one moment"),
        ("one_transaction", "所有表在同一事务内", "All tables were read in one transaction"),
        ("none", "源系统不能固定时点", "The source could not hold still"),
    ],
)
def test_given_how_the_source_held_still_then_page_and_twin_say_so(snapshot: str, zh: str, en: str) -> None:
    rendered = render_quality(quality_input(snapshot=snapshot))
    assert zh in rendered.html
    assert en in rendered.html
    assert rendered.twin["source_snapshot"] == snapshot
    assert en not in render_quality(quality_input()).html


@pytest.mark.parametrize(
    ("supplied", "said"),
    [
        (False, "The source supplied no control totals: no total was compared."),
        (True, "table of control totals has no row to compare tonight with: no total was compared."),
    ],
)
def test_given_no_total_when_rendered_then_missing_and_empty_are_told_apart(*, supplied: bool, said: str) -> None:
    tables = [*TABLES, TABLES[0] | {"table_name": "control_total", "supplied": supplied}]
    assert said in render_quality(quality_input(totals=[], tables=tables)).html


def test_given_a_table_that_no_rule_reads_when_rendered_then_its_row_says_so_beside_that_its_checks_passed() -> None:
    notes = replace(NOTES, unassessed=Unassessed(("client",)), gone=("payment",), reconstructed=("loan",))
    rendered = render_quality(quality_input(notes=notes))
    row = next(part for part in rendered.html.split("<tr") if '<span class="id mono">client</span>' in part)
    assert "Passed" in row
    assert "Not assessed by this version" in row
    assert "1 table supplied that no rule of this version reads, marked below" in rendered.html
    assert "There last night, not tonight: payments" in rendered.html
    assert "rebuilt afterwards: loans" in rendered.html
    assert rendered.html.count("Not assessed by this version") == 1


def test_given_rows_that_former_nights_told_of_then_the_page_says_since_when_and_puts_what_is_new_first() -> None:
    def kept_out(rule: str, key: str, since: str) -> dict[str, object]:
        named = {"table_name": "txn", "row_key": key, "rule": rule, "severity": "critical", "detail": "amount"}
        return {**named, "business_date": date(2026, 3, 31), "since": date.fromisoformat(since)}

    rows = [
        kept_out("amount_scale", "TXN00000001", "2026-03-28"),
        kept_out("amount_scale", "TXN00000002", "2026-03-30"),
        kept_out("before_look_back", "TXN00000003", "2026-03-30"),
        kept_out("before_look_back", "TXN00000004", "2026-03-31"),
        kept_out("type_invalid", "TXN00000005", "2026-03-31"),
    ]
    rendered = render_quality(quality_input(expectations=[], quarantine=rows))
    assert rendered.twin["quarantined_again"] == 3
    assert [row["since"] for row in rendered.twin["quarantine"]] == [str(row["since"]) for row in rows]
    assert "2 rows stand since 2026-03-28 or later, told before" in rendered.html
    assert "1 row stands since 2026-03-30, told before" in rendered.html
    assert "其中 2 行此前已列示，最早自 2026-03-28 起" in rendered.html
    said = [rendered.html.index(f">{rule}<") for rule in ("before_look_back", "type_invalid", "amount_scale")]
    assert said == sorted(said), "of amount_scale nothing is new"


def test_given_what_the_steps_took_then_the_page_has_a_line_each_their_total_and_the_trend() -> None:
    html = render_quality(quality_input()).html
    section = html[html.index('id="cost"') :]
    rows = section[section.index("<tbody>") :]
    assert rows.index("抽取") < rows.index("校验") < rows.index("发布")
    # 12.345 + 3.2 + 0.4 seconds; the most memory of any step, all bytes written
    total = section[section.index("All steps") :]
    figures = re.findall(r'class="num">([\d.,]*)<', total)[:6]
    assert figures == ["15.9", "31.9", "640.0", "8.4", "64.0", "4"]
    bars = re.findall(r'<rect x="(\d+)" y="(\d+)" width="14" height="(\d+)"( class="tonight")?>', section)
    assert bars == [("0", "0", "80", ""), ("20", "60", "20", ""), ("40", "49", "31", ' class="tonight"')]
    assert "the longest took 40.0 s" in section
    assert "最长 40.0 秒" in section


def test_given_a_step_that_is_not_done_then_it_is_named_and_not_in_the_total() -> None:
    lost = [*COST.steps, {"step": "check", "status": "lost", "tries": 1}]  # type: ignore[misc]
    html = render_quality(quality_input(cost=replace(COST, steps=lost, nights=()))).html
    section = html[html.index('id="cost"') :]
    assert "中断" in section
    assert ">15.9<" in section
    assert "<svg" not in section


def test_given_a_night_of_which_no_step_was_noted_then_the_page_has_no_such_section_and_never_the_twin() -> None:
    assert 'id="cost"' not in render_quality(quality_input(cost=Cost())).html
    assert render_quality(quality_input(cost=Cost())).json == render_quality(quality_input()).json


def test_given_classes_of_loans_when_rendered_then_drifts_forecasts_and_unknown_are_counted_in_both_languages() -> None:
    html = render_quality(quality_input()).html
    assert "五级分类，共42笔贷款：账面好于规则下限3笔；如不还款2026-03-31将成不良2笔；无法评估1笔" in html
    assert "Five classes, 42 loans: 3 booked better than the rules allow; 2 bad on 2026-03-31" in html
    assert "Five classes, " not in render_quality(quality_input(class_count={})).html


IMPLAUSIBLE = {
    "project_id": "PRJ-0031",
    "name": "Plant <1>",
    "measure": "so2",
    "measure_zh": "二氧化硫",
    "measure_en": "Sulphur dioxide",
    "period": "2026-03-31",
    "value": Decimal("9000.0000"),
    "unit": "mg/m3",
    "lowest": Decimal(0),
    "highest": Decimal(5000),
    "sector_code": "any",
    "trust": "house",
    "source_zh": "本产品默认值",
    "source_en": "own default",
}


def test_given_figures_that_cannot_be_when_rendered_then_whose_which_when_and_which_range_are_named() -> None:
    intensity = {"measure": "g_per_kwh", "measure_zh": None, "measure_en": None, "unit": None, "period": "2025"}
    rendered = render_quality(quality_input(implausible=[IMPLAUSIBLE, IMPLAUSIBLE | intensity]))
    part = rendered.html[rendered.html.index('id="implausible"') :]
    for word in (
        "Plant &lt;1&gt;",
        "PRJ-0031",
        "二氧化硫",
        "Sulphur dioxide",
        "2026-03-31",
        "9,000 mg/m3",
        "0 – 5,000",
    ):
        assert word in part, word
    for word in ("Greenhouse gases of scopes 1 and 2 by output", "9,000 g/kWh", ">2025<", "own default", "default"):
        assert word in part, word
    assert [row["value"] for row in rendered.twin["implausible"]] == ["9000.0000", "9000.0000"]


def test_given_no_such_figure_when_rendered_then_neither_page_nor_twin_speaks_of_it() -> None:
    rendered = render_quality(quality_input())
    assert 'id="implausible"' not in rendered.html
    assert "implausible" not in rendered.twin


@pytest.mark.parametrize(("rows", "more"), [(100, False), (101, True)])
def test_given_many_such_figures_when_rendered_then_the_page_shows_a_hundred_and_the_twin_all(
    rows: int, more: bool
) -> None:
    rendered = render_quality(
        quality_input(implausible=[IMPLAUSIBLE | {"project_id": f"P{number:03}"} for number in range(rows)])
    )
    assert rendered.html.count("9,000 mg/m3") == 100
    assert ("1 more in quality.json" in rendered.html) is more
    assert len(rendered.twin["implausible"]) == rows
