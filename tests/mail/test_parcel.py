"""What comes with a list's mail: the workbook, encrypted, or the reason why it is left out."""

from io import BytesIO
from pathlib import Path

import msoffcrypto
import pytest
from branch_sample import branch_input
from mail_sample import ENVELOPE
from openpyxl import load_workbook

from nightdesk.errors import PolicyError
from nightdesk.mail.compose import Body, list_body, mail_of
from nightdesk.mail.kept import keep_body, kept_body
from nightdesk.mail.parcel import Parcels, pack, parcels_of, size_words
from nightdesk.render.branch import render_view
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import catalogue


def body(parcels: Parcels) -> Body:
    """The sample branch's mail, whose workbook goes as told."""
    source = branch_input()
    view = branch_view(source)
    return list_body(source, None, view, render_view(view, source), parcels)


def test_given_a_key_when_mailed_then_the_workbook_opens_with_it_alone_and_the_mail_says_that_it_is_locked() -> None:
    made = body(Parcels(keys={"B001": "correct horse"}))
    assert made.attachment is not None
    locked = msoffcrypto.OfficeFile(BytesIO(made.attachment.content))
    assert locked.is_encrypted()
    locked.load_key(password="correct horse", verify_password=True)
    opened = BytesIO()
    locked.decrypt(opened)
    assert len(load_workbook(opened).worksheets) == 7
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        msoffcrypto.OfficeFile(BytesIO(made.attachment.content)).load_key(password="x", verify_password=True)
    assert "加密附件" in made.text
    assert "加密附件" in made.html
    assert b"C000118" not in made.attachment.content


def test_given_keys_without_this_branch_when_mailed_then_there_is_no_workbook_and_the_mail_says_why() -> None:
    made = body(Parcels(keys={"B002": "k"}))
    assert made.attachment is None
    assert "未设附件口令" in made.text
    assert "未设附件口令" in made.html


def test_given_a_mail_that_would_be_too_large_then_it_goes_without_the_workbook_and_says_so_with_its_size() -> None:
    whole = body(Parcels())
    assert whole.attachment is not None
    size = size_words(len(whole.attachment.content))
    assert f"（{size}）" in whole.text
    small = body(Parcels(most_bytes=20_000))
    assert small.attachment is None
    assert f"为 {size}，超过邮件限额" in small.text
    assert f"为 {size}，超过邮件限额" in small.html
    assert mail_of(small, ENVELOPE).attachment is None


def test_given_a_workbook_at_the_limit_when_packed_then_one_byte_more_is_too_much() -> None:
    t = catalogue("en")
    limit = Parcels(most_bytes=4_000)
    assert pack("a.xlsx", b"x" * 2_000, "B1", limit, 1_000, t).attachment is not None
    assert pack("a.xlsx", b"x" * 2_001, "B1", limit, 1_000, t).attachment is None


def test_given_a_locked_workbook_when_kept_then_it_is_read_back_and_the_lists_own_stays_open(tmp_path: Path) -> None:
    made = body(Parcels(keys={"B001": "k"}))
    own = tmp_path / "branch" / "B001" / "list.xlsx"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"the list's own")
    keep_body(tmp_path, made)
    assert kept_body(tmp_path, "B001", made.revision) == made
    assert own.read_bytes() == b"the list's own"


def test_given_a_file_of_keys_when_read_then_a_bad_one_is_refused_without_a_key_in_the_message(tmp_path: Path) -> None:
    keys = tmp_path / "keys.yaml"
    keys.write_text("B001: secret-one\n'0012': '345678'\n")
    assert parcels_of(keys, 3) == Parcels(3_000_000, {"B001": "secret-one", "0012": "345678"})
    assert parcels_of(None, 3).keys is None
    for bad in ("- B001\n", "B001: 345678\n", "B001: ''\n", "B001: [secret-one\n"):
        keys.write_text(bad)
        with pytest.raises(PolicyError) as error:
            parcels_of(keys, 3)
        assert "345678" not in str(error.value)
        assert "secret-one" not in str(error.value)
    with pytest.raises(PolicyError, match="cannot be read"):
        parcels_of(tmp_path / "none.yaml", 3)


def test_given_link_only_without_a_web_address_when_mailed_then_no_path_of_a_machine_is_named() -> None:
    source = branch_input(branch={**branch_input().branch, "mail_mode": "link_only"})
    view = branch_view(source)
    made = list_body(source, None, view, render_view(view, source))
    assert "尚未设置清单网址" in made.text
    assert "file:" not in made.text + made.html
    assert made.attachment is None
