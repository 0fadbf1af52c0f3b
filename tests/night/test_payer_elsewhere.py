"""A branch whose client lives off another branch's client: it is told so, and never of whom."""

import email
import email.policy
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hand_bank import D
from typer.testing import CliRunner

from nightdesk.cli import app
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

#: clients of B2: C07 pays C04 of B1, by its number; C08 paid C06 of B1 until lately, by its name
PAYERS = ("客户07", "客户08", "C07", "C08")


@pytest.fixture(scope="module")
def mailed(mailing_night: tuple[Settings, str]) -> Settings:
    return mailing_night[0]


def texts(data: bytes) -> Iterator[str]:
    """What a file or a part of a mail says; of a workbook each of its parts."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield from (packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    else:
        yield data.decode("utf-8", "replace")


def run(settings: Settings, *arguments: str) -> str:
    found = CliRunner().invoke(
        app, list(arguments), env={"NIGHTDESK_HOME": str(settings.home), "NIGHTDESK_DESK_URL": settings.desk_url}
    )
    assert found.exit_code == 0, found.output
    return found.output


def test_given_payers_of_another_branch_then_the_signals_say_that_they_are_and_name_nobody(mailed: Settings) -> None:
    found = {
        (row["client_id"], row["indicator"]): row for row in json.loads(str(export(mailed, "signal", D, "json", None)))
    }
    for key in (("C04", "T12"), ("C06", "T13")):
        said = json.dumps(found[key], ensure_ascii=False)
        assert "本行其他机构的客户" in said
        assert "client of another branch" in said
        assert not any(payer in said for payer in PAYERS)


def test_given_payers_of_another_branch_then_no_page_or_mail_of_the_branch_names_them(mailed: Settings) -> None:
    pages = list((mailed.out / str(D) / "branch" / "B1").rglob("*"))
    said = [text for path in pages if path.is_file() for text in texts(path.read_bytes())]
    assert any("本行其他机构的客户" in text for text in said), "it is told"
    mails = []
    for path in (mailed.home / "mail").glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if str(message["To"]).startswith(("s1@", "b1@")):
            mails.append(str(message["To"]))
            said += [str(message.items())]
            said += [text for part in message.walk() for text in texts(part.get_payload(decode=True) or b"")]
    assert "s1@bank.example" in mails, "the person's mail is looked at"
    for payer in PAYERS:
        assert not [text for text in said if payer in text], payer


@pytest.mark.parametrize("client", ["C04", pytest.param("C06", marks=pytest.mark.long)])
def test_given_payers_of_another_branch_when_explained_or_briefed_then_they_are_not_named(
    mailed: Settings, client: str, tmp_path: Path
) -> None:
    said = [
        run(mailed, "explain", client, "--date", str(D)),
        run(mailed, "--json", "explain", client, "--date", str(D)),
    ]
    run(mailed, "brief", client, "--out", str(tmp_path), "--date", str(D))
    said += [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")]
    assert len(said) == 3
    for payer in PAYERS:
        assert not [text for text in said if payer in text], payer
