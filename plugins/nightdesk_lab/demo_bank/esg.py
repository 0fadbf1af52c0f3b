"""Tables of environmental and social review: actions, incidents, items, emissions, permits and prepared reviews."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.emissions import emission_frame
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.incident_words import mended, words
from nightdesk_lab.demo_bank.lending import project_ids
from nightdesk_lab.demo_bank.names import spoken
from nightdesk_lab.demo_bank.permits import permit_frame
from nightdesk_lab.demo_bank.prepared import prepared_frames
from nightdesk_lab.demo_bank.project_kinds import ITEM_CODES, ITEMS, measures
from nightdesk_lab.demo_bank.screening import screening_frame
from nightdesk_lab.demo_bank.stories import NEVER

_ACTIONS = (
    ("PS1", "环境社会管理体系", "Management system"),
    ("PS2", "劳工申诉机制", "Worker grievance mechanism"),
    ("PS3", "废水在线监测", "Effluent monitoring"),
    ("PS4", "社区交通安全", "Traffic safety"),
    ("PS5", "移民安置补偿", "Resettlement compensation"),
    ("PS6", "生态补偿", "Biodiversity offset"),
)
#: who owns actions, and who tells of incidents
_OWNER = (("项目公司", "Project company"),)
_TELLERS = (("生态环境局", "Ecology and Environment Bureau"), ("项目周报", "Project weekly"))
#: what is measured while a project is built
_ON_SITE = ("ltifr", "grievances_open", "dust", "noise_night")
_INCIDENTS = ("penalty", "accident", "fatality", "spill", "grievance", "stop_order")


def esg_frames(chunk: Chunk, curves: Curves) -> dict[str, pa.Table]:
    """The tables of a chunk's projects; empty where it has none."""
    if not curves.size:
        return {}
    names = project_ids(curves)
    return {
        "permit": permit_frame(chunk, curves, names),
        "esap_action": _actions(chunk, curves, names),
        "esg_incident": _incidents(chunk, curves, names),
        "esg_item": pa.concat_tables([_items(chunk, curves, names), screening_frame(chunk, curves, names)]),
        "emission": emission_frame(chunk, curves, names),
        **prepared_frames(chunk, curves, names),
    }


def hides_grievances(curves: Curves) -> Bools:
    """Mask of the one running project in sixty that reports no open grievance while some stand open."""
    return np.asarray(curves.number % 60 == 41)


