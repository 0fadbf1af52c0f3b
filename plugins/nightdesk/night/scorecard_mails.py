"""Scorecards by mail, when told: to each person the own one, then to each branch's heads those of their people."""

from collections.abc import Callable

from nightdesk.desk.publication import Publication
from nightdesk.mailboxes import read_mailboxes
from nightdesk.night.letters import Letter, Told, send_once
from nightdesk.night.scorecards import issued_pages
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.weekly import branch_heads
from nightdesk.render.book import BookInput, render_book
from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.settings import Settings

_ACT = "scorecard_sent"


def send_scorecards(settings: Settings, publication: Publication, *, staff_id: str | None = None) -> list[Told]:
    """Mail what `issue_scorecards` writes, once a revision of the night: whoever has no address gets none.

    With `staff_id` that person alone. Addresses come from the staff register.
    """
    own, branches = issued_pages(settings, publication, staff_id=staff_id)
    with PublishedNight(settings, publication) as night:
        boxes = {row["staff_id"]: row["email"] for row in night.source("staff", "staff_id")}
        heads = branch_heads(night)
        letters = [
            Letter(address, page.language, _maker(page, _of_person, person), key=person)
            for person, page in own.items()
            for address in read_mailboxes(boxes.get(person)).addresses
        ]
        letters += [
            Letter(address, page.language, _maker(page, _of_branch, branch), key=branch)
            for branch, page in branches.items()
            for text in heads.get(branch, [])
            for address in read_mailboxes(text).addresses
        ]
        return send_once(settings, night, _ACT, "scorecard", letters)


def _of_person(t: Catalogue, quarter: str, person: str) -> str:
    return t("scorecard_mail.subject", quarter=quarter, staff=person)


def _of_branch(t: Catalogue, quarter: str, branch: str) -> str:
    return t("scorecard_mail.branch_subject", quarter=quarter, branch=branch)


def _maker(
    page: BookInput, subject_of: Callable[[Catalogue, str, str], str], whose: str
) -> Callable[[], tuple[str, str, str]]:
    """What makes subject, text and HTML of the mail."""

    def make() -> tuple[str, str, str]:
        t = catalogue(page.language)
        subject = subject_of(t, str(page.headline["quarter"]), whose)
        return subject, f"{subject}\n\n{t(f'book_{page.kind}.note')}\n", inlined(render_book(page))

    return make
