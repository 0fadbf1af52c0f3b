"""Commands of the packages that lie beside this one, and what is said of those whose package is not installed."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import typer
from typer.main import get_group

import nightdesk
from nightdesk.cli.group import NightdeskGroup
from nightdesk.errors import UsageError

#: what each command of the laboratory does, for whoever calls it where that package is not installed
LABORATORY = {
    "demo": "makes a demo bank and runs its latest nights through the real DAG",
    "demo-bank": "fills a database with an invented bank",
    "load-berka": "loads the published files of the Berka bank",
    "load-cumcm": "loads the published firms and invoices of CUMCM 2020",
    "load-ifc": "loads the investment projects that IFC has disclosed",
    "bench": "measures the night beside plain pandas",
    "pyramid": "counts the colours of demo banks of several seeds",
    "chaos": "kills a night at its writes and runs it again",
}


class RootGroup(NightdeskGroup):
    """`nightdesk` itself: its own commands, and `COMMANDS` of `cli` of every package `nightdesk_…` beside it.

    Names that are known and whose package is not there answer with one line and exit code 2.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # only now: the packages beside build on the product's command line, which has been imported by here
        self.commands.update(get_group(_beside()).commands)


def _beside() -> typer.Typer:
    app = typer.Typer()
    there = set()
    for command in _commands():
        app.command()(command)
        there.add(command.__name__.replace("_", "-"))
    for name in LABORATORY.keys() - there:
        app.command(
            name,
            hidden=True,
            context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
        )(_absent(name))
    return app


def _commands() -> list[Callable[..., Any]]:
    """Found by name and place, as installed and as checked out: what is declared when installing is not known of a
    folder that merely lies on the path."""
    beside = [str(Path(folder).parent) for folder in nightdesk.__path__]
    modules = [f"{one.name}.cli" for one in iter_modules(beside) if one.ispkg and one.name.startswith("nightdesk_")]
    return [command for module in sorted(modules) if find_spec(module) for command in import_module(module).COMMANDS]


def _absent(name: str) -> Callable[[], None]:
    def command() -> None:
        raise UsageError(
            f"{name} ({LABORATORY[name]}) belongs to the package nightdesk_lab, which is not installed here",
            "Install a Nightdesk that has it: its folder lies beside that of nightdesk.",
        )

    return command
