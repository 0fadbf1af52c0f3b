"""What a transport says about a message's fate, against a real server."""

import email
import email.policy
import socket
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from branch_sample import branch_input
from loopback import Loopback
from mail_sample import ENVELOPE, compose_list
from scripted import SILENCE, scripted_smtp

from nightdesk.errors import PolicyError
from nightdesk.mail.message import build_message
from nightdesk.mail.smtp import SmtpTransport
from nightdesk.mail.transport import FileTransport, transport_of


@pytest.fixture(scope="module")
def message() -> EmailMessage:
    """The sample list's mail."""
    return build_message(compose_list(branch_input(), ENVELOPE))


def test_given_a_server_that_accepts_when_delivered_then_it_is_sent_and_arrives_byte_for_byte(
    smtp: Loopback, message: EmailMessage
) -> None:
    outcome = transport_of(smtp.url).deliver(message)
    assert (outcome.fate, outcome.detail) == ("sent", "250 2.0.0 taken")
    assert smtp.handler.arrived == [message.as_bytes()]


def test_given_lines_that_begin_with_a_dot_when_delivered_then_none_is_lost(smtp: Loopback) -> None:
    dotted = EmailMessage(policy=email.policy.SMTP)
    dotted["From"], dotted["To"] = "a@b.example", "c@d.example"
    dotted.set_content(".\r\n..two\r\n.end\r\n", cte="7bit")
    assert transport_of(smtp.url).deliver(dotted).fate == "sent"
    assert smtp.handler.arrived[0].endswith(b"\r\n.\r\n..two\r\n.end\r\n")


@pytest.mark.parametrize(
    ("behaviour", "fate", "said"),
    [
        ("refuse_recipient", "refused", "550 5.1.1 no such mailbox"),
        ("refuse_data", "refused", "554 5.7.1 not wanted"),
        ("drop_before_data", "deferred", "before the message was handed over"),
        ("drop_in_data", "uncertain", "connection lost after DATA"),
        ("drop_after_data", "uncertain", "connection lost after DATA"),
    ],
)
def test_given_a_server_that_fails_when_delivered_then_only_a_lost_answer_is_uncertain(
    smtp: Loopback, message: EmailMessage, behaviour: str, fate: str, said: str
) -> None:
    smtp.handler.behaviour = behaviour
    outcome = transport_of(smtp.url).deliver(message)
    assert outcome.fate == fate
    assert said in outcome.detail


@pytest.mark.parametrize(
    ("stage", "words", "fate", "concerns"),
    [
        ("banner", b"421 4.3.2 busy\r\n", "deferred", "server"),
        ("banner", b"554 no service\r\n", "deferred", "server"),
        ("banner", b"", "deferred", "server"),
        ("EHLO", b"", "deferred", "server"),
        ("MAIL", b"451 later\r\n", "deferred", "message"),
        ("MAIL", b"550 5.1.8 sender unknown\r\n", "refused", "message"),
        ("MAIL", b"", "deferred", "connection"),
        ("RCPT", b"450 4.2.1 greylisted\r\n", "deferred", "message"),
        ("RCPT", b"421 closing\r\n", "deferred", "server"),
        ("RCPT", b"550 no such mailbox\r\n", "refused", "message"),
        ("RCPT", b"55", "deferred", "message"),
        ("RCPT", b"gibberish\r\n", "deferred", "message"),
        ("DATA", b"451 later\r\n", "deferred", "message"),
        ("DATA", b"554 no\r\n", "refused", "message"),
        ("DATA", b"250 what\r\n", "deferred", "message"),
        ("DATA", b"", "deferred", "connection"),
    ],
)
def test_given_trouble_up_to_data_when_delivered_then_it_is_known_that_nothing_left(
    message: EmailMessage, stage: str, words: bytes, fate: str, concerns: str
) -> None:
    with scripted_smtp(**{stage: words}) as script:
        outcome = transport_of(script.url).deliver(message)
    assert (outcome.fate, outcome.concerns) == (fate, concerns)
    assert "dot" not in script.heard


@pytest.mark.parametrize(
    ("words", "fate"),
    [
        (b"250 taken\r\n", "sent"),
        (b"250-taken\r\n250 as 7\r\n", "sent"),
        (b"250\r\n", "sent"),
        (b"451 4.3.0 later\r\n", "deferred"),
        (b"421 closing\r\n", "deferred"),
        (b"554-no\r\n554 never\r\n", "refused"),
        (b"", "uncertain"),
        (b"25", "uncertain"),
        (b"250 tak", "uncertain"),
        (b"55", "uncertain"),
        (b"554 n", "uncertain"),
        (b"451-later\r\n451", "uncertain"),
        (b"354 go on\r\n", "uncertain"),
        (b"\r\n", "uncertain"),
        (b"garbage\r\n", "uncertain"),
        (b"5540 odd\r\n", "uncertain"),
        (b"250-taken\r\n554 no\r\n", "uncertain"),
        (b"-1 odd\r\n", "uncertain"),
        (b"250 " + b"x" * 9000, "uncertain"),
    ],
)
def test_given_an_answer_to_the_message_when_it_is_not_whole_then_its_fate_is_unknown(
    message: EmailMessage, words: bytes, fate: str
) -> None:
    with scripted_smtp(dot=words) as script:
        outcome = transport_of(script.url).deliver(message)
    assert outcome.fate == fate


