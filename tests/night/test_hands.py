"""How many statements of a night are at work at once."""

import pytest

from nightdesk.night.hands import hands_of
from nightdesk.settings import Settings


@pytest.mark.parametrize(
    ("threads", "memory_limit", "clients", "hands"),
    [
        (2, "640MB", 10_000, 2),
        (2, "640MB", 10_001, 1),
        (1, "64GB", 10, 1),
        (8, "640MB", 10, 2),
        (8, "900MB", 10, 3),
        (8, "899.9MB", 10, 2),
        (8, "64 GB", 10, 8),
        (8, "1GiB", 10, 3),
        (8, "1.2TB", 10, 8),
        (8, "299000KB", 10, 1),
    ],
)
def test_given_threads_and_memory_then_each_statement_at_work_has_room_and_a_large_bank_s_has_all(
    threads: int, memory_limit: str, clients: int, hands: int
) -> None:
    assert hands_of(Settings(threads=threads, memory_limit=memory_limit), clients) == hands
