"""The models of sql/: one file, one table, one SELECT. The path is the target, the FROMs are the dependencies."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nightdesk.at_once import at_once
from nightdesk.engine import Engine
from nightdesk.errors import UsageError
from nightdesk.settings import sql_root
from nightdesk.steps import COMPUTED
from nightdesk.worked_out import of_models
from nightdesk.yaml_file import read_yaml

#: what steps and pages ask of a night: looked at when it is asked, and never kept
ASKED = "asked"
#: the colour of each client by what is seen of it alone; an indicator that reads it is one of contagion
BASE_COLOUR = "warnings_verdict.base_colour"
#: the layers in the order in which a night builds them; the tiers' risk gate reads tonight's colour
LAYERS = ("staging", *COMPUTED, ASKED)
#: schemas that no model makes: the night provides them, or an evaluation of many nights
GIVEN_SCHEMAS = frozenset({"source", "policy", "night", "previous", "former", "history", "evaluated"})

#: how a night's state comes about, as templates see it: summed anew from all facts, or continued from the night before
REBUILT = frozenset({"is_rebuilt"})
ROLLED = frozenset({"is_rolled"})

#: stands among a table's columns in columns.yaml: the key that its rows are exported by; without it they are not
EXPORT_BY = "export_by"
#: what fills the sentences of a table's columns of words: a model gives it, and it is not kept
FIGURES = "figures"

#: what sqlglot finds in the tree of each model, as a test says, without the seconds that reading all of them takes
_COMMENT = re.compile(r"--[^\n]*")
_READ = re.compile(r"(?<!\bdistinct )\b(?:from|join)\s+([a-z_]+\.[a-z0-9_]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Model:
    """One table of the night. `columns` are the declared names and types of a kept table, and FIGURES if worded."""

    table: str
    layer: str
    path: Path
    sql: str
    reads: frozenset[str]
    columns: dict[str, str] | None

    @property
    def is_view(self) -> bool:
        """Staging is read through, and so is what is asked; everything between is built."""
        return self.layer in ("staging", ASKED)

    @property
    def is_kept(self) -> bool:
        """The top-level files of a layer are its products; files in a sub-folder are steps on the way."""
        return not self.is_view and self.table.startswith(f"{self.layer}.")


def declared_columns(layer: str) -> dict[str, dict[str, str]]:
    """Declared column types of a layer's kept tables, from sql/<layer>/columns.yaml: what their batches have."""
    return _declared(layer).kept


def export_keys(layer: str) -> dict[str, tuple[str, ...]]:
    """The layer's tables that are published for others, each with the key that its rows are sorted by."""
    return _declared(layer).export_keys


@dataclass(frozen=True)
class _Declared:
    """What a layer's models give, what is kept of it, and what of that is exported."""

    given: dict[str, dict[str, str]]
    kept: dict[str, dict[str, str]]
    export_keys: dict[str, tuple[str, ...]]


@cache
def _declared(layer: str) -> _Declared:
    path = sql_root() / layer / "columns.yaml"
    tables: dict[str, dict[str, Any]] = read_yaml(path) if path.exists() else {}
    keys = {table: tuple(columns[EXPORT_BY]) for table, columns in tables.items() if EXPORT_BY in columns}
    given = {
        table: {name: kind for name, kind in columns.items() if name != EXPORT_BY} for table, columns in tables.items()
    }
    kept = {
        table: {name: kind for name, kind in columns.items() if name != FIGURES} for table, columns in given.items()
    }
    return _Declared(given, kept, keys)


@cache
def _templates(root: Path) -> Environment:
    """The templates of a folder of layers, each compiled once."""
    return Environment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # SQL, not HTML: structure only, values are bound
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )


@cache
def models(structure: frozenset[str] = REBUILT) -> dict[str, Model]:
    """Every model by `schema.name`, as it stands in a night that is REBUILT or ROLLED."""
    root = sql_root()

    def told() -> list[list[Any]]:
        made = read_models(root, structure).values()
        return [[m.table, m.layer, m.path.relative_to(root).as_posix(), m.sql, sorted(m.reads)] for m in made]

    return {
        table: Model(table, layer, root / path, sql, frozenset(reads), _given(table, layer))
        for table, layer, path, sql, reads in of_models(f"models_{'_'.join(sorted(structure))}", told)
    }


def read_models(root: Path, structure: frozenset[str] = REBUILT) -> dict[str, Model]:
    """The models below a folder of layers; `models` is this of the project's own.

    A table's schema is the whole path of its folder: folders of one name in two layers keep apart. Raises UsageError
    that names both files where one would still stand for the other: two tables of one `schema.name` (`a/b_c` and
    `a_b/c` join into one schema), or two kept tables of one name, which `previous.name` could not tell apart.
    """
    given = _told(root, structure)
    found: dict[str, Model] = {}
    kept: dict[str, Path] = {}
    for layer in LAYERS:
        for path in sorted((root / layer).rglob("*.sql")):
            model = _read(root, path, given)
            table = model.table
            if table in found:
                raise _twice(found[table].path, path, root, table)
            if model.is_kept and path.stem in kept:
                raise _twice(
                    kept[path.stem], path, root, f"the kept table {path.stem}, which is remembered by that name"
                )
            if model.is_kept:
                kept[path.stem] = path
            found[table] = model
    return found


