"""SQL cases: given rows, as of a date, expect rows. One YAML file beside each SQL file's path."""

import atexit
import datetime
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from kept_builds import is_kept, keep, keys_of, put_back, to_build

from nightdesk.attempt import inputs
from nightdesk.attempt.findings import FINDINGS
from nightdesk.attempt.telling import RULE_SOURCE, SUPPLIED, SUPPLIED_COLUMN
from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.entering.answers import GIVEN_ANSWER
from nightdesk.entering.refusing import PROPOSED
from nightdesk.judged import rule_reads
from nightdesk.models import (
    GIVEN_SCHEMAS,
    LAYERS,
    REBUILT,
    ROLLED,
    Model,
    declared_columns,
    layer_products,
    models,
    ordered,
)
from nightdesk.night.older_days import COUNTED_DAY
from nightdesk.night.wording import in_words
from nightdesk.policy import policy, register_policy
from nightdesk.reading.evaluated import evaluated_types
from nightdesk.reckoned import RECKONED
from nightdesk.settings import sql_root
from nightdesk.sql_text import as_texts
from nightdesk.steps import COMPUTED
from nightdesk.yaml_file import read_yaml

CASES = Path(__file__).parent
NIGHT = {
    "calendar": {
        "day": "DATE",
        "is_workday": "BOOLEAN",
        "is_provisional": "BOOLEAN",
        "workday_index": "INTEGER",
    },
    "supplied": SUPPLIED,
    "supplied_column": SUPPLIED_COLUMN,
    **FINDINGS,
    "branch_before": inputs.source_types(contract()["branch"]),
    **{
        f"balance_{name}": {"account_id": "VARCHAR", "eod_balance": "DECIMAL(18,2)", "ccy": "VARCHAR"}
        for name in ("opening", "closing")
    },
    "balance_flow": {"account_id": "VARCHAR", "direction": "VARCHAR", "amount": "DECIMAL(18,2)", "ccy": "VARCHAR"},
    "counted_day": COUNTED_DAY,
    "counted_before": COUNTED_DAY,
    "stored_day": {"on_date": "DATE", "known_at": "TIMESTAMP"},
    "rule_source": RULE_SOURCE,
    "proposed_decision": PROPOSED,
    "given_answer": GIVEN_ANSWER,
    "task_lately": declared_columns("tasks")["task"],
    "cleared_lately": declared_columns("warnings")["cleared"],
    "closed_lately": declared_columns("warnings")["closed"],
    **{name.partition(".")[2]: dict(types) for name, types in RECKONED.items()},
}


#: what a night says of its source and its rules, unless a case says it
TOLD = ("supplied", "supplied_column", "rule_source")


def case_files() -> list[Path]:
    return sorted(CASES.rglob("*.yaml"))


def model_files() -> list[Path]:
    return [model.path.relative_to(sql_root()) for model in models().values()]


def source_types(table: str) -> dict[str, str]:
    """What the lake has of a source table; of superseded versions as of those in force."""
    return inputs.source_types(contract()[table.removesuffix("_superseded")])


def kept_types(name: str) -> dict[str, str]:
    for layer in LAYERS:
        if name in declared_columns(layer):
            return declared_columns(layer)[name]
    raise KeyError(f"{name} is declared in no columns.yaml")


@cache
def empty_bank() -> Engine:
    """An engine, kept for the whole run, where everything that is declared is there and empty."""
    engine = Engine(parameters(datetime.date(2026, 1, 31)), threads=1)
    prepare(engine, {}, datetime.date(2026, 1, 31), [])
    for layer in LAYERS:
        for name, types in declared_columns(layer).items():
            engine.empty(f"{layer}.{name}", types)
    return engine


@cache
def view_types(table: str) -> dict[str, str]:
    """The column types of a model that declares none: built on nothing and described."""
    engine = empty_bank()
    declared = {f"{layer}.{name}" for layer in LAYERS for name in declared_columns(layer)}
    for model in ordered([table], declared):
        if not engine.exists(model.table):
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
    return engine.columns(table)


def given_types(table: str) -> dict[str, str]:
    schema, _, name = table.partition(".")
    if schema == "source":
        return source_types(name)
    if schema == "policy":
        return {c.name: c.sql_type for c in policy()[name].columns.values()}
    if schema == "night":
        return NIGHT[name]
    if schema in ("previous", "former", "history"):
        return kept_types(name)
    if schema == "evaluated":
        return evaluated_types()[table]
    if table not in models():  # declared, its SQL still to come
        return kept_types(name)
    return models()[table].columns or view_types(table)


