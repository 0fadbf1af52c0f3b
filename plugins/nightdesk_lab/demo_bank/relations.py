"""Tables of the relationship: needs, offers, surveys, promises, teams, holdings, overrides, feedback."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import DEPOSIT, FOREIGN, WEALTH, Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.names import said, spoken
from nightdesk_lab.demo_bank.people import hand_over
from nightdesk_lab.demo_bank.plan import SPV
from nightdesk_lab.demo_bank.relation_rows import client_of, days_with_bank, row_numbers, versions

_NEEDS = (
    "build",
    "working_capital",
    "trade",
    "supply_chain",
    "acquisition",
    "equipment",
    "green",
    "refinance",
    "cash_management",
)
#: needs that something is bought or built with
_BOUGHT = ("build", "acquisition", "equipment", "green")
_PRODUCTS = (
    "settlement",
    "deposit",
    "wealth",
    "working_capital",
    "fixed_asset",
    "project_finance",
    "personal_business",
    "trade",
    "fx",
    "cash_management",
    "payroll",
)
_PROMISES = (
    ("答复授信额度", "answer on the limit"),
    ("提供利率报价", "send a rate offer"),
    ("协助开立账户", "help open an account"),
)
_TIERS = ("strategic", "core", "important", "potential", "standard")
_REASONS = ("HQ_LIST", "NEW_PROJECT_PIPELINE", "GROUP_SUPPORT", "GOV_RELATION", "DATA_ERROR", "RISK_RESTRICT")


def relation_frames(chunk: Chunk) -> dict[str, pa.Table]:
    """All of them for one chunk."""
    override = _overrides(chunk)
    return {
        "need": _needs(chunk),
        "offer": _offers(chunk),
        "survey": _surveys(chunk),
        "promise": _promises(chunk),
        "client_team": _teams(chunk),
        "product_holding": _holdings(chunk),
        "override": override,
        "decision": _decisions(override),
        "task_feedback": _feedback(chunk),
    }


def _staff(chunk: Chunk, at: Ints) -> pa.Array:
    """The client's manager, or the branch head where there is none."""
    manager = chunk.clients.rm[at]
    return ids("S", np.where(manager >= 0, manager, chunk.clients.branch[at]) + 1, 4)


def _needs(chunk: Chunk) -> pa.Table:
    random = chunk.random("needs")
    at = np.flatnonzero((random.random(chunk.size) < 0.4) & chunk.clients.is_company)
    raised = days_with_bank(chunk, random, at, before_end=1)
    outcome = random.choice(5, len(at), p=[0.45, 0.2, 0.2, 0.1, 0.05])
    closed = np.where(outcome >= 2, raised + random.integers(10, 60, len(at)), NULL)
    kind = random.integers(0, len(_NEEDS), len(at))
    amount = chunk.clients.inflow[at] * random.integers(1, 6, len(at)) // 10_000_000 * 10_000_000 + 10_000_000
    columns: dict[str, object] = {
        "need_id": ids("N", chunk.low + 1 + at, 7),
        "client_id": client_of(chunk, at),
        "raised_on": raised,
        "kind": Coded(_NEEDS, kind),
        "amount": amount,
        "price_amt": _prices(chunk, kind, amount),
        "by_when": raised + random.integers(30, 200, len(at)),
        "status": Coded(("open", "offered"), np.where(outcome == 1, 1, 0)),
    }
    status = ("open", "offered", "won", "lost", "dropped")
    closing: dict[str, object] = {
        "status": Coded(status, outcome),
        "closed_on": closed,
        "lost_reason": Coded(("price", "speed", "other_bank"), np.where(outcome == 3, at % 3, -1)),
    }
    return versions("need", columns, raised, closing, closed, chunk.plan.timeline.last)


def _prices(chunk: Chunk, kind: Ints, amount: Ints) -> Ints:
    """What it costs that is bought or built, most of which is asked for; of a few nobody wrote it down."""
    random = chunk.random("need prices")
    is_bought = np.isin(kind, [_NEEDS.index(name) for name in _BOUGHT])
    price = (amount / (0.5 + 0.4 * random.random(len(kind)))).astype(np.int64) // 1_000_000 * 1_000_000 + 1_000_000
    return np.where(is_bought & (random.random(len(kind)) < 0.9), price, NULL)


