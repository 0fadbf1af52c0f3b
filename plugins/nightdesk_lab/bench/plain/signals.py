"""Indicators of repayment and transactions: what each measures, and the signals that fire."""

from typing import Any

import numpy as np
import pandas as pd

from nightdesk.policy import Row
from nightdesk_lab.bench.plain.balances import known_since
from nightdesk_lab.bench.plain.noise import festival, lines, spreads
from nightdesk_lab.bench.plain.reading import Given, read_files, rounded

#: ten-thousandths: the places in which values are kept and compared
_PLACES = 10_000
INDICATORS = ("P01", "P03", "T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T21")


def places(value: "pd.Series[Any]") -> "pd.Series[Any]":
    """A number in whole ten-thousandths, halves away from zero."""
    return rounded(value.astype("float64") * _PLACES)


def _crosses(rule: Row, level: str, value: "pd.Series[Any]") -> "pd.Series[Any]":
    when, line = rule[f"{level}_when"], rule[f"{level}_value"]
    if when is None or line is None:
        return pd.Series(False, index=value.index)
    at = float(str(line)) * _PLACES
    if rule["direction"] == "high":
        return value >= at if when == "reached" else value > at
    return value <= at if when == "reached" else value < at


def _fire(
    rule: Row,
    measured: pd.DataFrame,
    *,
    amber_if: Any = True,
    amber_too: Any = False,
    red_if: Any = True,
    red_too: Any = False,
    blue_if: Any = False,
    hard: Any = False,
) -> pd.DataFrame:
    """One row per client whose worst measurement fires: the loan it is about, its severity and its value."""
    value = measured["value"]
    amber = (_crosses(rule, "amber", value) & amber_if) | amber_too
    red = (_crosses(rule, "red", value) & amber_if & red_if) | red_too
    blue = pd.Series(blue_if, index=value.index) & (red | amber)
    gravity = np.select([pd.Series(hard, index=value.index), blue, red, amber], [4, 1, 3, 2], 0)
    fired = measured.assign(gravity=gravity, badness=value if rule["direction"] == "high" else -value)
    if "loan_id" not in fired:
        fired["loan_id"] = None
    fired = fired[fired["gravity"] > 0]
    fired = fired.sort_values(
        ["gravity", "is_assessed", "badness", "loan_id"], ascending=[False, True, False, True], na_position="last"
    ).drop_duplicates("client_id")
    return pd.DataFrame(
        {
            "client_id": fired["client_id"].astype(str),
            "indicator": rule["indicator"],
            "loan_id": fired["loan_id"],
            "severity": fired["gravity"].map({1: "blue", 2: "amber", 3: "red", 4: "red"}),
            "hard": fired["gravity"] == 4,
            "value": fired["value"],
        }
    )


def signals(
    given: Given,
    client: pd.DataFrame,
    window: pd.DataFrame,
    flow_month: pd.DataFrame,
    span: pd.DataFrame,
    balance: pd.DataFrame,
    opened: pd.DataFrame,
    overdraft: pd.DataFrame,
    state: pd.DataFrame,
    exposure: pd.DataFrame,
    line: pd.DataFrame,
) -> pd.DataFrame:
    """Every signal of INDICATORS that fires tonight."""
    known = span.join(window, how="left").reset_index()
    parts = [
        *_arrears(given, state),
        _balance_drop(given, balance),
        *_inflows(given, client, known, flow_month, span),
        *_utilisation(given, state, line),
        _overdraft(given, opened, overdraft),
        _returned(given, known),
        _dormant(given, balance, exposure),
    ]
    found = pd.concat(parts, ignore_index=True)
    # a client that is closed and owes nothing fires nothing
    owing = set(state.loc[state["is_open"], "client_id"].astype(str))
    left = set(client.index[~client["is_active"]].astype(str)) - owing
    return found[~found["client_id"].isin(left)].reset_index(drop=True)


