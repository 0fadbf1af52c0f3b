"""What certainly was not delivered is tried again, nothing else is, and a killed sender leaves the truth behind."""

import datetime
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from branch_sample import branch_input
from mail_sample import ENVELOPE, compose_list
from scripted import SILENCE, Script, scripted_smtp
from sqlalchemy import Engine, text

from nightdesk.desk.claiming import claim, mark_sending, settle_abandoned
from nightdesk.desk.filling import Listing, fill
from nightdesk.desk.outbox import Entry, Item, list_rows, resolve
from nightdesk.errors import MailError
from nightdesk.mail.message import Mail
from nightdesk.mail.outcome import Transport
from nightdesk.mail.patience import LONGEST_PAUSE, Patience
from nightdesk.mail.sending import pending, send_pending
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import Mailboxes

DAY = datetime.date(2026, 3, 31)
SIX = datetime.datetime(2026, 4, 1, 6, 0, tzinfo=datetime.UTC)
HERE = Path(__file__).parent


class Watch:
    """A clock that only waiting moves; what is done at each pause may be named."""

    def __init__(self, then: Callable[[int], None] = lambda _pause: None) -> None:
        self.at, self.pauses, self._then = SIX, list[float](), then

    def pause(self, seconds: float) -> None:
        self.at += datetime.timedelta(seconds=seconds)
        self.pauses.append(seconds)
        self._then(len(self.pauses))

    def patience(self, minutes: float) -> Patience:
        return Patience(15, SIX + datetime.timedelta(minutes=minutes), pause=self.pause, clock=lambda: self.at)


@pytest.fixture(scope="module")
def mail() -> Mail:
    """The sample list's mail."""
    return compose_list(branch_input(), ENVELOPE)


def put(desk: Engine, *branches: str) -> list[str]:
    """A list of each branch waits; recipients are named after their branch."""
    made = []
    with desk.begin() as connection:
        for branch in branches:
            entry = Entry(f"<{branch}>", "contract", DAY, branch, "branch_list", 1, "", "zh_CN", "晨单")
            to = Mailboxes((f"{branch.lower()}@bank.example",))
            made += fill(connection, Listing(entry, to, lambda _copy, entry=entry: entry.message_id))
    return made


def send(desk: Engine, mail: Mail, script: Script, ids: list[str], patience: Patience | None = None) -> dict[str, str]:
    """Send; returns Message-IDs and what became of them, as the sender says."""
    return sent_by(desk, mail, transport_of(script.url), ids, patience)


def sent_by(
    desk: Engine, mail: Mail, transport: Transport, ids: list[str], patience: Patience | None = None
) -> dict[str, str]:
    def compose(item: Item) -> Mail:
        return replace(mail, message_id=item.message_id, recipient=item.recipient)

    done = send_pending(desk, ids, transport, compose, patience=patience)
    return {delivery.item.message_id: delivery.outcome.fate for delivery in done}


def rows(desk: Engine) -> dict[str, Item]:
    with desk.connect() as connection:
        return {row.message_id: row for row in list_rows(connection)}


def statuses(desk: Engine) -> list[str]:
    return [row.status for row in rows(desk).values()]


def test_given_an_instant_that_has_passed_when_waited_for_then_nobody_waits() -> None:
    watch = Watch()
    patience = watch.patience(60)
    patience.wait(SIX - datetime.timedelta(seconds=1))
    patience.wait(SIX)
    patience.wait(SIX + datetime.timedelta(seconds=0.5))
    assert watch.pauses == [0, 0, 0.5]


@pytest.mark.parametrize(
    ("stage", "words", "status"),
    [
        ("banner", b"421 busy\r\n", "pending"),
        ("RCPT", b"450 greylisted\r\n", "pending"),
        ("DATA", b"", "pending"),
        ("dot", b"451 later\r\n", "pending"),
        ("RCPT", b"550 no\r\n", "refused"),
        ("dot", b"554 no\r\n", "refused"),
        ("dot", b"25", "uncertain"),
        ("dot", b"", "uncertain"),
    ],
)
def test_given_a_failure_when_the_server_is_well_again_then_only_what_certainly_was_not_delivered_leaves(
    desk: Engine, mail: Mail, stage: str, words: bytes, status: str
) -> None:
    ids = put(desk, "B1")
    with scripted_smtp(**{stage: words}) as script:
        send(desk, mail, script, ids)
        assert statuses(desk) == [status]
        assert rows(desk)["<B1>"].detail
        script.says.clear()
        send(desk, mail, script, ids)
    left = [recipient for recipient, _ in script.arrived]
    assert left == (["b1@bank.example"] if status == "pending" else [])
    assert statuses(desk) == ["sent" if status == "pending" else status]


