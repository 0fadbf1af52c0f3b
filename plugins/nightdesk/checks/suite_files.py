"""The files of expectations/: what a table is held to beside the contract, and what every table of a kind is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from nightdesk.checks.expectation import TABLE_FRAMES, Expectation, is_known
from nightdesk.contract import Table, contract
from nightdesk.errors import PolicyError
from nightdesk.yaml_file import read_yaml

#: the file of what holds for every table, or every one of a kind (`of`: daily, snapshot, held_texts …)
EVERY_TABLE = "every_table.yaml"
_OWN = ("rule", "severity", "scope", "frame", "of", "expect", "is_blanked", "is_releasable", "unless_supplied")
_ARGUMENTS = (
    "column", "column_A", "column_B", "value_set", "or_equal", "ignore_row_if", "strict_max", "min_value", "max_value",
    "min_setting", "max_setting", "regex",
)  # fmt: skip


def with_file(table: Table, path: Path, found: Sequence[Expectation]) -> list[Expectation]:
    """Expectations `found` already, with a file's own behind them; there need be no file.

    An entry without `expect` changes the severity of what was found under its rule (and its `column`, if it has one).
    Raises PolicyError naming the file and the entry that cannot be asked of the contract's table.
    """
    known = list(found)
    for number, entry in enumerate(_entries(path), 1):
        if not _is_about(table, entry.get("of", "every")):
            continue
        if "expect" in entry:
            known.append(parse(table, path, number, entry))
        else:
            known = _changed(known, path, number, entry)
    return known


@cache
def require_tables(root: Path) -> None:
    """Raises PolicyError for a file of a table that the contract does not have: nothing would read it."""
    known = {EVERY_TABLE, *(f"{name}.yaml" for name in contract())}
    if strange := sorted(path.name for path in root.glob("*.yaml") if path.name not in known):
        raise PolicyError(
            f"expectations/{strange[0]}: the contract has no table {strange[0].removesuffix('.yaml')}",
            "Add the table to plugins/nightdesk/contract.yaml, or correct the file's name.",
        )


def _entries(path: Path) -> list[dict[str, Any]]:
    return (read_yaml(path) or {}).get("expectations") or [] if path.exists() else []


def _is_about(table: Table, kind: str) -> bool:
    """Whether an entry for tables of a kind is one for this table."""
    kinds = {
        "every": True,
        "required": table.is_required,
        "optional": not table.is_required,
        "daily": table.is_daily,
        "snapshot": not table.is_daily,
        "series": table.series_of is not None,
        "carried": table.is_carried,
        "with_amounts": any(column.type == "amount" for column in table.columns.values()),
        "beyond_key": bool(set(table.columns) - set(table.key)),
        "held_texts": bool(table.held_texts),
        "optional_cells": bool(table.dispensable),
    }
    return kinds[kind]


def _changed(known: Sequence[Expectation], path: Path, number: int, entry: Mapping[str, Any]) -> list[Expectation]:
    """What is known, an entry's severity and word on releases in the place of what followed from elsewhere."""
    if unknown := sorted(set(entry) - {"rule", "severity", "column", "is_releasable"}):
        raise _refused(path, number, f"it has no expect, and then no {', '.join(unknown)}")
    if entry.get("severity") not in ("critical", "warning"):
        raise _refused(path, number, "needs a severity (critical or warning)")
    meant = [e for e in known if e.rule == entry.get("rule") and entry.get("column") in (None, *e.columns)]
    if not meant:
        raise _refused(path, number, f"nothing is asked under the rule {entry.get('rule')} that it could change")
    made = {
        id(e): replace(e, severity=entry["severity"], is_releasable=entry.get("is_releasable", e.is_releasable))
        for e in meant
    }
    return [made.get(id(e), e) for e in known]


def parse(table: Table, path: Path, number: int, entry: Mapping[str, Any]) -> Expectation:
    """One entry of a file as an expectation of a table."""
    if unknown := sorted(set(entry) - {*_OWN, *_ARGUMENTS}):
        raise _refused(path, number, f"unknown keys {', '.join(unknown)}")
    if empty := [key for key in _ARGUMENTS if key in entry and entry[key] is None]:
        raise _refused(path, number, f"{', '.join(empty)} is empty: give it a value, or leave it out")
    scope, frame = entry.get("scope"), entry.get("frame", "rows")
    if entry.get("severity") not in ("critical", "warning") or scope not in ("row", "table") or not entry.get("rule"):
        raise _refused(path, number, "needs a rule, a severity (critical or warning) and a scope (row or table)")
    if (scope == "row") != (frame == "rows") or (scope == "table" and frame not in TABLE_FRAMES):
        raise _refused(path, number, f"scope {scope} does not go with the frame {frame}")
    found = Expectation(
        entry["rule"],
        entry["severity"],
        scope,
        frame,
        entry["expect"],
        {key: value for key, value in entry.items() if key not in _OWN},
        entry.get("is_blanked", False),
        entry.get("unless_supplied"),
        entry.get("is_releasable", False),
    )
    if found.unless_supplied is not None and found.unless_supplied not in contract():
        raise _refused(path, number, f"the contract has no table {found.unless_supplied}")
    for column in found.columns:
        if not is_known(table, frame, column):
            raise _refused(path, number, f"the {frame} of {table.name} have no column {column}")
    if found.is_releasable and (found.severity != "critical" or scope != "table"):
        raise _refused(path, number, "only what holds a night can be released")
    if found.is_blanked and (found.severity != "warning" or table.columns[found.columns[0]].is_required):
        raise _refused(path, number, "only a warning about an optional column can read its cell as missing")
    return found


def _refused(path: Path, number: int, problem: str) -> PolicyError:
    return PolicyError(f"{path.name}, expectation {number}: {problem}", "Mend that entry; nothing was run.")
