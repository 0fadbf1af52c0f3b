"""Scorecards by mail, when told: to each person the own one, then to each branch's heads those of their people."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nightdesk.desk.outbox import SCORECARD
from nightdesk.desk.publication import Publication
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.night.letters import Letter, Told, send_letters
from nightdesk.night.scorecards import made_scorecards, scorecard_folder
from nightdesk.reading.people import is_at_work
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.weekly import branch_heads
from nightdesk.render.book import BookInput, render_book
from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.environment import fill
from nightdesk.render.outputs import path_part
from nightdesk.settings import Settings

#: a branch that gets no figures by mail is told where they lie
_LINK_ONLY = "link_only"


def send_scorecards(settings: Settings, publication: Publication, *, staff_id: str | None = None) -> list[Told]:
    """Mail what `issue_scorecards` writes, once an issue of the quarter, whichever night shows it.

    With `staff_id` that person alone. Addresses come from the staff register; whoever has none there, or has left, gets
    none. Raises Unrendered or StoreError at the end, naming those that could not be made.
    """
    made = made_scorecards(settings, publication, staff_id=staff_id)
    with PublishedNight(settings, publication) as night:
        day = publication.business_date
        boxes = {row["staff_id"]: row["email"] for row in night.source("staff", "staff_id") if is_at_work(row, day)}
        modes = {str(row["branch_id"]): row["mail_mode"] for row in night.source("branch", "branch_id")}
        heads = branch_heads(night)
    folder, quarter = scorecard_folder(settings, made.cards), made.cards.quarter.name
    letters = []
    for person, branch in made.people.items():
        language, t = made.languages[branch], catalogue(made.languages[branch])
        subject = t("scorecard_mail.subject", quarter=quarter, staff=person)
        place = folder / path_part(branch) / path_part(person) if modes.get(branch) == _LINK_ONLY else None
        make = _maker(language, subject, place, partial(made.own, person, language))
        kind, to = f"{SCORECARD}{quarter}.person.{person}", read_mailboxes(boxes.get(person))
        letters.append(Letter(kind, branch, language, Mailboxes(to.addresses), make, made.revision))
    for branch in made.branches:
        language, t = made.languages[branch], catalogue(made.languages[branch])
        subject = t("scorecard_mail.branch_subject", quarter=quarter, branch=branch)
        place = folder / path_part(branch) if modes.get(branch) == _LINK_ONLY else None
        make = _maker(language, subject, place, partial(made.of_branch, branch))
        kind, to = f"{SCORECARD}{quarter}.heads", read_mailboxes(";".join(heads.get(branch, [])))
        letters.append(Letter(kind, branch, language, Mailboxes(to.addresses), make, made.revision))
    return send_letters(settings, publication, [letter for letter in letters if letter.to])


def _maker(
    language: Language, subject: str, place: Path | None, page: Callable[[], BookInput]
) -> Callable[[], tuple[str, str, str]]:
    """What makes subject, text and HTML of the mail: the page, or only where it lies."""

    def make() -> tuple[str, str, str]:
        t = catalogue(language)
        if place is not None:
            text = t("scorecard_mail.where", folder=place) + "\n"
            return subject, text, fill("operators.html.j2", text=text)
        source = page()
        return subject, f"{subject}\n\n{t(f'book_{source.kind}.note')}\n", inlined(render_book(source))

    return make