def test_given_a_server_that_is_down_when_it_comes_up_in_time_then_every_list_leaves_once(
    desk: Engine, mail: Mail
) -> None:
    ids = put(desk, "B1", "B2", "B3")
    with scripted_smtp(banner=b"421 busy\r\n") as script:

        def comes_up(pause: int) -> None:
            waiting = rows(desk).values()
            assert {row.status for row in waiting} == {"pending"}
            assert {row.next_try_at for row in waiting} == {watch.at}
            assert all("421 busy" in row.detail for row in waiting)
            if pause == 3:
                script.says.clear()

        watch = Watch(comes_up)
        assert set(send(desk, mail, script, ids, watch.patience(60)).values()) == {"sent"}
        assert watch.pauses == [15, 30, 60]
        assert script.heard[:6] == ["banner"] * 3 + ["banner", "EHLO", "MAIL"], "asked once a round, not once a list"
    assert sorted(to for to, _ in script.arrived) == ["b1@bank.example", "b2@bank.example", "b3@bank.example"]
    assert {row.next_try_at for row in rows(desk).values()} == {None}


def test_given_a_server_that_stays_down_when_the_deadline_comes_then_the_lists_wait_for_a_later_run(
    desk: Engine, mail: Mail
) -> None:
    ids = put(desk, "B1", "B2")
    watch = Watch()
    with scripted_smtp(banner=b"421 busy\r\n") as script:
        assert "sent" not in send(desk, mail, script, ids, watch.patience(20)).values()
        assert sum(watch.pauses) == 20 * 60
        assert max(watch.pauses) <= LONGEST_PAUSE
        assert statuses(desk) == ["pending", "pending"]
        assert {row.next_try_at for row in rows(desk).values()} == {None}
        script.says.clear()
        assert send(desk, mail, script, ids) == {"<B1>": "sent", "<B2>": "sent"}


def test_given_no_patience_left_when_sending_then_there_is_one_round(desk: Engine, mail: Mail) -> None:
    ids = put(desk, "B1")
    watch = Watch()
    with scripted_smtp(banner=b"421 busy\r\n") as script:
        send(desk, mail, script, ids, watch.patience(0))
    assert (watch.pauses, script.heard) == ([], ["banner"])


def test_given_a_wrong_password_when_sending_then_it_is_not_repeated_and_the_lists_wait(
    desk: Engine, mail: Mail
) -> None:
    ids = put(desk, "B1", "B2")
    watch = Watch()
    with scripted_smtp(EHLO=b"250-here\r\n250 AUTH PLAIN\r\n", AUTH=b"535 no\r\n") as script:
        transport = transport_of(script.url.replace("smtp://", "smtp://u:p@"))
        sent_by(desk, mail, transport, ids, watch.patience(60))
    assert (watch.pauses, script.heard.count("AUTH"), statuses(desk)) == ([], 1, ["pending", "pending"])


def test_given_one_recipient_that_is_greylisted_when_sending_then_the_others_leave_and_it_is_tried_again(
    desk: Engine, mail: Mail
) -> None:
    ids = put(desk, "B1", "B2", "B3")
    with scripted_smtp(**{"b2@bank.example": b"450 later\r\n"}) as script:
        watch = Watch(lambda _pause: script.says.clear())
        assert set(send(desk, mail, script, ids, watch.patience(60)).values()) == {"sent"}
    assert [to for to, _ in script.arrived] == ["b1@bank.example", "b3@bank.example", "b2@bank.example"]
    assert [row.attempts for row in rows(desk).values()] == [1, 2, 1]


def test_given_a_server_that_breaks_every_conversation_then_few_lists_pay_and_the_rest_go_first_the_next_time(
    desk: Engine, mail: Mail
) -> None:
    ids = put(desk, *(f"B{number}" for number in range(1, 7)))
    with scripted_smtp(dot=b"") as script:
        watch = Watch(lambda _pause: script.says.clear())
        send(desk, mail, script, ids, watch.patience(60))
    assert statuses(desk) == ["uncertain"] * 3 + ["sent"] * 3


def test_given_one_list_that_breaks_the_connection_when_sent_then_the_others_leave(desk: Engine, mail: Mail) -> None:
    ids = put(desk, "B1", "B2", "B3")
    with scripted_smtp(**{"b1@bank.example": b""}) as script:
        send(desk, mail, script, ids)
    assert statuses(desk) == ["pending", "sent", "sent"]


def test_given_lists_that_break_every_connection_when_tried_again_then_those_behind_them_are_not_starved(
    desk: Engine, mail: Mail
) -> None:
    ids = put(desk, "B1", "B2", "B3", "B4", "B5")
    bad = {f"b{number}@bank.example": b"" for number in (1, 2, 3)}
    with scripted_smtp(**bad, **{"b5@bank.example": b"450 later\r\n"}) as script:
        send(desk, mail, script, ids)
        assert statuses(desk) == ["pending"] * 5
        with desk.connect() as connection:
            least_tried_first = [item.message_id for item in pending(connection, "contract", DAY)]
        assert least_tried_first == ["<B4>", "<B5>", "<B1>", "<B2>", "<B3>"]
        send(desk, mail, script, ids, Watch().patience(1))
    assert statuses(desk) == ["pending"] * 3 + ["sent", "pending"]