def _offers(chunk: Chunk) -> pa.Table:
    random = chunk.random("offers")
    at = np.flatnonzero(random.random(chunk.size) < 0.3)
    offered = days_with_bank(chunk, random, at, before_end=1)
    outcome = random.choice(3, len(at), p=[0.3, 0.4, 0.3])
    decided = np.where(outcome < 2, offered + random.integers(2, 40, len(at)), NULL)
    columns: dict[str, object] = {
        "offer_id": ids("O", chunk.low + 1 + at, 7),
        "client_id": client_of(chunk, at),
        "product": Coded(_PRODUCTS, random.integers(0, len(_PRODUCTS), len(at))),
        "offered_on": offered,
        "outcome": "pending",
    }
    closing: dict[str, object] = {"outcome": Coded(("accepted", "declined", "pending"), outcome), "outcome_on": decided}
    return versions("offer", columns, offered, closing, decided, chunk.plan.timeline.last)


def _surveys(chunk: Chunk) -> pa.Table:
    random = chunk.random("surveys")
    at = np.flatnonzero(random.random(chunk.size) < 0.5)
    answered = days_with_bank(chunk, random, at)
    order = np.argsort(answered, kind="stable")
    at, answered = at[order], answered[order]
    csat = random.choice(5, len(at), p=[0.01, 0.03, 0.11, 0.45, 0.4]) + 1
    return frame(
        "survey",
        {
            "response_id": ids("R", row_numbers(chunk, len(at)), 10),
            "client_id": client_of(chunk, at),
            "staff_id": _staff(chunk, at),
            "sent_on": answered - random.integers(0, 9, len(at)),
            "answered_on": answered,
            "csat": csat,
            "nps": np.clip(csat * 2 + random.integers(-1, 2, len(at)), 0, 10),
        },
        (answered + 1) * DAY + 1_200,
    )


def _promises(chunk: Chunk) -> pa.Table:
    random = chunk.random("promises")
    at = np.flatnonzero(random.random(chunk.size) < 0.12)
    made = days_with_bank(chunk, random, at, before_end=1)
    due = made + random.integers(3, 30, len(at))
    kept = np.where(random.random(len(at)) < 0.85, due - random.integers(0, 4, len(at)), NULL)
    columns: dict[str, object] = {
        "promise_id": ids("PR", chunk.low + 1 + at, 7),
        "client_id": client_of(chunk, at),
        "staff_id": _staff(chunk, at),
        "text": spoken(_PROMISES, random.integers(0, 3, len(at)), chunk.is_english(at)),
        "made_on": made,
        "due_on": due,
    }
    return versions("promise", columns, made, {"kept_on": kept}, kept, chunk.plan.timeline.last)


def _teams(chunk: Chunk) -> pa.Table:
    timeline, clients = chunk.plan.timeline, chunk.clients
    at = np.flatnonzero(clients.rm >= 0)
    start = np.maximum(clients.onboard[at], timeline.first - 200)
    columns: dict[str, object] = {
        "client_id": client_of(chunk, at),
        "staff_id": _staff(chunk, at),
        "role": "rm",
        "valid_from": start,
        "valid_to": clients.closed[at],
    }
    first = frame("client_team", columns, np.maximum(start * DAY + 61_200, timeline.first * DAY - 7_200))
    # whose manager left has another since
    handed = hand_over(chunk.plan)
    manager = handed.manager[chunk.low : chunk.low + chunk.size][at]
    is_moved = (manager != clients.rm[at]) & (clients.closed[at] == NULL)
    if not is_moved.any():
        return first
    known = np.full(len(at), handed.day * DAY + 75_600)
    ended = columns | {"valid_to": np.full(len(at), handed.day)}
    begun = columns | {"staff_id": ids("S", manager + 1, 4), "valid_from": np.full(len(at), handed.day)}
    moved = pa.array(is_moved)
    parts = (frame("client_team", rows, known).filter(moved) for rows in (ended, begun))
    return pa.concat_tables([first, *parts])


