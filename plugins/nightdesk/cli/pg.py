"""nightdesk pg: the embedded PostgreSQL of NIGHTDESK_HOME."""

import json
from typing import Annotated

import typer
from rich.console import Console

from nightdesk.settings import get_settings

pg_app = typer.Typer(help="The embedded PostgreSQL of NIGHTDESK_HOME: start, stop, url.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]


@pg_app.command()
def start(as_json: AsJson = False) -> None:
    """Start the server, making it on the first call; it goes on running after the command."""
    from nightdesk import pg

    server = pg.ensure_server(get_settings().home)
    _say(
        as_json,
        {
            "running": True,
            "host": server.host,
            "port": server.port,
            "pid": server.pid,
            "data": str(server.data),
        },
        f"PostgreSQL runs on {server.host}:{server.port} (process {server.pid}), data in {server.data}",
    )


@pg_app.command()
def stop(
    as_json: AsJson = False,
    delete_data: Annotated[bool, typer.Option("--delete-data", help="And delete the databases, for good.")] = False,
) -> None:
    """Stop the server; not an error when none runs."""
    from nightdesk import pg

    home = get_settings().home
    stopped = pg.stop(home)
    if delete_data:
        pg.remove(home)
    text = "PostgreSQL stopped" if stopped else "PostgreSQL was not running"
    _say(
        as_json,
        {"stopped": stopped, "deleted": delete_data},
        text + (", its data deleted" if delete_data else ""),
    )


@pg_app.command()
def url(
    database: Annotated[str, typer.Option(help="nightdesk (the desk), airflow or demo_bank.")] = "nightdesk",
    as_json: AsJson = False,
) -> None:
    """Print the SQLAlchemy URL of one database, password included; starts the server when it does not run."""
    from nightdesk import pg

    address = pg.ensure_server(get_settings().home).url(database)
    _say(as_json, {"database": database, "url": address}, address)


def _say(as_json: bool, document: dict[str, object], text: str) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        Console(soft_wrap=True, highlight=False, markup=False).print(text)
