"""Whom the sample list goes to."""

from datetime import datetime
from zoneinfo import ZoneInfo

from nightdesk.mail.compose import Envelope

ENVELOPE = Envelope(
    profile="contract",
    sender="Nightdesk <nightdesk@bank.example>",
    recipient="chengdong@bank.example",
    sent_at=datetime(2026, 4, 1, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
)
