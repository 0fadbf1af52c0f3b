"""The published nights that an evaluation reads: the last of each month, what they say of each client, side by side."""

import datetime
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Engine as Database
from sqlalchemy import select

from nightdesk.attempt.batches import find, view
from nightdesk.desk.pins import pins_of
from nightdesk.desk.publication import Publication
from nightdesk.desk.tables import attempt
from nightdesk.engine import Engine
from nightdesk.models import declared_columns
from nightdesk.settings import Settings
from nightdesk.sql_text import literal

#: what is read of each night: kept table and columns
_READ = {
    "warnings/warning": ("client_id", "colour", "colour_since", "score", "floor_class"),
    "warnings/signal": ("client_id", "indicator", "group_code", "severity", "first_seen"),
    "features/client_exposure": ("client_id", "exposure_amt", "max_days_past_due"),
    "features/loan_utilisation": ("client_id", "loan_id", "utilisation_30d_pct"),
}
NIGHT = {"night": "DATE"}
EVENT = {"client_id": "VARCHAR", "event_date": "DATE", "first_visible_on": "DATE"}


def _read_types(lake_table: str) -> dict[str, str]:
    layer, _, name = lake_table.partition("/")
    return {column: declared_columns(layer)[name][column] for column in _READ[lake_table]}


def evaluated_types() -> dict[str, dict[str, str]]:
    """Every `evaluated.<table>` with its column types: of the kept tables, rows of all nights, each with its night."""
    kept = {f"evaluated.{table.partition('/')[2]}": NIGHT | _read_types(table) for table in _READ}
    return kept | {"evaluated.night": NIGHT, "evaluated.reconstructed_night": NIGHT, "evaluated.event": EVENT}


def month_of(day: datetime.date) -> str:
    """A calendar month by its name, YYYY-MM."""
    return f"{day:%Y-%m}"


def months_between(first: datetime.date, last: datetime.date) -> list[str]:
    """Every calendar month from that of one day to that of another."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def last_of_each_month(nights: Sequence[Publication]) -> list[Publication]:
    """Of published nights in order, the last of each calendar month."""
    return list({month_of(night.business_date): night for night in nights}.values())


def policy_versions(desk: Database, nights: Sequence[Publication]) -> int:
    """Of how many policies the nights are."""
    wanted = attempt.c.attempt_id.in_([night.attempt_id for night in nights])
    with desk.connect() as connection:
        return len(set(connection.execute(select(attempt.c.policy_version).where(wanted)).scalars()))


def register_nights(engine: Engine, settings: Settings, desk: Database, nights: Sequence[Publication]) -> None:
    """Make `evaluated.night` and one `evaluated.<table>` of each table read, with the rows of every night.

    Raises StoreError, with the command that repairs it, when a batch is not what was written.
    """
    engine.insert("evaluated.night", NIGHT, [{"night": night.business_date} for night in nights])
    for lake_table in _READ:
        _, _, name = lake_table.partition("/")
        parts = []
        for number, night in enumerate(nights):
            part = f"evaluated_night.{name}_{number}"
            _register(engine, settings, desk, night, lake_table, part, _read_types(lake_table))
            parts.append(f"select {literal(night.business_date)} as night, * from {part}")
        engine.build(f"evaluated.{name}", " union all ".join(parts), as_view=False)


def _register(
    engine: Engine,
    settings: Settings,
    desk: Database,
    night: Publication,
    lake_table: str,
    target: str,
    columns: Mapping[str, str],
) -> None:
    """Make `target` a view of what a night kept of a table; none where it kept no row."""
    with desk.connect() as connection:
        pin = pins_of(connection, night.attempt_id).get(lake_table)
    kept = [pin] if pin and pin.row_count else []
    found = find(settings.lake_root, desk, lake_table, [one.batch_id for one in kept], kept)
    engine.drop(target)
    view(engine, target, found, columns)


def known_clients(
    engine: Engine, settings: Settings, desk: Database, nights: Sequence[Publication], named: Collection[str]
) -> set[str]:
    """Of the clients named, those that the nights know: in the bank's registry, or withheld from it."""
    known: set[str] = set()
    for night in nights:
        if known.issuperset(named):
            break
        for lake_table in ("source/client", "checks/withheld"):
            _register(engine, settings, desk, night, lake_table, "evaluated_night.registry", {"client_id": "VARCHAR"})
            known |= {row["client_id"] for row in engine.rows("select client_id from evaluated_night.registry")}
    return known & set(named)
