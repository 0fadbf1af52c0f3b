"""The outbox by hand, against a real SMTP server on loopback."""

import json
from pathlib import Path

from hand_bank import D, days_back, ten_clients, write_sqlite
from loopback import Loopback
from terminal import Terminal


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
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert smtp.handler.arrived == [], "a refused list is not tried again by itself"
    for message_id in ids(terminal):
        assert terminal.run("outbox", "resolve", message_id, "--as", "resend").exit_code == 0
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert len(smtp.handler.arrived) == 2
    assert terminal.run("status", "--date", str(D)).exit_code == 0


def test_a_list_of_unknown_fate_is_never_sent_again_by_itself(terminal: Terminal, smtp: Loopback) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    smtp.handler.behaviour = "drop_in_data"
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 7
    assert states(terminal) == {"B1": "uncertain", "B2": "uncertain"}
    smtp.handler.behaviour = "accept"
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert smtp.handler.arrived == []
    assert terminal.run("status", "--date", str(D)).exit_code == 9

    arrived, lost = ids(terminal)
    terminal.run("outbox", "resolve", arrived, "--as", "sent")
    terminal.run("outbox", "resolve", lost, "--as", "resend")
    terminal.run("outbox", "send", "--date", str(D))
    assert len(smtp.handler.arrived) == 1
    assert terminal.run("status", "--date", str(D)).exit_code == 0


def test_what_cannot_be_resolved_is_said(terminal: Terminal) -> None:
    assert terminal.run("outbox", "resolve", "<none@x>", "--as", "sent").exit_code == 2
    assert terminal.run("outbox", "list", "--status", "lost").exit_code == 2


def test_an_address_of_no_use_is_said_before_the_night(terminal: Terminal) -> None:
    before = terminal.run("export", "night", "--date", str(D)).stdout
    refused = terminal.run("night", "--date", str(D), "--send", smtp_url="carrier-pigeon")
    assert refused.exit_code == 8
    assert terminal.run("export", "night", "--date", str(D)).stdout == before


def test_an_id_in_the_list_of_messages_is_whole(terminal: Terminal) -> None:
    terminal.run("outbox", "send", "--date", str(D))
    shown = terminal.run("outbox", "list", "--lang", "en").stdout
    assert all(message_id in shown for message_id in ids(terminal))


def test_a_branch_without_an_address_is_named_when_a_night_is_mailed(terminal: Terminal, tmp_path: Path) -> None:
    bank = ten_clients()
    next(branch for branch in bank["branch"] if branch["branch_id"] == "B2")["list_email"] = None
    source = write_sqlite(bank, tmp_path / "bank.db")
    done = terminal.run("night", "--date", str(days_back(-1)), "--source", source, "--send", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "1 branch(es) without an address (branch.list_email) get no mail: B2" in done.stderr
