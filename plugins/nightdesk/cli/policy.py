"""nightdesk policy: what is wrong with policy, and what of it differs between two business dates."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, remarks, results, say_json
from nightdesk.errors import PolicyError, StoreError

if TYPE_CHECKING:
    from nightdesk.policy import Fault
    from nightdesk.policy.difference import Difference
    from nightdesk.reading.policy_then import Rewritten
    from nightdesk.render.catalogue import Catalogue

policy_app = typer.Typer(
    help="Thresholds, weights, bands and words: check them, compare two dates.", no_args_is_help=True
)


@policy_app.command()
def check(profile: ProfileOption = None, as_json: JsonOption = False, lang: LangOption = Lang.zh_CN) -> None:
    """Judge every policy row as a night does, on every day; exit code 8 when something is wrong."""
    from nightdesk.policy import policy, policy_faults
    from nightdesk.render.catalogue import catalogue

    name, t = _profile(profile), catalogue(lang.value)
    faults = policy_faults(name)
    if as_json:
        say_json({"profile": name, "faults": [_document(one, t) for one in faults]})
    elif faults:
        _table(t, ("file", "line", "key", "fault", "since"), [_cells(one, t) for one in faults])
        results.print(t("cli.policy.faults", n=len(faults)))
        if any(one.is_of_a_row for one in faults):
            remarks.print(t("cli.policy.rows_first"))
    else:
        tables = policy(name).values()
        results.print(t("cli.policy.sound", tables=len(tables), rows=sum(len(table.rows) for table in tables)))
    if faults:
        raise typer.Exit(PolicyError.exit_code)


@policy_app.command()
def diff(
    first: Annotated[str, typer.Option("--from", help="Business date, YYYY-MM-DD.", metavar="DATE")],
    last: Annotated[str, typer.Option("--to", help="Business date, YYYY-MM-DD.", metavar="DATE")],
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Show which values in force differ between two business dates, and who changed them why; warn where a row of
    either was edited in place since its night was published.
    """
    from nightdesk.policy import policy
    from nightdesk.policy.difference import differences
    from nightdesk.render.catalogue import catalogue

    name, t = _profile(profile), catalogue(lang.value)
    dates = {"first": day(first, "--from"), "last": day(last, "--to")}
    found = differences(policy(name), *dates.values())
    if as_json:
        since = _rewritten(profile, name, dates.values(), t)
        say_json(
            {
                "profile": name,
                "from": dates["first"],
                "to": dates["last"],
                "differences": [one.__dict__ for one in found],
                "rewritten": None if since is None else [one.__dict__ for one in since],
            }
        )
        return
    if found:
        columns = ("table", "key", "column", "before", "after", "reason", "owner")
        _table(t, columns, [_compared(one, t) for one in found])
        results.print(t("cli.policy.differences", n=len(found), **dates))
    else:
        results.print(t("cli.policy.same", **dates))
    for one in _rewritten(profile, name, dates.values(), t) or ():
        results.print(t("cli.policy.rewritten", **one.__dict__))


def _rewritten(
    profile: str | None, name: str, days: Iterable[datetime.date], t: "Catalogue"
) -> "list[Rewritten] | None":
    """Which dates' rows were edited since; None, with a remark, where nobody can be asked: the answer that was asked
    for, what differs, stands in policy's files alone."""
    from nightdesk.reading.policy_then import rewritten
    from nightdesk.settings import get_settings

    try:
        return rewritten(get_settings(profile), name, days)
    except (StoreError, PolicyError) as error:
        remarks.print(t("cli.policy.not_asked", why=str(error)))
        return None


def _profile(given: str | None) -> str:
    """The profile's name; raises SourceError where there is none of this name."""
    from nightdesk.settings import get_settings
    from nightdesk.source.bank import open_source

    settings = get_settings(given)
    open_source("sqlite://", settings.profile, settings.zone)  # any address will do to ask
    return settings.profile


def _document(one: "Fault", t: "Catalogue") -> dict[str, Any]:
    return {
        "kind": one.kind,
        "table": one.table,
        "file": one.file,
        "lines": list(one.lines),
        "key": one.key,
        "since": one.since,
        "text": one.says(t),
    }


def _cells(one: "Fault", t: "Catalogue") -> list[str]:
    lines = ", ".join(map(str, one.lines)) or t("none")
    return [one.file, lines, one.key, one.says(t), one.since.isoformat() if one.since else t("cli.policy.always")]


def _compared(one: "Difference", t: "Catalogue") -> list[str]:
    none = t("none")
    return [one.table, one.key, one.column, one.before or none, one.after or none, one.reason, one.owner]


def _table(t: "Catalogue", columns: tuple[str, ...], rows: list[list[str]]) -> None:
    table = Table(*(t(f"cli.policy.{column}") for column in columns))
    for row in rows:
        table.add_row(*row)
    results.print(table)