def _holdings(chunk: Chunk) -> pa.Table:
    """What products a client has, by what accounts and loans it has and a little chance."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("holdings")
    company = clients.is_company & (clients.segment != SPV)
    chance = random.random((chunk.size, len(_PRODUCTS)))
    has = np.zeros(chance.shape, dtype=np.bool_)
    has[:, 0] = True
    has[:, 1], has[:, 2] = chunk.accounts.at[:, DEPOSIT] >= 0, chunk.accounts.at[:, WEALTH] >= 0
    has[:, 3] = clients.borrows
    has[:, 4] = clients.invests & clients.is_company
    has[:, 5] = clients.project >= 0
    has[:, 6] = clients.invests & ~clients.is_company
    has[:, 7] = company & (chance[:, 7] < 0.15)
    has[:, 8] = chunk.accounts.at[:, FOREIGN] >= 0
    has[:, 9] = company & (chance[:, 9] < 0.2)
    has[:, 10] = company & (chance[:, 10] < 0.35)
    client, product = (array.astype(np.int64) for array in np.nonzero(has))
    since = clients.onboard[client]
    return frame(
        "product_holding",
        {
            "client_id": client_of(chunk, client),
            "product": Coded(_PRODUCTS, product),
            "since": since,
            "amount": clients.inflow[client] // (product + 1),
        },
        np.maximum(since * DAY + 61_200, timeline.first * DAY - 7_200),
    )


def _overrides(chunk: Chunk) -> pa.Table:
    """A few tiers set by hand; the first of each chunk runs out within the month."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("overrides")
    fits = np.flatnonzero((clients.onboard < timeline.first) & chunk.stories.is_plain & (clients.closed == NULL))
    at = np.sort(random.choice(fits, min(len(fits), max(1, chunk.size // 250)), replace=False))
    length = random.integers(90, 181, len(at))
    start = timeline.last - random.integers(5, 85, len(at))
    start[:1] = timeline.last - length[:1] + 20
    start = np.maximum(start, timeline.first)
    head = ids("S", clients.branch[at] + 1, 4)
    return frame(
        "override",
        {
            "override_id": ids("OV", chunk.low + 1 + at, 7),
            "client_id": client_of(chunk, at),
            "tier": Coded(_TIERS, random.integers(1, 4, len(at))),
            "reason_code": Coded(_REASONS, random.integers(0, 4, len(at))),
            "requested_by": _staff(chunk, at),
            "approved_by": pc.if_else(pa.array(clients.rm[at] >= 0), head, "S0000"),
            "valid_from": start,
            "valid_to": start + length,
        },
        start * DAY + 50_000,
    )


def _decisions(override: pa.Table) -> pa.Table:
    """What branch heads said of the tiers that others asked for, an hour before those came into force."""
    asked = override.filter(pc.not_equal(override["approved_by"], "S0000"))
    said = asked["valid_from"].cast(pa.int32()).cast(pa.int64()).to_numpy() * DAY + 46_400
    return frame(
        "decision",
        {
            "decision_id": pc.binary_join_element_wise("D", asked["override_id"], ""),
            "subject": "override",
            "subject_key": asked["override_id"].combine_chunks(),
            "verdict": "approve",
            "decided_by": asked["approved_by"].combine_chunks(),
            "decided_at": said,
        },
        said + 60,
    )


def _feedback(chunk: Chunk) -> pa.Table:
    """What staff did with tasks of earlier mornings: the bank's records reach back beyond the nights at hand."""
    timeline = chunk.plan.timeline
    random = chunk.random("feedback")
    at = np.sort(random.integers(0, chunk.size, max(2, chunk.size // 100)))
    day = np.maximum(timeline.roll(timeline.last - 40 - random.integers(0, 40, len(at))), timeline.first)
    keys = [
        hashlib.md5(f"{chunk.number}|{number}".encode(), usedforsecurity=False).hexdigest()[:12]
        for number in range(len(at))
    ]
    done = day * DAY + 15 * 3_600
    return frame(
        "task_feedback",
        {
            "task_key": keys,
            "status": Coded(
                ("done", "acknowledged", "false_alarm", "transferred"),
                random.choice(4, len(at), p=[0.6, 0.2, 0.15, 0.05]),
            ),
            "done_at": done,
            "staff_id": _staff(chunk, at),
            "note": said(("已联系客户并核实", "client contacted, facts checked"), chunk.is_english(at)),
        },
        done + 3_600,
    )
