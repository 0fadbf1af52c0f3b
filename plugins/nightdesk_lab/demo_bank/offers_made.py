"""What was offered to whom and what came of it, over the years and in campaigns; and stories of offers at the end.

An offer is accepted the more readily where an open need asks for it, the less after refusals and where nobody has
spoken with the client, or everybody has. Random numbers of their own: no other row of the bank changes by them.
"""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.campaigns import CAMPAIGNS, HOLD_OUT_PCT
from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.relation_rows import client_of, row_numbers, versions

#: offers a company and year outside campaigns
_A_YEAR = 1.3
#: which products answer which need, and what others are offered all the same
_ANSWERS = {
    "build": "fixed_asset", "working_capital": "working_capital", "trade": "trade", "supply_chain": "trade",
    "acquisition": "fixed_asset", "equipment": "fixed_asset", "green": "fixed_asset", "refinance": "working_capital",
    "cash_management": "cash_management",
}  # fmt: skip
_PRODUCTS = ("deposit", "wealth", "working_capital", "fixed_asset", "trade", "fx", "cash_management", "payroll")
#: log odds that an offer is accepted: of the product, and what changes them
_BASE = {"deposit": -0.4, "wealth": -0.9, "working_capital": -0.9, "fixed_asset": -1.3, "trade": -0.9, "fx": -1.1,
         "cash_management": -0.8, "payroll": -0.5}  # fmt: skip
_NEEDED, _REFUSED, _KNOWN, _TIRED = 1.9, -0.9, 0.5, -1.0
#: share of a campaign's clients that is spoken to, that then buys, and that buys unasked
_REACHED, _BUYS_ASKED, _BUYS_ALONE = 0.85, 0.17, 0.035


@dataclass
class _Made:
    """Offers and the holdings that came of them, one entry each; days are epoch days."""

    client: list[int] = field(default_factory=list)
    product: list[str] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)
    bought: dict[tuple[int, str], int] = field(default_factory=dict)

    def add(self, client: int, product: str, offered: int, outcome: int, decided: int) -> None:
        self.client.append(client)
        self.product.append(product)
        self.offered.append(offered)
        self.outcome.append(outcome)
        self.decided.append(decided)
        if outcome == 0:
            self.bought.setdefault((client, product), decided + 5)


class _Known:
    """What the chunk's own rows say of its clients: needs, products, contacts, by position in the chunk."""

    def __init__(self, chunk: Chunk, frames: dict[str, pa.Table]) -> None:
        self.at = {str(one): at for at, one in enumerate(client_of(chunk, np.arange(chunk.size)).to_pylist())}
        self.held: set[tuple[int, str]] = {
            (self.at[row["client_id"]], row["product"])
            for row in frames["product_holding"].select(["client_id", "product"]).to_pylist()
        }
        self.consents = {
            self.at[row["client_id"]]
            for row in frames["client"].select(["client_id", "marketing_consent"]).to_pylist()
            if row["marketing_consent"] and row["client_id"] in self.at
        }
        self.needs: dict[int, dict[str, tuple[str, datetime.date, datetime.date]]] = {}
        for row in frames["need"].to_pylist():
            until = row["closed_on"] or datetime.date.max
            of_client = self.needs.setdefault(self.at[row["client_id"]], {})
            of_client[row["need_id"]] = (row["kind"], row["raised_on"], until)
        spoken = frames["contact"].select(["client_id", "occurred_at"]).to_pylist()
        self.spoken: dict[int, list[int]] = {}
        for row in spoken:
            self.spoken.setdefault(self.at[row["client_id"]], []).append(_day(row["occurred_at"].date()))

    def asks_for(self, client: int, on: int) -> list[str]:
        """The products that answer needs open on a day."""
        return [
            _ANSWERS[kind]
            for kind, raised, until in self.needs.get(client, {}).values()
            if _day(raised) <= on and (until == datetime.date.max or _day(until) > on)
        ]

    def contacts(self, client: int, on: int) -> int:
        """Contacts in the 30 days before a day."""
        return sum(on - 30 <= day < on for day in self.spoken.get(client, ()))


