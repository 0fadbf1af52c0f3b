"""The truth file: who lives which story since when, and which rows are dirty. Nothing else ever reads it."""

import json
from pathlib import Path

import numpy as np

from nightdesk_lab.demo_bank.control import ControlTotals
from nightdesk_lab.demo_bank.dirt import Dirt
from nightdesk_lab.demo_bank.frames import NULL
from nightdesk_lab.demo_bank.plan import Plan
from nightdesk_lab.demo_bank.stories import KINDS
from nightdesk_lab.demo_bank.timeline import from_epoch


def story_records(plan: Plan) -> list[dict[str, object]]:
    """One record per story, by client."""
    book = plan.stories
    records: list[dict[str, object]] = []
    for at in np.flatnonzero(book.kind >= 0).tolist():
        kind = KINDS[int(book.kind[at])]
        unpaid, default_on = int(book.first_unpaid[at]), int(book.default_on[at])
        project = int(plan.clients.project[at])
        records.append(
            {
                "client_id": f"C{at + 1:06d}",
                "branch_id": f"B{int(plan.clients.branch[at]) + 1:03d}",
                "project_id": f"PRJ{project + 1:05d}" if project >= 0 else None,
                "story": kind.name,
                "is_decline": kind.is_decline,
                "looks_ill_only": not kind.is_ill,
                "started_on": from_epoch(int(book.started_on[at])).isoformat(),
                "first_unpaid_on": None if unpaid == NULL else from_epoch(unpaid).isoformat(),
                "default_on": from_epoch(default_on).isoformat() if NULL < default_on <= plan.timeline.last else None,
                "expected": list(kind.expected),
            }
        )
    return records


def write_truth(
    path: Path, plan: Plan, dirt: Dirt, totals: ControlTotals, broken: list[str], arguments: dict[str, object]
) -> None:
    """Writes the file, whole or not at all."""
    content = {
        "arguments": arguments,
        "first_day": from_epoch(plan.timeline.first).isoformat(),
        "last_day": from_epoch(plan.timeline.last).isoformat(),
        "stories": story_records(plan),
        "broken_control_total": {
            "on": None if totals.broken_on == NULL else from_epoch(totals.broken_on).isoformat(),
            "rows": broken,
        },
        "dirt": dirt.records,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
