"""A branch's list as a mail: what it says, by the branch's mail mode and language."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from nightdesk.mail.message import Attachment, Mail, message_id
from nightdesk.render.branch import inlined, render_mail_html, render_view
from nightdesk.render.branch_model import BranchView
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.inputs import BranchInput

KIND = "branch_list"


@dataclass(frozen=True)
class Envelope:
    """Who a list goes to and as what. `sent_at`: the aware instant of the morning's deadline.

    `link`: where the list can be opened, for mail mode link_only.
    """

    profile: str
    sender: str
    recipient: str
    sent_at: datetime
    kind: str = KIND
    is_backfill: bool = False
    link: str | None = None


def list_message_id(source: BranchInput, envelope: Envelope) -> str:
    """The Message-ID of this list at this revision."""
    branch_id = str(source.branch["branch_id"])
    day = source.business_date.isoformat()
    return message_id(envelope.profile, day, branch_id, envelope.kind, source.revision, envelope.sender)


def list_subject(source: BranchInput, envelope: Envelope, view: BranchView | None = None) -> str:
    """The subject: how much there is to do; first of all whether it restates or backfills."""
    shown = view or branch_view(source)
    t = catalogue(source.language)
    values = {"brand": t("brand"), "morning": source.notes.morning.isoformat(), "branch": shown.branch_name}
    if source.mail_mode == "link_only":
        subject = t("mail.subject_link", **values)
    elif not shown.must_do and not shown.rest:
        subject = t("mail.subject_quiet", **values)
    else:
        subject = t("mail.subject", **values, must=len(shown.must_do), rest=len(shown.rest))
    return "".join(_marks(source, envelope, t)) + subject


def _marks(source: BranchInput, envelope: Envelope, t: Catalogue) -> list[str]:
    marks = []
    if envelope.is_backfill:
        marks.append(f"[{t('mail.backfill', date=source.business_date.isoformat())}] ")
    if source.restated:
        marks.append(f"[{t('mail.restated')}] ")
    return marks


def compose_list(source: BranchInput, envelope: Envelope) -> Mail:
    """The mail of one branch's list. The same input and envelope give the same mail.

    In mail mode link_only it names no client and has no attachment.
    """
    view = branch_view(source)
    if source.mail_mode == "link_only":
        t = catalogue(source.language)
        text = fill("mail_link.txt.j2", view=view, t=t, link=envelope.link)
        html = inlined(fill("mail_link.html.j2", view=view, t=t, link=envelope.link, styles=styles("mail")))
        attachment = None
    else:
        rendered = render_view(view, source)
        name = f"nightdesk-{source.business_date.isoformat()}-{quote(view.branch_id, safe='')}.xlsx"
        text = rendered.text
        html = render_mail_html(view, source, name)
        attachment = Attachment(name, rendered.xlsx_bytes)
    return Mail(
        message_id=list_message_id(source, envelope),
        sender=envelope.sender,
        recipient=envelope.recipient,
        subject=list_subject(source, envelope, view),
        language=source.language,
        text=text,
        html=html,
        sent_at=envelope.sent_at,
        attachment=attachment,
    )