def offer_frames(chunk: Chunk, frames: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Rows to add to `offer`, `product_holding` and `contact`, given the chunk's rows so far."""
    known, made = _Known(chunk, frames), _Made()
    random = chunk.random("offers made")
    _over_the_years(chunk, known, made, random)
    _in_campaigns(chunk, known, made, random)
    tired = _stories(chunk, known, made)
    return {
        "offer": _offers(chunk, made),
        "product_holding": _holdings(chunk, known, made),
        "contact": _contacts(chunk, tired, len(frames["contact"])),
    }


def _over_the_years(chunk: Chunk, known: _Known, made: _Made, random: np.random.Generator) -> None:
    timeline, clients = chunk.plan.timeline, chunk.clients
    counts = random.poisson(_A_YEAR * timeline.days / 365.25, chunk.size)
    for client in np.flatnonzero(clients.is_company & (clients.closed == NULL)).tolist():
        first = max(int(clients.onboard[client]) + 30, timeline.first)
        days = np.sort(random.integers(0, max(timeline.last - first, 1), int(counts[client])))
        refused = 0
        for day in (first + days).tolist():
            on, free = int(day), [p for p in _PRODUCTS if (client, p) not in known.held | made.bought.keys()]
            asked = [product for product in known.asks_for(client, on) if product in free]
            draw, luck, wait = random.random(), random.random(), int(random.integers(3, 40))
            if not free or on > timeline.last:
                continue
            # a manager who knows of a need mostly answers it
            product = asked[0] if asked and draw < 0.7 else free[int(draw * len(free))]
            spoken = known.contacts(client, on)
            odds = _BASE[product] + _NEEDED * (product in asked) + _REFUSED * min(refused, 2)
            odds += _TIRED if spoken >= 5 else _KNOWN if spoken else 0.0
            outcome = 0 if luck < 1 / (1 + np.exp(-odds)) else 1 if luck < 0.93 else 2
            refused += outcome == 1
            made.add(client, product, on, outcome, on + wait if outcome < 2 else NULL)


def _in_campaigns(chunk: Chunk, known: _Known, made: _Made, random: np.random.Generator) -> None:
    """Offers to those that a campaign's hash lets be asked, and what both arms bought; the hash is the night's own."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    names = list(known.at)
    for campaign in CAMPAIGNS:
        product, starts, ends = campaign.product, campaign.first, campaign.last
        if not timeline.first + 60 <= starts < timeline.last:
            continue
        is_told = False
        for client in sorted(known.consents):
            luck, reach, wait = random.random(), random.random(), int(random.integers(0, max(ends - starts - 5, 1)))
            early = made.bought.get((client, product), timeline.last)
            if (client, product) in known.held or early < starts or not clients.is_company[client]:
                continue
            on = timeline.roll(np.array([starts + wait]))[0]
            is_held_out = _draw(f"{campaign.campaign_id}|{names[client]}") < HOLD_OUT_PCT * 100
            is_asked = not is_held_out and reach < _REACHED
            buys = luck < (_BUYS_ASKED if is_asked else _BUYS_ALONE)
            if on > timeline.last - 15:
                continue
            if is_held_out and not is_told:
                # one that bought by itself, so that no demonstration is without
                buys = is_told = True
            if is_asked:
                made.add(client, product, int(on), 0 if buys else 1, int(on) + 10)
            elif buys:
                made.bought.setdefault((client, product), int(on) + 10)


def _stories(chunk: Chunk, known: _Known, made: _Made) -> Iterator[int]:
    """Two clients of each chunk that ask for something: one declined it lately, one is spoken with every third day."""
    last = chunk.plan.timeline.last
    asking = [
        client
        for client in sorted(known.consents)
        if known.asks_for(client, last) and chunk.clients.closed[client] == NULL and chunk.stories.is_plain[client]
    ]
    for client in asking[:1]:
        made.add(client, known.asks_for(client, last)[0], last - 30, 1, last - 20)
    return iter(asking[1:2])


def _draw(text: str) -> int:
    """What the night draws of a campaign and client (sql/macros/card_code.sql, number): 0 to 9,999."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:6]
    number = sum(16**place * int(digit, 16) for place, digit in enumerate(digest))
    return int(number % 2_300_000 % 10_000)


def _offers(chunk: Chunk, made: _Made) -> pa.Table:
    at, decided = np.array(made.client, dtype=np.int64), np.array(made.decided, dtype=np.int64)
    offered = np.array(made.offered, dtype=np.int64)
    columns: dict[str, object] = {
        "offer_id": ids("OM", row_numbers(chunk, len(at)), 10),
        "client_id": client_of(chunk, at),
        "product": pa.array(made.product, pa.string()),
        "offered_on": offered,
        "outcome": "pending",
    }
    outcome = Coded(("accepted", "declined", "pending"), np.array(made.outcome, dtype=np.int64))
    closing: dict[str, object] = {"outcome": outcome, "outcome_on": decided}
    return versions("offer", columns, offered, closing, decided, chunk.plan.timeline.last)


def _holdings(chunk: Chunk, known: _Known, made: _Made) -> pa.Table:
    rows = [
        (client, product, day)
        for (client, product), day in sorted(made.bought.items())
        if day <= chunk.plan.timeline.last and (client, product) not in known.held
    ]
    at: Ints = np.array([client for client, _, _ in rows], dtype=np.int64)
    since = np.array([day for _, _, day in rows], dtype=np.int64)
    return frame(
        "product_holding",
        {
            "client_id": client_of(chunk, at),
            "product": pa.array([product for _, product, _ in rows], pa.string()),
            "since": since,
            "amount": chunk.clients.inflow[at] // 10,
        },
        since * DAY + 61_200,
    )


def _contacts(chunk: Chunk, tired: Iterator[int], before: int) -> pa.Table:
    timeline = chunk.plan.timeline
    at = np.repeat(np.array(list(tired), dtype=np.int64), 8)
    happened = timeline.last - 2 - 3 * (np.arange(len(at), dtype=np.int64) % 8)
    manager = chunk.clients.rm[at]
    return frame(
        "contact",
        {
            "contact_id": ids("CO", row_numbers(chunk, before + len(at))[before:], 10),
            "client_id": client_of(chunk, at),
            "staff_id": ids("S", np.where(manager >= 0, manager, chunk.clients.branch[at]) + 1, 4),
            "occurred_at": happened * DAY + 10 * 3_600,
            "kind": "special",
            "channel": "call",
            "two_way": np.ones(len(at), dtype=np.bool_),
            "outcome": "done",
            "note_length": np.full(len(at), 40, dtype=np.int64),
            "logged_at": happened * DAY + 11 * 3_600,
        },
        happened * DAY + 11 * 3_600,
    )


def _day(day: object) -> int:
    if not isinstance(day, datetime.date):
        raise TypeError(f"{day!r} is no date")
    return (day - datetime.date(1970, 1, 1)).days
