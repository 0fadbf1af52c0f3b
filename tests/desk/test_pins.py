"""Which batches readers may still ask for, which may go, and which pack has their rows."""

import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from nightdesk.desk import packs, pins
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import (
    Attempt,
    close_attempt,
    held_attempt,
    latest_attempt,
    latest_published_date,
    least_cutoff,
    open_attempt,
    published_attempt,
    published_span,
    standing_attempt,
)
from nightdesk.desk.packs import Pack
from nightdesk.desk.pins import Pin
from nightdesk.desk.publication import publish
from nightdesk.desk.tables import attempt
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def desk(desk_database: str, tmp_path: Path) -> Engine:
    return open_desk(Settings(home=tmp_path, desk_url=desk_database))


def opened(
    desk: Engine, after: int = 0, *, hour: int = 21, landing: str | None = None, bank: str = "contract"
) -> Attempt:
    """An attempt at the night so many days after D."""
    day = D + after * ONE_DAY
    cutoff = datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)
    return open_attempt(
        desk,
        profile=bank,
        business_date=day,
        cutoff_at=cutoff,
        source="sqlite://",
        base_ccy="CNY",
        policy_version="p",
        code_version="c",
        landing_attempt_id=landing,
    )


def pin(desk: Engine, item: Attempt, table: str, batch: str, rows: int = 1, *, starts: bool = False) -> None:
    pins.set_pins(desk, item, [Pin(table, batch, rows, starts_chain=starts, fingerprint="", digest="")])


def age(desk: Engine, item: Attempt, hours: float) -> None:
    """Let an attempt have been opened so many hours ago."""
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
    with desk.begin() as connection:
        connection.execute(update(attempt).where(attempt.c.attempt_id == item.attempt_id).values(opened_at=at))


def kept(desk: Engine, replay_days: int = 0) -> set[tuple[str, str]]:
    with desk.connect() as connection:
        return {tuple(row) for row in connection.execute(pins.kept_batches(replay_days))}  # type: ignore[misc]


def test_given_nights_then_a_history_is_what_was_written_along_the_line_from_the_last_whole_batch_on(
    desk: Engine,
) -> None:
    line = []
    for after, (batch, rows, starts) in enumerate([("a", 1, True), ("b", 2, False), ("c", 3, True), ("d", 0, False)]):
        line.append(opened(desk, after))
        pin(desk, line[-1], "features/day", batch, rows, starts=starts)
        publish(desk, line[-1], f"hash {after}")
    beside = opened(desk, 4)
    pin(desk, beside, "features/day", "no night continues this one")
    last = opened(desk, 4)
    pin(desk, last, "features/day", "e", 5)
    with desk.connect() as connection:
        found = [
            pins.chain_pins(connection, one.attempt_id, ["features/day", "features/none"]) for one in [*line, last]
        ]
        assert pins.pinned_tables(connection) == ["features/day"]
    assert [one["features/day"] for one in found] == [["a"], ["a", "b"], ["c"], ["c"], ["c", "e"]]
    assert {tuple(one["features/none"]) for one in found} == {()}


def test_given_published_nights_then_what_they_and_all_that_they_continue_wrote_is_kept_and_no_failed_attempts(
    desk: Engine,
) -> None:
    first, failed = opened(desk), opened(desk)
    pin(desk, first, "features/day", "first")
    pin(desk, failed, "features/day", "failed")
    pin(desk, first, "landing/txn", "landed")
    assert kept(desk) == set()
    publish(desk, first, "hash")
    close_attempt(desk, failed, "failed", "x")
    again, second = opened(desk), opened(desk, 1)
    pin(desk, again, "features/day", "again")
    pin(desk, second, "features/day", "second")
    publish(desk, second, "hash 2")
    assert kept(desk) == {("features/day", "first"), ("features/day", "second")}
    pins.note_gone(desk, "features/day", ["first"])
    assert kept(desk) == {("features/day", "second")}


def test_given_rows_as_landed_then_they_are_kept_for_the_replays_of_what_readers_see_and_by_when_they_were_read(
    desk: Engine,
) -> None:
    read = opened(desk)
    pin(desk, read, "landing/txn", "read")
    publish(desk, read, "hash")
    assert kept(desk, 1) == {("landing/txn", "read")}
    age(desk, read, 25)
    assert kept(desk, 1) == set()
    assert kept(desk, 2) == {("landing/txn", "read")}
    replay = opened(desk, landing=read.attempt_id)
    pin(desk, replay, "landing/txn", "read")
    publish(desk, replay, "another hash")
    assert kept(desk, 1) == set(), "a replay reads what was read then"
    assert kept(desk, 2) == {("landing/txn", "read")}


