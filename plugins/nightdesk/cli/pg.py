"""nightdesk pg: the embedded PostgreSQL of NIGHTDESK_HOME."""

import json
from typing import Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption
from nightdesk.render.inert import escaped
from nightdesk.settings import get_settings

pg_app = typer.Typer(help="The embedded PostgreSQL of NIGHTDESK_HOME: start, stop, url.", no_args_is_help=True)


@pg_app.command()
def start(as_json: JsonOption = False, lang: LangOption = Lang.zh_CN) -> None:
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
        _text(lang, "runs", address=f"{server.host}:{server.port}", pid=server.pid, data=server.data),
    )


@pg_app.command()
def stop(
    delete_data: Annotated[bool, typer.Option("--delete-data", help="And delete the databases, for good.")] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Stop the server; not an error when none runs."""
    from nightdesk import pg

    home = get_settings().home
    stopped = pg.stop(home)
    if delete_data:
        pg.remove(home)
    text = _text(lang, "stopped" if stopped else "not_running")
    _say(
        as_json,
        {"stopped": stopped, "deleted": delete_data},
        f"{text} {_text(lang, 'deleted')}" if delete_data else text,
    )


@pg_app.command()
def url(
    database: Annotated[str, typer.Option(help="nightdesk (the desk), airflow or demo_bank.")] = "nightdesk",
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Print the SQLAlchemy URL of one database, password included; starts the server when it does not run."""
    del lang  # a URL is the same in every language
    from nightdesk import pg

    address = pg.ensure_server(get_settings().home).url(database)
    _say(as_json, {"database": database, "url": address}, address)


def _text(lang: Lang, key: str, **values: object) -> str:
    from nightdesk.render.catalogue import catalogue

    return catalogue(lang.value)(f"cli.pg.{key}", **values)


def _say(as_json: bool, document: dict[str, object], text: str) -> None:
    if as_json:
        typer.echo(escaped(json.dumps(document, ensure_ascii=False)))  # a line for whoever reads lines
    else:
        typer.echo(text)
