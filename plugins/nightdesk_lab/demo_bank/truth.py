"""What the bank was made of: who lives which story (CSV), and which rows are dirty (JSON). No night ever reads it."""

import csv
import io
import json
from pathlib import Path

import numpy as np

from nightdesk_lab.demo_bank.control import ControlTotals
from nightdesk_lab.demo_bank.dirt import Dirt
from nightdesk_lab.demo_bank.frames import NULL, Ints
from nightdesk_lab.demo_bank.kinds import KINDS
from nightdesk_lab.demo_bank.plan import Plan
from nightdesk_lab.demo_bank.stories import CURED, OPEN, REPAID, WRITTEN_OFF
from nightdesk_lab.demo_bank.timeline import from_epoch

#: columns of the truth file; the first seven are what judges a warning, the rest says why
COLUMNS = (
    "client_id", "story", "event", "event_date", "first_visible_on", "groups", "is_look_alike",
    "project_id", "started_on", "first_unpaid_on", "ended_on", "ending", "tables",
)  # fmt: skip
_ENDINGS = {OPEN: "", CURED: "cured", REPAID: "repaid", WRITTEN_OFF: "written_off"}
#: days from the end of a quarter or a month until a table tells of it
_TOLD_AFTER = {
    "statement": (3, 30), "covenant_test": (3, 20), "project_cashflow": (3, 20), "project_progress": (1, 5),
    "report_due": (3, 46), "account_covenant": (1, 3),
}  # fmt: skip


def story_records(plan: Plan) -> list[dict[str, str]]:
    """One record per client with a story: a default is an event once it has happened by the last day."""
    book, last = plan.stories, plan.timeline.last
    visible = _first_visible(plan)
    records = []
    for at in np.flatnonzero(book.kind >= 0).tolist():
        kind = KINDS[int(book.kind[at])]
        default_on, project = int(book.default_on[at]), int(plan.clients.project[at])
        is_default = NULL < default_on <= last
        records.append(
            {
                "client_id": f"C{at + 1:06d}",
                "story": kind.name,
                "event": "default" if is_default else "none",
                "event_date": _iso(default_on) if is_default else "",
                "first_visible_on": _iso(int(visible[at])),
                "groups": " ".join(kind.groups),
                "is_look_alike": str(kind.is_look_alike).lower(),
                "project_id": f"PRJ{project + 1:05d}" if project >= 0 else "",
                "started_on": _iso(int(book.started_on[at])),
                "first_unpaid_on": _iso(int(book.first_unpaid[at])),
                "ended_on": _iso(int(book.resolved_on[at])),
                "ending": _ENDINGS[int(book.ending[at])],
                "tables": " ".join(kind.tables),
            }
        )
    return records


def _iso(day: int) -> str:
    return "" if day == NULL else from_epoch(day).isoformat()


def _first_visible(plan: Plan) -> Ints:
    """The first day of the bank on which a table can show the story: when it begins, or when a report tells of it."""
    book, timeline = plan.stories, plan.timeline
    start = np.where(book.kind < 0, timeline.first, np.maximum(book.started_on, timeline.first))
    visible = start.copy()
    month = timeline.month_of(start)
    calendar_month = (month + int(timeline.calendar_month[0]) - 1) % 12
    for table, (every, lag) in _TOLD_AFTER.items():
        # an ESG report beside the others is due on a day of its own
        tells = np.array([table == kind.tables[0] and not kind.name.startswith("report_") for kind in KINDS])[book.kind]
        tells &= book.kind >= 0
        end = timeline.month_start(month + every - calendar_month % every) - 1
        visible = np.where(tells, end + lag, visible)
    unpaid = np.where(book.first_unpaid == NULL, timeline.last, np.maximum(book.first_unpaid + 1, timeline.first))
    return np.minimum(np.minimum(visible, unpaid), timeline.last)


def write_truth(path: Path, plan: Plan) -> None:
    """Writes the stories, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(story_records(plan))
    _write(path, text.getvalue())


def write_dirt(
    path: Path, plan: Plan, dirt: Dirt, totals: ControlTotals, broken: list[str], arguments: dict[str, object]
) -> None:
    """Writes the bank's arguments and its dirt, whole or not at all."""
    content = {
        "arguments": arguments,
        "first_day": from_epoch(plan.timeline.first).isoformat(),
        "last_day": from_epoch(plan.timeline.last).isoformat(),
        "broken_control_total": {"on": _iso(totals.broken_on) or None, "rows": broken},
        "dirt": dirt.records,
    }
    _write(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