def _arrears(given: Given, state: pd.DataFrame) -> list[pd.DataFrame]:
    loan = state[state["is_open"]].reset_index(drop=True)
    base = loan[["client_id", "loan_id"]].assign(is_assessed=loan["rate"].notna())
    rule = given.rule("P01")
    days = base.assign(value=loan["days_past_due"].astype("float64") * _PLACES)
    hard = days["value"] > float(str(rule["hard_value"])) * _PLACES
    return [
        _fire(rule, days, hard=hard),
        _fire(given.rule("P03"), base.assign(value=loan["interest_days_past_due"].astype("float64") * _PLACES)),
    ]


def _balance_drop(given: Given, balance: pd.DataFrame) -> pd.DataFrame:
    rule = given.rule("T01")
    now, before = (balance[name].astype("float64") / 100 for name in ("avg_30d_amt", "avg_prior_90d_amt"))
    days = balance["days_30d"] + balance["days_prior_90d"]
    assessed = balance["is_assessed"] & now.notna() & (days >= int(str(rule["min_days"])))
    low = balance["month_avg_p05_amt"].astype("float64") / 100
    least = float(str(_amount(given, "T01", "red_amt") or 0))
    measured = pd.DataFrame(
        {
            "client_id": balance.index,
            "is_assessed": assessed,
            "value": places(100 * (1 - now / before.where(before > 0))),
        }
    )
    return _fire(rule, measured, amber_if=assessed & ~(now >= low), red_if=(before - now).round(2) >= least)


def _amount(given: Given, indicator: str, column: str) -> Any:
    rows = [row for row in given.rows("indicator_amount") if row["indicator"] == indicator]
    return rows[0][column] if rows else None


def _inflows(
    given: Given, client: pd.DataFrame, known: pd.DataFrame, flow_month: pd.DataFrame, span: pd.DataFrame
) -> list[pd.DataFrame]:
    """The fall on the year before and on last year, against the client's own noise; the first against the season."""
    spv = known["client_id"].map(client["is_spv"]).fillna(False).astype(bool)
    known = known[~spv].reset_index(drop=True)
    spread = known["client_id"].map(spreads(given, flow_month, span))
    now, now_days = known["inflow_90d_amt"], known["covered_90d_days"]
    before, days = known["inflow_year_ago_90d_amt"], known["covered_year_ago_90d_days"]
    has_baseline = days >= int(str(given.rule("T03")["min_days"]))
    whole = festival(given, flow_month)
    months = (now, now_days, before, days, has_baseline)
    if whole is not None:
        sums = [known["client_id"].map(amounts).fillna(0) for amounts in (whole.now, whole.before)]
        has_baseline = known["first_data_date"] <= whole.first_day_before
        all_days = (pd.Series(float(n), index=known.index) for n in (whole.now_days, whole.before_days))
        months = (sums[0], next(all_days), sums[1], next(all_days), has_baseline)
    year_on_year = _inflow(given, "T03", known, *months)
    amber, red = lines(given, "T03", spread)
    at = year_on_year["value"]
    below_year = _below_year(given, known, spread).reindex(at.index)
    last_year = _fire(
        given.rule("T03"),
        year_on_year,
        amber_if=at >= amber.reindex(at.index) * _PLACES,
        red_if=(at >= red.reindex(at.index) * _PLACES) & spread.reindex(at.index).notna() & below_year,
    )
    before, days = known["inflow_prior_365d_amt"], known["covered_prior_365d_days"]
    has_baseline = days >= int(str(given.rule("T02")["min_days"]))
    measured = _inflow(given, "T02", known, now, now_days, before, days, has_baseline)
    amber, red = lines(given, "T02", spread)
    at = measured["value"]
    severity = measured["client_id"].astype(str).map(last_year.set_index("client_id")["severity"])
    seen = measured["client_id"].map(year_on_year.set_index("client_id")["is_assessed"])
    decline = _fire(
        given.rule("T02"),
        measured,
        amber_if=at >= amber.reindex(at.index) * _PLACES,
        red_if=(at >= red.reindex(at.index) * _PLACES) & spread.reindex(at.index).notna() & severity.notna(),
        blue_if=(seen == True) & severity.isna(),  # noqa: E712  # not known is not true
    )
    return [decline, last_year]


