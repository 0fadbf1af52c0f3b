"""Whom the sample list goes to, and a list's mail made at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from nightdesk.mail.compose import Envelope, list_body, mail_of
from nightdesk.mail.message import Mail
from nightdesk.render.branch import render_view
from nightdesk.render.branch_view import branch_view
from nightdesk.render.made_of import BranchInput

ENVELOPE = Envelope(
    profile="contract",
    sender="Nightdesk <nightdesk@bank.example>",
    recipient="chengdong@bank.example",
    sent_at=datetime(2026, 4, 1, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
)


def compose_list(source: BranchInput, envelope: Envelope) -> Mail:
    """A branch's list, rendered and made a mail at once."""
    view = branch_view(source)
    return mail_of(list_body(source, envelope.link, view, render_view(view, source)), envelope)
