"""The operators' mail: what failed, its exit code and remedy, in both languages, and no value of the bank's."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from nightdesk.errors import DeadlineMissed, HeldNight, MailError, NightdeskError, SourceError
from nightdesk.mail.operators import kind_of, tell
from nightdesk.settings import Settings

FACTS = {"date": "2026-03-31", "task": "nightly_monitoring / prepare.check", "run": "scheduled__1", "tries": "1"}


def mails(folder: Path) -> list[EmailMessage]:
    found = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_given_addresses_when_a_night_is_held_then_each_gets_what_it_is_the_code_and_the_remedy(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, operators_email="ops@bank.example; duty@bank.example")
    error = HeldNight("the night of 2026-03-31 is held: loan: too_much_vanished", "Mend the source.")
    assert tell(settings, kind_of(error), error, FACTS) == ["sent", "sent"]
    found = mails(tmp_path / "mail")
    assert {mail["To"] for mail in found} == {"ops@bank.example", "duty@bank.example"}
    for mail in found:
        assert "held by its checks 2026-03-31" in mail["Subject"]
        said = text_of(mail)
        assert "loan: too_much_vanished" in said
        assert "Mend the source." in said
        assert "exit code: 4" in said
        assert "退出码: 4" in said
        assert "prepare.check" in said


def test_given_no_address_then_nobody_is_told(tmp_path: Path) -> None:
    assert tell(Settings(home=tmp_path), "failed", SourceError("away", "wait"), FACTS) == []
    assert not (tmp_path / "mail").exists()


def test_given_a_defect_then_its_text_stays_out(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, operators_email="ops@bank.example")
    tell(settings, "failed", KeyError("Alice 138-0013-8000"), FACTS)
    (mail,) = mails(tmp_path / "mail")
    assert "KeyError" in text_of(mail)
    assert "Alice" not in mail.as_string() + text_of(mail)


def test_given_a_server_that_is_away_then_it_is_logged_and_nothing_is_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=tmp_path, operators_email="ops@bank.example", smtp_url="smtp://127.0.0.1:1")
    assert tell(settings, "failed", SourceError("away", "wait"), FACTS) == ["deferred"]
    assert "the operators were not told" in caplog.text


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (HeldNight("x", "y"), "held"),
        (MailError("x", "y"), "mail"),
        (DeadlineMissed("x", "y"), "deadline"),
        (NightdeskError("x", "y"), "failed"),
        (KeyError("x"), "failed"),
        (None, "failed"),
    ],
)
def test_what_is_told_first_goes_by_the_kind_of_error(error: BaseException | None, kind: str) -> None:
    assert kind_of(error) == kind
