"""nightdesk gate: whether a draw would pass, before anybody announces it."""

import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.table import Column, Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.cli.outbox_table import plain
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.reading.published_night import Rows
    from nightdesk.render.catalogue import Catalogue

_COLUMNS: Final[dict[str, Literal["left", "right"]]] = {
    "item": "left",
    "verdict": "left",
    "value": "right",
    "limit": "right",
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
    from nightdesk.reading.gating import Draw
    from nightdesk.reading.gating import gate as ask
    from nightdesk.render.catalogue import catalogue

    publication, rows = ask(get_settings(), Draw(loan, _amount(amount), day(on, "--on"), payee), profile=profile)
    if as_json:
        say_json({"date": publication.business_date, "loan_id": loan, "items": rows})
    else:
        _say(rows, publication.business_date, catalogue(lang.value))
    if any(row["verdict"] in ("fail", "not_assessed") for row in rows):
        raise typer.Exit(STOPPED)


def _say(rows: "Rows", night: datetime.date, t: "Catalogue") -> None:
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("fail", "not_assessed", "waived")}
    table = Table(
        *(Column(t(f"cli.gate.{name}"), justify=side) for name, side in _COLUMNS.items()),
        title=t("cli.gate.title", date=night, items=len(rows), **counts),
        title_justify="left",
    )
    name = "item_zh" if t.language == "zh_CN" else "item_en"
    for row in rows:
        figures = (t("none") if row[one] is None else f"{row[one].normalize():,f}" for one in ("value", "limit_value"))
        table.add_row(*(plain(cell) for cell in (row[name], t.label("gate_verdict", row["verdict"]), *figures)))
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
