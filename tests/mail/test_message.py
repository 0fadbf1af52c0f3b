"""The mail as MIME: three parts, one identity, the same bytes, and nobody else's address."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from branch_sample import BRANCH, NOTES, branch_input
from mail_sample import ENVELOPE, compose_list
from openpyxl import load_workbook

from nightdesk.errors import MailError
from nightdesk.mail.message import build_message, file_stem, message_id, sole_address


def parsed(**changes: Any) -> EmailMessage:
    """The sample list's mail, written to bytes and read again."""
    envelope = replace(ENVELOPE, **{k: v for k, v in changes.items() if hasattr(ENVELOPE, k)})
    source = branch_input(**{k: v for k, v in changes.items() if not hasattr(ENVELOPE, k)})
    content = build_message(compose_list(source, envelope)).as_bytes()
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_given_a_list_when_mailed_then_text_html_and_workbook_come_back_whole() -> None:
    message = parsed()
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "长江新材" in text.get_content()
    assert "长江新材" in html.get_content()
    assert len(html.get_content().encode()) <= 100_000
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "nightdesk-2026-03-31-B001.xlsx"
    assert load_workbook(BytesIO(attachment.get_content())).sheetnames[0] == "清单"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]


def test_given_the_same_list_when_built_twice_then_every_byte_is_equal() -> None:
    first, second = (build_message(compose_list(branch_input(), ENVELOPE)).as_bytes() for _ in range(2))
    assert first == second


def test_given_a_list_when_mailed_then_its_identity_comes_from_date_branch_kind_and_revision() -> None:
    message = parsed(revision=2)
    assert message["Message-ID"] == "<nightdesk.contract.2026-03-31.B001.branch_list.r2@bank.example>"
    assert message["Date"] == "Wed, 01 Apr 2026 07:30:00 +0800"
    assert (message["From"], message["To"]) == ("Nightdesk <nightdesk@bank.example>", "chengdong@bank.example")
    assert message["Auto-Submitted"] == "auto-generated"


def test_given_ids_with_odd_characters_when_named_then_message_id_and_file_are_safe_and_distinct() -> None:
    made = {message_id("p", "2026-03-31", branch, "list", 1, "a@b") for branch in ("a/b", "a b", "分行", "../x")}
    assert len(made) == 4
    for identifier in made:
        assert identifier.isascii()
        assert not set("/ \\") & set(file_stem(identifier))


def test_given_ids_of_any_length_when_named_then_message_id_file_and_attachment_stay_short_and_distinct() -> None:
    ids = ["分" * 400, "分" * 401, "x" * 64, "x" * 65, "x" * 5000, "a/" * 3000]
    made = [message_id("p" * 300, "2026-03-31", branch, "list", 1, "a@b", copy=2) for branch in ids]
    assert len(set(made)) == len({file_stem(one) for one in made}) == len(ids)
    for identifier in made:
        assert len(identifier) < 250
        assert len(file_stem(identifier)) <= 200
        assert not set("/ \\") & set(file_stem(identifier))
    assert len({file_stem(f"<{'y' * 500}{n}@b>") for n in range(2)}) == 2, "foreign ids are bounded as well"
    tables = "tasks steps warnings deciding paths capped cleared tiers signals clients staff withheld"
    nothing: dict[str, Any] = dict.fromkeys(tables.split(), ())
    message = parsed(branch=BRANCH | {"branch_id": "分" * 400}, summary={}, **nothing)
    assert message["Message-ID"] == message_id("contract", "2026-03-31", "分" * 400, "branch_list", 1, "a@bank.example")
    (attachment,) = message.iter_attachments()
    assert len(attachment.get_filename() or "") < 120


def test_given_the_second_recipient_of_a_list_when_named_then_only_its_id_says_so() -> None:
    first, second = (message_id("p", "2026-03-31", "B1", "list", 3, "a@b", copy) for copy in (1, 2))
    assert (first, second) == ("<nightdesk.p.2026-03-31.B1.list.r3@b>", "<nightdesk.p.2026-03-31.B1.list.r3.2@b>")


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("zh_CN", "晨单 2026-04-01 城东支行：必办 5 户，其余 4 户"),
        ("en", "Nightdesk 2026-04-01 Chengdong Branch: 5 must do, 4 more"),
    ],
)
def test_given_a_language_when_mailed_then_the_subject_is_in_it(language: str, subject: str) -> None:
    assert parsed(language=language)["Subject"] == subject


def test_given_a_restated_backfilled_list_when_mailed_then_the_subject_says_so_first_with_the_date() -> None:
    subject = parsed(restated=True, revision=2, is_backfill=True)["Subject"]
    assert subject.startswith("[补跑 业务日期 2026-03-31] [重述] 晨单")
    plain = parsed()["Subject"]
    assert "重述" not in plain
    assert "补跑" not in plain


def test_given_nothing_to_do_when_mailed_then_the_subject_says_that() -> None:
    assert compose_list(branch_input(tasks=[]), ENVELOPE).subject.endswith("已评估的数据中今日无待办")


def test_given_mode_link_only_when_mailed_then_no_client_is_named_and_nothing_attached() -> None:
    message = parsed(branch=BRANCH | {"mail_mode": "link_only"}, link="https://desk.bank.example/x")
    assert list(message.iter_attachments()) == []
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        content = body.get_content()
        assert "https://desk.bank.example/x" in content
        for word in ("长江新材", "C000118", "SECRET"):
            assert word not in content
    assert "5" not in message["Subject"].replace("2026-04-01", "")


def test_given_mode_masked_when_mailed_then_full_names_are_in_no_part_and_in_mode_full_they_are() -> None:
    name = "长江新材料科技股份有限公司"

    def says(message: EmailMessage) -> list[bool]:
        bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
        (book,) = message.iter_attachments()
        cells = [
            str(cell)
            for sheet in load_workbook(BytesIO(book.get_content())).worksheets
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        ]
        return [body is not None and name in body.get_content() for body in bodies] + [name in cells]

    assert says(parsed()) == [False, False, False]
    assert says(parsed(branch=BRANCH | {"mail_mode": "full"})) == [True, True, True]


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@", "@b", "a@b,c@d", "a@b; c@d", "a@b\r\nBcc: x@y", "a b@c", "行@银行.cn"],
)
def test_given_a_registry_entry_that_is_not_one_address_when_mailed_then_it_is_refused(address: str) -> None:
    with pytest.raises(MailError, match="the recipient is not one mail address"):
        parsed(recipient=address)


def test_given_an_address_with_a_name_when_read_then_the_mailbox_is_left() -> None:
    assert sole_address("城东 <a@b.example>") == "a@b.example"


def test_given_a_branch_name_with_a_line_break_when_mailed_then_no_header_is_added() -> None:
    message = parsed(branch=BRANCH | {"name": "城东\r\nBcc: x@y.example"})
    assert message["Bcc"] is None
    assert NOTES.morning.isoformat() in message["Subject"]
