"""Operators are told: near the deadline, when lists are not out; a mail that cannot be made hides nothing."""

import email
import email.policy
import logging
from pathlib import Path

import pytest

from nightdesk.orchestration.telling import deadline_near


@pytest.fixture
def home(tmp_path: Path, desk_database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("NIGHTDESK_DESK_URL", desk_database)
    monkeypatch.setenv("NIGHTDESK_OPERATORS_EMAIL", "ops@bank.example; Night <night@bank.example>")
    return tmp_path


def test_given_a_night_that_is_not_out_when_the_deadline_is_near_then_each_operator_is_told_what_to_do(
    home: Path,
) -> None:
    deadline_near()
    mails = [email.message_from_bytes(one.read_bytes(), policy=email.policy.SMTP) for one in home.rglob("*.eml")]
    assert sorted(str(one["To"]) for one in mails) == ["night@bank.example", "ops@bank.example"]
    body = mails[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "not published" in text
    assert "nightdesk status" in text
    assert "07:30" in text


def test_given_a_run_of_a_native_backfill_when_its_deadline_is_past_then_nobody_is_told(home: Path) -> None:
    deadline_near(context={"dag_run": {"run_type": "backfill"}})
    assert not list(home.rglob("*.eml"))
    deadline_near(context={"dag_run": {"run_type": "scheduled"}})
    assert len(list(home.rglob("*.eml"))) == 2


def test_given_a_mail_address_of_no_use_when_the_deadline_is_near_then_nothing_is_raised_and_the_log_says_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NIGHTDESK_SMTP_URL", "gopher://mail.example")
    with caplog.at_level(logging.ERROR):
        deadline_near()
    assert "the operators were not told" in caplog.text
    assert not list(home.rglob("*.eml"))
