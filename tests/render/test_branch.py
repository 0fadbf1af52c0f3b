"""A branch's morning list: who comes first, what is said, and what must not be."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

import pytest
from branch_sample import (
    BRANCH,
    BUSINESS_DATE,
    CLIENTS,
    NOTES,
    SIGNALS,
    STEPS,
    TASKS,
    TIERS,
    WARNINGS,
    branch_input,
    render_branch,
    steps,
    task,
)
from openpyxl import load_workbook

from golden import matches
from nightdesk.errors import NightdeskError
from nightdesk.released import Overridden, Release
from nightdesk.render.branch import render_mail_html
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.sheets import note_sheet


class Page(HTMLParser):
    """Tags with their attributes, and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What a reader sees, in one piece."""
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_branch_when_rendered_then_page_and_text_are_the_golden_ones(language: Language) -> None:
    rendered = render_branch(branch_input(language))
    assert matches(f"list_{language}.html", rendered.html)
    assert matches(f"list_{language}.txt", rendered.text)


def test_given_the_same_input_when_rendered_twice_then_every_byte_is_equal() -> None:
    assert render_branch(branch_input()) == render_branch(branch_input())


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_release_that_a_replay_took_over_then_the_list_says_so_and_counts_as_the_same(
    language: Language,
) -> None:
    release = Release("Chen", "the loans were sold", (Overridden("loan", "too_much_vanished", ""),))
    first, replayed, another, none = (
        render_branch(branch_input(language, notes=replace(NOTES, released=one)))
        for one in (release, replace(release, is_replayed=True), replace(release, by="Wang"), None)
    )
    assert first.text != replayed.text
    assert first.content_digest == replayed.content_digest
    assert len({first.content_digest, another.content_digest, none.content_digest}) == 3


def test_given_rows_in_another_order_when_rendered_then_the_list_is_the_same() -> None:
    turned = branch_input(tasks=TASKS[::-1], warnings=WARNINGS[::-1], clients=CLIENTS[::-1], tiers=TIERS[::-1])
    assert render_branch(turned) == render_branch(branch_input())


def test_given_many_must_do_tasks_when_listed_then_five_cards_come_first_and_none_is_lost() -> None:
    tasks = [task(rank, f"C{rank:03d}", is_must_do=True) for rank in range(1, 10)]
    view = branch_view(branch_input(tasks=tasks))
    assert [card.client.id for card in view.must_do] == ["C001", "C002", "C003", "C004", "C005"]
    assert [card.client.id for card in view.rest] == ["C006", "C007", "C008", "C009"]
    assert [card.number for card in view.listed] == list(range(1, 10))


def test_given_two_tasks_of_one_client_when_listed_then_they_share_a_card_the_worst_first() -> None:
    card = branch_view(branch_input()).must_do[0]
    assert (card.client.id, [line.indicator for line in card.lines]) == ("C000118", ["P01", "T02", "P03"])


def test_given_reasons_that_ask_for_the_same_when_listed_then_each_step_stands_once_on_the_card() -> None:
    rendered = render_branch(branch_input())
    for shown in (rendered.html, rendered.text):
        assert shown.count("发出书面催收通知并取得回执") == 1
        assert "当日约见" not in shown


def test_given_steps_when_listed_then_those_of_a_role_and_day_stand_together_and_what_is_late_leads() -> None:
    card = branch_view(branch_input()).must_do[0]
    assert [(one.due, one.due_in, one.due_state, one.role) for one in card.todo] == [
        ("3月30日 周一", "已超期 2 个工作日", "late", "客户经理"),
        ("4月1日 周三", "今日", "today", "支行负责人"),
        ("4月3日 周五", "", "ahead", ""),
    ]
    assert card.todo[1].words == "暂停提款（P01、P03）；向风险管理部门报告（P01、P03）", "said once, for both that ask"
    assert card.more == "另有 1 步，见工作表“处置步骤”"
    report = card.lines[0]
    assert report.actions[1].in_full == "暂停提款（留存：暂停提款通知）；向风险管理部门报告（留存：风险报告）"
    assert report.actions[2].words == "examine_acceleration", "a step without words is told by its code"
    assert report.due == "3月30日 周一", "the task's own day is no step's"


def test_given_steps_of_other_days_when_listed_then_each_day_is_a_step_of_its_own() -> None:
    moved = [row | {"due_on": date(2026, 3, 31), "late_days": 1} if row["indicator"] == "P03" else row for row in STEPS]
    card = branch_view(branch_input(steps=moved)).must_do[0]
    assert [one.due for one in card.todo] == ["3月30日 周一", "3月31日 周二", "3月31日 周二"]
    assert [one.words.count("发出书面催收通知并取得回执") for one in card.todo] == [1, 0, 0], "by its first day alone"
    assert card.todo[0].words == "发出书面催收通知并取得回执（P01、P03）"
    assert card.more == "另有 1 步，见工作表“处置步骤”", (
        "that of the third line; what two ask for on two days is one step"
    )


def test_given_two_loans_that_mature_when_listed_then_each_day_is_a_step_and_those_of_one_day_are_told_apart() -> None:
    one = {"kind": "maturity", "indicator": None, "severity": None, "next_step_zh": "约谈还款", "late_days": -9}
    days = {"L1": date(2026, 4, 10), "L2": date(2026, 4, 20), "L3": date(2026, 4, 20)}
    tasks = [
        task(rank, "C000118", **one, loan_id=loan, due_on=day, task_key=loan)
        for rank, (loan, day) in enumerate(days.items(), 1)
    ]
    (card,) = branch_view(branch_input(tasks=tasks, steps=[])).listed
    kind = card.lines[0].kind
    assert [(step.due_on, step.words) for step in card.todo] == [
        (date(2026, 4, 10), "约谈还款"),
        (date(2026, 4, 20), f"约谈还款（{kind} L2、{kind} L3）"),
    ]
    assert card.more == ""


@pytest.mark.parametrize(
    ("language", "said"), [("zh_CN", "（同一事项，另有信号：P03、T07）"), ("en", " (the same matter: P03, T07)")]
)
def test_given_a_line_that_stands_for_other_signals_then_every_form_names_them(language: Language, said: str) -> None:
    rows = [
        task(
            1,
            "C1",
            indicator="P01",
            severity="red",
            reason_zh="逾期;数据至2026-03-31",
            reason_en="Late; data to 2026-03-31",
        ),
        task(2, "C2", indicator="T05", severity="amber"),
        task(3, "C3", kind="maturity", indicator="P01"),
    ]
    signals = [
        {"branch_id": "B001", "client_id": client, "indicator": code, "told_with": beside}
        for client, code, beside in (("C1", "P01", "P03,T07"), ("C2", "T05", None), ("C3", "P01", "P03"))
    ]
    rendered = render_branch(branch_input(language, tasks=rows, signals=signals, steps=[], episodes=[]))
    for shown in (rendered.html, rendered.text):
        assert shown.count(said) == 1
        assert shown.count(said.split("P03")[0]) == 1, "of a warning alone, and where there are others"
    reasons = [row[10].value for row in load_workbook(BytesIO(rendered.xlsx_bytes)).worksheets[0].iter_rows(min_row=2)]
    assert sorted(str(reason).endswith(said) for reason in reasons) == [False, False, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_late_tasks_when_counted_then_no_client_is_called_overdue_for_them(language: Language) -> None:
    rendered = render_branch(branch_input(language))
    assert "逾期客户" not in rendered.html + rendered.text
    late = next(fact for fact in branch_view(branch_input(language)).figures if fact.tone == "late")
    assert (late.label, late.value) == ("超期任务" if language == "zh_CN" else "Overdue tasks", "3")


def test_given_a_coloured_client_when_listed_then_no_number_behind_its_rank_stands_on_its_card() -> None:
    view = branch_view(branch_input())
    cards = {card.client.id: card for card in view.listed}
    assert cards["C000905"].colour == "none", "a neutral card tells no colour"
    for shown in (render_branch(branch_input()).html, render_branch(branch_input()).text):
        assert "62.5" not in shown
        assert "83.9" not in shown
        assert "差于同类客户" not in shown


def test_given_signals_of_a_client_when_listed_then_red_comes_before_amber_and_heavy_before_light() -> None:
    fired = (
        ("T05", "amber", False, 5),
        ("T02", "amber", False, 12),
        ("T04", "red", False, 10),
        ("P01", "red", True, 3),
    )
    tasks = [task(n, "C1", indicator=i, severity=s, is_hard=h) for n, (i, s, h, _) in enumerate(fired, start=1)]
    signals = [{"branch_id": "B001", "client_id": "C1", "indicator": i, "weight": w} for i, _, _, w in fired]
    (card,) = branch_view(branch_input(tasks=tasks, signals=signals, steps=[])).rest
    assert [line.indicator for line in card.lines] == ["P01", "T04", "T02", "T05"]
    assert [line.severity_label for line in card.lines] == ["红", "红", "黄", "黄"]
    assert card.also == "另：T04（红）、T02（黄）、T05（黄）"


def test_given_lines_of_a_client_when_listed_then_red_leads_and_else_the_best_ranked_one() -> None:
    contact = task(1, "C1", kind="contact", priority=Decimal("60"), next_step_zh="联系")
    amber = task(2, "C1", indicator="T02", severity="amber", priority=Decimal("50"))
    red = task(3, "C1", indicator="T04", severity="red", priority=Decimal("40"), next_step_zh="压降")
    (card,) = branch_view(branch_input(tasks=[contact, amber, red])).rest
    assert [line.name for line in card.lines] == ["T04", "定期联系", "T02"]


def test_given_more_reds_than_are_named_when_listed_in_one_line_then_every_red_is_named() -> None:
    reds = [task(n, "C1", indicator=f"T{n:02}", severity="red") for n in range(1, 12)]
    ambers = [task(n, "C1", indicator=f"F{n:02}", severity="amber") for n in range(12, 16)]
    (card,) = branch_view(branch_input(tasks=[*reds, *ambers], steps=[], signals=[])).rest
    assert all(f"T{n:02}（红）" in card.also for n in range(2, 12))
    assert card.also.endswith("等共 14 项")


def test_given_the_date_of_the_data_when_listed_then_the_page_says_it_once_and_the_workbook_in_each_reason() -> None:
    view = branch_view(branch_input())
    assert view.data_to == "数据至 2026-03-31"
    assert not any("数据至" in line.reason for line in view.must_do[0].lines)
    assert all(row.line.reason.endswith("；数据至2026-03-31") for row in view.sheet[:3])
    assert render_branch(branch_input()).text.count("数据至 2026-03-31") == 1


def test_given_older_data_behind_a_reason_when_listed_then_the_reason_keeps_its_date() -> None:
    tasks = [*TASKS[:1], TASKS[1] | {"reason_zh": "入账下降;数据至2026-02-28"}, *TASKS[2:]]
    card = branch_view(branch_input(tasks=tasks)).must_do[0]
    assert next(line.reason for line in card.lines if line.indicator == "T02") == "入账下降；数据至2026-02-28"


def test_given_a_signal_that_fired_over_a_weekend_when_listed_on_monday_then_it_is_new() -> None:
    def change(covers_days: int) -> str:
        notes = replace(NOTES, covers_days=covers_days)
        lines = branch_view(branch_input(notes=notes)).must_do[0].lines
        return next(line.change for line in lines if line.indicator == "T02")

    assert (change(1), change(3)) == ("same", "new")


def test_given_two_owners_of_one_client_when_listed_then_it_has_one_card_and_the_other_is_named() -> None:
    tasks = [task(1, "C1", owner_id="S01"), task(2, "C1", owner_id="S03", kind="contact")]
    (card,) = branch_view(branch_input(tasks=tasks)).rest
    assert (card.owner.id, [line.helper for line in card.lines]) == ("S01", ["", "陈立 Chen Li"])


def test_given_tasks_beyond_capacity_when_listed_then_they_are_counted_and_kept_in_the_workbook() -> None:
    view = branch_view(branch_input())
    assert view.later_count == 2
    assert {(fact.label, fact.value) for fact in view.later} == {("王敏", "1 项"), ("陈立 Chen Li", "1 项")}
    assert [row.line.task_key for row in view.sheet if row.section == "暂缓处理"] == [f"{11:012x}", f"{12:012x}"]


def test_given_feedback_when_listed_then_who_and_what_are_shown_and_done_work_leaves_the_list() -> None:
    view = branch_view(branch_input())
    acknowledged = next(line for card in view.must_do for line in card.lines if line.status == "acknowledged")
    assert (acknowledged.status_label, acknowledged.feedback) == ("已接收", "李强：已约监理单位周四现场核验")
    assert [card.client.id for card in view.handled] == ["C000245"]
    assert all(line.status != "false_alarm" for card in (*view.must_do, *view.rest) for line in card.lines)


def test_given_clients_without_news_when_listed_then_they_are_counted_and_unassessed_ones_named() -> None:
    view = branch_view(branch_input())
    # 191 checked: 10 on the list or handled, 1 not assessed
    assert "其余 180 户，已评估的数据中无新增事项" in view.quiet
    assert [(row.client.name, row.missing) for row in view.not_assessed] == [("新设小微", "T01 存款下降、T02")]
    assert {count.code: count.count for count in view.colours}["green"] == 158


def test_given_clients_without_credit_when_listed_then_they_are_counted_apart_and_are_no_warning_that_goes_on() -> None:
    view = branch_view(branch_input())
    assert [(count.label, count.count) for count in view.colours[-2:]] == [("未评估", 1), ("无授信", 2)]
    assert "维持原预警：蓝色 20）" in view.quiet
    assert "无授信" not in view.quiet


def test_given_a_clients_missing_colour_when_counted_then_it_is_never_green() -> None:
    view = branch_view(branch_input(warnings=[{"client_id": "C1", "branch_id": "B001", "colour": "not_assessed"}]))
    counts = {count.code: count.count for count in view.colours}
    assert (counts["green"], counts["not_assessed"]) == (0, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_tasks_for_risk_alone_when_rendered_then_only_the_neutral_wording_is_left(language: Language) -> None:
    rendered = render_branch(branch_input(language))
    everything = rendered.html + rendered.text
    for secret in ("SECRET", "T16", "T15", "L66600001"):
        assert secret not in everything
    assert ("贷款资金用途核查到期" if language == "zh_CN" else "Use-of-funds check due") in everything


def test_given_a_malicious_name_when_rendered_then_it_is_text_and_no_tag() -> None:
    html = render_branch(branch_input()).html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_given_masked_mode_when_rendered_then_full_names_are_absent_and_in_full_mode_present() -> None:
    masked = render_branch(branch_input())
    full = render_branch(branch_input(branch=BRANCH | {"mail_mode": "full"}))
    assert "长江新材料科技股份有限公司" not in masked.html + masked.text
    for page in (full.html, full.text):
        assert "长江新材料科技股份有限公司" in page
    for page in (masked.html, masked.text, full.html, full.text):
        assert "欧阳文博" not in page, "a person is masked whatever the mode"


def test_given_a_row_of_another_branch_when_rendered_then_it_is_refused() -> None:
    strange = task(1, "C1") | {"branch_id": "B002"}
    with pytest.raises(NightdeskError, match="branch B002 came to the list of branch B001"):
        render_branch(branch_input(tasks=[strange]))


def test_given_a_holiday_a_restatement_and_a_provisional_calendar_when_rendered_then_each_is_said() -> None:
    unknown_from = date(2026, 4, 1)
    notes = replace(NOTES, covers_days=8, calendar_provisional_from=unknown_from, reconstructed=("loan", "instalment"))
    text = render_branch(branch_input(notes=notes, restated=True, revision=3)).text
    for words in ("涵盖 8 天", "重述", "第 3 版", "日历暂定", "追溯重建"):
        assert words in text


def test_given_a_tier_change_inside_a_holiday_when_listed_then_the_next_list_still_says_it() -> None:
    row = TIERS[0] | {"previous_tier": "important", "changed_from": "core", "changed_on": NOTES.data_to}
    long = branch_view(branch_input(tiers=[row], notes=replace(NOTES, covers_days=3)))
    assert [(change.before, change.after) for change in long.tier_changes] == [("核心", "重要")]


def test_given_a_quiet_branch_when_rendered_then_the_list_says_so_instead_of_being_empty() -> None:
    quiet = branch_input(tasks=[], cleared=[], tiers=[], warnings=[], staff=[], clients=[], summary={})
    text = render_branch(quiet).text
    assert "今夜的数据中没有本机构的客户" in text
    for words in ("没有今日必办事项", "没有其余待办事项", "没有回落或解除的预警"):
        assert words in text


def test_given_a_list_when_rendered_then_footer_names_date_cutoff_policy_and_what_was_missing() -> None:
    text = render_branch(branch_input()).text
    for words in ("2026-04-01 05:00 (Asia/Shanghai)", "2026-01-01/3f9a2c", "未校准", "征信、财务报表", "第 1 版"):
        assert words in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_page_when_parsed_then_nothing_is_loaded_and_colours_have_words(language: Language) -> None:
    page = Page(render_branch(branch_input(language)).html)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form"}
    assert not [attributes for _, attributes in page.tags if "src" in attributes or "href" in attributes]
    assert "url(" not in render_branch(branch_input(language)).html
    badges = [attributes for tag, attributes in page.tags if "badge" in (attributes.get("class") or "")]
    assert len(badges) > 10
    assert page.tags[0] == ("html", {"lang": "zh-CN" if language == "zh_CN" else "en"})


def test_given_more_clients_than_a_mail_holds_when_rendered_then_it_stays_small_and_counts_the_others() -> None:
    tasks = [task(rank, f"C{rank:05d}", is_must_do=rank <= 5, reason_zh="理由" * 60) for rank in range(1, 400)]
    source = branch_input(tasks=tasks)
    view = branch_view(source)
    html = render_mail_html(view, source, "附件")
    assert 80_000 < len(html.encode()) <= 100_000
    shown = html.count("剩2个工作日") + len(view.must_do)
    assert 50 < shown < 399
    assert f"另有 {399 - shown} 户未列出" in html
    assert render_branch(source).text.count("理由" * 60) == 399, "the text part has all of them"


@pytest.mark.parametrize("reds", [5, 40, 600])
def test_given_long_names_and_reasons_on_a_bad_day_when_mailed_then_the_html_stays_below_its_limit(reds: int) -> None:
    names = [
        {"client_id": f"C{rank:05d}", "name": "&" * 300, "short_name": "&" * 300, "is_natural_person": False}
        for rank in range(1, reds + 1)
    ]
    rows = [
        task(
            100 * rank + n,
            f"C{rank:05d}",
            is_must_do=rank <= 5,
            colour="red",
            severity="red",
            indicator=f"X{n:02}",
            reason_zh="&" * 400,
            next_step_zh="&" * 400,
        )
        for rank in range(1, reds + 1)
        for n in range(30 if rank <= 5 else 2)
    ]
    source = branch_input(tasks=rows, clients=names, cleared=[], tiers=[], steps=[])
    assert len(render_mail_html(branch_view(source), source, "附件").encode()) <= 100_000


def test_given_a_mail_body_when_rendered_then_its_styles_are_on_the_elements() -> None:
    source = branch_input()
    html = render_mail_html(branch_view(source), source, "附件")
    assert "<style" not in html
    assert 'style="' in html
    assert "<script" not in html


def test_given_signals_at_rest_then_one_line_at_the_head_names_them_and_says_until_when() -> None:
    """Given seven that a person keeps quiet, when the list is made, then five are named and all are counted."""
    rows = [
        {
            "branch_id": BRANCH["branch_id"],
            "client_id": f"C9{number}",
            "indicator": "T08",
            "state": "snoozed" if number == 1 else "false_alarm",
            "suppressed_until": None if number == 1 else date(2026, 6, 28),
            "snoozed_until": date(2026, 4, 9) if number == 1 else None,
        }
        for number in range(7, 0, -1)
    ]
    (flag,) = [one for one in branch_view(branch_input(resting=rows[-2:])).flags if one.label == "暂不列示"]
    assert "C91" in flag.value
    assert "已延后，至 2026-04-09" in flag.value
    assert "误报，至 2026-06-28" in flag.value
    (flag,) = [one for one in branch_view(branch_input(resting=rows)).flags if one.label == "暂不列示"]
    assert "C95" in flag.value
    assert "C96" not in flag.value
    assert flag.value.endswith("等，共 7 项")
    assert not [one for one in branch_view(branch_input()).flags if one.label == "暂不列示"]


def test_given_a_signal_at_rest_then_what_rests_with_it_is_named_and_what_is_listed_is_not() -> None:
    rows = [
        {
            "branch_id": "B001",
            "client_id": client,
            "indicator": "T05",
            "state": "snoozed",
            "snoozed_until": date(2026, 4, 9),
        }
        for client in ("C91", "C92", "C93")
    ]
    signals = [
        {"branch_id": "B001", "client_id": client, "indicator": "T05", "told_with": beside}
        for client, beside in (("C91", "T06"), ("C92", "T06"), ("C93", None))
    ]
    tasks = [task(1, "C92", indicator="T06", severity="red")]
    view = branch_view(branch_input(resting=rows, signals=signals, tasks=tasks, steps=[]))
    (flag,) = [one for one in view.flags if one.label == "暂不列示"]
    assert [said.partition("（")[0] for said in flag.value.split("、C9")] == ["C91 T05、T06", "2 T05", "3 T05"]


@pytest.mark.parametrize(("language", "mark"), [("zh_CN", "未经验证"), ("en", "Unproven")])
def test_given_an_unproven_signal_when_listed_then_its_line_is_marked_in_every_form_and_the_foot_says_what_it_means(
    language: Language, mark: str
) -> None:
    signals = [row | {"is_unproven": row["indicator"] == "T02"} for row in SIGNALS]
    source = branch_input(language, signals=signals)
    view = branch_view(source)
    marked = {line.indicator: line.unproven for card in view.must_do for line in card.lines if line.indicator}
    assert {code for code, said in marked.items() if said} == {"T02"}
    assert marked["T02"] == mark
    assert view.notes[-1].label == mark
    rendered = render_branch(source)
    assert f"[{mark}]" in rendered.text
    assert rendered.html.count(f'<span class="chip">{mark}</span>') == 1
    assert f"[{mark}]" in render_mail_html(view, source, "附件")
    plain = branch_view(branch_input(language))
    assert not any(line.unproven for card in (*plain.must_do, *plain.rest) for line in card.lines)
    assert mark not in [fact.label for fact in plain.notes]


def test_given_a_card_of_many_signals_when_printed_then_what_can_wait_is_named_and_no_proven_red_is_left_out() -> None:
    codes = [("P01", "red"), ("T02", "red"), ("F15", "red"), *((f"T{n:02}", "amber") for n in range(10, 17))]
    rows = [
        task(rank, "C000118", kind="warning", indicator=code, severity=severity, task_key=f"K{rank}", is_must_do=True)
        | {"next_step_zh": f"步骤{rank}", "next_step_en": f"step {rank}"}
        for rank, (code, severity) in enumerate(codes, start=1)
    ]
    signals = [
        {"branch_id": BRANCH["branch_id"], "client_id": "C000118", "indicator": code, "is_unproven": code == "F15"}
        for code, _ in codes
    ]
    view = branch_view(branch_input(tasks=rows, signals=signals, steps=[]))
    (card,) = view.must_do
    printed = [line.indicator for line in card.shown]
    assert {"P01", "T02"} <= set(printed)
    assert len(printed) == 3
    assert len(printed) + card.named.count("（") == len(codes) == len(card.lines)
    rendered = render_branch(branch_input(tasks=rows, signals=signals, steps=[]))
    assert card.named in rendered.text
    assert card.named in rendered.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_step_of_the_exit_plan_beside_many_reds_when_printed_then_the_card_has_its_line_and_what_it_asks(
    language: Language,
) -> None:
    rows = [
        task(n, "C000118", indicator=f"T{n:02}", severity="red", colour="red", is_must_do=True, due_on=date(2026, 4, 9))
        for n in range(10, 15)
    ]
    words = {"zh": "与客户面谈", "en": "meet the client"}
    step = task(20, "C000118", kind="exit_step", colour="red", is_must_do=True, due_on=date(2026, 4, 2), late_days=-1)
    step |= {f"next_step_{name}": word for name, word in words.items()} | {"reason_zh": "第1步", "reason_en": "Step 1"}
    offer = task(21, "C000118", kind="offer", colour="red", is_must_do=True, due_on=date(2026, 4, 3), late_days=-2)
    source = branch_input(language, tasks=[*rows, step, offer], steps=[])
    (card,) = branch_view(source).must_do
    assert [line.kind for line in card.shown if line.is_planned] == [catalogue(language)("kind.exit_step")]
    assert len(card.shown) == 6, "every red, the step, and no offer"
    asked = words["zh" if language == "zh_CN" else "en"]
    assert card.todo[0].words == asked
    rendered = render_branch(source)
    assert asked in rendered.text
    assert asked in Page(rendered.html).text


def test_given_a_card_of_few_signals_when_printed_then_all_are_and_nothing_is_said_of_more() -> None:
    view = branch_view(branch_input())
    assert all(card.shown == card.lines for card in view.listed if not card.named)
    assert not any(card.named for card in view.must_do if len(card.lines) <= 3)


@pytest.mark.parametrize(("language", "late", "today"), [("zh_CN", "超期", "今日"), ("en", "late", "today")])
def test_given_a_full_card_when_printed_then_what_is_due_first_is_on_it_and_what_presses_is_never_only_counted(
    language: Language, late: str, today: str
) -> None:
    usual = {"colour": "red", "is_must_do": True}
    reds = [task(n, "C000118", indicator=f"F0{n}", severity="red", late_days=-9, **usual) for n in range(1, 5)]
    rows = [
        *reds,
        # ambers: the one due first is printed, of the others each that presses is named with its day
        task(5, "C000118", indicator="T04", severity="amber", late_days=2, **usual),
        task(6, "C000118", indicator="T05", severity="amber", late_days=3, **usual),
        task(7, "C000118", indicator="T06", severity="amber", late_days=0, **usual),
        task(8, "C000118", indicator="T07", severity="amber", late_days=-1, **usual),
        # no warnings: what is due today is printed, what lies ahead waits
        task(9, "C000118", kind="watch_decision", late_days=0, **usual),
        task(10, "C000118", kind="offer", late_days=-1, **usual),
    ]
    (card,) = branch_view(branch_input(language, tasks=rows, steps=[], signals=[])).must_do
    kinds = catalogue(language).messages
    assert [line.name for line in card.shown] == ["F01", "F02", "F03", "F04", "T05", kinds["kind.watch_decision"]]
    t04, t06, t07, offer = card.named.split(": " if language == "en" else "：", 1)[1].split(
        ", " if language == "en" else "、"
    )
    assert t04.startswith("T04")
    assert late in t04
    assert t06.startswith("T06")
    assert t06.endswith(today)
    assert not any(word in text for word in (late, today) for text in (t07, offer)), "a day ahead is no alarm"
    ahead = [row | {"late_days": -9} for row in rows[:4]] + [rows[7] | {"late_days": -8}]
    (card,) = branch_view(branch_input(language, tasks=ahead, steps=[], signals=[])).must_do
    assert card.shown == card.lines, "whatever is due first, late or not"


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "（待审定、"), ("en", "(to be decided, ")])
def test_given_a_stage_that_risk_has_not_decided_yet_when_listed_then_it_says_so(language: Language, said: str) -> None:
    stage = {"branch_id": "B001", "client_id": "C000118", "stage": "W2", "review_due": date(2026, 4, 30)}
    for decision, proposed, is_said in (
        ("pending", "W2", True),
        ("confirmed", "W2", False),
        ("stands", "W2", False),
        ("pending", "W1", False),
    ):
        row = stage | {"decision": decision, "proposed_stage": proposed}
        (card, *_) = branch_view(branch_input(language, watched=[row])).must_do
        assert (said in card.watched) == is_said, (decision, proposed)


def test_given_forty_red_clients_when_listed_then_five_have_cards_and_each_other_a_line_in_every_form() -> None:
    rows = [
        task(rank, f"C{rank:03d}", colour="red", severity="red", indicator="P01", is_must_do=rank <= 5)
        for rank in range(1, 41)
    ]
    rows.append(task(41, "C900", place_rule="large_arrears", indicator="P01", severity="amber"))
    source = branch_input(tasks=rows, steps=[], signals=[])
    view = branch_view(source)
    assert (len(view.must_do), len(view.reds), len(view.rest)) == (5, 36, 0), "large arrears are among them"
    rendered = render_branch(source)
    for page in (rendered.html, rendered.text, render_mail_html(view, source, "附件")):
        assert all(f"C{rank:03d}" in page for rank in range(1, 41))
    assert rendered.html.count("one c-red") == 35
    assert "one c-red beyond" not in rendered.html, "no red is left out on paper"


def test_given_episodes_when_listed_then_what_is_told_anew_is_a_change_and_what_stands_has_its_age() -> None:
    rows = [
        task(1, "C1", indicator="P01", severity="red", colour="red", change="same"),
        task(2, "C2", indicator="T04", severity="amber", change="new"),
        task(3, "C3", indicator="T05", severity="amber", change="same"),
        task(4, "C4", indicator="T01", severity="amber", change="new", is_later=True),
        task(5, "C3", indicator="T06", severity="amber", change="same", is_later=True),
    ]
    usual = {"branch_id": "B001", "last_seen": BUSINESS_DATE, "opened_on": date(2026, 2, 26)}
    episodes = [
        usual | {"client_id": "C1", "indicator": "P01", "is_told": True, "told_because": "reminder"},
        usual | {"client_id": "C2", "indicator": "T04", "is_told": False, "told_because": "opened"},
        usual | {"client_id": "C3", "indicator": "T05", "is_told": True, "told_because": "reopened"},
        usual | {"client_id": "C4", "indicator": "T01", "is_told": True, "told_because": "opened"},
    ]
    view = branch_view(branch_input(tasks=rows, signals=[], steps=[], episodes=episodes))
    assert [(news.client.id, news.what, news.note) for news in view.changes] == [
        ("C1", "P01（红）", "再次提醒"),
        ("C3", "T05（黄）", "再次触发"),
        ("C4", "T01（黄）", "新增"),
    ], "a client that is put off whole is on no card, and what is new of it is told"
    assert [(card.lead.age, card.lead.is_told) for card in view.listed] == [
        ("第 34 天", True),
        ("第 34 天", False),
        ("第 34 天", True),
    ]


def test_given_the_watch_list_when_listed_then_the_card_has_its_stage_and_the_day_of_its_review() -> None:
    watched = [
        {"branch_id": "B001", "client_id": "C000118", "stage": "W3", "review_due": date(2026, 4, 9)},
        {"branch_id": "B001", "client_id": "C000307", "stage": "W0", "review_due": None},
    ]
    view = branch_view(branch_input(watched=watched))
    cards = {card.client.id: card.watched for card in view.listed}
    assert cards["C000118"] == "观察名单三级重点（4月9日前复核）"
    assert cards["C000307"] == ""
    assert cards["C000118"] in render_branch(branch_input(watched=watched)).text


def test_given_tasks_that_nobody_answered_when_listed_then_page_one_says_who_was_told() -> None:
    rows = [
        task(1, "C1", late_days=5, overdue_level="L2", escalated_to="branch_risk"),
        task(2, "C2", late_days=9, overdue_level="L3"),
        task(3, "C3", late_days=1, overdue_level="L1"),
    ]
    view = branch_view(branch_input(tasks=rows))
    assert [(news.client.id, news.note) for news in view.late] == [
        ("C2", "L3 支行负责人督办"),
        ("C1", "已升级至分行风险"),
        ("C3", ""),
    ]
    assert {fact.label: fact.value for fact in view.figures}["升级督办"] == "2"


@pytest.mark.parametrize("mode", ["masked", "full"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_person_without_credit_when_listed_then_no_form_tells_what_went_in_or_out(
    language: Language, mode: str
) -> None:
    person = {"client_id": "C7", "name": "欧阳文博", "short_name": None, "is_natural_person": True}
    told = {
        "reason_zh": "入账下降 SECRET",
        "reason_en": "fell SECRET",
        "next_step_zh": "SECRET",
        "next_step_en": "SECRET",
    }

    def special(rank: int, event: str, **words: str) -> dict[str, object]:
        subject = f"{event}/2026-03-31"
        quiet = {"kind": "special_contact", "colour": "no_credit", "exposure_amt": Decimal(0)}
        return task(rank, "C7", subject=subject, **quiet, **words)

    rows = [
        task(1, "C7", kind="funds_leaving", colour="no_credit", exposure_amt=Decimal(0), indicator="T02", **told),
        task(2, "C7", kind="a_kind_of_tomorrow", colour="no_credit", exposure_amt=Decimal(0), **told),
        task(3, "C7", kind="contact", colour="no_credit", exposure_amt=Decimal(0), reason_zh="应联系", reason_en="due"),
        special(5, "handover", reason_zh="客户由S03移交", reason_en="handed over by S03"),
        special(6, "off_balance_maturity", **told),
        special(7, "large_outflow", **told),
        special(8, "an_event_of_tomorrow", **told),
        # a borrower's flows are the branch's business
        task(4, "C000533", kind="funds_leaving", colour="amber", reason_zh="流水 1", reason_en="flow 1"),
    ]
    gone = {"client_id": "C7", "branch_id": "B001", "indicator": "T02", "reason_zh": "SECRET", "reason_en": "SECRET"}
    source = branch_input(
        language,
        tasks=rows,
        steps=[],
        clients=[*CLIENTS, person],
        branch=BRANCH | {"mail_mode": mode},
        cleared=[gone],
        warnings=[{"client_id": "C7", "branch_id": "B001", "colour": "no_credit"}],
    )
    view, rendered = branch_view(source), render_branch(source)
    book = load_workbook(BytesIO(rendered.xlsx_bytes))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    for form in (rendered.html, rendered.text, render_mail_html(view, source, ""), cells):
        assert "SECRET" not in form
        assert "欧阳文博" not in form
        assert ("流水 1" if language == "zh_CN" else "flow 1") in form
    assert ("应联系" if language == "zh_CN" else "due") in rendered.text, "what names no flow is told"
    assert ("由S03移交" if language == "zh_CN" else "over by S03") in cells, "and so is an event that names none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_any_form_of_a_list_then_it_says_that_it_is_internal_what_is_in_it_and_what_to_do_if_misdelivered(
    language: Language,
) -> None:
    source = branch_input(language)
    view, rendered = branch_view(source), render_branch(source)
    for said in view.said:
        for form in (rendered.text, Page(rendered.html).text, Page(render_mail_html(view, source, "")).text):
            assert said in form
    assert "账号" in view.said[1] or "account numbers" in view.said[1]
    assert ("贷款与项目编号" if language == "zh_CN" else "numbers of loans and projects") in view.said[1]


def test_given_an_english_list_then_its_own_words_have_no_chinese_and_it_says_where_names_have() -> None:
    english = {"name_en": "Chengdong Branch"}
    named = branch_input("en", branch=BRANCH | english)
    assert any("in Chinese only" in said for said in branch_view(named).said)
    clients = [row | {"name": f"Client {n}", "short_name": f"Client {n}"} for n, row in enumerate(CLIENTS)]
    staff = [{"staff_id": f"S0{n}", "branch_id": "B001", "name": f"Staff {n}", "role": "rm"} for n in range(1, 4)]
    tasks = [row | {"feedback_note": None} for row in TASKS]
    plain = branch_input("en", branch=BRANCH | english, clients=clients, staff=staff, tasks=tasks, steps=[])
    view, rendered = branch_view(plain), render_branch(plain)
    assert not any("in Chinese only" in said for said in view.said)
    for form in (rendered.text, Page(rendered.html).text, Page(render_mail_html(view, plain, "")).text):
        assert not re.search(r"[\u3400-\u9fff]", form)
    payer = replace(plain, tasks=[tasks[0] | {"reason_en": "The main payer '青川港口' stopped paying"}, *tasks[1:]])
    assert any("in Chinese only" in said for said in branch_view(payer).said), "who is no client has a name, too"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("takes_replies", [True, False])
def test_given_cards_with_codes_when_listed_then_every_form_says_how_they_are_answered(
    language: Language, *, takes_replies: bool
) -> None:
    tasks = [row | {"card_code": f"K1234{place}A"} for place, row in enumerate(TASKS)]
    source = branch_input(language, tasks=tasks, takes_replies=takes_replies)
    view, rendered = branch_view(source), render_branch(source)
    words = {"zh_CN": ("已办", "误报", "转办", "稍后"), "en": ("Done", "False alarm", "Handed over", "Later")}[language]
    way = {"zh_CN": "回复清单邮件", "en": "reply to the mail"}[language]
    for form in (rendered.html, rendered.text, render_mail_html(view, source, "")):
        assert view.answering in unescape(form)
    assert all(word in view.answering for word in words)
    assert view.must_do[0].lead.code in view.answering
    assert (way in view.answering) is takes_replies, "nobody is told to write to a mailbox that nobody reads"
    other = render_branch(replace(source, takes_replies=not takes_replies))
    assert other.content_digest == rendered.content_digest, "where answers go is no news of a client"
    assert branch_view(branch_input(language)).answering == "", "nothing here has a code"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rule", "zh", "en", "is_placed"),
    [
        ("hard_red", "红色硬性信号", "hard red", False),
        ("large_arrears", "大额逾期", "large arrears", True),
        ("stop", "暂停提款或停产令", "draw stop or stop order", True),
        ("red", "其他红色", "other red", False),
        ("near", "期限临近", "deadline near", True),
        ("points", "综合得分", "points", False),
    ],
)
def test_given_each_place_of_policy_when_listed_then_a_card_says_why_it_stands_there_and_a_line_where_no_colour_does(
    language: Language, rule: str, zh: str, en: str, *, is_placed: bool
) -> None:
    rows = [
        task(1, "C000118", place_rule=rule, is_must_do=True, colour="amber"),
        task(2, "C000245", place_rule=rule, colour="amber"),
    ]
    view = branch_view(branch_input(language, tasks=rows))
    rendered = render_branch(branch_input(language, tasks=rows))
    words = zh if language == "zh_CN" else en
    assert [(card.place, card.is_placed) for card in view.listed] == [(words, is_placed)] * 2
    label = {"zh_CN": "排序依据：", "en": "placed by: "}[language]
    assert rendered.text.count(label + words) == 1
    assert rendered.html.count(f"{label}</span>{words}") == 1
    assert (f"[{words}]" in rendered.text) is is_placed
    assert (f'class="chip">{words}</span>' in rendered.html) is is_placed


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_what_decided_a_colour_when_listed_then_a_card_names_the_plainest_rule_and_below_amber_none(
    language: Language,
) -> None:
    rows = [
        task(1, "C000118", is_must_do=True, colour="red"),
        task(2, "C000307", is_must_do=True, colour="red"),
        task(3, "C000905", is_must_do=True, colour="blue"),
        task(4, "C000412", is_must_do=True, colour="amber"),  # no rule of this bank's night says why
    ]
    view = branch_view(branch_input(language, tasks=rows))
    rendered = render_branch(branch_input(language, tasks=rows))
    hard, floor = {
        "zh_CN": ("硬性信号 J15、P01", "五级分类下限为关注"),
        "en": ("hard signal J15, P01", "five-class floor Special mention"),
    }[language]
    label = {"zh_CN": "定色依据：", "en": "colour by: "}[language]
    assert {card.client.id: card.decided for card in view.listed} == {
        "C000118": hard, "C000307": floor, "C000905": "", "C000412": "",
    }  # fmt: skip
    assert rendered.text.count(label) == 2
    assert rendered.html.count(f"{label}</span>{hard}</span>") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("tables", "amount", "zh", "en"),
    [
        ((), "0.00", "无授信", "no credit"),
        (("loan",), "0.00", "授信情况未提供", "credit not supplied"),
        (("loan",), "5000.00", "授信敞口 5,000.00元", "exposure CNY 5,000.00"),  # a bill, a guarantee
    ],
)
def test_given_a_bank_that_supplies_no_loans_when_listed_then_no_exposure_is_not_known_to_be_none(
    language: Language, tables: tuple[str, ...], amount: str, zh: str, en: str
) -> None:
    rows = [task(1, "C000118", is_must_do=True, exposure_amt=Decimal(amount))]
    source = branch_input(language, tasks=rows, notes=replace(NOTES, not_supplied=tables))
    words = zh if language == "zh_CN" else en
    assert [card.exposure for card in branch_view(source).listed] == [words]
    assert f" · {words}" in render_branch(source).html
    assert [row.exposure for row in branch_view(source).sheet] == [
        None if tables and amount == "0.00" else Decimal(amount)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_late_tasks_when_listed_then_their_number_and_the_section_add_up(language: Language) -> None:
    rows = [
        task(1, "C000118", late_days=2, is_must_do=True),
        task(2, "C000118", late_days=0, is_must_do=True),
        task(3, "C000245", late_days=8),
        task(4, "C000307", late_days=None),
        task(5, "C000412", late_days=1, status="done"),
    ]
    view = branch_view(branch_input(language, tasks=rows))
    late = {"zh_CN": "超期任务", "en": "Overdue tasks"}[language]
    assert next(fact.value for fact in view.figures if fact.label == late) == "2"
    assert [news.client.id for news in view.late] == ["C000245"]
    assert {"zh_CN": "必办客户的 1 项", "en": "1 is on the cards"}[language] in view.late_hint
    alone = branch_view(branch_input(language, tasks=rows[2:]))
    assert "1" not in alone.late_hint
    source, t = branch_input(language, tasks=rows), catalogue(language)
    assert view.late_hint in render_branch(source).text
    assert view.late_hint in unescape(render_mail_html(view, source, ""))
    assert view.late_hint in [row[1] for row in note_sheet(view, t).rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_late_tasks_that_are_put_off_when_listed_then_they_are_counted_with_the_others_and_said_to_wait(
    language: Language,
) -> None:
    rows = [
        task(1, "C000118", late_days=2),
        task(2, "C000245", late_days=8, is_later=True, owner_id="S01"),
        task(3, "C000307", late_days=1, is_later=True, owner_id="S01"),
        task(4, "C000412", late_days=0, is_later=True, owner_id="S01"),
    ]
    view = branch_view(branch_input(language, tasks=rows))
    late = {"zh_CN": "超期任务", "en": "Overdue tasks"}[language]
    assert next(fact.value for fact in view.figures if fact.label == late) == "3"
    assert [news.client.id for news in view.late] == ["C000118"]
    assert {"zh_CN": "另有 2 项超期任务暂缓处理", "en": "2 more overdue and put off"}[language] in view.late_hint
    assert [fact.value for fact in view.later] == [
        {"zh_CN": "3 项，其中超期 2 项", "en": "3 tasks, 2 of them overdue"}[language]
    ]


@pytest.mark.parametrize("is_must_do", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_given_tasks_of_a_listed_client_that_are_put_off_then_its_card_says_how_many_and_which_is_due_first(
    language: Language, is_must_do: bool
) -> None:
    rows = [
        task(1, "C000118", due_on=date(2026, 4, 20), late_days=-9, is_must_do=is_must_do),
        task(2, "C000118", indicator="F08", due_on=date(2026, 4, 16), late_days=-7, is_later=True),
        task(3, "C000118", due_on=date(2026, 4, 17), late_days=-8, is_later=True),
        task(4, "C000245", due_on=None, late_days=None),
        task(5, "C000245", due_on=None, late_days=None, is_later=True),
        task(6, "C000307"),
        task(7, "C000412", is_later=True),
    ]
    source = branch_input(language, tasks=rows)
    view, rendered = branch_view(source), render_branch(source)
    cards = {card.client.id: card for card in (*view.must_do, *view.listed)}
    said = {
        "zh_CN": "另有 2 项暂缓处理，最早4月16日到期（F08），见工作表“清单”",
        "en": "2 more are put off, the first due 16 Apr (F08)",
    }
    undated = {"zh_CN": "另有 1 项暂缓处理，见工作表", "en": "1 more is put off; it is"}
    assert "20" in cards["C000118"].due
    for form in (Page(rendered.html).text, rendered.text, Page(render_mail_html(view, source, "")).text):
        assert said[language] in form
        assert form.count(undated[language]) == 1, "of a client that is not listed at all the section tells"
    assert cards["C000307"].put_off == cards["C000307"].named == cards["C000307"].also == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", "更早到期：T05（黄），4月8日 周三 剩1个工作日"), ("en", "due sooner: T05 (Amber), ")],
)
def test_given_a_task_that_is_due_before_the_one_that_a_row_names_then_the_row_shows_its_own_day_and_whose_the_other_is(
    language: Language, said: str
) -> None:
    rows = [
        task(1, "C1", indicator="T02", severity="red", due_on=date(2026, 4, 15), late_days=-6),
        task(2, "C1", indicator="T05", severity="amber", due_on=date(2026, 4, 8), late_days=-1),
        task(3, "C1", indicator="T06", severity="amber", due_on=None, late_days=None),
        task(4, "C2", indicator="T02", severity="red", due_on=date(2026, 4, 8), late_days=-1),
        task(5, "C2", indicator="T05", severity="amber", due_on=date(2026, 4, 15), late_days=-6),
    ]
    source = branch_input(language, tasks=rows, steps=[], signals=[])
    view, rendered = branch_view(source), render_branch(source)
    later, first = sorted(view.listed, key=lambda card: card.client.id)
    assert (later.lead.name, later.due) == ("T02", later.lead.due)
    assert "6" in later.due_short
    assert later.sooner.startswith(said)
    assert first.sooner == ""
    for form in (Page(rendered.html).text, rendered.text, Page(render_mail_html(view, source, "")).text):
        assert form.count(said) == 1


def test_given_more_signals_than_a_line_names_then_it_says_how_many_there_are_in_all() -> None:
    rows = [task(place, "C000118", indicator=f"T{place:02d}", severity="amber") for place in range(1, 10)]
    (card,) = branch_view(branch_input(tasks=rows, signals=[])).listed
    assert card.also == "另：" + "、".join(f"T{place:02d}（黄）" for place in range(2, 8)) + "等共 8 项"
    (english,) = branch_view(branch_input("en", tasks=rows, signals=[])).listed
    assert english.also.endswith("T07 (Amber) and others, 8 in all")


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", "{owner}（休假，{deputy}代）"), ("en", "{owner} (away, {deputy} acts)")],
)
def test_given_a_manager_who_is_away_when_listed_then_list_and_workbook_name_whose_the_client_is_and_who_acts(
    language: Language, said: str
) -> None:
    staff = [
        {"staff_id": "S91", "name": "王海涛", "branch_id": "B001"},
        {"staff_id": "S92", "name": "张敏", "branch_id": "B001"},
    ]
    rows = [task(1, "C1", owner_id="S92"), task(2, "C2", owner_id="S92"), task(3, "C1", owner_id="S91")]
    away = [{"branch_id": "B001", "client_id": "C1", "owner_id": "S91", "deputy_id": "S92"}]
    source = branch_input(language, tasks=rows, staff=staff, away=away)
    both = said.format(owner="王海涛", deputy="张敏")
    view = branch_view(source)
    assert {card.client.id: card.owner.name for card in view.listed} == {"C1": both, "C2": "张敏"}
    assert both in render_branch(source).text
    assert [(row.client.id, row.owner.name, row.owner.id) for row in view.sheet] == [
        ("C1", both, "S91"),
        ("C1", "王海涛", "S91"),
        ("C2", "张敏", "S92"),
    ]


@pytest.mark.parametrize(
    ("language", "said", "unsaid"), [("zh_CN", "员工", "无颜色"), ("en", "Colleague", "No colour")]
)
def test_given_a_task_about_a_colleague_then_list_and_workbook_call_it_one_and_speak_of_no_colour(
    language: Language, said: str, unsaid: str
) -> None:
    rows = [task(1, "staff:S02", colour=None, tier=None), task(2, "C2", colour=None)]
    source = branch_input(language, tasks=rows, steps=[])
    view = branch_view(source)
    assert {card.client.id: card.colour_label for card in view.listed} == {"S02": said, "C2": unsaid}
    assert {row.client.id: row.colour_label for row in view.sheet} == {"S02": said, "C2": unsaid}
    assert f"[{said}] 李强" in render_branch(source).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_work_of_risk_on_a_client_of_a_branch_below_then_its_list_tells_all_and_steps_and_the_branchs_own_nothing(
    language: Language,
) -> None:
    asked = task(
        1,
        "C777001",
        kind="risk_signal",
        audience="risk_only",
        indicator="T15",
        severity="red",
        is_hard=True,
        colour="red",
        reason_zh="回流甲乙丙",
        reason_en="came back ABC",
    )
    stopped = {**steps(1, "T15")[0], "task_key": asked["task_key"]}
    client = {"client_id": "C777001", "name": "云岭建材有限公司", "short_name": "云岭建材", "is_natural_person": False}
    above = branch_input(
        language, tasks=[asked], steps=[stopped], clients=[{**client, "branch_id": "B777"}], signals=[]
    )
    own = branch_input(language, tasks=[asked], steps=[stopped], clients=[{**client, "branch_id": "B001"}], signals=[])
    unknown = branch_input(language, tasks=[asked], steps=[stopped], clients=[], signals=[])

    told = render_branch(above)
    assert asked["reason_zh" if language == "zh_CN" else "reason_en"] in told.text
    assert "C777001" in told.text
    assert catalogue(language).label("kind", "risk_signal") in told.html or "T15" in told.html
    assert [step.indicator for step in branch_view(above).steps] == ["T15"]

    for source in (own, unknown):
        neutral = render_branch(source)
        for form in (neutral.text, neutral.html):
            assert "T15" not in form
            assert "回流甲乙丙" not in form
            assert "came back ABC" not in form
        assert branch_view(source).steps == ()
