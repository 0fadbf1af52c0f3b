"""What loans come to: days past due, what can still be drawn, exposure and utilisation."""

from typing import Any

import numpy as np
import pandas as pd

from nightdesk_lab.bench.plain.reading import RATE_ONE, Given, converted, rate_on, rates, read, rounded, workdays

#: below this many cents together nothing is overdue
_LEAST = 100
_TECHNICAL_DAYS = 7


def loans(given: Given, clients: "pd.Index[str]") -> pd.DataFrame:
    """Loans that exist on the business date, in base currency, indexed by loan."""
    loan = read(
        given,
        "loan",
        [
            "loan_id",
            "client_id",
            "project_id",
            "product",
            "ccy",
            "limit_amt",
            "is_revolving",
            "outstanding_amt",
            "start_date",
            "maturity_date",
            "accelerated_on",
            "day_roll",
            "status",
        ],
    )
    loan = loan[loan["start_date"] <= given.day]
    for name in ("loan_id", "project_id", "product", "status"):
        loan[name] = loan[name].astype(str).where(loan[name].notna())
    loan["client_id"] = loan["client_id"].where(loan["client_id"].isin(clients))
    loan = loan[loan["client_id"].notna()].set_index("loan_id", drop=False)
    ccy = loan["ccy"].astype(str).where(loan["ccy"].notna(), given.base_ccy)
    loan["rate"] = rate_on(given, rates(given), ccy, pd.Series(given.day, index=loan.index))
    loan["is_revolving"] = loan["is_revolving"].fillna(False).astype(bool)
    loan["is_open"] = loan["status"] != "closed"
    loan["outstanding_base"] = converted(loan["outstanding_amt"], loan["rate"])
    loan["limit_base"] = converted(loan["limit_amt"].astype("Int64"), loan["rate"])
    loan["accelerated_on"] = loan["accelerated_on"].where(loan["accelerated_on"] <= given.day)
    rolled = loan["maturity_date"].map(workdays(given).set_index("day")["rolls_to"])
    rolls = (loan["day_roll"].astype(str) == "next_workday") & rolled.notna()
    matured = rolled.where(rolls, loan["maturity_date"])
    loan["due_in_full_on"] = pd.concat([loan["accelerated_on"], matured.where(matured <= given.day)], axis=1).min(
        axis=1
    )
    return loan


def instalments(given: Given, loan: pd.DataFrame) -> pd.DataFrame:
    """Each instalment: when it is due, and what of it is not paid on the business date, in base currency."""
    due = read(
        given,
        "instalment",
        ["loan_id", "due_date", "kind", "due_amt", "paid_amt", "paid_on", "technical_reason"],
    )
    payment = read(given, "payment", ["loan_id", "due_date", "kind", "paid_on", "amount"])
    payment = payment[payment["paid_on"] <= given.day]
    for frame in (due, payment):
        for name in ("loan_id", "kind"):
            frame[name] = frame[name].astype(str)
    key = ["loan_id", "due_date", "kind"]
    payment["reversed_on"] = payment["paid_on"].where(payment["amount"] < 0)
    paid = payment.groupby(key, as_index=False).agg(
        told=("amount", "sum"), told_on=("paid_on", "max"), reversed_on=("reversed_on", "max")
    )
    due = due[due["loan_id"].isin(loan.index)].merge(paid, on=key, how="left")
    begins = payment["paid_on"].min() if len(payment) else pd.NaT
    is_past = due["paid_on"] <= given.day
    before = due["paid_on"] < begins if len(payment) else pd.Series(True, index=due.index)
    stated = due["paid_amt"].fillna(0)
    untold = due["told"].isna()
    on_top = (due["paid_on"] == due["told_on"]) & (due["due_date"] < begins)
    more = (stated - due["told"].fillna(0)).clip(lower=0)
    undated = due["paid_on"].isna() & (due["due_date"] < begins)
    extra = stated.where(untold & (is_past & before | undated), more.where(~untold & on_top, 0))
    due["paid"] = due["told"].fillna(0).clip(lower=0).astype("int64") + extra.astype("int64")
    # what the plan calls paid and neither a payment nor a day confirms is not known
    taken_back = due["reversed_on"].notna() & ~(due["reversed_on"] < due["paid_on"])
    beyond = (stated > due["paid"]) & ~taken_back
    amount_unsaid = due["paid_on"].notna() & due["paid_amt"].isna() & untold
    open_ = (due["due_amt"] > due["paid"]) & ~(due["paid_on"] > given.day)
    due["is_unconfirmed"] = open_ & (beyond | amount_unsaid)
    days = workdays(given).set_index("day")["rolls_to"]
    rolls = due["loan_id"].map(loan["day_roll"].astype(str)) == "next_workday"
    rolled = due["due_date"].map(days)
    due["due_on"] = rolled.where(rolls & rolled.notna(), due["due_date"])
    rate = due["loan_id"].map(loan["rate"])
    due["unpaid"] = converted((due["due_amt"] - due["paid"]).clip(lower=0), rate)
    return due


