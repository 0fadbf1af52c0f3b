"""What each page says is not assessed, and where its tones begin: the tables supplied, and the policy, of its night."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from nightdesk.contract import contract
from nightdesk.judged import (
    about_projects,
    colour_reads,
    deed_reads,
    floor_reads,
    not_read,
    panel_reads,
    registries,
    review_columns,
    review_reads,
)
from nightdesk.policy import policy
from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Bands, Notes, Unassessed

Rows = Sequence[dict[str, Any]]


def colouring_indicators(profile: str, day: datetime.date) -> frozenset[str]:
    """Codes of the indicators in force that count for a colour."""
    rows = policy(profile)["indicator"].effective(day)
    return frozenset(str(row["indicator"]) for row in rows if row["counts_for_colour"])


def list_notes(notes: Notes, feeds: Rows, indicators: Collection[str]) -> Notes:
    """A branch's list: colours, tasks and tiers of its clients."""
    colour, floor, deeds = colour_reads(indicators), floor_reads(), deed_reads()
    aside = not_read(_supplied(feeds), colour)
    return replace(
        notes,
        unassessed=Unassessed(
            tables=not_read(aside, floor, deeds),
            floor_only=tuple(name for name in aside if name in floor),
            deeds_only=tuple(name for name in aside if name in deeds - floor),
        ),
        reconstructed=_without_record(feeds, colour | floor | deeds),
    )


def colours_without_record(feeds: Rows, indicators: Collection[str]) -> tuple[str, ...]:
    """Tables that do not say when a fact became known, and that colours or signals rest on."""
    return _without_record(feeds, colour_reads(indicators) | floor_reads())


def review_notes(notes: Notes, feeds: Rows) -> Notes:
    """A project's page: of the tables about projects, those missing, lacking a column, or read by no rule of it."""
    read, supplied = review_reads(), _supplied(feeds)
    lacking = sorted(token for token in review_columns() & missing_columns(feeds))
    return replace(
        notes,
        not_supplied=(*(name for name in about_projects() if name in notes.not_supplied), *lacking),
        unassessed=Unassessed(tables=tuple(name for name in about_projects() if name in supplied and name not in read)),
        reconstructed=_without_record(feeds, read),
    )


def quality_notes(notes: Notes, feeds: Rows, indicators: Collection[str]) -> Notes:
    """The quality page: tables that no verdict of the night reads."""
    read = colour_reads(indicators) | floor_reads() | deed_reads() | review_reads()
    return replace(
        notes,
        not_supplied=tuple(row["table_name"] for row in feeds if not row["is_supplied"]),
        unassessed=Unassessed(tables=not_read(_supplied(feeds), read)),
        reconstructed=_without_record(feeds, read),
    )


def read_as(profile: str, day: datetime.date, feeds: Rows) -> dict[str, dict[Language, str]]:
    """The absences that have a meaning by contract, a table or `table.column` each, and what they are read as."""
    absent = missing_columns(feeds) | {row["table_name"] for row in feeds if not row["is_supplied"]}
    return {
        str(row["token"]): {"zh_CN": str(row["reads_as_zh"]), "en": str(row["reads_as_en"])}
        for row in policy(profile)["read_as"].effective(day)
        if row["token"] in absent
    }


def review_panels(tables: dict[str, str]) -> dict[str, frozenset[str]]:
    """The tables about projects that each panel comes from, by the published table that feeds it (name to model)."""
    return {name: panel_reads(model) & frozenset(about_projects()) for name, model in tables.items()}


def review_bands(profile: str, day: datetime.date) -> Bands:
    """Where the tones of a project's page begin, by the policy in force on a date."""
    tables = policy(profile)
    settings = {str(row["setting"]): Decimal(str(row["value"])) for row in tables["esg_setting"].effective(day)}
    return Bands(
        tight_headroom_pct=settings["tight_headroom_pct"],
        long_overdue_days=int(settings["long_overdue_days"]),
        expiry_notice_days=int(settings["expiry_notice_days"]),
        expiry_told_days=int(settings["expiry_told_days"]),
        least_coverage_pct=settings["score_least_coverage_pct"],
        incident_tones={str(row["kind"]): str(row["open_tone"]) for row in tables["incident_kind"].effective(day)},
    )


def missing_columns(feeds: Rows) -> frozenset[str]:
    """The columns of the contract, as `table.column`, that tables lack which the source supplies."""
    return frozenset(
        f"{row['table_name']}.{column}"
        for row in feeds
        if row["is_supplied"]
        for column in contract()[row["table_name"]].columns
        if column not in row["columns_supplied"].split(",")
    )


def _supplied(feeds: Rows) -> frozenset[str]:
    return frozenset(row["table_name"] for row in feeds if row["is_supplied"])


def _without_record(feeds: Rows, read: Collection[str]) -> tuple[str, ...]:
    """Tables that do not say when a fact became known and that figures rest on; who looks after a client is none."""
    return tuple(
        row["table_name"]
        for row in feeds
        if row["is_supplied"]
        and not row["is_point_in_time"]
        and row["table_name"] in read
        and row["table_name"] not in registries()
    )
