"""The quality page: both languages on one page, failures first, keys masked; and its twin for machines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.inert import escaped
from nightdesk.render.made_of import QualityInput
from nightdesk.render.missing import release_words, table_word, table_words
from nightdesk.render.quality_cost import cost_of
from nightdesk.render.quality_plausible import implausible_of
from nightdesk.render.quality_rows import (
    HOLDS,
    QUARANTINE,
    RELEASED,
    WARNING,
    Bilingual,
    Both,
    Finding,
    findings_of,
    kind_of,
    was_told,
)
from nightdesk.render.rows import Row, as_rows, flag_of, int_of, text_of
from nightdesk.row_key import masked_key

COUNTS = ("rows_read", "duplicates", "superseded", "stored", "rows_in", "used", "quarantined", "late")
#: what failed checks do, the gravest first
EFFECTS = (HOLDS, RELEASED, QUARANTINE, WARNING)


@dataclass(frozen=True)
class RenderedQuality:
    """The page, and the same facts for machines as JSON text with sorted keys."""

    html: str
    twin: dict[str, object]

    @property
    def json(self) -> str:
        """The twin as written to quality.json."""
        return escaped(json.dumps(self.twin, ensure_ascii=False, indent=1, sort_keys=True)) + "\n"


def render_quality(source: QualityInput) -> RenderedQuality:
    """The quality page of one night and its twin. The same input gives the same bytes."""
    twin = quality_twin(source)
    both = Bilingual()
    totals, tables = _totals(source), _tables(source)
    findings = findings_of(source.expectations, source.quarantine, both, source.notes.released)
    page = fill(
        "quality.html.j2",
        source=source,
        twin=twin,
        findings=findings,
        legend=_legend(findings, tables),
        passed=_passed(source),
        tables=tables,
        totals={
            "unequal": [row for row in totals if not flag_of(row, "success")],
            "equal": [row for row in totals if flag_of(row, "success")],
        },
        both=both,
        cost=cost_of(source.cost),
        said=_said(source, both),
        lead=_lead(source, both),
        mails=_mails(source, both),
        implausible=implausible_of(source.implausible, both),
        read_as=_read_as(source, both),
        supplied={row["table_name"] for row in as_rows(source.tables) if row.get("supplied") is not False},
        f=Figures("en", source.notes.base_ccy),
        styles=styles("base", "quality"),
    )
    return RenderedQuality(page, twin)


def _mails(source: QualityInput, both: Bilingual) -> list[tuple[Both, int, list[str]]]:
    """What the mailbox of answers brought, by kind: how many mails, and a line for each row or address to look at."""
    rows = as_rows(source.answers)
    found = []
    for kind in dict.fromkeys(str(row["kind"]) for row in rows):
        same = [row for row in rows if row["kind"] == kind]
        lines = [
            f"{row['staff_id']} {line}" if row.get("staff_id") else line
            for row in same
            for line in str(row.get("detail") or "").splitlines()
        ]
        found.append((both.label("mail_kind", kind), len(same), lines))
    return found


def _legend(findings: Mapping[str, Sequence[Finding]], tables: Sequence[Row]) -> list[str]:
    """What the page's colours stand for, the gravest first; only those that are on it."""
    seen = [kind for kind in EFFECTS if findings[kind]]
    return [*seen, "pass", *(["not_assessed"] if not all(row["is_assessed"] for row in tables) else [])]


