"""The outbox by hand, against a real SMTP server on loopback."""

import datetime
import email
import email.policy
import json
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from loopback import Loopback
from scripted import scripted_smtp
from terminal import Terminal

from nightdesk.bank_profile import Profile, load_profile
from nightdesk.cli import outbox_table
from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.errors import MailError
from nightdesk.mail.patience import Patience
from nightdesk.night.mailing import send_lists
from nightdesk.settings import Settings

pytestmark = pytest.mark.long


def states(terminal: Terminal) -> dict[str, str]:
    """How far each branch's list came, as `outbox list` says."""
    rows = json.loads(terminal.run("outbox", "list", "--date", str(D), "--json").stdout)
    return {row["branch_id"]: row["status"] for row in rows}


def ids(terminal: Terminal) -> list[str]:
    """Message-IDs, by branch."""
    return [row["message_id"] for row in json.loads(terminal.run("outbox", "list", "--json").stdout)]


def test_refused_lists_wait_for_a_person_and_then_leave_once(terminal: Terminal, smtp: Loopback) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    smtp.handler.behaviour = "refuse_recipient"
    refused = terminal.run("outbox", "send", "--date", str(D))
    assert refused.exit_code == 7
    assert refused.stderr.count("\n") == 1
    assert states(terminal) == {"B1": "refused", "B2": "refused"}
    assert "refused" in terminal.run("status", "--date", str(D), "--lang", "en").stdout

    smtp.handler.behaviour = "accept"
    again = terminal.run("outbox", "send", "--date", str(D))
    assert again.exit_code == 7, "nothing was mended"
    assert "branch B1 is refused" in again.stderr
    assert smtp.handler.arrived == [], "a refused list is not tried again by itself"

    chosen = ("--date", str(D), "--status", "refused", "--as", "resend")
    assert "将改为待发送（未执行任何操作）" in terminal.run("outbox", "resolve", *chosen).stdout
    planned = terminal.run("outbox", "resolve", *chosen, "--lang", "en")
    assert planned.exit_code == 0
    assert "Nothing was changed" in planned.stdout
    assert states(terminal) == {"B1": "refused", "B2": "refused"}
    assert terminal.run("outbox", "resolve", *chosen, "--yes").exit_code == 0
    assert states(terminal) == {"B1": "pending", "B2": "pending"}
    assert len(json.loads(terminal.run("outbox", "send", "--status", "pending", "--plan", "--json").stdout)) == 2
    assert smtp.handler.arrived == []
    assert terminal.run("outbox", "send", "--status", "pending").exit_code == 0
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert len(smtp.handler.arrived) == 2
    assert terminal.run("status", "--date", str(D)).exit_code == 0


def test_a_list_of_unknown_fate_is_never_sent_again_by_itself(terminal: Terminal, smtp: Loopback) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    smtp.handler.behaviour = "drop_in_data"
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 7
    assert states(terminal) == {"B1": "uncertain", "B2": "uncertain"}
    smtp.handler.behaviour = "accept"
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 7
    assert smtp.handler.arrived == []
    assert terminal.run("status", "--date", str(D)).exit_code == 9

    arrived, lost = ids(terminal)
    terminal.run("outbox", "resolve", arrived, "--as", "sent")
    terminal.run("outbox", "resolve", lost, "--as", "resend")
    assert terminal.run("outbox", "send", lost).exit_code == 0
    assert len(smtp.handler.arrived) == 1
    assert terminal.run("status", "--date", str(D)).exit_code == 0


def test_a_server_that_was_away_gets_the_lists_when_it_is_back(terminal: Terminal, smtp: Loopback) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = "smtp://127.0.0.1:1"
    away = terminal.run("outbox", "send", "--date", str(D))
    assert away.exit_code == 7
    assert "2 pending" in away.stderr
    assert f"nightdesk outbox send --date {D}" in away.stderr
    assert states(terminal) == {"B1": "pending", "B2": "pending"}
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert len(smtp.handler.arrived) == 2


