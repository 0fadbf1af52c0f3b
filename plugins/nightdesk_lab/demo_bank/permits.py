"""The table `permit`: what a project's trade and stage need, with renewals filed and granted."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.project_kinds import PERMIT_CODES, PERMITS, needs_permit

#: a renewal is applied for well before the end: the latest and the earliest day before it
_FILED_BEFORE = (70, 190)
#: most renewals of one permit inside a bank's days
_RENEWALS = 3
_STORIES = ("permit_unfiled", "permit_expired", "permit_filed", "renewal_waits")


def permit_frame(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """One version per permit as held on the first day, one when a renewal is filed, one when it is granted.

    In stories the permit that operation hangs on ends about the last day: not filed for, not renewed, filed in time, or
    filed in time and not granted when it ended.
    """
    timeline, stories = chunk.plan.timeline, curves.stories
    random = chunk.random("permits")
    needs = needs_permit()[curves.kind]
    needs &= (curves.stage == 1)[:, None] | np.array([permit.before_building for permit in PERMITS])[None, :]
    project, permit = (array.astype(np.int64) for array in np.nonzero(needs))
    days = np.array([permit.years * 365 for permit in PERMITS])[permit]
    ends = days > 0
    begun = np.where(
        np.array([permit.before_building for permit in PERMITS])[permit],
        curves.approved[project] - random.integers(30, 200, len(project)),
        curves.cod_contract[project] - random.integers(5, 60, len(project)),
    )
    # the licence held on the first day: as many whole terms after the first one
    terms = np.where(ends, np.maximum(timeline.first - begun - 1, 0) // np.maximum(days, 1), 0)
    issued = begun + terms * days
    expires = issued + days
    critical = np.array([permit.is_critical for permit in PERMITS])[permit]
    told = critical & ends & stories.of(*_STORIES)[project] & _first_of(project, critical & ends)
    distance = np.abs(timeline.last - stories.started_on[project])
    expired = stories.of("permit_expired", "renewal_waits")[project]
    expires = np.where(told, np.where(expired, timeline.last - distance // 2, timeline.last + 8 + distance), expires)
    issued = np.where(told, expires - days, issued)
    permit_no: Ints = (curves.number[project] + 1) * 100 + permit
    columns: dict[str, object] = {
        "permit_id": ids("PMT", permit_no, 7),
        "document_no": ids("DOC-", permit_no * 7 % 1_000_003, 7),
        "project_id": names.take(pa.array(project)),
        "kind": Coded(PERMIT_CODES, permit),
        "is_operating_critical": critical,
        "issued_on": issued,
        "expires_on": np.where(ends, expires, NULL),
        "renewal_filed_on": np.full(len(project), NULL),
        # of some nobody has the paper on file, whatever their kind
        "evidence_id": ids("EVP", np.where(permit_no % 23 == 3, -1, permit_no), 8),
    }
    parts = [frame("permit", columns, np.full(len(project), timeline.first * DAY - 7_200))]
    lets_lapse = told & stories.of("permit_unfiled", "permit_expired")[project]
    for _ in range(_RENEWALS):
        filed = expires - random.integers(*_FILED_BEFORE, len(project))
        shown = ends & ~lets_lapse
        columns["issued_on"], columns["expires_on"], columns["renewal_filed_on"] = issued, expires, filed
        parts.append(_known(columns, filed, shown, chunk))
        # granted some days before the old one ends
        granted = expires - random.integers(2, 25, len(project))
        issued, expires = expires, expires + days
        columns["issued_on"], columns["expires_on"] = issued, expires
        columns["renewal_filed_on"] = np.full(len(project), NULL)
        parts.append(_known(columns, granted, shown & ~told, chunk))
        ends = ends & ~told
    return pa.concat_tables(parts)


def _first_of(project: Ints, chosen: Bools) -> Bools:
    """Of each project the first chosen row."""
    at = np.flatnonzero(chosen)
    first = np.zeros(len(project), dtype=np.bool_)
    first[at[np.unique(project[at], return_index=True)[1]]] = True
    return first


def _known(columns: dict[str, object], day: Ints, shown: Bools, chunk: Chunk) -> pa.Table:
    """Rows that become known on a day; those of before the first day as one learns them on taking over the books."""
    timeline = chunk.plan.timeline
    at = np.flatnonzero(shown & (day <= timeline.last))
    known = np.where(day < timeline.first, timeline.first * DAY - 7_100, day * DAY + 61_200)
    return frame("permit", columns, known).take(pa.array(at))
