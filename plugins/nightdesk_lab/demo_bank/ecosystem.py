"""What ties clients together beside groups: control in a circle and a joint venture that only looks so, a large buyer's
suppliers, a supplier of several clients of one branch that banks elsewhere, and a large depositor whose money leaves.

No story of `kinds.py`: it befalls several clients at once, none of them in trouble. Random numbers of its own.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank import ledger as led
from nightdesk_lab.demo_bank import parties as par
from nightdesk_lab.demo_bank.clients import SETTLE, Chunk, alive_months, target_balance
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame
from nightdesk_lab.demo_bank.ledger import Ledger
from nightdesk_lab.demo_bank.parties import Parties
from nightdesk_lab.demo_bank.plan import LARGE, SPV

_CONTROLS, _SUPPLIES = 0, 1
#: shares, in ten-thousandths of a percent: in the circle, of each owner of the joint venture, of a client's own shares
_ROUND, _JOINT, _OWN = 600_000, 500_000, 120_000
#: how many supply the large buyer; and what it pays each a month, in shares of the smaller one's receipts
_SUPPLIERS, _PAID = 4, 0.12
#: how many clients of one branch buy from the supplier outside, and the share of their receipts that they pay it
_BUYERS, _BOUGHT = 3, 0.09
#: which share of what it likes to hold the depositor takes away, and how many days before the bank's last one
_TAKEN, _TAKEN_BEFORE = 0.6, 33


@dataclass(frozen=True)
class Cast:
    """Who plays which part, as positions in the chunk; empty where it has too few clients."""

    circle: Ints
    owners: Ints
    joint: Ints
    owns_itself: Ints
    buyer: Ints
    suppliers: Ints
    customers: Ints
    leaver: Ints


def cast_of(chunk: Chunk) -> Cast:
    """The parts of a chunk: companies without a group and without a story, here from the first day to the last."""
    clients, timeline = chunk.clients, chunk.plan.timeline
    free = chunk.stories.is_plain & clients.is_company & (clients.segment != SPV) & (clients.group < 0)
    free &= (clients.onboard < timeline.first) & (clients.closed == NULL)
    order = chunk.random("ecosystem").permutation(np.flatnonzero(free)).astype(np.int64)
    large = order[clients.segment[order] == LARGE][:1]
    order = order[~np.isin(order, large)]
    parts = np.split(order, np.cumsum([3, 2, 1, 1, _SUPPLIERS])[: 5 if len(order) >= 11 else 0])
    none = np.zeros(0, dtype=np.int64)
    circle, owners, joint, itself, suppliers = parts[:5] if len(parts) > 5 else [none] * 5
    left = order[11:]
    first = left[:1]
    customers = left[clients.branch[left] == clients.branch[first[0]]][:_BUYERS] if len(first) else none
    rest = left[~np.isin(left, customers)]
    leaver = rest[np.argsort(-clients.inflow[rest], kind="stable")][:1]
    return Cast(circle, owners, joint, itself, large, suppliers if len(large) else none, customers, leaver)


def tie_frame(chunk: Chunk) -> pa.Table:
    """Their rows of `client_link`."""
    cast, first = cast_of(chunk), chunk.plan.timeline.first
    giver = np.r_[cast.circle, cast.owners, cast.owns_itself, cast.suppliers]
    taker = np.r_[
        np.roll(cast.circle, -1),
        np.repeat(cast.joint, len(cast.owners)),
        cast.owns_itself,
        np.repeat(cast.buyer, len(cast.suppliers)),
    ]
    sizes = [len(cast.circle), len(cast.owners), len(cast.owns_itself), len(cast.suppliers)]
    return frame(
        "client_link",
        {
            "client_id": chunk.client_ids.take(pa.array(giver)),
            "other_client_id": chunk.client_ids.take(pa.array(taker)),
            "kind": Coded(("controls", "supplies"), np.repeat([_CONTROLS, _CONTROLS, _CONTROLS, _SUPPLIES], sizes)),
            "share_pct": np.repeat([_ROUND, _JOINT, _OWN, NULL], sizes),
            "valid_from": np.full(len(giver), first - 300),
        },
        np.full(len(giver), first * DAY - 7_200),
    )


def without_twice(links: pa.Table, more: pa.Table) -> pa.Table:
    """Both, each tie once: what is there already stays."""
    keys = ["client_id", "other_client_id", "kind"]
    held = set(zip(*(links[key].to_pylist() for key in keys), strict=True))
    new = [key not in held for key in zip(*(more[key].to_pylist() for key in keys), strict=True)]
    return pa.concat_tables([links, more.filter(pa.array(new, pa.bool_()))])


def tie_flows(chunk: Chunk, ledger: Ledger, parties: Parties, cash: Ints) -> None:
    """What the large buyer pays its suppliers, and what clients of one branch pay the supplier outside, each month;
    what moves the settlement accounts' plan is added to `cash` (clients, months). What the depositor takes is not."""
    cast, timeline, random = cast_of(chunk), chunk.plan.timeline, chunk.random("ecosystem flows")
    inflow, alive = chunk.clients.inflow, alive_months(chunk)

    def monthly(payer: Ints, share: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        pair, month = (array.astype(np.int64) for array in np.nonzero(alive[payer]))
        day = timeline.workday_of_month(month, random.random(len(pair)))
        cents = (share[pair] * (0.85 + 0.3 * random.random(len(pair)))).astype(np.int64) + 1
        shown = day <= timeline.last
        return pair[shown], month[shown], day[shown], cents[shown]

    def pay(own: Ints, other: Ints, day: Ints, cents: Ints, month: Ints, *, credit: bool) -> None:
        ledger.add(
            chunk.accounts.of(own, SETTLE),
            day,
            cents,
            credit=credit,
            purpose=led.OTHER,
            memo=led.M_GOODS if credit else led.M_PURCHASE,
            kind=led.COMPANY,
            channel=led.ONLINE,
            party=other,
        )
        np.add.at(cash, (own, month), cents if credit else -cents)

    sellers = cast.suppliers
    buyers = np.repeat(cast.buyer, len(sellers))
    pair, month, day, cents = monthly(buyers, (_PAID * np.minimum(inflow[sellers], inflow[buyers])).astype(np.int64))
    pay(buyers[pair], parties.first_client + sellers[pair], day, cents, month, credit=False)
    pay(sellers[pair], parties.first_client + buyers[pair], day, cents, month, credit=True)
    pair, month, day, cents = monthly(cast.customers, (_BOUGHT * inflow[cast.customers]).astype(np.int64))
    outside = np.full(len(pair), parties.first_client - 1)
    pay(cast.customers[pair], outside, day, cents, month, credit=False)
    day = np.full(len(cast.leaver), timeline.last - _TAKEN_BEFORE)
    ledger.add(
        chunk.accounts.of(cast.leaver, SETTLE),
        timeline.roll(day),
        (_TAKEN * target_balance(chunk)[cast.leaver]).astype(np.int64) + 1,
        credit=False,
        purpose=led.SECURITIES,
        memo=led.M_BROKER,
        kind=led.BROKER,
        channel=led.ONLINE,
        party=par.BROKERAGE,
    )
