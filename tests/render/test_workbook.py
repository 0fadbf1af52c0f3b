"""The workbook, read back: text is text, amounts are numbers, nothing for risk alone."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from branch_sample import BUSINESS_DATE, SIGNALS, TASKS, branch_input, render_branch, task
from openpyxl import load_workbook

from golden import matches
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.sheets import Column, SheetContent, sheets_of
from nightdesk.render.workbook import workbook_of, write_workbook


def sheets(language: Language = "zh_CN", **changes: Any) -> dict[str, list[dict[str, Any]]]:
    """Every sheet as rows by heading."""
    book = load_workbook(BytesIO(render_branch(branch_input(language, **changes)).xlsx_bytes))
    read = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows())
        heads = [cell.value for cell in rows[0]]
        read[sheet.title] = [dict(zip(heads, row, strict=True)) for row in rows[1:]]
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_list_when_read_back_then_every_task_is_there(language: Language) -> None:
    book = sheets(language)
    assert len(book) == 7
    assert len(next(iter(book.values()))) == len(TASKS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_list_then_the_columns_of_its_sheets_are_the_golden_ones(language: Language) -> None:
    source = branch_input(language)
    found = sheets_of(branch_view(source), catalogue(language), "CNY")
    lines = [
        f"{sheet.name}: {column.heading} | {column.width} | {column.shown} | {'/'.join(column.choices)} | {column.hint}"
        for sheet in found
        for column in sheet.columns
    ]
    assert matches(f"list_columns_{language}.txt", "\n".join(lines) + "\n")


def test_given_text_that_looks_like_a_formula_when_read_back_then_it_is_text() -> None:
    row = next(row for row in sheets()["清单"] if row["客户编号"].value == "C000810")
    for heading in ("客户", "原因", "上次反馈"):
        assert row[heading].data_type == "s"
    assert (row["原因"].value, row["上次反馈"].value) == ("=1+1", "+cmd")


def test_given_an_id_of_eighteen_digits_when_read_back_then_no_digit_is_lost() -> None:
    row = next(row for row in sheets()["清单"] if row["客户编号"].value == "C000810")
    assert (row["业务编号"].value, row["业务编号"].data_type) == ("987654321098765432", "s")


def test_given_amounts_dates_and_points_when_read_back_then_they_can_be_calculated_with() -> None:
    row = sheets()["清单"][0]
    assert (row["授信敞口（CNY）"].value, row["授信敞口（CNY）"].data_type) == (368000000, "n")
    assert row["授信敞口（CNY）"].number_format == "#,##0.00"
    assert row["时限（预警为反馈时限）"].value == datetime(2026, 3, 30)  # noqa: DTZ001
    assert (row["超期工作日（负数为剩余）"].value, row["预警程度得分"].value, row["优先分"].value) == (2, 40, 83.9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_any_sheet_when_read_back_then_its_head_is_frozen_its_headings_differ_and_dates_are_dates(
    language: Language,
) -> None:
    book = load_workbook(BytesIO(render_branch(branch_input(language)).xlsx_bytes))
    for sheet in book.worksheets:
        heads = [cell.value for cell in sheet[1]]
        assert len(set(heads)) == len(heads)
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    cleared, tiers = book.worksheets[2], book.worksheets[3]
    assert cleared["F2"].value == datetime(2026, 2, 11)  # noqa: DTZ001
    assert tiers["G2"].value == datetime(2026, 4, 1)  # noqa: DTZ001


def test_given_a_long_reason_when_read_back_then_its_row_is_high_enough_for_it() -> None:
    rows = [task(1, "C1"), task(2, "C2", reason_zh="原因" * 60)]
    sheet = load_workbook(BytesIO(render_branch(branch_input(tasks=rows, steps=[])).xlsx_bytes)).worksheets[0]
    low, high = (sheet.row_dimensions[number].height or 15 for number in (2, 3))
    assert (low, high) == (15, 75)


def test_given_the_list_on_paper_then_who_why_next_step_deadline_and_owner_are_on_the_page() -> None:
    sheet = load_workbook(BytesIO(render_branch(branch_input()).xlsx_bytes)).worksheets[0]
    printed = sheet[sheet.print_area.split("!")[-1].replace("$", "")]
    heads = [cell.value for cell in printed[0]]
    assert {"客户", "程度", "原因", "下一步", "时限（预警为反馈时限）", "管户客户经理"} <= set(heads)
    assert len(printed) == len(TASKS) + 1


def test_given_a_list_when_read_back_then_its_order_is_that_of_the_page() -> None:
    rows = sheets()["清单"]
    assert [row["分区"].value for row in rows] == ["今日必办"] * 7 + ["其余待办"] * 4 + ["暂缓处理"] * 2 + ["已反馈"]
    assert [row["序号"].value for row in rows] == [1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, None, None, None]


def test_given_tasks_for_risk_alone_when_read_back_then_no_sheet_tells() -> None:
    cells = [str(cell.value) for rows in sheets().values() for row in rows for cell in row.values()]
    assert not [cell for cell in cells if "SECRET" in cell or cell in ("T16", "T15", "L66600001")]


def test_given_all_clients_when_read_back_then_every_one_that_is_not_green_is_there_worst_first() -> None:
    rows = sheets("en")["Warnings"]
    assert len(rows) == 191 - 158
    assert rows[0]["Colour"].value == "Red"
    assert [row["Colour"].value for row in rows[-3:]] == ["Not assessed", "No credit", "No credit"]
    assert (rows[0]["Coverage"].value, rows[0]["Coverage"].number_format) == (0.8421, "0.0%")


def test_given_a_client_when_read_back_then_what_decided_where_it_stands_and_its_path_are_in_words() -> None:
    first, second, *_ = sheets()["客户预警"]
    assert (first["客户编号"].value, first["所处位置"].value) == ("C000118", "差于同类客户，且较90天前恶化")
    assert first["定色依据"].value == "硬性信号 J15、P01；预警分 62.5（红色线 60）"
    assert (first["得分封顶"].value, second["得分封顶"].value) == ("P 还款表现：合计 60.00，封顶 40", None)
    assert first["近12个月颜色与预警分"].value == "2025-12 至 2026-01 绿色 0；2026-02 无结果；2026-03 红色 62.5"
    figures = ("比较范围", "同类户数", "同类中位分", "90天前预警分", "90天前业务日期")
    assert [first[name].value for name in figures] == ["同行业", 41, 0, 12.5, datetime(2025, 12, 31)]  # noqa: DTZ001
    assert second["定色依据"].value == "五级分类下限为关注"
    assert (second["所处位置"].value, second["近12个月颜色与预警分"].value) == (None, None)


def test_given_signals_when_read_back_then_their_points_and_what_would_clear_them_stand_beside_their_tasks() -> None:
    shown = {
        row["指标"].value: (row["信号得分"].value, row["解除条件"].value)
        for row in sheets()["清单"]
        if row["客户编号"].value == "C000118"
    }
    assert shown == {"P01": (25, "低于1天"), "P03": (15, "事项了结"), "T02": (12, "低于25%")}


def test_given_steps_when_read_back_then_each_has_role_day_and_evidence_and_those_of_a_suspicion_are_left_out() -> None:
    rows = sheets()["处置步骤"]
    shown = [tuple(row[name].value for name in ("指标", "步骤", "责任人", "处置动作", "留存材料")) for row in rows]
    assert shown[:4] == [
        ("P01", 1, "客户经理", "发出书面催收通知并取得回执", "催收通知回执"),
        ("P01", 2, "支行负责人", "暂停提款", "暂停提款通知"),
        ("P01", 3, "法律合规部", "examine_acceleration", None),
        ("P01", 4, "支行负责人", "向风险管理部门报告", "风险报告"),
    ]
    assert (rows[0]["完成时限"].value, rows[0]["超期工作日（负数为剩余）"].value) == (datetime(2026, 3, 30), 2)  # noqa: DTZ001
    assert {row["指标"].value for row in rows} == {"P01", "P03"}
    assert "3月30日 周一 已超期 2 个工作日 客户经理：发出书面催收通知并取得回执（留存：催收通知回执）" in str(
        sheets()["清单"][0]["下一步"].value
    )


def test_given_open_steps_of_a_plan_when_read_back_then_all_of_them_follow_the_steps_of_warnings() -> None:
    plan = {"branch_id": "B001", "client_id": "C000118", "task_key": None, "late_days": -2}
    plan |= {
        "due_on": date(2026, 4, 3),
        "action": "decide_plan",
        "action_zh": "审定预案",
        "action_en": "decide the plan",
    }
    first = {"step": 1, "owner_role": "rm", "action_zh": "面谈", "late_days": 2, "task_key": "00000000000a"}
    rows = sheets(plan_steps=[plan | {"step": 5, "owner_role": "risk"}, plan | first])["处置步骤"]
    assert len(rows) == len(sheets()["处置步骤"]) + 2
    names = ("客户编号", "指标", "步骤", "责任人", "处置动作", "超期工作日（负数为剩余）", "事项编号")
    assert [tuple(row[name].value for name in names) for row in rows[-2:]] == [
        ("C000118", "退出预案", 1, "客户经理", "面谈", 2, "00000000000a"),
        ("C000118", "退出预案", 5, "风险管理部", "审定预案", -2, None),
    ]


def test_given_rows_held_back_when_read_back_then_each_is_there_and_no_key_is() -> None:
    rows = sheets()["未采用的数据"]
    shown = [(row["客户编号"].value, row["未采用的数据"].value, row["业务编号"].value) for row in rows]
    assert ("C000601", "贷款的利率", "L00008") in shown
    assert len(rows) == 7
    assert not [cell for row in rows for cell in row.values() if "SECRET" in str(cell.value)]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (0, "已评估的数据中没有待办事项。"),
        (1, "没有预警或退出预案的处置步骤。"),
        (2, "自上一份清单以来，已评估的指标中没有回落或解除的预警。"),
        (3, "没有等级变动的客户；数据不全的客户等级暂不变动。"),
        (4, "没有亮灯或未评估的客户。"),
        (5, "本机构客户没有未采用的数据行。"),
    ],
)
def test_given_a_sheet_without_rows_when_read_back_then_it_says_of_what_there_are_none(sheet: int, words: str) -> None:
    empty = branch_input(tasks=[], cleared=[], tiers=[], warnings=[], withheld=[])
    book = load_workbook(BytesIO(render_branch(empty).xlsx_bytes))
    assert book.worksheets[sheet]["A2"].value == words


def test_given_an_unproven_signal_when_read_back_then_its_reason_ends_with_the_mark_and_the_notes_explain_it() -> None:
    book = sheets(signals=[row | {"is_unproven": row["indicator"] == "T02"} for row in SIGNALS])
    marked = {row["指标"].value for row in book["清单"] if str(row["原因"].value).endswith("（未经验证）")}
    assert marked == {"T02"}
    assert any("尚无评估表明该指标有效" in str(cell.value) for row in book["说明"] for cell in row.values())


def test_given_warnings_when_read_back_then_each_has_the_key_that_its_episode_is_decided_by() -> None:
    rows = [task(1, "C1", indicator="P01", severity="red"), task(2, "C2", kind="maturity")]
    named = {"branch_id": "B001", "client_id": "C1", "indicator": "P01", "episode_id": "4be1"}
    episodes = [named | {"opened_on": BUSINESS_DATE, "last_seen": BUSINESS_DATE}]
    found = sheets(tasks=rows, signals=[], steps=[], episodes=episodes)["清单"]
    assert [row["预警事件编号"].value for row in found] == ["4be1", None]


def test_given_tasks_that_were_passed_on_when_read_back_then_the_level_says_to_whom_and_as_many_as_the_page() -> None:
    rows = [
        task(1, "C1", late_days=1, overdue_level="L1", escalated_to="branch_risk"),
        task(2, "C2", late_days=9, overdue_level="L3"),
        task(3, "C3", late_days=1, overdue_level="L1"),
        task(4, "C4"),
    ]
    levels = [row["督办级别"].value for row in sheets(tasks=rows)["清单"]]
    assert levels == ["已升级至分行风险", "L3 支行负责人督办", "L1 客户经理跟进", None]
    figures = {fact.label: fact.value for fact in branch_view(branch_input(tasks=rows)).figures}
    assert figures["升级督办"] == str(len(levels[:2]))


_MADE_OF: Any = {"title": "Book", "author": "Nightdesk", "footer": "A & B", "made_on": BUSINESS_DATE}


def _long_sheets(folder: Path | None = None) -> Iterator[SheetContent]:
    columns = [Column("名称", 30, "wrap"), Column("金额", 20, "amount"), Column("日", 12, "day")]
    rows = [(f"=1+{number} 项目", Decimal(number) / 4, date(2026, 3, 1)) for number in range(900)]
    yield SheetContent("first", columns, rows)
    if folder is not None:
        on_disk = sum(path.stat().st_size for path in folder.glob(".*.rows/*"))
        assert on_disk > 50_000, "the rows before are out of memory when the next sheet is asked for"
    yield SheetContent("none", columns, [], "nothing")


def test_given_many_rows_when_written_row_by_row_then_the_workbook_reads_as_one_made_in_memory(tmp_path: Path) -> None:
    first, again = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for path in (first, again):
        write_workbook(path, _long_sheets(tmp_path), **_MADE_OF)
    assert first.read_bytes() == again.read_bytes()
    assert sorted(tmp_path.iterdir()) == [first, again], "nothing is left beside them"
    whole = workbook_of(list(_long_sheets()), **_MADE_OF)
    written, made = (load_workbook(source) for source in (first, BytesIO(whole)))
    assert written.sheetnames == made.sheetnames == ["first", "none"]
    for mine, other in zip(written.worksheets, made.worksheets, strict=True):
        assert list(mine.values) == list(other.values)
        assert (mine.auto_filter.ref, mine.freeze_panes) == (other.auto_filter.ref, other.freeze_panes)
        assert mine.oddFooter.left.text == other.oddFooter.left.text
        heights = [[sheet.row_dimensions[number].height for number in range(1, 5)] for sheet in (mine, other)]
        assert heights[0] == heights[1]


def test_given_a_sheet_that_cannot_be_made_then_no_workbook_is_there_and_the_one_before_stays(tmp_path: Path) -> None:
    target = tmp_path / "book.xlsx"
    target.write_bytes(b"before")
    (tmp_path / ".book.xlsx.draft.rows").mkdir()
    (tmp_path / ".book.xlsx.draft.rows" / "left").write_text("by a killed writer")

    def sheets() -> Iterator[SheetContent]:
        yield SheetContent("first", [Column("a", 9)], [("x",)])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_workbook(target, sheets(), **_MADE_OF)
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
    assert target.read_bytes() == b"before"