def parameters(as_of: datetime.date, **more: Any) -> dict[str, object]:
    return {
        "business_date": as_of,
        "morning": as_of + datetime.timedelta(days=1),
        "cutoff": datetime.datetime.combine(as_of, datetime.time(21)),
        "base_ccy": "CNY",
        "parent_date": None,
        "policy_version": "test",
        "timezone": "Asia/Shanghai",
        "since": as_of - datetime.timedelta(days=1),
        **more,
    }


def calendar_rows(as_of: datetime.date) -> list[dict[str, object]]:
    rows, index = [], 0
    for offset in range(-800, 800):
        day = as_of + datetime.timedelta(days=offset)
        is_workday = day.weekday() < 5
        index += is_workday
        rows.append({"day": day, "is_workday": is_workday, "is_provisional": False, "workday_index": index})
    return rows


@cache
def _calendar(as_of: datetime.date) -> pa.Table:
    return pa.Table.from_pylist(calendar_rows(as_of))


@cache
def outside() -> dict[str, dict[str, str]]:
    """Every table with its column types that models may read from outside sql/, policy apart."""
    found = {f"night.{name}": types for name, types in NIGHT.items()}
    for name, table in contract().items():
        found[f"source.{name}"] = source_types(name)
        if table.is_daily:
            found[f"source.{name}_superseded"] = source_types(name)
    for layer in LAYERS:
        for name, columns in declared_columns(layer).items():
            found |= {f"{schema}.{name}": columns for schema in ("previous", "former", "history")}
    return found | evaluated_types()


def prepare(
    engine: Engine,
    given: Mapping[str, Any],
    as_of: datetime.date,
    supplied: list[str],
    read: Collection[str] | None = None,
    there: dict[str, object] | None = None,
) -> set[str]:
    """Everything a model may read from outside sql/, or of it what is `read`: given rows, or empty and typed.

    `there` says what tables of the engine hold since an earlier case: what would be the same again is left.
    """
    wanted = set(outside()) | {f"policy.{name}" for name in policy()} if read is None else set(read)
    own = {table: rows for table, rows in given.items() if rows != "default"}
    known: dict[str, object] = {} if there is None else there

    def is_open(table: str, what: object) -> bool:
        """Whether a table is to be made, with what stands for what it will hold."""
        if table not in wanted or table in own or known.get(table) == what:
            return False
        known[table] = what
        return True

    policies = [name for name in policy() if is_open(f"policy.{name}", _in_force(name, as_of))]
    register_policy(engine, as_of, tables=policies)
    for name in TOLD:
        if is_open(f"night.{name}", tuple(supplied)):
            engine.insert_arrow(f"night.{name}", NIGHT[name], _what_is_told(name, tuple(supplied)))
    if is_open("night.calendar", as_of):
        engine.insert_arrow("night.calendar", NIGHT["calendar"], _calendar(as_of))
    made = {"night.calendar", *(f"night.{name}" for name in TOLD)}
    for table, types in outside().items():
        if table not in made and is_open(table, ()):
            engine.empty(table, types)
    for table, rows in own.items():
        known.pop(table, None)
        types = given_types(table)
        arrived = {"arrived_on": as_of} if "arrived_on" in types else {}
        engine.insert(table, types, [arrived | row for row in rows or []])
    return {table for table in given if table.partition(".")[0] not in GIVEN_SCHEMAS}


@cache
def _in_force(name: str, as_of: datetime.date) -> str:
    return repr(policy()[name].effective(as_of))


@cache
def _what_is_told(name: str, supplied: tuple[str, ...]) -> pa.Table:
    """What a night says of its source and its rules, where only these tables are supplied."""
    return as_texts(NIGHT[name], _told(name, supplied))


def _told(name: str, supplied: tuple[str, ...]) -> list[dict[str, object]]:
    if name == "supplied":
        return [{"table_name": table, "is_supplied": table in supplied} for table in contract()]
    if name == "supplied_column":
        return [
            {"table_name": table, "column_name": column} for table in supplied for column in contract()[table].columns
        ]
    return [
        {"rule": rule, "table_name": table, "column_name": column}
        for rule, tables in rule_reads().items()
        for table, columns in tables.items()
        for column in columns
    ]


def plain(value: Any) -> Any:
    """A value as YAML would write it: numbers by value, dates as dates."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Decimal(str(value)).normalize() + 0
    if isinstance(value, Decimal):
        return value.normalize() + 0
    if isinstance(value, str):
        return value
    return value


@dataclass(frozen=True)
class Built:
    """One case: its model stands in `engine`, on what the case gives; `expected` are the case's rows."""

    engine: Engine
    model: Model
    expected: list[dict[str, Any]]

    def compared(self) -> tuple[list[Any], list[Any]]:
        """(actual, expected) rows, sorted, with only the columns that the case names."""
        names = sorted({name for row in self.expected for name in row})
        made = self.engine.arrow(f"select * from {self.model.table}")
        actual = in_words(made, str(self.engine.parameters["base_ccy"])).read_all().to_pylist()
        keep = lambda row: tuple((n, plain(row.get(n))) for n in names)  # noqa: E731
        return sorted(map(keep, actual), key=repr), sorted(map(keep, self.expected), key=repr)