def _below_year(given: Given, known: pd.DataFrame, spread: "pd.Series[Any]") -> "pd.Series[Any]":
    """Of whom the 90 days lie below the year before them, by T02's line."""
    before, days = known["inflow_prior_365d_amt"], known["covered_prior_365d_days"]
    share = known["inflow_90d_amt"] * days / (before.clip(lower=0) * known["covered_90d_days"]).replace(0, np.nan)
    fall = places(100 * (1 - share.where(days >= int(str(given.rule("T02")["min_days"])))))
    return (fall >= lines(given, "T02", spread)[0] * _PLACES).fillna(False)


def _inflow(
    given: Given,
    indicator: str,
    known: pd.DataFrame,
    now: "pd.Series[Any]",
    now_days: "pd.Series[Any]",
    before: "pd.Series[Any]",
    days: "pd.Series[Any]",
    has_baseline: "pd.Series[Any]",
) -> pd.DataFrame:
    """What the fall comes to, of the clients whose inflow is worth the name."""
    rate_before = before / 100 / days.where(days > 0)
    rate_now = now / 100 / now_days.where(now_days > 0)
    total = known["inflow_prior_365d_amt"] + known["inflow_90d_amt"]
    all_days = known["covered_prior_365d_days"] + known["covered_90d_days"]
    month = 365.0 / 12 * rate_before.where(has_baseline, total / 100 / all_days.where(all_days > 0))
    least = float(str(_amount(given, indicator, "amber_amt") or 0))
    converted = known["unconverted_455d_count"].fillna(0) == 0
    measured = pd.DataFrame(
        {
            "client_id": known["client_id"],
            "is_assessed": converted & has_baseline,
            "value": places(100 * (1 - rate_now / rate_before.where(rate_before > 0))).where(converted & has_baseline),
        }
    )
    worth = ((np.floor(month * 100 + 0.5) / 100 >= least) & (month > 0)) | ~converted
    return pd.DataFrame(measured[worth])


def _utilisation(given: Given, state: pd.DataFrame, line: pd.DataFrame) -> list[pd.DataFrame]:
    names = [name for name in line.columns if name != "client_id"]
    loan = state[state["is_open"] & state["is_revolving"]][["client_id", "loan_id", "start_date"]]
    loan = loan.join(line[names]).reset_index(drop=True)
    age = (given.day - loan["start_date"]).dt.days
    rule = given.rule("T04")
    files = given.files["previous/warnings/signal"]
    last = read_files(files, ["loan_id", "indicator", "severity", "reached_on"]) if files else pd.DataFrame()
    if len(last):
        margin = pd.Timedelta(days=int(given.setting("signal_setting", "margin_days")))
        last = last[(last["indicator"] == "T04") & (given.day - pd.to_datetime(last["reached_on"]) < margin)]
    stood = (
        loan["loan_id"].map(last.set_index(last["loan_id"].astype(str))["severity"].astype(str))
        if len(last)
        else (pd.Series(None, index=loan.index))
    )
    value = loan["utilisation_30d_pct"]
    enough = loan["days_seen"] >= (age + 1).clip(upper=int(str(rule["min_days"])))
    assessed = loan["is_assessed"].astype(bool) & value.notna() & enough
    lines = {level: float(str(rule[f"{level}_value"])) - float(str(rule["clear_margin"])) for level in ("amber", "red")}
    # a limit that was used whole ninety days ago already is no news
    fresh = ~(loan["utilisation_90d_ago_pct"].astype("Float64") >= float(str(rule["red_value"])) * _PLACES).fillna(
        False
    )
    mean = _fire(
        rule,
        loan.assign(value=value, is_assessed=assessed),
        amber_if=assessed,
        amber_too=assessed & stood.notna() & (value >= lines["amber"] * _PLACES),
        red_if=fresh,
        red_too=assessed & (stood == "red") & (value >= lines["red"] * _PLACES) & fresh,
    )
    rule = given.rule("T05")
    old = loan[age >= int(str(rule["window_days"]))]
    drift = old["utilisation_now_pct"] - old["utilisation_90d_ago_pct"]
    drifted = _fire(rule, old.assign(value=drift, is_assessed=old["is_assessed"] & drift.notna()))
    rule = given.rule("T06")
    old = loan[age >= int(str(rule["window_days"]))]
    ago = old["undrawn_90d_ago_amt"].astype("Float64")
    same = (old["limit_now_amt"] == old["limit_90d_ago_amt"]).fillna(True)
    old = old[(ago > 0).fillna(True) & same]
    ago = old["undrawn_90d_ago_amt"].astype("float64")
    share = places(old["undrawn_now_amt"].astype("float64") / ago.where(ago != 0))
    shrunk = _fire(rule, old.assign(value=share, is_assessed=old["is_assessed"] & share.notna()))
    return [mean, drifted, shrunk]


