"""Hundreds of nights of a few rows each, with the real ledger, lake and upkeep: what one takes the longer it goes on.

There is no source and there are no models: what grows here is what nights leave behind.
"""

import datetime
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine as Database
from sqlalchemy import text

from nightdesk import clock, pg
from nightdesk.attempt.batches import Found, find, keep, view
from nightdesk.attempt.opening import Night
from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Attempt, open_attempt
from nightdesk.desk.pins import chain_pins, pins_of
from nightdesk.desk.publication import publish
from nightdesk.engine import Engine
from nightdesk.lake import LOG
from nightdesk.night.sweeping import sweep
from nightdesk.night.upkeep import pack_lake
from nightdesk.settings import Settings
from nightdesk_lab.bench.origin import Origin, Size, origin_now

FIRST = datetime.date(2024, 1, 1)
DAY = datetime.timedelta(days=1)
#: a history that every night reads whole, and a result of which a night reads its own rows
HISTORY, RESULT = "features/client_day", "tiers/client_tier"
#: a table of which the source gives rows every tenth night
SELDOM = "landing/client"
COLUMNS = {"night_number": "BIGINT", "amount": "DECIMAL(18,2)"}
#: nights of which one mean is told: in so many one pack of each table falls due
ROUND = 16


@dataclass(frozen=True)
class Took:
    """What a night took: files and bytes of the history that it read, bytes that it wrote, seconds of CPU and wall."""

    files: float
    read_bytes: float
    written_bytes: float
    cpu_seconds: float
    seconds: float


class TinyNights:
    """A lake and a ledger of such nights, a day apart."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.desk = settings, open_desk(settings)
        self.nights: list[Attempt] = []
        self.took: list[Took] = []

    def run(self) -> None:
        """One night: upkeep, then the history is read and gains rows, and the result is written."""
        with _removed_a_day_ago():
            self._run()

    def _run(self) -> None:
        number, before = len(self.nights), self._sizes()
        began, cpu = time.perf_counter(), time.process_time()
        night = self.open()
        sweep(night, 35)
        pack_lake(night)
        read = self.history(self.nights[-1])[1] if self.nights else []
        keep(night, HISTORY, self.rows(number, 2), starts_chain=number == 0)
        keep(night, RESULT, self.rows(number, 3))
        if number % 10 == 0:
            keep(night, SELDOM, self.rows(number, 1))
        self.publish(night.attempt)
        seconds = time.process_time() - cpu, time.perf_counter() - began
        written = sum(size for file, size in self._sizes().items() if file not in before)
        self.took.append(Took(len(read), sum(map(os.path.getsize, read)), written, *seconds))
        self.nights.append(night.attempt)
        self.age()

    def open(self, profile: str = "contract") -> Night:
        """The next night, begun."""
        day = FIRST + len(self.nights) * DAY
        cut_off = datetime.datetime.combine(day + DAY, datetime.time(5), datetime.UTC)
        entry = open_attempt(
            self.desk,
            profile=profile,
            business_date=day,
            cutoff_at=cut_off,
            source="none",
            base_ccy="CNY",
            policy_version="test",
            code_version="test",
        )
        return Night(self.settings, self.desk, entry, load_profile(self.settings, None))

    def publish(self, entry: Attempt) -> None:
        """A night that was opened counts as the one of its date."""
        publish(self.desk, entry, f"content {entry.business_date}", f"state {entry.business_date}")

    def rows(self, number: int, count: int) -> pa.RecordBatchReader:
        """So many rows of a night."""
        numbers = pa.array([number] * count, pa.int64())
        amounts = pa.array(range(count), pa.int32()).cast(pa.decimal128(18, 2))
        return pa.table({"night_number": numbers, "amount": amounts}).to_reader()

    def age(self) -> None:
        """A day goes by."""
        a_day_passes(self.desk)
        for file in Path(self.settings.lake_root).glob("*/*/_delta_log/*"):
            os.utime(file, ((clock.now() - 2 * DAY).timestamp(),) * 2)

    def history(self, entry: Attempt) -> tuple[list[int], list[str]]:
        """The nights whose rows a night's history has, and the files that it is read from."""
        with self.desk.connect() as connection:
            batches = chain_pins(connection, entry.attempt_id, [HISTORY])[HISTORY]
        found = find(self.settings.lake_root, self.desk, HISTORY, batches)
        return self._read(found), list(found.files)

    def result(self, entry: Attempt) -> list[int]:
        """The nights whose rows a night's result has."""
        with self.desk.connect() as connection:
            own = pins_of(connection, entry.attempt_id)[RESULT]
        return self._read(find(self.settings.lake_root, self.desk, RESULT, [own.batch_id], [own]))

    def files(self, table: str) -> int:
        """How many files of rows a table has."""
        return sum(1 for _ in Path(self.settings.lake_root, table).glob("night=*/*/*.parquet"))

    def _read(self, found: Found) -> list[int]:
        with Engine() as engine:
            view(engine, "lake.rows", found, COLUMNS)
            return [row["night_number"] for row in engine.rows("select night_number from lake.rows order by all")]

    def _sizes(self) -> dict[tuple[str, int], int]:
        """Each file of the lake as it is now: what is written anew under a name that was there is another file."""
        found = {}
        for file in Path(self.settings.lake_root).rglob("*"):
            if file.is_file():
                is_now = file.stat()
                found[str(file), is_now.st_ino] = is_now.st_size
        return found


@contextmanager
def _removed_a_day_ago() -> Iterator[None]:
    """A table's log names what was removed for a day by the machine's clock: here a day goes by in a moment."""
    kept = dict(LOG)
    LOG["delta.deletedFileRetentionDuration"] = "interval 0 days"
    try:
        yield
    finally:
        LOG.update(kept)


def a_day_passes(desk: Database) -> None:
    """All that the ledger has was a day earlier."""
    with desk.begin() as connection:
        connection.execute(text("update attempt set opened_at = opened_at - interval '1 day'"))


def mean_of(nights: Sequence[Took]) -> Took:
    """What one of several nights took on average."""
    return Took(*map(fmean, zip(*map(astuple, nights), strict=True)))


@dataclass
class NightsBench:
    """What each of so many nights took."""

    origin: Origin
    nights: list[Took] = field(default_factory=list)

    def rounds(self) -> dict[int, Took]:
        """The mean of each round of nights, by the number of the last of them."""
        parts = [self.nights[first : first + ROUND] for first in range(0, len(self.nights), ROUND)]
        return {ROUND * number + len(part): mean_of(part) for number, part in enumerate(parts)}

    def document(self) -> dict[str, Any]:
        """The whole as a plain document."""
        return {**self.origin.document(), "rounds": {to: asdict(mean) for to, mean in self.rounds().items()}}


def run_nights(settings: Settings, count: int) -> NightsBench:
    """Run so many nights below `<home>/bench/nights`, made anew."""
    home = settings.home / "bench" / "nights"
    if home.exists():
        pg.remove(home)
        shutil.rmtree(home)
    found = NightsBench(origin_now(Size(0, 0, 0, 0), settings))
    try:
        made = TinyNights(Settings(home=home))
        for _ in range(count):
            made.run()
        found.nights = made.took
    finally:
        pg.stop(home)
    return found
