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


def report(*blocks: tuple[str, str, str], returned: str = "", kind: str = "message/rfc822") -> bytes:
    """A report of a server: of each recipient what it did, by which status, and what comes back of the mail."""
    told = "".join(f"\nFinal-Recipient: rfc822; {to}\nAction: {did}\nStatus: {status}\n" for to, did, status in blocks)
    parts = f"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.bank.example\n{told}"
    parts += f"--x\nContent-Type: {kind}\n\n{returned}\n" if returned else ""
    head = "From: postmaster@bank.example\nMessage-ID: <r@bank.example>\n"
    head += "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
    return f"{head}{parts}--x--\n".encode()


@pytest.mark.parametrize(
    ("did", "status", "is_given_up"),
    [
        ("failed", "5.1.1", True),
        ("FAILED", "5.1.1", True),
        ("failed", "", True),
        ("failed", "4.4.1", False),
        ("delayed", "4.4.1", False),
        ("delayed", "5.1.1", False),
        ("delivered", "2.0.0", False),
    ],
)
def test_given_a_report_then_a_server_has_given_up_only_on_what_failed_for_good(
    did: str, status: str, is_given_up: bool
) -> None:
    said = said_in(report(("b1@bank.example", did, status)))
    assert (said.kind, said.bounced) == (("bounce", ("b1@bank.example",)) if is_given_up else ("automatic", ()))


def test_given_a_report_of_many_then_twenty_are_named() -> None:
    said = said_in(report(*((f"b{number}@bank.example", "failed", "5.1.1") for number in range(21))))
    assert said.bounced == tuple(f"b{number}@bank.example" for number in range(20))


@pytest.mark.parametrize(
    ("kind", "returned", "about"),
    [
        ("message/rfc822", "Message-ID: <a@b>\n\nlist", {"<a@b>"}),
        ("text/rfc822-headers", "Message-ID: <a@b>\n", {"<a@b>"}),
        ("text/plain", "Message-ID: <a@b>\n", set()),
        # what a mail quotes may look like ids: three of a returned mail are enough, and only its beginning is read
        (
            "text/rfc822-headers",
            "".join(f"Message-ID: <{number}@b>\n" for number in range(4)),
            {"<0@b>", "<1@b>", "<2@b>"},
        ),
        ("text/rfc822-headers", f"Subject: {'x' * 20_000}\nMessage-ID: <a@b>\n", set()),
        ("text/rfc822-headers", f"X: {'x' * 19_900}\nMessage-ID: <a@b>\n", {"<a@b>"}),
    ],
    ids=["the mail", "its head", "another text", "many ids", "far down", "not so far"],
)
def test_given_what_comes_back_then_its_id_says_which_mail_it_was(kind: str, returned: str, about: set[str]) -> None:
    assert said_in(report(("b1@bank.example", "failed", "5.1.1"), returned=returned, kind=kind)).about == about


def test_given_many_returned_mails_then_their_ids_are_looked_for_until_five_are_known() -> None:
    heads = "".join(f"--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{number}@b>\n\n" for number in range(7))
    whole = report(("b1@bank.example", "failed", "5.1.1")).replace(b"--x--", heads.encode() + b"--x--")
    assert said_in(whole).about == {f"<{number}@b>" for number in range(5)}


def test_given_an_answer_then_the_mails_that_it_answers_are_known_and_fifty_at_most() -> None:
    ids = [f"<{number:02}@b>" for number in range(51)]
    reply = f"From: s1@bank.example\nIn-Reply-To: {ids[0]}\nReferences: {' '.join(ids[1:])} <no id>\n\nK40281C done\n"
    assert said_in(reply.encode()).about == set(ids[:50])


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("", "reply"),
        ("Auto-Submitted: no", "reply"),
        ("Auto-Submitted: auto-replied; x=y", "automatic"),
        ("Precedence: Bulk", "automatic"),
        ("Precedence: normal", "reply"),
        ("X-Autoreply: yes", "automatic"),
        ("X-Autorespond:", "automatic"),
        ("X-Autoresponder: yes", "automatic"),
        ("Subject: Automatic reply: away", "automatic"),
        ("Subject: RE: automatic reply", "reply"),
        ("From: MAILER-DAEMON@bank.example", "automatic"),
    ],
)
def test_given_a_head_of_a_machine_then_the_mail_is_no_persons(head: str, kind: str) -> None:
    sender = "" if head.startswith("From") else "From: s1@bank.example\n"
    said = said_in(f"{sender}{head}\nMessage-ID: <a@b>\n\nK40281C done\n".replace("\n\nMessage", "\nMessage").encode())
    assert said.kind == kind


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n  > K1 quoted\n  K40281C\t done  \n> more\n", "K40281C done"),
        ("> only quoted\n", ""),
        ("\n" * 39 + "in the fortieth line\n", "in the fortieth line"),
        ("\n" * 40 + "in the next\n", ""),
        ("x" * 501, "x" * 500),
        (" " * 199_999 + "xy", "x"),
    ],
    ids=["quoted", "nothing own", "last line", "line after", "long line", "long text"],
)
def test_given_a_text_then_the_first_line_that_a_person_wrote_counts_within_bounds(text: str, line: str) -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = "s1@bank.example", "<a@b>"
    message.set_content(text, cte="quoted-printable")
    assert said_in(message.as_bytes()).line == line


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("<p>K40281C</p>done", "K40281C"),
        ("K40281C<br>done", "K40281C"),
        ("<span>K40281C</span> <b>done</b>", "K40281C done"),
        ("<style>p {}</style><p>K40281C</p>", "K40281C"),
        ("<head><title>x</title>y</head><p>K40281C</p>", "K40281C"),
        ("</style><p>K40281C</p>", "K40281C"),
        ("<head><style>a</style>b</head>c", "c"),
        ("K40281C</li>done", "K40281C"),
        ("K40281C</span>done", "K40281Cdone"),
    ],
)
def test_given_a_page_for_a_reply_then_blocks_are_lines_and_what_is_not_shown_says_nothing(
    page: str, line: str
) -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = "s1@bank.example", "<a@b>"
    message.set_content(page, subtype="html")
    assert said_in(message.as_bytes()).line == line


@pytest.mark.parametrize(
    ("language", "offered"),
    [("en", ("Done", "False alarm", "Handed over", "Later")), ("zh_CN", ("已办", "误报", "转办", "稍后"))],
)
def test_given_a_language_then_the_answers_that_a_list_offers_are_its_words_and_each_is_read_again(
    language: str, offered: tuple[str, ...]
) -> None:
    assert choices(language) == offered
    assert tuple(map(answer_of, offered)) == tuple(ANSWERS)


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
