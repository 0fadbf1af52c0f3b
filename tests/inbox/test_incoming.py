"""A folder of mails, or one of a server: in their order, each once, within bounds."""

import datetime
import os
from pathlib import Path

import pytest
from imap_loopback import loopback_imap

from nightdesk.errors import PolicyError, SourceError
from nightdesk.inbox.incoming import Incoming, mails_of, require_address

MAIL = b"From: s1@bank.example\nDate: Tue, 31 Mar 2026 18:00:00 +0800\n\nK40281C done\n"
TEN = datetime.datetime(2026, 3, 31, 10, tzinfo=datetime.UTC)


def read(folder: Path, *known: str) -> list[Incoming]:
    """The mails of a folder that are not known yet."""
    return list(mails_of(folder.as_uri(), {"folder": known} if known else {}))


def test_given_a_folder_then_its_mails_come_by_name_and_what_is_known_or_no_mail_does_not(tmp_path: Path) -> None:
    for name in ("b.eml", "a.EML", "c.eml", "d.txt"):
        (tmp_path / name).write_bytes(MAIL)
    (tmp_path / "e.eml").mkdir()
    assert [one.key for one in read(tmp_path)] == ["a.EML", "b.eml", "c.eml"]
    assert [one.key for one in read(tmp_path, "b.eml")] == ["a.EML", "c.eml"]
    assert {(one.place, one.content, one.arrived_at) for one in read(tmp_path)} == {("folder", MAIL, TEN)}


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_given_a_mail_about_the_largest_then_only_one_above_it_is_named_and_not_read(tmp_path: Path, more: int) -> None:
    with (tmp_path / "a.eml").open("wb") as file:
        file.write(MAIL)
        file.truncate(20_000_000 + more)
    (mail,) = read(tmp_path)
    assert (mail.content is None) == (more > 0)
    assert mail.arrived_at == TEN


@pytest.mark.parametrize("more", [0, 1])
def test_given_many_mails_then_so_many_are_taken_and_the_rest_with_the_next_night(tmp_path: Path, more: int) -> None:
    for number in range(300 + more):
        (tmp_path / f"{number:04}.eml").write_bytes(MAIL)
    taken = [one.key for one in read(tmp_path)]
    assert len(taken) == 300
    assert len(read(tmp_path, *taken)) == more


@pytest.mark.parametrize(
    ("head", "arrived_at"),
    [
        # the newest server's line stands first; what the sender says of itself comes after
        (
            b"Received: from x; Tue, 31 Mar 2026 12:00:00 +0200\nReceived: from y; Mon, 30 Mar 2026 12:00:00 +0200\n",
            TEN,
        ),
        (b"Received: from x; Tue, 31 Mar 2026 10:00:00 +0000\nDate: Sun, 1 Mar 2026 12:00:00 +0000\n", TEN),
        (b"Date: Tue, 31 Mar 2026 10:00:00\n", TEN),
        (b"Date: no day\n", None),
        (b"", None),
    ],
)
def test_given_a_mail_then_its_instant_is_the_servers_else_its_own_else_the_files(
    tmp_path: Path, head: bytes, arrived_at: datetime.datetime | None
) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(head + b"\nReceived: from z; Mon, 1 Jan 2024 00:00:00 +0000\n")
    changed = datetime.datetime(2026, 4, 1, 7, tzinfo=datetime.UTC)
    os.utime(path, (changed.timestamp(), changed.timestamp()))
    (mail,) = read(tmp_path)
    assert mail.arrived_at == (arrived_at or changed)


def test_given_a_folder_that_is_not_there_then_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the folder of answers cannot be read"):
        read(tmp_path / "gone")


def test_given_a_server_then_the_mails_of_its_folder_come_in_their_order_and_only_those_after_the_last_known() -> None:
    with loopback_imap("nightdesk", "secret @/") as server:
        for number in range(1, 4):
            server.add(MAIL + b"%d" % number, TEN + datetime.timedelta(seconds=number))
        url = f"imap://nightdesk:secret%20%40%2F@127.0.0.1:{server.port}/A%20B"
        found = list(mails_of(url, {}))
        (place,) = {one.place for one in found}
        assert place == "127.0.0.1/A B/7", "its numbers hold for this folder, as long as its validity is this one"
        assert [(one.key, one.arrived_at, one.content) for one in found] == [
            (str(number), TEN + datetime.timedelta(seconds=number), MAIL + b"%d" % number) for number in range(1, 4)
        ]
        assert [one.key for one in mails_of(url, {place: {"1", "2", "x"}})] == ["3"]
        assert list(mails_of(url, {place: {"3"}})) == [], "a server names its last mail all the same"
        assert [one.key for one in mails_of(url, {"127.0.0.1/A B/6": {"3"}})] == ["1", "2", "3"]
        assert server.changed == []


def test_given_no_folder_then_it_is_the_inbox() -> None:
    with loopback_imap("nightdesk", "secret") as server:
        server.add(MAIL, TEN)
        (mail,) = mails_of(f"imap://nightdesk:secret@127.0.0.1:{server.port}", {})
        assert mail.place == "127.0.0.1/INBOX/7"


def test_given_a_mail_above_the_largest_on_a_server_then_it_is_named_and_never_fetched() -> None:
    with loopback_imap("nightdesk", "secret") as server:
        for more in (0, 1):
            server.add(MAIL + b"x" * (20_000_000 - len(MAIL) + more), TEN)
        found = list(mails_of(f"imap://nightdesk:secret@127.0.0.1:{server.port}", {}))
        assert [(one.key, one.content is None) for one in found] == [("1", False), ("2", True)]
        assert server.fetched == [1]


def test_given_many_mails_on_a_server_then_so_many_are_taken_at_once() -> None:
    with loopback_imap("nightdesk", "secret") as server:
        for _ in range(301):
            server.add(MAIL, TEN)
        assert len(list(mails_of(f"imap://nightdesk:secret@127.0.0.1:{server.port}", {}))) == 300


@pytest.mark.parametrize("login", ["nightdesk:wrong@", "", "nightdesk@"])
def test_given_a_server_that_refuses_then_it_is_told_without_what_was_sent_to_it(login: str) -> None:
    with loopback_imap("nightdesk", "secret") as server, pytest.raises(SourceError) as failed:
        list(mails_of(f"imap://{login}127.0.0.1:{server.port}", {}))
    assert str(failed.value).startswith("the mailbox at 127.0.0.1 cannot be read (")
    assert "wrong" not in str(failed.value)


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("file:///srv/mails", True),
        ("file://host/srv/mails", False),
        ("file://", False),
        ("imaps://mail.bank.example", True),
        ("imaps://mail.bank.example:993/INBOX", True),
        ("imaps://", False),
        ("imap+starttls://mail.bank.example", True),
        ("imap://mail.bank.example", False),
        ("imap://127.0.0.1", True),
        ("imap://localhost/INBOX", True),
        ("imap://[::1]", True),
        ("imaps://host:port", False),
        ("pop3://mail.bank.example", False),
        ("", False),
    ],
)
def test_given_an_address_then_it_is_of_use_where_it_is_encrypted_or_on_this_host(url: str, is_good: bool) -> None:
    if is_good:
        require_address(url)
    else:
        with pytest.raises(PolicyError):
            require_address(url)
