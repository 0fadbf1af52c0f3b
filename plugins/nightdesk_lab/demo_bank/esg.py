"""Tables of environmental and social review: permit, esap_action, esg_incident, esg_item, report_due."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import project_ids

_PERMITS = ("environmental_impact", "pollutant_discharge", "land_use", "water_abstraction")
_ACTIONS = (
    ("PS1", "环境社会管理体系 management system"),
    ("PS2", "劳工申诉机制 worker grievance mechanism"),
    ("PS3", "废水在线监测 effluent monitoring"),
    ("PS4", "社区交通安全 traffic safety"),
    ("PS5", "移民安置补偿 resettlement compensation"),
    ("PS6", "生态补偿 biodiversity offset"),
)
#: (code, unit, target, permit limit), in ten-thousandths
_ITEMS = (
    ("so2", "mg/m3", 250_000, 500_000),
    ("nox", "mg/m3", 600_000, 1_000_000),
    ("cod_water", "mg/l", 300_000, 600_000),
    ("energy", "MWh", 12_000_000, NULL),
    ("ltifr", "per 1m hours", 10_000, NULL),
    ("grievances_open", "count", 20_000, NULL),
)
_INCIDENTS = ("penalty", "accident", "fatality", "spill", "grievance", "stop_order")


def esg_frames(chunk: Chunk, curves: Curves) -> dict[str, pa.Table]:
    """The tables of a chunk's projects; empty where it has none."""
    if not curves.size:
        return {}
    names = project_ids(curves)
    return {
        "permit": _permits(chunk, curves, names),
        "esap_action": _actions(chunk, curves, names),
        "esg_incident": _incidents(chunk, curves, names),
        "esg_item": _items(chunk, curves, names),
    }


