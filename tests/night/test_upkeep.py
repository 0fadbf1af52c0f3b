"""Upkeep: a lake of hundreds of nights is as few files as one of dozens, and every night of it reads as it did."""

import datetime
import logging
from pathlib import Path

import pyarrow as pa
import pytest
from hand_bank import ten_clients, write_sqlite
from night_runs import MakeSettings
from sqlalchemy import text

from nightdesk.attempt.batches import find, keep
from nightdesk.attempt.opening import Night
from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.pins import pins_of
from nightdesk.errors import StoreError
from nightdesk.night import upkeep
from nightdesk.night.publishing import state_hash
from nightdesk.night.upkeep import pack_lake, tidy
from nightdesk.night.whole import run_night
from nightdesk.ranges.backfilling import run_backfill
from nightdesk.reading.explaining import explain
from nightdesk.reading.exporting import export
from nightdesk_lab.bench.tiny_nights import DAY, HISTORY, RESULT, ROUND, TinyNights, a_day_passes, mean_of

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def lake(fresh_settings: MakeSettings) -> TinyNights:
    made = TinyNights(fresh_settings())
    for _ in range(400):
        made.run()
    return made


def test_given_four_hundred_nights_then_a_night_opens_no_more_files_than_the_levels_of_packs_have(
    lake: TinyNights,
) -> None:
    """8 that lie apart, at most 16 and those of a night on each of the two levels, and the packs of the second."""
    assert max(night.files for night in lake.took[:100]) <= 8 + 16 + 6
    assert max(night.files for night in lake.took) <= 8 + 2 * 16 + 2


def test_given_four_hundred_nights_then_a_night_writes_no_more_bytes_and_reads_more_by_its_rows_alone(
    lake: TinyNights,
) -> None:
    """Seven rounds of nights, each beside the one at the same place of the levels, 256 nights before."""
    early, late = (mean_of(lake.took[first : first + 7 * ROUND]) for first in (2 * ROUND, 18 * ROUND))
    assert late.written_bytes <= 1.25 * early.written_bytes, "packs and logs with it"
    rows_more, of_a_row = 2 * 16 * ROUND, 40  # two numbers, and from which batch it was packed
    assert late.read_bytes - early.read_bytes <= rows_more * of_a_row


def test_given_four_hundred_nights_then_the_lake_and_its_logs_are_a_few_files(lake: TinyNights) -> None:
    for table in (HISTORY, RESULT):
        # what was packed last night lies beside its pack till tomorrow
        assert lake.files(table) <= 8 + 2 * 16 + 2 + 16, table
        assert len(list(Path(lake.settings.lake_root, table, "_delta_log").iterdir())) <= 24
        assert len(list(Path(lake.settings.lake_root, table).glob("night=*"))) <= 60, "nor do empty folders stay"
    assert lake.files("landing/client") == 3, "rows as landed of every tenth night go after replay_days"


def test_given_four_hundred_nights_then_packing_writes_each_row_a_few_times_and_no_more_the_longer_it_goes_on(
    lake: TinyNights,
) -> None:
    with lake.desk.connect() as connection:
        levels = dict(connection.execute(text("select level, count(*) from pack group by 1")).tuples().all())
    assert set(levels) == {1, 2}, "a pack of packs, and no pack of all"
    assert levels[1] <= 2 * 16, "packs that a higher one replaced are forgotten"


def test_given_packed_nights_then_each_reads_its_own_rows_and_the_history_up_to_it(lake: TinyNights) -> None:
    for number in (0, 7, 15, 16, 100, 255, 256, 390, 399):
        entry = lake.nights[number]
        assert lake.result(entry) == [number] * 3
        assert lake.history(entry)[0] == [n for n in range(number + 1) for _ in range(2)]


def test_given_a_pack_that_was_changed_then_a_published_night_says_from_which_night_on_it_is_made_again(
    lake: TinyNights,
) -> None:
    with lake.desk.connect() as connection:
        own = pins_of(connection, lake.nights[20].attempt_id)[RESULT]
    (file,) = find(lake.settings.lake_root, lake.desk, RESULT, [own.batch_id], [own]).files
    whole = Path(file).read_bytes()
    try:
        Path(file).write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
        with pytest.raises(StoreError, match="its content is not what was written") as failed:
            lake.result(lake.nights[20])
        assert "backfill --from 2024-01" in str(failed.value.remedy)
    finally:
        Path(file).write_bytes(whole)


@pytest.mark.parametrize(
    ("has_digest", "named"),
    [
        (True, "tiers/client_tier of the night 2024-01-04 is damaged"),
        (False, "the lake table tiers/client_tier is not tidied tonight"),
    ],
    ids=["its digest is known", "nobody knows its digest"],
)
def test_given_a_damaged_batch_that_would_be_packed_then_it_is_named_and_other_tables_are_packed(
    fresh_settings: MakeSettings, caplog: pytest.LogCaptureFixture, has_digest: bool, named: str
) -> None:
    small = TinyNights(fresh_settings())
    for _ in range(24):
        small.run()
    with small.desk.connect() as connection:
        own = pins_of(connection, small.nights[3].attempt_id)[RESULT]
    (file,) = find(small.settings.lake_root, small.desk, RESULT, [own.batch_id]).files
    Path(file).write_bytes(b"PAR1 and no more PAR1")
    if not has_digest:
        with small.desk.begin() as connection:
            connection.execute(text("update pin set digest = '' where batch_id = :own"), {"own": own.batch_id})
    with caplog.at_level(logging.WARNING, logger="nightdesk"):
        made = pack_lake(small.open())
    assert made == {HISTORY: 1}
    assert named in caplog.text


