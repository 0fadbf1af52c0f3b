"""Which rows a list has: one a recipient, none twice, and a corrected address in place of a wrong one."""

import datetime
from typing import Any

import alembic.command
import pytest
from sqlalchemy import Engine, create_engine, text, update

from nightdesk.desk.database import _alembic, desk_address
from nightdesk.desk.filling import Listing, fill
from nightdesk.desk.outbox import Entry, list_rows, resolve
from nightdesk.desk.tables import outbox
from nightdesk.mailboxes import read_mailboxes

DAY = datetime.date(2026, 3, 31)
A, B, C = "a@bank.example", "b@bank.example", "c@bank.example"
BAD = "b@@bank.example"


def put(desk: Engine, named: str, revision: int = 1, *, restate: bool = False, says: str = "") -> list[str]:
    """Put branch B001's list in for what its registry row says; returns the new or readdressed ids."""
    ids = {1: f"<r{revision}>"}
    entry = Entry(ids[1], "contract", DAY, "B001", "branch_list", revision, "", "zh_CN", "晨单", content_digest=says)
    with desk.begin() as connection:
        return fill(
            connection,
            Listing(entry, read_mailboxes(named), lambda copy: ids.get(copy, f"<r{revision}.{copy}>")),
            restate=restate,
        )


def became(desk: Engine, recipient: str, status: str, revision: int = 1) -> None:
    """A sender's doing."""
    with desk.begin() as connection:
        connection.execute(
            update(outbox)
            .where(outbox.c.recipient == recipient, outbox.c.revision == revision)
            .values(status=status, detail="said the server")
        )


def rows(desk: Engine) -> dict[str, tuple[str, str]]:
    """Message-IDs with recipient and status."""
    with desk.connect() as connection:
        return {row.message_id: (row.recipient, row.status) for row in list_rows(connection)}


def test_given_two_addresses_when_put_in_then_each_has_a_row_and_the_first_keeps_the_plain_id(desk: Engine) -> None:
    assert put(desk, f"{A}; {B}") == ["<r1>", "<r1.2>"]
    assert put(desk, f"{B}, {A}") == []
    assert rows(desk) == {"<r1>": (A, "pending"), "<r1.2>": (B, "pending")}


def test_given_a_bad_entry_when_put_in_then_it_is_refused_and_the_other_address_waits(desk: Engine) -> None:
    put(desk, f"{BAD}; {A}")
    assert rows(desk) == {"<r1>": (A, "pending"), "<r1.2>": ("", "refused")}
    put(desk, f"{BAD}; {A}")
    assert len(rows(desk)) == 2


def test_given_a_bad_entry_that_is_corrected_then_its_row_goes_to_the_new_address(desk: Engine) -> None:
    put(desk, BAD)
    assert rows(desk) == {"<r1>": ("", "refused")}
    assert put(desk, B) == ["<r1>"]
    assert rows(desk) == {"<r1>": (B, "pending")}


@pytest.mark.parametrize("status", ["refused", "pending"])
def test_given_an_address_that_failed_when_corrected_then_its_row_goes_to_the_new_one(
    desk: Engine, status: str
) -> None:
    put(desk, f"{A}; {B}")
    became(desk, A, "sent")
    became(desk, B, status)
    assert put(desk, f"{A}; {C}") == ["<r1.2>"]
    assert rows(desk) == {"<r1>": (A, "sent"), "<r1.2>": (C, "pending")}


def test_given_a_long_word_of_a_server_when_the_address_is_corrected_then_a_thousand_letters_of_it_are_kept(
    desk: Engine,
) -> None:
    put(desk, A)
    with desk.begin() as connection:
        connection.execute(update(outbox).values(status="refused", detail="x" * 2000))
    put(desk, B)
    with desk.connect() as connection:
        (row,) = list_rows(connection)
    assert row.detail == "readdressed; was refused: ".ljust(1000, "x")


@pytest.mark.parametrize("status", ["sent", "uncertain", "sending"])
def test_given_a_list_that_may_have_left_when_the_address_changes_then_it_is_not_sent_again(
    desk: Engine, status: str
) -> None:
    put(desk, A)
    became(desk, A, status)
    assert put(desk, B) == []
    assert put(desk, B, revision=2) == []
    assert rows(desk) == {"<r1>": (A, status)}


def test_given_an_address_that_comes_later_when_put_in_then_that_nights_list_waits_for_it(desk: Engine) -> None:
    assert put(desk, "") == []
    assert put(desk, A) == ["<r1>"]
    became(desk, A, "sent")
    assert put(desk, f"{A}; {B}") == ["<r1.2>"]


def test_given_an_uncertain_list_that_is_to_be_resent_when_the_address_was_corrected_then_it_goes_there(
    desk: Engine,
) -> None:
    put(desk, A)
    became(desk, A, "uncertain")
    resolve(desk, ["<r1>"], "resend", "ops")
    put(desk, B)
    assert rows(desk) == {"<r1>": (B, "pending")}


def test_given_an_address_that_leaves_the_registry_and_comes_back_then_its_list_waits_again(desk: Engine) -> None:
    put(desk, f"{A}; {B}")
    put(desk, A)
    assert rows(desk) == {"<r1>": (A, "pending"), "<r1.2>": (B, "dropped")}
    put(desk, f"{A}; {B}")
    assert rows(desk) == {"<r1>": (A, "pending"), "<r1.2>": (B, "pending")}


