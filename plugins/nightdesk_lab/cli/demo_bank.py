"""nightdesk demo-bank: an invented bank with stories and dirt, in any database."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, day, remarks, results, say_json

_HEADINGS = {Lang.zh_CN: ("表", "行数"), Lang.en: ("table", "rows")}
_SUMMARY = {
    Lang.zh_CN: "{clients:,} 个客户、{projects:,} 个项目、{stories:,} 个故事、{dirty:,} 行脏数据,"
    "{first} 至 {last}:{address}",
    Lang.en: "{clients:,} clients, {projects:,} projects, {stories:,} stories, {dirty:,} dirty rows, "
    "{first} to {last}: {address}",
}
_STAGE = {Lang.zh_CN: "生成客户", Lang.en: "clients"}


def demo_bank(
    url: Annotated[
        str, typer.Option("--url", help="SQLAlchemy URL of the database; its contract tables are dropped first.")
    ],
    until: Annotated[str, typer.Option("--until", help="Last business date, YYYY-MM-DD.", metavar="DATE")],
    clients: Annotated[int, typer.Option("--clients", min=1, help="How many clients.")] = 3000,
    months: Annotated[int, typer.Option("--months", min=2, help="How many full months of history.")] = 24,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same arguments and seed give the same bank.")] = 1,
    truth: Annotated[
        Path | None, typer.Option("--truth", help="Write who lives which story to this CSV file.", dir_okay=False)
    ] = None,
    dirt: Annotated[
        Path | None, typer.Option("--dirt", help="Write which rows are dirty to this JSON file.", dir_okay=False)
    ] = None,
    branches: Annotated[int, typer.Option("--branches", min=1, help="How many branches.")] = 12,
    projects: Annotated[
        int | None, typer.Option("--projects", min=0, help="How many projects; one per fifty clients if not given.")
    ] = None,
    txn_per_client: Annotated[
        int | None, typer.Option("--txn-per-client", min=1, help="Transactions per client over all months, about.")
    ] = None,
    with_balance: Annotated[
        bool, typer.Option("--balance/--no-balance", help="Fill the daily balances, or leave them to be replayed.")
    ] = True,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Fill a database with an invented bank: every contract table, stories of decline, and natural dirt."""
    from nightdesk_lab.demo_bank import generate

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=remarks
    )
    with bar:
        task = bar.add_task(_STAGE[lang], total=clients)
        made = generate(
            url,
            clients=clients,
            months=months,
            until=day(until, "--until"),
            seed=seed,
            truth=truth,
            dirt_file=dirt,
            branches=branches,
            projects=projects,
            txn_per_client=txn_per_client,
            with_balance=with_balance,
            progress=lambda _stage, done, _total: bar.update(task, completed=done),
        )
    if as_json:
        say_json(dataclasses.asdict(made))
        return
    table = Table(*_HEADINGS[lang])
    for name, count in made.rows.items():
        table.add_row(name, f"{count:,}")
    results.print(table)
    results.print(
        _SUMMARY[lang].format(
            clients=made.clients,
            projects=made.projects,
            stories=made.stories,
            dirty=made.dirty_rows,
            first=made.first_day,
            last=made.last_day,
            address=made.address,
        ),
        markup=False,
    )
