"""What reads what: the tables before and after a model, a source table or an indicator, as a tree."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from nightdesk.contract import contract
from nightdesk.errors import UsageError
from nightdesk.lineage import reads_of
from nightdesk.models import GIVEN_SCHEMAS, LAYERS, REBUILT, ROLLED, models

#: given schemas that hold what a model made in an earlier night, or in all
OF_OTHER_NIGHTS = ("previous", "former", "history", "evaluated")


@dataclass(frozen=True)
class Branch:
    """One table of a tree, with the columns that link it to the one it hangs on, and what hangs on it in turn.

    Each table branches once, as near to the root as it can; where it is met again, `is_elsewhere` says so.
    """

    table: str
    columns: tuple[str, ...]
    is_elsewhere: bool
    branches: tuple["Branch", ...]

    def document(self) -> dict[str, object]:
        """The same for a JSON document."""
        return {
            "table": self.table,
            "columns": list(self.columns),
            "is_elsewhere": self.is_elsewhere,
            "branches": [branch.document() for branch in self.branches],
        }

    def lines(self, depth: int = 0) -> Iterator[tuple[int, "Branch"]]:
        """Each table below this one with its depth, as it is printed."""
        for branch in self.branches:
            yield depth, branch
            yield from branch.lines(depth + 1)


def find(name: str) -> str:
    """The table that a name means: `schema.table`, a model's or source table's bare name, or an indicator's code; of
    several models of a name the one that is kept, as exports have it.

    Raises UsageError when it means none or several.
    """
    wanted = name.strip().lower()
    known = _known()
    if wanted in known:
        return wanted
    made = _named(wanted)
    kept = [table for table in made if table in models() and models()[table].is_kept]
    if len(made) == 1 or len(kept) == 1:
        return (kept or made)[0]
    if made:
        raise UsageError(f"{name!r} names {len(made)} tables", f"Write one of them in full: {', '.join(sorted(made))}.")
    near = get_close_matches(wanted, sorted({*known, *(table.partition(".")[2] for table in known)}), 3)
    hint = f"Did you mean {', '.join(near)}?" if near else "See nightdesk lineage."
    raise UsageError(f"there is no table and no indicator {name!r}", hint)


def namesakes(name: str, table: str) -> list[str]:
    """What else the name that `find` read as `table` could mean, sorted."""
    wanted = name.strip().lower()
    return [] if wanted == table else sorted({*_named(wanted)} - {table})


def _named(wanted: str) -> list[str]:
    """Tables of a bare name, or of an indicator's code: models where there is one, else what the night is given."""
    found = [table for table in _known() if table.partition(".")[2] == wanted]
    found = found or [table for table in _known() if table.startswith(f"warnings_indicator.{wanted}_")]
    return [table for table in found if table in models()] or found


def before(table: str) -> Branch:
    """What a table is made of, down to what the night is given."""
    return _tree(table, {name: reads_of(name) for name in models()})


def after(table: str) -> Branch:
    """What is made of a table, tonight and, through its earlier nights, in later ones."""
    readers: dict[str, dict[str, frozenset[str]]] = {}
    for model in models():
        for read, columns in reads_of(model).items():
            schema, _, bare = read.partition(".")
            makers = _makers().get(bare, ()) if schema in OF_OTHER_NIGHTS else ()
            for one in (read, *makers):
                held = readers.setdefault(one, {}).get(model, frozenset())
                readers[one][model] = held | columns
    return _tree(table, readers)


def layers() -> dict[str, dict[str, object]]:
    """Each layer's tables that are kept, how many steps lead to them, and which source tables it reads itself."""
    return {
        layer: {
            "tables": sorted(
                model.table for model in models().values() if model.layer == layer and not _is_step(model.table)
            ),
            "steps": sum(model.layer == layer and _is_step(model.table) for model in models().values()),
            "sources": sorted(
                {
                    read
                    for structure in (REBUILT, ROLLED)
                    for model in models(structure).values()
                    if model.layer == layer
                    for read in model.reads
                    if read.startswith("source.")
                }
            ),
        }
        for layer in LAYERS
    }


def _is_step(table: str) -> bool:
    model = models()[table]
    return not model.is_kept and not model.is_view


def _tree(table: str, edges: Mapping[str, Mapping[str, frozenset[str]]]) -> Branch:
    home = {table: ""}
    waiting = deque([table])
    while waiting:
        name = waiting.popleft()
        for one in sorted(edges.get(name, {})):
            if one not in home:
                home[one] = name
                waiting.append(one)

    def below(name: str) -> tuple[Branch, ...]:
        return tuple(
            Branch(one, tuple(sorted(columns)), False, below(one))
            if home[one] == name
            else Branch(one, tuple(sorted(columns)), one in edges, ())
            for one, columns in sorted(edges.get(name, {}).items())
        )

    return Branch(table, (), False, below(table))


@cache
def _makers() -> Mapping[str, tuple[str, ...]]:
    """The kept models by their bare names: what the given schemas of other nights hold."""
    found: dict[str, tuple[str, ...]] = {}
    for model in models().values():
        if model.is_kept:
            bare = model.table.partition(".")[2]
            found[bare] = (*found.get(bare, ()), model.table)
    return found


@cache
def _known() -> frozenset[str]:
    given = {
        read
        for structure in (REBUILT, ROLLED)
        for model in models(structure).values()
        for read in model.reads
        if read.partition(".")[0] in GIVEN_SCHEMAS
    }
    return frozenset(models()) | {f"source.{name}" for name in contract()} | given
