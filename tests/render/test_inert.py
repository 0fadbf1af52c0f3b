"""Text of the bank's on pages, in mails and workbooks: nothing acts, and nothing fills the page."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from branch_sample import BRANCH, CLIENTS, STAFF, TASKS, branch_input, render_branch, task
from mail_sample import compose_list
from openpyxl import load_workbook
from project_sample import COVENANTS, REVIEW, project_input, quality_input

from nightdesk.mail.compose import Envelope
from nightdesk.mail.message import build_message
from nightdesk.render.branch import MAIL_BYTES
from nightdesk.render.inert import cut, inert
from nightdesk.render.made_of import BranchInput, Hold
from nightdesk.render.project import render_project
from nightdesk.render.quality import render_quality

#: turned around, isolated, beeping, coloured, hidden, a tag character, half a letter
ACTIVE = "\u202e\u202a\u2066\u2069\u200e\u061c\x07\x1b[31m\x00\x08\x7f\x85\u200b\ufeff\u00ad\U000e0041\ud800"
HOSTILE = f"甲{ACTIVE}乙"
LONG = "长" * 40_000


def with_text(text: str) -> BranchInput:
    """The sample list, with a text in place of every name and remark of the bank's."""
    source = branch_input("en")
    clients = [row | {"name": text, "short_name": text} for row in CLIENTS]
    staff = [row | {"name": text} for row in STAFF]
    tasks = [row | {"reason_en": text, "next_step_en": text, "feedback_note": text} for row in TASKS]
    branch = BRANCH | {"name": text, "name_en": text}
    return replace(source, branch=branch, clients=clients, staff=staff, tasks=tasks)


def active(text: str) -> list[str]:
    return sorted({f"U+{ord(letter):04X}" for letter in text if letter in ACTIVE and letter not in "[31m"})


@pytest.mark.parametrize("letter", [letter for letter in ACTIVE if letter not in "[31m"])
def test_given_a_letter_that_acts_then_it_is_gone_and_its_neighbours_stay(letter: str) -> None:
    assert inert(f"甲{letter}乙") == "甲乙"


@pytest.mark.parametrize(
    "text", ["", "plain", "张三 & Söhne", "می\u200cخواهم", "क्\u200dष", "two\nlines\tand a tab", "𠮷野家"]
)
def test_given_text_that_only_says_something_then_it_stays(text: str) -> None:
    assert inert(text) == text


def test_given_a_text_at_and_over_the_limit_then_only_the_longer_ends_in_an_ellipsis() -> None:
    assert cut("x" * 60, 60) == "x" * 60
    assert cut("x" * 61, 60) == "x" * 59 + "…"


def test_given_letters_that_act_in_every_name_then_no_form_of_the_list_has_one() -> None:
    source = with_text(HOSTILE)
    rendered = render_branch(source)
    assert "甲" in rendered.html
    assert active(rendered.html) == []
    assert active(rendered.text) == []
    book = load_workbook(BytesIO(rendered.xlsx_bytes))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("甲" in cell for cell in cells)
    assert active("".join(cells) + str(book.properties.title)) == []
    assert "_x0007_" not in "".join(cells)


def test_given_letters_that_act_in_an_id_then_no_form_of_the_list_has_one() -> None:
    rendered = render_branch(branch_input("en", tasks=[task(1, HOSTILE, is_must_do=True)]))
    book = load_workbook(BytesIO(rendered.xlsx_bytes))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert inert(HOSTILE) in cells
    assert active(rendered.html + rendered.text + "".join(cells)) == []


def test_given_letters_that_act_then_subject_and_parts_of_the_mail_have_none(envelope: Envelope) -> None:
    mail = compose_list(with_text(HOSTILE), envelope)
    assert active(mail.subject + mail.text + mail.html) == []
    assert active(str(build_message(replace(mail, subject=HOSTILE))["Subject"])) == []


def test_given_letters_that_act_then_project_and_quality_pages_have_none() -> None:
    covenants = [row | {"name": HOSTILE} for row in COVENANTS]
    assert active(render_project(project_input(review=REVIEW | {"name": HOSTILE}, covenants=covenants))) == []
    assert active(render_quality(quality_input(held=Hold((HOSTILE,), is_releasable=True), remedy=HOSTILE)).html) == []


@pytest.mark.parametrize("mode", ["masked", "full"])
def test_given_names_of_forty_thousand_letters_then_no_part_of_the_mail_is_large(mode: str, envelope: Envelope) -> None:
    source = with_text(LONG)
    mail = compose_list(replace(source, branch={**source.branch, "mail_mode": mode}), envelope)
    assert len(mail.html.encode()) <= MAIL_BYTES
    assert len(mail.text.encode()) <= MAIL_BYTES
    assert "长…" in mail.text
    one: Any = replace(branch_input("en"), clients=[row | {"name": LONG, "short_name": LONG} for row in CLIENTS])
    plain = compose_list(branch_input("en"), envelope)
    assert len(compose_list(one, envelope).html) < len(plain.html) + 100 * len(CLIENTS)
