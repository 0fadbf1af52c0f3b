"""nightdesk gate: whether a draw would pass, before anybody announces it."""

import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer
from rich.table import Column, Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.cli.outbox_table import plain
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightdesk.reading.published_night import Rows
    from nightdesk.render.figures import Figures

_COLUMNS: Final[dict[str, Literal["left", "right"]]] = {
    "item": "left",
    "verdict": "left",
    "basis": "left",
    "value": "right",
    "limit": "right",
    "rule": "left",
    "evidence": "left",
}

#: what a shell sees of a draw that an item stops, or that nobody can judge whole
STOPPED = 5


def gate(
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    amount: Annotated[str, typer.Option("--amount", help="In the loan's currency.")],
    on: Annotated[str, typer.Option("--on", help="The day of the draw, YYYY-MM-DD.", metavar="DATE")],
    payee: Annotated[str | None, typer.Option("--payee", help="Whom it is paid to: a counterparty's id.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Every check of a draw on the newest published night; exit code 5 unless all pass (a waiver counts as a pass)."""
    from nightdesk.bank_profile import load_profile
    from nightdesk.reading.gating import Draw, gate_rules
    from nightdesk.reading.gating import gate as ask
    from nightdesk.render.figures import Figures

    settings = get_settings()
    publication, rows = ask(settings, Draw(loan, _amount(amount), day(on, "--on"), payee), profile=profile)
    rules = gate_rules(publication)
    if as_json:
        words = ("unit", "basis", "rule_zh", "rule_en")
        items = [{**row, **{name: rules.get(row["item"], {}).get(name) for name in words}} for row in rows]
        say_json({"date": publication.business_date, "loan_id": loan, "items": items})
    else:
        figures = Figures(lang.value, load_profile(settings, profile).base_ccy)
        _say(rows, rules, publication.business_date, figures, has_payee=payee is not None)
    if any(row["verdict"] in ("fail", "not_assessed") for row in rows):
        raise typer.Exit(STOPPED)


def _say(
    rows: "Rows", rules: "Mapping[str, Mapping[str, Any]]", night: datetime.date, f: "Figures", *, has_payee: bool
) -> None:
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.gate_sheet import gate_evidence, gate_figure, gate_limit

    t = catalogue(f.language)
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("fail", "not_assessed", "waived")}
    table = Table(
        *(Column(t(f"gate_column.{name}"), justify=side, overflow="fold") for name, side in _COLUMNS.items()),
        title=t("cli.gate.title", date=night, items=len(rows), **counts),
        title_justify="left",
    )
    ending = "zh" if t.language == "zh_CN" else "en"
    for row in rows:
        rule = rules.get(row["item"], {})
        figures = (gate_figure(row["value"], rule.get("unit"), t, f), gate_limit(row["limit_value"], rule, t, f))
        # the amount alone would not say why the item stops the draw
        is_unnamed = row["item"] == "payee" and not has_payee
        rests_on = t("cli.gate.no_payee") if is_unnamed else gate_evidence(row["evidence"], t)
        said = (str(rule.get(f"rule_{ending}") or ""), rests_on)
        verdict, basis = t.label("gate_verdict", row["verdict"]), t.label("gate_basis", rule.get("basis"))
        table.add_row(*(plain(cell) for cell in (row[f"item_{ending}"], verdict, basis, *figures, *said)))
    results.print(table)


def _amount(text: str) -> Decimal:
    remedy = "Write it as 12000000 or 12000000.00, with two places at most."
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise UsageError(f"{text!r} is no amount", remedy) from None
    # what decimal(18, 2) holds
    if not amount.is_finite() or amount.adjusted() > 15 or int(amount.as_tuple().exponent) < -2:
        raise UsageError(f"{text!r} is no amount", remedy)
    return amount
