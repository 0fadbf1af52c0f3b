"""Mails with reviews leave through the outbox on a real server: each once, and what became of each is kept."""

import json
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from hand_bank import D
from loopback import Loopback, loopback_smtp
from night_runs import CopySettings
from typer.testing import CliRunner

from nightdesk.cli import app
from nightdesk.desk import outbox
from nightdesk.desk.database import open_desk
from nightdesk.desk.outbox import Item, list_rows
from nightdesk.errors import MailError
from nightdesk.night import reviewing
from nightdesk.night.letters import letters_folder, send_waiting, waiting_letters
from nightdesk.night.mailing import send_lists
from nightdesk.night.review_mails import send_reviews
from nightdesk.settings import Settings


@pytest.fixture
def smtp() -> Iterator[Loopback]:
    with loopback_smtp() as server:
        yield server


@pytest.fixture
def settings(reviewing_night: tuple[Settings, str], copy_of: CopySettings, smtp: Loopback) -> Settings:
    return copy_of(reviewing_night[0]).model_copy(update={"smtp_url": smtp.url})


def send(settings: Settings, projects: list[str] | None = None) -> dict[str, int]:
    night = reviewing.night_of(settings)
    return send_reviews(settings, night, projects or ["P1"], reviewing.reviews_folder(settings, night), None)


def rows(settings: Settings) -> list[Item]:
    with open_desk(settings).connect() as connection:
        return [row for row in list_rows(connection) if row.kind.startswith(outbox.REVIEW)]


def states(settings: Settings) -> dict[str, str]:
    return {row.recipient: row.status for row in rows(settings)}


def drop_bad(settings: Settings) -> None:
    """A person settles the entry that is no address."""
    bad = [row.message_id for row in rows(settings) if not row.recipient]
    outbox.resolve(open_desk(settings), bad, "drop", "S1")


def test_given_reviewers_and_a_branch_when_sent_then_each_address_has_one_and_a_second_run_sends_nothing(
    settings: Settings, smtp: Loopback
) -> None:
    with pytest.raises(
        MailError, match=r"the mails of .* beside its lists are not all out \(1\): .*/review:E2\.\w+/1 is refused"
    ):
        send(settings)
    assert states(settings) == {
        "e1@bank.example": "sent",
        "": "refused",
        "b1@bank.example": "sent",
        "b1b@bank.example": "sent",
    }
    to = sorted(message_from_bytes(raw, policy=policy.default)["To"] for raw in smtp.handler.arrived)
    assert to == ["b1@bank.example", "b1b@bank.example", "e1@bank.example"]
    assert len({message_from_bytes(raw)["Message-ID"] for raw in smtp.handler.arrived}) == 3
    text = message_from_bytes(smtp.handler.arrived[0], policy=policy.default).get_body(("plain",)).get_content()
    assert "P1  P1.pdf" in text
    assert "青岭" not in text, "who it is stands in the review"
    drop_bad(settings)
    assert send(settings) == {}
    assert len(smtp.handler.arrived) == 3


def test_given_a_server_that_refuses_when_sent_then_that_is_kept_and_sent_again_only_once_a_person_says_so(
    settings: Settings, smtp: Loopback
) -> None:
    smtp.handler.behaviour = "refuse_recipient"
    with pytest.raises(MailError, match=r"not all out \(4\)"):
        send(settings)
    assert set(states(settings).values()) == {"refused"}
    smtp.handler.behaviour = "accept"
    drop_bad(settings)
    with pytest.raises(MailError, match=r"not all out \(3\)"):
        send(settings)
    assert smtp.handler.arrived == []
    refused = [row.message_id for row in rows(settings) if row.status == "refused"]
    outbox.resolve(open_desk(settings), refused, "resend", "S1")
    assert send(settings) == {"sent": 3}
    assert len(smtp.handler.arrived) == 3


def test_given_a_line_that_breaks_after_the_text_when_sent_then_its_fate_is_unknown_and_no_run_sends_it_again(
    settings: Settings, smtp: Loopback
) -> None:
    smtp.handler.behaviour = "drop_after_data"
    with pytest.raises(MailError, match="is uncertain"):
        send(settings)
    arrived = len(smtp.handler.arrived)
    assert "uncertain" in states(settings).values()
    smtp.handler.behaviour = "accept"
    uncertain = {row.recipient for row in rows(settings) if row.status == "uncertain"}
    with pytest.raises(MailError):
        send(settings)
    again = {message_from_bytes(raw, policy=policy.default)["To"] for raw in smtp.handler.arrived[arrived:]}
    assert not again & uncertain


