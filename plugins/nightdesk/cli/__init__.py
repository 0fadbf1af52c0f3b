"""The command line: `nightdesk`. Each command is a thin layer over a function that knows no terminal."""

from typing import Annotated

import typer

from nightdesk.cli.audit import audit_app
from nightdesk.cli.backfill import backfill
from nightdesk.cli.beside import RootGroup
from nightdesk.cli.brief import brief
from nightdesk.cli.campaign import campaign
from nightdesk.cli.challenger import challenger
from nightdesk.cli.check import check_app
from nightdesk.cli.config import config
from nightdesk.cli.decide import DecideCommand, decide
from nightdesk.cli.digest import digest
from nightdesk.cli.ecosystem import ecosystem
from nightdesk.cli.esg import esg_app
from nightdesk.cli.evaluate import evaluate
from nightdesk.cli.explain import explain
from nightdesk.cli.export import ExportCommand, export
from nightdesk.cli.feedback import feedback_app
from nightdesk.cli.gate import gate
from nightdesk.cli.group import EXIT_CODES
from nightdesk.cli.lineage import lineage
from nightdesk.cli.logs import configure
from nightdesk.cli.night import night
from nightdesk.cli.outbox import outbox_app
from nightdesk.cli.pg import pg_app
from nightdesk.cli.policy import policy_app
from nightdesk.cli.propose import propose
from nightdesk.cli.release import release
from nightdesk.cli.rulebook import rulebook
from nightdesk.cli.schedule import schedule
from nightdesk.cli.schedule_options import ScheduleCommand
from nightdesk.cli.scorecard import scorecard
from nightdesk.cli.status import status
from nightdesk.cli.up import up
from nightdesk.cli.weekly import weekly
from nightdesk.settings import effective

app = typer.Typer(
    cls=RootGroup,
    name="nightdesk",
    help="Nightdesk (晨单): overnight monitoring of a bank's branch VIP and project-finance clients.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def every_command(
    log_level: Annotated[
        str | None,
        typer.Option(
            "--log-level", help="Show what is logged from debug, info, warning or error (NIGHTDESK_LOG_LEVEL)."
        ),
    ] = None,
) -> None:
    """What stands before a command's name."""
    configure(effective({"log_level": ("--log-level", log_level)}).log_level)


_RUN = (night, backfill, release, decide)
_READ = (export, explain, digest, gate, evaluate, rulebook, lineage, schedule, status, config, up)
_CLIENT = (brief, propose, ecosystem)
_PEOPLE = (weekly, scorecard)
_OFFERS = (campaign, challenger)
_COMMAND = {export: ExportCommand, decide: DecideCommand, schedule: ScheduleCommand}
for command in (*_RUN, *_READ, *_CLIENT, *_PEOPLE, *_OFFERS):
    app.command(cls=_COMMAND.get(command))(command)
app.add_typer(audit_app, name="audit")
app.add_typer(check_app, name="check")
app.add_typer(esg_app, name="esg")
app.add_typer(feedback_app, name="feedback")
app.add_typer(outbox_app, name="outbox")
app.add_typer(pg_app, name="pg")
app.add_typer(policy_app, name="policy")