def test_given_old_attempts_then_what_nobody_reads_may_go_and_nothing_that_is_young_or_empty(desk: Engine) -> None:
    old, young, seen = opened(desk), opened(desk), opened(desk)
    for item, name in ((old, "old"), (young, "young"), (seen, "seen")):
        pin(desk, item, "features/day", name)
        pin(desk, item, "features/empty", f"{name} empty", 0)
        pin(desk, item, "landing/txn", f"{name} landed")
    publish(desk, seen, "hash")
    for item in (old, seen):
        age(desk, item, 49)
    age(desk, young, 47)
    with desk.connect() as connection:
        assert pins.unread_batches(connection, 2, 3) == {"features/day": {"old"}, "landing/txn": {"old landed"}}
        assert pins.unread_batches(connection, 2, 2) == {
            "features/day": {"old"}, "landing/txn": {"old landed", "seen landed"},
        }  # fmt: skip
        assert pins.unread_batches(connection, 3, 3) == {}
        assert pins.unswept_attempts(connection, 2) == sorted((old.attempt_id, seen.attempt_id))
        assert pins.unpinned(connection, "features/day", ["old", "lost"]) == {"lost"}
    pins.note_gone(desk, "features/day", ["old"])
    pins.note_swept(desk, [old.attempt_id])
    with desk.connect() as connection:
        assert pins.unread_batches(connection, 2, 3) == {"landing/txn": {"old landed"}}
        assert pins.unswept_attempts(connection, 2) == [seen.attempt_id]


def pack_of(made_by: Attempt, pack_id: str, level: int = 1, table: str = "features/day") -> Pack:
    return Pack(table, pack_id, made_by.attempt_id, level, 10, 100, "digest")


def test_given_packs_then_a_reader_finds_where_rows_lie_and_whether_a_pack_has_others_too(desk: Engine) -> None:
    item = opened(desk)
    one, other = pack_of(item, "P1"), pack_of(item, "P2")
    packs.enter_pack(desk, one, ["a", "b"])
    packs.enter_pack(desk, other, ["c"])
    packs.enter_pack(desk, pack_of(item, "Q", table="features/other"), ["a", "z"])
    listed = [pins.Pin("features/day", name, rows, starts_chain=False) for name, rows in
              (("a", 1), ("d", 1), ("e", 0))]  # fmt: skip
    with desk.connect() as connection:
        found = packs.places(connection, "features/day", ["a", "c", "d"])
        assert [(place.pack, place.batches, place.is_whole) for place in found] == [
            (one, {"a"}, False),
            (other, {"c"}, True),
        ]
        assert packs.places(connection, "features/day", ["d"]) == []
        assert packs.members_of(connection, "features/day", ["P1", "P2"]) == {"a", "b", "c"}
        assert packs.unpacked(connection, listed) == {"d"}
        assert packs.unpacked(connection, []) == frozenset()
        assert packs.packs_in_use(connection)["features/day"] == [one, other]
        assert pins.unpinned(connection, "features/day", ["P1", "a"]) == {"a"}
    packs.enter_pack(desk, pack_of(item, "P3", 2), ["a", "b", "c"])
    with desk.connect() as connection:
        (place,) = packs.places(connection, "features/day", ["a", "b", "c"])
        assert (place.pack.pack_id, place.is_whole) == ("P3", True)
        assert [pack.pack_id for pack in packs.packs_in_use(connection)["features/day"]] == ["P3"]


def test_given_batches_that_no_pack_has_then_all_but_the_newest_are_packed_next_and_never_rows_as_landed(
    desk: Engine,
) -> None:
    for after in range(4):
        item = opened(desk, after)
        pin(desk, item, "features/day", f"b{3 - after}")
        pin(desk, item, "features/empty", f"e{after}", 0)
        pin(desk, item, "landing/txn", f"l{after}")
        publish(desk, item, f"hash {after}")
    packs.enter_pack(desk, pack_of(item, "P"), ["b3"])
    with desk.connect() as connection:
        found = {name: [one.batch_id for one in few] for name, few in packs.loose_batches(connection, 1).items()}
        assert found == {"features/day": ["b2", "b1"]}, "the oldest first"
        assert [one.batch_id for one in packs.loose_batches(connection, 2)["features/day"]] == ["b2"]
    pins.note_gone(desk, "features/day", ["b2"])
    with desk.connect() as connection:
        assert [one.batch_id for one in packs.loose_batches(connection, 1)["features/day"]] == ["b1"]