def read_model(root: Path, path: Path, structure: frozenset[str] = REBUILT) -> Model:
    """The model of one file below a folder of layers, as it lies there now."""
    return _read(root, path, _told(root, structure))


def _read(root: Path, path: Path, given: dict[str, Any]) -> Model:
    place = path.relative_to(root)
    table, layer = f"{_schema(place)}.{path.stem}", place.parts[0]
    sql = _templates(root).get_template(place.as_posix()).render(given)
    reads = frozenset(name.lower() for name in _READ.findall(_COMMENT.sub("", sql)))
    return Model(table, layer, path, sql, reads - {table}, _given(table, layer))


def _told(root: Path, structure: frozenset[str]) -> dict[str, Any]:
    """What templates are told: the files of the folders that are gathered, and how the night comes about."""
    return {**_gathered(root), **{name: name in structure for name in REBUILT | ROLLED}}


def _given(table: str, layer: str) -> dict[str, str] | None:
    """The declared columns of a layer's own table."""
    schema, _, name = table.partition(".")
    return _declared(layer).given.get(name) if schema == layer else None


def _gathered(root: Path) -> dict[str, list[str]]:
    """The files whose rows one model gathers: it takes every one that lies in the folder.

    Indicators that read what other clients' colours are without them come after those: they are `contagions`, told by
    their FROM alone, so that none of them can feed the colour that it looks at.
    """
    folders = {
        "indicators": root / "warnings" / "indicator",
        "candidates": root / "tasks" / "candidate",
        "decidables": root / ASKED / "decidable",
        "gates": root / "care" / "gate",
        "measures": root / "tasks" / "scorecard" / "measure",
    }
    found = {name: sorted(path.stem for path in folder.glob("*.sql")) for name, folder in folders.items()}
    caught = [name for name in found["indicators"] if _reads_colours(folders["indicators"] / f"{name}.sql")]
    return found | {"contagions": caught}


def _reads_colours(path: Path) -> bool:
    return BASE_COLOUR in _READ.findall(_COMMENT.sub("", path.read_text(encoding="utf-8")))


def _schema(path: Path) -> str:
    """The schema of a file below sql/: `warnings/verdict/fired.sql` is `warnings_verdict.fired`."""
    return "_".join(path.parent.parts)


def _place(path: Path, root: Path) -> str:
    return f"sql/{path.relative_to(root).as_posix()}"


def _twice(first: Path, second: Path, root: Path, what: str) -> UsageError:
    return UsageError(f"{_place(first, root)} and {_place(second, root)} both make {what}", "Rename one of them.")


def ordered(targets: Iterable[str], present: Collection[str] = (), structure: frozenset[str] = REBUILT) -> list[Model]:
    """The models to build for `targets`, each after what it reads; `present` tables are there already.

    Raises UsageError when a model reads a table that nobody makes.
    """
    known = models(structure)
    graph: dict[str, set[str]] = {}
    waiting = [name for name in targets if name not in present]
    while waiting:
        name = waiting.pop()
        if name in graph:
            continue
        if name not in known:
            raise UsageError(f"no SQL file makes the table {name}", "Add sql/<layer>/<table>.sql or correct the name.")
        reads = {
            table
            for table in known[name].reads
            if table.partition(".")[0] not in GIVEN_SCHEMAS and table not in present
        }
        graph[name] = reads
        waiting.extend(sorted(reads))
    return [known[name] for name in TopologicalSorter({k: sorted(v) for k, v in sorted(graph.items())}).static_order()]


def layer_products(layer: str) -> list[str]:
    """The kept tables of a layer."""
    return [model.table for model in models().values() if model.layer == layer and model.is_kept]


def earlier_products(layer: str) -> set[str]:
    """The kept tables of the layers before this one: read from the lake, not built again."""
    return {table for other in COMPUTED[: COMPUTED.index(layer)] for table in layer_products(other)}


def history_reads() -> set[str]:
    """Every `history.<table>` and `former.<table>` of the features that a model reads: a history in parts, which each
    night adds to. What other layers kept of former nights is read as it was written."""
    reads = {table for structure in (REBUILT, ROLLED) for model in models(structure).values() for table in model.reads}
    ours = declared_columns("features")
    return {table for table in reads if table.startswith(("history.", "former.")) and table.partition(".")[2] in ours}


def build(
    engine: Engine,
    targets: Iterable[str],
    present: Collection[str] = (),
    structure: frozenset[str] = REBUILT,
    *,
    hands: int = 1,
) -> None:
    """Build `targets` and what they read in `engine`, which holds the given schemas and `present` already.

    `hands` at once, each as soon as what it reads is there: to plan a statement takes one core, and where
    rows are few that is most of what it takes. Data that is registered with the engine is not seen then.
    """
    to_build = ordered(targets, present, structure)
    for model in to_build:
        if model.is_kept and not model.columns:
            raise UsageError(
                f"the kept table {model.table} declares no columns",
                f"Add it to sql/{model.layer}/columns.yaml.",
            )
        engine.schema(model.table.partition(".")[0])  # two that make it at once would be in each other's way
    known = {model.table: model for model in to_build}

    def make(hand: Engine, table: str) -> None:
        model = known[table]
        hand.build(table, model.sql, as_view=model.is_view, columns=model.columns)

    with engine.hands(hands) as opened:
        at_once({table: model.reads & known.keys() for table, model in known.items()}, opened, make, Engine.interrupt)
