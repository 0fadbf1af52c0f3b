"""A receipt for a mailed answer: what was taken, and of each other line why it was not, and nothing of any client."""

import pytest

from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.receipt import ReceiptLine, receipt_texts


def test_given_lines_when_told_then_what_was_refused_leads_with_its_reason_and_the_rest_is_named() -> None:
    lines = [
        ReceiptLine(2, "K40281C", "taken"),
        ReceiptLine(3, "", "refused", "no_code"),
        ReceiptLine(4, "A11111A", "refused", "checker_role"),
        ReceiptLine(0, "", "refused", "file"),
        ReceiptLine(5, "B22222B", "refused", "said_in_a_later_version"),
        ReceiptLine(6, "C33333C", "taken", is_away=True),
    ]
    subject, text, html = receipt_texts(lines, 2, 4, "zh_CN")
    assert subject == "反馈回执：采纳2行，未采纳4行"
    assert text.index("未采纳4行") < text.index("已采纳2行")
    for said in (
        "第3行：缺少卡片编号",
        "附件：附件无法读取",
        "K40281C：已采纳",
        "B22222B：按规则不能采纳",
    ):
        assert said in text
    assert "C33333C：已采纳（答复时正在休假" in text
    assert "checker_role" not in text
    assert "K40281C" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_long_reply_when_told_then_thirty_lines_of_each_are_and_the_others_counted(language: Language) -> None:
    lines = [ReceiptLine(n, "", "refused", "no_code") for n in range(1, 201)]
    _, text, _ = receipt_texts(lines, 0, 1000, language)
    assert text.count("\n  ") == 31
    assert "970" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_mail_without_a_code_when_told_then_it_says_how_to_answer(language: Language) -> None:
    _, text, _ = receipt_texts([], 0, 0, language)
    assert ("卡片编号" if language == "zh_CN" else "card code") in text
