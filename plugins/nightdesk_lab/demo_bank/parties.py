"""Who pays and is paid: a pool of counterparties shared by the whole bank, and each client's regular ones."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank import names
from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import Floats, Ints, ids
from nightdesk_lab.demo_bank.plan import Plan
from nightdesk_lab.demo_bank.sectors import TRADES

_BANKS = ("工商银行", "建设银行", "农业银行", "中国银行", "交通银行", "招商银行", "浦发银行", "本行")
_SPECIAL = (
    ("国家税务总局 Tax Bureau", "国库"),
    ("社会保险基金 Social Insurance Fund", "国库"),
    ("电力公司 Power Grid", "工商银行"),
    ("本行 This Bank", "本行"),
    ("证券公司 Securities House", "招商银行"),
    ("典当行 Pawn House", "交通银行"),
)
TAX_BUREAU, SOCIAL_FUND, GRID, THIS_BANK, BROKERAGE, PAWN = range(len(_SPECIAL))
_PERSONS = 300
#: regular payers and suppliers kept per client
REGULARS = 12


@dataclass(frozen=True)
class Pool:
    """Counterparties of the whole bank: specials first, then persons, then companies."""

    ids: pa.Array
    names: pa.Array
    banks: pa.Array

    @property
    def first_company(self) -> int:
        """Position of the first company."""
        return len(_SPECIAL) + _PERSONS


def make_pool(plan: Plan) -> Pool:
    """The pool of a bank: as many companies as clients, at least 400."""
    random = plan.random("pool")
    size = max(400, plan.size)
    chinese = np.zeros(size, dtype=np.bool_)
    company, _ = names.companies(random, TRADES, random.integers(0, len(TRADES), size), chinese)
    person, _ = names.people(random, chinese[:_PERSONS])
    total = len(_SPECIAL) + _PERSONS + size
    bank = pa.array(_BANKS).take(pa.array(random.integers(0, len(_BANKS), total - len(_SPECIAL))))
    return Pool(
        ids=ids("K", np.arange(1, total + 1, dtype=np.int64), 6),
        names=pa.concat_arrays([pa.array([name for name, _ in _SPECIAL]), person, company]),
        banks=pa.concat_arrays([pa.array([bank for _, bank in _SPECIAL]), bank]),
    )


@dataclass(frozen=True)
class Parties:
    """Counterparties of a chunk: the pool followed by the chunk's own clients. Arrays of shape (clients, REGULARS)."""

    ids: pa.Array
    names: pa.Array
    banks: pa.Array
    first_client: int
    payers: Ints
    suppliers: Ints
    person: Ints
    payer_share: Floats

    def pick_payer(self, random: np.random.Generator, client: Ints) -> Ints:
        """A rank of a payer per row, the largest payer most often."""
        cumulative = np.cumsum(self.payer_share, axis=1)
        draw = random.random(len(client))
        rank = np.zeros(len(client), dtype=np.int64)
        for column in range(REGULARS - 1):
            rank += draw > cumulative[client, column]
        return rank


def make_parties(chunk: Chunk, pool: Pool) -> Parties:
    """Each client's regular payers and suppliers. Clients whose story loses a payer depend on one."""
    random = chunk.random("parties")
    shape = (chunk.size, REGULARS)
    companies = len(pool.ids) - pool.first_company
    steep = 0.35 + 0.5 * random.random(chunk.size)
    weight = 1 / np.arange(1, REGULARS + 1)[None, :] ** steep[:, None]
    share = weight / weight.sum(axis=1, keepdims=True)
    depends = chunk.stories.of("lost_payer", "payer_replaced")
    first = 0.2 + 0.45 * chunk.stories.depth[depends]
    share[depends] *= ((1 - first) / (1 - share[depends, 0]))[:, None]
    share[depends, 0] = first
    return Parties(
        ids=pa.concat_arrays([pool.ids, chunk.client_ids]),
        names=pa.concat_arrays([pool.names, chunk.client_names]),
        banks=pa.concat_arrays([pool.banks, pa.repeat(pa.scalar("本行"), chunk.size)]),
        first_client=len(pool.ids),
        payers=pool.first_company + _distinct(random, chunk.size, companies),
        suppliers=pool.first_company + _distinct(random, chunk.size, companies),
        person=len(_SPECIAL) + random.integers(0, _PERSONS, shape),
        payer_share=share,
    )


def _distinct(random: np.random.Generator, size: int, companies: int) -> Ints:
    """REGULARS different companies per client: a client that loses one does not find it again among the others."""
    start = random.integers(0, companies, size)[:, None]
    stride = random.integers(1, companies // REGULARS, size)[:, None]
    return np.asarray((start + stride * np.arange(REGULARS)[None, :]) % companies, dtype=np.int64)
