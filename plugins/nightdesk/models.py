"""The models of sql/: one file, one table, one SELECT. The path is the target, the FROMs are the dependencies."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nightdesk.engine import Engine
from nightdesk.errors import UsageError
from nightdesk.settings import project_root

#: the layers in the order in which a night builds them; the tiers' risk gate reads tonight's colour
LAYERS = ("staging", "features", "warnings", "tiers", "tasks", "esg")
#: schemas that no model makes: the night provides them
GIVEN_SCHEMAS = frozenset({"source", "policy", "night", "previous", "former", "history"})

#: how a night's state comes about, as templates see it: summed anew from all facts, or continued from the night before
REBUILT = frozenset({"is_rebuilt"})
ROLLED = frozenset({"is_rolled"})

_COMMENT = re.compile(r"--[^\n]*")
_READ = re.compile(r"\b(?:from|join)\s+([a-z_]+\.[a-z0-9_]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Model:
    """One table of the night. `columns` are the declared names and types of a kept table."""

    table: str
    layer: str
    path: Path
    sql: str
    reads: frozenset[str]
    columns: dict[str, str] | None

    @property
    def is_view(self) -> bool:
        """Staging is read through; everything after it is built."""
        return self.layer == "staging"

    @property
    def is_kept(self) -> bool:
        """The top-level files of a layer are its products; files in a sub-folder are steps on the way."""
        return not self.is_view and self.path.parent.name == self.layer


def sql_root() -> Path:
    """The folder of all SQL."""
    return project_root() / "sql"


@cache
def declared_columns(layer: str) -> dict[str, dict[str, str]]:
    """Declared column types of a layer's kept tables, from sql/<layer>/columns.yaml."""
    path = sql_root() / layer / "columns.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def models(structure: frozenset[str] = REBUILT) -> dict[str, Model]:
    """Every model by `schema.name`, as it stands in a night that is REBUILT or ROLLED."""
    root = sql_root()
    environment = Environment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # SQL, not HTML: structure only, values are bound
        keep_trailing_newline=True,
    )
    indicators = sorted(path.stem for path in (root / "warnings" / "indicator").glob("*.sql"))
    given = {"indicators": indicators, **{name: name in structure for name in REBUILT | ROLLED}}
    found: dict[str, Model] = {}
    for layer in LAYERS:
        for path in sorted((root / layer).rglob("*.sql")):
            schema = path.parent.name
            table = f"{schema}.{path.stem}"
            sql = environment.get_template(path.relative_to(root).as_posix()).render(given)
            reads = frozenset(name.lower() for name in _READ.findall(_COMMENT.sub("", sql)))
            columns = declared_columns(layer).get(path.stem) if schema == layer else None
            found[table] = Model(table, layer, path, sql, reads - {table}, columns)
    return found


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


def history_reads() -> set[str]:
    """Every `history.<table>` and `former.<table>` that a model reads."""
    reads = {table for structure in (REBUILT, ROLLED) for model in models(structure).values() for table in model.reads}
    return {table for table in reads if table.startswith(("history.", "former."))}


def build(
    engine: Engine,
    targets: Iterable[str],
    present: Collection[str] = (),
    structure: frozenset[str] = REBUILT,
) -> None:
    """Build `targets` and what they read in `engine`, which holds the given schemas and `present` already."""
    for model in ordered(targets, present, structure):
        if model.is_kept and not model.columns:
            raise UsageError(
                f"the kept table {model.table} declares no columns",
                f"Add it to sql/{model.layer}/columns.yaml.",
            )
        engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
