"""The whole of the plain night: every frame in order, and what of it is held against the night's own tables."""

import pandas as pd

from nightdesk_lab.bench.plain import balances as of_balance
from nightdesk_lab.bench.plain import flows as of_flow
from nightdesk_lab.bench.plain import loans as of_loan
from nightdesk_lab.bench.plain import tiers as of_tier
from nightdesk_lab.bench.plain.parties import parties
from nightdesk_lab.bench.plain.reading import Given
from nightdesk_lab.bench.plain.signals import signals

#: the source tables that the plain night reads
READ = (
    "txn",
    "balance",
    "loan_daily",
    "instalment",
    "payment",
    "loan",
    "client",
    "account",
    "disbursement",
    "offbalance",
    "client_link",
    "client_profit_month",
    "product_holding",
    "fx_rate",
    "calendar_day",
)


def plain_night(given: Given) -> dict[str, pd.DataFrame]:
    """The night's tables, from the whole history: lake table -> frame, with amounts in whole units of their scale."""
    who = parties(given)
    flow = of_flow.flows(given, who)
    window = of_flow.windows(given, who, flow)
    flow_month = of_flow.months(given, flow)
    span = of_flow.spans(given, who, flow)
    del flow  # what is not needed again is let go, as anybody does whose memory has run out once
    balance = of_balance.balances(given, who)
    month = of_balance.month_averages(given, balance)
    average = of_balance.averages(given, balance, month)
    overdraft = of_balance.overdraft_months(given, balance)
    opened = balance.opened
    del balance
    ids = who.client.index
    loan = of_loan.loans(given, ids)
    due = of_loan.instalments(given, loan)
    state = of_loan.states(given, loan, due)
    exposure = of_loan.exposures(given, state, ids)
    line = of_loan.utilisation(given, loan)
    signal = signals(given, who.client, window, flow_month, span, average, opened, overdraft, state, exposure, line)
    found = {
        "features/client_window": window.reset_index(),
        "features/client_month": flow_month,
        "features/client_balance": average.reset_index(),
        "features/client_balance_month": month,
        "features/loan_state": state.reset_index(drop=True)
        .drop(columns="outstanding_amt")
        .rename(columns={"outstanding_base": "outstanding_amt"}),
        "features/client_exposure": exposure.rename_axis("client_id").reset_index(),
        "features/loan_utilisation": line.reset_index(),
        "features/account_overdraft_month": overdraft,
        "warnings/signal": signal,
    }
    pairs = of_tier.product_pairs(given, who, state)
    metric = of_tier.metrics(given, who, span, month, average, flow_month, exposure, pairs)
    group, whose = of_tier.groups(given, who, metric, pairs)
    score = of_tier.scores(given, group)
    held = group[["dep_avg_month_amt", "dep_avg_365_amt", "contrib_amt", "exposure_amt"]].add_prefix("group_")
    of_client = held.join(score).reindex(whose.reindex(metric.index).to_numpy()).set_index(metric.index)
    found["tiers/client_metric"] = metric.join(of_client).reset_index()
    judged = whose[whose.isin(group.index)]
    tier = of_tier.qualified(given, group, score).reindex(judged.to_numpy())
    found["tiers/client_tier"] = pd.DataFrame({"client_id": judged.index, "qualified_tier": tier.to_numpy()})
    return found
