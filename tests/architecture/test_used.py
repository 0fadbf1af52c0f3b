"""No dead code: what a module defines at its head is used by the product or the laboratory, not by tests alone."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from nightdesk.settings import project_root

#: names that are found by where they lie, or by a framework that reads the module
FOUND_BY_PLACE = {
    "night/page_kind/": {"pages"},
    "financing/schedule/shapes/": {"SHAPE"},
    "nightdesk/cli/": {"COMMANDS"},
    "nightdesk_lab/cli/": {"COMMANDS"},
    "desk/migrations/versions/": {"upgrade", "downgrade", "revision", "down_revision", "branch_labels", "depends_on"},
    "orchestration/plugin.py": {"NightdeskPlugin"},
    "nightdesk_lab/berka/loader.py": {"load"},
    "nightdesk_lab/mutation/calls.py": {"pytest_addoption", "pytest_configure"},
    "nightdesk_lab/cumcm/loader.py": {"load"},
    "nightdesk_lab/bench/sides.py": {"by_copy", "by_read_sql", "by_checks"},
}
#: what the cases of tests/sql read models, nights and sentences by, as the product does
OF_CASES = {"models.read_model", "reading.evaluated.evaluated_types", "render.sentences.STYLES"}
#: decorators that leave a function to be called by its name; any other hands it to somebody who calls it
PLAIN = {"cache", "dataclass", "contextmanager", "lru_cache"}
Name = tuple[str, str]


@cache
def trees(folders: tuple[Path, ...]) -> dict[str, tuple[Path, ast.Module]]:
    """Each module below some folders by its dotted name."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path, ast.parse(path.read_text(encoding="utf-8"))
    return found


def defined(tree: ast.Module) -> Iterator[str]:
    """Functions, classes and constants at a module's head that somebody has to name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            handed = {ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in node.decorator_list}
            if handed <= PLAIN:
                yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def imported(tree: ast.Module) -> dict[str, Name]:
    """What each name of a module stands for: a module's name, or (module, "") for a module itself."""
    found: dict[str, Name] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: (alias.name, "") for alias in node.names}
    return found


def used(module: str, tree: ast.Module) -> Iterator[Name]:
    """What a module reads, of its own and of others; a definition that names itself does not use itself."""
    others = imported(tree)
    for node in tree.body:
        own = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id != own:
                yield others.get(one.id, (module, one.id))
            elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in others:
                first, second = others[one.value.id]
                yield f"{first}.{second}".rstrip("."), one.attr


def unused(folders: tuple[Path, ...]) -> list[str]:
    """`module.name` of what nobody below the folders reads, names that a package only passes on looked through."""
    known = trees(folders)
    passed_on = {(module, name): of for module, (_, tree) in known.items() for name, of in imported(tree).items()}
    reads = {read for module, (_, tree) in known.items() for read in used(module, tree)}
    waiting = list(reads)
    while waiting:
        of = passed_on.get(waiting.pop())
        if of is not None and of not in reads:
            reads.add(of)
            waiting.append(of)
    return [
        f"{module}.{name}"
        for module, (path, tree) in known.items()
        for name in defined(tree)
        if (module, name) not in reads
        and not name.startswith("__")
        and not any(name in names for place, names in FOUND_BY_PLACE.items() if place in path.as_posix())
    ]


def test_given_product_and_laboratory_when_searched_then_nothing_is_there_for_tests_alone() -> None:
    root = project_root()
    found = unused((root / "plugins", root / "dags"))
    assert {name.removeprefix("nightdesk.") for name in found} == OF_CASES


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        ({"a.py": "def f():\n    return 1\n"}, ["a.f"]),
        ({"a.py": "def f():\n    return f()\n"}, ["a.f"]),
        ({"a.py": "X = 1\ndef f():\n    return X\n", "b.py": "from a import f\n\nf()\n"}, []),
        ({"a.py": "X = 1\n", "b.py": "import a\n\nprint(a.X)\n"}, []),
        ({"p/__init__.py": "from p.a import X\n", "p/a.py": "X = 1\n", "b.py": "from p import X\n\nprint(X)\n"}, []),
        ({"p/__init__.py": "from p.a import X\n", "p/a.py": "X = 1\n"}, ["p.a.X"]),
        ({"a.py": "@cache\ndef f():\n    pass\n\n\n@app.command()\ndef g():\n    pass\n"}, ["a.f"]),
    ],
)
def test_given_modules_when_searched_then_what_nobody_reads_is_named(
    tmp_path: Path, texts: dict[str, str], left: list[str]
) -> None:
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert unused((tmp_path,)) == left
