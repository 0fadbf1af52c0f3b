"""Policy is data: effective-dated CSV rows in sql/policy/, checked against sql/policy/schema.yaml."""

import csv
import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from nightdesk.contract import Column, parse_column
from nightdesk.engine import Engine, as_texts
from nightdesk.errors import PolicyError
from nightdesk.settings import sql_root
from nightdesk.yaml_file import read_yaml

_TRAILER = {"valid_from": "date!", "valid_to": "date", "owner": "text!", "reason": "text!"}

Value = str | int | bool | Decimal | datetime.date | None
Row = dict[str, Value]


@dataclass(frozen=True)
class PolicyTable:
    """A policy table: its key, its columns, and its rows with the file line each came from."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    path: Path
    rows: tuple[tuple[int, Row], ...]

    def effective(self, day: datetime.date) -> list[Row]:
        """The rows in force on `day`."""
        return [row for _, row in self.rows if _is_effective(row, day)]


def _is_effective(row: Row, day: datetime.date) -> bool:
    first, last = row["valid_from"], row["valid_to"]
    return isinstance(first, datetime.date) and first <= day and (not isinstance(last, datetime.date) or day <= last)


def _parse(column: Column, text: str) -> Value:
    """One cell; raises ValueError saying what is allowed."""
    if text == "":
        if column.is_required:
            raise ValueError("must not be empty")
        return None
    if column.type in ("id", "text"):
        return text
    if column.type == "enum":
        if text not in column.values:
            raise ValueError(f"must be one of {', '.join(column.values)}")
        return text
    if column.type == "date":
        return datetime.date.fromisoformat(text)
    if column.type == "bool":
        if text not in ("true", "false"):
            raise ValueError("must be true or false")
        return text == "true"
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if column.lowest is not None and number < column.lowest:
        raise ValueError(f"must be at least {column.lowest}")
    if column.highest is not None and number > column.highest:
        raise ValueError(f"must be at most {column.highest}")
    if column.type == "int":
        if number != int(number):
            raise ValueError("must be a whole number")
        return int(number)
    return number


def _too_few() -> Value:
    raise ValueError("the row has too few cells")


def _read(name: str, spec: dict[str, object], path: Path) -> PolicyTable:
    declared = {**dict(spec["columns"]), **_TRAILER}  # type: ignore[call-overload]
    columns = {column: parse_column(column, text) for column, text in declared.items()}
    key = tuple(str(part) for part in spec["key"])  # type: ignore[attr-defined]
    rows: list[tuple[int, Row]] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if list(reader.fieldnames or ()) != list(columns):
            raise PolicyError(
                f"{path.name}: the header is {reader.fieldnames}, not {list(columns)}",
                "Mend the header line.",
            )
        for raw in reader:
            row: Row = {}
            for column in columns.values():
                text = raw.get(column.name)
                try:
                    row[column.name] = _parse(column, text.strip()) if text is not None else _too_few()
                except ValueError as error:
                    raise PolicyError(
                        f"{path.name}, line {reader.line_num}, {column.name} = {text!r}: {error}",
                        "Mend that row; nothing was run.",
                    ) from None
            if None in raw:
                raise PolicyError(f"{path.name}, line {reader.line_num}: too many cells", "Mend that row.")
            rows.append((reader.line_num, row))
    _refuse_overlaps(path, key, rows)
    return PolicyTable(name, key, columns, path, tuple(rows))


def _refuse_overlaps(path: Path, key: tuple[str, ...], rows: list[tuple[int, Row]]) -> None:
    by_key: dict[tuple[str, ...], list[tuple[datetime.date, datetime.date, int]]] = {}
    for line, row in rows:
        first, last = row["valid_from"], row["valid_to"] or datetime.date.max
        if not isinstance(first, datetime.date) or not isinstance(last, datetime.date) or last < first:
            raise PolicyError(f"{path.name}, line {line}: valid_to lies before valid_from", "Mend that row.")
        by_key.setdefault(tuple(str(row[part]) for part in key), []).append((first, last, line))
    for name, spans in by_key.items():
        spans.sort()
        for (_, last, line), (first, _, other) in pairwise(spans):
            if first <= last:
                raise PolicyError(
                    f"{path.name}, lines {line} and {other}: {'|'.join(name)} is in force twice on {first}",
                    "End the older row (valid_to) on the day before the newer one begins.",
                )


@cache
def policy(profile: str = "contract") -> dict[str, PolicyTable]:
    """Every policy table; rows of sql/policy/<profile>/<name>.csv replace the baseline's rows of their key.

    Raises PolicyError naming file, line and column of a row that cannot be used.
    """
    root = sql_root() / "policy"
    schema = read_yaml(root / "schema.yaml")
    tables: dict[str, PolicyTable] = {}
    for name, spec in schema.items():
        try:
            tables[name] = _read(name, spec, root / f"{name}.csv")
            own = root / profile / f"{name}.csv"
            if own.exists():
                tables[name] = _over(tables[name], _read(name, spec, own))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise PolicyError(f"{name}.csv cannot be read: {error}", "Restore the file, as UTF-8 CSV.") from None
    return tables


def _over(baseline: PolicyTable, own: PolicyTable) -> PolicyTable:
    """A profile's rows and those of the baseline that they do not replace: no amounts, which are in its currency."""
    if "ccy" in baseline.columns:
        return own
    replaced = {tuple(row[part] for part in own.key) for _, row in own.rows}
    kept = (entry for entry in baseline.rows if tuple(entry[1][part] for part in own.key) not in replaced)
    return replace(own, rows=(*own.rows, *kept))


def policy_version(day: datetime.date, profile: str = "contract") -> str:
    """A short hash of every row in force on `day`: what a result says of the policy it was made with.

    Raises PolicyError when a setting has no row in force then: no rule can be read without it.
    """
    digest = hashlib.sha256()
    for name, table in sorted(policy(profile).items()):
        if table.key == ("setting",):
            lapsed = {str(row["setting"]) for _, row in table.rows} - {str(r["setting"]) for r in table.effective(day)}
            if lapsed:
                raise PolicyError(
                    f"{table.path.name}: {', '.join(sorted(lapsed))} has no row in force on {day}",
                    "Add a row that is valid on that day; nothing was run.",
                )
        for row in table.effective(day):
            digest.update(repr((name, sorted((k, str(v)) for k, v in row.items()))).encode())
    return digest.hexdigest()[:12]


def register_policy(
    engine: Engine, day: datetime.date, profile: str = "contract", tables: Iterable[str] | None = None
) -> None:
    """Make `policy.<name>` in the engine, of these tables or of all: the rows in force on `day`."""
    for name in policy(profile) if tables is None else tables:
        types, rows = _batch(name, day, profile)
        engine.insert_arrow(f"policy.{name}", types, rows)


@cache
def _batch(name: str, day: datetime.date, profile: str) -> tuple[dict[str, str], pa.Table]:
    """Column types of a policy table and its rows in force, for the engines of a night one after the other."""
    table = policy(profile)[name]
    types = {column.name: column.sql_type for column in table.columns.values()}
    return types, as_texts(types, table.effective(day))
