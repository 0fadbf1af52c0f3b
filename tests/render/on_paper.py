"""What a printed page lacks of its HTML: to be asked of a page of each kind."""

import io
from pathlib import Path

from pypdf import PdfReader

from nightdesk.render.paper import fonts
from nightdesk.render.paper.markup import parsed


def lacking(html: str, pdf: bytes) -> list[str]:
    """Headings that the paper lacks, and the mark that stands for a letter which no font has; [] where all is there.

    Spaces are not compared: paper breaks its lines elsewhere.
    """
    text = "".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())
    headings = [element.text() for level in ("h1", "h2", "h3") for element in parsed(html).find(level)]
    assert headings, "a page without a heading proves nothing"
    found = [heading for heading in headings if "".join(heading.split()) not in text]
    return [*found, *([fonts.MISSING] if fonts.MISSING in text else [])]


def lacking_beside(page: Path) -> list[str]:
    """The same of a page and the PDF beside it."""
    return lacking(page.read_text(encoding="utf-8"), page.with_suffix(".pdf").read_bytes())
