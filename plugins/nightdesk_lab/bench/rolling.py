"""A night with a few mappings changed beside one without: one bank, one day, one night before both."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from nightdesk.attempt.opening import source_url
from nightdesk.desk.database import open_desk
from nightdesk.desk.liveness import working_on
from nightdesk.settings import Settings
from nightdesk_lab.bench.bank import take

#: half of them clients that join another group, half accounts that go to another client
CHANGED = 20
#: each side is measured so often, in turn, and its least counts: what else the machine does only adds
ROUNDS = 3
#: what the night may cost at most, in times of the one without, at 20,000 clients
TARGET_RATIO = 1.3


def take_changed(settings: Settings, attempt_id: str) -> str:
    """Take the measured night once more up to its checked rows, with mappings changed in the source meanwhile.

    `attempt_id` is the attempt without: it stays as it is. Returns that with.
    """
    with working_on(open_desk(settings), attempt_id), changed(source_url(settings)):
        return take(settings).attempt.attempt_id


@contextmanager
def changed(url: str) -> Iterator[None]:
    """The source with clients in other groups and accounts of other clients; as it was afterwards."""
    half = CHANGED // 2
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            clients = _rows(connection, f"select distinct client_id, group_id from client order by 1 limit {half}")
            groups = _rows(connection, "select distinct group_id from client where group_id > '' order by 1")
            accounts = _rows(connection, f"select distinct account_id, client_id from account order by 1 limit {half}")
            owners = _rows(connection, "select distinct client_id from account order by 1 desc")
            _put(connection, _elsewhere(clients, groups), _elsewhere(accounts, owners))
        try:
            yield
        finally:
            with engine.begin() as connection:
                _put(connection, clients, accounts)
    finally:
        engine.dispose()


def _rows(connection: Connection, query: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]


def _elsewhere(pairs: Sequence[tuple[str, ...]], places: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each of the pairs with another second than its own: each place in turn."""
    found: list[tuple[str, ...]] = []
    for position, (one, own) in enumerate(pairs):
        others = [place for (place,) in places if place != own]
        found.append((one, others[position % len(others)]))
    return found


def _put(connection: Connection, clients: Iterable[tuple[str, ...]], accounts: Iterable[tuple[str, ...]]) -> None:
    joins = text("update client set group_id = :group_id where client_id = :client_id")
    connection.execute(joins, [{"client_id": client, "group_id": group} for client, group in clients])
    goes = text("update account set client_id = :client_id where account_id = :account_id")
    connection.execute(goes, [{"account_id": account, "client_id": owner} for account, owner in accounts])
