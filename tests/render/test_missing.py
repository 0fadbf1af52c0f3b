"""What is missing in words: codes of indicators, tables and columns never reach a reader as they are."""

import pytest
from branch_sample import NOTES, WARNINGS, branch_input, render_branch, replace, withheld

from nightdesk.contract import contract
from nightdesk.lineage import rests_on
from nightdesk.models import models
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.made_of import Unassessed
from nightdesk.render.missing import missing_word


@pytest.mark.parametrize(
    ("token", "zh", "en"),
    [
        ("T01", "T01 存款下降", "T01 Fall in deposits"),
        ("X99", "X99", "X99"),
        ("payment", "还款明细", "payments"),
        ("txn.is_returned", "交易流水的退票标志", "transactions: returned flag"),
        ("loan.moon_phase", "贷款的moon phase", "loans: moon phase"),
        ("no_indicator_applies", "无可供评估的数据", "nothing supplied that an indicator could judge"),
        ("credit", "是否有授信不明", "whether it has credit"),
        ("quarantine:instalment", "还款计划（未通过校验）", "instalments (failed a check)"),
        ("vanished:loan", "贷款（昨夜有、今夜没有）", "loans (there last night, not tonight)"),
        ("unreadable_cell:loan.rate_pct", "贷款的利率（该栏无法读取）", "loans: interest rate (unreadable)"),
        ("floor", "五级分类下限", "Five-class floor"),
        ("fx_rate:USD", "汇率 USD", "exchange rates USD"),
        ("moon_phase", "moon phase", "moon phase"),
    ],
)
def test_given_a_code_then_it_is_said_in_words(token: str, zh: str, en: str) -> None:
    assert [missing_word(token, NOTES, catalogue(language)) for language in LANGUAGES] == [zh, en]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_every_optional_column_that_a_verdict_uses_then_it_has_a_word(language: Language) -> None:
    roots = [name for name, model in models().items() if model.layer not in ("staging", "features")]
    wordless = {
        column
        for table, columns in rests_on(roots).items()
        for column in columns & set(contract()[table].columns)
        if not contract()[table].columns[column].is_required and f"field.{column}" not in catalogue(language).messages
    }
    told = ", ".join(f"field.{column}" for column in sorted(wordless))
    assert not wordless, f"write into reports/messages/{language}.yaml: {told}"


def test_given_a_column_that_many_clients_lack_then_the_list_names_it_once_among_what_is_not_supplied() -> None:
    lacking = [row | {"not_supplied": "txn.is_returned,statement"} for row in WARNINGS]
    text = render_branch(branch_input(warnings=lacking)).text
    assert text.count("交易流水的退票标志") == 1
    assert "未提供的数据：征信、财务报表、交易流水的退票标志。依赖" in text


def missing_of(**row: str) -> str:
    warning = WARNINGS[0] | {"client_id": "C1", "colour": "not_assessed", "not_assessed": "", "not_supplied": ""} | row
    (client,) = branch_view(branch_input(warnings=[warning])).not_assessed
    return client.missing


def test_given_a_client_not_assessed_then_why_is_said_and_never_left_empty() -> None:
    assert missing_of(not_assessed="T01,quarantine:loan") == "T01 存款下降、贷款（未通过校验）"
    assert missing_of(not_assessed="T02", not_supplied="txn.is_returned") == "T02"
    # what the bank does not supply at all the page says once
    assert missing_of(not_supplied="txn.is_returned") == "源系统未提供所需数据（见页末说明）"
    assert missing_of(not_supplied="fx_rate:USD,txn") == missing_of(not_supplied="fx_rate:USD") != ""
    assert missing_of() == "没有可用于该客户的数据或指标"


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_rows_held_back_then_each_client_is_named_with_table_and_reason_and_never_with_a_key(
    language: Language,
) -> None:
    rendered = render_branch(branch_input(language))
    lines = rendered.text.splitlines()
    assert "SECRET" not in rendered.html + rendered.text
    told = {
        "zh_CN": "· 欧*** C000533：贷款 L00007（未通过校验，1 行）、还款计划 L00007（未通过校验，2 行）",
        "en": "· 欧*** C000533: instalments L00007 (failed a check, 2 rows), loans L00007 (failed a check, 1 row)",
    }
    assert told[language] in lines
    own = {"zh_CN": "· C009999：客户（未通过校验，1 行）", "en": "· C009999: clients (failed a check, 1 row)"}
    assert own[language] in lines  # a client whose own row is held back, by its id


def test_given_rows_held_back_then_the_head_counts_them_and_without_any_it_is_silent() -> None:
    assert "※ 数据未采用：7 行，涉及 3 户；相关判断未评估" in render_branch(branch_input()).text
    silent = render_branch(branch_input(withheld=[])).text
    assert "未采用" not in silent


def test_given_a_row_that_concerns_two_loans_then_it_counts_once_and_names_neither() -> None:
    rows = [withheld("C1", "account", row_key="A1", loan_id=loan) for loan in ("L1", "L2")]
    (held,) = branch_view(branch_input(withheld=rows)).held_back
    assert held.what == "账户（未通过校验，1 行）"


def test_given_what_is_gone_since_last_night_then_the_head_names_it_first() -> None:
    notes = replace(NOTES, gone=("loan.asset_class", "payment"))
    text = render_branch(branch_input(notes=notes)).text
    assert text.index("今夜缺少：贷款的五级分类、还款明细；昨夜有") < text.index("今日必办")


def test_given_tables_supplied_and_not_looked_at_then_the_list_names_each_once() -> None:
    text = render_branch(branch_input()).text
    assert text.count("外部事件") == 1
    assert "只计入贷款的五级分类下限：重组与展期；只用于任务与等级、不影响颜色：表外业务、客户联系" in text
    whole = render_branch(branch_input(notes=replace(NOTES, unassessed=Unassessed()))).text
    assert "本版未评估" not in whole


def test_given_tables_without_record_then_the_note_names_them_and_without_any_nothing_is_reconstructed() -> None:
    text = render_branch(branch_input(notes=replace(NOTES, reconstructed=("loan", "permit")))).text
    assert "※ 追溯重建：本页依据的 2 张表未记录获知时间" in text
    assert "获知时间：贷款、许可未记录获知时间" in text
    assert "获知时间：" not in render_branch(branch_input()).text


def test_given_no_daily_fact_then_no_date_is_claimed() -> None:
    text = render_branch(branch_input(notes=replace(NOTES, data_to=None))).text
    assert "数据截至：没有任何日数据" in text
