"""Batches of a night: written with what says who made them, and read where they are what was written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from nightdesk.attempt.opening import Night
from nightdesk.desk.ledger import get_attempt, latest_published_date, standing_attempt
from nightdesk.desk.packs import Place, places
from nightdesk.desk.pins import Pin, set_pins
from nightdesk.desk.remedy import night_command, replay_command
from nightdesk.engine import Engine
from nightdesk.errors import StoreError
from nightdesk.fingerprint import fingerprint
from nightdesk.lake import DamagedBatch, attempt_of, bytes_of, digest_of, files_of, write_batch
from nightdesk.metering import wrote
from nightdesk.packing import PACKED_FROM
from nightdesk.sql_text import literal


def write(night: Night, lake_table: str, rows: pa.RecordBatchReader, *, starts_chain: bool = False) -> Pin:
    """Write rows as tonight's batch of `layer/name`; returns its pin, for the step to set with those of its others."""
    root, attempt_id = night.settings.lake_root, night.attempt.attempt_id
    batch_id, count = write_batch(root, lake_table, night.business_date, rows, attempt_id)
    if count:
        wrote(bytes_of(root, lake_table, night.business_date, batch_id))
    return Pin(
        lake_table,
        batch_id,
        count,
        starts_chain=starts_chain,
        fingerprint=fingerprint(lake_table.replace("/", "."), night.business_date, night.profile.name),
        digest=digest_of(root, lake_table, night.business_date, batch_id),
    )


def keep(night: Night, lake_table: str, rows: pa.RecordBatchReader, *, starts_chain: bool = False) -> int:
    """Write rows as tonight's batch of `layer/name` and pin it; returns how many they are."""
    made = write(night, lake_table, rows, starts_chain=starts_chain)
    set_pins(night.desk, night.attempt, [made])
    return made.row_count


@dataclass(frozen=True)
class Found:
    """Where the rows of some batches are: files, and which rows of them (a condition; empty: all)."""

    files: list[str]
    where: str = ""


def find(
    root: str,
    desk: Database,
    lake_table: str,
    batches: Sequence[str],
    pins: Collection[Pin] = (),
    *,
    loose: Collection[str] = (),
) -> Found:
    """The files of batches with rows, each read against its digest where a pin in `pins` has one.

    A batch that was packed is read from its pack, which is read against its own digest where `pins` are given; it is
    not asked of those that are known to be `loose` (packs.unpacked: what a pack replaces lies beside it for a day).
    Raises StoreError that names the table, the night and the command that repairs it when one is damaged.
    """
    if not batches:
        return Found([])
    packs: list[Place] = []
    if not all(batch_id in loose for batch_id in batches):
        with desk.connect() as connection:
            packs = places(connection, lake_table, batches)
    packed = {batch_id for place in packs for batch_id in place.batches}
    loose = [batch_id for batch_id in batches if batch_id not in packed]
    digests = {pin.batch_id: pin.digest for pin in pins if pin.batch_id not in packed}
    if pins:
        digests |= {place.pack.pack_id: place.pack.digest for place in packs}
    wanted = [*(place.pack.pack_id for place in packs), *loose]
    try:
        files = files_of(root, lake_table, wanted, filled=wanted, digests=digests)
    except DamagedBatch as damaged:
        of_pack = next((place.batches for place in packs if place.pack.pack_id == damaged.batch_id), None)
        with desk.connect() as connection:
            raise _named(connection, damaged, sorted(of_pack or ())) from damaged
    if all(place.is_whole for place in packs):
        return Found(files)
    listed = ", ".join(literal(batch_id) for batch_id in sorted(packed))
    return Found(files, f"({PACKED_FROM} is null or {PACKED_FROM} in ({listed}))")


def view(
    engine: Engine,
    target: str,
    found: Found,
    columns: Mapping[str, str],
    where: str = "",
    *,
    is_complete: bool = False,
) -> None:
    """Make `schema.name` a view of what was found; `where` filters its rows further."""
    conditions = " and ".join(condition for condition in (where, found.where) if condition)
    engine.view_of_files(
        target, found.files, columns, f"where {conditions}" if conditions else "", is_complete=is_complete
    )


def _named(connection: Connection, damaged: DamagedBatch, of_pack: Sequence[str] = ()) -> StoreError:
    """What is damaged, whose it is, and the command that makes it again: of a pack from its first night on."""
    maker = get_attempt(connection, attempt_of(of_pack[0] if of_pack else damaged.batch_id))
    day, latest = maker.business_date, latest_published_date(connection, maker.profile)
    what = f"the lake table {damaged.table} of the night {day} {damaged.why}"
    if maker.status != "published" and (latest is None or latest <= day):
        return StoreError(what, f"Run the night again: {night_command(maker.profile, day)}")
    standing = standing_attempt(connection, maker.profile, day)
    is_landing = damaged.table.startswith("landing/")
    if standing is not None and standing.attempt_id != maker.attempt_id and not is_landing:
        return StoreError(what, "It belongs to a former revision: restore the lake's folder from a copy to read it.")
    return StoreError(what, f"Repair it: {replay_command(maker.profile, day, latest, is_rereading=is_landing)}")
