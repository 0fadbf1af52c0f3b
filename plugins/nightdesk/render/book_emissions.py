"""Charts of the financed emissions of the whole book: by year and scope, and by data quality."""

from collections.abc import Mapping
from decimal import Decimal

from nightdesk.render.book_drawn import BookDrawn, Rows
from nightdesk.render.drawing import Bars, Key, Part, bar_lines
from nightdesk.render.project_model import Chart
from nightdesk.render.rows import decimal_of, int_of

#: scores of data quality, the best first, and what has none
_QUALITIES = ("1", "2", "3", "4", "5", "unscored", "not_due", "uncovered")
_QUALITY_TONES = {"unscored": "second", "not_due": "grey", "uncovered": "grey"}


def emission_bars(rows: Mapping[str, Rows], with_: BookDrawn) -> list[Chart]:
    """Financed emissions by year, a drawing a scope: the scopes are never added up, and have scales of their own."""
    t, f = with_.t, with_.f
    found = [row for row in rows["esg_portfolio.emission_scope"] if decimal_of(row, "financed_t") is not None]
    classes = (("project_finance", "first"), ("business_loan", "second"))
    charts = []
    for scope in sorted({str(row.get("scope")) for row in found}):
        mine = [row for row in found if str(row.get("scope")) == scope]
        tonnes = {
            (str(row.get("year")), str(row.get("pcaf_class"))): decimal_of(row, "financed_t") or 0 for row in mine
        }
        years = sorted({year for year, _ in tonnes})
        early = {str(row.get("year")) for row in rows["esg_portfolio.emission_scope"] if int_of(row, "not_due_count")}
        sums = {year: sum((Decimal(tonnes.get((year, one), 0)) for one, _ in classes), Decimal(0)) for year in years}
        if not any(sums.values()):
            continue
        lines = [
            Bars(
                t("book_chart.year_open", year=year) if year in early else year,
                (
                    tuple(
                        Part(tone, Decimal(value), f"{t.label('pcaf_class', one)} {f.number(Decimal(value), 0)}")
                        for one, tone in classes
                        if (value := tonnes.get((year, one))) is not None
                    ),
                ),
                (f.number(sums[year], 0),),
            )
            for year in years
        ]
        height, shapes = bar_lines(lines, max(sums.values()))
        table = [
            (year, t.label("pcaf_class", one), f.number(Decimal(value), 0))
            for year in years
            for one, _ in classes
            if (value := tonnes.get((year, one))) is not None
        ]
        columns = (("year", False), ("pcaf_class", False), ("financed_t", True))
        keys = [Key(tone, t.label("pcaf_class", one), "box") for one, tone in classes]
        word = t.label("emission_scope", scope)
        charts.append(with_.chart("emission", columns, table, height, shapes, keys, scope=word))
    return charts


def quality_bars(rows: Mapping[str, Rows], with_: BookDrawn) -> list[Chart]:
    """What is owed at each score of data quality, and by what nothing covers: scope 1, a drawing a kind of finance."""
    t, f = with_.t, with_.f
    charts = []
    found = [row for row in rows["esg_portfolio.emission_quality"] if int_of(row, "scope") == 1]
    for kind in ("project_finance", "business_loan"):
        amounts = {
            str(row["quality_class"]): amount
            for row in found
            if row.get("pcaf_class") == kind and (amount := decimal_of(row, "outstanding_amt")) is not None
        }
        if not any(amounts.values()):
            continue
        named = [(t.label("emission_quality", one), one, amounts[one]) for one in _QUALITIES if one in amounts]
        lines = [
            Bars(
                name,
                ((Part(_QUALITY_TONES.get(one, "first"), amount, f"{name} {f.money(amount)}"),),),
                (f.money(amount),),
            )
            for name, one, amount in named
        ]
        height, shapes = bar_lines(lines, max(amounts.values()))
        columns = (("quality_class", False), ("outstanding_amt", True))
        table = [(name, f.money(amount)) for name, _, amount in named]
        word = t.label("pcaf_class", kind)
        charts.append(with_.chart("quality", columns, table, height, shapes, kind=word))
    return charts
