"""Needs whose whole story is told: one that becomes a loan, one that is lost to a cheaper bank, one to replace a loan
that it names, and one to buy a firm at a price."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import FIXED, PERSONAL, PROJECT, Loans
from nightdesk_lab.demo_bank.plan import SPV

#: days before its loan that a need was raised, offered, accepted and won; of a lost one, days after it was raised that
#: it was offered, declined and closed
_RAISED, _OFFERED, _ACCEPTED, _WON = 75, 50, 30, 20
_LOST_OFFERED, _LOST_DECLINED, _LOST_CLOSED = 12, 30, 33
#: every so many loans that began within the bank's time, and every so many companies; days before the last one that the
#: newest of the lost was raised
_EVERY_LOAN, _EVERY_COMPANY, _ENDED = 2, 40, 60
#: days before the last one that what is still open was raised, and days after it that a bond repays what is bought
_LATELY, _TAKEN_OUT = 6, 1_600


def need_frames(chunk: Chunk, loans: Loans) -> dict[str, pa.Table]:
    """Rows to be added to `need` and `offer`; keys are of a range of their own."""
    parts = [_become_loans(chunk, loans), _lost_to_price(chunk), _to_replace(chunk, loans), _to_acquire(chunk)]
    return {name: pa.concat_tables([part[name] for part in parts if name in part]) for name in ("need", "offer")}


def _become_loans(chunk: Chunk, loans: Loans) -> dict[str, pa.Table]:
    """A need, its offer and its acceptance before a loan that began within the bank's time."""
    timeline = chunk.plan.timeline
    fits = (loans.product != PROJECT) & (loans.product != PERSONAL)
    fits &= (loans.start > timeline.first + _RAISED) & (loans.start <= timeline.last)
    fits &= loans.start - _RAISED > chunk.clients.onboard[loans.client]
    at = np.flatnonzero(fits)[::_EVERY_LOAN]
    client, start = loans.client[at], loans.start[at]
    invests = loans.product[at] == FIXED
    return _told(
        chunk,
        "NL",
        client,
        kind=Coded(("working_capital", "equipment"), invests.astype(np.int64)),
        product=Coded(("working_capital", "fixed_asset"), invests.astype(np.int64)),
        amount=loans.limit[at],
        days=(start - _RAISED, start - _OFFERED, start - _ACCEPTED, start - _WON),
        ending=("won", "accepted", None),
    )


