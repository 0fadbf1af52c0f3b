"""The digest of a night: mailed to head office once a revision and only when told to, with no name of a person."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path

import pytest
from hand_bank import D, ten_clients, write_sqlite
from night_runs import CopySettings, MakeSettings, TwoNights, show_night
from openpyxl import load_workbook

from nightdesk.night.digest_mail import send_digest
from nightdesk.settings import Settings


def digests(settings: Settings) -> list[EmailMessage]:
    found = []
    for path in sorted((settings.home / "mail").glob("*.eml")):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        if isinstance(mail, EmailMessage) and ".digest%3Ahead_office." in str(mail["Message-ID"]):
            found.append(mail)
    return found


def cells(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a workbook by sheet, without what the outbox says."""
    book = load_workbook(BytesIO(content))
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames if "未送达" not in name}


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


def test_given_a_digest_that_was_mailed_then_its_workbook_comes_with_it_and_the_mail_says_so(
    told: Settings, two_nights: TwoNights
) -> None:
    send_digest(told, two_nights.second.publication)
    for mail in digests(told):
        (attached,) = mail.iter_attachments()
        name = f"nightdesk-{two_nights.second.publication.business_date}-digest.xlsx"
        assert attached.get_filename() == name
        kept = (told.out / str(two_nights.second.publication.business_date) / "digest.xlsx").read_bytes()
        assert cells(attached.get_content()) == cells(kept), "all but what became of the lists since"
        for kind in ("plain", "html"):
            said = mail.get_body((kind,))
            assert said is not None
            assert name in said.get_content()


def test_given_keys_of_which_head_office_has_none_then_no_workbook_leaves_and_the_mail_says_why(
    two_nights: TwoNights, copy_of: CopySettings, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.yaml"
    keys.write_text("B1: 'secret'\n", encoding="utf-8")
    settings = copy_of(two_nights.settings).model_copy(
        update={"operators_email": "ops@bank.example", "workbook_keys": keys}
    )
    assert [one.fate for one in send_digest(settings, two_nights.second.publication)] == ["sent"]
    (mail,) = digests(settings)
    assert list(mail.iter_attachments()) == []
    said = mail.get_body(("plain",))
    assert said is not None
    assert "未为总行设置附件口令" in said.get_content()


#: a company's name that is longer than what is shown, and what is shown of it
WHOLE, HEAD = "江东长风精密机械制造集团有限公司", "江东长风精密…"


@pytest.fixture(scope="module")
def named(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A night of ten clients, of whom C05 is a natural person and C04 a company of a long name and no short one."""
    bank, settings = ten_clients(), fresh_settings()
    clients = {row["client_id"]: row for row in bank["client"]}
    clients["C04"]["name"] = WHOLE
    clients["C05"] |= {"name": "欧阳明月", "is_natural_person": 1}
    show_night(settings, D, write_sqlite(bank, tmp_path_factory.mktemp("named") / "bank.db"), "digest")
    return settings


def digest_files(settings: Settings) -> dict[str, str]:
    """What each file of the digest says, by its ending."""
    folder = settings.out / str(D)
    assert (folder / "digest.pdf").read_bytes().startswith(b"%PDF")
    said = {name: (folder / f"digest.{name}").read_text(encoding="utf-8") for name in ("html", "txt")}
    return said | {"xlsx": str(cells((folder / "digest.xlsx").read_bytes()))}


@pytest.mark.parametrize("ending", ["html", "txt", "xlsx"])
def test_given_a_person_among_the_clients_when_a_night_is_told_then_no_file_of_the_digest_has_the_name(
    named: Settings, ending: str
) -> None:
    said = digest_files(named)[ending]
    assert "C05" in said, "the person is told of, by id"
    assert "欧阳明月" not in said


@pytest.mark.parametrize("ending", ["html", "txt", "xlsx"])
def test_given_a_company_of_a_long_name_and_no_short_one_then_each_file_of_the_digest_shows_the_head_of_it(
    named: Settings, ending: str
) -> None:
    said = digest_files(named)[ending]
    assert HEAD in said
    assert WHOLE not in said
