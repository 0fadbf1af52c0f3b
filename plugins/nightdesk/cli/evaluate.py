"""nightdesk evaluate: what published warnings were worth, against the events that followed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.render.catalogue import Catalogue
    from nightdesk.render.evaluation import RenderedEvaluation
    from nightdesk.render.evaluation_figures import Evaluation, EvaluationInput, Lead, Measured

_MEASURED = ("hit", "precision", "false_alarm", "noise_to_signal", "lead", "early", "undetected", "censored")
_COMPARED = ("flagged", "hit", "month_precision", "false_alarm", "lead", "early", "undetected")
_OF_INDICATORS = ("episodes", "flagged", "hit", "precision", "false_alarm", "marginal", "lead", "early", "use")


def evaluate(
    first: Annotated[str, typer.Option("--from", help="First business date.", metavar="D1")],
    last: Annotated[str, typer.Option("--to", help="Last business date, included.", metavar="D2")],
    truth: Annotated[
        Path | None,
        typer.Option(
            "--truth",
            help="CSV of events: client_id, event_date, and perhaps event (none: nothing happened) and "
            "first_visible_on. Without it, what the nights say of defaults.",
            metavar="FILE",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of evaluation.html and .json; below the home.", metavar="DIR"),
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say what warnings were worth: hits, precision, false alarms and lead times of published nights. No pass mark."""
    from nightdesk.reading import evaluating
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.evaluation import render_evaluation

    settings = get_settings()
    date_from, date_to = day(first, "--from"), day(last, "--to")
    source = evaluating.evaluate(settings, date_from, date_to, truth, profile)
    rendered = render_evaluation(source)
    page = rendered.write(out or settings.home / "evaluation" / f"{date_from}_{date_to}")
    if as_json:
        say_json({**rendered.twin, "page": page})
        return
    _say(source, rendered, catalogue(lang.value))
    results.print(catalogue(lang.value)("cli.evaluate.out", path=page))


def _say(source: "EvaluationInput", rendered: "RenderedEvaluation", t: "Catalogue") -> None:
    from nightdesk.render.evaluation import said_of
    from nightdesk.render.rows import as_rows

    found, population = rendered.evaluation, source.population
    results.print(t("cli.evaluate.title", date_from=source.date_from, date_to=source.date_to, n=population["nights"]))
    figures = {"clients": population["clients"], "months": population["client_months"]}
    judged = population["judged_events"]
    results.print(t("cli.evaluate.population", judged=judged, base_rate=found.base_rate, **figures))
    for said in said_of(source):
        results.print(said.zh if t.language == "zh_CN" else said.en)
    if judged:
        _measured(source, found, t)
    else:
        events = {"events": population["events"], "later": population["later_events"]}
        last = max(str(night["night"]) for night in as_rows(source.nights))
        results.print(t("cli.evaluate.unjudged", last=last, **events))
    results.print(t("cli.evaluate.shares"))
    for pyramid in found.pyramids:
        shares = [f"{t.label('colour', one.colour)} {one.mean_pct}%" for one in pyramid.means]
        results.print(f"  {t.label('evaluation_population', pyramid.population)}{t('list.colon')}{'  '.join(shares)}")


def _measured(source: "EvaluationInput", found: "Evaluation", t: "Catalogue") -> None:
    """The tables of what was judged: without an event they would have nothing in them."""
    from nightdesk.render.evaluation import marks_of

    early = str(source.settings["early_lead_days"])
    for title, levels in (("colours", found.colours), ("without_arrears", found.colours_without_arrears)):
        rows = [(t.label("colour", one.code), one) for one in levels]
        _table(t, f"cli.evaluate.{title}", "at_least", _MEASURED, rows, early)
    compared = []
    for pair in found.pairs:
        name = t(f"evaluation_yardstick.{pair.code}", days=source.settings["yardstick_days_past_due"])
        compared += [(name, pair.yardstick), (f"  {t('evaluation.same_workload')}", pair.colours)]
    _table(t, "cli.evaluate.yardsticks", "rule", _COMPARED, compared, early)
    fired = [(one.code, one) for one in found.indicators if one.use != "never_fired"]
    _table(t, "cli.evaluate.indicators", "indicator", _OF_INDICATORS, fired, early)
    for use in ("no_help", "not_known", "never_fired"):
        if codes := [one.code for one in found.indicators if one.use == use]:
            results.print(f"{t.label('evaluation_use', use)}{t('list.colon')}{' '.join(codes)}")
    for said in marks_of(source, found):
        results.print(said.zh if t.language == "zh_CN" else said.en)


def _table(
    t: "Catalogue",
    title: str,
    what: str,
    columns: Sequence[str],
    rows: "Iterable[tuple[str, Measured]]",
    early_days: str,
) -> None:
    heads = (t(f"evaluation_column.{name}", days=early_days) for name in (what, *columns))
    # an interval is folded where the terminal is narrow, never cut
    table = Table(*(Column(head, overflow="fold") for head in heads), title=t(title), title_justify="left")
    for name, one in rows:
        cells = _cells(one, t)
        table.add_row(name, *(cells[column] for column in columns))
    results.print(table)


def _cells(one: "Measured", t: "Catalogue") -> dict[str, str]:
    return {
        "episodes": str(one.episodes),
        "flagged": str(one.flagged_months),
        "hit": str(one.hit),
        "precision": str(one.precision),
        "month_precision": str(one.month_precision),
        "false_alarm": str(one.false_alarm),
        "noise_to_signal": t("none") if one.noise_to_signal is None else str(one.noise_to_signal),
        "lead": _lead(one.lead, t),
        "early": str(one.lead.early),
        "undetected": f"{one.lead.undetected}/{one.hit.n}",
        "censored": str(one.censored_episodes),
        "marginal": str(one.marginal_hits),
        "use": t.label("evaluation_use", one.use),
    }


def _lead(lead: "Lead", t: "Catalogue") -> str:
    n = f"n={lead.detected}"
    if lead.left_out:
        n += f" ({t('evaluation.left_out', n=lead.left_out)})"
    if lead.median_days is None:
        return f"{t('none')} {n}"
    quartiles = f"{lead.p25_days:.0f}–{lead.p75_days:.0f}"
    return f"{lead.median_days:.0f} [{quartiles}] {n}"
