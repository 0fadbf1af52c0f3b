"""nightdesk explain: tier and colour of one client, with every input behind them."""

from typing import Annotated, Any

import typer
from rich.table import Table

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    results,
    say_json,
)
from nightdesk.settings import get_settings

_COLUMNS = (
    "indicator",
    "is_assessed",
    "severity",
    "value",
    "threshold",
    "baseline",
    "unit",
    "window_days",
    "data_date",
)


def explain(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    date: DateOption,
    revision: Annotated[int | None, typer.Option("--revision", help="A revision other than the standing one.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say why: inputs, thresholds, windows, data dates, policy version and source row keys."""
    from nightdesk.night.explaining import explain as explain_client

    found = explain_client(get_settings(), client, day(date), profile=profile, revision=revision)
    if as_json:
        say_json(found)
    else:
        _print(found, lang)


def _print(found: dict[str, Any], lang: Lang) -> None:
    from nightdesk.render.catalogue import catalogue

    t = catalogue(lang.value)
    warning, tier = found["warning"], found["tier"] or {}
    results.print(
        f"[bold]{found['client_id']}[/bold]  {found['business_date']}  {t('revision', n=found['revision'])}  "
        f"{t('note.policy')} {found['policy_version']}"
    )
    results.print(
        f"{t('cli.explain.colour')}: {t.label('colour', warning['colour'])}  "
        f"{t('cli.explain.score')} {warning['score']}  {t('cli.explain.coverage')} {warning['coverage']}  "
        f"{t('cli.explain.floor')} {warning['floor_class']} {warning.get('floor_reason') or ''}"
    )
    table = Table(
        t("cli.explain.name"),
        *(t(f"cli.explain.{name}") for name in _COLUMNS),
        title=t("cli.explain.indicators"),
    )
    for row in found["indicators"]:
        name = row["name_zh"] if lang is Lang.zh_CN else row["name_en"]
        table.add_row(str(name), *(_cell(row[column]) for column in _COLUMNS))
    results.print(table)
    if tier:
        results.print(f"{t('cli.explain.tier')}: {t.label('tier', tier['tier'])} ({tier['cause']})")
        _pairs(tier, t("cli.explain.tier"))
    for row in found["tier_inputs"]:
        _pairs(row, t("cli.explain.tier_inputs"))
    for row in found["loans"]:
        _pairs(row, t("cli.explain.loan"))
    for name, keys in found["source_rows"].items():
        if keys:
            results.print(f"{t('cli.explain.rows')} {name} ({len(keys)}): {' '.join(keys[:20])}", markup=False)


def _pairs(row: dict[str, Any], title: str) -> None:
    results.print(f"[dim]{title}[/dim]")
    results.print("  " + "  ".join(f"{name}={_cell(value)}" for name, value in row.items()), markup=False)


def _cell(value: object) -> str:
    return "–" if value is None else str(value)
