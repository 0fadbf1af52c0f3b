"""nightdesk lineage: what a table or an indicator is made of, and what is made of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results, say_json
from nightdesk.errors import UsageError

if TYPE_CHECKING:
    from nightdesk.dependencies import Branch
    from nightdesk.render.catalogue import Catalogue

_COLUMNS_SHOWN = 8


def lineage(
    name: Annotated[
        str | None, typer.Argument(metavar="[TABLE|INDICATOR]", help="A model, a source table or an indicator's code.")
    ] = None,
    is_up: Annotated[bool, typer.Option("--up", help="Only what it is made of.")] = False,
    is_down: Annotated[bool, typer.Option("--down", help="Only what is made of it.")] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Show what a table or an indicator is made of and what is made of it, with columns; without a name, the layers."""
    from nightdesk.dependencies import after, before, find, layers, namesakes
    from nightdesk.render.catalogue import catalogue

    t = catalogue(lang.value)
    if name is None:
        if is_up or is_down:
            raise UsageError(
                "--up and --down need a table or an indicator", "Name one, e.g. nightdesk lineage T02 --up."
            )
        found = layers()
        if as_json:
            say_json({"layers": found})
        else:
            _overview(t, found)
        return
    table = find(name)
    both = is_up == is_down
    trees = {"up": before(table) if is_up or both else None, "down": after(table) if is_down or both else None}
    if as_json:
        say_json({"table": table, **{way: tree.document()["branches"] for way, tree in trees.items() if tree}})
        return
    results.print(table, style="bold")
    if others := namesakes(name, table):
        remarks.print(t("cli.lineage.namesakes", tables=", ".join(others)))
    for way, tree in trees.items():
        if tree:
            _tree(t, way, tree)


def _tree(t: "Catalogue", way: str, tree: "Branch") -> None:
    results.print()
    results.print(t(f"cli.lineage.{way}"), style="bold")
    if not tree.branches:
        results.print(f"  {t('cli.lineage.none')}")
    for depth, branch in tree.lines(1):
        shown = ", ".join(branch.columns[:_COLUMNS_SHOWN])
        more = len(branch.columns) - _COLUMNS_SHOWN
        columns = f"{shown} {t('cli.lineage.more', n=more)}" if more > 0 else shown
        parts = [
            branch.table,
            f"({columns})" if columns else "",
            t("cli.lineage.elsewhere") if branch.is_elsewhere else "",
        ]
        results.print("  " * depth + "  ".join(part for part in parts if part))


def _overview(t: "Catalogue", found: dict[str, dict[str, object]]) -> None:
    for layer, told in found.items():
        results.print(f"{layer}  {t('cli.lineage.steps', n=told['steps'])}", style="bold")
        for part in ("tables", "sources"):
            names = told[part]
            if isinstance(names, list) and names:
                results.print(f"  {t(f'cli.lineage.{part}')} {', '.join(names)}")