def test_an_outage_within_a_run_costs_minutes_and_no_list(terminal: Terminal) -> None:
    with scripted_smtp(banner=b"421 busy\r\n") as script:
        settings = terminal.settings().with_option("smtp_url", script.url, "--smtp")
        with open_desk(settings).connect() as connection:
            published = current(connection, "contract", D)
        pauses: list[float] = []

        def comes_back(seconds: float) -> None:
            pauses.append(seconds)
            script.says.clear()

        patience = Patience(15, now() + datetime.timedelta(hours=1), pause=comes_back)
        assert [one.status for one in send_lists(settings, published, patience=patience)] == ["sent", "sent"]
    assert len(pauses) == 1
    assert len(script.arrived) == 2


def test_given_a_list_that_is_corrected_while_its_sender_waits_then_the_former_text_does_not_leave(
    terminal: Terminal, tmp_path: Path
) -> None:
    bank = ten_clients()
    bank["branch"][0]["name"] = "城东新区支行"
    words = ("--from", str(D), "--reread", "--reason", "a name", "--source", write_sqlite(bank, tmp_path / "bank.db"))
    pauses: list[float] = []
    with scripted_smtp(banner=b"421 busy\r\n") as script:
        settings = terminal.settings().with_option("smtp_url", script.url, "--smtp")
        with open_desk(settings).connect() as connection:
            published = current(connection, "contract", D)

        def another_corrects(seconds: float) -> None:
            pauses.append(seconds)
            assert terminal.run("backfill", *words).exit_code == 0
            assert terminal.run("outbox", "send", "--date", str(D), smtp_url="smtp://127.0.0.1:1").exit_code == 7
            script.says.clear()

        patience = Patience(15, now() + datetime.timedelta(hours=1), pause=another_corrects)
        with pytest.raises(MailError, match=r"branch B1 is pending \(the list was corrected while its sender waited"):
            send_lists(settings, published, patience=patience)
        assert len(pauses) == 1, "the sender that has the former text does not try it again"
        assert [to for to, _ in script.arrived] == ["b2@bank.example"]
        assert states(terminal) == {"B1": "pending", "B2": "sent"}
        assert terminal.run("outbox", "send", "--date", str(D), smtp_url=script.url).exit_code == 0
    (to, content), *more = script.arrived[1:]
    assert (to, more) == ("b1@bank.example", [])
    body = email.message_from_bytes(content, policy=email.policy.default).get_body(("plain",))
    assert body is not None
    assert "城东新区支行" in body.get_content()
    assert json.loads(terminal.run("status", "--date", str(D), "--json").stdout)["behind"] == 0


def test_words_of_a_mail_server_are_shown_as_they_are(terminal: Terminal) -> None:
    with scripted_smtp(RCPT=b"550 [/x] [bold]no\r\n") as script:
        refused = terminal.run("outbox", "send", "--date", str(D), smtp_url=script.url)
    assert "550 [/x] [bold]no" in refused.stderr
    shown = terminal.run("outbox", "list", "--date", str(D))
    assert shown.exit_code == 0
    assert "550 [/x] [bold]no" in shown.stdout


def test_what_is_chosen_by_nothing_is_not_settled_nor_sent(terminal: Terminal) -> None:
    assert terminal.run("outbox", "resolve", "--as", "drop", "--yes").exit_code == 2
    assert terminal.run("outbox", "send").exit_code == 2
    assert terminal.run("outbox", "send", "<none@x>").exit_code == 2
    assert terminal.run("outbox", "send", "--status", "uncertain").exit_code == 2


def bank_with(tmp_path: Path, **emails: str | None) -> str:
    """The bank of ten clients with these addresses in its registry; returns its URL."""
    bank = ten_clients()
    for branch in bank["branch"]:
        branch["list_email"] = emails.get(branch["branch_id"], branch["list_email"])
    return write_sqlite(bank, tmp_path / "bank.db")


def recipients(terminal: Terminal, day: str) -> dict[str, str]:
    """How far the list came to each recipient, as `outbox list` says."""
    rows = json.loads(terminal.run("outbox", "list", "--date", day, "--json").stdout)
    return {row["recipient"]: row["status"] for row in rows if row["status"] != "dropped"}