def quality_twin(source: QualityInput) -> dict[str, object]:
    """What the page says, as plain JSON values: decimals as strings, dates in ISO, keys masked."""
    tables = [_plain(row) | {"balanced": _balanced(row)} for row in _tables(source)]
    checks = [_plain(row) | {"effect": kind_of(row, source.notes.released)} for row in as_rows(source.expectations)]
    totals = [_plain(row) for row in _totals(source)]
    failed = [row for row in checks if row.get("success") is not True]
    return {
        "business_date": source.business_date.isoformat(),
        "revision": source.revision,
        "published": source.held is None and source.revision is not None,
        "held": "; ".join(source.held.what) if source.held else None,
        "is_releasable": source.held.is_releasable if source.held else None,
        "remedy": source.remedy or None,
        "source_snapshot": source.snapshot,
        "cutoff": source.notes.cutoff.isoformat(),
        "policy_version": source.notes.policy_version,
        "not_supplied": sorted(source.notes.not_supplied),
        "calendar_provisional_from": source.calendar_gap.first_day.isoformat() if source.calendar_gap else None,
        "not_assessed": sorted(source.notes.unassessed.tables),
        "not_point_in_time": sorted(source.notes.reconstructed),
        "gone": sorted(source.notes.gone),
        "read_as": sorted(source.notes.read_as),
        "released": [one.what for one in source.notes.released.checks] if source.notes.released else [],
        "failed": len(failed)
        + sum(row.get("success") is not True for row in totals)
        + sum(row["balanced"] is False for row in tables),
        "holds": _holding(source),
        "warnings": sum(row["effect"] == "warning" for row in failed),
        "class_count": _plain(source.class_count),
        **({"answers": [_plain(row) for row in as_rows(source.answers)]} if as_rows(source.answers) else {}),
        **(
            {"implausible": [_plain(row) for row in as_rows(source.implausible)]} if as_rows(source.implausible) else {}
        ),
        "quarantined_rows": sum(int_of(row, "quarantined") or 0 for row in tables),
        "quarantined_again": sum(was_told(row) for row in as_rows(source.quarantine)),
        "tables": tables,
        "expectations": checks,
        "control_totals": totals,
        "quarantine": [
            _plain(row) | {"row_key": masked_key(text_of(row, "row_key") or "")} for row in _sorted_quarantine(source)
        ],
    }


def _holding(source: QualityInput) -> int:
    """How many checks hold the night."""
    return sum(
        flag_of(row, "success") is not True and kind_of(row, source.notes.released) == "holds"
        for row in as_rows(source.expectations)
    )


def _lead(source: QualityInput, both: Bilingual) -> list[Both]:
    """What became of the night, before anything else: held, and how it goes on; or published, and who released it."""
    if source.held:
        held = both("quality.held", n=_holding(source) or len(source.held.what))  # one check may say several lines
        return [held, both("quality.held_releasable") if source.held.is_releasable else both("quality.held_fixed")]
    if source.revision is None:
        return [both("quality.not_published")]
    zh, en = (t("quality.published", revision=t("revision", n=source.revision)) for t in (both.zh, both.en))
    release = source.notes.released
    if release is None:
        return [Both(zh, en)]
    first = Both(*(said + t("quality.by_release") for said, t in ((zh, both.zh), (en, both.en))))
    return [first, Both(release_words(release, both.zh), release_words(release, both.en))]


def _said(source: QualityInput, both: Bilingual) -> list[Both]:
    """What the verdicts of this night do not rest on, a sentence each."""
    notes = source.notes
    named = {"quality.gone_note": notes.gone, "quality.reconstructed_note": notes.reconstructed}
    said = [
        Both(*(t(key, tables=table_words(tables, t)) for t in (both.zh, both.en)))
        for key, tables in named.items()
        if tables
    ]
    if unread := len(notes.unassessed.tables):
        said.append(both("quality.not_assessed_note", n=unread))
    if source.class_count.get("loans"):
        said.append(both("quality.class_note", **source.class_count))
    return said


def _read_as(source: QualityInput, both: Bilingual) -> list[tuple[str, Both, Both]]:
    """Absences that the contract gives a meaning: the code, what is absent, what it is read as."""
    return [
        (token, Both(table_word(token, both.zh), table_word(token, both.en)), Both(words["zh_CN"], words["en"]))
        for token, words in sorted(source.notes.read_as.items())
    ]


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
    taken = counts["rows_read"] - counts["duplicates"] - counts["superseded"] - counts["stored"]
    return taken == counts["rows_in"] == counts["used"] + counts["quarantined"] + counts["late"]


def _tables(source: QualityInput) -> list[dict[str, object]]:
    rows = [dict(row) for row in as_rows(source.tables)]
    unread = source.notes.unassessed.tables
    effects: dict[str, set[str]] = {}
    for check in as_rows(source.expectations):
        if not flag_of(check, "success"):
            effects.setdefault(str(check["table_name"]), set()).add(kind_of(check, source.notes.released))
    for row in rows:
        found = effects.get(str(row["table_name"]), set())
        row["failed"] = bool(found)
        row["is_assessed"] = row.get("supplied") is not False and row["table_name"] not in unread
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
    rows = [row | {"effect": kind_of(row, None)} for row in as_rows(source.expectations) if flag_of(row, "success")]
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
