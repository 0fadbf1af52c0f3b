"""The digest of a night: mailed to head office once a revision and only when told to, with no name of a person."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from night_runs import CopySettings, TwoNights

from nightdesk.night.digest_mail import send_digest
from nightdesk.reading.digest import digest_input
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings


def digests(settings: Settings) -> list[EmailMessage]:
    found = []
    for path in sorted((settings.home / "mail").glob("*.eml")):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        if isinstance(mail, EmailMessage) and "<digest." in str(mail["Message-ID"]):
            found.append(mail)
    return found


@pytest.fixture(scope="module")
def told(two_nights: TwoNights, copy_of: CopySettings) -> Settings:
    """A copy of the two nights whose operators have two addresses."""
    return copy_of(two_nights.settings).model_copy(update={"operators_email": "ops@bank.example; risk@bank.example"})


def test_given_a_night_that_was_mailed_without_an_address_then_head_office_got_nothing(two_nights: TwoNights) -> None:
    assert digests(two_nights.settings) == []
    assert send_digest(two_nights.settings, two_nights.second.publication) == []


def test_given_addresses_when_it_is_sent_twice_then_each_gets_it_once(told: Settings, two_nights: TwoNights) -> None:
    published = two_nights.second.publication
    assert [one.fate for one in send_digest(told, published)] == ["sent", "sent"]
    assert [one.fate for one in send_digest(told, published)] == ["already", "already"]
    mails = digests(told)
    assert {mail["To"] for mail in mails} == {"ops@bank.example", "risk@bank.example"}
    assert all(str(published.business_date) in mail["Subject"] for mail in mails)


def test_given_persons_among_the_clients_then_no_file_of_the_digest_has_their_names(two_nights: TwoNights) -> None:
    folder = two_nights.settings.out / str(two_nights.second.publication.business_date)
    with PublishedNight(two_nights.settings, two_nights.second.publication) as night:
        persons = [row["name"] for row in night.source("client", "client_id") if row["is_natural_person"]]
        items = digest_input(night, night.notes()).items
    assert persons
    assert items
    for name in ("digest.html", "digest.txt"):
        said = (Path(folder) / name).read_text(encoding="utf-8")
        assert not [person for person in persons if person in said]
    assert (Path(folder) / "digest.pdf").read_bytes().startswith(b"%PDF")
