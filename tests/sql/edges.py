"""Which edges of a rule its own cases hold: each `<`, `<=`, `>` and `>=` of a file moved by its equal, one at a time.

A case's ground is built once; the model alone is built anew for each edge.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import sqlcase

from nightdesk.errors import NightdeskError
from nightdesk.models import REBUILT, ROLLED, _templates, _told, models
from nightdesk.settings import project_root, sql_root
from nightdesk_lab.mutation.equivalents import changing_nothing
from nightdesk_lab.mutation.mutants import Mutant, mutants_of

_EDGES = ("<", "<=", ">", ">=")


def not_held(table: str, cases: Path) -> list[str]:
    """The edges of a model's file that no case of its own notices, each with its line, in the order of the text."""
    path = models()[table].path
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(project_root()).as_posix()
    edges = [mutant for mutant in mutants_of(place, text) if mutant.before in _EDGES and mutant not in _told_equal()]
    left = [(mutant, _broken(mutant, text, table)) for mutant in edges]
    left = [(mutant, forms) for mutant, forms in left if forms]
    for case in sqlcase.load(cases):
        if left:
            left = _unnoticed(left, cases, case)
    return [_words(mutant, text) for mutant, _ in left]


@cache
def _told_equal() -> frozenset[Mutant]:
    return changing_nothing(project_root())


def _words(mutant: Mutant, text: str) -> str:
    return f"{mutant.before} -> {mutant.after} | {text.splitlines()[mutant.line - 1].strip()}"


def _broken(mutant: Mutant, text: str, table: str) -> dict[frozenset[str], str]:
    """The broken model's SQL, of a night that is rebuilt and of one that is rolled, where it is another."""
    template = _templates(sql_root()).from_string(mutant.of(text))
    found = {structure: template.render(_told(sql_root(), structure)) for structure in (REBUILT, ROLLED)}
    return {structure: sql for structure, sql in found.items() if sql != models(structure)[table].sql}


def _unnoticed(
    edges: Sequence[tuple[Mutant, dict[frozenset[str], str]]], cases: Path, case: Mapping[str, Any]
) -> list[tuple[Mutant, dict[frozenset[str], str]]]:
    structure = ROLLED if case.get("is_rolled") else REBUILT
    with sqlcase.built_case(cases, case) as built:
        return [
            (mutant, forms)
            for mutant, forms in edges
            if structure not in forms or not _is_noticed(built, forms[structure])
        ]


def _is_noticed(built: sqlcase.Built, sql: str) -> bool:
    model = built.model
    try:
        built.engine.build(model.table, sql, as_view=model.is_view, columns=model.columns)
        actual, expected = built.compared()
    except (NightdeskError, duckdb.Error):
        return True
    return actual != expected
