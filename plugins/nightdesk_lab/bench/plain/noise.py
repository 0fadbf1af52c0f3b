"""How much a client's inflow varies by itself, and which months are compared around Spring Festival."""

from typing import Any, NamedTuple

import pandas as pd

from nightdesk_lab.bench.plain.reading import Given


class Compared(NamedTuple):
    """Months that stand for the last 90 days: inflow of this year and of last by client, days, the first day before."""

    now: "pd.Series[Any]"
    before: "pd.Series[Any]"
    now_days: int
    before_days: int
    first_day_before: pd.Timestamp


def _setting(given: Given, name: str) -> int:
    return int(given.setting("signal_setting", name))


def spreads(given: Given, flow_month: pd.DataFrame, span: pd.DataFrame) -> "pd.Series[Any]":
    """1.4826 times the middle distance of three-month rates from the middle one, or of months over the root of three,
    whichever is more, in per cent; empty below a year.
    """
    first = given.months_ago(18)
    end = (given.day - pd.Timedelta(days=89)).replace(day=1)
    months = pd.date_range(first, end, freq="MS", inclusive="left")
    wide = flow_month.pivot_table(index="client_id", columns="month", values="credit_turnover_amt", aggfunc="sum")
    wide = wide.reindex(index=span.index, columns=months, fill_value=0).fillna(0) / 100
    days = pd.Series(months.days_in_month.to_numpy(), index=months)
    rate = (wide.T.rolling(3).sum().T / days.rolling(3).sum()).round(4)
    known = span["first_data_date"]
    whole = known.where(known.dt.day == 1, known + pd.offsets.MonthBegin(1))
    whole = whole.where(whole >= first, first)
    starts = months.to_numpy()[None, :]
    rate = rate.where((whole + pd.DateOffset(months=2)).to_numpy()[:, None] <= starts)
    single = (wide / days).round(4).where(whole.to_numpy()[:, None] <= starts)
    spread, of_months = _robust(rate, 148.26), _robust(single, 85.5979).fillna(0)
    count = (end.year - whole.dt.year) * 12 + end.month - whole.dt.month
    spread = spread.where(spread.isna() | (spread >= of_months), of_months)
    return spread.where(count >= _setting(given, "noise_months"))


def _robust(rate: pd.DataFrame, factor: float) -> "pd.Series[Any]":
    usual = rate.median(axis=1).round(4)
    deviation = rate.sub(usual, axis=0).abs().median(axis=1).round(4)
    return factor * deviation / usual.where(usual != 0)


def lines(given: Given, indicator: str, spread: "pd.Series[Any]") -> "tuple[pd.Series[Any], pd.Series[Any]]":
    """From which fall on it is amber, and red, in per cent: the client's own spreads, the fixed ones at least. Of a
    quarter on another one both vary: the root of two times as much.
    """
    rule = given.rule(indicator)
    if indicator == "T03":
        spread = (1.414214 * spread).round(6)
    most = _setting(given, "noise_most_pct")
    amber, red = (
        (_setting(given, f"noise_{level}_spreads") * spread)
        .fillna(0)
        .clip(upper=most)
        .clip(lower=float(str(rule[f"{level}_value"])))
        for level in ("amber", "red")
    )
    return amber, red


def festival(given: Given, flow_month: pd.DataFrame) -> Compared | None:
    """The whole months that are compared where the 90 days cut those of the festival; None where they do not."""
    first, last = (_setting(given, f"festival_{name}_month") for name in ("first", "last"))
    begin, day, morning = given.day - pd.Timedelta(days=89), given.day, given.day + pd.Timedelta(days=1)
    cut_before = first <= begin.month <= last and (begin.month, begin.day) != (first, 1)
    cut_after = first <= day.month <= last and not (day.month == last and morning.month != last)
    if not (cut_before or cut_after):
        return None
    end = morning.replace(day=1)
    if cut_after:
        end -= pd.DateOffset(months=max(morning.month - first, 0))
    begin = end - pd.DateOffset(months=3)
    if first < begin.month <= last:
        begin -= pd.DateOffset(months=begin.month - first)
    year = pd.DateOffset(years=1)
    now, before = (begin, end), (begin - year, end - year)
    return Compared(
        _between(flow_month, *now),
        _between(flow_month, *before),
        (now[1] - now[0]).days,
        (before[1] - before[0]).days,
        before[0],
    )


def _between(flow_month: pd.DataFrame, begin: pd.Timestamp, end: pd.Timestamp) -> "pd.Series[Any]":
    inside = flow_month[(flow_month["month"] >= begin) & (flow_month["month"] < end)]
    return inside.groupby("client_id")["credit_turnover_amt"].sum()
