"""How every command ends: an expected failure is one clear line on stderr and its exit code."""

import json
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from nightdesk.errors import NightdeskError

EXIT_CODES = (
    "Exit codes: 0 done · 1 a defect of Nightdesk · 2 usage · 3 source · 4 night held by its checks · 5 refused · "
    "6 desk database or lake · 7 mail · 8 policy or settings · 9 deadline missed"
)


class NightdeskGroup(TyperGroup):
    """Turns a NightdeskError of any command into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except NightdeskError as error:
            if "--json" in sys.argv:
                document = {"error": {"what": error.what, "remedy": error.remedy, "exit_code": error.exit_code}}
                typer.echo(json.dumps(document, ensure_ascii=False), err=True)
            else:
                typer.echo(f"nightdesk: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(error.exit_code) from None