def _permits(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """Healthy projects hold permits for years; in two stories the critical one ends soon, or has ended."""
    timeline = chunk.plan.timeline
    random = chunk.random("permits")
    project = np.repeat(np.arange(curves.size), len(_PERMITS))
    kind = np.tile(np.arange(len(_PERMITS)), curves.size)
    expires = timeline.last + random.integers(200, 1_500, len(project))
    critical = kind == 1
    soon = curves.stories.of("permit_expiring")[project] & critical
    expires = np.where(soon, timeline.last + 15 + project % 40, expires)
    gone = curves.stories.of("permit_expired")[project] & critical
    expires = np.where(gone, timeline.last - 9, expires)
    return frame(
        "permit",
        {
            "permit_id": ids("PMT", (curves.number[project] + 1) * 10 + kind, 6),
            "project_id": names.take(pa.array(project)),
            "kind": Coded(_PERMITS, kind),
            "is_operating_critical": critical,
            "issued_on": np.minimum(curves.approved[project], expires - 400),
            "expires_on": expires,
            "renewal_filed_on": np.full(len(project), NULL),
        },
        np.full(len(project), timeline.first * DAY - 7_200),
    )


def _actions(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """The action plan: done on time, or left undone in one story. One version open, one done."""
    timeline = chunk.plan.timeline
    random = chunk.random("actions")
    project = np.repeat(np.arange(curves.size), len(_ACTIONS))
    number = np.tile(np.arange(len(_ACTIONS)), curves.size)
    due = timeline.first + random.integers(-60, timeline.days + 240, len(project))
    done = np.minimum(due - 6 + random.integers(0, 8, len(project)), due + 1)
    story = curves.stories.of("esap_overdue", "environmental_penalty")[project] & (number == 2)
    due = np.where(story, np.maximum(curves.stories.started_on[project] + 10, timeline.first), due)
    due = np.where(story, np.minimum(due, timeline.last - 40), due)
    done = np.where(story | (done > timeline.last), NULL, done)
    columns: dict[str, object] = {
        "action_id": ids("ACT", (curves.number[project] + 1) * 10 + number, 6),
        "project_id": names.take(pa.array(project)),
        "standard": Coded([standard for standard, _ in _ACTIONS], number),
        "description": Coded([text for _, text in _ACTIONS], number),
        "owner": "项目公司 project company",
        "priority": Coded(("high", "medium", "low"), np.where(story, project % 2, number % 3)),
        "due_on": due,
        "done_on": np.full(len(project), NULL),
    }
    first = frame("esap_action", columns, np.full(len(project), timeline.first * DAY - 7_200))
    at = np.flatnonzero((done != NULL) & (done >= timeline.first - 1))
    early = np.flatnonzero((done != NULL) & (done < timeline.first - 1))
    columns["done_on"] = done
    columns["evidence_id"] = ids("EV", (curves.number[project] + 1) * 10 + number, 6)
    final = frame("esap_action", columns, np.where(done == NULL, 0, done) * DAY + 61_200)
    before = frame("esap_action", columns, np.full(len(project), timeline.first * DAY - 7_100))
    return pa.concat_tables([first, before.take(pa.array(early)), final.take(pa.array(at))])


def _incidents(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """A penalty, then an order to stop, where the story says so; small grievances elsewhere, closed in weeks."""
    timeline = chunk.plan.timeline
    random = chunk.random("incidents")
    told = np.flatnonzero(curves.stories.of("environmental_penalty"))
    small = np.flatnonzero((random.random(curves.size) < 0.25) & (curves.stories.kind < 0))
    started = curves.stories.started_on[told] + 5
    project = np.r_[told, told, small]
    kind = np.r_[np.zeros(len(told)), np.full(len(told), 5), np.full(len(small), 4)].astype(np.int64)
    occurred = np.r_[started, started + 35, timeline.first + random.integers(0, max(timeline.days - 60, 1), len(small))]
    amount = np.r_[np.full(len(told), 35_000_000), np.full(len(told), NULL), np.full(len(small), NULL)]
    closed = np.r_[np.full(2 * len(told), NULL), occurred[2 * len(told) :] + 25]
    shown = occurred + 3 <= timeline.last
    project, kind, occurred, amount, closed = (array[shown] for array in (project, kind, occurred, amount, closed))
    columns: dict[str, object] = {
        "incident_id": ids("INC", (curves.number[project] + 1) * 10 + kind, 6),
        "project_id": names.take(pa.array(project)),
        "client_id": chunk.client_ids.take(pa.array(curves.owner[project])),
        "kind": Coded(_INCIDENTS, kind),
        "occurred_on": occurred,
        "published_on": occurred + 3,
        "amount": amount,
        "closed_on": np.full(len(project), NULL),
        "source": Coded(
            ("生态环境局 Ecology and Environment Bureau", "项目周报 project weekly"), (kind == 4).astype(np.int64)
        ),
    }
    first = frame("esg_incident", columns, (occurred + 3) * DAY + 64_800)
    at = np.flatnonzero((closed != NULL) & (closed <= timeline.last))
    columns["closed_on"] = closed
    final = frame("esg_incident", columns, np.where(closed == NULL, 0, closed) * DAY + 64_800)
    return pa.concat_tables([first, final.take(pa.array(at))])


def _items(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    timeline = chunk.plan.timeline
    random = chunk.random("items")
    ends = timeline.month_starts[1:] - 1
    ends = ends[(timeline.calendar_month % 3 == 0) & (ends + 25 <= timeline.last)]
    shape = (curves.size, len(ends), len(_ITEMS))
    project, quarter, item = (array.ravel() for array in np.indices(shape))
    target = np.array([row[2] for row in _ITEMS])[item]
    over = curves.stories.of("environmental_penalty")[project] & (
        ends[quarter] >= curves.stories.started_on[project] if len(ends) else False
    )
    value = (target * np.where(over & (item < 3), 2.2, 0.7 + 0.35 * random.random(len(project)))).astype(np.int64)
    evidence: Ints = (curves.number[project] + 1) * 100 + quarter * 10 + item
    return frame(
        "esg_item",
        {
            "project_id": names.take(pa.array(project)),
            "period_end": ends[quarter],
            "item": Coded([row[0] for row in _ITEMS], item),
            "value": value,
            "unit": Coded([row[1] for row in _ITEMS], item),
            "target": target,
            "permit_limit": np.array([row[3] for row in _ITEMS])[item],
            "evidence_id": ids("EVI", np.where(random.random(len(project)) < 0.9, evidence, -1), 8),
            "evidence_on": ends[quarter] + 20,
        },
        (ends[quarter] + 25) * DAY + 57_600,
    )
