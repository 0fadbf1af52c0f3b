"""What a morning has, said in words: which revision went to whom, why nothing leaves, and what to do about it."""

import datetime
import email
import email.policy
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from loopback import Loopback
from scripted import scripted_smtp
from sqlalchemy import update
from terminal import Terminal

from nightdesk.clock import now
from nightdesk.desk.database import open_desk
from nightdesk.desk.tables import outbox
from nightdesk.reading.morning import require_lists_out
from nightdesk_lab.cli.demo import next_commands

pytestmark = pytest.mark.long


def corrected(tmp_path: Path, outstanding: int = 123_456, b1: str = "b1@bank.example") -> str:
    """The bank with one loan of branch B1 corrected, and B1's mailboxes; nothing of B2's differs."""
    bank = ten_clients()
    bank["loan"][0]["outstanding_amt"] = outstanding
    bank["branch"][0]["list_email"] = b1
    return write_sqlite(bank, tmp_path / "bank.db")


def restate(terminal: Terminal, tmp_path: Path, *more: str, source: str = "") -> Any:
    """Replay D from the corrected bank, as another revision."""
    words = ("--from", str(D), "--reread", "--reason", "a late file", "--source", source or corrected(tmp_path))
    done = terminal.run("backfill", *words, "--lang", "en", *more)
    assert done.exit_code == 0, done.output
    return done


def arrived(smtp: Loopback) -> list[bytes]:
    """The mails that a server took."""
    return list(smtp.handler.arrived)


def status(terminal: Terminal) -> dict[str, Any]:
    return dict(json.loads(terminal.run("status", "--date", str(D), "--json").stdout))


