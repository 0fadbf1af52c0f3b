"""The command line: `nightdesk`. Each command is a thin layer over a function that knows no terminal."""

import typer

from nightdesk.cli.backfill import backfill
from nightdesk.cli.bench import bench
from nightdesk.cli.berka import load_berka
from nightdesk.cli.demo import demo
from nightdesk.cli.demo_bank import demo_bank
from nightdesk.cli.explain import explain
from nightdesk.cli.export import export
from nightdesk.cli.group import EXIT_CODES, NightdeskGroup
from nightdesk.cli.night import night
from nightdesk.cli.outbox import outbox_app
from nightdesk.cli.pg import pg_app
from nightdesk.cli.status import status
from nightdesk.cli.up import up

app = typer.Typer(
    cls=NightdeskGroup,
    name="nightdesk",
    help="Nightdesk (晨单): overnight monitoring of a bank's branch VIP and project-finance clients.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (night, backfill, export, explain, status, demo, demo_bank, load_berka, bench, up):
    app.command()(command)
app.add_typer(outbox_app, name="outbox")
app.add_typer(pg_app, name="pg")