def _actions(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """The action plan: done on time, or left undone in one story. One version open, one done."""
    timeline, stories = chunk.plan.timeline, curves.stories
    random = chunk.random("actions")
    project = np.repeat(np.arange(curves.size), len(_ACTIONS))
    number = np.tile(np.arange(len(_ACTIONS)), curves.size)
    due = timeline.first + random.integers(-60, timeline.days + 240, len(project))
    done = np.minimum(due - 6 + random.integers(0, 8, len(project)), due + 1)
    story = stories.of("esap_overdue", "environmental_penalty")[project] & (number == 2)
    due = np.where(story, np.maximum(stories.started_on[project] + 10, timeline.first), due)
    due = np.where(story, np.minimum(due, timeline.last - 40), due)
    slow = stories.of("action_done_late")[project] & (number == 3)
    due = np.where(slow, stories.started_on[project] + 10, due)
    done = np.where(slow, due + 15 + (70 * stories.depth[project]).astype(np.int64), done)
    done = np.where(story | (done > timeline.last), NULL, done)
    english = chunk.is_english(curves.owner[project])
    columns: dict[str, object] = {
        "action_id": ids("ACT", (curves.number[project] + 1) * 10 + number, 6),
        "project_id": names.take(pa.array(project)),
        "standard": Coded([standard for standard, _, _ in _ACTIONS], number),
        "description": spoken([(zh, en) for _, zh, en in _ACTIONS], number, english),
        "owner": spoken(_OWNER, np.zeros(len(project), dtype=np.int64), english),
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
    """A penalty, then an order to stop, where a story says so; elsewhere fines that are paid, orders that are lifted,
    small accidents and grievances, all closed within weeks."""
    timeline, stories = chunk.plan.timeline, curves.stories
    random = chunk.random("incidents")
    parts: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []

    def tell(at: Ints, kind: str, day: Ints, amount: Ints | int, closed: Ints) -> None:
        amounts = np.broadcast_to(np.asarray(amount, dtype=np.int64), (len(at),))
        parts.append((at.astype(np.int64), np.full(len(at), _INCIDENTS.index(kind)), day, amounts, closed))

    ill = np.flatnonzero(stories.of("environmental_penalty"))
    started = np.maximum(stories.started_on[ill], timeline.first - 60) + 5
    # closed when the plant runs clean again; open as long as it does not
    healed = stories.end_month[ill]
    closed = np.where(healed == NEVER, NULL, timeline.month_start(np.minimum(healed, timeline.months + 24)) + 9)
    fine = (8_000_000 + 60_000_000 * stories.depth[ill]).astype(np.int64)
    tell(ill, "penalty", started, fine, np.full(len(ill), NULL))
    tell(ill, "stop_order", started + 35, NULL, closed)
    lifted = np.flatnonzero(stories.of("stop_order_lifted"))
    day = stories.started_on[lifted] + 6
    tell(lifted, "stop_order", day, NULL, day + 12 + (25 * stories.depth[lifted]).astype(np.int64))
    stands = np.flatnonzero(stories.of("order_stands"))
    tell(stands, "stop_order", stories.started_on[stands], NULL, np.full(len(stands), NULL))
    tell(stands, "penalty", np.full(len(stands), timeline.last - 3), 30_000_000, np.full(len(stands), NULL))
    paid = np.flatnonzero(stories.of("fine_paid"))
    day = stories.started_on[paid] + 4
    tell(paid, "penalty", day, 2_000_000 + 1_500_000 * (paid % 6), day + 30)
    for name, a_year, weeks in (("grievance", 0.25, 4), ("accident", 0.06, 3), ("spill", 0.03, 2)):
        small = np.repeat(np.arange(curves.size), random.poisson(a_year * timeline.days / 365, curves.size))
        day = timeline.first + random.integers(0, timeline.days, len(small))
        closed = day + 7 * weeks + random.integers(0, 20, len(small))
        if name == "grievance":
            closed = np.where(hides_grievances(curves)[small], NULL, closed)
        tell(small, name, day, NULL, closed)
    # neighbours whom nobody answered, and who went to the authority
    silent = np.flatnonzero(hides_grievances(curves))
    tell(silent, "grievance", np.full(len(silent), timeline.last - 150), NULL, np.full(len(silent), NULL))
    project, kind, occurred, amount, closed = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    shown = np.flatnonzero(occurred + 3 <= timeline.last)
    project, kind, occurred, amount, closed = (array[shown] for array in (project, kind, occurred, amount, closed))
    number = chunk.number * 10_000 + np.arange(len(project))
    is_own = np.isin(kind, [_INCIDENTS.index(name) for name in ("grievance", "accident", "spill")])
    english = chunk.is_english(curves.owner[project])
    columns: dict[str, object] = {
        "incident_id": ids("INC", number, 8),
        "project_id": names.take(pa.array(project)),
        "client_id": chunk.client_ids.take(pa.array(curves.owner[project])),
        "kind": Coded(_INCIDENTS, kind),
        "occurred_on": occurred,
        "published_on": occurred + 3,
        "amount": amount,
        "closed_on": np.full(len(project), NULL),
        "source": spoken(_TELLERS, is_own.astype(np.int64), english),
        **words(_INCIDENTS, kind, number, english),
    }
    first = frame("esg_incident", columns, (occurred + 3) * DAY + 64_800)
    at = np.flatnonzero((closed != NULL) & (closed <= timeline.last))
    columns |= {"closed_on": closed, **mended(_INCIDENTS, kind, number, closed, english)}
    final = frame("esg_incident", columns, np.where(closed == NULL, 0, closed) * DAY + 64_800)
    return pa.concat_tables([first, final.take(pa.array(at))])


def _items(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """What a project of its trade measures, by quarter; above the permit's limit while a penalty's story is on."""
    timeline, stories = chunk.plan.timeline, curves.stories
    random = chunk.random("items")
    quarters = np.flatnonzero((timeline.calendar_month % 3 == 0) & (timeline.month_starts[1:] + 24 <= timeline.last))
    ends = timeline.month_starts[1:][quarters] - 1
    on_site = np.array([item.code in _ON_SITE for item in ITEMS])
    taken = measures()[curves.kind] & ((curves.stage == 1)[:, None] | on_site[None, :])
    project, quarter, item = (
        array.astype(np.int64) for array in np.nonzero(taken[:, None, :] & np.ones((1, len(ends), 1), dtype=np.bool_))
    )
    target = np.array([row.target for row in ITEMS])[item]
    limit = np.array([row.limit for row in ITEMS])[item]
    bad = np.where(stories.of("environmental_penalty"), 1.2 + 1.5 * stories.depth, 0.0)[project]
    level = stories.level(np.arange(timeline.months))[project, quarters[quarter]]
    usual = 0.55 + 0.4 * random.random((curves.size, len(ITEMS)))
    factor = usual[project, item] * np.exp(0.1 * random.standard_normal(len(project)))
    factor = np.where(limit > 0, np.minimum(factor, 0.97 * limit / target), factor)
    # over the limit from the quarter in which the story began
    over = (bad > 0) & (level > 0) & ((limit > 0) | (item < 2))
    value = np.where(over, np.maximum(limit, target) * (0.8 + bad / 2), target * factor).astype(np.int64)
    # a count is whole
    counted = np.array([row.unit == "count" for row in ITEMS])[item]
    value = np.where(counted, value // 10_000 * 10_000, value)
    hidden = hides_grievances(curves)[project] & (np.array(ITEM_CODES)[item] == "grievances_open")
    value = np.where(hidden, 0, value)
    evidence: Ints = (curves.number[project] + 1) * 10_000 + quarter * 100 + item
    return frame(
        "esg_item",
        {
            "project_id": names.take(pa.array(project)),
            "period_end": ends[quarter],
            "item": Coded(ITEM_CODES, item),
            "value": value,
            "unit": Coded([row.unit for row in ITEMS], item),
            "target": target,
            "permit_limit": np.where(limit > 0, limit, NULL),
            "evidence_id": ids("EVI", np.where(random.random(len(project)) < 0.9, evidence, -1), 9),
            "evidence_on": ends[quarter] + 20,
        },
        (ends[quarter] + 25) * DAY + 57_600,
    )
