"""Currencies: the form of a code, and a rate that is young enough. Warnings: what they hide is not assessed."""

from collections.abc import Mapping
from typing import Any

from nightdesk.checks.expectation import Expectation
from nightdesk.checks.outcome import SAMPLES, CheckContext, TableOutcome
from nightdesk.checks.results import result_row
from nightdesk.engine import Engine
from nightdesk.row_key import masked_key
from nightdesk.sql_text import literal

#: what may be wrong with a currency, the first that holds
RULES = ("currency_unknown", "rate_missing", "rate_old")


def judge_currencies(engine: Engine, outcomes: Mapping[str, TableOutcome], context: CheckContext) -> None:
    """Say of each table with a currency how many of its rows have one that cannot be converted tonight, and which.

    An old rate is named with its date. The base currency needs no rate, nor do the rates and totals themselves.
    """
    rates = _newest_rates(engine, outcomes["fx_rate"], context)
    for name, outcome in outcomes.items():
        if not outcome.is_supplied or "ccy" not in outcome.table.columns:
            continue
        needs_rate = name not in ("fx_rate", "control_total")
        found = engine.rows(_judged(outcome, rates, context))
        for rule in RULES if needs_rate else RULES[:1]:
            failing = [row for row in found if row["rule"] == rule]
            outcome.results.append(_result(outcome, rule, failing))


def _newest_rates(engine: Engine, rate: TableOutcome, context: CheckContext) -> str:
    """The relation of each currency's newest rate date on or before the business date, of this night or former ones."""
    day, stored = literal(context.business_date), context.stored.get("fx_rate")
    sources = [rate.checked, *([stored.relation] if stored else [])]
    both = " union all ".join(f"select ccy, business_date from {source}" for source in sources)
    engine.build(
        "currencies.rate",
        f"select ccy, max(business_date) as rate_date from ({both}) as r where business_date <= {day} group by ccy",
        as_view=False,
    )
    return "currencies.rate"


def _judged(outcome: TableOutcome, rates: str, context: CheckContext) -> str:
    """One line a currency of a table: rows, the rule that it breaks (or null), the date of its rate, a few keys."""
    day, base = literal(context.business_date), literal(context.base_ccy)
    most_days = int(context.setting("rate_age_days", ""))
    return f"""
with used as (
    select ccy, count(*) as row_count, min(row_key) as first_key, max(row_key) as last_key
    from {outcome.checked}
    where ccy is not null and ccy <> {base}
    group by ccy
)

select
    used.*,
    rates.rate_date,
    case
        when not regexp_full_match(used.ccy, '[A-Z]{{3}}') then 'currency_unknown'
        when rates.rate_date is null then 'rate_missing'
        when date_diff('day', rates.rate_date, {day}) > {most_days} then 'rate_old'
    end as rule
from used
left join {rates} as rates on used.ccy = rates.ccy
order by used.ccy"""


def _result(outcome: TableOutcome, rule: str, failing: list[dict[str, Any]]) -> dict[str, Any]:
    expectation = Expectation(rule, "warning", "row", "rows", "told", {"column": "ccy"})
    named = [f"{row['ccy']} {row['rate_date']}" if rule == "rate_old" else row["ccy"] for row in failing]
    keys = sorted({masked_key(row[end]) for row in failing for end in ("first_key", "last_key")})
    count = sum(row["row_count"] for row in failing)
    return result_row(outcome.table.name, expectation, outcome.rows_used, count, keys[:SAMPLES], ", ".join(named))
