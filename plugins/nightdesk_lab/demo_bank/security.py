"""What secures the loans: collateral with its valuations, guarantees and rings of them, and links between clients."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import FIXED, PERSONAL, PROJECT, Loans
from nightdesk_lab.demo_bank.plan import SPV

#: days between two valuations, and share of items whose next one is overdue
_VALUED_EVERY, _OVERDUE = 355, 0.05
#: of the loan at first: the least and the spread of a collateral's value; and how far a valuation strays from the last
_COVERS, _COVERS_SPREAD, _VALUE_STRAYS = 1.15, 1.1, 0.04


def security_frames(chunk: Chunk, loans: Loans) -> dict[str, pa.Table]:
    """All of them for one chunk."""
    names = loan_ids(chunk, loans)
    return {**_collateral(chunk, loans, names), **_guarantees(chunk, loans, names)}


def _collateral(chunk: Chunk, loans: Loans, names: pa.Array) -> dict[str, pa.Table]:
    """A row per valuation; in stories one more on which the value has fallen, and one on which it is seized."""
    timeline, stories = chunk.plan.timeline, chunk.stories
    random = chunk.random("collateral")
    told = stories.of("collateral_falls", "valued_lower")[loans.client]
    at = np.flatnonzero(np.isin(loans.product, (FIXED, PERSONAL, PROJECT)) | (random.random(loans.size) < 0.3))
    client = loans.client[at]
    keys = ids("COL", (chunk.low + 1 + client) * 10 + loans.slot[at], 8)
    value = (loans.limit[at] * (_COVERS + _COVERS_SPREAD * random.random(len(at)))).astype(np.int64)
    kind = np.where(loans.product[at] == PROJECT, 2, np.where(random.random(len(at)) < 0.7, 0, 1))
    lien = np.where(random.random(len(at)) < 0.05, value // 10, 0)
    late = np.where(random.random(len(at)) < _OVERDUE, 150, 0)
    begins = np.maximum(loans.start[at], timeline.first - random.integers(0, _VALUED_EVERY, len(at)))
    insured = random.integers(20, 160, len(at))
    times = np.arange(-(-timeline.days // _VALUED_EVERY) + 1)
    item, time = (array.ravel() for array in np.meshgrid(np.arange(len(at)), times, indexing="ij"))
    valued = begins[item] + time * (_VALUED_EVERY + late[item])
    strays = np.exp(_VALUE_STRAYS * np.cumsum(random.standard_normal((len(at), len(times))), axis=1))
    worth = (value[item] * strays.ravel()).astype(np.int64)
    seized = np.full(len(item), NULL)
    # what a story says of the first item of its client, on a day of its own
    falls = np.flatnonzero(told[at])
    on = np.maximum(stories.started_on[client[falls]] + 12 + falls % 20, timeline.first + 4)
    on = np.maximum(on, begins[falls] + 1)
    depth = stories.depth[client[falls]]
    is_bad = stories.of("collateral_falls")[client[falls]]
    left = np.where(is_bad, 0.75 - 0.55 * depth, 0.9 - 0.12 * depth)
    fallen = np.full(len(at), NULL)
    fallen[falls] = on
    share = np.ones(len(at))
    share[falls] = left
    later = (fallen[item] != NULL) & (valued >= fallen[item])
    worth = np.where(later, (worth * share[item]).astype(np.int64), worth)
    taken = falls[is_bad & (stories.first_unpaid[client[falls]] != NULL)]
    taken_on = np.maximum(stories.first_unpaid[client[taken]] + 60, fallen[taken] + 5)
    # a day has one valuation, and what is seized is valued no more
    gone = np.full(len(at), np.iinfo(np.int32).max)
    gone[taken] = taken_on
    usual = (valued != fallen[item]) & (valued < gone[item])
    item, valued, worth, seized = item[usual], valued[usual], worth[usual], seized[usual]
    item, valued = np.r_[item, falls], np.r_[valued, on]
    worth = np.r_[worth, (value[falls] * left).astype(np.int64)]
    seized = np.r_[seized, np.full(len(falls), NULL)]
    item, valued = np.r_[item, taken], np.r_[valued, taken_on]
    worth = np.r_[worth, (value[taken] * share[taken]).astype(np.int64)]
    seized = np.r_[seized, taken_on]
    shown = np.flatnonzero(valued <= timeline.last)
    item, valued, worth, seized = item[shown], valued[shown], worth[shown], seized[shown]
    known = np.maximum(valued * DAY + 61_200, timeline.first * DAY - 7_200)
    link_known = np.maximum(loans.start[at] * DAY + 61_200, timeline.first * DAY - 7_200)
    begun = np.flatnonzero(begins <= timeline.last)
    return {
        "collateral": frame(
            "collateral",
            {
                "collateral_id": keys.take(pa.array(item)),
                "kind": Coded(("real_estate", "equipment", "project_assets"), kind[item]),
                "value_amt": worth,
                "valued_on": valued,
                "insured_until": valued + 365 + insured[item],
                "prior_lien_amt": lien[item],
                "seized_on": seized,
            },
            known,
        ),
        "collateral_loan": frame(
            "collateral_loan",
            {"collateral_id": keys.take(pa.array(begun)), "loan_id": names.take(pa.array(at[begun]))},
            link_known[begun],
        ),
    }


def _guarantees(chunk: Chunk, loans: Loans, names: pa.Array) -> dict[str, pa.Table]:
    """The head of a group guarantees its members and controls them; a few clients supply others; rings."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    random = chunk.random("guarantees")
    heads = _heads(chunk)
    members = np.flatnonzero((heads >= 0) & (heads != np.arange(chunk.size)))
    at = np.flatnonzero(np.isin(loans.client, members) & (random.random(loans.size) < 0.6))
    giver, since = heads[loans.client[at]], loans.start[at]
    number = (chunk.low + 1 + loans.client[at]) * 10 + loans.slot[at]
    ring_at, ring_giver, ring_since = _rings(chunk, random, loans)
    guarantee = frame(
        "guarantee",
        {
            "guarantee_id": pa.concat_arrays(
                [ids("GUA", number, 8), ids("GUR", chunk.number * 10_000 + np.arange(len(ring_at)), 8)]
            ),
            "loan_id": names.take(pa.array(np.r_[at, ring_at])),
            "guarantor_client_id": chunk.client_ids.take(pa.array(np.r_[giver, ring_giver])),
            "amount": loans.limit[np.r_[at, ring_at]],
        },
        np.maximum(np.r_[since, ring_since] * DAY + 61_200, timeline.first * DAY - 7_200),
    )
    companies = np.flatnonzero(clients.is_company & (clients.segment != SPV))
    buyers = companies[random.permutation(len(companies))[: len(companies) // 12]]
    sellers = np.roll(buyers, 1)
    buyers, sellers = (buyers[buyers != sellers], sellers[buyers != sellers])
    pair, first = np.unique(ring_giver * chunk.size + loans.client[ring_at], return_index=True)
    client = np.r_[heads[members], heads[members], sellers, pair // chunk.size]
    other = np.r_[members, members, buyers, pair % chunk.size]
    kind = np.repeat(np.array([0, 2, 1, 3]), [len(members), len(members), len(buyers), len(pair)])
    started = np.r_[np.full(2 * len(members) + len(buyers), timeline.first - 400), ring_since[first]]
    link = frame(
        "client_link",
        {
            "client_id": chunk.client_ids.take(pa.array(client)),
            "other_client_id": chunk.client_ids.take(pa.array(other)),
            "kind": Coded(("controls", "supplies", "same_group", "guarantees"), kind),
            "share_pct": np.where(kind == 0, 510_000 + 10_000 * (other % 45), NULL),
            "valid_from": started,
        },
        np.maximum(started * DAY + 61_200, timeline.first * DAY - 7_200),
    )
    return {"guarantee": guarantee, "client_link": link}


def _heads(chunk: Chunk) -> Ints:
    """The head of each client's group: its first member that is no project company; -1 without a group."""
    group = chunk.clients.group
    heads = np.full(int(group.max(initial=-1)) + 1, -1, dtype=np.int64)
    firms = np.flatnonzero((group >= 0) & (chunk.clients.segment != SPV))[::-1]
    heads[group[firms]] = firms
    return np.where(group >= 0, heads[np.maximum(group, 0)] if len(heads) else -1, -1).astype(np.int64)


def _rings(chunk: Chunk, random: np.random.Generator, loans: Loans) -> tuple[Ints, Ints, Ints]:
    """Three borrowers that guarantee each other's loans in a circle: the loans, who guarantees them, and since when."""
    clients, stories, timeline = chunk.clients, chunk.stories, chunk.plan.timeline
    told = np.flatnonzero(stories.of("guarantee_circle", "sound_circle"))
    plain = stories.is_plain & clients.is_company & (clients.borrows | clients.invests) & (clients.segment != SPV)
    others = random.permutation(np.flatnonzero(plain & (clients.onboard < timeline.first) & (clients.closed == NULL)))
    told = told[: len(others) // 2]
    second, third = others[: len(told)], others[len(told) : 2 * len(told)]
    owner, giver = np.r_[told, second, third], np.r_[second, third, told]
    formed = np.where(stories.of("guarantee_circle"), stories.started_on, timeline.first - 200)[np.tile(told, 3)]
    of_owner = np.full(chunk.size, -1, dtype=np.int64)
    of_owner[owner] = np.arange(len(owner))
    at = np.flatnonzero(of_owner[loans.client] >= 0)
    ring = of_owner[loans.client[at]]
    return at, giver[ring], np.maximum(formed[ring], loans.start[at])