@pytest.mark.parametrize("named", [A, BAD])
def test_given_a_list_that_a_person_dropped_when_put_in_again_then_it_stays_dropped(desk: Engine, named: str) -> None:
    put(desk, named)
    resolve(desk, ["<r1>"], "drop", "ops")
    put(desk, named)
    assert [status for _, status in rows(desk).values()] == ["dropped"]


def test_given_a_revision_when_one_recipient_has_its_list_then_only_the_other_waits_for_the_new_one(
    desk: Engine,
) -> None:
    put(desk, f"{A}; {B}")
    became(desk, A, "sent")
    became(desk, B, "refused")
    assert put(desk, f"{A}; {B}", revision=2) == ["<r2>"]
    assert rows(desk) == {"<r1>": (A, "sent"), "<r1.2>": (B, "dropped"), "<r2>": (B, "pending")}


def test_given_a_restatement_that_waits_when_revised_again_then_it_is_still_owed(desk: Engine) -> None:
    put(desk, A)
    became(desk, A, "sent")
    assert put(desk, A, revision=2) == []
    assert put(desk, A, revision=2, restate=True) == ["<r2>"]
    assert put(desk, A, revision=3) == ["<r3>"]
    assert rows(desk) == {"<r1>": (A, "sent"), "<r2>": (A, "dropped"), "<r3>": (A, "pending")}
    with desk.connect() as connection:
        assert [row.is_restated for row in list_rows(connection)] == [False, True, True]


def test_given_a_newer_revision_in_the_outbox_when_the_older_is_put_in_then_nothing_changes(desk: Engine) -> None:
    put(desk, A, revision=2)
    assert put(desk, f"{A}; {B}", revision=1) == []
    assert rows(desk) == {"<r2>": (A, "pending")}


def test_given_an_outbox_of_before_when_migrated_then_what_a_person_dropped_stays_dropped(
    empty_database: str,
) -> None:
    engine = create_engine(desk_address(empty_database))
    config = _alembic()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0003")
        old: dict[str, Any] = {"p": "contract", "d": DAY, "k": "branch_list"}
        for message_id, branch, detail in (("<1>", "B1", "resolved as drop by ops; was refused"), ("<2>", "B2", "")):
            connection.execute(
                text(
                    "insert into outbox (message_id, profile, business_date, branch_id, kind, revision, recipient,"
                    " language, subject, status, detail)"
                    " values (:m, :p, :d, :b, :k, 1, 'x@y.example', 'en', 's', 'dropped', :t)"
                ),
                {**old, "m": message_id, "b": branch, "t": detail},
            )
        alembic.command.upgrade(config, "0004")
        found = connection.execute(text("select copy, resolved_by from outbox order by message_id")).all()
        assert [tuple(row) for row in found] == [(1, "unknown"), (1, None)]
        alembic.command.downgrade(config, "0003")
        alembic.command.upgrade(config, "0004")
    engine.dispose()


def test_given_a_list_that_says_what_was_sent_when_restated_then_only_who_has_something_else_gets_it(
    desk: Engine,
) -> None:
    put(desk, f"{A}; {B}", says="one")
    became(desk, A, "sent")
    became(desk, B, "sent")
    assert put(desk, f"{A}; {B}", revision=2, restate=True, says="one") == []
    assert put(desk, f"{A}; {B}", revision=3, restate=True, says="two") == ["<r3>", "<r3.2>"]
    became(desk, A, "sent", revision=3)
    assert put(desk, f"{A}; {B}", revision=4, restate=True, says="one") == ["<r4>"], "B has what it says, A no more"
    assert rows(desk)["<r3.2>"] == (B, "dropped")


def test_given_a_former_list_of_unknown_content_when_restated_then_it_is_sent(desk: Engine) -> None:
    put(desk, A)
    became(desk, A, "sent")
    assert put(desk, A, revision=2, restate=True) == ["<r2>"]


def test_given_a_list_that_waits_when_it_says_something_else_by_now_then_its_row_knows(desk: Engine) -> None:
    put(desk, A, says="one")
    put(desk, A, says="two")
    became(desk, A, "sent")
    assert put(desk, A, revision=2, restate=True, says="two") == []


def test_given_a_list_that_was_corrected_under_its_revision_when_restated_then_a_copy_goes_to_who_has_the_former(
    desk: Engine,
) -> None:
    put(desk, f"{A}; {B}", says="one")
    became(desk, A, "sent")
    assert put(desk, f"{A}; {B}", says="other") == [], "nobody asked"
    became(desk, B, "sent")
    assert put(desk, f"{A}; {B}", restate=True, says="other") == ["<r1.3>"]
    assert put(desk, f"{A}; {B}", says="other") == [], "what waits goes on waiting"
    expected = {"<r1>": (A, "sent"), "<r1.2>": (B, "sent"), "<r1.3>": (A, "pending")}
    assert rows(desk) == expected
    became(desk, A, "sent")
    assert put(desk, f"{A}; {B}", restate=True, says="other") == []
    assert put(desk, f"{A}; {B}", restate=True, says="one") == ["<r1.4>", "<r1.5>"], "the last copy counts"


def test_given_a_list_that_left_before_digests_were_kept_when_restated_then_its_own_revision_is_not_sent_again(
    desk: Engine,
) -> None:
    put(desk, A)
    became(desk, A, "sent")
    assert put(desk, A, restate=True, says="one") == []
