"""The outbox: each list at most once, whoever sends, whatever breaks."""

import datetime
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from branch_sample import branch_input
from loopback import Loopback
from mail_sample import ENVELOPE, compose_list
from sqlalchemy import Connection, Engine

from nightdesk.cli.outbox_table import remedies
from nightdesk.desk import outbox
from nightdesk.desk.claiming import claim, finish, mark_sending, settle_abandoned
from nightdesk.desk.filling import Listing, fill
from nightdesk.desk.outbox import Entry, Item, list_rows, resolve
from nightdesk.errors import MailError, UsageError
from nightdesk.mail.message import Mail
from nightdesk.mail.sending import pending, send_pending
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import Mailboxes
from nightdesk.render.catalogue import catalogue

DAY = datetime.date(2026, 3, 31)


def entry(branch: str = "B001", revision: int = 1) -> Entry:
    """A list to be sent."""
    return Entry(
        message_id=f"<{branch}.r{revision}@bank.example>",
        profile="contract",
        business_date=DAY,
        branch_id=branch,
        kind="branch_list",
        revision=revision,
        recipient="x@bank.example",
        language="zh_CN",
        subject="晨单",
    )


def put(desk: Engine, *entries: Entry, restate: bool = False) -> list[str]:
    """Put lists for one recipient each into the outbox; returns the Message-IDs that are new or wait again."""
    with desk.begin() as connection:
        listings = [Listing(one, Mailboxes((one.recipient,)), lambda _copy, one=one: one.message_id) for one in entries]
        return [message_id for listing in listings for message_id in fill(connection, listing, restate=restate)]


def pending_ids(desk: Engine) -> list[str]:
    """Message-IDs that wait."""
    with desk.connect() as connection:
        return [item.message_id for item in pending(connection, "contract", DAY)]


def took(connection: Connection, message_id: str, claimer: str) -> None:
    """Claim a list and go on to the point after which its fate can become unknown."""
    item = claim(connection, message_id, claimer)
    assert item is not None
    mark_sending(connection, item, claimer)


def statuses(desk: Engine) -> dict[str, str]:
    """Message-IDs and how far they came."""
    with desk.connect() as connection:
        return {row.message_id: row.status for row in list_rows(connection)}


def composer(mail: Mail) -> Callable[[Item], Mail]:
    """Makes the same mail under each row's own identity."""
    return lambda item: replace(mail, message_id=item.message_id, recipient=item.recipient)


@pytest.fixture(scope="module")
def mail() -> Mail:
    """The sample list's mail."""
    return compose_list(branch_input(), ENVELOPE)


def test_given_a_list_when_put_in_twice_then_it_waits_once(desk: Engine) -> None:
    assert put(desk, entry()) == [entry().message_id]
    assert put(desk, entry()) == []
    assert statuses(desk) == {entry().message_id: "pending"}


def test_given_a_sent_list_when_revised_then_it_is_put_in_again_only_if_told_and_then_restated(desk: Engine) -> None:
    put(desk, entry())
    with desk.connect() as connection:
        claim(connection, entry().message_id, "me")
        finish(connection, entry().message_id, "me", "sent", "250")
    assert put(desk, entry(revision=2)) == []
    assert put(desk, entry(revision=2), restate=True) == [entry(revision=2).message_id]
    with desk.connect() as connection:
        assert [row.is_restated for row in list_rows(connection)] == [False, True]


def test_given_an_uncertain_list_when_revised_then_it_is_not_sent_again_by_itself(desk: Engine) -> None:
    put(desk, entry())
    with desk.connect() as connection:
        claim(connection, entry().message_id, "me")
        finish(connection, entry().message_id, "me", "uncertain", "lost")
    assert put(desk, entry(revision=2)) == []


def test_given_a_waiting_list_when_revised_then_only_the_new_revision_waits(desk: Engine) -> None:
    put(desk, entry())
    assert put(desk, entry(revision=2)) == [entry(revision=2).message_id]
    assert statuses(desk) == {entry().message_id: "dropped", entry(revision=2).message_id: "pending"}
    assert put(desk, entry()) == []


def test_given_a_claimed_list_when_another_claims_then_there_is_nothing_for_it(desk: Engine) -> None:
    put(desk, entry())
    with desk.connect() as first, desk.connect() as second:
        assert claim(first, entry().message_id, "one") is not None
        assert claim(second, entry().message_id, "two") is None
        finish(first, entry().message_id, "one", "sent", "250")
        assert claim(second, entry().message_id, "two") is None
    assert statuses(desk) == {entry().message_id: "sent"}


def test_given_a_live_sender_when_swept_then_its_list_is_left_alone(desk: Engine) -> None:
    put(desk, entry())
    with desk.connect() as sender, desk.connect() as sweeper:
        claim(sender, entry().message_id, "one")
        assert settle_abandoned(sweeper) == []
        finish(sender, entry().message_id, "one", "sent", "250")


def test_given_a_sender_that_died_when_swept_then_its_list_is_uncertain_and_stays_so(
    desk: Engine, smtp: Loopback, mail: Mail
) -> None:
    put(desk, entry())
    sender = desk.connect()
    took(sender, entry().message_id, "one")
    sender.invalidate()  # the process is gone, and its connection with it
    sender.close()
    deliveries = send_pending(desk, [entry().message_id], transport_of(smtp.url), composer(mail))
    assert deliveries == []
    assert statuses(desk) == {entry().message_id: "uncertain"}
    assert smtp.handler.arrived == []


