"""The digest as a mail to head office: risk people there by the registry, and the operators. Only where told to."""

from nightdesk.business_day import morning_of
from nightdesk.desk.outbox import DIGEST
from nightdesk.desk.publication import Publication
from nightdesk.mail.parcel import pack, parcels_of
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.night.letters import Letter, Told, send_letters
from nightdesk.reading.digest import digest_input, digest_language, head_office_risk, head_offices
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import catalogue
from nightdesk.render.digest import digest_text, render_digest
from nightdesk.render.digest_book import digest_workbook
from nightdesk.settings import Settings

_HEAD_OFFICE = f"{DIGEST}head_office"


def send_digest(settings: Settings, publication: Publication, *, is_backfill: bool = False) -> list[Told]:
    """Mail a night's digest to each address once a revision; nobody on a morning that is no workday, or of no address.

    Never raises for what the mail server does: the log says who was not told, and the lists do not wait for it.
    """
    with PublishedNight(settings, publication) as night:
        if not night.calendar().is_workday(morning_of(publication.business_date)):
            return []
        found = (box for text in head_office_risk(night) for box in read_mailboxes(text).addresses)
        recipients = sorted({*found, *settings.operators})
        if not recipients:
            return []
        made, language = digest_input(night, night.notes()), digest_language(night)
        t = catalogue(language)
        subject = t("digest.subject", date=publication.business_date, n=publication.revision)
        # a bank whose registry knows no head office has operators all the same
        branch = str(next((row["branch_id"] for row in head_offices(night)), ""))
    text, page = digest_text(made, language), inlined(render_digest(made, language))
    parcel = pack(
        f"nightdesk-{publication.business_date}-digest.xlsx",
        digest_workbook(made, language),
        branch,
        parcels_of(settings.workbook_keys, settings.mail_max_mb),
        len(text.encode()) + len(page.encode()),
        t,
        of="digest",
    )

    def make() -> tuple[str, str, str]:
        said = inlined(render_digest(made, language, parcel.words))
        return subject, f"{text.rstrip()}\n{parcel.words}\n", said

    to = Mailboxes(tuple(recipients))
    letter = Letter(_HEAD_OFFICE, branch, language, to, make, attachment=parcel.attachment)
    return send_letters(settings, publication, [letter], is_backfill=is_backfill)
