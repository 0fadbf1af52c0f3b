"""The head-office digest of the night: `digest.html`, and `.pdf`, `.xlsx`, `.txt` beside it, in the bank's language."""

from collections.abc import Callable, Iterator
from pathlib import Path

from nightdesk.night.page_kind import Page, Pages, paper
from nightdesk.reading.digest import digest_input, digest_language
from nightdesk.render.digest import digest_text, render_digest
from nightdesk.render.digest_book import digest_workbook
from nightdesk.whole_file import write_whole


def pages(night: Pages) -> Iterator[Page]:
    """One page of the night, and no name of a natural person on it."""
    published = night.night
    language = digest_language(published)

    def begin(folder: Path) -> Callable[[], object]:
        made = digest_input(published, night.notes)
        write_whole(folder / "digest.xlsx", digest_workbook(made, language))
        write_whole(folder / "digest.txt", digest_text(made, language).encode())
        return paper(folder / "digest.html", render_digest(made, language), published.publication.business_date)

    yield Page("digest", begin)