def test_given_a_server_that_is_away_when_it_is_back_then_what_waits_leaves_as_it_was_written_without_the_reviews(
    settings: Settings, smtp: Loopback
) -> None:
    away = settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
    with pytest.raises(MailError, match="is pending"):
        send(away)
    assert states(settings)["e1@bank.example"] == "pending"
    night = reviewing.night_of(settings)
    with open_desk(settings).connect() as connection:
        assert len(waiting_letters(connection, night)) == 3
    assert [one.outcome.fate for one in send_waiting(settings, night)] == ["sent"] * 3
    assert len(smtp.handler.arrived) == 3


def test_given_a_text_that_is_gone_when_sent_then_it_waits_and_nothing_else_is_sent_in_its_place(
    settings: Settings, smtp: Loopback
) -> None:
    with pytest.raises(MailError):
        send(settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"}))
    night = reviewing.night_of(settings)
    for file in letters_folder(settings, night.profile, night.business_date).rglob("mail.json"):
        file.unlink()
    assert [one.outcome.fate for one in send_waiting(settings, night)] == ["deferred"] * 3
    assert smtp.handler.arrived == []


def test_given_another_language_when_asked_for_then_only_those_get_a_mail_who_have_none_in_it(
    settings: Settings, smtp: Loopback
) -> None:
    with pytest.raises(MailError):
        send(settings)
    drop_bad(settings)
    night, before = reviewing.night_of(settings), len(smtp.handler.arrived)
    folder = reviewing.reviews_folder(settings, night)
    assert send_reviews(settings, night, ["P1"], folder, "en") == {"sent": 2}
    later = [message_from_bytes(raw, policy=policy.default) for raw in smtp.handler.arrived[before:]]
    assert [mail["To"] for mail in later] == ["b1@bank.example", "b1b@bank.example"]
    assert {mail["Subject"] for mail in later} == {"[Nightdesk] ESG reviews of 2026-03-31: 1 project"}


def test_given_review_mails_that_are_not_out_then_the_morning_lists_are_and_outbox_shows_both(
    settings: Settings, smtp: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.handler.behaviour = "refuse_recipient"
    with pytest.raises(MailError):
        send(settings)
    smtp.handler.behaviour = "accept"
    send_lists(settings, reviewing.night_of(settings))  # does not raise: no list waits for a review
    monkeypatch.setenv("NIGHTDESK_HOME", str(settings.home))
    monkeypatch.setenv("NIGHTDESK_DESK_URL", str(settings.desk_url))
    monkeypatch.setenv("NIGHTDESK_SMTP_URL", smtp.url)
    shown = CliRunner().invoke(app, ["outbox", "list", "--json"])
    assert shown.exit_code == 0
    assert '"kind": "review:E1.' in shown.stdout
    assert '"kind": "branch_list"' in shown.stdout
    refused = [row for row in rows(settings) if row.status == "refused" and row.recipient]
    outbox.resolve(open_desk(settings), [row.message_id for row in refused], "resend", "S1")
    planned = CliRunner().invoke(app, ["outbox", "send", "--date", str(D), "--plan", "--json"])
    assert planned.stdout.count('"kind": "review:') == 3
    before = len(smtp.handler.arrived)
    lacking = CliRunner().invoke(app, ["outbox", "send", "--date", str(D)])
    assert (lacking.exit_code, len(smtp.handler.arrived)) == (7, before + 3), "a reviewer's entry is no address"
    drop_bad(settings)
    assert CliRunner().invoke(app, ["outbox", "send", "--date", str(D)]).exit_code == 0


def test_given_letters_that_wait_when_the_outbox_is_sent_then_it_says_what_became_of_each(
    settings: Settings, smtp: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MailError):
        send(settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"}))
    drop_bad(settings)
    for name, value in (("HOME", settings.home), ("DESK_URL", settings.desk_url), ("SMTP_URL", smtp.url)):
        monkeypatch.setenv(f"NIGHTDESK_{name}", str(value))
    smtp.handler.behaviour = "refuse_recipient"
    refused = CliRunner().invoke(app, ["outbox", "send", "--date", str(D)])
    assert refused.exit_code == 7
    bad = [row.message_id for row in rows(settings) if row.status == "refused"]
    assert len(bad) == 3
    smtp.handler.behaviour = "accept"
    outbox.resolve(open_desk(settings), bad, "resend", "S1")
    with open_desk(settings).connect() as connection:
        lists = [row.message_id for row in list_rows(connection, status="refused")]
    outbox.resolve(open_desk(settings), lists, "drop", "S1")
    sent = CliRunner().invoke(app, ["outbox", "send", "--date", str(D), "--json"])
    assert sent.exit_code == 0, sent.output
    assert {one["message_id"] for one in json.loads(sent.stdout)} >= set(bad)
