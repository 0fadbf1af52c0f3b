"""Clients and their accounts of one chunk."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank import names
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Floats, Ints, frame, ids
from nightdesk_lab.demo_bank.people import hand_over
from nightdesk_lab.demo_bank.plan import CHUNK, LARGE, MID, PRIVATE, SEGMENTS, SMALL, SPV, Clients, Plan
from nightdesk_lab.demo_bank.sectors import CODES, TRADES
from nightdesk_lab.demo_bank.stories import StoryBook

#: account kinds by slot; an account's number is its client's number times ten plus the slot
KINDS = ("", "settlement", "deposit", "wealth", "settlement", "repayment", "dsra", "disbursement")
SETTLE, DEPOSIT, WEALTH, FOREIGN, REPAY, DSRA, DISBURSE = range(1, 8)
CURRENCIES = ("CNY", "USD", "EUR")
#: of so many companies of a branch that writes English, one is owned by foreigners
_FOREIGN_OWNED = 40


@dataclass(frozen=True)
class Accounts:
    """Accounts of a chunk sorted by client and slot; the settlement account of client i comes first of its own."""

    client: Ints
    slot: Ints
    ccy: Ints
    overdraft: Ints
    opened: Ints
    closed: Ints
    at: Ints

    def of(self, client: Ints, slot: Ints | int) -> Ints:
        """Positions of accounts by client and slot; -1 where the client has none."""
        return np.asarray(self.at[client, slot], dtype=np.int64)


@dataclass(frozen=True)
class Chunk:
    """One chunk's clients, ready for the other modules."""

    plan: Plan
    number: int
    low: int
    clients: Clients
    stories: StoryBook
    accounts: Accounts
    client_ids: pa.Array
    client_names: pa.Array
    account_ids: pa.Array

    @property
    def size(self) -> int:
        """Number of clients in the chunk."""
        return len(self.clients.segment)

    def is_english(self, owner: Ints) -> Bools:
        """Whether the branches of clients, by their places, speak English."""
        return self.plan.is_english(self.clients.branch[owner])

    def random(self, topic: str) -> np.random.Generator:
        """The chunk's random numbers for a topic."""
        return self.plan.random(topic, self.number)


def make_chunk(plan: Plan, number: int) -> tuple[Chunk, dict[str, pa.Table]]:
    """The clients of a chunk, with their `client` and `account` tables."""
    low = number * CHUNK
    clients = plan.clients.part(low, low + CHUNK)
    stories = plan.stories.take(slice(low, low + CHUNK))
    random = plan.random("clients", number)
    size = len(clients.segment)
    numbers = low + 1 + np.arange(size, dtype=np.int64)
    own_repay = (clients.invests & (random.random(size) < 0.2)) | stories.of("instalment_uncovered")
    own_repay &= ~stories.is_decline
    accounts = _accounts(random, plan, clients, stories, own_repay)
    client_ids = ids("C", numbers, 6)
    full, short = _names(plan, number, clients)
    account_numbers = numbers[accounts.client] * 10 + accounts.slot
    chunk = Chunk(
        plan,
        number,
        low,
        clients,
        stories,
        accounts,
        client_ids,
        full,
        ids("A", account_numbers, 8),
    )
    return chunk, {
        "client": _client_frame(chunk, random, full, short, numbers),
        "account": _account_frame(chunk),
    }


