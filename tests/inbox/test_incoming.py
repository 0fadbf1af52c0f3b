"""A folder of mails: in the order of their names, each once, within bounds."""

import datetime
import os
from pathlib import Path

import pytest

from nightdesk.errors import SourceError
from nightdesk.inbox.incoming import LARGEST_MAIL, MOST_MAILS, Incoming, mails_of

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
        file.truncate(LARGEST_MAIL + more)
    (mail,) = read(tmp_path)
    assert (mail.content is None) == (more > 0)
    assert mail.arrived_at == TEN


@pytest.mark.parametrize("more", [0, 1])
def test_given_many_mails_then_so_many_are_taken_and_the_rest_with_the_next_night(tmp_path: Path, more: int) -> None:
    for number in range(MOST_MAILS + more):
        (tmp_path / f"{number:04}.eml").write_bytes(MAIL)
    taken = [one.key for one in read(tmp_path)]
    assert len(taken) == MOST_MAILS
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
