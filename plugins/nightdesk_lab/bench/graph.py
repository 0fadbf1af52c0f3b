"""The graph of payments at the size of a bank: what following the money costs on edges that are made up.

Given are the payments of the window (what a night sums its transactions to) and the draws; measured is what T14-T16
make of them. Among the edges are a tax office with 100,000 payers that pays thousands back, a payer of thousands, rings
of 4 and of 40, and a group of 40 in which everybody pays everybody. `python -m nightdesk_lab.bench.graph`.
"""

import datetime
import json
import resource
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from nightdesk.engine import Engine
from nightdesk.models import ordered
from nightdesk.policy import register_policy
from nightdesk.settings import Settings, get_settings

DAY = datetime.date(2026, 3, 31)
_WANTED = ("features.client_circle", "features.draw_trail")
_GIVEN = ("features_graph.payment", "features_graph.draw", "features_graph.related", "features.client_mapping")
_PAYMENT = {
    "payer": "VARCHAR",
    "payee": "VARCHAR",
    "booked_on": "DATE",
    "nature": "VARCHAR",
    "amount": "DECIMAL(38,2)",
    "is_payer_client": "BOOLEAN",
    "is_payee_client": "BOOLEAN",
    "payee_group_id": "VARCHAR",
    "certainty_pct": "DECIMAL(18,4)",
}
_DRAW = {
    "client_id": "VARCHAR",
    "loan_id": "VARCHAR",
    "drawn_on": "DATE",
    "drawn_amt": "DECIMAL(38,2)",
    "is_followed": "BOOLEAN",
}
_DAYS, _HUB_PAYERS, _HUB_PAYEES, _GROUP = 100, 100_000, 5_000, 40


@dataclass(frozen=True)
class Took:
    """What it took; `peak_bytes` is the whole process's, with the making of the edges."""

    clients: int
    edges: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    found: dict[str, int]


def run_graph(settings: Settings, *, clients: int = 200_000, edges: int = 1_000_000, seed: int = 1) -> Took:
    """Make the edges, follow the money, and say what it took."""
    limits: dict[str, Any] = {"memory_limit": settings.memory_limit, "threads": settings.threads}
    with Engine({"business_date": DAY, "base_ccy": "CNY"}, **limits) as engine:
        register_policy(engine, DAY, tables=["trail_setting", "indicator", "indicator_amount"])
        random = np.random.default_rng(seed)
        payments = _payments(random, clients, edges)
        engine.insert_arrow("features_graph.payment", _PAYMENT, payments)
        engine.insert_arrow("features_graph.draw", _DRAW, _draws(random, clients))
        engine.empty("features_graph.related", {"client_id": "VARCHAR", "node_id": "VARCHAR"})
        mapping = pa.table({"client_id": _names(np.arange(clients)), "group_id": pa.nulls(clients, pa.string())})
        engine.insert_arrow("features.client_mapping", {"client_id": "VARCHAR", "group_id": "VARCHAR"}, mapping)
        began, cpu = time.perf_counter(), time.process_time()
        for model in ordered(_WANTED, _GIVEN):
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
        took = round(time.perf_counter() - began, 2), round(time.process_time() - cpu, 2)
        (found,) = engine.rows(
            "select (select count(*) from features_graph.hub) as hubs,"
            " (select count(*) from features_graph.circle) as circles,"
            " (select count(*) from features_graph.hop) as hops,"
            " (select count(*) from features.draw_trail where returned_amt > 0) as draws_returned"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Took(clients, payments.num_rows, *took, peak, found)


def _names(number: Any) -> pa.Array:
    return pa.array(np.char.add("C", np.asarray(number).astype(np.str_)))


def _payments(random: np.random.Generator, clients: int, edges: int) -> pa.Table:
    """Edges between clients and strangers, few of them large; then the hubs, the rings and the dense group."""
    group = np.arange(_GROUP)
    everybody = np.repeat(group, _GROUP), np.tile(group, _GROUP)
    hub_payers, hub_payees = min(_HUB_PAYERS, clients), min(_HUB_PAYEES, clients)
    made = {
        "ring": (group + 100, np.roll(group, -1) + 100),
        "four": (np.arange(4) + 200, np.roll(np.arange(4), -1) + 200),
        "group": everybody,
        "taxed": (random.permutation(clients)[:hub_payers], np.full(hub_payers, clients)),
        "paid_back": (np.full(hub_payees, clients), random.permutation(clients)[:hub_payees]),
        "pays_many": (np.full(hub_payees, 300), random.permutation(clients)[:hub_payees]),
    }
    rest = edges - sum(len(payer) for payer, _ in made.values())
    payer = random.integers(0, clients, rest)
    payee = random.integers(0, 2 * clients, rest)  # half of them strangers
    back = random.random(rest) < 0.05  # strangers pay too
    payer, payee = np.where(back & (payee > clients), payee, payer), np.where(back & (payee > clients), payer, payee)
    payer = np.concatenate([one for one, _ in made.values()] + [payer])
    payee = np.concatenate([other for _, other in made.values()] + [payee])
    amount = np.round(np.exp(10 + 1.5 * random.standard_normal(len(payer))), 2)
    day = random.integers(0, _DAYS, len(payer))
    tight = sum(len(made[name][0]) for name in ("ring", "four", "group"))
    amount[:tight], day[:tight] = 50_000, 50
    kept = payer != payee
    strings = pa.array(["plain"]).take(pa.array(np.zeros(int(kept.sum()), dtype=np.int64)))
    return pa.table(
        {
            "payer": _names(payer[kept]),
            "payee": _names(payee[kept]),
            "booked_on": pa.array(np.datetime64(DAY) - day[kept].astype("timedelta64[D]")),
            "nature": strings,
            "amount": pa.array(amount[kept]),
            "is_payer_client": pa.array(payer[kept] < clients),
            "is_payee_client": pa.array(payee[kept] < clients),
            "payee_group_id": pa.nulls(int(kept.sum()), pa.string()),
            "certainty_pct": pa.array(np.full(int(kept.sum()), 100.0)),
        }
    )


def _draws(random: np.random.Generator, clients: int) -> pa.Table:
    """A draw by one client in four."""
    drawn = random.permutation(clients)[: clients // 4]
    return pa.table(
        {
            "client_id": _names(drawn),
            "loan_id": _names(drawn),
            "drawn_on": pa.array(np.datetime64(DAY) - random.integers(0, 90, len(drawn)).astype("timedelta64[D]")),
            "drawn_amt": pa.array(np.round(np.exp(12 + random.standard_normal(len(drawn))), 2)),
            "is_followed": pa.array(np.ones(len(drawn), dtype=np.bool_)),
        }
    )


if __name__ == "__main__":
    print(json.dumps(asdict(run_graph(get_settings())), indent=2))  # noqa: T201  # a measuring by hand
