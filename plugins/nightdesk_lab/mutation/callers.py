"""Which tests call the function that a mutant stands in, by what `calls` wrote down: the cheapest are run first."""

import ast
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from nightdesk_lab.mutation.mutants import Mutant

#: seconds of tests, as they took when they were written down: what is dearer is left to the stages by name
_MOST_SECONDS = 40.0
#: tests that ask for a fixture that called it, as against those that call it themselves
_GIVEN, _OWN = 1, 0

#: of each function (`file::qualified.name`) its tests without their parameters, and how near and how dear each is
Callers = Mapping[str, Mapping[str, tuple[int, float]]]


def read_callers(file: Path) -> Callers:
    """What `calls` wrote, turned round: by function."""
    found: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        test = said["test"].partition("[")[0]
        for kind, functions in ((_OWN, said["own"]), (_GIVEN, said["given"])):
            for function in functions:
                nearest, seconds = found[function].get(test, (kind, 0.0))
                found[function][test] = (min(nearest, kind), seconds + said["seconds"])
    return found


def called_by(callers: Callers, root: Path, mutant: Mutant) -> list[str]:
    """The tests that call what the mutant stands in, nearest and cheapest first; outside of functions, those that call
    any function of its file. None that no longer stands where it stood."""
    function = function_at((root / mutant.path).read_text(encoding="utf-8"), mutant.line)
    names = [f"{mutant.path}::{function}"] if function else [name for name in callers if name.startswith(mutant.path)]
    tests: dict[str, tuple[int, float]] = {}
    for name in names:
        for test, told in callers.get(name, {}).items():
            tests[test] = min(told, tests.get(test, told))
    chosen: list[str] = []
    spent = 0.0
    for test, (_, seconds) in sorted(tests.items(), key=lambda one: (one[1], one[0])):
        if (spent := spent + seconds) > _MOST_SECONDS and chosen:
            break
        if _stands(root, test):
            chosen.append(test)
    return chosen


def _stands(root: Path, test: str) -> bool:
    file, _, name = test.partition("::")
    path = root / file
    return path.is_file() and f"def {name.rpartition('::')[2]}(" in path.read_text(encoding="utf-8")


def function_at(text: str, line: int) -> str:
    """The qualified name of the innermost function whose body has the line, as Python names it; empty outside of any:
    defaults and decorators are worked out where the function is written."""
    return _within(ast.parse(text).body, line, "")


def _within(statements: Sequence[ast.AST], line: int, outer: str) -> str:
    for node in statements:
        for child in ast.walk(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and _has(child.body, line):
                inner = f"{outer}{child.name}"
                return _within(child.body, line, f"{inner}.<locals>.") or inner
            if isinstance(child, ast.ClassDef) and _has(child.body, line):
                return _within(child.body, line, f"{outer}{child.name}.")
    return ""


def _has(body: Sequence[ast.stmt], line: int) -> bool:
    return body[0].lineno <= line <= (body[-1].end_lineno or 0)