def test_given_two_senders_at_once_when_they_work_then_each_list_arrives_exactly_once(
    desk: Engine, smtp: Loopback, mail: Mail
) -> None:
    branches = [entry(f"B{number:03d}") for number in range(8)]
    put(desk, *branches)
    smtp.handler.behaviour = "slow"
    start = threading.Barrier(2)

    def work(name: str) -> None:
        start.wait()
        ids = pending_ids(desk)
        send_pending(desk, ids, transport_of(smtp.url), composer(mail), claimer=name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(statuses(desk).values()) == {"sent"}
    arrived = sorted(
        line for content in smtp.handler.arrived for line in content.split(b"\r\n") if b"Message-ID" in line
    )
    assert arrived == sorted(f"Message-ID: {item.message_id}".encode() for item in branches)
    with desk.connect() as connection:
        assert {row.attempts for row in list_rows(connection)} == {1}


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("accept", "sent"), ("refuse_recipient", "refused"), ("drop_in_data", "uncertain")],
)
def test_given_a_server_when_it_answers_or_not_then_the_outbox_says_what_became_of_the_list(
    desk: Engine, smtp: Loopback, mail: Mail, behaviour: str, status: str
) -> None:
    smtp.handler.behaviour = behaviour
    put(desk, entry())
    (delivery,) = send_pending(desk, [entry().message_id], transport_of(smtp.url), composer(mail))
    assert delivery.outcome.fate == status
    assert statuses(desk) == {entry().message_id: status}
    smtp.handler.behaviour = "accept"
    assert send_pending(desk, pending_ids(desk), transport_of(smtp.url), composer(mail)) == []


def test_given_a_list_with_a_bad_address_when_sent_then_it_is_refused_and_the_others_leave(
    desk: Engine, smtp: Loopback, mail: Mail
) -> None:
    bad, good = replace(entry(), recipient="a@b,c@d"), entry("B002")
    put(desk, bad, good)
    deliveries = send_pending(desk, pending_ids(desk), transport_of(smtp.url), composer(mail))
    assert [delivery.outcome.fate for delivery in deliveries] == ["refused", "sent"]
    assert "not one mail address" in deliveries[0].outcome.detail
    assert statuses(desk) == {bad.message_id: "refused", good.message_id: "sent"}


def test_given_a_defect_with_one_list_when_sent_then_it_alone_is_refused_and_the_others_leave(
    desk: Engine, smtp: Loopback, mail: Mail
) -> None:
    def broken(item: Item) -> Mail:
        if item.branch_id == "B001":
            raise ZeroDivisionError("a cell of the bank")
        return composer(mail)(item)

    put(desk, entry(), entry("B002"))
    send_pending(desk, pending_ids(desk), transport_of(smtp.url), broken)
    assert statuses(desk) == {entry().message_id: "refused", entry("B002").message_id: "sent"}
    with desk.connect() as connection:
        assert list_rows(connection)[0].detail == "not built: ZeroDivisionError, a defect of Nightdesk"


@pytest.mark.parametrize(
    ("was", "as_", "becomes"),
    [
        ("uncertain", "sent", "sent"),
        ("uncertain", "resend", "pending"),
        ("uncertain", "drop", "dropped"),
        ("refused", "resend", "pending"),
    ],
)
def test_given_a_list_that_needs_a_person_when_resolved_then_it_is_as_they_said_and_who_is_noted(
    desk: Engine, was: str, as_: outbox.Resolution, becomes: str
) -> None:
    put(desk, entry())
    with desk.connect() as connection:
        claim(connection, entry().message_id, "one")
        finish(connection, entry().message_id, "one", was, "why")
    (item,) = resolve(desk, [entry().message_id], as_, "ops")
    assert item.status == becomes
    assert item.detail == f"resolved as {as_} by ops; was {was}: why"


def test_given_a_sent_list_when_somebody_wants_it_resent_then_that_is_refused(desk: Engine) -> None:
    put(desk, entry())
    with desk.connect() as connection:
        claim(connection, entry().message_id, "one")
        finish(connection, entry().message_id, "one", "sent", "250")
    with pytest.raises(UsageError, match="is sent and cannot be resolved as resend"):
        resolve(desk, [entry().message_id], "resend", "ops")


def test_given_no_such_list_when_resolved_then_the_error_says_where_to_look(desk: Engine) -> None:
    with pytest.raises(UsageError, match="nightdesk outbox list"):
        resolve(desk, ["<nothing@x>"], "drop", "ops")


def test_given_a_claim_that_was_taken_away_when_finished_then_the_truth_is_not_overwritten(desk: Engine) -> None:
    put(desk, entry())
    with desk.connect() as connection:
        claim(connection, entry().message_id, "one")
        with pytest.raises(MailError, match="was taken away"):
            finish(connection, entry().message_id, "somebody else", "sent", "250")
    assert statuses(desk) == {entry().message_id: "pending"}


def test_given_branch_ids_with_slashes_then_no_two_messages_go_by_one_name() -> None:
    rows = [
        replace(entry(branch, revision), copy=copy)
        for branch, revision, copy in (("B1", 1, 2), ("B1/1", 2, 1), ("B1%2F1", 2, 1), ("B1", 12, 1))
    ]
    assert [row.handle.removeprefix(f"{DAY}/") for row in rows] == ["B1/1/2", "B1%2F1/2", "B1%252F1/2", "B1/12"]


def test_given_rows_of_two_banks_then_each_has_its_own_command() -> None:
    first = Item(**entry("B1").__dict__, status="pending")
    lines = remedies([first, replace(first, profile="berka")], catalogue("en"))
    assert [("--profile berka" in line, str(DAY) in line) for line in lines] == [(False, True), (True, True)]
