"""Exports that no night keeps: what pages show beside kept tables, made when asked."""

from pathlib import Path

from nightdesk.reading.published import write_text
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.book_tables import PORTFOLIO
from nightdesk.render.disclosure_tables import DISCLOSURE
from nightdesk.settings import sql_root
from nightdesk.sql_text import literal

#: export name -> model: each file of a layer's folder `export`, the figures of a project over its periods, who stands
#: behind it, what became so after a review of it was prepared, and every table of the book
BEHIND_PAGES: dict[str, str] = {
    **{path.stem: f"{path.parts[-3]}_export.{path.stem}" for path in sorted(sql_root().glob("*/export/*.sql"))},
    "kpi_history": "asked.kpi_history",
    "project_party": "asked.project_party",
    "later_fact": "esg_signing.later_fact",
    "portfolio_headline": "esg_portfolio.headline",
    **{
        table.model.removeprefix("esg_").replace(".", "_"): table.model
        for section in (*PORTFOLIO, *DISCLOSURE)
        for table in (*section.summaries, *section.lists)
    },
}


def export_behind(night: PublishedNight, name: str, form: str, out: Path | None) -> str | None:
    """Write one of them as published tables are written: its columns in the model's order, its rows in that of all."""
    table = BEHIND_PAGES[name]
    rows = night.inputs.ask(table.removeprefix("asked."))
    if form == "parquet":
        night.engine.execute(f"copy (select * from {table} order by all) to {literal(str(out))} (format parquet)")
        return None
    return write_text(rows, list(night.engine.columns(table)), form, out)