def _overdraft(given: Given, opened: pd.DataFrame, overdraft: pd.DataFrame) -> pd.DataFrame:
    rule = given.rule("T07")
    since = known_since(opened)
    first = since["known_from"].where(~(since["known_from"] < since["first_date"]), since["first_date"])
    first = first.where(since["known_from"].notna())
    months = (given.day.year - first.dt.year) * 12 + given.day.month - first.dt.month + 1
    overdraft = overdraft[overdraft["account_id"].map(opened["known_from"]).notna()]
    excess = overdraft.groupby("client_id")["month"].nunique().reindex(first.index, fill_value=0)
    measured = pd.DataFrame({"client_id": first.index, "value": excess.to_numpy() * float(_PLACES)})
    measured["is_assessed"] = (months.clip(upper=12) * 30 >= int(str(rule["min_days"]))).to_numpy()
    return _fire(rule, measured)


def _returned(given: Given, known: pd.DataFrame) -> pd.DataFrame:
    rule = given.rule("T08")
    count = known["returned_30d_count"].fillna(0)
    tried = known["attempt_30d_count"].fillna(0)
    share = places(100.0 * count / tried.where(tried > 0)) / _PLACES
    measured = known[["client_id"]].assign(value=count * float(_PLACES), is_assessed=True)
    many = (count >= int(str(rule["amber_value"]))) & (share >= float(str(rule["second_red"])))
    return _fire(rule, measured, red_too=many)


def _dormant(given: Given, balance: pd.DataFrame, exposure: pd.DataFrame) -> pd.DataFrame:
    rule = given.rule("T21")
    debt = exposure.loc[exposure["outstanding_amt"] > 0, "outstanding_amt"]
    held = balance.set_axis(balance.index.astype(str))
    held = held.join(debt, how="inner")
    now, ago = (held[name].astype("float64") / 100 for name in ("avg_30d_amt", "avg_30d_180d_ago_amt"))
    days = int(str(rule["window_days"]))
    knows_share = held["is_assessed"] & (held["days_30d"] >= days)
    assessed = knows_share & (held["days_30d_180d_ago"] >= days)
    value = places(100 * now / ago.where(ago > 0) - 100)
    share = places(100 * now / (held["outstanding_amt"] / 100))
    measured = pd.DataFrame({"client_id": held.index, "value": value, "is_assessed": assessed})
    little = knows_share & (share < float(str(rule["second_red"])) * _PLACES)
    return _fire(rule, measured, amber_if=assessed, red_too=little)
