"""Paper: any of our HTML pages as a PDF with the same words, so that a page is written once."""

from nightdesk.render.paper.printing import printed

__all__ = ["printed"]
