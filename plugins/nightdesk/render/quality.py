"""The quality page: both languages on one page, failures first, keys masked; and its twin for machines."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.catalogue import catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.inputs import QualityInput
from nightdesk.render.masking import masked_key
from nightdesk.render.rows import Row, as_rows, flag_of, int_of, text_of

COUNTS = ("rows_read", "duplicates", "superseded", "rows_in", "used", "quarantined", "late")
#: keys that the page names of one rule; all of them are in the twin
KEYS_PER_RULE = 8


@dataclass(frozen=True)
class RenderedQuality:
    """The page, and the same facts for machines as JSON text with sorted keys."""

    html: str
    twin: dict[str, object]

    @property
    def json(self) -> str:
        """The twin as written to quality.json."""
        return json.dumps(self.twin, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    zh: str
    en: str


class Bilingual:
    """Messages in both languages at once."""

    def __init__(self) -> None:
        self.zh, self.en = catalogue("zh_CN"), catalogue("en")

    def __call__(self, key: str, **values: object) -> Both:
        """The message `key` in both languages."""
        return Both(self.zh(key, **values), self.en(key, **values))

    def label(self, family: str, code: object) -> Both:
        """The word for a code in both languages."""
        return Both(self.zh.label(family, code), self.en.label(family, code))


def render_quality(source: QualityInput) -> RenderedQuality:
    """The quality page of one night and its twin. The same input gives the same bytes."""
    twin = quality_twin(source)
    page = fill(
        "quality.html.j2",
        source=source,
        twin=twin,
        checks=_checks(source),
        tables=_tables(source),
        totals=_totals(source),
        quarantine=_quarantine(source),
        both=Bilingual(),
        f=Figures("en", source.notes.base_ccy),
        styles=styles("base", "quality"),
    )
    return RenderedQuality(page, twin)


def quality_twin(source: QualityInput) -> dict[str, object]:
    """What the page says, as plain JSON values: decimals as strings, dates in ISO, keys masked."""
    tables = [_plain(row) | {"balanced": _balanced(row)} for row in _tables(source)]
    checks = [_plain(row) for row in as_rows(source.expectations)]
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
    bad = {str(row["table_name"]) for row in as_rows(source.expectations) if not flag_of(row, "success")}
    for row in rows:
        row["failed"] = str(row["table_name"]) in bad
    rows.sort(key=lambda row: (row.get("supplied") is False, not row["failed"], str(row["table_name"])))
    return rows


def _checks(source: QualityInput) -> dict[str, list[dict[str, object]]]:
    """Checks that failed, critical ones first, and those that passed."""
    rows = sorted(
        as_rows(source.expectations),
        key=lambda row: (row.get("severity") != "critical", str(row["table_name"]), str(row["expectation"])),
    )
    return {
        "failed": [row for row in rows if not flag_of(row, "success")],
        "passed": [row for row in rows if flag_of(row, "success")],
    }


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


def _quarantine(source: QualityInput) -> list[dict[str, object]]:
    """Quarantined rows by table and rule, with some of their masked keys."""
    groups: dict[tuple[str, str], list[str]] = {}
    severities: dict[tuple[str, str], str] = {}
    for row in _sorted_quarantine(source):
        key = (str(row["table_name"]), str(row["rule"]))
        groups.setdefault(key, []).append(masked_key(text_of(row, "row_key") or ""))
        severities[key] = text_of(row, "severity") or ""
    groups = dict(sorted(groups.items(), key=lambda pair: (severities[pair[0]] != "critical", pair[0])))
    return [
        {
            "table_name": table,
            "rule": rule,
            "severity": severities[table, rule],
            "rows": len(keys),
            "keys": ", ".join(keys[:KEYS_PER_RULE]) + (" …" if len(keys) > KEYS_PER_RULE else ""),
        }
        for (table, rule), keys in groups.items()
    ]