def test_given_a_newer_revision_that_is_unsent_then_status_says_who_has_which_and_restating_sends_what_differs(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    found = status(terminal)
    assert (found["revision"], found["sent_revision"], found["behind"], found["restate"]) == (1, 1, 0, None)

    restate(terminal, tmp_path)
    found = status(terminal)
    assert (found["revision"], found["sent_revision"], found["sent_by_revision"]) == (2, 1, {"1": 2})
    assert (found["sent"], found["behind"]) == (2, 1), "branch B2's list says what it said"
    remedy = f"nightdesk outbox send --date {D} --restate"
    assert found["restate"] == remedy
    shown = terminal.run("status", "--date", str(D), "--lang", "en")
    assert shown.exit_code == 0
    assert "revision 2 stands; 2 of 2 lists sent (revision 1 to 2)" in shown.stdout
    assert remedy in shown.stdout

    sent = terminal.run(*remedy.split()[1:], "--lang", "en")
    assert sent.exit_code == 0
    assert len(smtp.handler.arrived) == 3
    assert "1 mail sent; not mailed: have revision 1, which says the same as revision 2: 1" in sent.stdout
    found = status(terminal)
    assert (found["sent_revision"], found["sent_by_revision"], found["behind"]) == (2, {"1": 1, "2": 1}, 0)
    assert "--restate" not in terminal.run("status", "--date", str(D)).stdout


def test_given_lists_that_left_before_their_words_were_kept_then_nobody_claims_that_the_new_ones_differ(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    terminal.run("outbox", "send", "--date", str(D))
    with open_desk(terminal.settings()).begin() as connection:
        connection.execute(update(outbox).values(content_digest=""))
    assert (status(terminal)["behind"], status(terminal)["behind_unknown"]) == (0, 0), "it is what stands"

    restate(terminal, tmp_path)
    found = status(terminal)
    remedy = f"nightdesk outbox send --date {D} --restate"
    assert (found["behind"], found["behind_unknown"], found["restate"]) == (0, 2, remedy)
    shown = terminal.run("status", "--date", str(D), "--lang", "en").stdout
    assert "of 2 of them it is not known whether they say something else than revision 2" in shown
    assert (
        "其中 2 家收到的是旧版，当时未留存内容摘要，与现行第 2 版是否不同无法判断；补发："
        in terminal.run("status", "--date", str(D)).stdout
    )
    assert f"of 2 it is not known whether they do: {remedy}" in require_lists_out(terminal.settings(), D)
    told = terminal.run("outbox", "send", "--date", str(D), "--lang", "en").stdout
    assert "have revision 1, of which nobody knows whether it says something else than revision 2: 2" in told
    assert remedy in told
    assert "当时未留存内容摘要，与第 2 版是否不同无法判断" in terminal.run("outbox", "send", "--date", str(D)).stdout
    again = json.loads(
        terminal.run("night", "--date", str(D), "--source", corrected(tmp_path), "--send", "--json").stdout
    )
    assert again["left_out"] == [{"reason": "unknown_before", "branches": ["B1", "B2"], "revision": 1}]

    with open_desk(terminal.settings()).begin() as connection:  # of one it is known that it differs
        connection.execute(update(outbox).where(outbox.c.branch_id == "B1").values(content_digest="else"))
    found = status(terminal)
    assert (found["behind"], found["behind_unknown"]) == (1, 1)
    assert terminal.run(*remedy.split()[1:]).exit_code == 0
    found = status(terminal)
    assert (found["behind"], found["behind_unknown"], found["restate"]) == (0, 0, None)
    assert len(arrived(smtp)) == 4


def test_given_a_name_that_is_corrected_under_the_same_revision_when_restated_then_who_read_the_former_gets_it(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    terminal.run("outbox", "send", "--date", str(D))
    bank = ten_clients()
    bank["branch"][0]["name"] = "城东新区支行"
    restate(terminal, tmp_path, source=write_sqlite(bank, tmp_path / "bank.db"))
    found = status(terminal)
    assert (found["revision"], found["sent_by_revision"], found["behind"]) == (1, {"1": 2}, 1)
    told = terminal.run("outbox", "send", "--date", str(D), "--lang", "en").stdout
    assert f"have revision 1, which was corrected since: 1 (to send that: {found['restate']})" in told
    assert terminal.run(*found["restate"].split()[1:]).exit_code == 0
    assert len(arrived(smtp)) == 3
    assert len({email.message_from_bytes(one)["Message-ID"] for one in arrived(smtp)}) == 3
    assert status(terminal)["behind"] == 0


def test_given_two_mailboxes_of_which_one_got_the_newer_list_then_the_branch_is_behind_until_the_other_has_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    both = "a@bank.example; b@bank.example"
    restate(terminal, tmp_path, source=corrected(tmp_path, 100_000, both))
    with scripted_smtp(**{"b@bank.example": b"550 no\r\n"}) as script:
        assert terminal.run("outbox", "send", "--date", str(D), smtp_url=script.url).exit_code == 7
        script.says.clear()
        restate(terminal, tmp_path, source=corrected(tmp_path, 200_000, both))
        assert terminal.run("outbox", "send", "--date", str(D), smtp_url=script.url).exit_code == 0
        assert [to for to, _ in script.arrived][-1] == "b@bank.example"
        found = status(terminal)
        assert (found["sent_by_revision"], found["behind"]) == ({"2": 2}, 1), "a@ reads what was corrected since"

        assert terminal.run(*found["restate"].split()[1:], smtp_url=script.url).exit_code == 0
        assert [to for to, _ in script.arrived][-1] == "a@bank.example"
    found = status(terminal)
    assert (found["sent_by_revision"], found["behind"]) == ({"2": 1, "3": 1}, 0)


def test_given_a_named_list_when_restated_then_its_branch_gets_the_new_one_and_no_other_is_entered(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    terminal.run("outbox", "send", "--date", str(D))
    bank = ten_clients()
    bank["loan"][0]["outstanding_amt"] = 123_456
    bank["branch"][1]["name_en"] = "Chengxi New Area"
    restate(terminal, tmp_path, source=write_sqlite(bank, tmp_path / "bank.db"))
    assert status(terminal)["behind"] == 2
    done = terminal.run("outbox", "send", f"{D}/B1/1", "--restate", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "not sent again" not in done.stdout
    assert len(arrived(smtp)) == 3
    rows = json.loads(terminal.run("outbox", "list", "--date", str(D), "--json").stdout)
    assert [(row["branch_id"], row["revision"]) for row in rows] == [("B1", 1), ("B1", 2), ("B2", 1)]


def test_given_a_backfill_that_may_mail_when_lists_left_before_then_it_says_which_and_how_to_send_the_new_one(
    terminal: Terminal, smtp: Loopback, tmp_path: Path
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    terminal.run("outbox", "send", "--date", str(D))
    done = restate(terminal, tmp_path, "--send")
    assert len(smtp.handler.arrived) == 2
    said = (
        "0 mails sent; not mailed: have revision 1, which says something else than revision 2: 1 "
        f"(to send that: nightdesk outbox send --date {D} --restate); "
        "have revision 1, which says the same as revision 2: 1"
    )
    assert said in done.stdout
    again = terminal.run("night", "--date", str(D), "--source", corrected(tmp_path), "--send", "--restate", "--json")
    assert again.exit_code == 0, again.output
    document = json.loads(again.stdout)
    assert [one["branch_id"] for one in document["lists"]] == ["B1"]
    assert document["left_out"] == [{"reason": "unchanged", "branches": ["B2"], "revision": 1}]


def test_given_lists_that_left_when_the_night_is_run_again_then_it_says_that_they_have_it(
    terminal: Terminal, smtp: Loopback
) -> None:
    terminal.env["NIGHTDESK_SMTP_URL"] = smtp.url
    before = now().replace(microsecond=0)
    terminal.run("outbox", "send", "--date", str(D))
    dates = [email.message_from_bytes(one, policy=email.policy.default)["Date"].datetime for one in arrived(smtp)]
    assert all(before <= date <= now() for date in dates), "a mail bears the moment at which it was sent"
    assert {date.utcoffset() for date in dates} == {datetime.timedelta(hours=8)}
    again = terminal.run("night", "--date", str(D), "--send")
    assert again.exit_code == 0, again.output
    assert f"{D}：本次发出邮件 0 封；未发：2 家此前已收到第 1 版" in again.stdout
    assert len(smtp.handler.arrived) == 2


def test_given_a_morning_that_is_no_workday_when_told_to_mail_then_the_night_says_why_it_does_not(
    terminal: Terminal,
) -> None:
    friday = str(days_back(-3))
    done = terminal.run("night", "--date", friday, "--send", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert f"{friday}: 0 mails sent; not mailed: the morning is no workday (branches: 2)" in done.stdout
    assert "not mailed" not in terminal.run("night", "--date", friday, "--lang", "en").stdout, "nobody asked"
    stands = terminal.run("status", "--date", friday)
    assert stands.exit_code == 0
    assert f"{friday}：清单已生成；已发布第 1 版；次日非工作日，不发送邮件" in stands.stdout
    assert "0/0" not in stands.stdout


def test_given_what_the_demo_names_to_run_next_then_each_can_be_pasted_and_runs(terminal: Terminal) -> None:
    *looks, last = [shlex.split(command) for command in next_commands(terminal.settings(), str(D))]
    assert [words[1] for words in looks] == ["explain", "export", "status"]
    assert last[1:] == ["up"]
    ended = [terminal.run(*words[1:]).exit_code for words in looks]
    assert ended == [0, 0, 9], "nothing of that night was mailed"