@pytest.mark.parametrize(("stage", "fate"), [("banner", "deferred"), ("RCPT", "deferred"), ("dot", "uncertain")])
def test_given_a_server_that_falls_silent_when_delivered_then_only_after_the_message_its_fate_is_unknown(
    message: EmailMessage, stage: str, fate: str
) -> None:
    with scripted_smtp(**{stage: SILENCE}) as script:
        transport = transport_of(script.url)
        assert isinstance(transport, SmtpTransport)
        assert replace(transport, timeout=0.3).deliver(message).fate == fate


def test_given_the_mark_before_data_when_it_cannot_be_set_then_nothing_is_handed_over(message: EmailMessage) -> None:
    def fails() -> None:
        assert heard() == "RCPT"  # the recipient is accepted by then
        raise KeyError

    with scripted_smtp() as script:

        def heard() -> str:
            return script.heard[-1]

        with pytest.raises(KeyError):
            transport_of(script.url).deliver(message, fails)
    assert "DATA" not in script.heard
    assert script.arrived == []


@pytest.mark.parametrize(("words", "is_pointless"), [(b"535 no\r\n", True), (b"454 later\r\n", False)])
def test_given_a_login_that_fails_when_delivered_then_all_wait_and_a_wrong_password_is_not_repeated(
    message: EmailMessage, words: bytes, is_pointless: bool
) -> None:
    with scripted_smtp(EHLO=b"250-here\r\n250 AUTH PLAIN\r\n", AUTH=words) as script:
        outcome = transport_of(script.url.replace("smtp://", "smtp://u:secret@")).deliver(message)
    assert (outcome.fate, outcome.concerns, outcome.is_pointless) == ("deferred", "server", is_pointless)
    assert "secret" not in outcome.detail


def test_given_words_of_a_server_that_act_on_a_terminal_when_told_then_they_do_not(message: EmailMessage) -> None:
    with scripted_smtp(RCPT=b"550 \x1b[31m[/x] no\xff\r\n") as script:
        assert transport_of(script.url).deliver(message).detail == "550 ?[31m[/x] no\ufffd"


def test_given_nobody_listening_when_delivered_then_it_is_deferred_and_the_address_named(
    message: EmailMessage,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outcome = transport_of(f"smtp://127.0.0.1:{port}").deliver(message)
    assert (outcome.fate, outcome.concerns) == ("deferred", "server")
    assert f"127.0.0.1:{port} cannot be used" in outcome.detail


def test_given_a_server_without_tls_when_starttls_is_asked_for_then_nothing_leaves_in_clear(
    smtp: Loopback, message: EmailMessage
) -> None:
    outcome = transport_of(smtp.url.replace("smtp://", "smtp+starttls://u:p@")).deliver(message)
    assert (outcome.fate, outcome.concerns) == ("deferred", "server")
    assert smtp.handler.arrived == []
    assert "p@" not in outcome.detail


def test_given_a_folder_when_delivered_twice_then_one_whole_file_with_the_same_bytes(
    tmp_path: Path, message: EmailMessage
) -> None:
    transport = transport_of(f"file://{tmp_path}/mail")
    assert [transport.deliver(message).fate for _ in range(2)] == ["sent", "sent"]
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "nightdesk.contract.2026-03-31.B001.branch_list.r1.eml"
    assert file.read_bytes() == message.as_bytes()


def test_given_a_folder_that_cannot_be_made_when_delivered_then_it_waits(tmp_path: Path, message: EmailMessage) -> None:
    (tmp_path / "mail").write_text("a file")
    assert FileTransport(tmp_path / "mail").deliver(message).fate == "deferred"


def test_given_an_address_with_escapes_when_read_then_user_and_password_are_plain_and_not_shown() -> None:
    transport = transport_of("smtps://night%40bank:p%2Fw@mail.bank.example")
    assert isinstance(transport, SmtpTransport)
    assert (transport.user, transport.password, transport.port, transport.security) == ("night@bank", "p/w", 465, "tls")
    assert "p/w" not in repr(transport)


@pytest.mark.parametrize("url", ["", "mailto:x", "smtp://", "file://relative", "http://x", "smtp://h:port"])
def test_given_an_address_of_no_kind_when_read_then_the_remedy_names_the_setting(url: str) -> None:
    with pytest.raises(PolicyError, match="NIGHTDESK_SMTP_URL"):
        transport_of(url)
