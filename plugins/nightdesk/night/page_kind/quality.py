"""The quality page: what the checks of the night found."""

from collections.abc import Iterator
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages
from nightdesk.night.quality import quality_input
from nightdesk.render.outputs import write_quality
from nightdesk.render.quality import render_quality


def pages(night: Pages) -> Iterator[Page]:
    """One page of the night."""
    published = night.night

    def write(folder: Path) -> None:
        made = quality_input(
            published.night, published.inputs, published.engine, night.notes, published.publication.revision
        )
        write_quality(folder, render_quality(made))

    yield Page("quality", write)
