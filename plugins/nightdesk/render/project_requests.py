"""What a project's category asks for and lacks, what to ask for first, and what is there already."""

from collections.abc import Mapping

from nightdesk.render.catalogue import Catalogue, Language
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.rows import Table, as_rows, int_of, text_of

#: what is missing is no finding about the project, so it colours no verdict
_TONES: Mapping[str, str] = {
    "missing": "amber",
    "not_recorded": "not_assessed",
    "held_back": "not_assessed",
}
_THERE = "there"


def requests_of(table: Table, language: Language, t: Catalogue) -> Sheet:
    """The section of one project, from its rows of esg.evidence_request."""
    rows = sorted(as_rows(table), key=lambda row: int_of(row, "place") or 0)
    if not rows:
        return Sheet(title=t("esg_request.title"), said=t("esg_request.empty"))
    category = text_of(rows[0], "category") or "unknown"
    name = "name_zh" if language == "zh_CN" else "name_en"
    lacking = [row for row in rows if text_of(row, "state") != _THERE]
    there = t("list.join").join(text_of(row, name) or "" for row in rows if text_of(row, "state") == _THERE)
    return Sheet(
        title=t("esg_request.title"),
        hint=t("esg_request.hint", category=t("esg_request.unknown") if category == "unknown" else category),
        columns=(
            (t("esg_request.place"), True),
            (t("esg_request.evidence"), False),
            (t("esg_request.applies"), False),
            (t("esg_column.state"), False),
        ),
        rows=tuple(
            (
                Cell(str(number), is_number=True),
                Cell(text_of(row, name) or "", is_heading=True),
                Cell(t(f"esg_request.{text_of(row, 'applies')}")),
                Cell("", _mark(text_of(row, "state") or "", t)),
            )
            for number, row in enumerate(lacking, 1)
        ),
        said=t("esg_request.there_already" if lacking else "esg_request.all_there", items=there) if there else "",
    )


def _mark(state: str, t: Catalogue) -> Mark:
    return Mark(t(f"esg_request.{state}"), _TONES[state])
