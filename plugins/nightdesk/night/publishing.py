"""Publish: the whole night becomes visible at once, or not at all."""

import hashlib

from nightdesk.attempt.batches import find
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night
from nightdesk.desk import publication as publications
from nightdesk.desk.ledger import feeds_of, standing_attempt
from nightdesk.desk.packs import unpacked
from nightdesk.desk.pins import pins_of
from nightdesk.desk.publication import Publication
from nightdesk.errors import StoreError
from nightdesk.packing import PACKED_FROM
from nightdesk.reading.published import content_hash

#: rows as landed, and findings for people: no later night reads them
_NOT_STATE = ("landing/", "checks/result", "checks/total")
#: what later nights ask the ledger about tonight's feeds
_FEED = ("table_name", "is_supplied", "columns_supplied", "volume", "is_point_in_time")


def publish(night: Night) -> tuple[Publication, bool]:
    """Move the pointer to this attempt; returns the publication and whether its content is new.

    Raises Refused when another run came first or the standing revision has a later cut-off.
    """
    digest = content_hash(night.settings, night.desk, night.attempt.attempt_id)
    return publications.publish(
        night.desk,
        night.attempt,
        digest,
        state_hash(night),
        is_standing_whole=_is_standing_whole(night),
        zone=night.profile.zone,
    )


def state_hash(night: Night) -> str:
    """A hash over everything that a later night may read of this one: equal state, equal hash.

    Nothing is listed: every batch counts that the attempt pinned, but for _NOT_STATE, and what made it (fingerprint).
    Rows count in any order. It is compared with the hash of another run of the same night only.
    """
    digest = hashlib.sha256()
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
        feeds = feeds_of(connection, night.attempt.attempt_id)
        loose = unpacked(connection, pins.values())
    with night_engine(night) as engine:
        for name, pin in sorted(pins.items()):
            if name.startswith(_NOT_STATE):
                continue
            batches = [pin.batch_id] if pin.row_count else []
            # what a replay read may be packed
            found = find(night.settings.lake_root, night.desk, name, batches, [pin], loose=loose)
            rows = engine.hash_of_files(found.files, found.where, without=PACKED_FROM)
            digest.update(repr((name, pin.fingerprint, pin.starts_chain, rows)).encode())
    digest.update(repr([[row[name] for name in _FEED] for row in feeds]).encode())
    return digest.hexdigest()


def _is_standing_whole(night: Night) -> bool:
    """Whether the batches behind what readers see of this date are what was written: a replay repairs those that are
    not, even where it comes to the same content."""
    with night.desk.connect() as connection:
        standing = standing_attempt(connection, night.attempt.profile, night.business_date)
        pins = pins_of(connection, standing.attempt_id) if standing else {}
        loose = unpacked(connection, pins.values())
    for name, pin in pins.items():
        if name.startswith("landing/"):
            continue  # what was landed anew, or read again just now
        batches = [pin.batch_id] if pin.row_count else []
        try:
            find(night.settings.lake_root, night.desk, name, batches, [pin], loose=loose)
        except StoreError:  # damaged, or gone with its table
            return False
    return True
