"""The mappings that the bench changes in a source for one night: as many as it says, and afterwards as they were."""

import sqlite3
from pathlib import Path

import pytest

from nightdesk_lab.bench.rolling import CHANGED, changed

HALF = CHANGED // 2


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A source of more clients and accounts than are changed: some of the first in a group, in two groups in all."""
    path = tmp_path / "bank.db"
    with sqlite3.connect(path) as source:
        source.execute("create table client (client_id text, group_id text)")
        source.execute("create table account (account_id text primary key, client_id text)")
        for number in range(2 * HALF):
            group = {0: "G1", 1: "G2", 2: ""}.get(number)
            source.execute("insert into client values (?, ?)", (f"C{number:03}", group))
            if number == 0:  # sent twice, as a bank may
                source.execute("insert into client values (?, ?)", (f"C{number:03}", group))
            source.execute("insert into account values (?, ?)", (f"A{number:03}", f"C{number:03}"))
    return path


def rows(path: Path) -> dict[str, str | None]:
    with sqlite3.connect(path) as source:
        return dict(source.execute("select * from client union all select * from account").fetchall())


def test_given_a_source_then_for_as_long_as_asked_half_are_clients_of_another_group_and_half_accounts_of_another_client(
    bank: Path,
) -> None:
    before = rows(bank)
    with changed(f"sqlite:///{bank}"):
        amid = rows(bank)
        moved = sorted(key for key, owner in amid.items() if owner != before[key])
        assert moved == [f"{kind}{number:03}" for kind in "AC" for number in range(HALF)]
        assert {amid[f"C{number:03}"] for number in range(HALF)} == {"G1", "G2"}
        assert {amid[f"A{number:03}"] for number in range(HALF)} <= {key for key in before if key.startswith("C")}
    assert rows(bank) == before


def test_given_a_night_that_fails_then_the_source_is_as_it_was(bank: Path) -> None:
    before = rows(bank)
    with pytest.raises(OSError, match="no room"), changed(f"sqlite:///{bank}"):
        raise OSError("no room")
    assert rows(bank) == before
