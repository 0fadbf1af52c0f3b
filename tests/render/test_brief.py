"""The brief for a visit: one sheet of paper whatever the client's file holds, and what was left out is counted."""

import io

import pytest
from brief_sample import DAY, full_brief
from on_paper import lacking
from pypdf import PdfReader

from nightdesk.render.brief import brief_page
from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.client_page import render_client_page
from nightdesk.render.paper import printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_every_section_filled_to_its_limit_with_the_longest_sentences_then_it_prints_on_one_sheet(
    language: Language,
) -> None:
    html = render_client_page(brief_page(full_brief(language)))
    made = printed(html, DAY)
    assert lacking(html, made) == []
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) == 1
    assert float(pages[0].mediabox.width) == pytest.approx(595.28, abs=0.5), "A4"
