"""How two people work: one fills a quarter in on its last day, one tells of trouble before anybody sees it."""

import hashlib

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, frame, ids
from nightdesk_lab.demo_bank.names import said
from nightdesk_lab.demo_bank.plan import Plan
from nightdesk_lab.demo_bank.timeline import from_epoch

#: ids beyond those of any other contact or observation of a chunk
_FIRST_ID = 900_000
#: contacts and closed tasks that are entered at once
_AT_ONCE = 12
#: days before the first instalment that is not paid on which a manager says that suppliers wait for their money
_EARLY = 25


def gamer(plan: Plan) -> int:
    """Position in the staff of the manager who games the scorecard: the second branch's first; NULL where none is."""
    role, branch = np.array(plan.staff.role), plan.staff.branch
    found = np.flatnonzero((role == "rm") & (branch == min(1, plan.branches - 1)))
    return int(found[0]) if len(found) else NULL


def last_workday_of_quarter(plan: Plan) -> int:
    """The last working day of the newest quarter that is over by the bank's last day; NULL: the bank is younger."""
    timeline = plan.timeline
    ends = [
        day
        for day in range(timeline.first, timeline.last + 1)
        if from_epoch(day + 1).day == 1 and from_epoch(day).month % 3 == 0
    ]
    if not ends:
        return NULL
    days = np.arange(timeline.first, ends[-1] + 1)
    return int(days[timeline.is_workday(days)][-1])


def conduct_frames(chunk: Chunk) -> dict[str, pa.Table]:
    """Contacts, answers and observations of both; of a chunk where neither has a client, none."""
    return _gamed(chunk) | _told_early(chunk)


def _gamed(chunk: Chunk) -> dict[str, pa.Table]:
    """A dozen conversations and a dozen closed tasks within a minute of the quarter's last evening, all alike."""
    who, day = gamer(chunk.plan), last_workday_of_quarter(chunk.plan)
    clients = chunk.clients
    is_there = (clients.closed == NULL) & (clients.onboard < day - 90)
    at = np.flatnonzero((clients.rm == who) & is_there)[:_AT_ONCE] if day != NULL and who != NULL else np.empty(0, int)
    if not len(at):
        return {}
    number = np.arange(len(at), dtype=np.int64)
    logged = day * DAY + 66_600 + 3 * number
    keys = [
        hashlib.md5(f"{chunk.number}|gamed|{one}".encode(), usedforsecurity=False).hexdigest()[:12] for one in number
    ]
    person = ids("S", np.full(len(at), who + 1), 4)
    return {
        "contact": frame(
            "contact",
            {
                "contact_id": ids("CT", chunk.number * 1_000_000 + _FIRST_ID + number, 10),
                "client_id": chunk.client_ids.take(pa.array(at)),
                "staff_id": person,
                "occurred_at": day * DAY + 61_200 + 60 * number,
                "kind": "fixed",
                "channel": "call",
                "two_way": np.ones(len(at), dtype=np.bool_),
                "outcome": "done",
                "note_length": np.full(len(at), 4),
                "logged_at": logged,
            },
            logged,
        ),
        "task_feedback": frame(
            "task_feedback",
            {
                "task_key": keys,
                "status": "done",
                "done_at": logged + 120,
                "staff_id": person,
                "note": said(("已处理", "done"), chunk.is_english(at)),
            },
            logged + 180,
        ),
    }


def _told_early(chunk: Chunk) -> dict[str, pa.Table]:
    """Of each chunk's first client that will stop paying, its manager says weeks before that suppliers are unpaid."""
    clients, stories, timeline = chunk.clients, chunk.stories, chunk.plan.timeline
    told = stories.first_unpaid - _EARLY
    at = np.flatnonzero(
        (stories.first_unpaid != NULL)
        & (told > timeline.first)
        & (stories.first_unpaid <= timeline.last)
        & (clients.rm >= 0)
        & (clients.closed == NULL)
    )[:1]
    if not len(at):
        return {}
    day = timeline.roll(told[at])
    return {
        "observation": frame(
            "observation",
            {
                "observation_id": ids("OB", chunk.number * 1_000_000 + _FIRST_ID + np.arange(len(at)), 10),
                "client_id": chunk.client_ids.take(pa.array(at)),
                "code": "suppliers_unpaid",
                "severity": "amber",
                "observed_on": day,
                "staff_id": ids("S", clients.rm[at] + 1, 4),
                "note": said(
                    ("供应商称货款拖欠", "suppliers say that they wait for their money"), chunk.is_english(at)
                ),
            },
            day * DAY + 66_000,
        )
    }
