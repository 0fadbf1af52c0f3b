"""Table of contacts: who spoke with whom, in the rhythm of those that matter and by chance; whom nobody spoke with."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.people import hand_over
from nightdesk_lab.demo_bank.plan import LARGE, MID, SPV
from nightdesk_lab.demo_bank.relation_rows import client_of, days_with_bank, row_numbers

#: monthly inflow (minor units) from which a client is looked after as an important one
_MATTERS = 150_000_000
#: days before it leaves over which a neglected client heard nothing
_SILENT_DAYS = 150
#: day of the month (from 0) on which a branch head holds a salon, and the hour of the day
_SALON_DAY, _SALON_AT = 16, 15 * 3_600
#: seconds of the evening over which contacts are entered, and those between the entries of two clients
_EVENING, _APART = 9_000, 1_517
#: places of a channel and of outcomes among the codes below
_MEETING, _FOLLOW_UP, _NOT_REACHED = 0, 1, 2


def contact_frame(chunk: Chunk) -> pa.Table:
    """Larger clients are met more often; nearly all contacts are entered the same evening."""
    random = chunk.random("contacts")
    segment = chunk.clients.segment
    monthly = np.select([segment == LARGE, segment == MID, segment == SPV], [2.0, 1.2, 1.5], 0.5)
    counts = random.poisson(monthly * chunk.plan.timeline.days / 30.4)
    chance = np.repeat(np.arange(chunk.size), counts)
    kept, kept_day = _rhythm(chunk, random)
    at, day = np.r_[chance, kept], np.r_[days_with_bank(chunk, random, chance), kept_day]
    is_fixed = np.arange(len(at)) >= len(chance)
    order = np.flatnonzero(~_neglected(chunk, at, day))
    order = order[np.argsort(day[order], kind="stable")]
    at, day, is_fixed = at[order], day[order], is_fixed[order]
    happened = day * DAY + 9 * 3_600 + random.integers(0, 8 * 3_600, len(at)) // 60 * 60
    slow = (random.random(len(at)) < 0.04) & (day < chunk.plan.timeline.last - 6)
    kind = np.where(is_fixed, 0, random.choice(5, len(at), p=[0.5, 0.15, 0.05, 0.2, 0.1]))
    # those who came to a salon of a month came on the same day
    is_salon, salon_day = _salons(chunk, at, day, kind == 2)
    day = np.where(is_salon, salon_day, day)
    happened = np.where(is_salon, day * DAY + _SALON_AT, happened)
    logged = np.where(slow & ~is_salon, (day + 4) * DAY + 36_000, day * DAY + 18 * 3_600) + at * _APART % _EVENING
    heads = ids("S", chunk.clients.branch[at] + 1, 4)
    channel = np.where(is_fixed, at % 3, random.choice(4, len(at), p=[0.3, 0.4, 0.1, 0.2]))
    two_way = is_fixed | (random.random(len(at)) < 0.85)
    outcome = random.choice(3, len(at), p=[0.7, 0.2, 0.1])
    # whoever was met or answered was reached
    outcome = np.where((outcome == _NOT_REACHED) & (two_way | (channel == _MEETING)), _FOLLOW_UP, outcome)
    by_managers = frame(
        "contact",
        {
            "contact_id": ids("CT", row_numbers(chunk, len(at)), 10),
            "client_id": client_of(chunk, at),
            "staff_id": pc.if_else(pa.array(is_salon), heads, _spoke(chunk, at, day)),
            "occurred_at": happened,
            "kind": Coded(
                ("fixed", "special", "salon", "visit", "post_loan"),
                kind,
            ),
            "channel": Coded(("meeting", "call", "video", "message"), channel),
            "two_way": two_way,
            "outcome": Coded(("done", "follow_up", "no_answer"), outcome),
            "note_length": random.integers(5, 180, len(at)),
            "logged_at": logged,
        },
        logged,
    )
    return pa.concat_tables([by_managers, _head_visits(chunk, len(at))])


def _spoke(chunk: Chunk, at: Ints, day: Ints) -> pa.Array:
    """Who spoke: the client's manager of that day, or the branch head where there is none."""
    handed = hand_over(chunk.plan)
    later = handed.manager[chunk.low : chunk.low + chunk.size][at]
    manager = np.where(day > handed.day, later, chunk.clients.rm[at])
    has_left = (manager == handed.leaver) & (day > handed.day)
    return ids("S", np.where((manager >= 0) & ~has_left, manager, chunk.clients.branch[at]) + 1, 4)


def _salons(chunk: Chunk, at: Ints, day: Ints, is_salon: Bools) -> tuple[Bools, Ints]:
    """Which contacts were at the salon of their month, and its day; a client who was not there yet, or was silent by
    then, came to none."""
    timeline, clients = chunk.plan.timeline, chunk.clients
    month = np.searchsorted(timeline.month_starts, day, side="right") - 1
    held = timeline.roll(timeline.month_starts[month] + _SALON_DAY)
    left = np.where(clients.closed[at] == NULL, timeline.last + 1, clients.closed[at])
    was_there = (held >= np.maximum(clients.onboard[at], timeline.first)) & (held <= timeline.last) & (held < left)
    return is_salon & was_there & ~_neglected(chunk, at, held), held


def _neglected(chunk: Chunk, at: Ints, day: Ints) -> Bools:
    """Contacts that never were: every second client that leaves was not spoken with in its last months."""
    left = chunk.clients.closed[at]
    return np.asarray((left != NULL) & (at % 2 == 0) & (day > left - _SILENT_DAYS))


def _head_visits(chunk: Chunk, before: int) -> pa.Table:
    """Large clients are visited by the head of their branch about once in ten weeks."""
    random = chunk.random("visits of heads")
    counts = np.where(chunk.clients.segment == LARGE, random.poisson(chunk.plan.timeline.days / 70, chunk.size), 0)
    at = np.repeat(np.arange(chunk.size), counts)
    day = days_with_bank(chunk, random, at)
    kept = ~_neglected(chunk, at, day)
    at, day = at[kept], day[kept]
    logged = day * DAY + 18 * 3_600 + at * _APART % _EVENING
    return frame(
        "contact",
        {
            "contact_id": ids("CT", row_numbers(chunk, before + len(at))[before:], 10),
            "client_id": client_of(chunk, at),
            "staff_id": ids("S", chunk.clients.branch[at] + 1, 4),
            "occurred_at": day * DAY + 14 * 3_600,
            "kind": "visit",
            "channel": "meeting",
            "two_way": np.ones(len(at), dtype=np.bool_),
            "outcome": "done",
            "note_length": random.integers(20, 180, len(at)),
            "logged_at": logged,
        },
        logged,
    )


def _rhythm(chunk: Chunk, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Whom the bank knows to matter is spoken with in each half of a month, nine times in ten: client and day."""
    clients, timeline = chunk.clients, chunk.plan.timeline
    matters = np.flatnonzero((clients.segment == LARGE) | (clients.segment == SPV) | (clients.inflow >= _MATTERS))
    starts = timeline.month_starts[:-1]
    windows = np.r_[starts, starts + 15]
    at, start = np.repeat(matters, len(windows)), np.tile(windows, len(matters))
    day = timeline.roll(start + 2 + np.floor(random.random(len(at)) * 9).astype(np.int64))
    left = np.where(clients.closed[at] == NULL, timeline.last + 1, clients.closed[at])
    is_kept = (random.random(len(at)) < 0.9) & (start >= clients.onboard[at]) & (day <= timeline.last) & (day < left)
    return at[is_kept], day[is_kept]
