"""nightdesk schedule: a loan's repayment table from its terms alone, without any bank."""

import csv
import io
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from nightdesk.cli import schedule_options as written
from nightdesk.cli.options import JsonOption, Lang, LangOption, day, day_or_none, remarks, say_json

if TYPE_CHECKING:
    from nightdesk.financing.schedule.table import Row

#: the table's headings, in order
COLUMNS = ("due_on", "drawn", "principal", "interest", "balance")


class Form(StrEnum):
    """Formats of the table."""

    csv = "csv"
    json = "json"


def schedule(
    principal: Annotated[str, typer.Option("--principal", help="Amount paid out, to the cent.", metavar="A")],
    rate_pct: Annotated[str, typer.Option("--rate-pct", help="Yearly rate in percent, e.g. 3.45.", metavar="R")],
    paid_out: Annotated[str, typer.Option("--paid-out", help="Day of paying out; never rolled.", metavar="D")],
    first_due: Annotated[
        str,
        typer.Option("--first-due", help="First due date as written; the others follow it by --every.", metavar="D"),
    ],
    shape: Annotated[
        str,
        typer.Option(
            "--shape",
            help="level_principal (等额本金), annuity (等额本息, level over the periods as they are, reckoned anew "
            "when money is drawn or the rate changes), bullet, principal_rows, flat (等本等息, interest on all that "
            "was drawn, in equal parts), sculpted, seasonal, step_up, balloon. The last due date takes the residue.",
            metavar="SHAPE",
        ),
    ],
    maturity: Annotated[
        str | None,
        typer.Option("--maturity", help="Last due date; off the step it ends a shorter period.", metavar="D"),
    ] = None,
    periods: Annotated[
        int | None,
        typer.Option(
            "--periods",
            help="Number of due dates, those without principal included. Either this or --maturity; neither where "
            "--payment or a row of amounts says when the loan ends.",
            metavar="N",
        ),
    ] = None,
    every: Annotated[
        str, typer.Option("--every", help="Step between due dates: a number and D, W, M or Y.", metavar="STEP")
    ] = "1M",
    payment: Annotated[
        str | None,
        typer.Option(
            "--payment",
            help="annuity and flat: the instalment, interest included; level_principal: the principal of each due "
            "date, to the cent, half up. Fixed throughout; the last due date takes what is left.",
            metavar="A",
        ),
    ] = None,
    principal_rows: Annotated[
        str | None,
        typer.Option(
            "--principal-rows", help="One amount for each due date that pays principal, adding up.", metavar="A,A,..."
        ),
    ] = None,
    cfads: Annotated[
        str | None,
        typer.Option(
            "--cfads",
            help="sculpted: cash flow available for debt service on each due date that pays principal.",
            metavar="A,A,...",
        ),
    ] = None,
    month_weights: Annotated[
        str | None,
        typer.Option(
            "--month-weights", help="seasonal: weight of the principal, January to December.", metavar="W,W,..."
        ),
    ] = None,
    step_up_pct: Annotated[
        str | None,
        typer.Option("--step-up-pct", help="step_up: growth of the instalment a year, in percent.", metavar="R"),
    ] = None,
    balloon: Annotated[
        str | None,
        typer.Option("--balloon", help="balloon: amount due on the last day beside its instalment.", metavar="A"),
    ] = None,
    day_count: Annotated[
        str,
        typer.Option(
            "--day-count",
            help="30E/360, A/360, A/365, or A/A (actual days over 365, those of leap years over 366).",
            metavar="BASIS",
        ),
    ] = "30E/360",
    roll: Annotated[
        str,
        typer.Option(
            "--roll",
            help="A due date on a closed day moves: none, following, modified_following (stays in its month) or "
            "preceding.",
            metavar="RULE",
        ),
    ] = "none",
    calendar: Annotated[
        str,
        typer.Option(
            "--calendar",
            help="weekdays (Monday to Friday) or china (State Council's working days; beyond the years that it has "
            "named, Monday to Friday without statutory holidays, which is said on stderr).",
            metavar="CALENDAR",
        ),
    ] = "weekdays",
    accrual: Annotated[
        str,
        typer.Option(
            "--accrual",
            help="Interest runs to due dates as rolled (adjusted) or as written (unadjusted).",
            metavar="RULE",
        ),
    ] = "adjusted",
    is_month_end: Annotated[
        bool,
        typer.Option("--month-end", help="Where the first due date is the last day of its month, so are the others."),
    ] = False,
    capitalise_to: Annotated[
        str | None,
        typer.Option(
            "--capitalise-to",
            help="Up to and with this day interest is added to the balance instead of being paid (its rows show it "
            "as interest), and no principal is due.",
            metavar="D",
        ),
    ] = None,
    first_principal: Annotated[
        str | None,
        typer.Option(
            "--first-principal", help="Principal is due from this day on; before it, interest only.", metavar="D"
        ),
    ] = None,
    resets: Annotated[
        list[str] | None,
        typer.Option(
            "--reset",
            help="New yearly rate from that day on; repeat it, or give all after it. flat: refused where the interest "
            "of the whole life would be less than what has been charged.",
            metavar="D=R",
        ),
    ] = None,
    draws: Annotated[
        list[str] | None,
        typer.Option(
            "--draw",
            help="Drawn on that day beside the principal, with interest from it; repeat it, or give all after it.",
            metavar="D=A",
        ),
    ] = None,
    stub: Annotated[
        str | None,
        typer.Option(
            "--stub",
            help="A first period that is not one step has odd days: those before its last whole step, or, where it is "
            "shorter, all. Their interest is paid first (with the first instalment), last (with the last), spread "
            "(with all), or upfront (on the day of paying out). Without it an annuity is level over the periods as "
            "they are, a flat rate spreads it, and other shapes pay it first.",
            metavar="RULE",
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="Format of the table.")] = Form.csv,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Print a loan's repayment table: due_on, drawn, principal, interest, balance; to the cent, half up.

    One row for the day of paying out, each draw and each due date. It needs no bank, no database and no settings.
    """
    from nightdesk.financing.schedule.cycle import Cycle
    from nightdesk.financing.schedule.table import schedule as table
    from nightdesk.financing.schedule.terms import Terms

    days, instalment = written.Days(calendar), written.number(payment, "--payment")
    extras = {
        "payment": instalment,
        "principal_rows": written.amounts(principal_rows, "--principal-rows"),
        "cfads": written.amounts(cfads, "--cfads"),
        "month_weights": written.numbers(month_weights, "--month-weights"),
        "step_up_pct": written.number(step_up_pct, "--step-up-pct"),
        "balloon": written.amount(balloon, "--balloon"),
    }
    rows = table(
        Terms(
            principal=written.needed_amount(principal, "--principal"),
            rate_pct=written.needed(rate_pct, "--rate-pct"),
            paid_out=day(paid_out, "--paid-out"),
            first_due=day(first_due, "--first-due"),
            shape=shape,
            maturity=day_or_none(maturity, "--maturity"),
            periods=periods,
            every=Cycle.read(every, is_month_end),
            day_count=written.day_count(day_count),
            roll=roll,
            works=days.works,
            is_adjusted=written.is_adjusted(accrual),
            capitalise_to=day_or_none(capitalise_to, "--capitalise-to"),
            first_principal=day_or_none(first_principal, "--first-principal"),
            resets=written.dated(resets, "--reset"),
            draws=written.dated_amounts(draws, "--draw"),
            stub=stub,
            extras={name: value for name, value in extras.items() if value is not None},
        )
    )
    if as_json or form is Form.json:
        say_json([{column: getattr(row, column) for column in COLUMNS} for row in rows])
    else:
        typer.echo(_csv(rows), nl=False)
    if days.provisional_from is not None or written.is_finer_than_a_cent(instalment):
        _remark(days, instalment, lang)


def _remark(days: written.Days, instalment: Decimal | None, lang: Lang) -> None:
    """What the table rests on that was not written so."""
    from nightdesk.render.catalogue import catalogue

    t = catalogue(lang.value)
    if days.provisional_from is not None:
        remarks.print(t("cli.schedule.provisional", day=days.provisional_from.isoformat()))
    if instalment is not None and written.is_finer_than_a_cent(instalment):
        remarks.print(t("cli.schedule.finer", payment=f"{instalment:f}"))


def _csv(rows: "list[Row]") -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.due_on, *(format(getattr(row, column), "f") for column in COLUMNS[1:])] for row in rows)
    return text.getvalue()
