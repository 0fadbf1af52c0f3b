"""What each kind of mail is taken for, of mails as real programs write them."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from nightdesk.card_code import LETTERS, codes_in, is_code, without_codes
from nightdesk.entering.answers import ANSWERS, answer_begun, answer_of, choices, day_in
from nightdesk.inbox.message import said_in

MAILS = Path(__file__).parent / "mails"


@pytest.mark.parametrize(
    ("name", "kind", "sender", "line", "bounced"),
    [
        ("outlook_reply", "reply", "S1@bank.example", "K40281C 已办，已上门面谈", ()),
        ("html_reply", "reply", "s2@bank.example", "k40281-c A00000A handed over <to recovery>", ()),
        ("gmail_quoted", "reply", "h1@bank.example", "A00000A 误报 季节性", ()),
        ("out_of_office", "automatic", "s1@bank.example", "", ()),
        ("out_of_office_plain", "automatic", "s1@bank.example", "", ()),
        ("postfix_bounce", "bounce", "", "", ("b1@bank.example",)),
        ("delayed", "automatic", "postmaster@bank.example", "", ()),
        ("two_senders", "reply", "", "K40281C done", ()),
        ("forged", "reply", "", "K40281C done", ()),
    ],
)
def test_given_a_mail_of_a_kind_then_it_is_taken_for_that(
    name: str, kind: str, sender: str, line: str, bounced: tuple[str, ...]
) -> None:
    said = said_in((MAILS / f"{name}.eml").read_bytes())
    assert (said.kind, said.line, said.bounced) == (kind, line, bounced)
    if kind != "bounce":
        assert said.sender == sender


def test_given_a_bounce_then_the_mail_that_came_back_is_known_by_its_id() -> None:
    said = said_in((MAILS / "postfix_bounce.eml").read_bytes())
    assert "<nightdesk.contract.2026-03-31.B1.branch_list.r1@bank.example>" in said.about


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 50,
        b"From: \xff\xfe\n\nx",
        b"\xff" * 99,
    ],
)
def test_given_anything_for_a_mail_then_it_is_something_and_answers_nothing(content: bytes) -> None:
    said = said_in(content)
    assert said.kind in ("empty", "unreadable", "reply")
    assert codes_in(said.line) == ([], [])
    assert said.message_id


def test_given_attachments_then_workbooks_and_csv_alone_are_looked_at_and_three_at_most() -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = "s1@bank.example", "<a@b>"
    message.set_content("K40281C done")
    for name in ("run.exe", "a.xlsx", "b.xlsm", "c.CSV", "d.csv", "e.csv"):
        message.add_attachment(name.encode(), maintype="application", subtype="octet-stream", filename=name)
    assert said_in(message.as_bytes()).files == (b"a.xlsx", b"c.CSV", b"d.csv")


def test_given_every_single_mistyped_place_or_two_digits_that_changed_places_then_no_code_is_right() -> None:
    code = "K40281C"
    assert is_code(code)
    for place, letter in enumerate(code):
        others = LETTERS if letter in LETTERS else "0123456789"
        for other in set(others) - {letter}:
            assert not is_code(code[:place] + other + code[place + 1 :])
    for place in range(1, 5):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not is_code(swapped)


def test_given_a_line_then_its_codes_its_word_and_its_note_are_told_apart() -> None:
    line = "K40281C、A00000A 已办：面谈 A12345C x"
    assert codes_in(line) == (["K40281C", "A00000A"], ["A12345C"])
    assert answer_begun("已办：面谈 x") == ("done", "面谈 x")
    assert answer_begun("done") == ("done", "")
    assert answer_begun("Doneness is a word") == (None, "Doneness is a word")
    assert answer_begun("already done") == (None, "already done")
    assert without_codes("Ｋ40281Ｃ  later 2026-04-09") == "later 2026-04-09"
    assert str(day_in("等到 2026年4月9日")) == "2026-04-09"
    assert day_in("2026-13-01") is None


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_given_the_words_of_the_list_then_each_means_itself(language: str) -> None:
    assert [answer_of(word) for word in choices(language)] == list(ANSWERS)
    assert answer_of(" 已 办 ") is None
    assert answer_of("FALSE  ALARM") == "false_alarm"