def test_a_wrong_address_is_named_until_the_next_registry_corrects_it(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    first, second = str(days_back(-1)), str(days_back(-2))
    source = bank_with(tmp_path, B1="b1@@bank.example; head@bank.example", B2=None)
    for words in (("night", "--date", first, "--source", source, "--send"), ("outbox", "send", "--date", first)):
        done = terminal.run(*words)
        assert done.exit_code == 7, done.output
        assert "branch B1 is refused" in done.stderr
        assert "b1@@" not in done.stderr
    assert recipients(terminal, first) == {"": "refused", "head@bank.example": "sent"}
    assert terminal.run("status", "--date", first).exit_code == 9

    source = bank_with(tmp_path, B1="b1@bank.example; head@bank.example", B2="late@bank.example")
    assert terminal.run("night", "--date", second, "--source", source).exit_code == 0
    assert terminal.run("outbox", "send", "--date", first).exit_code == 0
    everyone = {"b1@bank.example": "sent", "head@bank.example": "sent", "late@bank.example": "sent"}
    assert recipients(terminal, first) == everyone
    assert len(smtp.handler.arrived) == 3
    assert terminal.run("outbox", "send", "--date", first).exit_code == 0
    assert len(smtp.handler.arrived) == 3
    assert terminal.run("status", "--date", first).exit_code == 0


def test_of_two_recipients_one_refused_the_other_has_its_list_once(terminal: Terminal, tmp_path: Path) -> None:
    day, source = str(days_back(-1)), bank_with(tmp_path, B1="b1@bank.example, gone@bank.example")
    with scripted_smtp(**{"gone@bank.example": b"550 no such mailbox\r\n"}) as script:
        terminal.env["NIGHTDESK_SMTP_URL"] = script.url
        done = terminal.run("night", "--date", day, "--source", source, "--send")
        assert done.exit_code == 7
        assert "branch B1 is refused (550 no such mailbox)" in done.stderr
        assert recipients(terminal, day)["gone@bank.example"] == "refused"
        script.says.clear()
        refused = ("--date", day, "--status", "refused", "--as", "resend", "--yes")
        terminal.run("outbox", "resolve", *refused)
        assert terminal.run("outbox", "send", "--date", day).exit_code == 0
    assert [to for to, _ in script.arrived] == ["b1@bank.example", "b2@bank.example", "gone@bank.example"]


def test_what_leaves_after_a_silent_backfill_says_that_it_is_one(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    bank = ten_clients()
    bank["loan"][0]["outstanding_amt"] = 123_456
    source = write_sqlite(bank, tmp_path / "bank.db")
    replay = ("backfill", "--from", str(D), "--reread", "--reason", "a late file", "--source", source)
    assert terminal.run(*replay).exit_code == 0
    assert smtp.handler.arrived == []
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    rows = json.loads(terminal.run("outbox", "list", "--date", str(D), "--json").stdout)
    assert [(row["revision"], row["is_restated"], row["is_backfill"]) for row in rows] == [(2, True, True)] * 2
    assert rows[0]["subject"].startswith("[补跑 业务日期 2026-03-31] [重述]")


def test_what_cannot_be_resolved_is_said(terminal: Terminal) -> None:
    assert terminal.run("outbox", "resolve", "<none@x>", "--as", "sent").exit_code == 2
    assert terminal.run("outbox", "list", "--status", "lost").exit_code == 2


def test_an_address_of_no_use_is_said_before_the_night(terminal: Terminal) -> None:
    before = terminal.run("export", "night", "--date", str(D)).stdout
    refused = terminal.run("night", "--date", str(D), "--send", smtp_url="carrier-pigeon")
    assert refused.exit_code == 8
    assert terminal.run("export", "night", "--date", str(D)).stdout == before


def test_the_list_of_messages_fits_a_terminal_masks_recipients_and_names_what_to_do(
    terminal: Terminal, smtp: Loopback
) -> None:
    terminal.env |= {"NIGHTDESK_SMTP_URL": smtp.url, "COLUMNS": "100"}
    smtp.handler.behaviour = "drop_in_data"
    terminal.run("outbox", "send", "--date", str(D))
    shown = terminal.run("outbox", "list", "--lang", "en").stdout
    handles = [f"{D}/B1/1", f"{D}/B2/1"]
    assert all(handle in shown for handle in handles)
    assert "bank.example" in shown
    assert "b1@" not in shown
    assert "b***@bank.example" in shown
    assert f"fate unknown (2): ask each branch; if it arrived, run nightdesk outbox resolve {handles[0]}" in shown

    smtp.handler.behaviour = "accept"
    message_id = ids(terminal)[1].strip("<>")
    assert terminal.run("outbox", "resolve", handles[0], message_id, "--as", "resend").exit_code == 0
    assert states(terminal) == {"B1": "pending", "B2": "pending"}
    assert terminal.run("outbox", "send", *handles).exit_code == 0
    assert len(smtp.handler.arrived) == 2


def test_given_many_messages_of_one_bank_when_listed_then_its_profile_is_read_once_and_again_at_the_next_call(
    terminal: Terminal, smtp: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.env |= {"NIGHTDESK_SMTP_URL": smtp.url, "COLUMNS": "100"}
    terminal.run("outbox", "send", "--date", str(D))
    read: list[str | None] = []

    def counted(settings: Settings, profile: str | None = None) -> Profile:
        read.append(profile)
        return load_profile(settings, profile)

    monkeypatch.setattr(outbox_table, "load_profile", counted)
    here = terminal.run("outbox", "list").stdout
    assert read == ["contract"], "two rows"
    elsewhere = terminal.run("outbox", "list", timezone="America/New_York").stdout
    assert read == ["contract"] * 2
    assert here != elsewhere, "the time is the bank's, as it is set now"


def test_given_named_messages_of_which_one_is_in_another_state_or_of_another_date_then_none_is_settled(
    terminal: Terminal, smtp: Loopback
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    smtp.handler.behaviour = "drop_in_data"
    terminal.run("outbox", "send", "--date", str(D))
    first, second = f"{D}/B1/1", f"{D}/B2/1"
    terminal.run("outbox", "resolve", first, "--as", "drop")
    other = terminal.run("outbox", "resolve", first, second, "--status", "dropped", "--as", "resend")
    assert other.exit_code == 2
    assert f"the list {second} is uncertain, not dropped" in other.stderr
    assert states(terminal) == {"B1": "dropped", "B2": "uncertain"}
    late = terminal.run("outbox", "resolve", second, "--date", str(days_back(1)), "--as", "resend")
    assert late.exit_code == 2
    assert f"the list {second} is not of {days_back(1)}" in late.stderr
    assert states(terminal) == {"B1": "dropped", "B2": "uncertain"}


def test_a_list_that_was_sent_or_dropped_is_told_to_be_so_when_it_is_named(terminal: Terminal, smtp: Loopback) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    smtp.handler.behaviour = "refuse_recipient"
    terminal.run("outbox", "send", "--date", str(D))
    smtp.handler.behaviour = "accept"
    sent, dropped = f"{D}/B1/1", f"{D}/B2/1"
    terminal.run("outbox", "resolve", sent, "--as", "resend")
    terminal.run("outbox", "resolve", dropped, "--as", "drop")
    assert terminal.run("outbox", "send", sent).exit_code == 0
    again = terminal.run("outbox", "send", sent, dropped, "--status", "pending", "--lang", "en")
    assert again.exit_code == 0, again.output
    assert f"{sent} was sent already at {now():%Y}-" in again.stdout
    assert "(Asia/Shanghai); it is not sent again" in again.stdout
    assert f"{dropped} was dropped at" in again.stdout
    assert len(smtp.handler.arrived) == 1


def test_a_branch_without_an_address_is_named_when_a_night_is_mailed(terminal: Terminal, tmp_path: Path) -> None:
    bank = ten_clients()
    next(branch for branch in bank["branch"] if branch["branch_id"] == "B2")["list_email"] = None
    source = write_sqlite(bank, tmp_path / "bank.db")
    done = terminal.run("night", "--date", str(days_back(-1)), "--source", source, "--send", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "1 mail sent; not mailed: without an address in branch.list_email: 1 (B2)" in done.stdout
