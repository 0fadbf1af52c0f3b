"""The table `observation`: what relationship managers saw at their clients, where a story gives something to see."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.dirt import Dirt
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.names import spoken

_SEVERITIES = ("amber", "red")


@dataclass(frozen=True)
class Sight:
    """What is seen of a story: the code, how grave, how many days after it began, and whether the head checked it."""

    story: str
    code: str
    severity: int
    days: int
    is_checked: bool = False


_SIGHTS = (
    Sight("sudden_stop", "legal_rep_missing", 1, 35),
    Sight("late_wages", "wages_unpaid", 0, 50),
    Sight("accounts_turn", "inventory_abnormal", 0, 160),
    Sight("creditors_sue", "suppliers_unpaid", 1, 60, is_checked=True),
    Sight("construction_delay", "construction_halted", 0, 70),
    Sight("private_lender", "private_lending_rumour", 1, 60),
    # what only looks like trouble
    Sight("winter_pause", "construction_halted", 0, 25),
    Sight("late_accounts", "information_refused", 0, 75),
    Sight("decline_recovers", "orders_lost", 0, 45),
)
_CODES = (*(sight.code for sight in _SIGHTS), "management_turnover")
#: a sound client at which somebody saw new faces, and how many there are among a thousand
_NEW_FACES, _A_THOUSAND = len(_SIGHTS), 3
_NOTES = (
    ("走访所见，拟再次核实", "seen on a visit, to be verified again"),
    ("门卫告知", "told by the gatekeeper"),
)


def observation_frame(chunk: Chunk, left: int, dirt: Dirt) -> pa.Table:
    """The observations of a chunk; that of its first sound client runs out within days of the bank's last.

    In the first chunk the last one's observer (number `left` of the staff) had left before, which is noted as dirt.
    """
    timeline, clients, stories = chunk.plan.timeline, chunk.clients, chunk.stories
    random = chunk.random("observed")
    parts: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
    for number, sight in enumerate(_SIGHTS):
        at = np.flatnonzero(stories.of(sight.story) & (random.random(chunk.size) < 0.6))
        day = timeline.roll(np.maximum(stories.started_on[at], timeline.first) + sight.days)
        checked = np.full(len(at), int(sight.is_checked))
        parts.append((at, np.full(len(at), number), np.full(len(at), sight.severity), day, checked))
    sound = np.flatnonzero(
        stories.is_plain & clients.is_company & (clients.onboard < timeline.first) & (clients.rm >= 0)
    )
    some = np.sort(random.choice(sound, min(len(sound), max(2, chunk.size * _A_THOUSAND // 1_000)), replace=False))
    day = timeline.roll(timeline.last - random.integers(5, 200, len(some)))
    day[:1] = timeline.roll(np.array([timeline.last - 80]))
    parts.append((some, np.full(len(some), _NEW_FACES), np.zeros(len(some), dtype=np.int64), day, day * 0))
    at, code, severity, day, checked = (np.concatenate(arrays).astype(np.int64) for arrays in zip(*parts, strict=True))
    # nobody visits a client that has left, nor enters what lies ahead
    shown = np.flatnonzero((day <= timeline.last) & ((clients.closed[at] == NULL) | (clients.closed[at] > day)))
    at, code, severity, day, checked = (array[shown] for array in (at, code, severity, day, checked))
    head = ids("S", clients.branch[at] + 1, 4)
    seen_by = ids("S", np.where(clients.rm[at] >= 0, clients.rm[at], clients.branch[at]) + 1, 4)
    keys = ids("OB", chunk.number * 1_000_000 + np.arange(len(at), dtype=np.int64), 10)
    # a head who saw it himself has nobody here to check it
    is_checked = pc.and_(pa.array(checked == 1), pc.not_equal(head, seen_by))
    expires = np.where((code == _NEW_FACES) & (at == some[:1].sum()), timeline.last + 3, NULL)
    if chunk.number == 0 and len(at):
        gone = len(at) - 1
        seen_by = pc.if_else(pa.array(np.arange(len(at)) == gone), ids("S", np.full(len(at), left + 1), 4), seen_by)
        dirt.note("observation", keys.slice(gone, 1), "observer_not_at_work", day[gone:])
    return frame(
        "observation",
        {
            "observation_id": keys,
            "client_id": chunk.client_ids.take(pa.array(at)),
            "code": Coded(_CODES, code),
            "severity": Coded(_SEVERITIES, severity),
            "observed_on": day,
            "expires_on": expires,
            "staff_id": seen_by,
            "checker_id": pc.if_else(is_checked, head, None),
            "note": spoken(_NOTES, np.arange(len(at)) % 2, chunk.is_english(at)),
        },
        day * DAY + 66_000,
    )
