"""Attempts and publications: one copy of a step writes, one night is published at a time, nothing moves back."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import (
    Attempt,
    begin_step,
    close_attempt,
    feeds_of,
    get_attempt,
    open_attempt,
    record_feed,
)
from nightdesk.desk.pins import Pin, pins_of, set_pins
from nightdesk.desk.publication import current, publish
from nightdesk.desk.standing import first_astray
from nightdesk.desk.tables import attempt
from nightdesk.errors import Refused
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)
FEED = {"table_name": "txn", "is_supplied": True}


@pytest.fixture
def desk(desk_database: str, tmp_path: Path) -> Engine:
    return open_desk(Settings(home=tmp_path, desk_url=desk_database))


def opened(desk: Engine, day: datetime.date = D) -> Attempt:
    cutoff = datetime.datetime.combine(day, datetime.time(21), datetime.UTC)
    return open_attempt(
        desk,
        profile="contract",
        business_date=day,
        cutoff_at=cutoff,
        source="sqlite://",
        base_ccy="CNY",
        policy_version="p",
        code_version="c",
    )


def status(desk: Engine, item: Attempt) -> str:
    with desk.connect() as connection:
        return get_attempt(connection, item.attempt_id).status


def test_given_a_second_copy_of_a_step_then_the_first_can_write_nothing_any_more(desk: Engine) -> None:
    first = opened(desk)
    set_pins(desk, first, [Pin("landing/txn", "a", 1, starts_chain=False)])
    second = begin_step(desk, first.attempt_id)
    record_feed(desk, second, [{**FEED, "rows_in": 1, "rows_used": 1}])
    with pytest.raises(Refused, match="taken over by another copy"):
        set_pins(desk, first, [Pin("landing/txn", "b", 2, starts_chain=False)])
    with pytest.raises(Refused, match="taken over by another copy"):
        record_feed(desk, first, [FEED])
    with pytest.raises(Refused, match="taken over by another copy"):
        publish(desk, first, "hash")
    close_attempt(desk, first, "failed", "the first copy was ended")
    set_pins(desk, second, [Pin("landing/client", "c", 3, starts_chain=False)])
    with desk.connect() as connection:
        assert {pin.batch_id for pin in pins_of(connection, first.attempt_id).values()} == {"a", "c"}
        assert feeds_of(connection, first.attempt_id)[0]["rows_used"] == 1
    assert status(desk, first) == "running"


def test_given_an_attempt_that_is_just_being_given_up_when_its_step_begins_then_it_waits_and_is_refused(
    desk: Engine,
) -> None:
    item = opened(desk)
    with ThreadPoolExecutor(1) as other, desk.connect() as connection:
        get_attempt(connection, item.attempt_id, is_locked=True)
        begun = other.submit(begin_step, desk, item.attempt_id)
        with pytest.raises(TimeoutError):
            begun.result(0.5)  # it stands at the lock
        connection.execute(update(attempt).where(attempt.c.attempt_id == item.attempt_id).values(status="lost"))
        connection.commit()
        with pytest.raises(Refused, match="was given up as lost"):
            begun.result(30)
    with desk.connect() as connection:
        assert get_attempt(connection, item.attempt_id).token == item.token


def test_given_a_failed_attempt_when_its_step_begins_again_then_it_runs(desk: Engine) -> None:
    item = opened(desk)
    close_attempt(desk, item, "failed", "the source went away")
    with pytest.raises(Refused, match="is failed"):
        set_pins(desk, item, [Pin("landing/txn", "a", 1, starts_chain=False)])
    again = begin_step(desk, item.attempt_id)
    set_pins(desk, again, [Pin("landing/txn", "a", 1, starts_chain=False)])
    assert status(desk, item) == "running"


def test_given_a_publish_step_that_is_tried_again_then_what_stands_stays_published(desk: Engine) -> None:
    item = opened(desk)
    first = publish(desk, item, "hash")
    again = publish(desk, begin_step(desk, item.attempt_id), "hash")
    assert first == again
    assert status(desk, item) == "published"
    close_attempt(desk, item, "failed", "after the fact")
    assert status(desk, item) == "published"
    equal = opened(desk)
    for _ in range(2):
        assert publish(desk, begin_step(desk, equal.attempt_id), "hash") == (first[0], False)
    assert status(desk, equal) == "unchanged"


def test_given_a_night_published_after_it_meanwhile_then_the_earlier_one_is_refused(desk: Engine) -> None:
    slow, fast = opened(desk), opened(desk, D + ONE_DAY)
    publish(desk, fast, "later")
    with pytest.raises(Refused, match=f"nightdesk backfill --from {D} --to {D + ONE_DAY}"):
        publish(desk, slow, "earlier")


def test_given_a_night_before_it_published_meanwhile_then_the_later_one_is_refused(desk: Engine) -> None:
    slow, fast = opened(desk, D + ONE_DAY), opened(desk)
    publish(desk, fast, "earlier")
    with pytest.raises(Refused, match="published a night before it"):
        publish(desk, slow, "later")
    with desk.connect() as connection:
        assert current(connection, "contract", D).attempt_id == fast.attempt_id
        assert set(connection.scalars(select(attempt.c.status))) == {"running", "published"}


def test_given_nights_that_each_continue_the_one_before_then_none_is_astray_and_the_next_one_opens(
    desk: Engine,
) -> None:
    for night in range(3):
        publish(desk, opened(desk, D + night * ONE_DAY), f"night {night}")
    with desk.connect() as connection:
        assert first_astray(connection, "contract") is None
        assert first_astray(connection, "contract", D + ONE_DAY) is None
    assert opened(desk, D + 3 * ONE_DAY).parent_attempt_id is not None


def test_given_the_same_content_by_another_state_then_the_revision_stays_and_what_is_behind_it_moves_on(
    desk: Engine,
) -> None:
    first, _ = publish(desk, opened(desk), "hash", "state")
    other = opened(desk)
    moved, is_new = publish(desk, other, "hash", "another state")
    assert (moved.revision, moved.attempt_id, is_new, status(desk, other)) == (1, other.attempt_id, False, "published")
    equal = opened(desk)
    assert publish(desk, equal, "hash", "another state") == (moved, False)
    assert status(desk, equal) == "unchanged"
    repaired = opened(desk)
    publish(desk, repaired, "hash", "another state", is_standing_whole=False)
    assert status(desk, repaired) == "published"
    with desk.connect() as connection:
        assert current(connection, "contract", D, 1).attempt_id == repaired.attempt_id != first.attempt_id
