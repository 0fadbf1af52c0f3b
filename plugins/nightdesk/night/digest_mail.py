"""The digest as a mail to head office: risk people there by the registry, and the operators. Only where told to."""

from nightdesk.business_day import morning_of
from nightdesk.desk.publication import Publication
from nightdesk.mailboxes import read_mailboxes
from nightdesk.night.letters import Letter, Told, send_once
from nightdesk.reading.digest import digest_input, digest_language, head_office_risk
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import catalogue
from nightdesk.render.digest import digest_text, render_digest
from nightdesk.settings import Settings

_ACT = "digest_sent"


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
        mark = f"[{t('mail.backfill', date=publication.business_date.isoformat())}] " if is_backfill else ""
        subject = f"{mark}{t('digest.subject', date=publication.business_date, n=publication.revision)}"

        def make() -> tuple[str, str, str]:
            return subject, digest_text(made, language), inlined(render_digest(made, language))

        return send_once(settings, night, _ACT, "digest", [Letter(one, language, make) for one in recipients])
