"""The mail catcher, over a real connection."""

import email
import email.policy
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from nightdesk.orchestration.mail_catcher import mail_catcher
from nightdesk.pg.cluster import free_port


def _message(identifier: str | None) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "晨单"
    if identifier:
        message["Message-ID"] = identifier
    message.set_content(".leading dot\n逾期 12 天\n")
    return message


def test_given_a_message_when_sent_then_it_is_kept_whole_under_its_id(tmp_path: Path) -> None:
    port = free_port()
    with mail_catcher(tmp_path / "home" / "mail", port) as address:
        assert address == f"smtp://127.0.0.1:{port}"
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(_message("<night/1@example.org>"))
            server.send_message(_message("<night/1@example.org>"))
    (kept,) = (tmp_path / "home" / "mail").iterdir()
    assert kept.name == "night%2F1.eml"
    read = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert read["Subject"] == "晨单"
    assert read.get_content().replace("\r\n", "\n") == ".leading dot\n逾期 12 天\n"


def test_given_a_message_without_an_id_when_sent_then_it_is_refused(tmp_path: Path) -> None:
    port = free_port()
    with (
        mail_catcher(tmp_path, port),
        smtplib.SMTP("127.0.0.1", port) as server,
        pytest.raises(smtplib.SMTPDataError, match="Message-ID"),
    ):
        server.send_message(_message(None))
    assert list(tmp_path.iterdir()) == []


def test_given_a_folder_that_cannot_be_written_when_sent_then_the_sender_is_told_to_try_later(
    tmp_path: Path,
) -> None:
    port = free_port()
    blocked = tmp_path / "file"
    blocked.write_text("")
    with (
        mail_catcher(blocked / "mail", port),
        smtplib.SMTP("127.0.0.1", port) as server,
        pytest.raises(smtplib.SMTPDataError) as raised,
    ):
        server.send_message(_message("<m@example.org>"))
    assert raised.value.smtp_code == 452


def test_given_the_service_of_a_deployment_when_mailed_and_told_to_stop_then_it_kept_the_mail_and_ends(
    tmp_path: Path,
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "nightdesk.orchestration.mail_catcher", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, env={"NIGHTDESK_HOME": str(tmp_path)}, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        assert str(port) in service.stdout.readline()
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(_message("<m-2@example.org>"))
        service.send_signal(signal.SIGTERM)
        assert service.wait(10) == 0
    assert (tmp_path / "mail" / "m-2.eml").exists()
