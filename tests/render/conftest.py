"""What mails of the sample list are sent with."""

from datetime import UTC, datetime

import pytest

from nightdesk.mail.compose import Envelope


@pytest.fixture
def envelope() -> Envelope:
    return Envelope("contract", "Nightdesk <n@bank.example>", "b1@bank.example", datetime(2026, 4, 1, tzinfo=UTC))
