"""The matrix of a project's review: the IFC performance standards, how each stands and what it lacks."""

from collections.abc import Iterator

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.panel import panel_words
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.rows import Row, as_rows, int_of, text_of

#: what a grade of a performance standard looks like; what has nothing open is green where it is settled as well, what
#: nobody knows never
_GRADES = {"red": "red", "amber": "amber", "open": "grey", "nothing_open": "grey", "not_assessed": "not_assessed"}
#: counts of a standard that are findings, in the order in which they are told
_FINDINGS = (
    "items_over_limit", "items_near_limit", "incidents_open", "permits_due", "permits_without_end", "permits_unproven",
    "permits_evidence_unknown", "incidents_unknown", "incidents_unverified", "incidents_verification_unknown",
    "items_unproven", "items_without_limit",
    "actions_overdue", "actions_open", "actions_unproven", "actions_evidence_unknown", "actions_done",
)  # fmt: skip
_COLUMNS = ("grade", "standard", "triggered", "risk", "finding")


def standard_sheet(source: ProjectInput, t: Catalogue) -> Sheet:
    """A row a standard: its grade, what was found, why it is not assessed, and what evidence it lacks."""
    rows = []
    for row in sorted(as_rows(source.standards), key=lambda row: str(row.get("standard"))):
        code = text_of(row, "standard") or ""
        grade = text_of(row, "grade") or "not_assessed"
        is_settled = row.get("is_settled") is True
        tone = "green" if is_settled else _GRADES.get(grade, "not_assessed")
        # two colours of one word would need a key: what it needs and nothing shows may still be open
        mark = Mark(t(f"standard_grade.{'unsettled' if grade == 'nothing_open' and not is_settled else grade}"), tone)
        name = f"{code} {t.label('performance_standard', code)}"
        counts = {key: int_of(row, key) or 0 for key in _FINDINGS}
        findings = [t(f"standard_finding.{key}", n=n) for key, n in counts.items() if n]
        told = t("list.join").join(findings)
        for lacks in _lacks(row, t):
            told = t("esg.standard_found", found=told, lacks=lacks) if told else lacks
        triggered = row.get("is_triggered") is True
        risk = t("esg.risk_high") if row.get("has_high_risk") is True else t("esg.risk_usual") if triggered else ""
        rows.append(
            (
                Cell("", mark),
                Cell(name, is_heading=True),
                Cell(t("esg.triggered") if triggered else t("esg.not_triggered"), is_whole=True),
                Cell(risk or t("none"), is_whole=True),
                Cell(told or t("none")),
            )
        )
    tables = {"esap_action", "esg_incident", "permit", "esg_item"}
    return Sheet(
        title=t("esg.standards"),
        hint=t("esg.standards_hint"),
        columns=tuple((t(f"esg_column.{name}"), False) for name in _COLUMNS),
        rows=tuple(rows),
        said=panel_words(
            t("esg.standards_empty"),
            is_empty=not rows,
            rests_on=tables,
            notes=source.notes,
            withheld=source.withheld,
            t=t,
        ),
    )


def _lacks(row: Row, t: Catalogue) -> Iterator[str]:
    """Why a standard is not assessed, what evidence it needs that is not on file, and what nothing here can show."""
    reason = text_of(row, "reason")
    own = "en" if t.language == "en" else "zh"
    needed, unshown = text_of(row, f"needed_{own}"), text_of(row, f"unshown_{own}")
    why = t.label("standard_reason", reason) if reason else ""
    if needed and reason == "nothing_known":
        yield t("esg.standard_lacks", reason=why, needed=needed)
    else:
        yield from filter(None, (why, needed and t("esg.standard_still", needed=needed)))
    if unshown:
        yield t("esg.standard_unshown", needed=unshown)