def test_given_a_pack_then_what_it_replaced_goes_a_day_after_and_a_lower_pack_as_well(desk: Engine) -> None:
    night, packer, later = opened(desk), opened(desk), opened(desk)
    pin(desk, night, "features/day", "a")
    pin(desk, night, "features/day2", "a")
    packs.enter_pack(desk, pack_of(packer, "P1"), ["a"])
    age(desk, packer, 23)
    with desk.connect() as connection:
        assert packs.packed_away(connection) == {}
    age(desk, packer, 25)
    with desk.connect() as connection:
        assert packs.packed_away(connection) == {"features/day": {"a"}}
        assert packs.unused_packs(connection) == {}
    pins.note_gone(desk, "features/day", ["a"])
    packs.enter_pack(desk, pack_of(later, "P2", 2), ["a"])
    with desk.connect() as connection:
        assert packs.packed_away(connection) == {}
        assert packs.unused_packs(connection) == {}, "somebody may be reading it"
    age(desk, later, 25)
    with desk.connect() as connection:
        assert packs.unused_packs(connection) == {"features/day": {"P1"}}
    packs.forget_packs(desk, "features/day", ["P1"])
    with desk.connect() as connection:
        assert packs.unused_packs(connection) == {}
        assert [pack.pack_id for pack in packs.packs_in_use(connection)["features/day"]] == ["P2"]


def test_given_a_pack_that_a_fresh_one_of_the_same_level_stands_beside_then_only_a_higher_one_holds_it_back(
    desk: Engine,
) -> None:
    old, fresh = opened(desk), opened(desk)
    packs.enter_pack(desk, pack_of(old, "P1"), ["a"])
    packs.enter_pack(desk, pack_of(old, "P2", 2), ["a"])
    packs.enter_pack(desk, pack_of(fresh, "P3", 1), ["b"])
    packs.enter_pack(desk, pack_of(fresh, "Q", 3, "features/other"), ["a"])
    age(desk, old, 25)
    with desk.connect() as connection:
        assert packs.unused_packs(connection) == {"features/day": {"P1"}}


def test_given_nights_then_the_one_to_continue_is_the_latest_published_before_a_date_of_the_same_bank(
    desk: Engine,
) -> None:
    with desk.connect() as connection:
        assert published_span(connection, "contract") is None
        assert latest_published_date(connection, "contract") is None
        assert least_cutoff(connection, "contract", D) is None
    nights = [opened(desk, after, hour=20 + after) for after in (0, 1)]
    publish(desk, nights[0], "hash")
    nights[1] = opened(desk, 1, hour=22)
    publish(desk, nights[1], "hash 1")
    other = opened(desk, 5, bank="berka")
    publish(desk, other, "hash")
    failed = opened(desk, 2)
    close_attempt(desk, failed, "failed", "why")
    with desk.connect() as connection:
        before = [published_attempt(connection, "contract", D + after * ONE_DAY) for after in range(4)]
        first, second = (one.attempt_id for one in nights)
        assert [one and one.attempt_id for one in before] == [None, first, second, second]
        assert latest_published_date(connection, "contract") == D + ONE_DAY
        assert published_span(connection, "contract") == (D, D + ONE_DAY, 2)
        standing = standing_attempt(connection, "contract", D)
        assert standing is not None
        assert standing.attempt_id == first
        assert standing_attempt(connection, "contract", D + 2 * ONE_DAY) is None
        latest = latest_attempt(connection, "contract", D + 2 * ONE_DAY)
        assert latest is not None
        assert (latest[0].attempt_id, latest[1]) == (failed.attempt_id, "why")
        assert latest_attempt(connection, "contract", D + 3 * ONE_DAY) is None
        # of its own publication, or of the night that it continues
        cutoffs = [least_cutoff(connection, "contract", D + after * ONE_DAY) for after in range(3)]
        assert cutoffs == [nights[0].cutoff_at, nights[1].cutoff_at, nights[1].cutoff_at]


@pytest.mark.parametrize(
    ("then", "is_held"), [(None, True), ("failed", True), ("lost", True), ("unchanged", False), ("running", False)]
)
def test_given_a_held_attempt_then_it_waits_for_a_person_until_another_found_something_out(
    desk: Engine, then: str | None, is_held: bool
) -> None:
    held = opened(desk)
    close_attempt(desk, held, "held", "too many are gone")
    if then is not None:
        later = opened(desk)
        if then != "running":
            close_attempt(desk, later, then, "x")
    with desk.connect() as connection:
        found = held_attempt(connection, "contract", D)
    assert (found is not None) is is_held
    if found is not None:
        assert (found[0].attempt_id, found[1]) == (held.attempt_id, "too many are gone")
