"""Which files are broken, and which tests have to notice."""

import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from nightdesk_lab.mutation.mutants import Mutant, mutants_of

#: those of a quiet night, each column lost in turn among them, take an hour; nights of a test's own come at last
_QUICK = ("-m", "not long and not night")
_NIGHTS = ("-m", "night and not long")
#: what reads the two nights that all share: run for whatever the tests of its own did not notice
FAST = ("tests/night", *_QUICK)
#: what is held of every module by its text alone
SWITCHES = ("tests/architecture/test_switches.py", *_QUICK)
#: what holds a night together
NIGHT = ("tests/night/test_night.py", *_NIGHTS)
#: all of sql/ on one bank
WHOLE = ("tests/sql/test_full_night.py",)
#: the cases that concern a file of sql/, its own and of what reads it; each once: Spark says the same of it
CASES = ("tests/sql/test_cases.py",)
#: written once for a database that was, and never run anew
_LEFT_OUT = ("plugins/nightdesk/desk/migrations/",)


def targets(root: Path) -> list[str]:
    """Every file that is broken: models, macros and extractions, and the product's modules."""
    files = [*root.glob("sql/**/*.sql"), *root.glob("plugins/nightdesk/**/*.py")]
    names = sorted(path.relative_to(root).as_posix() for path in files)
    return [name for name in names if not name.startswith(_LEFT_OUT)]


def sample(root: Path, names: Iterable[str], count: int, seed: int) -> list[Mutant]:
    """`count` mutants, half of SQL and half of Python as far as there are so many; a seed gives the same ones again."""
    dice = random.Random(seed)  # noqa: S311  # a sample, no secret
    kinds: dict[str, list[Mutant]] = {".sql": [], ".py": []}
    for name in names:
        kinds[Path(name).suffix] += mutants_of(name, (root / name).read_text(encoding="utf-8"))
    for found in kinds.values():
        dice.shuffle(found)
    sql, python = kinds.values()
    of_sql = min(len(sql), max(count // 2, count - len(python)))
    return sorted(sql[:of_sql] + python[: count - of_sql], key=lambda mutant: (mutant.path, mutant.start))


def stages(root: Path, name: str, called: Sequence[str] = ()) -> list[list[str]]:
    """pytest's arguments for a file, from what is nearest to it; each stage is run when the ones before saw nothing.

    `called` are tests that are known to call what is broken.
    """
    path = Path(name)
    found = _of_sql(root, path) if path.parts[0] == "sql" else [[*called], *_of_module(root, path)]
    return [stage for stage in found if stage and (root / stage[0].partition("::")[0]).exists()] or [
        list(FAST),
        list(NIGHT),
    ]


def _of_sql(root: Path, path: Path) -> list[list[str]]:
    layer = path.parts[1]
    if layer == "extract":
        return [_folder(root, path.parts[2]) or _folder(root, "source"), list(FAST), list(NIGHT)]
    return [list(CASES), [] if layer == "macros" else _folder(root, layer), list(WHOLE)]


def _folder(root: Path, name: str) -> list[str]:
    return [f"tests/{name}", *_QUICK] if (root / "tests" / name).is_dir() else []


def _of_module(root: Path, path: Path) -> list[list[str]]:
    """Tests of its name, or of its folder and the beginning of it (`test_branch` of `branch_rows`), then those that
    import it, first of the folder of its own where there is one, that folder, and at last whole nights.

    A test of its name in the folder of another module counts where it imports this one.
    """
    parts = path.relative_to("plugins").with_suffix("").parts
    package, name = re.escape(".".join(parts[:-1])), re.escape(parts[-1])
    importing = re.compile(rf"\b{package}\.{name}\b|from {package} import [^\n]*\b{name}\b")
    folder = _folder(root, parts[1])
    tests = sorted((root / "tests").rglob("test_*.py"))
    near = [test for test in tests if not folder or test.is_relative_to(root / folder[0])]
    naming = [test for test in tests if importing.search(test.read_text(encoding="utf-8"))]
    called = [
        test
        for test in tests
        if (test.stem == f"test_{parts[-1]}" and (test in near or test in naming))
        or (folder and test in near and f"test_{parts[-1]}".startswith(f"{test.stem}_"))
    ]
    naming = [test for test in naming if test not in called]
    far = [test for test in naming if test not in near]
    return [
        *(_listed(root, called), _listed(root, [test for test in naming if test in near]), folder, _listed(root, far)),
        *(list(SWITCHES), list(FAST), _listed(root, called, _NIGHTS), list(NIGHT)),
    ]


def _listed(root: Path, tests: Iterable[Path], which: Sequence[str] = _QUICK) -> list[str]:
    found = [test.relative_to(root).as_posix() for test in tests]
    return [*found, *which] if found else []
