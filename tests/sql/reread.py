"""A file of sql/ that has changed since the cases were collected: read anew, and the cases that it can make red."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pytest
import sqlcase

from nightdesk import models as known
from nightdesk.models import REBUILT, ROLLED, Model, models, read_model
from nightdesk.settings import sql_root

#: cases of what reads the file, after its own: of a table that everything rests on the nearest say what all would
MOST_DOWNSTREAM = 400
_IMPORTED = re.compile(r"'(macros/[a-z_0-9/]+\.sql)'")


def get_ready(items: Sequence[pytest.Item]) -> None:
    """Work out once what every fork needs: all models, and the column types of those that cases give."""
    for structure in (REBUILT, ROLLED):
        models(structure)
    for table in sorted({table for item in items if (case := _case(item)) for table in case[1].get("given") or ()}):
        if table in models():
            sqlcase.given_types(table)
    sqlcase.empty_bank().close()  # an engine does not live in two processes
    sqlcase.empty_bank.cache_clear()


def concerned(path: str, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Read `sql/...` anew; its models' own cases, then those of what reads them, nearest first.

    A file that can no longer be read is red for whoever builds it; a macro that no model uses concerns none.
    """
    own = path.removeprefix("sql/")
    changed = _changed({own} if not own.startswith("macros/") else _importing(own))
    by_table: dict[str, list[pytest.Item]] = {}
    for item in items:
        if case := _case(item):
            by_table.setdefault(sqlcase.table_of(case[0]), []).append(item)
    near = [item for table in changed for item in by_table.get(table, [])]
    far = [
        item
        for table in _downstream(changed)
        for item in by_table.get(table, [])
        if changed & {model.table for model in sqlcase.chain(*_case(item))}
    ]
    return near + far[:MOST_DOWNSTREAM]


def _case(item: pytest.Item) -> tuple[Path, Mapping[str, Any]] | None:
    """The file and the case that a test is about, if it is about one."""
    called = getattr(item, "callspec", None)
    return called.params.get("built") if called else None


def _importing(macro: str) -> set[str]:
    """The models that import a macro, or a macro that does."""
    root = sql_root()
    texts = {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in root.rglob("*.sql")}
    found, waiting = set(), [macro]
    while waiting:
        name = waiting.pop()
        users = {file for file, text in texts.items() if name in _IMPORTED.findall(text)} - found
        found |= users
        waiting.extend(users)
    return {file for file in found if not file.startswith("macros/")}


def _changed(files: set[str]) -> set[str]:
    """Put the models of these files, as they are now, in place of what was read before; the tables that changed."""
    known._templates(sql_root()).cache.clear()  # type: ignore[union-attr]
    found = set()
    for structure in (REBUILT, ROLLED):
        held = models(structure)
        for table, model in list(held.items()):
            if model.path.relative_to(sql_root()).as_posix() in files:
                held[table] = _now(model, structure)
                if held[table].sql != model.sql:
                    found.add(table)
    return found


def _now(model: Model, structure: frozenset[str]) -> Model:
    try:
        return read_model(sql_root(), model.path, structure)
    except (jinja2.TemplateError, TypeError, ValueError) as error:  # red for who builds it
        return dataclasses.replace(model, sql=f"select error({str(error)!r})")


def _downstream(tables: set[str]) -> list[str]:
    """What reads these tables, nearest first."""
    readers: dict[str, set[str]] = {}
    for structure in (REBUILT, ROLLED):
        for table, model in models(structure).items():
            for read in model.reads:
                readers.setdefault(read, set()).add(table)
    found, waiting = dict.fromkeys(tables), sorted(tables)
    while waiting:
        for reader in sorted(readers.get(waiting.pop(0), ())):
            if reader not in found:
                found[reader] = None
                waiting.append(reader)
    return [table for table in found if table not in tables]
