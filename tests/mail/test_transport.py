"""What a transport says about a message's fate, against a real server."""

import email
import email.policy
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest
from branch_sample import branch_input
from loopback import Loopback
from mail_sample import ENVELOPE

from nightdesk.errors import MailError, PolicyError
from nightdesk.mail.compose import compose_list
from nightdesk.mail.message import build_message
from nightdesk.mail.transport import FileTransport, Outcome, SmtpTransport, deliver, require_sent, transport_of


@pytest.fixture(scope="module")
def message() -> EmailMessage:
    """The sample list's mail."""
    return build_message(compose_list(branch_input(), ENVELOPE))


def test_given_a_server_that_accepts_when_delivered_then_it_is_sent_and_arrives_byte_for_byte(
    smtp: Loopback, message: EmailMessage
) -> None:
    outcome = deliver(transport_of(smtp.url), message)
    assert (outcome.fate, outcome.detail) == ("sent", "250 2.0.0 taken")
    assert smtp.handler.arrived == [message.as_bytes()]


def test_given_lines_that_begin_with_a_dot_when_delivered_then_none_is_lost(smtp: Loopback) -> None:
    dotted = EmailMessage(policy=email.policy.SMTP)
    dotted["From"], dotted["To"] = "a@b.example", "c@d.example"
    dotted.set_content(".\r\n..two\r\n.end\r\n", cte="7bit")
    assert deliver(transport_of(smtp.url), dotted).fate == "sent"
    assert smtp.handler.arrived[0].endswith(b"\r\n.\r\n..two\r\n.end\r\n")


@pytest.mark.parametrize(
    ("behaviour", "fate", "said"),
    [
        ("refuse_recipient", "refused", "550 5.1.1 no such mailbox"),
        ("refuse_data", "refused", "554 5.7.1 not wanted"),
        ("drop_before_data", "refused", "before the message was handed over"),
        ("drop_in_data", "uncertain", "connection lost after DATA"),
        ("drop_after_data", "uncertain", "connection lost after DATA"),
    ],
)
def test_given_a_server_that_fails_when_delivered_then_only_a_lost_answer_is_uncertain(
    smtp: Loopback, message: EmailMessage, behaviour: str, fate: str, said: str
) -> None:
    smtp.handler.behaviour = behaviour
    outcome = deliver(transport_of(smtp.url), message)
    assert outcome.fate == fate
    assert said in outcome.detail


def test_given_nobody_listening_when_delivered_then_it_is_refused_and_the_address_named(
    message: EmailMessage,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outcome = deliver(transport_of(f"smtp://127.0.0.1:{port}"), message)
    assert outcome.fate == "refused"
    assert f"127.0.0.1:{port} cannot be used" in outcome.detail


def test_given_a_server_without_tls_when_starttls_is_asked_for_then_nothing_leaves_in_clear(
    smtp: Loopback, message: EmailMessage
) -> None:
    outcome = deliver(transport_of(smtp.url.replace("smtp://", "smtp+starttls://u:p@")), message)
    assert outcome.fate == "refused"
    assert smtp.handler.arrived == []
    assert "p@" not in outcome.detail


def test_given_a_folder_when_delivered_twice_then_one_whole_file_with_the_same_bytes(
    tmp_path: Path, message: EmailMessage
) -> None:
    transport = transport_of(f"file://{tmp_path}/mail")
    assert [deliver(transport, message).fate for _ in range(2)] == ["sent", "sent"]
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "nightdesk.contract.2026-03-31.B001.branch_list.r1.eml"
    assert file.read_bytes() == message.as_bytes()


def test_given_a_folder_that_cannot_be_made_when_delivered_then_it_is_refused(
    tmp_path: Path, message: EmailMessage
) -> None:
    (tmp_path / "mail").write_text("a file")
    assert FileTransport(tmp_path / "mail").deliver(message).fate == "refused"


def test_given_an_address_with_escapes_when_read_then_user_and_password_are_plain_and_not_shown() -> None:
    transport = transport_of("smtps://night%40bank:p%2Fw@mail.bank.example")
    assert isinstance(transport, SmtpTransport)
    assert (transport.user, transport.password, transport.port, transport.security) == ("night@bank", "p/w", 465, "tls")
    assert "p/w" not in repr(transport)


@pytest.mark.parametrize("url", ["", "mailto:x", "smtp://", "file://relative", "http://x", "smtp://h:port"])
def test_given_an_address_of_no_kind_when_read_then_the_remedy_names_the_setting(url: str) -> None:
    with pytest.raises(PolicyError, match="NIGHTDESK_SMTP_URL"):
        transport_of(url)


@pytest.mark.parametrize(("fate", "words"), [("refused", "was refused"), ("uncertain", "is unknown")])
def test_given_a_list_that_did_not_leave_when_required_then_the_error_says_what_to_do(fate: str, words: str) -> None:
    with pytest.raises(MailError, match=f"{words}.*nightdesk outbox resolve"):
        require_sent(Outcome(fate, "why"), "the list of B001")  # type: ignore[arg-type]
    require_sent(Outcome("sent", ""), "the list of B001")