def alive_months(chunk: Chunk) -> Bools:
    """Months of shape (clients, months) in which a client banks here from the first day to the last."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    starts, ends = timeline.month_starts[:-1], timeline.month_starts[1:] - 1
    opened = clients.onboard[:, None] <= starts[None, :]
    return np.asarray(opened & ((clients.closed == NULL)[:, None] | (clients.closed[:, None] > ends[None, :])))


def is_building(chunk: Chunk) -> Bools:
    """Mask of the project companies that do not operate yet: no receipts, only draws and equity."""
    project = chunk.clients.project
    building = np.zeros(chunk.size, dtype=np.bool_)
    building[project >= 0] = chunk.plan.project_stage[project[project >= 0]] == 0
    return building


def target_balance(chunk: Chunk) -> Floats:
    """What a client likes to hold on its settlement account, cents."""
    times = 0.9 * np.exp(0.45 * chunk.random("target").standard_normal(chunk.size)) + 0.35
    times = np.where(chunk.clients.segment == SPV, 3.2, times)
    return np.asarray(np.where(is_building(chunk), 0.8, 1.0) * chunk.clients.inflow * times)


def _names(plan: Plan, number: int, clients: Clients) -> tuple[pa.Array, pa.Array]:
    """As a bank in China has them, in Chinese; some companies that foreigners own bank with the branches that write
    English, and are known by a Latin name."""
    random = plan.random("names", number)
    size = len(clients.branch)
    latin = plan.is_english(clients.branch) & clients.is_company & (np.arange(size) % _FOREIGN_OWNED == 0)
    company, company_short = names.companies(random, TRADES, np.maximum(clients.sector, 0), latin)
    person, person_short = names.people(random, np.zeros(size, dtype=np.bool_))
    is_company = pa.array(clients.is_company)
    return pc.if_else(is_company, company, person), pc.if_else(is_company, company_short, person_short)


def _accounts(
    random: np.random.Generator, plan: Plan, clients: Clients, stories: StoryBook, own_repay: Bools
) -> Accounts:
    size = len(clients.segment)
    segment = clients.segment
    has = np.zeros((size, len(KINDS)), dtype=np.bool_)
    has[:, SETTLE] = True
    has[:, DEPOSIT] = random.random(size) < np.array([0.45, 0.25, 0.12, 0.0, 0.3])[segment]
    has[:, WEALTH] = random.random(size) < np.array([0.1, 0.05, 0.02, 0.0, 0.15])[segment]
    has[:, FOREIGN] = random.random(size) < np.array([0.3, 0.07, 0.01, 0.0, 0.0])[segment]
    has[:, REPAY] = own_repay
    stage = np.where(clients.project >= 0, plan.project_stage[clients.project] if len(plan.project_stage) else 0, -1)
    has[:, DSRA] = stage == 1
    has[:, DISBURSE] = stage == 0
    client, slot = (array.astype(np.int64) for array in np.nonzero(has))
    at = np.full((size, len(KINDS)), -1, dtype=np.int64)
    at[client, slot] = np.arange(len(client))
    later = np.floor(random.random(len(client)) * 200).astype(np.int64)
    opened = np.where(slot == SETTLE, clients.onboard[client], clients.onboard[client] + later)
    before = clients.onboard[client] < plan.timeline.first
    opened = np.where(before, np.minimum(opened, plan.timeline.first - 5), clients.onboard[client])
    opened = np.minimum(opened, plan.timeline.last - 10)
    # a line on the current account for companies that borrow nothing else is common; stories break through it
    line = (random.random(len(client)) < 0.25) & (slot == SETTLE) & (segment[client] <= SMALL)
    overdraft = np.where(line, clients.inflow[client] // 5 // 1_000_000 * 1_000_000, 0)
    overdraft = np.where(stories.is_decline[client], 0, overdraft)
    return Accounts(
        client=client,
        slot=slot,
        ccy=np.where(slot == FOREIGN, 1 + (random.random(len(client)) < 0.3).astype(np.int64), 0),
        overdraft=overdraft,
        opened=opened,
        closed=np.where(clients.closed[client] != NULL, clients.closed[client], NULL),
        at=at,
    )


def _client_frame(
    chunk: Chunk, random: np.random.Generator, full: pa.Array, short: pa.Array, numbers: Ints
) -> pa.Table:
    clients, timeline = chunk.clients, chunk.plan.timeline
    size = chunk.size
    segment = clients.segment
    grade = np.clip(
        np.round(4 + 1.6 * random.standard_normal(size) - (segment == LARGE) - 0.5 * (segment == MID)), 1, 9
    )
    appetite = random.integers(0, 5, size)
    known = np.maximum(clients.onboard, timeline.first - 2) * DAY + 20 * 3_600
    columns = {
        "client_id": chunk.client_ids,
        "name": full,
        "short_name": short,
        "is_natural_person": segment == PRIVATE,
        "segment": Coded(SEGMENTS, segment),
        "sector_code": Coded(CODES, clients.sector),
        "group_id": ids("G", clients.group + (clients.group >= 0), 5),
        "branch_id": ids("B", clients.branch + 1, 3),
        "rm_id": ids("S", clients.rm + (clients.rm >= 0), 4),
        "onboard_date": clients.onboard,
        "closed_date": np.full(size, NULL),
        "risk_appetite": Coded(("C1", "C2", "C3", "C4", "C5"), np.where(segment == PRIVATE, appetite, -1)),
        "internal_grade": Coded(
            tuple(f"R{step}" for step in range(10)), np.where(segment == PRIVATE, -1, grade).astype(np.int64)
        ),
        "is_spv": segment == SPV,
        "marketing_consent": random.random(size) < 0.8,
        "credit_code": pc.if_else(pa.array(segment == PRIVATE), None, names.credit_codes(numbers)),
    }
    first = frame("client", columns, known)
    # whose manager left has another since
    handed = hand_over(chunk.plan)
    manager = handed.manager[chunk.low : chunk.low + size]
    moved = np.flatnonzero((manager != clients.rm) & (clients.closed == NULL))
    if len(moved):
        columns["rm_id"] = ids("S", manager + (manager >= 0), 4)
        again = frame("client", columns, np.full(size, handed.day * DAY + 21 * 3_600))
        first = pa.concat_tables([first, again.take(pa.array(moved))])
    left = np.flatnonzero(clients.closed != NULL)
    if not len(left):
        return first
    columns["closed_date"] = clients.closed
    final = frame("client", columns, np.where(clients.closed == NULL, 0, clients.closed) * DAY + 20 * 3_600)
    return pa.concat_tables([first, final.take(pa.array(left))])


def _account_frame(chunk: Chunk) -> pa.Table:
    accounts, timeline = chunk.accounts, chunk.plan.timeline
    columns = {
        "account_id": chunk.account_ids,
        "client_id": chunk.client_ids.take(pa.array(accounts.client)),
        "branch_id": ids("B", chunk.clients.branch[accounts.client] + 1, 3),
        "kind": Coded(KINDS, accounts.slot),
        "ccy": Coded(CURRENCIES, accounts.ccy),
        "overdraft_limit": accounts.overdraft,
        "opened_on": accounts.opened,
        "closed_on": np.full(len(accounts.client), NULL),
    }
    known = np.maximum(accounts.opened, timeline.first - 2) * DAY + 20 * 3_600
    first = frame("account", columns, known)
    left = np.flatnonzero(accounts.closed != NULL)
    if not len(left):
        return first
    columns["closed_on"] = accounts.closed
    final = frame("account", columns, np.where(accounts.closed == NULL, 0, accounts.closed) * DAY + 20 * 3_600)
    return pa.concat_tables([first, final.take(pa.array(left))])
