"""A switch that nobody sets is off: nothing is mailed, mailed again, read anew or printed for want of a word."""

import ast
from collections.abc import Iterator

from nightdesk.settings import project_root

#: what is so unless a caller knows better, and not a thing that is done
_USUAL = {
    "is_adjusted",
    "is_asked",
    "is_new",
    "is_newest_reading",
    "is_own",
    "is_point_in_time",
    "is_standing_whole",
    "may_be_equal",
    "uncalibrated",
    # of the terminal library's own
    "standalone_mode",
    "windows_expand_args",
}


def switches() -> Iterator[tuple[str, str, bool]]:
    """File, name and default of every parameter, and of every field of a class, that is true or false."""
    root = project_root() / "plugins" / "nightdesk"
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name, default in _defaults(node):
                if isinstance(default, ast.Constant) and isinstance(default.value, bool):
                    yield path.relative_to(root).as_posix(), name, default.value


def _defaults(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(node, ast.arguments):
        places = [*node.posonlyargs, *node.args]
        yield from zip((one.arg for one in places[len(places) - len(node.defaults) :]), node.defaults, strict=True)
        yield from zip((one.arg for one in node.kwonlyargs), node.kw_defaults, strict=True)
    if isinstance(node, ast.ClassDef):
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                yield one.target.id, one.value


def test_a_switch_that_nobody_sets_is_off() -> None:
    found = list(switches())
    assert {"send", "restate", "is_rereading", "is_backfill", "with_contents"} <= {name for _, name, _ in found}
    assert [(file, name) for file, name, is_on in found if is_on != (name in _USUAL)] == []
    assert {name for _, name, _ in found} >= _USUAL
