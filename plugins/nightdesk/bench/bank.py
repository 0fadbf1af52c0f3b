"""The bench's bank: generated once for a size, its nights run up to the one that is measured."""

import datetime
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nightdesk.bench.plain.signals import INDICATORS
from nightdesk.contract import contract
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Pin, get_attempt, latest_published_date, pins_of
from nightdesk.lake import files_of
from nightdesk.night.checking import check
from nightdesk.night.extraction import extract
from nightdesk.night.inputs import Inputs, night_engine
from nightdesk.night.opening import Night, open_night, source_url
from nightdesk.night.whole import run_night
from nightdesk.settings import Settings

#: the measured night is the first working day of a month, on which tiers are evaluated too: the most work that a night
#: has. The first night takes the history two days earlier, while that month is not over yet
MEASURED = datetime.date(2026, 9, 1)
BEFORE = (datetime.date(2026, 8, 30), datetime.date(2026, 8, 31))
#: what the plain night reads of the lake beside the source
_PREVIOUS = ("warnings/signal",)

__all__ = ["BEFORE", "INDICATORS", "MEASURED", "Size", "prepare"]


@dataclass(frozen=True)
class Size:
    """How large a bank."""

    clients: int
    months: int
    txn_per_client: int
    seed: int


def prepare(settings: Settings, size: Size) -> dict[str, Any]:
    """Make the bank unless it is there, run the nights before, and take the measured night up to its checked rows.

    Writes what the plain night reads to `<home>/given.json`. Returns the attempt, and rows by table.
    """
    made = settings.home / "bank.json"
    wanted = asdict(size)
    if not made.exists() or json.loads(made.read_text(encoding="utf-8")) != wanted:
        _generate(settings, size)
        made.write_text(json.dumps(wanted), encoding="utf-8")
    with open_desk(settings).connect() as connection:
        latest = latest_published_date(connection, settings.profile)
    for day in BEFORE:
        if latest is None or day > latest:
            _say(f"the night of {day}")
            run_night(settings, day)
    night = _ready(settings) or _take(settings)
    document = _given(night)
    (settings.home / "given.json").write_text(json.dumps(document, default=str), encoding="utf-8")
    return {"attempt_id": night.attempt.attempt_id}


def _generate(settings: Settings, size: Size) -> None:
    from nightdesk.demo_bank import generate

    _say(f"a bank of {size.clients:,} clients")
    generate(
        source_url(settings),
        clients=size.clients,
        months=size.months,
        txn_per_client=size.txn_per_client,
        until=MEASURED,
        seed=size.seed,
    )


def _ready(settings: Settings) -> Night | None:
    """The measured night as a former run of the bench left it."""
    noted = settings.home / "night.json"
    if not noted.exists():
        return None
    from nightdesk.night.opening import resume_night

    return resume_night(settings, json.loads(noted.read_text(encoding="utf-8"))["attempt_id"])


def _take(settings: Settings) -> Night:
    _say(f"the night of {MEASURED}: extract and check")
    night = open_night(settings, MEASURED)
    extract(night)
    check(night)
    noted = {"attempt_id": night.attempt.attempt_id}
    (settings.home / "night.json").write_text(json.dumps(noted), encoding="utf-8")
    return night


def _given(night: Night) -> dict[str, Any]:
    """What the plain night is told: files of every source table along the nights, and what was corrected in them."""
    root = night.settings.lake_root
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
            files[name] = files_of(root, name, batches)
        for name in _PREVIOUS:
            files[f"previous/{name}"] = files_of(root, name, _batch(before, name))
        columns = {"table_name": "VARCHAR", "row_key": "VARCHAR", "arrived_on": "DATE"}
        engine.view_of_files(
            "bench.superseded", files_of(root, "checks/superseded", inputs.chain("checks/superseded")), columns
        )
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


def _batch(pins: dict[str, Pin], name: str) -> list[str]:
    return [pins[name].batch_id] if name in pins else []


def kept_files(night: Night, layers: tuple[str, ...]) -> dict[str, list[str]]:
    """The files of every table that a night kept of some layers."""
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
    return {
        name: files_of(night.settings.lake_root, name, [pin.batch_id])
        for name, pin in pins.items()
        if name.partition("/")[0] in layers
    }


def given_path(home: Path) -> Path:
    """Where the plain night finds what it is told."""
    return home / "given.json"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
