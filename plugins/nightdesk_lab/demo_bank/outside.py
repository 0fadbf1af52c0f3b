"""What the outside world reports about clients: external_event. The sound are sued, inspected and written about too."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Floats, Ints, frame, ids
from nightdesk_lab.demo_bank.stories import WRITTEN_OFF

_KINDS = (
    "lawsuit",
    "enforced",
    "dishonest_debtor",
    "tax_arrears",
    "account_frozen",
    "share_pledge",
    "executive_change",
    "rating_change",
    "bond_default",
    "sanction",
    "inspection",
    "news",
)
_ROLES = ("plaintiff", "defendant", "subject")
_PLAINTIFF, _DEFENDANT, _SUBJECT = range(3)
_SOURCES = ("裁判文书网 Court Register", "国家企业信用信息公示系统 Company Register", "财经新闻 Business News")
_COURT = ("lawsuit", "enforced", "dishonest_debtor", "account_frozen")


@dataclass(frozen=True)
class _Said:
    """One event of a story: what, in which role, days after its start, the amount as a share of a month's inflow
    (0: none), a value, how often it happens at all, and whether it is a later report of the same event."""

    kind: str
    role: int
    days: int
    share: float = 0.0
    value: int = NULL
    chance: float = 1.0
    again: bool = False


_STORIES: dict[str, tuple[_Said, ...]] = {
    "account_frozen": (
        _Said("account_frozen", _SUBJECT, 4, 0.7),
        _Said("lawsuit", _DEFENDANT, 12, 0.9),
        _Said("enforced", _SUBJECT, 70, 0.8, chance=0.7),
    ),
    "creditors_sue": (
        _Said("lawsuit", _DEFENDANT, 3, 0.8),
        _Said("lawsuit", _DEFENDANT, 50, 1.4, chance=0.8),
        _Said("enforced", _SUBJECT, 110, 1.2, chance=0.7),
        _Said("dishonest_debtor", _SUBJECT, 190, 1.2, chance=0.4),
    ),
    "auditor_leaves": (_Said("executive_change", _SUBJECT, 25, chance=0.6), _Said("news", _SUBJECT, 40, chance=0.7)),
    "accounts_turn": (
        _Said("rating_change", _SUBJECT, 150, value=-10_000, chance=0.5),
        _Said("rating_change", _SUBJECT, 215, value=-20_000, chance=0.3),
        _Said("bond_default", _SUBJECT, 260, 2.0, chance=0.12),
    ),
    # who owes wages for long is put on the labour authority's list
    "late_wages": (
        _Said("tax_arrears", _SUBJECT, 95, 0.06, chance=0.6),
        _Said("sanction", _SUBJECT, 170, chance=0.12),
    ),
    "collateral_falls": (_Said("share_pledge", _SUBJECT, 20, value=620_000, chance=0.4),),
    "environmental_penalty": (_Said("inspection", _SUBJECT, 6), _Said("news", _SUBJECT, 12, chance=0.7)),
    "sued_but_sound": (
        _Said("lawsuit", _DEFENDANT, 2, 0.12),
        _Said("lawsuit", _DEFENDANT, 90, 0.3, chance=0.4),
        _Said("enforced", _SUBJECT, 150, 0.05, chance=0.1),
    ),
    "freeze_lifted": (
        _Said("account_frozen", _SUBJECT, 3, 0.03),
        _Said("account_frozen", _SUBJECT, 22, 0.0, value=0, again=True),
    ),
    "tax_notice_paid": (_Said("tax_arrears", _SUBJECT, 3, 0.02),),
    "decline_recovers": (_Said("news", _SUBJECT, 30, chance=0.4),),
}
#: what happens to companies without any story: events a year, and of which kinds
_QUIET_A_YEAR = 0.09
_QUIET = (
    ("news", _SUBJECT, 0.4),
    ("executive_change", _SUBJECT, 0.17),
    ("inspection", _SUBJECT, 0.12),
    ("lawsuit", _PLAINTIFF, 0.13),
    ("lawsuit", _DEFENDANT, 0.08),
    ("share_pledge", _SUBJECT, 0.06),
    ("rating_change", _SUBJECT, 0.04),
)
#: what ends with a default that is paid or repaid, and days until that is said (assumed; a court takes whoever has
#: performed off the list of dishonest debtors within days)
_CLAIMS = (*_COURT, "bond_default", "tax_arrears")
_SETTLED_AFTER = (3, 30)
#: how many reports are repeated by another source
_REPEATED = 0.15


def event_frame(chunk: Chunk) -> pa.Table:
    """Events of one chunk, some told twice under one event key, known the evening they are published."""
    timeline = chunk.plan.timeline
    random = chunk.random("events")
    quiet = _quiet(chunk, random)
    parts = [quiet, *_of_stories(chunk, random, len(quiet[0])), *_of_defaults(chunk, random)]
    client, day, kind, role, value = (
        np.concatenate([part[at] for part in parts]).astype(np.int64) for at in (0, 1, 2, 3, 5)
    )
    share = np.concatenate([part[4] for part in parts])
    again = np.concatenate([part[6] for part in parts]).astype(np.int64)
    spread = np.exp(0.6 * random.standard_normal(len(client)))
    amount = np.where(share > 0, (chunk.clients.inflow[client] * share * spread).astype(np.int64) + 1, NULL)
    amount = np.where((share == 0) & (again >= 0), 0, amount)
    told = np.arange(len(client))
    twice = np.flatnonzero((random.random(len(client)) < _REPEATED) & (again < 0))
    key = np.where(again >= 0, again, told)
    row, key = np.r_[told, twice], np.r_[key, told[twice]]
    day = np.r_[day, day[twice] + random.integers(1, 5, len(twice))]
    row, key, day, is_settled = _settled(chunk, client, kind, row, key, day)
    order = np.flatnonzero((day >= timeline.first) & (day <= timeline.last))
    order = order[np.argsort(day[order], kind="stable")]
    row, key, day, is_settled = row[order], key[order], day[order], is_settled[order]
    numbers = chunk.number * 100_000 + np.arange(len(row), dtype=np.int64)
    from_court = np.isin(kind[row], [_KINDS.index(name) for name in _COURT])
    is_news = kind[row] == _KINDS.index("news")
    return frame(
        "external_event",
        {
            "event_id": ids("EVT", numbers, 8),
            "client_id": chunk.client_ids.take(pa.array(client[row])),
            "kind": Coded(_KINDS, kind[row]),
            "published_on": day,
            "role": Coded(_ROLES, role[row]),
            "amount": np.where(is_settled, 0, amount[row]),
            "value": np.where(is_settled, 0, value[row]),
            "source": Coded(_SOURCES, np.select([from_court, is_news], [0, 2], 1)),
            "event_key": ids("EVK", chunk.number * 100_000 + key, 8),
        },
        day * DAY + 20 * 3_600,
    )


def _settled(chunk: Chunk, client: Ints, kind: Ints, row: Ints, key: Ints, day: Ints) -> tuple[Ints, Ints, Ints, Bools]:
    """What creditors and courts did about a default that is paid or repaid is over: each event of before is reported
    once more, some days later, and what would have come after does not. Reports of before and of the end, in this
    order, and which of them say that it is over."""
    resolved = np.where(chunk.stories.ending == WRITTEN_OFF, NULL, chunk.stories.resolved_on)[client[row]]
    is_claim = np.isin(kind[row], [_KINDS.index(name) for name in _CLAIMS]) & (resolved != NULL)
    stays = np.flatnonzero(~(is_claim & (day > resolved)))
    _, first = np.unique(key[stays[is_claim[stays]]], return_index=True)
    ends = stays[is_claim[stays]][first]
    after = chunk.random("settled events").integers(*_SETTLED_AFTER, len(ends))
    is_settled = np.r_[np.zeros(len(stays), dtype=np.bool_), np.ones(len(ends), dtype=np.bool_)]
    return (
        np.r_[row[stays], row[ends]],
        np.r_[key[stays], key[ends]],
        np.r_[day[stays], resolved[ends] + after],
        is_settled,
    )


#: client, day, kind, role, share, value, position of the event that this reports again (-1: none)
_Part = tuple[Ints, Ints, Ints, Ints, Floats, Ints, Ints]


def _part(client: Ints, day: Ints, said: _Said, again: Ints | None = None) -> _Part:
    def all_rows(value: int) -> Ints:
        return np.full(len(client), value, dtype=np.int64)

    first = all_rows(-1) if again is None else again
    return (
        client,
        day,
        all_rows(_KINDS.index(said.kind)),
        all_rows(said.role),
        np.full(len(client), said.share),
        all_rows(said.value),
        first,
    )


def _quiet(chunk: Chunk, random: np.random.Generator) -> _Part:
    timeline, clients = chunk.plan.timeline, chunk.clients
    counts = random.poisson(_QUIET_A_YEAR * timeline.days / 365, chunk.size)
    counts *= clients.is_company & chunk.stories.is_plain & (clients.onboard < timeline.first)
    client = np.repeat(np.arange(chunk.size), counts)
    day = timeline.first + random.integers(0, timeline.days, len(client))
    what = random.choice(len(_QUIET), len(client), p=[row[2] for row in _QUIET])
    kind = np.array([_KINDS.index(row[0]) for row in _QUIET])[what]
    role = np.array([row[1] for row in _QUIET])[what]
    share = np.where(kind == _KINDS.index("lawsuit"), 0.1, 0.0)
    value = np.where(kind == _KINDS.index("share_pledge"), 350_000, NULL)
    value = np.where(kind == _KINDS.index("rating_change"), np.where(client % 3 == 0, -10_000, 10_000), value)
    return client, day, kind, role, share, value, np.full(len(client), -1, dtype=np.int64)


def _of_stories(chunk: Chunk, random: np.random.Generator, place: int) -> list[_Part]:
    """What the stories say, `place` events having been told before; the first of a story always happens."""
    parts: list[_Part] = []
    for name, events in _STORIES.items():
        at = np.flatnonzero(chunk.stories.of(name)).astype(np.int64)
        start = np.maximum(chunk.stories.started_on[at], chunk.plan.timeline.first)
        first = place + np.arange(len(at), dtype=np.int64)
        for said in events:
            happens = random.random(len(at)) < said.chance
            lag = random.integers(0, 1 if said.again else 4 + said.days // 4, len(at))
            day: Ints = start + said.days + lag
            parts.append(_part(at[happens], day[happens], said, first[happens] if said.again else None))
            place += int(happens.sum())
    return parts


def _of_defaults(chunk: Chunk, random: np.random.Generator) -> list[_Part]:
    """Who does not pay this bank is mostly sued by others too, sooner or later."""
    stories = chunk.stories
    at = np.flatnonzero((stories.first_unpaid != NULL) & (random.random(chunk.size) < 0.55)).astype(np.int64)
    sued = stories.first_unpaid[at] + random.integers(10, 120, len(at))
    enforced = sued + random.integers(60, 200, len(at))
    return [
        _part(at, sued, _Said("lawsuit", _DEFENDANT, 0, 0.8)),
        _part(at, enforced, _Said("enforced", _SUBJECT, 0, 0.8)),
    ]
