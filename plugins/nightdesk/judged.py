"""What each kind of verdict looks at, derived from the models: a supplied table that no rule reads is not assessed."""

from collections.abc import Collection, Mapping
from functools import cache

from nightdesk.contract import contract
from nightdesk.lineage import each_rests_on, rests_on
from nightdesk.models import models
from nightdesk.query_tree import ALL

#: tables that the night reads itself and no verdict is about: the totals that the checks hold the others against
_OF_THE_NIGHT = frozenset({"control_total"})
#: the schemas in which verdicts are: what is asked of one stops at the others
_VERDICTS = ("warnings_indicator", "warnings_verdict", "warnings")
#: the rule that is no indicator, as warnings_verdict.need calls it, and what a colour asks of it
FLOOR = "floor"
#: what is kept among the warnings and follows from people's decisions
_DECIDED = frozenset({"warnings.decision", "warnings.watch"})
_FLOOR, _FLOOR_COLUMNS = frozenset({"warnings.loan_floor"}), frozenset({"floor_class", "floor_reason", "floor_rank"})


def colour_reads(indicators: Collection[str]) -> frozenset[str]:
    """Contract tables behind the indicators of these codes."""
    return _behind(frozenset(name for name, code in _indicators().items() if code in indicators))


@cache
def indicator_reads() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """What each indicator reads of the source: by its code the contract tables, each with its key and what is used."""
    used = _used_by_each(ALL)
    return {code: _columns(used[name]) for name, code in _indicators().items()}


@cache
def rule_reads() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """The same of every rule that sets a colour: the indicators, and under FLOOR the five-class floor."""
    return {**indicator_reads(), FLOOR: floor_columns()}


@cache
def floor_columns() -> Mapping[str, frozenset[str]]:
    """The same of the five-class floor alone."""
    return _columns(_used(_FLOOR, _FLOOR_COLUMNS))


def tokens_read(indicators: Collection[str]) -> frozenset[str]:
    """Tables, and columns as `table.column`, behind the indicators of these codes."""
    used = _used(frozenset(name for name, code in _indicators().items() if code in indicators), ALL)
    columns = {f"{table}.{column}" for table, found in used.items() for column in found}
    every = {
        f"{table}.{column}" for table, found in used.items() if ALL & found for column in contract()[table].columns
    }
    return frozenset(used) | columns | every


def floor_reads() -> frozenset[str]:
    """Contract tables behind the five-class floor, which a colour cannot go below."""
    return _behind(_FLOOR)


def deed_reads() -> frozenset[str]:
    """Contract tables behind tiers, care, tasks and what people decide, beside those that the warnings are made of.

    What is asked of a night apart from it (scorecards, the week) judges nothing for a list.
    """
    deeds = {name for name, model in models().items() if model.layer in ("tiers", "care", "tasks") and model.is_kept}
    return _behind(frozenset(deeds | _DECIDED))


def review_reads() -> frozenset[str]:
    """Contract tables behind a project's page: its panels, and the indicators that can name a project."""
    return _behind(_review())


def review_columns() -> frozenset[str]:
    """What a project's page rests on and a bank may leave out, as `table.column`: of the tables about projects, and
    what says whose project a row of another table is."""
    return frozenset(
        f"{table}.{column.name}"
        for table, used in _used(_review(), ALL).items()
        for column in contract()[table].columns.values()
        if not (column.is_required or contract()[table].is_of_desk)
        and used & {column.name, *ALL}
        and (table in about_projects() or column.parent == "project")
    )


def panel_reads(table: str) -> frozenset[str]:
    """Contract tables that a bank may leave out and that the rows of a published table come from."""
    return frozenset(name for name in _behind(frozenset({table})) if not contract()[name].is_required)


@cache
def about_projects() -> tuple[str, ...]:
    """The tables that a bank may leave out and whose rows are a project's, in the order of the contract; not those of
    the desk, of which an empty one says that nobody has entered anything yet."""
    return tuple(
        table.name
        for table in contract().values()
        if not (table.is_required or table.is_of_desk)
        and any(column.parent == "project" for column in table.columns.values())
    )


@cache
def registries() -> frozenset[str]:
    """Who a client is looked after by, not what it does: the tables that a client's own row refers to."""
    found: set[str] = set()
    waiting = ["client"]
    while waiting:
        columns = contract()[waiting.pop()].columns.values()
        parents = {column.parent for column in columns if column.parent} - found - {"client"}
        found |= parents
        waiting.extend(sorted(parents))
    return frozenset(found)


def not_read(supplied: Collection[str], *read: Collection[str]) -> tuple[str, ...]:
    """Supplied tables that carry facts and that none of the verdicts reads, in the order of the contract."""
    known = registries().union(_OF_THE_NIGHT, *read)
    return tuple(name for name in contract() if name in supplied and name not in known)


@cache
def _indicators() -> dict[str, str]:
    """The indicators' models, each with the code that its file's name begins with."""
    return {
        name: name.partition(".")[2].partition("_")[0].upper()
        for name in models()
        if name.startswith("warnings_indicator.")
    }


@cache
def _review() -> frozenset[str]:
    by_each = _used_by_each(frozenset({"project_id"}))
    indicators = {name for name, tables in by_each.items() if any("project_id" in used for used in tables.values())}
    return frozenset(indicators | {name for name, model in models().items() if model.layer == "esg"})


def _columns(used: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """What is used of each table by its columns' names, with its key."""
    return {
        table: frozenset({*contract()[table].key, *(contract()[table].columns if found >= ALL else found)})
        for table, found in used.items()
    }


def _behind(roots: frozenset[str]) -> frozenset[str]:
    return frozenset(_used(roots, ALL))


@cache
def _used(roots: frozenset[str], columns: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """What is used of which tables; verdicts that the roots read, tonight's and earlier ones, stand for themselves."""
    return rests_on(roots, _verdicts() - roots, columns)


@cache
def _used_by_each(columns: frozenset[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """The same of each indicator alone."""
    return each_rests_on(_indicators(), _verdicts(), columns)


@cache
def _verdicts() -> frozenset[str]:
    return frozenset(name for name in models() if name.partition(".")[0] in _VERDICTS)
