"""nightdesk demo: the demo bank and its latest nights through the real DAG."""

import json
import shlex
import sys
from typing import Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, day, remarks, results, say_json
from nightdesk.settings import Settings, get_settings


def demo(
    clients: Annotated[int, typer.Option("--clients", min=10, help="Clients of the demo bank.")] = 1000,
    nights: Annotated[int, typer.Option("--nights", min=1, max=30, help="How many of the latest business dates.")] = 2,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Make the demo bank, run nightly_monitoring for its latest dates, and say where to look; does no harm twice."""
    from nightdesk.render.catalogue import catalogue
    from nightdesk_lab.demonstration import run_demo

    t = catalogue(lang.value)

    def say(key: str, **values: object) -> None:
        remarks.print(t(f"cli.demo.{key}", **values), markup=False, highlight=False, soft_wrap=True)

    shown = run_demo(get_settings(), clients=clients, nights=nights, say=say)
    if as_json:
        say_json(shown.__dict__)
        return
    results.print()
    results.print(t("cli.demo.first"))
    results.print(f"  {shown.first_list}", markup=False, soft_wrap=True)
    for key, path in (
        ("lists", shown.lists),
        ("mails", shown.mails),
        ("esg", shown.reviews),
        ("quality", shown.quality),
    ):
        results.print(f"  {t(f'cli.demo.{key}')}{t('list.colon')}{path}", markup=False, soft_wrap=True)
    results.print(t("cli.demo.next"))
    for command in next_commands(get_settings(), shown.dates[-1]):
        results.print(command, markup=False, soft_wrap=True)


def next_commands(settings: Settings, date: str) -> list[str]:
    """What to run next, each to be pasted as it stands."""
    from nightdesk.reading.exporting import export

    first = json.loads(export(settings, "task", day(date), "json", None) or "[]")[:1]
    words = [["explain", task["client_id"], "--date", date] for task in first]
    words += [["export", "task", "--date", date], ["status", "--date", date], ["up"]]
    return [shlex.join([sys.argv[0], *command]) for command in words]
