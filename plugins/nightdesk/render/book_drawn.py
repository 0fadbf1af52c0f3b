"""What the charts of the review of the whole book are drawn with."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.drawing import Box, Dot, Key, Stroke, Word, keyed
from nightdesk.render.figures import Figures
from nightdesk.render.project_model import Chart
from nightdesk.render.rows import Row

Rows = Sequence[Row]


@dataclass(frozen=True)
class BookDrawn:
    """What charts of the book are drawn with."""

    t: Catalogue
    f: Figures

    def chart(
        self,
        name: str,
        columns: Sequence[tuple[str, bool]],
        rows: Sequence[tuple[str, ...]],
        height: int,
        shapes: Sequence[Stroke | Dot | Box | Word],
        keys: Sequence[Key] = (),
        **values: object,
    ) -> Chart:
        """A chart of the family `book_chart`; its columns are headed as those of the page's tables."""
        return Chart(
            title=self.t(f"book_chart.{name}", **values),
            drawing=keyed(height, shapes, keys),
            table_title=self.t("esg_chart.table"),
            columns=tuple((self.t(f"book_column.{column}"), is_number) for column, is_number in columns),
            rows=tuple(rows),
        )
