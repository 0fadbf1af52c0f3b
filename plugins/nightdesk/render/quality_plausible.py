"""Figures outside what their sector could have, as the quality page names them: whose, which, when, which line."""

from dataclasses import dataclass

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.quality_rows import Bilingual, Both
from nightdesk.render.rows import Row, Table, as_rows, decimal_of, text_of

#: rows that the page shows; its twin for machines has them all
SHOWN = 100


@dataclass(frozen=True)
class Implausible:
    """One figure: whose (a project, or a company by its number), measure, period, value, the range that is plausible,
    where that is from, and its trust."""

    holder_id: str
    name: str
    measure: Both
    period: str
    value: str
    range: str
    source: Both
    trust: Both


def implausible_of(table: Table, both: Bilingual) -> tuple[tuple[Implausible, ...], int]:
    """The figures by whose they are, measure and period, as many as the page shows, and how many there are."""
    rows = sorted(as_rows(table), key=lambda row: (_holder(row), str(row["measure"]), str(row["period"])))
    return tuple(_one(row, both) for row in rows[:SHOWN]), len(rows)


def _one(row: Row, both: Bilingual) -> Implausible:
    f = Figures("en", "")
    unit = text_of(row, "unit") or both.label("intensity_unit", text_of(row, "measure")).en
    lowest, highest = (f.trimmed(decimal_of(row, name)) for name in ("lowest", "highest"))
    return Implausible(
        holder_id=_holder(row),
        name=text_of(row, "name") or "",
        measure=Both(_measure(row, "measure_zh", both.zh), _measure(row, "measure_en", both.en)),
        period=text_of(row, "period") or "",
        value=f"{f.trimmed(decimal_of(row, 'value'))} {unit}".strip(),
        range=f"{lowest} – {highest}",
        source=Both(text_of(row, "source_zh") or "", text_of(row, "source_en") or ""),
        trust=both.label("trust_short", text_of(row, "trust")),
    )


def _holder(row: Row) -> str:
    return text_of(row, "project_id") or text_of(row, "client_id") or ""


def _measure(row: Row, column: str, t: Catalogue) -> str:
    return text_of(row, column) or t.label("intensity_measure", text_of(row, "measure"))