def killed(desk: Engine, script: Script, stage: str) -> None:
    """A sender in its own process, killed when it has come so far."""
    url = desk.url.render_as_string(hide_password=False)
    path = os.pathsep.join([str(HERE), str(HERE.parent / "render"), *sys.path])
    sender = subprocess.Popen(
        [sys.executable, str(HERE / "dying_sender.py"), url, script.url, "<B1>"],
        env=os.environ | {"PYTHONPATH": path},
    )
    try:
        assert script.reaching(stage).wait(60)
    finally:
        sender.kill()
        sender.wait()
    # the server gives up the claim of the dead as it sees its connection end, some time after the process is gone
    claims = text(
        "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database"
        " where datname = current_database())"
    )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with desk.connect() as connection:
            if not connection.scalar(claims):
                return
        time.sleep(0.05)
    raise AssertionError("the claim of a dead sender was not given up")


@pytest.mark.parametrize("stage", ["banner", "EHLO", "MAIL", "RCPT"])
def test_given_a_sender_killed_before_data_when_sent_again_then_the_list_leaves_once(
    desk: Engine, mail: Mail, stage: str
) -> None:
    ids = put(desk, "B1")
    with scripted_smtp(**{stage: SILENCE}) as script:
        killed(desk, script, stage)
        assert statuses(desk) == ["pending"]
        script.says.clear()
        assert send(desk, mail, script, ids) == {"<B1>": "sent"}
    assert len(script.arrived) == 1
    assert rows(desk)["<B1>"].attempts == 2


@pytest.mark.parametrize("stage", ["DATA", "dot"])
def test_given_a_sender_killed_inside_data_when_sent_again_then_its_list_is_uncertain_and_stays(
    desk: Engine, mail: Mail, stage: str
) -> None:
    ids = put(desk, "B1")
    with scripted_smtp(**{stage: SILENCE}) as script:
        killed(desk, script, stage)
        assert statuses(desk) == ["sending"]
        script.says.clear()
        assert send(desk, mail, script, ids) == {}
        assert statuses(desk) == ["uncertain"]
        assert script.arrived == []


def test_given_a_claimed_list_when_a_person_settles_it_before_data_then_it_does_not_leave(
    desk: Engine, mail: Mail
) -> None:
    put(desk, "B1")
    with desk.connect() as sender:
        item = claim(sender, "<B1>", "one")
        assert item is not None
        resolve(desk, ["<B1>"], "drop", "ops")
        with pytest.raises(MailError, match="it did not"):
            mark_sending(sender, item, "one")
    assert statuses(desk) == ["dropped"]


def test_given_a_claimed_list_when_it_is_readdressed_before_data_then_it_does_not_leave_for_the_old_address(
    desk: Engine,
) -> None:
    put(desk, "B1")
    with desk.connect() as sender:
        item = claim(sender, "<B1>", "one")
        assert item is not None
        entry = Entry("<B1>", "contract", DAY, "B1", "branch_list", 1, "", "zh_CN", "晨单")
        with desk.begin() as connection:
            fill(connection, Listing(entry, Mailboxes(("new@bank.example",)), lambda _copy: "<B1>"))
        with pytest.raises(MailError, match="readdressed"):
            mark_sending(sender, item, "one")
    assert (rows(desk)["<B1>"].recipient, statuses(desk)) == ("new@bank.example", ["pending"])


def test_given_a_claimed_list_when_its_text_is_corrected_before_data_then_the_former_does_not_leave(
    desk: Engine,
) -> None:
    put(desk, "B1")
    with desk.connect() as sender:
        item = claim(sender, "<B1>", "one")
        assert item is not None
        entry = Entry(
            "<B1>", "contract", DAY, "B1", "branch_list", 1, "", "zh_CN", "晨单", content_digest="what it says now"
        )
        with desk.begin() as connection:
            fill(connection, Listing(entry, Mailboxes(("b1@bank.example",)), lambda _copy: "<B1>"))
        with pytest.raises(MailError, match="corrected"):
            mark_sending(sender, item, "one")
    assert statuses(desk) == ["pending"]


def test_given_a_sender_that_died_before_data_when_swept_then_its_list_just_waits(desk: Engine) -> None:
    put(desk, "B1")
    sender = desk.connect()
    claim(sender, "<B1>", "one")
    sender.invalidate()
    sender.close()
    with desk.connect() as sweeper:
        assert settle_abandoned(sweeper) == []
    assert statuses(desk) == ["pending"]


def test_given_a_folder_for_mails_when_it_cannot_be_written_then_the_lists_wait_and_leave_later(
    desk: Engine, mail: Mail, tmp_path: Path
) -> None:
    ids = put(desk, "B1", "B2")
    blocked = tmp_path / "mail"
    blocked.write_text("a file")
    transport = transport_of(f"file://{blocked}")
    sent_by(desk, mail, transport, ids)
    assert statuses(desk) == ["pending", "pending"]
    blocked.unlink()
    sent_by(desk, mail, transport, ids)
    assert statuses(desk) == ["sent", "sent"]
    assert len(list(blocked.glob("*.eml"))) == 2
