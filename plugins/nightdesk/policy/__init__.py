"""Policy is data: effective-dated CSV rows in sql/policy/, checked against sql/policy/schema.yaml."""

import datetime
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyarrow as pa

from nightdesk.engine import Engine
from nightdesk.policy.fault import Fault, fault, refusal
from nightdesk.policy.judging import faults_over_time, faults_that_day
from nightdesk.policy.table import TRAILER, PolicyTable, Row, Value, read_table
from nightdesk.settings import sql_root
from nightdesk.sql_text import as_texts
from nightdesk.yaml_file import read_yaml

__all__ = [
    "Fault",
    "PolicyTable",
    "Row",
    "Value",
    "policy",
    "policy_faults",
    "policy_version",
    "register_policy",
    "require_sound",
    "ruling_version",
]


def policy(profile: str = "contract") -> dict[str, PolicyTable]:
    """Every policy table; rows of sql/policy/<profile>/<name>.csv replace the baseline's rows of their key.

    Raises PolicyError naming file, line and column of a row that cannot be used.
    """
    tables, faults = _read(sql_root(), profile)
    if faults:
        raise refusal(faults)
    return tables


@cache
def _read(sql: Path, profile: str) -> tuple[dict[str, PolicyTable], list[Fault]]:
    """Every policy table of a profile, and what is wrong with single rows."""
    root = sql / "policy"
    schema = read_yaml(root / "schema.yaml")
    tables: dict[str, PolicyTable] = {}
    faults: list[Fault] = []
    for name, spec in schema.items():
        path = root / f"{name}.csv"
        tables[name], wrong = read_table(name, spec, path, _shown(path, sql))
        faults += wrong
        own = root / profile / f"{name}.csv"
        if own.exists():
            table, wrong = read_table(name, spec, own, _shown(own, sql))
            tables[name] = table.over(tables[name])
            faults += wrong
    for path in sorted([*root.glob("*.csv"), *(root / profile).glob("*.csv")]):
        if path.stem not in schema:
            faults.append(fault("no_table", path.stem, _shown(path, sql)))
    return tables, faults


def _shown(path: Path, sql: Path) -> str:
    """A file as messages name it."""
    return f"sql/{path.relative_to(sql).as_posix()}"


def policy_faults(profile: str = "contract", day: datetime.date | None = None) -> list[Fault]:
    """What is wrong with a profile's policy: on `day`, as the night of that day judges it, or on any day.

    Where single rows are at fault they alone are told: what the others lack for them shows when those are mended.
    """
    root = sql_root()
    tables, faults = _read(root, profile)
    return faults or (faults_over_time(tables, root) if day is None else list(_judged(root, profile, day)))


@cache
def _judged(root: Path, profile: str, day: datetime.date) -> tuple[Fault, ...]:
    """What is wrong on one day: a night asks before its wait for a turn, and when it opens."""
    return tuple(faults_that_day(_read(root, profile)[0], day, root))


def require_sound(day: datetime.date, profile: str = "contract") -> None:
    """Raises PolicyError when something is wrong with what is in force on `day`: no rule can be read with it."""
    if faults := policy_faults(profile, day):
        raise refusal(faults, day)


#: of a policy version, the digits that tell what rules; the rest tell what words, reasons and periods say of it
_RULING_DIGITS = 8
#: how columns of policy end that are words of pages
_WORDS = ("_zh", "_en")


def policy_version(day: datetime.date, profile: str = "contract") -> str:
    """A short hash of every row in force on `day`: what a result says of the policy it was made with.

    Twelve digits: eight of what rules, four of the words that pages say it in and of what is about the rows (reason,
    owner, from when to when). Raises PolicyError as require_sound does.
    """
    require_sound(day, profile)
    rules, about = hashlib.sha256(), hashlib.sha256()
    for name, table in sorted(policy(profile).items()):
        ruling = [column for column in table.columns if column not in TRAILER and not column.endswith(_WORDS)]
        is_words_alone = set(ruling) <= set(table.key) and any(column.endswith(_WORDS) for column in table.columns)
        for row in table.effective(day):
            about.update(_line(name, row))
            if not is_words_alone:
                rules.update(_line(name, {column: row[column] for column in ruling}))
    return rules.hexdigest()[:_RULING_DIGITS] + about.hexdigest()[: 12 - _RULING_DIGITS]


def ruling_version(version: str) -> str:
    """The part of a policy version that is another only where another rule is in force."""
    return version[:_RULING_DIGITS]


def _line(table: str, row: Row) -> bytes:
    return repr((table, sorted((column, str(value)) for column, value in row.items()))).encode()


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
