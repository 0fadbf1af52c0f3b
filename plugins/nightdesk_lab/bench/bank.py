"""The bench's bank: generated once for a size, its nights run up to the one that is measured."""

import datetime
import json
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from nightdesk.attempt.batches import Found, find, view
from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, open_night, source_url
from nightdesk.contract import contract
from nightdesk.desk.ledger import get_attempt
from nightdesk.desk.pins import Pin, pins_of
from nightdesk.errors import Refused
from nightdesk.night.checking import check
from nightdesk.night.extraction import extract
from nightdesk.night.whole import run_night
from nightdesk.settings import Settings
from nightdesk_lab.bench.origin import Size

#: the measured night is the first working day of a month, on which tiers are evaluated too: the most work that a night
#: has. The first night takes the history two days earlier, while that month is not over yet
MEASURED = datetime.date(2026, 9, 1)
BEFORE = (datetime.date(2026, 8, 30), datetime.date(2026, 8, 31))
#: what the plain night reads of the lake beside the source
_PREVIOUS = ("warnings/signal",)


def prepare(settings: Settings, size: Size) -> dict[str, Any]:
    """Make the bank, run the nights before, and take the measured night up to its checked rows.

    Writes what the plain night reads to `<home>/given.json`. Returns the attempt's id, and how many transactions the
    bank has. The home is empty before.
    """
    _generate(settings, size)
    for day in BEFORE:
        _say(f"the night of {day}")
        run_night(settings, day)
    night = take(settings)
    given_path(settings.home).write_text(json.dumps(_given(night), default=str), encoding="utf-8")
    return {"attempt_id": night.attempt.attempt_id, "txn_rows": _txn_rows(settings)}


def _generate(settings: Settings, size: Size) -> None:
    from nightdesk_lab.demo_bank import generate

    _say(f"a bank of {size.clients:,} clients")
    generate(
        source_url(settings),
        clients=size.clients,
        months=size.months,
        txn_per_client=size.txn_per_client,
        until=MEASURED,
        seed=size.seed,
    )


def take(settings: Settings) -> Night:
    """A new attempt at the measured night, extracted and checked."""
    _say(f"the night of {MEASURED}: extract and check")
    night = open_night(settings, MEASURED)
    extract(night)
    check(night)
    return night


def _txn_rows(settings: Settings) -> int:
    engine = create_engine(source_url(settings))
    with engine.connect() as connection:
        rows = int(connection.execute(text("select count(*) from txn")).scalar_one())
    engine.dispose()
    return rows


def _given(night: Night) -> dict[str, Any]:
    """What the plain night is told: files of every source table along the nights, and what was corrected in them."""
    files = {}
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        with night.desk.connect() as connection:
            own = pins_of(connection, night.attempt.attempt_id)
            parent = get_attempt(connection, str(night.attempt.parent_attempt_id))
            before = pins_of(connection, parent.attempt_id)
        for table in contract().values():
            name = f"source/{table.name}"
            batches = inputs.chain(name) if table.is_daily else _batch(own, name)
            files[name] = _whole(night, name, batches).files
        for name in _PREVIOUS:
            files[f"previous/{name}"] = _whole(night, name, _batch(before, name)).files
        columns = {"table_name": "VARCHAR", "row_key": "VARCHAR", "arrived_on": "DATE"}
        corrected = _whole(night, "checks/superseded", inputs.chain("checks/superseded"))
        view(engine, "bench.superseded", corrected, columns)
        superseded = [tuple(row.values()) for row in engine.rows("select * from bench.superseded")]
    return {
        "business_date": night.business_date,
        "parent_date": parent.business_date,
        "base_ccy": night.profile.base_ccy,
        "profile": night.profile.name,
        "calendar": night.profile.calendar,
        "files": files,
        "superseded": superseded,
    }


def _whole(night: Night, name: str, batches: list[str]) -> Found:
    """Files that have the rows of these batches and no others: the plain night reads whole files."""
    found = find(night.settings.lake_root, night.desk, name, batches)
    if found.where:
        raise Refused(
            f"the bench's lake has a pack of {name} with other nights' rows", "Run the bench in an empty home."
        )
    return found


def _batch(pins: dict[str, Pin], name: str) -> list[str]:
    """The pinned batch; none where nothing was written because the table had no rows."""
    return [pins[name].batch_id] if name in pins and pins[name].row_count else []


def kept_files(night: Night, layers: tuple[str, ...]) -> dict[str, list[str]]:
    """The files of every table that a night kept of some layers."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
    return {name: _whole(night, name, _batch(pins, name)).files for name in pins if name.partition("/")[0] in layers}


def given_path(home: Path) -> Path:
    """Where the plain night finds what it is told."""
    return home / "given.json"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
