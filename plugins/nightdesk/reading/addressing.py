"""Whom a night's lists go to: the mailboxes that the bank's newest published registry names for each branch.

A night keeps its own content for good, but not its addresses: one that was wrong, or missing, is corrected in the
registry and arrives with the next night (or a rerun), and what is still owed goes where the registry says now.
"""

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.publication import Publication, current
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings


def mailboxes_of(settings: Settings, publication: Publication) -> dict[str, Mailboxes]:
    """The mailboxes of every branch of a published night, by branch id; empty ones where it has no address.

    A branch that the newest registry no longer has keeps what its own night says.
    """
    found = _registry(settings, publication)
    with open_desk(settings).connect() as connection:
        latest = latest_published_date(connection, publication.profile)
        newest = current(connection, publication.profile, latest) if latest else publication
    if newest.attempt_id != publication.attempt_id:
        now = _registry(settings, newest)
        found = {branch: now.get(branch, boxes) for branch, boxes in found.items()}
    return found


def _registry(settings: Settings, publication: Publication) -> dict[str, Mailboxes]:
    with PublishedNight(settings, publication) as night:
        rows = night.source("branch", "branch_id")
        return {str(row["branch_id"]): read_mailboxes(row["list_email"]) for row in rows}