@dataclass
class _Ground:
    """An engine that one case after the other is built in, and what its tables hold that are the same for many."""

    engine: Engine
    there: dict[str, object] = field(default_factory=dict)


#: grounds that no case stands on
_idle: list[_Ground] = []


@contextmanager
def _ground(bound: dict[str, object]) -> Iterator[_Ground]:
    """A ground for one case; one on which a case failed half-way is not used again."""
    found = _idle.pop() if _idle else _Ground(Engine(threads=1))
    found.engine.parameters = bound
    try:
        yield found
    except BaseException:
        found.engine.close()
        raise
    _idle.append(found)


@atexit.register
def _close_idle() -> None:
    while _idle:
        _idle.pop().engine.close()


@contextmanager
def built_case(path: Path, case: Mapping[str, Any]) -> Iterator[Built]:
    """Build the model of one case."""
    table = table_of(path)
    structure = ROLLED if case.get("is_rolled") else REBUILT
    given = _given(table, case)
    chain = chain_of(table, given, structure)
    as_of = case["as_of"]
    mentioned = [
        name.partition(".")[2] for name in given if name.startswith("source.") and not name.endswith("_superseded")
    ]
    supplied = case.get("supplied", mentioned)
    options = {k: case[k] for k in ("cutoff", "base_ccy", "parent_date", "policy_version", "since") if k in case}
    bound = parameters(as_of, **options)
    keys = keys_of(chain, given, as_of, supplied, bound)
    needed = to_build(table, chain, keys)
    fresh = [model for model in needed if model.table == table or not is_kept(keys[model.table])]
    read = {name for model in fresh for name in model.reads}
    with _ground(bound) as ground:
        engine, there = ground.engine, ground.there
        prepare(engine, {name: rows for name, rows in given.items() if name in read}, as_of, supplied, read, there)
        for model in needed:
            key, before = keys[model.table], there.pop(model.table, None)
            if model in fresh:
                engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
                if model.is_view or model.table == table:
                    continue
                keep(engine, model.table, key)
            elif before != key:
                put_back(engine, model.table, key)
            there[model.table] = key
        yield Built(engine, models(structure)[table], case["expect"] or [])


def _given(table: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """What a case gives by table; `folder.*` stands for the other models of that schema.

    Features come about from what is given. What other layers keep is there before a layer is computed: a case gives it,
    or there is none of it.
    """
    given: dict[str, Any] = dict(case.get("given") or {})
    for name in [name for name in given if name.endswith(".*")]:
        rows, schema = given.pop(name), name.removesuffix("*")
        others = (other for other in models() if other.startswith(schema) and other != table)
        given |= {other: rows for other in others if other not in given}
    for name in given:  # also where it stands behind what is kept
        if name not in models() and name not in outside() and name.removeprefix("policy.") not in policy():
            kept_types(name.partition(".")[2])  # declared, its SQL still to come
    return {**_kept_by_others(models()[table].layer), **given} if table in models() else given


@cache
def _kept_by_others(own: str) -> dict[str, list[Any]]:
    """The kept tables of the layers after the features, apart from one's own: none of their rows."""
    return {product: [] for layer in COMPUTED[1:] if layer != own for product in layer_products(layer)}


def chain_of(table: str, given: Mapping[str, Any], structure: frozenset[str] = REBUILT) -> list[Model]:
    """The models that a case builds, the last of them its own, where it gives these tables."""
    return ordered([table], {name for name in given if name.partition(".")[0] not in GIVEN_SCHEMAS}, structure)


def built_for(path: Path, case: Mapping[str, Any]) -> list[str]:
    """The tables that a case builds, if none of them is kept."""
    return [model.table for model in chain(path, case) if not model.is_view]


def chain(path: Path, case: Mapping[str, Any]) -> list[Model]:
    """The models that a case needs, if none of them is kept; the last of them is its own."""
    table = table_of(path)
    return chain_of(table, _given(table, case), ROLLED if case.get("is_rolled") else REBUILT)


def table_of(path: Path) -> str:
    place = path.relative_to(CASES)
    return f"{'_'.join(place.parent.parts)}.{place.stem}"


def run_case(path: Path, case: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """(actual, expected) rows of one case."""
    with built_case(path, case) as built:
        return built.compared()


def load(path: Path) -> list[dict[str, Any]]:
    return read_yaml(path) or []
