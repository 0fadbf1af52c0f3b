"""nightdesk esg: the review of each project, and of the whole book.

The modules `esg_…` of this folder bring the commands of this group, each in its `COMMANDS`; they are found by lying
here.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import typer

esg_app = typer.Typer(help="The ESG review of each project, and of the whole book.", no_args_is_help=True)


def _commands() -> list[str]:
    """Names of the modules of this folder that bring commands, in the order of names."""
    return sorted(one.name for one in iter_modules([str(Path(__file__).parent)]) if one.name.startswith("esg_"))


for _name in _commands():
    for _command in import_module(f"nightdesk.cli.{_name}").COMMANDS:
        esg_app.command()(_command)
