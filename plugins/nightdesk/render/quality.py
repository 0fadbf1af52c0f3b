"""The quality page: both languages on one page, failures first, keys masked; and its twin for machines."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.inputs import QualityInput
from nightdesk.render.masking import masked_key
from nightdesk.render.quality_rows import HOLDS, QUARANTINE, WARNING, Bilingual, findings_of, kind_of
from nightdesk.render.rows import Row, as_rows, flag_of, int_of, text_of

COUNTS = ("rows_read", "duplicates", "superseded", "rows_in", "used", "quarantined", "late")
#: what failed checks do, the gravest first
EFFECTS = (HOLDS, QUARANTINE, WARNING)


@dataclass(frozen=True)
class RenderedQuality:
    """The page, and the same facts for machines as JSON text with sorted keys."""

    html: str
    twin: dict[str, object]

    @property
    def json(self) -> str:
        """The twin as written to quality.json."""
        return json.dumps(self.twin, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def render_quality(source: QualityInput) -> RenderedQuality:
    """The quality page of one night and its twin. The same input gives the same bytes."""
    twin = quality_twin(source)
    both = Bilingual()
    totals = _totals(source)
    page = fill(
        "quality.html.j2",
        source=source,
        twin=twin,
        findings=findings_of(source.expectations, source.quarantine, both),
        passed=_passed(source),
        tables=_tables(source),
        totals={
            "unequal": [row for row in totals if not flag_of(row, "success")],
            "equal": [row for row in totals if flag_of(row, "success")],
        },
        both=both,
        f=Figures("en", source.notes.base_ccy),
        styles=styles("base", "quality"),
    )
    return RenderedQuality(page, twin)


def quality_twin(source: QualityInput) -> dict[str, object]:
    """What the page says, as plain JSON values: decimals as strings, dates in ISO, keys masked."""
    tables = [_plain(row) | {"balanced": _balanced(row)} for row in _tables(source)]
    checks = [_plain(row) | {"effect": kind_of(row)} for row in as_rows(source.expectations)]
    totals = [_plain(row) for row in _totals(source)]
    failed = [row for row in checks if row.get("success") is not True]
    return {
        "business_date": source.business_date.isoformat(),
        "revision": source.revision,
        "published": source.held is None and source.revision is not None,
        "held": source.held,
        "cutoff": source.notes.cutoff.isoformat(),
        "policy_version": source.notes.policy_version,
        "not_supplied": sorted(source.notes.not_supplied),
        "failed": len(failed)
        + sum(row.get("success") is not True for row in totals)
        + sum(row["balanced"] is False for row in tables),
        "holds": sum(row["effect"] == "holds" for row in failed),
        "warnings": sum(row["effect"] == "warning" for row in failed),
        "quarantined_rows": sum(int_of(row, "quarantined") or 0 for row in tables),
        "tables": tables,
        "expectations": checks,
        "control_totals": totals,
        "quarantine": [
            _plain(row) | {"row_key": masked_key(text_of(row, "row_key") or "")} for row in _sorted_quarantine(source)
        ],
    }


def _plain(row: Row) -> dict[str, object]:
    return {
        name: str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
    }


def _balanced(row: Row) -> bool | None:
    """Whether nothing was lost on the way; None for a table that was not supplied."""
    if row.get("supplied") is False:
        return None
    counts = {name: int_of(row, name) or 0 for name in COUNTS}
    taken = counts["rows_read"] - counts["duplicates"] - counts["superseded"]
    return taken == counts["rows_in"] == counts["used"] + counts["quarantined"] + counts["late"]


def _tables(source: QualityInput) -> list[dict[str, object]]:
    rows = [dict(row) for row in as_rows(source.tables)]
    effects: dict[str, set[str]] = {}
    for check in as_rows(source.expectations):
        if not flag_of(check, "success"):
            effects.setdefault(str(check["table_name"]), set()).add(kind_of(check))
    for row in rows:
        found = effects.get(str(row["table_name"]), set())
        row["failed"] = bool(found)
        row["effect"] = next((effect for effect in EFFECTS if effect in found), None)
    rows.sort(
        key=lambda row: (
            row.get("supplied") is False,
            EFFECTS.index(str(row["effect"])) if row["effect"] else len(EFFECTS),
            str(row["table_name"]),
        )
    )
    return rows


def _passed(source: QualityInput) -> list[dict[str, object]]:
    """Checks that passed, with what they would have done."""
    rows = [row | {"effect": kind_of(row)} for row in as_rows(source.expectations) if flag_of(row, "success")]
    return sorted(
        rows, key=lambda row: (str(row["table_name"]), str(row["expectation"]), str(row.get("column_name") or ""))
    )


def _totals(source: QualityInput) -> list[dict[str, object]]:
    return sorted(
        (dict(row) for row in as_rows(source.totals)),
        key=lambda row: (
            flag_of(row, "success"),
            str(row["table_name"]),
            str(row.get("branch_id") or ""),
            str(row.get("ccy") or ""),
        ),
    )


def _sorted_quarantine(source: QualityInput) -> list[dict[str, object]]:
    return sorted(
        (dict(row) for row in as_rows(source.quarantine)),
        key=lambda row: (str(row["table_name"]), str(row["rule"]), str(row["row_key"])),
    )