def _lost_to_price(chunk: Chunk) -> dict[str, pa.Table]:
    """A need that was offered for and declined: another bank was cheaper."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    there = clients.is_company & (clients.segment != SPV) & (clients.closed == NULL)
    there &= chunk.stories.is_plain & (clients.onboard < timeline.first)
    client = np.flatnonzero(there)[::_EVERY_COMPANY].astype(np.int64)
    span = max(timeline.days - _ENDED - _LOST_CLOSED - 30, 1)
    raised = timeline.last - _ENDED - (chunk.low + client) * 37 % span
    return _told(
        chunk,
        "NP",
        client,
        kind="working_capital",
        product="working_capital",
        amount=clients.inflow[client] // 10_000_000 * 10_000_000 + 10_000_000,
        days=(raised, raised + _LOST_OFFERED, raised + _LOST_DECLINED, raised + _LOST_CLOSED),
        ending=("lost", "declined", "price"),
    )


def _to_replace(chunk: Chunk, loans: Loans) -> dict[str, pa.Table]:
    """An open need of a client with several loans, which says which of them it would replace."""
    last, clients = chunk.plan.timeline.last, chunk.clients
    runs = (loans.start < last - _LATELY) & (loans.maturity > last + 3 * _RAISED) & (loans.product == FIXED)
    runs &= (clients.segment[loans.client] != SPV) & chunk.stories.is_plain[loans.client]
    runs &= (np.bincount(loans.client, minlength=chunk.size) > 1)[loans.client]
    at = np.flatnonzero(runs)[::_EVERY_LOAN]
    loan = loan_ids(chunk, loans).take(pa.array(at))
    amount = loans.limit[at] // 2
    return _open(chunk, "NR", loans.client[at], "refinance", amount, refinances_loan_id=loan)


def _to_acquire(chunk: Chunk) -> dict[str, pa.Table]:
    """An open need to buy a firm, for a part of its price; every other one names the bond that repays it."""
    clients = chunk.clients
    there = clients.is_company & (clients.segment != SPV) & (clients.closed == NULL) & chunk.stories.is_plain
    client = np.flatnonzero(there & (clients.onboard < chunk.plan.timeline.first))[
        _EVERY_COMPANY // 2 :: _EVERY_COMPANY
    ]
    client = client.astype(np.int64)
    amount = clients.inflow[client] // 2 // 10_000_000 * 10_000_000 + 100_000_000
    is_named = np.arange(len(client)) % 2 == 0
    return _open(
        chunk,
        "NA",
        client,
        "acquisition",
        amount,
        price_amt=amount * 10 // 6,
        take_out_kind=Coded(("bond",), np.where(is_named, 0, -1)),
        take_out_amt=np.where(is_named, amount * 12 // 10, NULL),
        take_out_on=np.where(is_named, chunk.plan.timeline.last + _TAKEN_OUT, NULL),
    )


def _open(
    chunk: Chunk, prefix: str, client: Ints, kind: str, amount: Ints, **more: Ints | pa.Array | Coded
) -> dict[str, pa.Table]:
    """A need that was raised lately and that nobody has answered."""
    timeline, size = chunk.plan.timeline, len(client)
    raised = timeline.roll(np.full(size, timeline.last - _LATELY, dtype=np.int64))
    columns: dict[str, object] = {
        "need_id": ids(prefix, chunk.number * 1_000_000 + np.arange(size), 10),
        "client_id": chunk.client_ids.take(pa.array(client)),
        "raised_on": raised,
        "kind": kind,
        "amount": amount,
        "by_when": raised + _RAISED,
        "status": "open",
        **more,
    }
    return {"need": frame("need", columns, raised * DAY + 61_200)}


def _told(
    chunk: Chunk,
    prefix: str,
    client: Ints,
    *,
    kind: object,
    product: object,
    amount: Ints,
    days: tuple[Ints, Ints, Ints, Ints],
    ending: tuple[str, str, str | None],
) -> dict[str, pa.Table]:
    """Need and offer as they were opened, and once more as they were closed where that has come."""
    last = chunk.plan.timeline.last
    raised, offered, answered, closed = (chunk.plan.timeline.roll(day) for day in days)
    status, outcome, reason = ending
    need: dict[str, object] = {
        "need_id": ids(prefix, chunk.number * 1_000_000 + np.arange(len(client)), 10),
        "client_id": chunk.client_ids.take(pa.array(client)),
        "raised_on": raised,
        "kind": kind,
        "amount": amount,
        "by_when": raised + _RAISED,
        "status": "open",
    }
    offer: dict[str, object] = {
        "offer_id": ids(prefix.replace("N", "O"), chunk.number * 1_000_000 + np.arange(len(client)), 10),
        "client_id": need["client_id"],
        "product": product,
        "offered_on": offered,
        "outcome": "pending",
    }
    over: dict[str, object] = {"status": status, "closed_on": closed}
    if reason is not None:
        over["lost_reason"] = reason
    ended = {"need": need | over, "offer": offer | {"outcome": outcome, "outcome_on": answered}}
    begun = {"need": (need, raised), "offer": (offer, offered)}
    known = {"need": closed, "offer": answered}
    return {
        name: pa.concat_tables(
            [
                frame(name, columns, day * DAY + 61_200).filter(pa.array(day <= last)),
                frame(name, ended[name], known[name] * DAY + 64_800).filter(pa.array(known[name] <= last)),
            ]
        )
        for name, (columns, day) in begun.items()
    }