def test_given_a_night_whose_batches_were_packed_then_its_state_and_that_of_a_replay_are_what_they_were(
    fresh_settings: MakeSettings,
) -> None:
    """A replay reads some batches of the night that it replays, and writes the others into tables with a pack."""
    small = TinyNights(fresh_settings())
    for _ in range(24):
        small.run()
    entry = small.nights[3]
    replayed = Night(small.settings, small.desk, entry, load_profile(small.settings, None))
    before = state_hash(replayed)
    assert pack_lake(small.open()) == {HISTORY: 1, RESULT: 1}
    assert state_hash(replayed) == before
    again = small.open()  # of another date, under the same policy
    keep(again, HISTORY, small.rows(3, 2))
    keep(again, RESULT, small.rows(3, 3))
    assert state_hash(again) == before
    keep(again, RESULT, small.rows(3, 2))
    assert state_hash(again) != before


def test_given_batches_of_which_no_two_have_the_same_columns_then_none_is_packed_and_no_pack_is_counted(
    fresh_settings: MakeSettings,
) -> None:
    small = TinyNights(fresh_settings())
    for number in range(24):
        night = small.open()
        columns = {f"amount_{n}": [n] for n in range(number + 1)}
        keep(night, RESULT, pa.table(columns).to_reader())
        small.publish(night.attempt)
        small.nights.append(night.attempt)
    assert pack_lake(small.open()) == {}
    assert small.files(RESULT) == 24


def test_given_another_banks_night_at_work_then_nothing_is_dropped_or_packed_till_it_has_ended(
    fresh_settings: MakeSettings,
) -> None:
    """It would lose the batch that it is writing into the same table."""
    small = TinyNights(fresh_settings())
    for _ in range(24):
        small.run()
    keep(small.open(), RESULT, small.rows(99, 1))  # it comes to nothing, and is old enough to be swept
    for _ in range(8):
        small.age()
    other = small.open("berka")
    before = {table: small.files(table) for table in (HISTORY, RESULT)}
    tidy(small.open(), 35)
    assert {table: small.files(table) for table in before} == before
    small.publish(other.attempt)
    tidy(small.open(), 35)
    # a pack is one file more, and the batch that nobody reads is gone
    assert {table: small.files(table) for table in before} == {HISTORY: before[HISTORY] + 1, RESULT: before[RESULT]}


def test_given_a_pack_then_what_it_replaced_lies_beside_it_for_a_day_whoever_else_runs_meanwhile(
    fresh_settings: MakeSettings,
) -> None:
    """A process that found the single files may still be reading them."""
    small = TinyNights(fresh_settings())
    for _ in range(24):
        small.run()
    assert pack_lake(small.open()) == {HISTORY: 1, RESULT: 1}
    pack_lake(small.open())
    assert small.files(HISTORY) == 24 + 1
    small.age()
    pack_lake(small.open())
    assert small.files(HISTORY) == 8 + 1


def test_given_nights_that_are_packed_early_then_exports_explanations_and_reruns_are_what_they_were(
    fresh_settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole nights, with packs due at two batches and none left apart."""
    settings, source = fresh_settings(), write_sqlite(ten_clients(), tmp_path / "bank.db")
    days = [datetime.date(2026, 3, 28) + n * DAY for n in range(4)]
    tables = ("client_tier", "signal", "task", "quarantine", "withheld")
    for name, value in (("_FILES", 2), ("_APART", 1), ("_A_NIGHT", 1000)):
        monkeypatch.setattr(upkeep, name, value)
    before = {}
    for day in days:
        run_night(settings, day, source=source)
        a_day_passes(open_desk(settings))
        before |= {(day, name): export(settings, name, day, "csv", None) for name in tables}
    said = explain(settings, "C04", days[-1])
    again = run_night(settings, days[-1], source=source)
    assert (again.is_new, again.publication.revision) == (False, 1)
    with open_desk(settings).connect() as connection:
        packs = connection.execute(text("select count(*) from pack")).scalar_one()
        gone = connection.execute(text("select count(*) from pin where is_gone")).scalar_one()
    assert packs > 20
    assert gone > 20, "what an earlier night packed lies in its pack only"
    replayed = run_backfill(settings, days[0], reason="a look")
    assert [(one.publication.business_date, one.publication.revision, one.is_new) for one in replayed] == [
        (day, 1, False) for day in days
    ], "a replay reads packs as it read the batches in them"
    with open_desk(settings).connect() as connection:
        verdicts = connection.scalars(text("select status from attempt where backfill_id is not null")).all()
    assert verdicts == ["unchanged"] * len(days), "what was packed counts as whole, and as the same state"
    assert {key: export(settings, key[1], key[0], "csv", None) for key in before} == before
    assert explain(settings, "C04", days[-1]) == said
    assert explain(settings, "C04", days[0])["warning"]["colour"] == "red"