def arrears(given: Given, loan: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    """Loans with something overdue: since when, by kind; days run from where the sum, oldest first, reaches 1.00."""
    late = (given.day - due["due_on"]).dt.days
    technical = due["technical_reason"].notna() & (due["technical_reason"] != "") & (late <= _TECHNICAL_DAYS)
    fallen = due[(late > 0) & (due["unpaid"] > 0) & ~technical & ~due["is_unconfirmed"]]
    fallen = fallen[fallen["loan_id"].map(loan["is_open"])][["loan_id", "kind", "due_on", "unpaid"]]
    called = loan[loan["is_open"] & (loan["due_in_full_on"] < given.day) & (loan["outstanding_base"] > 0)]
    delayed = due.loc[technical & (late > 0), ["loan_id", "due_on"]].drop_duplicates()
    asked = pd.DataFrame({"loan_id": called.index, "due_on": called["due_in_full_on"].to_numpy()})
    called = called[~asked.merge(delayed, how="left", indicator=True)["_merge"].eq("both").to_numpy()]
    whole = pd.DataFrame(
        {
            "loan_id": called.index,
            "kind": "principal",
            "due_on": called["due_in_full_on"].to_numpy(),
            "unpaid": called["outstanding_base"].to_numpy(),
        }
    )
    overdue = pd.concat([fallen, whole], ignore_index=True)
    overdue["unpaid"] = overdue["unpaid"].astype("int64")
    found = pd.DataFrame({"overdue_amt": overdue.groupby("loan_id")["unpaid"].sum()})
    found["oldest"] = _reaches(overdue)
    found["principal"] = _reaches(overdue[overdue["kind"] == "principal"])
    found["interest"] = _reaches(overdue[overdue["kind"] == "interest"])
    found = found[found["oldest"].notna()]
    for name, since in (("", "oldest"), ("principal_", "principal"), ("interest_", "interest")):
        found[f"{name}days_past_due"] = (given.day - found[since]).dt.days.fillna(0).astype("int64")
    interest = fallen[fallen["kind"] != "principal"].groupby("loan_id")["unpaid"].sum()
    whole_amount = called["outstanding_base"].reindex(found.index) + interest.reindex(found.index).fillna(0)
    found["overdue_amt"] = whole_amount.fillna(found["overdue_amt"]).astype("int64")
    return found


def _reaches(overdue: pd.DataFrame) -> "pd.Series[Any]":
    """The oldest due date of each loan on which what is unpaid up to it reaches the least amount."""
    per_date = overdue.groupby(["loan_id", "due_on"])["unpaid"].sum()
    running = per_date.groupby("loan_id").cumsum()
    return running[running >= _LEAST].reset_index().groupby("loan_id")["due_on"].min()


def states(given: Given, loan: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    """Each loan with its arrears, what can still be drawn and its exposure at default."""
    behind = arrears(given, loan, due).reindex(loan.index)
    state = loan.copy()
    unsure = due[due["is_unconfirmed"] & (due["due_on"] < given.day)].groupby("loan_id")["unpaid"].sum()
    confirmed = state["rate"].notna() & ~state.index.isin(unsure.index[unsure >= _LEAST])
    planned = ~state["is_open"] | (state["outstanding_amt"] <= 0) | state.index.isin(due["loan_id"])
    known = confirmed & (planned | state["due_in_full_on"].notna())
    for name in ("days_past_due", "principal_days_past_due", "interest_days_past_due", "overdue_amt"):
        told = behind[name].astype("Int64").fillna(0)
        state[name] = told.where((confirmed & planned if name.startswith("interest") else known) | (told > 0))
    state["oldest"] = behind["oldest"]
    repaying = due.loc[(due["kind"] == "principal") & (due["due_on"] <= given.day), "loan_id"].unique()
    draw = read(given, "disbursement", ["loan_id", "drawn_on", "amount"])
    draw = draw[draw["drawn_on"] <= given.day]
    drawn = draw.groupby(draw["loan_id"].astype(str))["amount"].sum().reindex(state.index, fill_value=0)
    drawn_base = (drawn * (state["rate"].astype("float64") / RATE_ONE)).where(~state["is_revolving"], 0)
    outstanding = state["outstanding_base"].astype("float64")
    room = state["limit_base"].fillna(0).astype("float64") - outstanding.clip(lower=drawn_base)
    over = (
        ~state["is_open"]
        | state["accelerated_on"].notna()
        | (state["maturity_date"] < given.day)
        | (~state["is_revolving"] & state.index.isin(repaying))
    )
    undrawn = room.clip(lower=0).mask(over, 0.0)
    factor = {str(row["kind"]): float(str(row["ccf_pct"])) for row in given.rows("exposure")}
    share = state["is_revolving"].map({True: factor["revolving"], False: factor["term"]})
    state["undrawn_amt"] = rounded(undrawn).astype("int64")
    ead = rounded(outstanding + undrawn * share / 100)
    state["ead_amt"] = ead.where(state["is_open"], 0).fillna(0).astype("int64")
    return state


def exposures(given: Given, state: pd.DataFrame, clients: "pd.Index[str]") -> pd.DataFrame:
    """Exposure at default of each client with an open loan or an off-balance item."""
    lent = state[state["is_open"]].groupby("client_id")
    found = lent.agg(
        outstanding_amt=("outstanding_base", "sum"),
        undrawn_amt=("undrawn_amt", "sum"),
        ead_amt=("ead_amt", "sum"),
        overdue_amt=("overdue_amt", "sum"),
        max_days_past_due=("days_past_due", "max"),
    )
    is_told = lent["overdue_amt"].count() == lent.size()
    for name in ("overdue_amt", "max_days_past_due"):
        found[name] = found[name].astype("Int64").where(is_told | (found[name] > 0).fillna(False))
    item = read(given, "offbalance", ["client_id", "amount", "margin_amt", "expires_on"])
    item = item[item["expires_on"].isna() | (item["expires_on"] >= given.day)]
    item["client_id"] = item["client_id"].where(item["client_id"].isin(clients))
    pct = next(int(str(row["ccf_pct"])) for row in given.rows("exposure") if row["kind"] == "offbalance")
    item["net"] = (item["amount"] - item["margin_amt"].fillna(0)).clip(lower=0).astype("int64") * pct // 100
    off = item.groupby("client_id")["net"].sum()
    every = found.index.astype(str).union(off.index.astype(str))
    found = found.set_axis(found.index.astype(str)).reindex(every, fill_value=0)
    found["exposure_amt"] = found["ead_amt"] + off.set_axis(off.index.astype(str)).reindex(every, fill_value=0)
    unknown = ["overdue_amt", "max_days_past_due"]
    return found.astype({name: "Int64" if name in unknown else "int64" for name in found.columns})


def utilisation(given: Given, loan: pd.DataFrame) -> pd.DataFrame:
    """Drawn against its limit of each open revolving loan: 30-day mean, now, and ninety days ago."""
    line = loan[loan["is_open"] & loan["is_revolving"]]
    daily = read(given, "loan_daily", ["loan_id", "business_date", "outstanding_amt", "limit_amt"])
    age = (given.day - daily["business_date"]).dt.days
    daily = daily[(age >= 0) & (age <= 100)]
    daily["loan_id"] = daily["loan_id"].astype(str)
    daily = daily[daily["loan_id"].isin(line.index)]
    limit = daily["limit_amt"].astype("Int64")
    daily["limit_amt"] = limit.fillna(daily["loan_id"].map(line["limit_amt"]))
    age = (given.day - daily["business_date"]).dt.days
    month = daily[(age < 30) & (daily["limit_amt"] > 0)]
    used = np.floor(
        month["outstanding_amt"].astype("float64") * 100_000_000 / month["limit_amt"].astype("float64") + 0.5
    )
    mean = used.groupby(month["loan_id"]).agg(["mean", "size"])
    past = daily[age >= 90]
    ago = past.loc[past.groupby("loan_id")["business_date"].idxmax()].set_index("loan_id")
    found = pd.DataFrame({"client_id": line["client_id"]}, index=line.index)
    now = ratio(line["outstanding_amt"], line["limit_amt"])
    found["utilisation_now_pct"] = now
    found["utilisation_30d_pct"] = rounded(mean["mean"].reindex(line.index) / 100).fillna(now)
    then = ago.reindex(line.index)
    found["utilisation_90d_ago_pct"] = ratio(then["outstanding_amt"], then["limit_amt"])
    found["undrawn_now_amt"] = converted((line["limit_amt"] - line["outstanding_amt"]).clip(lower=0), line["rate"])
    found["undrawn_90d_ago_amt"] = converted(
        (then["limit_amt"].astype("Int64") - then["outstanding_amt"].astype("Int64")).clip(lower=0), line["rate"]
    )
    found["limit_now_amt"] = line["limit_base"]
    found["limit_90d_ago_amt"] = converted(then["limit_amt"].astype("Int64"), line["rate"])
    found["days_seen"] = mean["size"].reindex(line.index).fillna(0).astype("int64")
    found["is_assessed"] = (line["limit_amt"] > 0).fillna(False) & line["rate"].notna()
    return found


def ratio(part: "pd.Series[Any]", whole: "pd.Series[Any]") -> "pd.Series[Any]":
    """A percentage in ten-thousandths; missing where there is no whole."""
    number = whole.astype("float64")
    return rounded(part.astype("float64") * 100 / number.where(number != 0) * 10_000)
