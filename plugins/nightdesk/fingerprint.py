"""Fingerprints: what made a kept table. A state is continued only by the same columns, SQL and policy that made it."""

import datetime
import hashlib
from functools import cache

from nightdesk.models import LAYERS, REBUILT, ROLLED, Model, declared_columns, models
from nightdesk.policy import policy
from nightdesk.sql_text import tokens
from nightdesk.worked_out import is_kept, of_models

#: of the night before, of former nights, and of all of them: a kept table by its bare name
REMEMBERED = ("previous", "former", "history")
#: columns of a policy row that say why and until when, and not what
_NOT_RULED_BY = ("valid_from", "valid_to", "owner", "reason")


@cache
def fingerprint(table: str, day: datetime.date, profile: str) -> str:
    """What a night of `day` makes the kept table `layer.name` with; empty for a table that no model makes.

    It is a hash over the declared columns and types, the SQL of its model and of all that feeds it in rebuilt and in
    rolled nights (macros rendered; comments and layout do not count), and the policy rows in force that day of every
    policy table that those read (their order does not count).
    """
    if table not in models():
        return ""
    digest = hashlib.sha256()
    policies: set[str] = set()
    for name, reads in sorted(_feeding(table)):
        digest.update(repr((name, _sql(name))).encode())
        policies.update(read.partition(".")[2] for read in reads if read.startswith("policy."))
    for name in sorted(policies):
        digest.update(repr((name, _rows(name, day, profile))).encode())
    return digest.hexdigest()[:32]


@cache
def rolled_tables(layer: str) -> frozenset[str]:
    """The kept tables of a layer that a rolled night continues: they come about otherwise than in a rebuilt one, and a
    model of the layer reads what former nights kept of them."""
    remembered = {
        kept_table(read)
        for model in models(ROLLED).values()
        if model.layer == layer
        for read in model.reads
        if read.partition(".")[0] in REMEMBERED
    }
    return frozenset(name for name in remembered if name.startswith(f"{layer}.") and _differs(name))


def kept_table(read: str) -> str:
    """The `layer.name` that `previous.name`, `former.name` or `history.name` is about."""
    name = read.partition(".")[2]
    return next(f"{layer}.{name}" for layer in LAYERS if name in declared_columns(layer))


def _differs(table: str) -> bool:
    """Whether a table's own SQL, or that of a step on the way to it, depends on the structure of the night."""
    return any(
        models(REBUILT)[name].sql != models(ROLLED)[name].sql for name, _ in _feeding(table) if _is_within(table, name)
    )


def _is_within(table: str, name: str) -> bool:
    return models()[table].layer == models()[name].layer


@cache
def _feeding(table: str) -> frozenset[tuple[str, frozenset[str]]]:
    """The table and every model that feeds it, last night's too, each with what it reads in either structure."""
    found: dict[str, frozenset[str]] = {}
    waiting = [table]
    while waiting:
        name = waiting.pop()
        if name in found or name not in models():
            continue
        found[name] = models(REBUILT)[name].reads | models(ROLLED)[name].reads
        waiting.extend(
            kept_table(read) if read.partition(".")[0] in REMEMBERED else read for read in sorted(found[name])
        )
    return frozenset(found.items())


def _sql(name: str) -> str:
    """A model as it counts: its declared columns, and the tokens of its SQL in both structures."""
    return _all_sql()[name] if is_kept() else _sql_of(name)


@cache
def _all_sql() -> dict[str, str]:
    found: dict[str, str] = of_models("sql_hashes", lambda: {name: _sql_of(name) for name in models()})
    return found


@cache
def _sql_of(name: str) -> str:
    both: tuple[Model, Model] = (models(REBUILT)[name], models(ROLLED)[name])
    told = [tokens(sql) for sql in dict.fromkeys(model.sql for model in both)]
    body = repr((sorted((both[0].columns or {}).items()), told))
    return hashlib.sha256(body.encode()).hexdigest()


@cache
def _rows(name: str, day: datetime.date, profile: str) -> list[str]:
    rows = policy(profile)[name].effective(day)
    return sorted(
        repr(sorted((column, str(value)) for column, value in row.items() if column not in _NOT_RULED_BY))
        for row in rows
    )
