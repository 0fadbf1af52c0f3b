"""Instants for people: in the bank's time, whatever zone they were kept in."""

from datetime import datetime, tzinfo


def bank_time(at: datetime, zone: tzinfo) -> str:
    """An aware instant to the minute, with the name of the zone: `2026-04-01 05:00 (Asia/Shanghai)`."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"
