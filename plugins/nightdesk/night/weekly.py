"""The week of each branch on demand: written, and mailed to its head where told. No night pays for it."""

from collections.abc import Callable
from pathlib import Path

from nightdesk.desk.outbox import WEEKLY
from nightdesk.desk.publication import Publication
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.night.each import Each
from nightdesk.night.letters import Letter, Told, send_letters
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.weekly import branch_heads, week_inputs
from nightdesk.render.book import render_book
from nightdesk.render.book_output import write_page
from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import catalogue
from nightdesk.render.environment import fill
from nightdesk.render.outputs import path_part
from nightdesk.render.weekly import WeekInput, week_page, week_text
from nightdesk.settings import Settings

_HEADS = f"{WEEKLY}heads"
#: a branch that gets no figures by mail is told where they lie
_LINK_ONLY = "link_only"


def week_folder(settings: Settings, publication: Publication) -> Path:
    """Where the weeks that end with a night lie."""
    return settings.home / "weekly" / str(publication.business_date)


def write_weeks(
    settings: Settings,
    publication: Publication,
    *,
    branch_id: str | None = None,
    out: Path | None = None,
) -> list[Path]:
    """Write the week of each branch, or of one, each on its own: page, PDF and workbook; returns the pages.

    Raises Unrendered or StoreError at the end, naming those that could not be made.
    """
    each = Each("page", publication.profile, publication.business_date)
    folder, pages = out or week_folder(settings, publication), []
    with PublishedNight(settings, publication) as night:
        for branch, source in week_inputs(night, branch_id).items():
            with each.one(f"weekly {branch}"):
                pages.append(write_page(folder / path_part(branch), week_page(source)))
    each.require_all()
    return pages


def send_weeks(settings: Settings, publication: Publication, *, branch_id: str | None = None) -> list[Told]:
    """Mail the week of each branch, or of one, to its heads, once a revision; a branch without one gets none.

    Raises Unrendered or StoreError at the end, naming those that could not be made; all others have left by then.
    """
    with PublishedNight(settings, publication) as night:
        heads, sources = branch_heads(night), week_inputs(night, branch_id)
    letters = [
        Letter(_HEADS, branch, source.language, to, _maker(settings, publication, source))
        for branch, source in sources.items()
        if (to := Mailboxes(read_mailboxes(";".join(heads.get(branch, []))).addresses))
    ]
    return send_letters(settings, publication, letters)


def _maker(settings: Settings, publication: Publication, source: WeekInput) -> Callable[[], tuple[str, str, str]]:
    """What makes subject, text and HTML of the mail."""

    def make() -> tuple[str, str, str]:
        t = catalogue(source.language)
        subject = t("weekly.subject", date=source.business_date, branch=source.branch["branch_id"])
        if source.branch["mail_mode"] == _LINK_ONLY:
            text = t("weekly.where", folder=week_folder(settings, publication)) + "\n"
            return subject, text, fill("operators.html.j2", text=text)
        return subject, week_text(source), inlined(render_book(week_page(source)))

    return make
