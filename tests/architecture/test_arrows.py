"""Imports run one way: no module comes back to itself, and what is below does not know what is above."""

import ast
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from nightdesk.settings import project_root

PLUGINS = project_root() / "plugins"
#: the rooms of nights: one attempt and its data, reading what was published, what people enter between two, the steps,
#: many nights in a row
NIGHTS = ("attempt", "reading", "entering", "night", "ranges")
#: what each room must not know, wherever in its files it would import it
UNKNOWN_TO = {
    "source": {"checks", "desk", "models", "render", "mail", *NIGHTS},
    "checks": {"source", "desk", "render", "mail", *NIGHTS},
    "desk": {"source", "checks", "engine", "lake", "models", "render", "mail", *NIGHTS},
    "pg": {"settings", "desk", *NIGHTS},
    "engine": {"contract", "policy", "models", *NIGHTS},
    "lake": {"contract", "policy", "models", "desk", *NIGHTS},
    "render": {"source", "checks", "desk", "engine", "lake", "models", "mail", "pg", *NIGHTS},
    "mail": {"source", "checks", "engine", "lake", "models", "pg", *NIGHTS},
    "mail.transport": {"render", "desk"},
    "mail.smtp": {"render", "desk"},
    "mail.message": {"desk"},
    "attempt": {"reading", "entering", "night", "ranges"},
    "reading": {"source", "entering", "night", "ranges"},
    "entering": {"source", "mail", "night", "ranges"},
    "night": {"ranges"},
    "financing": {
        *(
            "settings",
            "contract",
            "policy",
            "source",
            "checks",
            "desk",
            "engine",
            "lake",
            "models",
            "render",
            "mail",
            "pg",
        ),
        *NIGHTS,
    },
}


@cache
def modules(plugins: Path) -> dict[str, Path]:
    """Files by dotted name."""
    return {
        ".".join(path.relative_to(plugins).with_suffix("").parts).removesuffix(".__init__"): path
        for path in plugins.rglob("*.py")
    }


@cache
def imports(plugins: Path) -> dict[str, set[str]]:
    """What each module imports of the others, at its head, within a function, or for types only."""
    known = modules(plugins)
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        reads = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                both = ((f"{node.module}.{alias.name}", node.module) for alias in node.names)
                reads |= {one if one in known else other for one, other in both}
            elif isinstance(node, ast.Import):
                reads |= {alias.name for alias in node.names}
        found[name] = reads & known.keys() - {name}
    return found


def circle(arrows: Mapping[str, set[str]]) -> list[str]:
    """Names along which the arrows come back to where they began; empty if they never do."""
    try:
        list(TopologicalSorter(arrows).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def room(module: str) -> str:
    """The part of the product that a module belongs to: a folder, or a module beside the folders."""
    return module.partition(".")[2].partition(".")[0]


def test_given_both_packages_when_their_imports_are_followed_then_no_module_comes_back_to_itself() -> None:
    arrows = imports(PLUGINS)
    assert len(arrows) > 200
    assert circle(arrows) == []


def test_given_the_product_when_its_rooms_are_looked_at_then_no_two_know_each_other() -> None:
    rooms: dict[str, set[str]] = {}
    for module, reads in imports(PLUGINS).items():
        if module.startswith("nightdesk."):
            others = {room(read) for read in reads if read.startswith("nightdesk.")}
            rooms.setdefault(room(module), set()).update(others - {room(module)})
    assert circle(rooms) == []


@pytest.mark.parametrize("below", UNKNOWN_TO)
def test_given_a_room_when_its_imports_are_read_then_it_knows_nothing_of_what_is_above_it(below: str) -> None:
    own = f"nightdesk.{below}"
    wrong = {
        (module, read)
        for module, reads in imports(PLUGINS).items()
        for read in reads
        if f"{module}.".startswith(f"{own}.") and room(read) in UNKNOWN_TO[below]
    }
    assert any(f"{module}.".startswith(f"{own}.") for module in modules(PLUGINS)), "a room that is gone"
    assert sorted(wrong) == []


@pytest.mark.parametrize(
    ("above", "knowing"),
    [("cli", set()), ("orchestration", {"cli"}), ("ranges", {"cli"}), ("night", {"cli", "ranges"})],
)
def test_given_what_is_above_when_the_product_is_searched_then_few_know_it(above: str, knowing: set[str]) -> None:
    found = {
        room(module)
        for module, reads in imports(PLUGINS).items()
        if module.startswith("nightdesk.") and any(room(read) == above for read in reads)
    }
    assert found - {above, "orchestration"} <= knowing


def test_given_a_circle_when_searched_for_then_it_is_named_also_where_an_import_stands_within(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").touch()
    (tmp_path / "pack" / "one.py").write_text("from pack import two\n")
    (tmp_path / "pack" / "two.py").write_text("def late():\n    import pack.one\n")
    assert imports(tmp_path)["pack.two"] == {"pack.one"}
    assert set(circle(imports(tmp_path))) == {"pack.one", "pack.two"}
