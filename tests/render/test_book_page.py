"""The tables of the book's page: what of them stands there tonight, and that a reader can reckon an intensity anew."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from project_sample import NOTES

from nightdesk.render.book import BookInput, book_view
from nightdesk.render.book_tables import PORTFOLIO
from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.table_spec import SectionSpec

YEAR: dict[str, Any] = {
    "year": 2025, "report_due_on": None, "pcaf_class": "project_finance", "scope": 1, "not_due_count": 0,
    "financed_t": Decimal("5888.1234"), "covered_amt": Decimal("334123456.78"), "coverage_pct": Decimal("95.5"),
    "intensity_t_per_million": Decimal("17.6226"), "outstanding_amt": Decimal("349867493.0"), "covered_count": 3,
    "uncovered_count": 1, "unknown_count": 0, "weighted_quality": Decimal("2.5"), "unscored_count": 0,
}  # fmt: skip


def table(language: Language, *rows: dict[str, Any]) -> list[dict[str, str]]:
    """The table of emissions by year and scope, as a page of this language has it: cells by heading."""
    spec = next(one for section in PORTFOLIO for one in section.summaries if one.name == "emission_scope")
    source = BookInput(
        kind="portfolio",
        business_date=date(2026, 3, 31),
        revision=1,
        restated=False,
        language=language,
        notes=NOTES,
        sections=(SectionSpec("emission", (spec,), ()),),
        rows={spec.model: rows} | {f"esg_portfolio.{name}": [] for name in ("emission_quality",)},
        headline={},
    )
    (shown,) = book_view(source).sections[0].tables
    heads = [head for head, _ in shown.columns]
    return [dict(zip(heads, (cell.text for cell in row), strict=True)) for row in shown.rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_an_intensity_on_the_page_then_the_figures_beside_it_give_the_same(language: Language) -> None:
    (row,) = table(language, YEAR)
    figures = [Decimal(re.sub(",", "", text)) for text in row.values() if re.fullmatch(r"[\d,]+(\.\d+)?", text)]
    tonnes, covered, intensity = figures[1:4]
    assert (tonnes, covered) == (Decimal("5888.12"), Decimal("334.1235"))
    assert round(tonnes / covered, 2) == intensity == Decimal("17.62")


def test_given_a_year_that_is_due_then_the_page_has_no_column_of_what_is_not_due_and_else_it_has() -> None:
    (due,) = table("en", YEAR)
    early, _ = table("en", YEAR | {"report_due_on": date(2026, 6, 30), "not_due_count": 4}, YEAR | {"year": 2024})
    assert set(early) - set(due) == {"Report due", "Of them not due yet"}
    assert set(due) - set(early) == set()
