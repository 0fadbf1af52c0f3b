"""A branch's list as a mail: what it says, by the branch's mail mode and language."""

from dataclasses import dataclass
from datetime import date, datetime

from nightdesk.mail.message import Attachment, Mail, message_id, short_part
from nightdesk.mail.parcel import Parcels, pack
from nightdesk.render.branch import MAIL_BYTES, Mailed, inlined, render_mail_html
from nightdesk.render.branch_model import BranchView
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.inert import inert
from nightdesk.render.made_of import BranchInput

#: a branch's whole list
KIND = "branch_list"
#: how the kinds begin of a person's own list, and of what was passed on to a person
PERSON, ESCALATION = "person:", "escalation:"


@dataclass(frozen=True)
class Envelope:
    """Who a list goes to and as what. `sent_at`: the aware instant at which it is sent, in the bank's time.

    `link`: where the list can be opened, for mail mode link_only.
    """

    profile: str
    sender: str
    recipient: str
    sent_at: datetime
    kind: str = KIND
    is_backfill: bool = False
    link: str | None = None


@dataclass(frozen=True)
class Body:
    """What a list's mail says, whoever it goes to. `subject` is without marks, `is_restated` one of them.

    `content_digest` is the list's own (render.branch.Mailed).
    """

    business_date: date
    branch_id: str
    revision: int
    language: str
    subject: str
    is_restated: bool
    text: str
    html: str
    content_digest: str
    attachment: Attachment | None = None


def list_body(
    source: BranchInput, link: str | None, view: BranchView, rendered: Mailed, parcels: Parcels | None = None
) -> Body:
    """The body of one branch's mail, of a list that is rendered already. The same input gives the same body.

    In mail mode link_only it names no client and has no attachment; `link` is the web address at which the list can be
    opened, None where there is none. `parcels` says how the workbook goes with it.
    """
    t = catalogue(source.language)
    if source.mail_mode == "link_only":
        text = fill("mail_link.txt.j2", view=view, t=t, link=link)
        html = inlined(fill("mail_link.html.j2", view=view, t=t, link=link, styles=styles("mail")))
        attachment = None
    else:
        name = f"nightdesk-{source.business_date.isoformat()}-{short_part(view.branch_id)}.xlsx"
        text_bytes = len(rendered.text.encode()) + MAIL_BYTES
        parcel = pack(name, rendered.xlsx_bytes, view.branch_id, parcels or Parcels(), text_bytes, t)
        text = f"{rendered.text.rstrip()}\n{parcel.words}\n"
        html = render_mail_html(view, source, parcel.words)
        attachment = parcel.attachment
    return Body(
        business_date=source.business_date,
        branch_id=str(source.branch["branch_id"]),
        revision=source.revision,
        language=source.language,
        subject=_subject(source, view, t),
        is_restated=source.restated,
        text=text,
        html=html,
        content_digest=rendered.content_digest,
        attachment=attachment,
    )


def _subject(source: BranchInput, view: BranchView, t: Catalogue) -> str:
    """How much there is to do."""
    values = {"brand": t("brand"), "morning": source.notes.morning.isoformat(), "branch": view.branch_name}
    if source.mail_mode == "link_only":
        return t("mail.subject_link", **values)
    if not view.listed:
        return t("mail.subject_quiet", **values)
    return t("mail.subject", **values, must=len(view.must_do), rest=len(view.reds) + len(view.rest))


def list_message_id(body: Body, envelope: Envelope, copy: int = 1) -> str:
    """The Message-ID of this list at this revision, for its first recipient or another `copy`."""
    day = body.business_date.isoformat()
    return message_id(envelope.profile, day, body.branch_id, envelope.kind, body.revision, envelope.sender, copy)


def list_subject(body: Body, envelope: Envelope) -> str:
    """The subject: first of all whether the list restates or backfills."""
    t = catalogue(body.language)
    marks = ""
    if envelope.is_backfill:
        marks += f"[{t('mail.backfill', date=body.business_date.isoformat())}] "
    if body.is_restated:
        marks += f"[{t('mail.restated')}] "
    return " ".join(inert(marks + body.subject).split())


def mail_of(body: Body, envelope: Envelope) -> Mail:
    """The mail that carries a body to its reader. The same body and envelope give the same mail."""
    return Mail(
        message_id=list_message_id(body, envelope),
        sender=envelope.sender,
        recipient=envelope.recipient,
        subject=list_subject(body, envelope),
        language=body.language,
        text=body.text,
        html=body.html,
        sent_at=envelope.sent_at,
        attachment=body.attachment,
    )
